"""Filling: how much of each variable was told, by whom; the register's own idea of completeness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Source, Type

_NOT_APPLICABLE, _UNKNOWN = 888, 999

SCHEMA: Final = {
    "form": pl.String(),
    "variable": pl.String(),
    "trust": pl.String(),
    "rows": pl.Int64(),
    "filled": pl.Int64(),
    "unknown": pl.Int64(),
    "not_applicable": pl.Int64(),
}
"""One line per form, variable and trust. ``filled`` has an answer; ``unknown`` (999) and
``not_applicable`` (888) are told as such; the rest is empty."""


def count_filled(
    tables: Mapping[Source, pl.DataFrame],
    places: Mapping[Source, pl.DataFrame],
    *,
    codebook: Codebook,
) -> pl.DataFrame:
    """Count what is told, per form, variable and trust.

    Args:
        tables: all forms, typed; a wrong cell is missing and so not filled.
        places: trust of each row.
        codebook: says which variables have codes.
    """
    parts = [pl.DataFrame(schema=SCHEMA)]
    for form, table in tables.items():
        if not table.height:
            continue
        rows = table.with_columns(places[form]["trust"])
        parts += [_counted(rows, form, v.name, codebook) for v in codebook.delivered_by(form)]
    return pl.concat(parts)


def _counted(rows: pl.DataFrame, form: Source, name: str, codebook: Codebook) -> pl.DataFrame:
    cell = pl.col(name)
    of_codes = codebook[name].type in (Type.CODE, Type.INTEGER, Type.DECIMAL)
    is_coded = codebook[name].type is Type.CODE or bool(codebook[name].missing)

    def of(code: int) -> pl.Expr:
        told = (cell == code) if of_codes and is_coded else pl.lit(value=False)
        return told.fill_null(value=False).sum().cast(pl.Int64)

    told = rows.group_by("trust").agg(
        pl.len().cast(pl.Int64).alias("rows"),
        cell.is_not_null().sum().cast(pl.Int64).alias("told"),
        of(_UNKNOWN).alias("unknown"),
        of(_NOT_APPLICABLE).alias("not_applicable"),
    )
    return told.select(
        pl.lit(str(form)).alias("form"),
        pl.lit(name).alias("variable"),
        "trust",
        "rows",
        (pl.col("told") - pl.col("unknown") - pl.col("not_applicable")).alias("filled"),
        "unknown",
        "not_applicable",
    ).sort("trust")
