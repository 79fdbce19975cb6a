"""Tabulate: from the rows of an extract, and of its population, to the frequency table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from hsr_privacy.anonymity.encoding import (
    EncodedColumn,
    encode,
    leaf_texts,
    with_leaves,
    without_clock,
)
from hsr_privacy.anonymity.plan import PrivacyPlan, population_columns
from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import (
    PERSONS,
    ROWS,
    Frame,
    as_frame,
    class_counts,
    distinct_values,
    persons_in_several_classes,
    to_polars,
)
from hsr_privacy.frequencies import FrequencyTable, Repeats, SensitiveHistogram
from hsr_privacy.models.size import POPULATION

_COUNT: Final = "__count"


@dataclass(frozen=True, eq=False)
class Tabulated:
    """A frequency table, and the way back from its classes to the rows.

    Attributes:
        frame: the rows, with the leaf of every quasi-identifier beside them.
        columns: the quasi-identifiers.
        classes: the leaves of the classes that rows stand in; in the order of the table, whose
            further classes only the population has.
        table: the frequency table.
    """

    frame: Frame
    columns: Mapping[str, EncodedColumn]
    classes: pl.DataFrame
    table: FrequencyTable


def tabulate(extract: Extract, plan: PrivacyPlan) -> Tabulated:
    """Count the rows and persons of every combination, in one group-by.

    Raises:
        DataError: a column or level does not exist, or a value has no place in its hierarchy.
    """
    frame = without_clock(extract.frame, [*plan.hierarchies, *plan.sensitive])
    population = None if plan.population is None else as_frame(plan.population.frame)
    known: tuple[str, ...] = ()
    beyond: dict[str, list[str | None]] = {}
    if population is not None:
        known = tuple(population_columns(plan, population))
        beyond = {name: leaf_texts(distinct_values(population, name)) for name in known}
    columns = {
        name: encode(frame, name, hierarchy, plan.floors.get(name, 0), also=beyond.get(name, ()))
        for name, hierarchy in plan.hierarchies.items()
    }
    secrets = {
        name: encode(frame, name, one.hierarchy, one.level) for name, one in plan.sensitive.items()
    }
    frame = with_leaves(frame, columns | secrets)
    codes = [column.code for column in columns.values()]
    classes = class_counts(frame, codes, person=extract.person)
    repeats = None
    if extract.person is not None:
        several = persons_in_several_classes(frame, codes, person=extract.person)
        numbered = several.join(classes.select(codes).with_row_index("class"), on=codes)
        repeats = Repeats(numbered["person"].to_numpy(), numbered["class"].to_numpy())
    histograms = {
        name: _histogram(frame, codes, classes, name, secrets.get(name))
        for name in plan.sensitive_columns
    }
    table = FrequencyTable.of_codes(
        tuple(column.table for column in columns.values()),
        codes=classes.select(codes).to_numpy().astype(np.int32),
        rows=classes[ROWS].to_numpy(),
        persons=classes[PERSONS].to_numpy(),
        repeats=repeats,
        sensitive=histograms,
        names=tuple(columns),
    )
    if population is not None:
        held = {name: columns[name] for name in known}
        count = plan.population.count if plan.population is not None else None
        table = _with_population(
            table, classes.select(codes), codes, _counted(population, held, count)
        )
    return Tabulated(frame, columns, classes.select(codes), table)


def _histogram(
    frame: Frame,
    codes: list[str],
    classes: pl.DataFrame,
    column: str,
    encoded: EncodedColumn | None,
) -> SensitiveHistogram:
    """How often each value, or each node of the level that counts, stands in each class."""
    name = column if encoded is None else encoded.code
    counted = class_counts(frame, codes, sensitive=name)
    numbered = counted.join(classes.select(codes).with_row_index("class"), on=codes)
    values = numbered[name] if encoded is not None else _ranked(leaf_texts(numbered[name]))
    hierarchy = None if encoded is None else encoded.table
    return SensitiveHistogram(
        numbered["class"].to_numpy(), values.to_numpy(), numbered[ROWS].to_numpy(), hierarchy
    )


def _ranked(texts: list[str | None]) -> pl.Series:
    """Values numbered in their order: numbers by size, else texts by their letters; missing first."""
    values = pl.Series(texts, dtype=pl.String)
    numbers = values.cast(pl.Float64, strict=False)
    if numbers.null_count() == values.null_count():
        both = pl.DataFrame({"number": numbers, "text": values})  # 1 and 1.0 stay two values
        return both.select(pl.struct("number", "text").rank("dense")).to_series().fill_null(0)
    return values.rank("dense").fill_null(0)


def _counted(
    population: Frame, columns: Mapping[str, EncodedColumn], count: str | None
) -> pl.DataFrame:
    """Persons of the population per combination of the leaves of the columns that it knows."""
    population = without_clock(population, list(columns))
    wanted = [nw.col(name) for name in columns]
    if count is None:
        grouped = population.group_by(list(columns)).agg(nw.len().alias(_COUNT))
    else:
        grouped = population.select(*wanted, nw.col(count).alias(_COUNT))
    table = to_polars(grouped)
    persons = table[_COUNT].cast(pl.Float64, strict=False)
    if persons.null_count() or (persons < 0).any() or (persons != persons.floor()).any():
        raise DataError(
            f"the population's counts '{count}' must be whole numbers of persons, 0 or more, in "
            "every row"
        )
    leaves = {
        name: pl.Series(
            [column.leaf_of(text) for text in leaf_texts(table[name])], dtype=pl.Int32
        ).alias(column.code)
        for name, column in columns.items()
    }
    codes = [column.code for column in columns.values()]
    return (
        pl.DataFrame([*leaves.values(), persons.cast(pl.Int64).alias(_COUNT)])
        .group_by(codes)
        .agg(pl.col(_COUNT).sum())
        .sort(codes)
    )


def _with_population(
    table: FrequencyTable, classes: pl.DataFrame, codes: list[str], persons: pl.DataFrame
) -> FrequencyTable:
    """The table with the persons of the population as a measure of its classes.

    Combinations that only the population has become classes without rows; in columns that the
    population does not know they stand on the first leaf, which the models do not look at.
    """
    known = [code for code in codes if code in persons.columns]
    whole = len(known) == len(codes)
    inside = np.zeros(len(classes), np.int64)
    if whole:
        joined = classes.join(persons, on=codes, how="left", maintain_order="left")
        inside = joined[_COUNT].fill_null(0).to_numpy()
        persons = persons.join(classes, on=codes, how="anti")
    rest = persons.with_columns(
        pl.lit(0, pl.Int32).alias(code) for code in codes if code not in known
    )
    more = rest.select(codes).to_numpy().astype(np.int32)
    nothing = np.zeros(len(more), np.int64)
    return FrequencyTable.of_codes(
        table.hierarchies,
        codes=np.concatenate([table.codes, more]),
        rows=np.concatenate([table.rows, nothing]),
        persons=np.concatenate([table.persons, nothing]),
        repeats=table.repeats,
        sensitive=table.sensitive,
        names=table.names,
        measures={POPULATION: np.concatenate([inside, rest[_COUNT].to_numpy()])},
    )
