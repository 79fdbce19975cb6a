"""Tables as people write them, columns parted by pipes, and what the engine makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import PrivacyModel
from hsr_privacy.models.size import POPULATION

PERSON, PERSONS = "person", "persons"


def cells(text: str) -> list[list[str]]:
    """The cells of every line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def table_of(
    text: str,
    *,
    sensitive: tuple[str, ...] = (),
    hierarchies: Mapping[str, str] | None = None,
    population: str | None = None,
) -> FrequencyTable:
    """Count a table.

    Args:
        text: a heading, and a line per row; a column ``person`` tells persons apart, and all others
            are quasi-identifiers but the sensitive ones.
        sensitive: columns.
        hierarchies: of columns, a line per value; a quasi-identifier without one goes to ``*``.
        population: the same quasi-identifiers, and a column ``persons``.
    """
    columns = _columns(text)
    people = _columns(population) if population else {}
    names = tuple(name for name in columns if name not in {PERSON, *sensitive})
    ladders = {name: _ladder(name, text) for name, text in (hierarchies or {}).items()}
    for name in names:
        if name not in ladders:
            values = dict.fromkeys([*columns[name], *people.get(name, [])])
            ladders[name] = HierarchyTable.from_rows(name, [(value, "*") for value in values])
    held = tuple(ladders[name] for name in names)
    secrets = {name: ladders[name] for name in sensitive if name in ladders}
    table = FrequencyTable.from_rows(
        held,
        _codes(held, columns),
        person=columns.get(PERSON),
        sensitive={
            name: [secrets[name].leaf_index[v] for v in columns[name]]
            if name in secrets
            else columns[name]
            for name in sensitive
        },
        sensitive_hierarchies=secrets,
    )
    if not people:
        return table
    return with_population(
        table, _codes(held, people).tolist(), [int(number) for number in people[PERSONS]]
    )


def with_population(
    table: FrequencyTable,
    leaves: Sequence[Sequence[int]],
    persons: Sequence[int],
    *,
    apart: bool = False,
) -> FrequencyTable:
    """A table with the persons of a population as a measure of its classes.

    Args:
        table: without.
        leaves: of the population's combinations.
        persons: of each.
        apart: whether they are classes of their own, also where the table has the combination.
    """
    codes = [tuple(one) for one in table.codes.tolist()]
    counts = [0] * len(codes)
    for combination, number in zip(map(tuple, leaves), persons, strict=True):
        if apart or combination not in codes:
            codes.append(combination)
            counts.append(number)
        else:
            counts[codes.index(combination)] += number
    nothing = np.zeros(len(codes) - table.classes, np.int64)
    return FrequencyTable.of_codes(
        table.hierarchies,
        codes=codes,
        rows=np.concatenate([table.rows, nothing]),
        persons=np.concatenate([table.persons, nothing]),
        repeats=table.repeats,
        sensitive=table.sensitive,
        measures={POPULATION: np.array(counts)},
    )


def classes_of(table: FrequencyTable) -> EquivalenceClasses:
    """The classes of the table as it stands."""
    return EquivalenceClasses.base(table)


def said(
    model: PrivacyModel, classes: EquivalenceClasses, released: Iterable[str] | None = None
) -> dict[str, bool]:
    """What a model says of each class, by its values."""
    names = keys(classes)
    return dict(
        zip(names, model.satisfied(classes, chosen(classes, released)).tolist(), strict=True)
    )


def reached(
    model: PrivacyModel, classes: EquivalenceClasses, released: Iterable[str] | None = None
) -> float:
    """The worst class."""
    return model.reached(classes, chosen(classes, released))


def chosen(classes: EquivalenceClasses, released: Iterable[str] | None) -> NDArray[np.bool_]:
    """Per class, whether it is released; all are if none is named."""
    names = keys(classes)
    wanted = set(names if released is None else released)
    return np.array([name in wanted for name in names])


def keys(classes: EquivalenceClasses) -> list[str]:
    """The values of each class, with blanks between; of a merged class, those of one of them."""
    table = classes.table
    columns: list[Any] = []
    for j, hierarchy in enumerate(table.hierarchies):
        leaves = table.packing.column(classes.packed, j)
        columns.append([str(hierarchy.values[leaf]) for leaf in leaves])
    return [" ".join(values) for values in zip(*columns, strict=True)]


def _columns(text: str) -> dict[str, list[str]]:
    heading, *rows = cells(text)
    return {name: [row[j] for row in rows] for j, name in enumerate(heading)}


def _ladder(name: str, text: str) -> HierarchyTable:
    return HierarchyTable.from_rows(name, cells(text))


def _codes(
    hierarchies: tuple[HierarchyTable, ...], columns: Mapping[str, list[str]]
) -> NDArray[np.int64]:
    """Leaves; a column that is not there stands on its first leaf."""
    size = len(next(iter(columns.values())))
    leaves = [
        [one.leaf_index[value] for value in columns[one.name]]
        if one.name in columns
        else [0] * size
        for one in hierarchies
    ]
    return np.array(leaves, np.int64).T
