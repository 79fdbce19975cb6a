"""Places: whether a municipality is one on the day, and a hospital one that is known (R27, R28)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import narwhals as nw
import polars as pl

from hsr_privacy.configs import shipped
from hsr_privacy.frames import Frame, join_mapping
from hsr_privacy.rules.clause import Clause, Logic, Parameters, days, present
from hsr_privacy.rules.model import DAY

_FIRST, _LAST, _PARENTS = "__first {}", "__last {}", "__parents {}"
_MUNICIPALITIES: Final = ("hendelseskommune", "bostedskommune")
_ENTERPRISES: Final = {
    "sykehus": ("hospital.csv", "hospital", ("trust number", "health region")),
    "amb_hf": ("trust.csv", "health trust", ("health region",)),
}


def add_places(frame: Frame, held: Collection[str]) -> Frame:
    """Add from which day to which a code of a municipality is valid, and an enterprise's parents.

    Args:
        frame: the rows.
        held: columns that hold what the codebook says.
    """
    folder = shipped("configs", "hierarchies")
    for name in _MUNICIPALITIES:
        if name in held:
            frame = join_mapping(frame, [name], _validity(folder / "municipality.csv", name))
    for name, (file, key, parents) in _ENTERPRISES.items():
        if name in held:
            frame = join_mapping(frame, [name], _parents(folder / file, key, parents, name))
    return frame


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, separator=";", infer_schema=False)


def _validity(path: Path, name: str) -> pl.DataFrame:
    """First and last day of each code, as days since 1970; an open end is far away."""
    table = _read(path)
    ends = ((_FIRST, "valid from", -(10**6)), (_LAST, "valid to", 10**6))
    return table.select(
        pl.col("municipality").alias(name),
        *(
            pl.col(column)
            .replace("", None)
            .str.to_date("%Y-%m-%d")
            .dt.epoch("d")
            .fill_null(far)
            .cast(pl.Int32)
            .alias(into.format(name))
            for into, column, far in ends
        ),
    )


def _parents(path: Path, key: str, parents: tuple[str, ...], name: str) -> pl.DataFrame:
    """How many trusts and health regions each enterprise stands under; one is right."""
    return (
        _read(path)
        .group_by(pl.col(key).alias(name))
        .agg(pl.struct(parents).n_unique().cast(pl.Int32).alias(_PARENTS.format(name)))
    )


def _municipality(p: Parameters) -> tuple[Clause, ...]:
    """Where it happened, on the day; where the patient lives, at any time.

    The register has one municipality of residence per person, and not from which day to which.
    """
    event, home = _MUNICIPALITIES
    first, last = nw.col(_FIRST.format(event)), nw.col(_LAST.format(event))
    day, grace = nw.col(days(DAY)), p["clock_days"]
    return (
        Clause((event, DAY), present(event, DAY), (day + grace < first) | (day - grace > last)),
        Clause((event,), present(event), first.is_null()),
        Clause((home,), present(home), nw.col(_FIRST.format(home)).is_null()),
    )


def _enterprise(_: Parameters) -> tuple[Clause, ...]:
    found = {name: nw.col(_PARENTS.format(name)) for name in _ENTERPRISES}
    return tuple(
        Clause((name,), present(name), parents.is_null() | (parents != 1))
        for name, parents in found.items()
    )


LOGIC: Final = {
    "R27": Logic(_municipality, ("clock_days",)),
    "R28": Logic(_enterprise),
}
