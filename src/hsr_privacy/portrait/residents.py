"""Residents: how many people live where, to say how often something happens."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Final

import polars as pl

from hsr_privacy.configs import shipped

AREA: Final = ("municipality", "county", "region", "trust", "hospital")
"""What an area belongs to: municipality of 2024, county, health region, trust, hospital."""


@dataclass(frozen=True)
class Residents:
    """The people of Norway on 1 January 2022, by area.

    Attributes:
        areas: one row per municipality and hospital of its residents: the columns of `AREA`, and
            ``persons``.
        trusts: organization number -> name, of the trusts whose ambulances serve somebody.
        municipality_now: code of any year -> code of 2024.

    Source: Statistics Norway table 07459 (CC BY 4.0); configs/hierarchies.
    """

    areas: pl.DataFrame
    trusts: dict[str, str]
    municipality_now: dict[str, str]

    @property
    def persons(self) -> float:
        """All of them."""
        return float(self.areas["persons"].sum())

    def of(self, column: str) -> dict[str, float]:
        """Persons by one of the columns of `AREA`."""
        counted = self.areas.group_by(column).agg(pl.col("persons").sum()).sort(column)
        return dict(counted.iter_rows())


def load_residents() -> Residents:
    """Read the shipped tables.

    Raises:
        ConfigError: the installation lacks one.
    """
    with gzip.open(shipped("configs", "population", "norway-2022.csv.gz")) as file:
        people = pl.read_csv(
            file.read(), separator=";", schema_overrides={"municipality": pl.String}
        )
    municipalities = _table("municipality")
    now = municipalities.select("municipality", "municipality 2024").unique()
    known = municipalities.select(
        pl.col("municipality 2024").alias("municipality"), "county", pl.col("health region")
    ).unique("municipality", maintain_order=True)
    living = (
        people.join(now, on="municipality")
        .group_by("municipality 2024")
        .agg(pl.col("persons").sum())
    )
    areas = (
        _table("catchment")
        .join(living, left_on="municipality", right_on="municipality 2024")
        .join(known, on="municipality", how="left")
        .select(
            "municipality",
            "county",
            pl.col("health region").alias("region"),
            "trust",
            "hospital",
            pl.col("persons") * pl.col("share").cast(pl.Float64),
        )
        .sort(AREA)
    )
    names = dict(_table("trust").select("health trust", "name").iter_rows())
    trusts = {trust: names.get(trust, trust) for trust in areas["trust"].unique().sort()}
    return Residents(areas, trusts, dict(now.iter_rows()))


def _table(name: str) -> pl.DataFrame:
    path = shipped("configs", "hierarchies") / f"{name}.csv"
    return pl.read_csv(path, separator=";", infer_schema=False)
