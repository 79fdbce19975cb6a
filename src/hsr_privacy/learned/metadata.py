"""Metadata: what SDV is told of a table, made from the codebook and never detected from rows.

SDV's own detection writes the smallest and largest values and the texts that it saw into the
metadata. Here stand names and kinds only, so that metadata can be kept, printed and sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hsr_privacy.learned.plain import Field

EVENTS: Final = "events"
PERSONS: Final = "persons"
KEY: Final = "person"
"""The column that links the two tables; a number that means nothing."""


def one_table(fields: Sequence[Field]) -> dict[str, Any]:
    """Metadata of one table of events."""
    return {
        "METADATA_SPEC_VERSION": "V1",
        "tables": {EVENTS: {"columns": _columns(fields)}},
        "relationships": [],
    }


def two_tables(persons: Sequence[Field], events: Sequence[Field]) -> dict[str, Any]:
    """Metadata of persons and their events."""
    key = {KEY: {"sdtype": "id"}}
    return {
        "METADATA_SPEC_VERSION": "V1",
        "tables": {
            PERSONS: {"primary_key": KEY, "columns": key | _columns(persons)},
            EVENTS: {"columns": key | _columns(events)},
        },
        "relationships": [
            {
                "parent_table_name": PERSONS,
                "child_table_name": EVENTS,
                "parent_primary_key": KEY,
                "child_foreign_key": KEY,
            }
        ],
    }


def _columns(fields: Sequence[Field]) -> dict[str, dict[str, str]]:
    return {
        field.name: {"sdtype": "categorical" if field.is_category else "numerical"}
        for field in fields
    }
