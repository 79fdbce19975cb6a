"""The population: how many persons of it share what a table says of somebody (k-map)."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.configs import shipped
from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.risk.attacks import attack, size_bins
from hsr_privacy.risk.counting import Counted, texts_of
from hsr_privacy.risk.report import AttackRisk, SizeBin
from hsr_privacy.tables import read_table

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]

NORWAY: Final[Mapping[str, str]] = {
    "bostedskommune": "municipality",
    "alder": "age",
    "kjonn": "sex",
}
"""Per column of the register, the shipped population's column that says the same."""

_PERSONS: Final = "__persons"


@dataclass(frozen=True, eq=False)
class PopulationTable:
    """Persons of a population, by what is known of everybody.

    Attributes:
        counts: columns that are named like those of the table to be measured, in full detail, and
            the persons of each combination.
        count: the column with the persons.
        source: what the table is called in reports.
    """

    counts: pl.DataFrame = field(repr=False)
    count: str
    source: str

    def __post_init__(self) -> None:
        """Check that there are whole numbers of persons.

        Raises:
            DataError: there is no such column, or something else in it.
        """
        if self.count not in self.counts.columns:
            raise DataError(f"the population table has no column '{self.count}' with its counts")
        persons = self.counts[self.count].cast(pl.Float64, strict=False)
        if persons.null_count() or (persons < 0).any() or (persons != persons.floor()).any():
            raise DataError(
                f"the population's counts '{self.count}' must be whole numbers of persons, 0 or "
                "more, in every row"
            )

    @property
    def persons(self) -> Int64s:
        """int64, persons of every row."""
        persons = self.counts[self.count].cast(pl.Float64).cast(pl.Int64)
        return persons.to_numpy().astype(np.int64)


def load_population(
    path: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    count: str = "persons",
) -> PopulationTable:
    """Read a population; that of Norway on 1 January 2022 if no file is named.

    Args:
        path: CSV or Parquet file with a column of counts.
        columns: per column of the table to be measured, the file's column that says the same; the
            register's names for the shipped one, and equal names for another, if left out.
        count: the file's column with the persons.

    Raises:
        DataError: no such file or column, or counts that are none.
    """
    if path is None:
        shipped_file = shipped("configs", "population", "norway-2022.csv.gz")
        with gzip.open(shipped_file) as file:
            table = pl.read_csv(file.read(), separator=";", infer_schema=False)
        source, columns = "Statistics Norway, table 07459, 1 January 2022", columns or NORWAY
    else:
        table, _ = read_table(path)
        source = path.name
        columns = columns or {name: name for name in table.columns if name != count}
    missing = [name for name in (*columns.values(), count) if name not in table.columns]
    if missing:
        raise DataError(f"the population table has no column '{missing[0]}'; look at its heading")
    named = [pl.col(theirs).alias(ours) for ours, theirs in columns.items()]
    return PopulationTable(table.select(*named, pl.col(count).alias(_PERSONS)), _PERSONS, source)


@dataclass(frozen=True)
class PopulationRisk:
    """How many persons of a population share what a table says of somebody.

    Attributes:
        source: of the population.
        columns: the quasi-identifiers that the population knows.
        population: persons of it.
        k: persons of the population who fit the easiest to find; never fewer than the table itself
            holds of them. 0 if the table is empty.
        k_inside: the same of those whom somebody in the population fits; None if there are none.
        sizes: the numbers who fit, in bins.
        risk: of an attacker who has the population, and does not know who is in the table.
        outside: persons of the table whom nobody in the population fits.
    """

    source: str
    columns: tuple[str, ...]
    population: int
    k: int
    k_inside: int | None
    sizes: tuple[SizeBin, ...]
    risk: AttackRisk
    outside: int

    def to_json(self) -> dict[str, Any]:
        """As plain numbers, lists and names of columns."""
        return asdict(self) | {
            "columns": list(self.columns),
            "sizes": [asdict(size) for size in self.sizes],
        }


def population_risk(
    counted: Counted,
    population: PopulationTable,
    *,
    hierarchies: Mapping[str, Hierarchy] | None = None,
    levels: Mapping[str, int] | None = None,
    threshold: float,
) -> PopulationRisk:
    """Count, for everybody in a table, who of the population fits.

    The population is generalized by the same hierarchies to the levels of the table, and compared
    in the columns that it knows. A missing or suppressed cell fits everybody, since the attacker
    cannot look it up.

    Args:
        counted: the table.
        population: of which its persons are, in full detail.
        hierarchies: per quasi-identifier that has one.
        levels: the level on which each of these stands in the table; 0 where nothing is said.
        threshold: risk (0-1) above which a person is said to be at risk.

    Raises:
        DataError: the population knows no quasi-identifier, or a value that a hierarchy does not.

    Source: Sweeney 2002, doi:10.1142/S0218488502001648 (k-map); El Emam & Dankar 2008,
    doi:10.1197/jamia.M2716.
    """
    names = counted.table.names
    known = [place for place, name in enumerate(names) if name in population.counts.columns]
    if not known:
        raise DataError(
            "the population table has none of the quasi-identifiers; give it columns of their names"
        )
    columns = tuple(names[place] for place in known)
    people = _people(counted, population, columns, hierarchies or {}, levels or {})
    classes = EquivalenceClasses.base(counted.table).project(known)
    fitting = _fitting(counted, classes, known, people)
    sizes = np.maximum(fitting, classes.persons)
    inside = sizes[fitting > 0]
    return PopulationRisk(
        population.source,
        columns,
        int(population.persons.sum()),
        int(sizes.min()) if sizes.size else 0,
        int(inside.min()) if inside.size else None,
        size_bins(sizes, classes.persons, classes.rows),
        attack(1 / sizes, classes.persons, threshold),
        int(classes.persons[fitting == 0].sum()),
    )


def _people(
    counted: Counted,
    population: PopulationTable,
    columns: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    levels: Mapping[str, int],
) -> pl.DataFrame:
    """Persons by the leaves of the table; -1 is what nobody in the table has."""
    codes = []
    for name in columns:
        series = population.counts[name]
        values = series.unique()
        texts = texts_of(values)
        told = [text for text in texts if text is not None]
        read = dict(zip(told, told, strict=True))
        if name in hierarchies:
            climbed = _climbed(name, told, hierarchies[name], levels.get(name, 0))
            read = dict(zip(told, climbed, strict=True))
        leaf_of = {text: leaf for leaf, text in enumerate(counted.texts[name]) if text is not None}
        leaves = [-1 if text is None else leaf_of.get(read[text], -1) for text in texts]
        numbers = pl.DataFrame({name: values, "leaf": pl.Series(leaves, dtype=pl.Int32)})
        found = series.to_frame().join(
            numbers, on=name, how="left", nulls_equal=True, maintain_order="left"
        )
        codes.append(found["leaf"].alias(name))
    persons = pl.Series(_PERSONS, population.persons)
    return pl.DataFrame([*codes, persons]).group_by(columns).agg(pl.col(_PERSONS).sum())


def _climbed(name: str, texts: list[str], hierarchy: Hierarchy, level: int) -> list[str]:
    """Values of the population as they read on a level."""
    if not 0 <= level < len(hierarchy.level_names):
        raise DataError(
            f"column '{name}': hierarchy '{hierarchy.name}' has no level {level}; it has 0 to "
            f"{len(hierarchy.level_names) - 1}"
        )
    stray = hierarchy.uncovered(texts)
    if stray:
        raise DataError(
            f"column '{name}': {len(stray)} distinct value(s) of the population are not in "
            f"hierarchy '{hierarchy.name}'; add them to it, or correct the population"
        )
    table = hierarchy.table(texts)
    labels, nodes = table.labels[level], table.nodes[level]
    return [str(labels[nodes[table.leaf_index[text]]]) for text in texts]


def _fitting(
    counted: Counted, classes: EquivalenceClasses, known: Sequence[int], people: pl.DataFrame
) -> Int64s:
    """Per class, the persons of the population who are equal to it where it says something."""
    names = counted.table.names
    leaves = {names[j]: counted.table.packing.column(classes.packed, j) for j in known}
    lacking = {name: counted.wild_leaves(name)[codes] for name, codes in leaves.items()}
    pattern = np.zeros(len(classes), np.int64)
    for place, name in enumerate(leaves):
        pattern |= lacking[name].astype(np.int64) << place
    fitting = np.zeros(len(classes), np.int64)
    for one in np.unique(pattern).tolist():
        here = pattern == one
        told = [name for place, name in enumerate(leaves) if not one >> place & 1]
        if not told:
            fitting[here] = people[_PERSONS].sum()
            continue
        sought = pl.DataFrame({name: leaves[name][here] for name in told})
        persons = people.group_by(told).agg(pl.col(_PERSONS).sum())
        found = sought.join(persons, on=told, how="left", maintain_order="left")
        fitting[here] = found[_PERSONS].fill_null(0).to_numpy()
    return fitting
