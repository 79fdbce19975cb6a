"""Downcoding: from a generalized cell back to the value that it was made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.attacking.narrowing import Narrowed, Standing, narrowed
from hsr_privacy.attacking.scale import Scale
from hsr_privacy.frequencies.counting import unique

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class ColumnDowncoding:
    """How well the generalized cells of one column are guessed; accuracies are shares from 0 to 1.

    Attributes:
        column: its name.
        cells: cells of released rows that stand for more than one value.
        base: right guesses of who knows how frequent each value is in public, and sees no other
            cell of the release.
        accuracy: right guesses of who takes the value that the release shows most often, under the
            same node, in cells on finer levels; where it shows none, as ``base``.
        narrowed: right guesses of who knows what is public and leaves out the values that the
            structure of the release excludes.
        excluded: cells for which it excludes at least one value.
        before: values that such a cell could stand for, on average over all generalized cells.
        after: values that are then left of them.
        bits: what the structure tells of a generalized cell on average.
        wrong: cells whose true value it excludes, so that the attacker is misled.
    """

    column: str
    cells: int
    base: float
    accuracy: float
    narrowed: float
    excluded: int
    before: float
    after: float
    bits: float
    wrong: int


@dataclass(frozen=True)
class Downcoding:
    """What a release tells of the values that it was generalized from.

    Attributes:
        method: how the table was recoded.
        rows: released rows.
        columns: every column with generalized cells.
    """

    method: str
    rows: int
    columns: tuple[ColumnDowncoding, ...]

    @property
    def cells(self) -> int:
        """Generalized cells of all columns."""
        return sum(one.cells for one in self.columns)

    @property
    def excluded(self) -> int:
        """Generalized cells of all columns for which the structure excludes a value."""
        return sum(one.excluded for one in self.columns)

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers, lists and names of columns."""
        return {"cells": self.cells, "excluded": self.excluded, **asdict(self)}


def downcoding(solution: Solution) -> Downcoding:
    """Guess the original value of every generalized cell, and count how often that is right.

    The attacker has the release, the hierarchies, and how frequent every value is in public, for
    which the whole table stands here. Three guesses are compared, see `ColumnDowncoding`.

    The structure is Cohen's signal: an engine that generalizes no more than it must leaves nobody
    in a coarse class who would fit a finer one. So, if two released classes differ in one column
    only, and there one stands on a node and the other below it, then nobody of the coarser has a
    value of the finer. Where every column stands on one level there is no such pair, and all three
    guesses are the same.

    Classes that differ in several columns tell of combinations and not of a cell; they are not
    used, nor what goes with other columns (see `implied_cells`), so that what is counted here is a
    lower bound.

    Source: Cohen 2022, "Attacks on deidentification's defenses", USENIX Security.
    """
    table = solution.table
    released = np.flatnonzero(~solution.suppressed & (table.rows > 0))
    rows = table.rows[released]
    scales = [Scale.of(hierarchy) for hierarchy in table.hierarchies]
    atoms, nodes = [], []
    for name, place, scale in zip(table.names, range(len(scales)), scales, strict=True):
        everyone = scale.atom_of_leaf[table.leaves_of(place)]
        atoms.append(everyone)
        nodes.append(scale.nodes[solution.levels_of(name)[released], everyone[released]])
    pattern = np.stack(nodes, axis=1)
    classes, group = unique(pattern)
    found = []
    for j, scale in enumerate(scales):
        public = np.bincount(atoms[j], table.rows, scale.atoms).astype(np.float64)
        standing = Standing(scale, public, classes[:, j], group, atoms[j][released], rows)
        if standing.coarse.any():
            apart = narrowed(standing, np.delete(classes, j, axis=1))
            found.append(_told(table.names[j], standing, apart))
    return Downcoding(solution.method, int(rows.sum()), tuple(found))


def _told(column: str, standing: Standing, apart: Narrowed) -> ColumnDowncoding:
    """One column in numbers."""
    cells = int(standing.rows[standing.coarse].sum())
    base = standing.public_guess()
    shown = _shown_guess(standing, base)
    sizes = standing.scale.sizes[standing.nodes]
    per_class = np.bincount(
        standing.group[standing.coarse],
        weights=standing.rows[standing.coarse],
        minlength=len(sizes),
    )

    def mean(values: Floats | Int64s) -> float:
        return float((per_class * values).sum()) / cells

    def right(chances: Floats) -> float:
        return float((standing.rows * chances)[standing.coarse].sum()) / cells

    return ColumnDowncoding(
        column=column,
        cells=cells,
        base=right(base),
        accuracy=right(shown),
        narrowed=right(np.where(apart.chance < 0, base, apart.chance)),
        excluded=int(per_class[apart.excluded > 0].sum()),
        before=mean(sizes),
        after=mean(sizes - apart.excluded),
        bits=mean(apart.bits),
        wrong=int(standing.rows[apart.wrong].sum()),
    )


def _shown_guess(standing: Standing, base: Floats) -> Floats:
    """Per released base class, the chance that the value which is shown most is the true one."""
    scale = standing.scale
    weights = np.bincount(
        standing.nodes[standing.group], weights=standing.rows, minlength=len(scale.sizes)
    )
    spread = (weights / np.maximum(scale.sizes, 1))[scale.nodes]
    own = scale.nodes // scale.stride == np.arange(scale.levels)[:, None]
    spread = np.where(own, spread, 0.0)  # a node that is alike on two levels is counted once
    finer = np.zeros_like(spread)
    np.cumsum(spread[:-1], axis=0, out=finer[1:])
    chance, most = scale.guess(finer)
    level = (standing.nodes // scale.stride)[standing.group]
    return np.where(most[level, standing.atoms] > 0, chance[level, standing.atoms], base)
