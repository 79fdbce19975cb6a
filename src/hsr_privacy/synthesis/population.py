"""Where people live, how old they are, and which hospitals are near: real tables, no real person."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.configs import shipped

Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Residents:
    """A draw from the population.

    Attributes:
        age: whole years.
        sex: 1 man, 2 woman.
        group: number of the municipality, in its borders of 2024.
    """

    age: Int64s
    sex: Int64s
    group: Int64s


@dataclass(frozen=True)
class Places:
    """The country.

    Attributes:
        name: per municipality (borders of 2024), its code of 2024.
        codes: per municipality (borders of 2024) and year, its codes valid in that year.
        region: per municipality, the number of its health region.
        centrality: per municipality, 1 (most central) to 6, by its population.
        hospitals: per health region, organisation numbers of hospitals and of their trusts.
        amk: per health region, its AMK centrals.
    """

    name: list[str]
    codes: Mapping[int, list[list[str]]]
    region: Int64s
    centrality: Int64s
    hospitals: tuple[list[tuple[str, str]], ...]
    amk: tuple[list[str], ...]


class Country:
    """The population of Norway on 1 January 2022, and its hospitals.

    Source: Statistics Norway table 07459 (CC BY 4.0); hospitals from Enhetsregisteret.
    """

    def __init__(
        self, first_year: int, last_year: int, *, divided: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Read the shipped tables.

        Args:
            first_year: whose municipality codes are needed.
            last_year: included.
            divided: municipalities of 2024, and the codes of those that went into them in part.
        """
        with gzip.open(shipped("synthetic", "population-2022.csv.gz")) as file:
            people = pl.read_csv(
                file.read(), separator=";", schema_overrides={"municipality": pl.String}
            )
        municipalities = _table("municipality")
        now = dict(municipalities.select("municipality", "municipality 2024").iter_rows())
        groups = sorted({now[code] for code in people["municipality"].unique()})
        number = {code: place for place, code in enumerate(groups)}
        self._persons = people["persons"].to_numpy().astype(np.float64)
        self._age = people["age"].to_numpy().astype(np.int64)
        self._sex = people["sex"].to_numpy().astype(np.int64)
        self._group = np.array([number[now[code]] for code in people["municipality"]])
        size = np.bincount(self._group, weights=self._persons)
        regions = sorted(municipalities["health region"].drop_nulls().unique())
        regions = [name for name in regions if name.startswith("Helse")]
        home = dict(municipalities.select("municipality 2024", "health region").iter_rows())
        self.places = Places(
            name=groups,
            codes=_codes(municipalities, groups, range(first_year, last_year + 1), divided),
            region=np.array([regions.index(home[code]) for code in groups]),
            centrality=6 - np.searchsorted([3e3, 1e4, 3e4, 7e4, 2e5], size),
            hospitals=tuple(_hospitals(name) for name in regions),
            amk=tuple(_amk(name) for name in regions),
        )

    def draw(
        self, size: int, *, man: float, year_of_age: float, rng: np.random.Generator
    ) -> Residents:
        """Draw people in proportion to how many they are and how likely an arrest is.

        Args:
            size: how many.
            man: share of men.
            year_of_age: odds of an arrest per year of age.
            rng: where all randomness comes from.
        """
        risk = self._persons * year_of_age ** np.minimum(self._age, 95)
        for sex, share in ((1, man), (2, 1 - man)):
            mine = self._sex == sex
            risk[mine] *= share / risk[mine].sum()
        chosen = np.searchsorted(np.cumsum(risk) / risk.sum(), rng.random(size))
        chosen = np.minimum(chosen, len(risk) - 1)
        return Residents(self._age[chosen], self._sex[chosen], self._group[chosen])


def _table(name: str) -> pl.DataFrame:
    path = shipped("configs", "hierarchies") / f"{name}.csv"
    # An empty cell may stand in quotes; it says no more for that.
    return pl.read_csv(path, separator=";", infer_schema=False).with_columns(
        pl.all().replace("", None)
    )


def _codes(
    municipalities: pl.DataFrame,
    groups: list[str],
    years: range,
    divided: Mapping[str, tuple[str, ...]],
) -> dict[int, list[list[str]]]:
    codes: dict[int, list[list[str]]] = {}
    for year in years:
        first, last = f"{year}-01-01", f"{year}-12-31"
        valid = municipalities.filter(
            (pl.col("valid from").fill_null("") <= first)
            & (pl.col("valid to").fill_null("9999") >= last)
            & pl.col("municipality").str.contains("^[0-9]{4}$")
        )
        of_group: dict[str, list[str]] = {}
        for code, group in valid.select("municipality", "municipality 2024").iter_rows():
            of_group.setdefault(group, []).append(code)
        known = set(valid["municipality"])
        for group, parts in divided.items():
            of_group.setdefault(group, []).extend(known & set(parts))
        codes[year] = [sorted(of_group[group]) for group in groups]
    return codes


def _hospitals(region: str) -> list[tuple[str, str]]:
    table = _table("hospital").filter(pl.col("health region") == region)
    return sorted(table.select("hospital", "trust number").iter_rows())


def _amk(region: str) -> list[str]:
    return sorted(_table("amk_centre").filter(pl.col("health region") == region)["centre"])
