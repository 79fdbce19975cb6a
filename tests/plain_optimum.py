"""The optimum by trying everything: plain Python, slow, and sharing no code with the engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, product
from typing import Literal

Label = str | None
Values = tuple[Label, ...]
Levels = tuple[int, ...]
Loss = Literal["additive", "entropy", "discernibility", "class-size"]

DIGITS = 50
"""Decimal digits of a logarithm."""
TINY = Fraction(1, 10**9)
"""What the models allow above a share or a distance that was asked for."""


@dataclass(frozen=True)
class PlainRow:
    """What stands in one row; the person is a number, and the secret one sensitive value."""

    values: Values
    person: int
    secret: int


@dataclass(frozen=True)
class Demand:
    """What is asked of a release.

    Attributes:
        k: persons of every class.
        l: distinct secrets of every class.
        t: largest distance of a class's secrets from those of the release, all equally far apart.
        alpha: largest share of one secret in a class.
        k_map: persons of the population in every class.
        scenario: some columns, and how many released persons share them with every released row.
        subsets: a number of columns, any of which so many released persons share with every
            released row.
        odd: that every class has an odd number of rows, which no real model asks and merging breaks.
        share: largest share of rows that may be suppressed.
        weights: of the columns; 1 each if left out.
        loss: what to minimize.
    """

    k: int = 1
    l: int = 1  # noqa: E741
    t: Fraction | None = None
    alpha: Fraction | None = None
    k_map: int = 0
    scenario: tuple[tuple[int, ...], int] | None = None
    subsets: tuple[int, int] | None = None
    odd: bool = False
    share: float = 0.0
    weights: tuple[float, ...] = ()
    loss: Loss = "additive"


@dataclass
class Group:
    """Rows that say the same."""

    rows: int = 0
    persons: set[int] = field(default_factory=set)
    secrets: Counter[int] = field(default_factory=Counter)
    population: int = 0

    @property
    def in_population(self) -> int:
        """Persons of the population, and never fewer than stand here."""
        return max(self.population, len(self.persons))


@dataclass(frozen=True)
class Optimum:
    """What is released on a node: the groups by what they say, and what it costs."""

    loss: Fraction
    additive: Fraction
    suppressed: int
    levels: Levels
    groups: Mapping[Values, Group]
    released: frozenset[Values]

    @property
    def kept(self) -> list[Group]:
        """The released groups that have rows."""
        return [group for key, group in self.groups.items() if key in self.released and group.rows]

    @property
    def gone(self) -> list[Group]:
        """The suppressed groups."""
        return [group for key, group in self.groups.items() if key not in self.released]


@dataclass(frozen=True)
class PlainTable:
    """Rows and hierarchies as they stand in files.

    Attributes:
        columns: per column, its hierarchy: rows of value, level 1, level 2 and so on.
        rows: of the table.
        floors: per column, the finest level that may be released; the value if left out.
        population: persons of the population by their values.
    """

    columns: Sequence[Sequence[Values]]
    rows: Sequence[PlainRow]
    floors: Levels = ()
    population: Mapping[Values, int] = field(default_factory=dict)

    @cached_property
    def climbs(self) -> list[dict[Label, Values]]:
        """Per column, what each value becomes from the floor on."""
        floors = self.floors or (0,) * len(self.columns)
        return [
            {row[0]: row[floor:] for row in rows}
            for rows, floor in zip(self.columns, floors, strict=True)
        ]

    @cached_property
    def covers(self) -> list[list[Counter[Label]]]:
        """Per column and level, the values under each label."""
        return [
            [Counter(names) for names in zip(*climb.values(), strict=True)] for climb in self.climbs
        ]

    @cached_property
    def values(self) -> list[Counter[Label]]:
        """Per column, the rows with each value."""
        return [Counter(row.values[j] for row in self.rows) for j in range(len(self.columns))]

    @cached_property
    def counts(self) -> list[list[Counter[Label]]]:
        """Per column and level, the rows under each label."""
        found = []
        for climb, count, covers in zip(self.climbs, self.values, self.covers, strict=True):
            levels: list[Counter[Label]] = [Counter() for _ in covers]
            for value, rows in count.items():
                for level, label in enumerate(climb[value]):
                    levels[level][label] += rows
            found.append(levels)
        return found

    @cached_property
    def finest(self) -> dict[Values, Group]:
        """The groups by value."""
        groups: dict[Values, Group] = {}
        for row in self.rows:
            group = groups.setdefault(row.values, Group())
            group.rows += 1
            group.persons.add(row.person)
            group.secrets[row.secret] += 1
        for values, persons in self.population.items():
            groups.setdefault(values, Group()).population += persons
        return groups

    @cached_property
    def nodes(self) -> list[tuple[Levels, dict[Values, Group]]]:
        """Every combination of levels with its groups."""
        heights = [range(len(covers)) for covers in self.covers]
        return [(levels, self.grouped(levels)) for levels in product(*heights)]

    def grouped(self, levels: Levels) -> dict[Values, Group]:
        """The groups on a node."""
        climbs = [
            {value: labels[level] for value, labels in climb.items()}
            for climb, level in zip(self.climbs, levels, strict=True)
        ]
        groups: dict[Values, Group] = {}
        for values, finer in self.finest.items():
            key = tuple(climb[value] for climb, value in zip(climbs, values, strict=True))
            group = groups.setdefault(key, Group())
            group.rows += finer.rows
            group.persons |= finer.persons
            for secret, rows in finer.secrets.items():
                group.secrets[secret] += rows
            group.population += finer.population
        return groups


def plain_optimum(table: PlainTable, demand: Demand) -> Optimum | None:
    """The best of all nodes: least loss, fewest suppressed rows, lowest sum of levels, lowest levels."""
    limit = math.floor(Decimal(str(demand.share)) * len(table.rows))
    found = []
    for levels, groups in table.nodes:
        released = released_of(groups, demand)
        suppressed = len(table.rows) - sum(groups[key].rows for key in released)
        if suppressed > limit:
            continue
        additive = _additive(table, demand, levels, groups, released)
        loss = additive
        if demand.loss == "entropy":
            loss = _entropy(table, demand, levels, groups, released)
        elif demand.loss != "additive":
            loss = _by_groups(table, demand, groups, released)
        found.append(Optimum(loss, additive, suppressed, levels, groups, released))
    if not found:
        return None
    least = min(one.loss for one in found)
    equal = [one for one in found if one.loss - least <= Fraction(1, 10 ** (DIGITS - 15))]
    return min(equal, key=lambda one: (one.suppressed, sum(one.levels), one.levels))


def released_of(groups: Mapping[Values, Group], demand: Demand) -> frozenset[Values]:
    """What may be released; verdicts that depend on what else is are repeated until they stay."""
    good = {
        key
        for key, group in groups.items()
        if len(group.persons) >= demand.k
        and (len(group.secrets) >= demand.l or not group.rows)
        and group.in_population >= demand.k_map
        and (demand.alpha is None or _largest(group) <= demand.alpha + TINY)
        and not (demand.odd and group.rows % 2 == 0)
    }
    while True:
        before = len(good)
        if demand.scenario is not None:
            good = _known_to_be_many(groups, good, *demand.scenario)
        if demand.subsets is not None:
            size, k = demand.subsets
            columns = range(len(next(iter(groups))))
            for known in combinations(columns, size):
                good = _known_to_be_many(groups, good, known, k)
        if demand.t is not None:
            good = _near(groups, good, demand.t)
        if len(good) == before:
            return frozenset(good)


def distance(group: Group, overall: Mapping[int, int]) -> Fraction:
    """How far the secrets of a group lie from all of them: what has to move."""
    total = sum(overall.values())
    moved = sum(
        max(rows * total - overall[secret] * group.rows, 0)
        for secret, rows in group.secrets.items()
    )
    return Fraction(moved, max(group.rows, 1) * max(total, 1))


def _near(groups: Mapping[Values, Group], good: set[Values], t: Fraction) -> set[Values]:
    overall: Counter[int] = Counter()
    for key in good:
        overall += groups[key].secrets
    return {key for key in good if distance(groups[key], overall) <= t + TINY}


def _known_to_be_many(
    groups: Mapping[Values, Group], good: set[Values], known: tuple[int, ...], k: int
) -> set[Values]:
    persons: dict[Values, set[int]] = {}
    for key in good:
        persons.setdefault(tuple(key[j] for j in known), set()).update(groups[key].persons)
    return {key for key in good if len(persons[tuple(key[j] for j in known)]) >= k}


def _largest(group: Group) -> Fraction:
    return Fraction(max(group.secrets.values(), default=0), max(group.rows, 1))


def _weights(table: PlainTable, demand: Demand) -> list[Fraction]:
    return [Fraction(str(one)) for one in demand.weights or (1.0,) * len(table.columns)]


def _additive(
    table: PlainTable,
    demand: Demand,
    levels: Levels,
    groups: Mapping[Values, Group],
    released: frozenset[Values],
) -> Fraction:
    """The mean over cells of the share of the column's values that a label covers besides one."""
    weights = _weights(table, demand)
    kept = [(key, groups[key].rows) for key in released]
    suppressed = len(table.rows) - sum(rows for _, rows in kept)
    loss = Fraction(0)
    for j, (weight, level) in enumerate(zip(weights, levels, strict=True)):
        covers, others = table.covers[j][level], max(len(table.columns[j]) - 1, 1)
        covered = sum((covers[key[j]] - 1) * rows for key, rows in kept)
        loss += weight * (Fraction(covered, others) + suppressed)
    return loss / len(table.rows) / sum(weights)


def _entropy(
    table: PlainTable,
    demand: Demand,
    levels: Levels,
    groups: Mapping[Values, Group],
    released: frozenset[Values],
) -> Fraction:
    """Bits that are still to be asked for, as a share of what it takes if all is suppressed."""
    total, lost, most = len(table.rows), Fraction(0), Fraction(0)
    suppressed = total - sum(groups[key].rows for key in released)
    for j, (weight, level) in enumerate(zip(_weights(table, demand), levels, strict=True)):
        known = sum(rows * _log2(rows) for rows in table.values[j].values())
        asked = suppressed * _log2(total) - known
        for key in released:
            if groups[key].rows:
                asked += groups[key].rows * _log2(table.counts[j][level][key[j]])
        lost += weight * asked
        most += weight * (total * _log2(total) - known)
    return lost / most if most else Fraction(0)


@cache
def _log2(number: int) -> int:
    """The logarithm as a whole number of 10^-50."""
    with localcontext() as context:
        context.prec = DIGITS + 15
        return int((Decimal(number).ln() / Decimal(2).ln() * 10**DIGITS).to_integral_value())


def _by_groups(
    table: PlainTable,
    demand: Demand,
    groups: Mapping[Values, Group],
    released: frozenset[Values],
) -> Fraction:
    """Squared sizes, a suppressed row being as bad as the table; or rows per group."""
    kept = [groups[key].rows for key in released if groups[key].rows]
    suppressed = len(table.rows) - sum(kept)
    if demand.loss == "discernibility":
        return Fraction(sum(rows**2 for rows in kept) + len(table.rows) * suppressed)
    return Fraction(len(table.rows), len(kept) + bool(suppressed))
