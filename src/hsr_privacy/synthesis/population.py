"""Where people live, how old they are, and which hospital is theirs: real tables, no real person."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.configs import shipped

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

_OLDEST = 95
"""Beyond this age the chance of an arrest grows no more."""

_GOLDEN = 0.618033988749895
_AROUND_METRES = 4000


@dataclass(frozen=True)
class Residents:
    """A draw from the population.

    Attributes:
        age: whole years.
        sex: 1 man, 2 woman.
        area: number of the area in which they live.
    """

    age: Int64s
    sex: Int64s
    area: Int64s


@dataclass(frozen=True)
class Places:
    """The country: municipalities, and areas, each with the hospital that receives its patients.

    An area is a municipality (borders of 2024), or the part of a large one that belongs to one of
    its hospitals.

    Attributes:
        name: per municipality, its code of 2024.
        codes: per year and municipality, its codes valid in that year.
        centrality: per municipality, 1 (most central) to 6, by its population.
        group: per area, the number of its municipality.
        hospital: per area, the number in ``hospitals``.
        trust: per area, the number in ``trusts`` of the health trust whose ambulances drive there.
        centre: per area, its AMK central.
        share: per area, its share of the country's arrests, by how many live there and how old.
        persons: per area, the people who live there.
        hospitals: organization numbers of hospitals.
        trusts: organization numbers of health trusts.
    """

    name: list[str]
    codes: Mapping[int, list[list[str]]]
    centrality: Int64s
    group: Int64s
    hospital: Int64s
    trust: Int64s
    centre: NDArray[np.str_]
    share: Floats
    persons: Floats
    hospitals: NDArray[np.str_]
    trusts: NDArray[np.str_]

    def coordinates(
        self,
        area: Int64s,
        *,
        boxes: Mapping[str, tuple[float, float, float, float]],
        rng: np.random.Generator,
    ) -> tuple[Floats, Floats]:
        """Somewhere in each area: metres east and north of UTM zone 33, shape (n,) each.

        Each municipality has a place of its own within its county's box, and its addresses lie
        around it; where it really is, nothing here knows.

        Args:
            area: numbers of areas, shape (n,).
            boxes: per county (two digits of 2024), its west, south, east and north.
            rng: where all randomness comes from.
        """
        box = np.array([boxes[code[:2]] for code in self.name])
        number = np.arange(len(box))
        across, along = number * _GOLDEN % 1, number * _GOLDEN**2 % 1
        east = box[:, 0] + across * (box[:, 2] - box[:, 0])
        north = box[:, 1] + along * (box[:, 3] - box[:, 1])
        group = self.group[area]
        around = rng.normal(0, _AROUND_METRES, (2, len(area)))
        return east[group] + around[0], north[group] + around[1]


class Country:
    """The population of Norway on 1 January 2022, and its hospitals.

    Source: Statistics Norway table 07459 (CC BY 4.0); hospitals from Enhetsregisteret; which
    hospital is whose, configs/hierarchies/catchment.csv.
    """

    def __init__(
        self,
        first_year: int,
        last_year: int,
        *,
        divided: Mapping[str, tuple[str, ...]],
        year_of_age: float,
    ) -> None:
        """Read the shipped tables.

        Args:
            first_year: whose municipality codes are needed.
            last_year: included.
            divided: municipalities of 2024, and the codes of those that went into them in part.
            year_of_age: odds of an arrest per year of age.
        """
        with gzip.open(shipped("configs", "population", "norway-2022.csv.gz")) as file:
            people = pl.read_csv(
                file.read(), separator=";", schema_overrides={"municipality": pl.String}
            )
        municipalities = _table("municipality")
        now = municipalities.select("municipality", "municipality 2024").unique()
        people = people.join(now, on="municipality").select(
            pl.col("municipality 2024").alias("municipality"), "sex", "age", "persons"
        )
        areas = (
            _table("catchment")
            .with_columns(pl.col("share").cast(pl.Float64))
            # A municipality that was divided again since the count has its people in the other part.
            .join(people, on="municipality", how="semi")
            .sort("municipality", "hospital")
            .with_row_index("area")
        )
        cells = (
            people.group_by("municipality", "sex", "age")
            .agg(pl.col("persons").sum())
            .join(areas, on="municipality")
            .with_columns(pl.col("persons") * pl.col("share"))
            .sort("area", "sex", "age")
        )
        self._age = cells["age"].to_numpy().astype(np.int64)
        self._sex = cells["sex"].to_numpy().astype(np.int64)
        self._area = cells["area"].to_numpy().astype(np.int64)
        persons = cells["persons"].to_numpy()
        self._risk = persons * year_of_age ** np.minimum(self._age, _OLDEST)
        living = np.bincount(self._area, weights=persons).astype(np.float64)
        risk = np.bincount(self._area, weights=self._risk)
        names = areas["municipality"].unique().sort().to_list()
        group = areas["municipality"].replace_strict(names, range(len(names))).to_numpy()
        hospitals, hospital = np.unique(
            areas["hospital"].to_numpy().astype("U9"), return_inverse=True
        )
        trusts, trust = np.unique(areas["trust"].to_numpy().astype("U9"), return_inverse=True)
        size = np.bincount(group, weights=living)
        self.places = Places(
            name=names,
            codes=_codes(municipalities, names, range(first_year, last_year + 1), divided),
            centrality=6 - np.searchsorted([3e3, 1e4, 3e4, 7e4, 2e5], size),
            group=group.astype(np.int64),
            hospital=hospital.astype(np.int64),
            trust=trust.astype(np.int64),
            centre=areas["centre"].to_numpy().astype("U24"),
            share=risk / risk.sum(),
            persons=living,
            hospitals=hospitals,
            trusts=trusts,
        )

    def draw(self, size: int, *, told: Floats, man: float, rng: np.random.Generator) -> Residents:
        """Draw people in proportion to how many they are and how likely an arrest is.

        Args:
            size: how many.
            told: per area, the share of its arrests that reach the register.
            man: share of men.
            rng: where all randomness comes from.
        """
        risk = self._risk * told[self._area]
        for sex, share in ((1, man), (2, 1 - man)):
            mine = self._sex == sex
            risk[mine] *= share / risk[mine].sum()
        chosen = drawn(risk, size, rng)
        return Residents(self._age[chosen], self._sex[chosen], self._area[chosen])


def drawn(weights: Floats, size: int, rng: np.random.Generator) -> Int64s:
    """Numbers of things, each as often as its weight says."""
    total = np.cumsum(weights)
    chosen = np.searchsorted(total / total[-1], rng.random(size), side="right")
    return np.minimum(chosen, len(weights) - 1)


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
