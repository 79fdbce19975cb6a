"""Parquet: the extract with its types, and the words of the dictionary beside every column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.formats.fitting import check_fits
from hsr_privacy.tables import write_whole


def write_parquet(table: pl.DataFrame, dictionary: Dictionary, path: Path) -> None:
    """Write a table as Parquet, packed by zstd; same table and dictionary, same bytes.

    Each column has the entries ``label:nb``, ``label:en`` and, where there is one, ``description``,
    ``unit``, ``detail`` and ``note`` in both languages; ``values`` and ``missing`` are JSON lists of
    ``{"value", "nb", "en"}``. In R: ``arrow::open_dataset(...)$schema``; in Python:
    ``pyarrow.parquet.read_schema(path).field("alder").metadata``.

    Raises:
        DataError: the columns are not those of the dictionary.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_fits(table, dictionary)
    plain = table.to_arrow(compat_level=pl.CompatLevel.oldest())
    fields = [plain.schema.field(field.name).with_metadata(_about(field)) for field in dictionary]
    schema = pa.schema(fields, metadata=_in_both("title", dictionary.title))
    described = pa.Table.from_arrays(plain.columns, schema=schema)
    write_whole(path, lambda part: pq.write_table(described, part, compression="zstd"))


def _about(field: Field) -> dict[str, str]:
    told = _in_both("label", field.label)
    for name in ("description", "unit", "detail", "note"):
        label: Label | None = getattr(field, name)
        if label is not None:
            told |= _in_both(name, label)
    for name, values in (("values", field.codes), ("missing", field.missing)):
        if values:
            told[name] = json.dumps([_value(one) for one in values], ensure_ascii=False)
    return told


def _in_both(name: str, label: Label) -> dict[str, str]:
    return {f"{name}:nb": label.nb, f"{name}:en": label.en}


def _value(value: Value) -> dict[str, Any]:
    label = value.label or Label(nb=value.text, en=value.text)
    return {"value": value.text, "nb": label.nb, "en": label.en}
