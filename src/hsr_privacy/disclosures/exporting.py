"""The export: who has received what on which legal basis, for whoever may ask the register.

Where a package lies and who signed it is not in it.

Source: helseregisterloven § 19 h.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from hsr_privacy.disclosures.disclosure import LEFT, Disclosure
from hsr_privacy.disclosures.rows import Row, to_row

COLUMNS: Final = (
    "id",
    "case_number",
    "title",
    "environment",
    "recipient",
    "recipient_type",
    "recipient_country",
    "purpose",
    "purpose_text",
    "gdpr6",
    "gdpr9",
    "national",
    "confidentiality",
    "approvals",
    "released",
    "rows",
    "persons",
    "k",
    "state",
    "withdrawn",
    "deletion_date",
    "deleted",
    "project_end",
    "retain_until",
    "manifest_sha256",
    "statement_sha512",
    "sealed_sha512",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def exported(disclosures: Iterable[Disclosure]) -> tuple[Row, ...]:
    """Every disclosure that left the house, in `COLUMNS`."""
    return tuple(_row(one) for one in disclosures if one.state in LEFT)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows with semicolons between, which no spreadsheet takes for formulas; empty where none."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


def _row(one: Disclosure) -> Row:
    row = to_row(one) | {
        "retain_until": one.retain_until.isoformat(),
        "approvals": ", ".join(one.approvals),
    }
    return {name: row[name] for name in COLUMNS}


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
