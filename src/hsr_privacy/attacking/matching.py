"""Matching: how many persons of a table are compatible with what each attacker holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking.coding import View, spread
from hsr_privacy.attacking.kernels import count_compatible

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matched:
    """What attackers find in a table.

    Attributes:
        persons: int64, per attacker, distinct persons who are compatible with all that they hold.
        right: per attacker, whether their target is among them.
        nearly: int64, per attacker whom nobody fits, persons who fit all but one column; else 0.
        nearly_right: whether the target is among these.
    """

    persons: Int64s
    right: Bools
    nearly: Int64s
    nearly_right: Bools

    @property
    def others(self) -> Int64s:
        """Compatible persons if the target were not in the table."""
        return self.persons - self.right

    @property
    def candidates(self) -> Int64s:
        """Persons of whom each attacker picks one."""
        return self.persons + self.nearly

    @property
    def chances(self) -> Floats:
        """Per attacker, the chance that the one whom they pick is the target."""
        found = self.right | self.nearly_right
        return np.where(found, 1 / np.maximum(self.candidates, 1), 0.0)


@dataclass(frozen=True, eq=False)
class People:
    """Whose rows the rows of a table are.

    Attributes:
        owners: int64, per row, the number of its person.
    """

    owners: Int64s

    @cached_property
    def persons(self) -> int:
        """How many there are."""
        return int((np.bincount(self.owners) > 0).sum())

    @cached_property
    def several(self) -> Bools:
        """Per row, whether its person has others."""
        more: Bools = np.bincount(self.owners) > 1
        return more[self.owners]

    @cached_property
    def rows(self) -> tuple[Int64s, Int64s]:
        """The rows in the order of their persons, and the persons of these."""
        order = np.argsort(self.owners, kind="stable")
        return order, self.owners[order]


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a table by the columns that attackers know.

    Attributes:
        views: one per column.
        people: whose rows they are.
    """

    views: tuple[View, ...]
    people: People

    def matched(self, allowed: Sequence[Bools], targets: Int64s) -> Matched:
        """Find the compatible persons.

        Whom nobody fits supposes that one thing they know is wrong, and takes those who fit all
        else.

        Args:
            allowed: per column, shape (attackers, codes), whether a code is compatible.
            targets: int64, per attacker, the number of the target's person.
        """
        size = len(targets)
        misses = self._misses(allowed, targets)
        found = np.zeros((2, size), np.int64)
        if self.views:
            bounds = np.cumsum([0, *(view.codes for view in self.views)])
            codes, owner, weight = self._units()
            permitted = np.ascontiguousarray(np.concatenate(allowed, axis=1))
            shifted = codes + bounds[:-1].astype(np.int32)
            count_compatible(shifted, owner, weight, bounds, permitted, found)
        else:
            found[0] = self.people.persons
        return Matched(found[0], misses == 0, found[1], (found[0] == 0) & (misses == 1))

    def _units(self) -> tuple[Int32s, Int64s, Int64s]:
        """Distinct combinations: their codes, who owns them alone, and the persons of the others.

        Who has one row is counted with all who read alike; who has several is kept apart, so as
        to be counted once wherever several of their rows are compatible.
        """
        owners, several = self.people.owners, self.people.several
        key = np.zeros(len(owners), np.int64)
        width = 1
        for view in self.views:
            if width * view.codes >= 2**62:
                values, key = np.unique(key, return_inverse=True)
                key, width = key.reshape(-1).astype(np.int64), len(values)
            key = key * view.codes + view.cells
            width *= view.codes
        once = np.flatnonzero(~several)
        _, first, persons = np.unique(key[once], return_index=True, return_counts=True)
        more = np.flatnonzero(several)
        more = more[np.lexsort((key[more], owners[more]))]
        same = (np.diff(owners[more]) == 0) & (np.diff(key[more]) == 0)
        more = more[np.append(True, ~same)[: len(more)]]
        chosen = np.concatenate([once[first], more])
        codes = np.stack([view.cells[chosen] for view in self.views], axis=1)
        owner = np.concatenate([np.full(len(first), -1), owners[more]])
        return codes, owner, np.concatenate([persons, np.zeros(len(more), np.int64)])

    def _misses(self, allowed: Sequence[Bools], targets: Int64s) -> Int64s:
        """Per attacker, the columns that do not fit in the row of their target that fits best."""
        order, owners = self.people.rows
        low = np.searchsorted(owners, targets, side="left")
        who, place = spread(low, np.searchsorted(owners, targets, side="right") - low)
        row = order[place]
        wrong = np.zeros(len(row), np.int64)
        for view, permitted in zip(self.views, allowed, strict=True):
            wrong += ~permitted[who, view.cells[row]]
        fewest = np.full(len(targets), len(self.views) + 1)
        np.minimum.at(fewest, who, wrong)
        return fewest
