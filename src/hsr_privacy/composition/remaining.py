"""Remaining: the sensitive values that are left for a person whose classes are known in several releases.

Of the values that the person's classes have in the new release, an earlier one rules out those that
the person's classes there do not have, on the finest level that both releases have. One value left is
one learned.

Source: Ganta, Kasiviswanathan & Smith 2008, doi:10.1145/1401890.1401926.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.composition.candidates import Bools, ClassSets
from hsr_privacy.composition.holding import Held
from hsr_privacy.composition.sketch import Int64s, Sketch, Uint64s, View, common_level

_BITS: Final = 64
_Number = TypeVar("_Number", np.int64, np.uint64)


def one_value(new: Held, earlier: Sequence[Held]) -> tuple[dict[str, int], dict[str, int]]:
    """Per sensitive column, persons to whom one value is left; and those who have several everywhere.

    Args:
        new: the release that is to leave.
        earlier: all that the attacker holds besides. Persons who are in none of those that have the
            column, and columns that none of them has, are passed over.
    """
    ones: dict[str, int] = {}
    by_composition: dict[str, int] = {}
    for name in new.sketch.values:
        some = [one for one in earlier if common_level((new.sketch, one.sketch), name) is not None]
        if some:
            ones[name], by_composition[name] = _left_with_one(new, some, name)
    return ones, by_composition


def _left_with_one(new: Held, earlier: Sequence[Held], name: str) -> tuple[int, int]:
    held = (new, *earlier)
    known = np.zeros(new.sketch.persons, np.bool_)
    several = np.ones(new.sketch.persons, np.bool_)
    values = [_Values(new.sketch, one, name) for one in held]
    for one, told in zip(held, values, strict=True):
        here = one.place >= 0
        known |= here & (one is not new)
        several[here] &= told.several()[one.sets.of_person[one.place[here]]]
    found = np.zeros(new.sketch.persons, np.int64)
    for word in range(-(-len(new.sketch.cells[name, values[0].level].digests) // _BITS)):
        left = np.full(new.sketch.persons, ~np.uint64(0))
        for one, told in zip(held, values, strict=True):
            here = one.place >= 0
            left[here] &= told.bits(word)[one.sets.of_person[one.place[here]]]
        # A word with one bit is a power of two; two words with one each are two values.
        found += (left != 0).astype(np.int64) + ((left & (left - np.uint64(1))) != 0)
    is_one = known & (found == 1)
    return int(is_one.sum()), int((is_one & several).sum())


class _Values:
    """The values that the sets of classes of one release have, as bits of those of the new one."""

    def __init__(self, new: Sketch, held: Held, name: str) -> None:
        self.level = common_level((new, held.sketch), name) or ""
        self._mine, theirs = _cell_numbers((new, held.sketch), (name, self.level))
        self._sets = held.sets
        pairs = held.sketch.values[name]
        self._starts = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
        self._numbers = theirs[pairs[:, 1]]
        self._size = 1 + max(self._mine.max(initial=0), theirs.max(initial=0))

    def several(self) -> Bools:
        """Per set, whether it has more than one value."""
        least = _of_sets(np.minimum, np.minimum.reduceat(self._numbers, self._starts), self._sets)
        most = _of_sets(np.maximum, np.maximum.reduceat(self._numbers, self._starts), self._sets)
        different: Bools = least != most
        return different

    def bits(self, word: int) -> Uint64s:
        """Per set, which of 64 values of the new release it allows."""
        mine = self._mine[word * _BITS : (word + 1) * _BITS]
        of_number = np.zeros(self._size, np.uint64)
        np.bitwise_or.at(of_number, mine, np.uint64(1) << np.arange(mine.size, dtype=np.uint64))
        of_class = np.bitwise_or.reduceat(of_number[self._numbers], self._starts)
        return _of_sets(np.bitwise_or, of_class, self._sets)


def _of_sets(gather: np.ufunc, of_class: NDArray[_Number], sets: ClassSets) -> NDArray[_Number]:
    """What a function of two numbers makes of the classes of each set."""
    number, classes = (sets.contents[name].to_numpy() for name in ("set", "cls"))
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    gathered: NDArray[_Number] = gather.reduceat(of_class[classes], starts)
    return gathered


def _cell_numbers(sketches: Sequence[Sketch], view: View) -> list[Int64s]:
    """Per release, a number per cell of its own level, equal where the cells become one here."""
    known: dict[bytes, int] = {}
    found = []
    for sketch in sketches:
        cells = sketch.cells[view]
        numbers = [known.setdefault(one.tobytes(), len(known)) for one in cells.digests]
        found.append(np.array(numbers, np.int64)[cells.of_own])
    return found
