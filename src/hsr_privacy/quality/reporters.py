"""Reporters: which health trust each delivered row comes from, and so whom a finding goes back to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.configs import shipped

CENTRES: Final = MappingProxyType({
    "AMK Kirkenes": "983974880",
    "AMK Tromsø": "983974899",
    "AMK Bodø": "983974910",
    "AMK Sandnessjøen": "983974929",
    "AMK Midt-Norge": "883974832",
    "AMK Møre og Romsdal": "997005562",
    "AMK Førde": "983974732",
    "AMK Bergen": "983974724",
    "AMK Haugesund": "983974694",
    "AMK Stavanger": "983974678",
    "AMK Sørlandet": "983975240",
    "AMK Vestfold-Telemark": "983975259",
    "AMK Vestre Viken": "894166762",
    "AMK Oslo": "993467049",
    "AMK Østfold": "983971768",
    "AMK Innlandet": "983971709",
})  # fmt: skip
"""Per dispatch centre, the organization number of the health trust that runs it.

Source: the trusts' own pages on their centres; several trusts may be served by one centre.
"""


@dataclass(frozen=True)
class Trust:
    """A health trust, or a private owner of hospitals.

    Attributes:
        number: organization number.
        name: as the register's lists have it.
        region: regional health authority.
    """

    number: str
    name: str
    region: str


@cache
def trusts() -> MappingProxyType[str, Trust]:
    """Every trust by its organization number."""
    table = _read("trust.csv")
    return MappingProxyType({
        number: Trust(number, name, region)
        for number, region, name in table.select(
            "health trust", "health region", "name"
        ).iter_rows()
    })  # fmt: skip


def reported_by(table: pl.DataFrame, form: Source) -> pl.Series:
    """Per row the organization number of the trust that it comes from; missing where it is not told.

    Rows on persons come from the register itself, and from no trust.
    """
    nobody = pl.Series("trust", [None] * table.height, dtype=pl.String)
    if form is Source.REGISTER:
        return nobody
    column, owners = {
        Source.AMK: ("amk_sentral", {name.lower(): number for name, number in CENTRES.items()}),
        Source.AMBULANCE: ("amb_hf", {number: number for number in trusts()}),
        Source.HOSPITAL: ("sykehus", dict(_hospitals())),
    }[form]
    said = table[column].str.to_lowercase()
    return said.replace_strict(owners, default=None, return_dtype=pl.String).alias("trust")


def _hospitals() -> Iterator[tuple[str, str]]:
    yield from _read("hospital.csv").select("hospital", "trust number").iter_rows()


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(shipped("configs", "hierarchies") / name, separator=";", infer_schema=False)
