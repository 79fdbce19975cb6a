"""Hiding: which counts and shares are not shown, because too few persons stand behind them.

A count of nobody is shown. A count of few persons is hidden, and so is a further one beside it where
the total would give it away. A share is shown only where enough persons stand on both sides of it, so
that none says of a few what became of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

LEAST_PERSONS: Final = 5
"""So many persons must stand behind a figure that is shown, if nobody says otherwise."""


class Hidden(StrEnum):
    """Why a count is not shown."""

    FEW = "few"
    BESIDE = "beside few"


Count = int | Hidden
"""A count, or why it is not shown."""


def shown(number: int, persons: int, least: int) -> Count:
    """A count that stands alone."""
    return Hidden.FEW if is_few(persons, least) else number


def shown_parts(
    numbers: Sequence[int], persons: Sequence[int], least: int, *, beside: Iterable[int] = ()
) -> list[Count]:
    """The parts of a shown whole; see `hidden_parts`."""
    hidden = hidden_parts(persons, least, beside=beside)
    return [
        number
        if place not in hidden
        else Hidden.FEW
        if is_few(persons[place], least)
        else Hidden.BESIDE
        for place, number in enumerate(numbers)
    ]


def known(count: Count) -> int:
    """A count as a length to draw: nothing where it is hidden."""
    return 0 if isinstance(count, Hidden) else count


def is_few(persons: int, least: int) -> bool:
    """Whether somebody stands behind a figure, but too few."""
    return 0 < persons < least


def hidden_parts(
    persons: Sequence[int], least: int, *, beside: Iterable[int] = ()
) -> frozenset[int]:
    """Which parts of a shown whole are hidden.

    Args:
        persons: behind each part.
        least: so many must stand behind what is shown.
        beside: places that are hidden for other reasons.

    Returns:
        Places of those with too few, and of the next smallest where the rest of the whole would
        otherwise be the hidden one itself, or of few.
    """
    hidden = {place for place, some in enumerate(persons) if is_few(some, least)} | set(beside)
    while hidden and _tells(persons, hidden, least):
        others = [place for place, some in enumerate(persons) if some and place not in hidden]
        if not others:
            break
        hidden.add(min(others, key=lambda place: persons[place]))
    return frozenset(hidden)


def _tells(persons: Sequence[int], hidden: set[int], least: int) -> bool:
    return len(hidden) == 1 or sum(persons[place] for place in hidden) < least


def hidden_cells(persons: Sequence[Sequence[int]], least: int) -> frozenset[tuple[int, int]]:
    """Which cells of a table are hidden whose rows and columns have totals that are shown elsewhere.

    Rows and columns are looked at in turn until neither gives a hidden cell away by itself. Several
    of them together are not looked at: this is no full audit of the table.
    """
    hidden: frozenset[tuple[int, int]] = frozenset()
    while True:
        found = set(hidden)
        for line, row in enumerate(persons):
            mine = [place for place in range(len(row)) if (line, place) in found]
            found |= {(line, place) for place in hidden_parts(row, least, beside=mine)}
        for place in range(len(persons[0]) if persons else 0):
            column = [row[place] for row in persons]
            mine = [line for line in range(len(column)) if (line, place) in found]
            found |= {(line, place) for line in hidden_parts(column, least, beside=mine)}
        if found == hidden:
            return hidden
        hidden = frozenset(found)


def is_shown_share(yes: int, no: int, least: int) -> bool:
    """Whether a share may be shown that so many persons are in, and so many not."""
    return yes >= least and no >= least


def thinned(counts: Sequence[int], least: int) -> tuple[int, ...]:
    """Places in a growing series of counts that may be shown.

    Between one shown place and the next stand no persons or enough; before the first, too.

    Args:
        counts: how many up to each place, never fewer than at the place before.
        least: so many persons.

    Example:
        >>> thinned([0, 2, 3, 7, 7, 9], 5)
        (0, 3, 4)
    """
    shown, last = [], 0
    for place, count in enumerate(counts):
        if count == last or count - last >= least:
            shown.append(place)
            last = count
    return tuple(shown)
