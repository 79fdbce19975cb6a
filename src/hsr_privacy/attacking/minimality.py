"""Minimality: what follows from the engine having generalized no more than it had to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import FrequencyTable, SensitiveHistogram, recoded
from hsr_privacy.models import PrivacyModel

Int64s = NDArray[np.int64]
Weights = Sequence[float] | Mapping[str, float] | None
Part = list[tuple[int, Int64s]]
"""Ways in which the values of some base classes can be spread over them: how many assignments of
values to rows each stands for, and its counts, shape (base classes, values)."""

MOST_WORLDS: Final = 2_000
"""Worlds that are tried; each takes a run of the engine."""


@dataclass(frozen=True)
class Minimality:
    """What an attacker who runs the engine on every possible table learns of a sensitive column.

    Attributes:
        column: its name.
        worlds: tables that the release leaves possible for who does not know the engine.
        possible: those of them from which the engine makes this release.
        ruled_out: share (0-1) of the assignments of values to rows that fall away with the others.
        rows: of the table.
        before: the largest chance of one value that a row has over all worlds; in a release without
            suppressed rows, the largest share of a value in a class.
        after: the largest that one has over the worlds that are possible.
        rows_raised: rows whose most likely value becomes more likely.
        rows_certain: rows whose value is certain after and was not before.
    """

    column: str
    worlds: int
    possible: int
    ruled_out: float
    rows: int
    before: float
    after: float
    rows_raised: int
    rows_certain: int

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and the name of the column."""
        return asdict(self)


def minimality(
    table: FrequencyTable,
    models: Sequence[PrivacyModel],
    solution: Solution,
    *,
    column: str,
    max_suppressed: float = 0.0,
    weights: Weights = None,
    most_worlds: int = MOST_WORLDS,
) -> Minimality:
    """Try every table that could stand behind a release, and keep those that the engine makes it of.

    The attacker knows who is in the table with all quasi-identifiers, as they stand in a population
    register, the release with the sensitive values of every class, and the engine with all that it
    was asked. They do not know whose value is whose, nor the values of suppressed rows, which can be
    any that the table has. Every assignment is as likely as another beforehand. If the engine
    generalized because a finer class was not diverse, then only tables remain in which it was not.

    The number of worlds grows beyond all bounds with the table: this is for small ones, to see
    whether a way of choosing levels is open to the attack. Other sensitive columns stay as they are.

    Args:
        table: the frequency table.
        models: what was asked of every class.
        solution: the release, made of this table by this engine.
        column: sensitive.
        max_suppressed: as it was asked for.
        weights: as they were asked for.
        most_worlds: worlds beyond which it is refused.

    Raises:
        DataError: the table does not count the column, there are too many worlds, or the engine
            does not make this solution of this table.

    Source: Wong, Fu, Wang & Pei 2007, "Minimality attack in privacy preserving data publishing",
    VLDB, 543-554.
    """
    if column not in table.sensitive:
        raise DataError(
            f"the frequency table does not count column '{column}'; give it as sensitive"
        )
    engine = _Engine(tuple(models), solution, max_suppressed, weights)
    if not engine.makes_it_of(table):
        raise DataError(
            "the engine does not make this solution of this table; give the models, "
            "max_suppressed and weights that it was made with"
        )
    counts = _counts(table, column)
    parts = _parts(table, solution, counts, most_worlds)
    worlds = math.prod(len(part) for _, part in parts)
    before, after = np.zeros(counts.shape, object), np.zeros(counts.shape, object)
    weighed = kept = possible = 0
    for world in product(*(part for _, part in parts)):
        weight = math.prod(one for one, _ in world)
        for (classes, _), (_, values) in zip(parts, world, strict=True):
            counts[classes] = values
        weighed += weight
        before += weight * counts.astype(object)
        if engine.makes_it_of(_with_counts(table, column, counts)):
            possible += 1
            kept += weight
            after += weight * counts.astype(object)
    rows = table.rows
    first, then = _largest(before, rows, weighed), _largest(after, rows, kept)
    return Minimality(
        column=column,
        worlds=worlds,
        possible=possible,
        ruled_out=float(1 - Fraction(kept, weighed)),
        rows=table.total_rows,
        before=float(max(first, default=0)),
        after=float(max(then, default=0)),
        rows_raised=_rows(rows, [b > a for a, b in zip(first, then, strict=True)]),
        rows_certain=_rows(rows, [a < 1 == b for a, b in zip(first, then, strict=True)]),
    )


@dataclass(frozen=True, eq=False)
class _Engine:
    """The engine as it was asked, and the release that it made."""

    models: tuple[PrivacyModel, ...]
    solution: Solution
    max_suppressed: float
    weights: Weights

    def makes_it_of(self, table: FrequencyTable) -> bool:
        """Whether the release would look the same; only sensitive values may differ."""
        try:
            other = self._run(table)
        except (BudgetExceeded, DataError):  # then there would be no release
            return False
        same = np.array_equal(other.suppressed, self.solution.suppressed)
        gone = other.suppressed.tolist()

        def texts(solution: Solution, name: str) -> list[str | None]:
            labels = solution.labels_of(name)
            return [one for one, left_out in zip(labels, gone, strict=True) if not left_out]

        return same and all(
            texts(other, name) == texts(self.solution, name) for name in table.names
        )

    def _run(self, table: FrequencyTable) -> Solution:
        asked: dict[str, Any] = {
            "models": self.models,
            "max_suppressed": self.max_suppressed,
            "weights": self.weights,
        }
        if self.solution.method == "full-domain":
            return search(table, loss=self.solution.loss_name, **asked)
        if self.solution.method == "local":
            return recode_locally(table, **asked)
        if self.solution.method == "joint":
            return recode_jointly(table, **asked)
        return suppress_cells(table, reading=self.solution.reading, **asked)


def _parts(
    table: FrequencyTable, solution: Solution, counts: Int64s, most: int
) -> list[tuple[Int64s, Part]]:
    """The base classes of every released class, and each suppressed one, with their worlds."""
    levels = list(solution.levels.values()) if solution.cells is None else solution.cells
    _, groups = recoded(table, levels, ~solution.suppressed)
    limit = most
    parts = []
    for group in range(-1, int(groups.max(initial=-1)) + 1):
        classes = np.flatnonzero((groups == group) & (table.rows > 0))
        apart = [classes] if group >= 0 else [classes[n : n + 1] for n in range(len(classes))]
        for chosen in apart:
            ceiling = counts[chosen].sum(axis=0).tolist()
            if group < 0:
                anything = counts.sum(axis=0) > 0
                ceiling = (anything * int(table.rows[chosen].sum())).tolist()
            part: Part = []
            for world in _spread(table.rows[chosen].tolist(), ceiling):
                part.append((_assignments(world), np.array(world, np.int64)))
                if len(part) > limit:
                    raise DataError(
                        f"the release leaves more than {most} tables possible; this check is for "
                        "small tables, so give fewer rows or raise most_worlds"
                    )
            limit //= len(part)
            parts.append((chosen, part))
    return parts


def _spread(rows: list[int], ceiling: list[int]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to give each base class its rows of values without exceeding any value's ceiling."""
    if not rows:
        yield []
        return
    for one in _compositions(rows[0], ceiling):
        left = [most - taken for most, taken in zip(ceiling, one, strict=True)]
        for others in _spread(rows[1:], left):
            yield [one, *others]


def _compositions(total: int, ceiling: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to write a number as a sum of one part per ceiling, none above it."""
    if not ceiling:
        yield ()
        return
    rest = sum(ceiling[1:])
    for taken in range(max(total - rest, 0), min(total, ceiling[0]) + 1):
        for others in _compositions(total - taken, ceiling[1:]):
            yield (taken, *others)


def _assignments(world: list[tuple[int, ...]]) -> int:
    """How many ways there are to give the values to the rows of each base class."""
    return math.prod(
        math.factorial(sum(counts)) // math.prod(map(math.factorial, counts)) for counts in world
    )


def _counts(table: FrequencyTable, column: str) -> Int64s:
    """Rows of every value in every base class."""
    histogram = table.sensitive[column]
    counts = np.zeros((table.classes, len(histogram.totals)), np.int64)
    counts[histogram.classes, histogram.codes] = histogram.counts
    return counts


def _with_counts(table: FrequencyTable, column: str, counts: Int64s) -> FrequencyTable:
    """The table in another world."""
    classes, codes = np.nonzero(counts)
    hierarchy = table.sensitive[column].hierarchy
    histogram = SensitiveHistogram(
        classes.astype(np.int32), codes.astype(np.int32), counts[classes, codes], hierarchy
    )
    return replace(table, sensitive={**table.sensitive, column: histogram})


def _largest(sums: NDArray[np.object_], rows: Int64s, weight: int) -> list[Fraction]:
    """Per base class, the chance of a row's most likely value."""
    found = []
    for values, size in zip(sums.tolist(), rows.tolist(), strict=True):
        found.append(Fraction(max(values, default=0), weight * size) if size else Fraction(0))
    return found


def _rows(rows: Int64s, chosen: list[bool]) -> int:
    return int(rows[np.array(chosen, bool)].sum())
