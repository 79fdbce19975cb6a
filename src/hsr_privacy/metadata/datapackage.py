"""The data package: the CSV of an extract in the words of Frictionless.

Source: Data Package 2.0, https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import re
from typing import Any, Final

from hsr_privacy.errors import DataError
from hsr_privacy.metadata.model import DataFile, Dataset
from hsr_privacy.metadata.table_schema import both, table_schema

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE: Final = "data/extract.csv"
"""The file whose cells the table schema describes."""

_NOT_A_NAME: Final = re.compile(r"[^a-z0-9._-]+")


def datapackage(dataset: Dataset) -> dict[str, Any]:
    """Describe the table of an extract as ``datapackage.json``, which lies beside it.

    Only the CSV is listed: whoever checks a package opens everything in it, and the others need
    programs of their own. They are in the crate.

    Returns:
        A Data Package 2.0 as JSON has it.

    Raises:
        DataError: the data set has no CSV.
    """
    tables = [one for one in dataset.payload if one.path == TABLE]
    if not tables:
        raise DataError(
            f"{TABLE}: the data set has no such file; it is what a data package describes"
        )
    return {
        "$schema": PROFILE,
        "name": _name(dataset.release_id),
        "id": dataset.identifier,
        "title": dataset.title.nb,
        "titles": both(dataset.title),
        "description": dataset.description.nb,
        "descriptions": both(dataset.description),
        "version": "1.0.0",
        "created": f"{dataset.issued.isoformat()}T00:00:00Z",
        "environment": dataset.environment,
        "keywords": [text for one in dataset.keywords for text in (one.nb, one.en)],
        "contributors": _contributors(dataset),
        "sources": [{"title": dataset.controller.name} | _path(dataset.controller.page)],
        "conditions": both(dataset.terms),
        "deleteBy": dataset.deletion.isoformat(),
        "resources": [_table(one, dataset) for one in tables],
    }


def _table(file: DataFile, dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.dictionary.name,
        "path": file.name,
        "type": "table",
        "title": file.label.nb,
        "titles": both(file.label),
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha512:{file.sha512}",
        "rows": dataset.rows,
        "dialect": {
            "delimiter": ";",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": table_schema(dataset.dictionary, decimal_comma=dataset.decimal_comma),
    }


def _contributors(dataset: Dataset) -> list[dict[str, Any]]:
    roles = (
        (dataset.controller, "publisher"),
        (dataset.access_body, "accessBody"),
        (dataset.recipient, "recipient"),
    )
    return [{"title": agent.name} | _path(agent.page) | {"roles": [role]} for agent, role in roles]


def _path(page: str | None) -> dict[str, str]:
    return {} if page is None else {"path": page}


def _name(text: str) -> str:
    return _NOT_A_NAME.sub("-", text.lower()).strip("-")
