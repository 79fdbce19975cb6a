"""Intersections: candidates and sensitive values that are left when releases are held together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.composition.candidates import ClassSets, candidate_counts
from hsr_privacy.composition.numbering import firsts, numbered
from hsr_privacy.composition.sketch import Int64s, Sketch, View, common_level


@dataclass(frozen=True)
class Held:
    """A release among those that are held together.

    Attributes:
        sketch: of it.
        place: int64, per person of the new release, the place among its persons; -1 for nobody.
        sets: of its persons' classes.
        alone: int64, per person of its own, the candidates that it leaves by itself.
    """

    sketch: Sketch
    place: Int64s
    sets: ClassSets
    alone: Int64s

    @classmethod
    def of(cls, sketch: Sketch, place: Int64s) -> Held:
        """A release, and what it shows by itself."""
        sets = ClassSets.of(sketch)
        return cls(sketch, place, sets, candidate_counts([sets]))

    @classmethod
    def new(cls, sketch: Sketch) -> Held:
        """The release that is to leave."""
        return cls.of(sketch, np.arange(sketch.persons))


@dataclass(frozen=True)
class Intersection:
    """What is left for those who stand in the new release and in an earlier one.

    Attributes:
        persons: how many these are.
        minimum: the smallest candidate set; None where there is no such person.
        quartiles: of the sizes of the candidate sets, three of them; empty where there is nobody.
        below_k: persons with fewer than k candidates.
        below_k_by_composition: those of them who have at least k in each release by itself.
        one_value: per sensitive column, persons to whom one value is left.
        one_value_by_composition: those of them who have several in each release by itself.
    """

    persons: int
    minimum: int | None
    quartiles: tuple[int, ...]
    below_k: int
    below_k_by_composition: int
    one_value: Mapping[str, int] = field(default_factory=dict)
    one_value_by_composition: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, None where there is nobody."""
        return {
            "persons": self.persons,
            "minimum": self.minimum,
            "quartiles": list(self.quartiles),
            "below_k": self.below_k,
            "below_k_by_composition": self.below_k_by_composition,
            "one_value": dict(self.one_value),
            "one_value_by_composition": dict(self.one_value_by_composition),
        }


def intersection(new: Held, earlier: Sequence[Held], *, k: int) -> Intersection:
    """Count the candidates of everybody who is in the new release and an earlier one.

    Args:
        new: the release that is to leave.
        earlier: all that the attacker holds besides.
        k: fewer candidates than this are too few.
    """
    known = np.zeros(new.sketch.persons, np.bool_)
    least = new.alone.copy()
    for one in earlier:
        here = one.place >= 0
        known |= here
        least[here] = np.minimum(least[here], one.alone[one.place[here]])
    together, least = candidate_sizes(new, earlier)[known], least[known]
    if not together.size:
        return Intersection(0, None, (), 0, 0)
    ones, by_composition = _one_value((new, *earlier))
    quartiles = np.quantile(together, (0.25, 0.5, 0.75), method="inverted_cdf")
    return Intersection(
        persons=together.size,
        minimum=int(together.min()),
        quartiles=tuple(int(size) for size in quartiles),
        below_k=int((together < k).sum()),
        below_k_by_composition=int(((together < k) & (least >= k)).sum()),
        one_value=ones,
        one_value_by_composition=by_composition,
    )


def candidate_sizes(new: Held, earlier: Sequence[Held]) -> Int64s:
    """Per person of the new release, the size of its candidate set in all releases that it is in."""
    held = (new, *earlier)
    sizes = new.alone.copy()
    for releases, persons in _patterns(held):
        pool = np.flatnonzero(np.all([held[r].place >= 0 for r in releases], axis=0))
        counts = candidate_counts([held[r].sets.of_others(held[r].place[pool]) for r in releases])
        sizes[persons] = counts[np.searchsorted(pool, persons)]
    return sizes


def _patterns(held: Sequence[Held]) -> Iterator[tuple[list[int], Int64s]]:
    """Every set of two or more releases that somebody is in, and who is in just these."""
    present = [one.place >= 0 for one in held]
    number = numbered(pl.DataFrame({str(r): one for r, one in enumerate(present)}))
    order = np.argsort(number, kind="stable")
    for persons in np.split(order, np.cumsum(np.bincount(number))[:-1]) if number.size else []:
        releases = [r for r, one in enumerate(present) if one[persons[0]]]
        if len(releases) > 1:
            yield releases, persons


@dataclass(frozen=True)
class _Group:
    """Those who are in the same releases: their sets there, a column per release, and how many."""

    sets: pl.DataFrame
    persons: Int64s

    @classmethod
    def of(cls, held: Sequence[Held], releases: Sequence[int], persons: Int64s) -> _Group:
        table = pl.DataFrame(
            {str(r): held[r].sets.of_person[held[r].place[persons]] for r in releases}
        )
        member = numbered(table)
        return cls(table[firsts(member)], np.bincount(member).astype(np.int64))


def _one_value(held: Sequence[Held]) -> tuple[dict[str, int], dict[str, int]]:
    """Per sensitive column, who is left with one value, and who of them had several before."""
    ones: dict[str, int] = {}
    by_composition: dict[str, int] = {}
    groups: dict[tuple[int, ...], list[_Group]] = {}
    new = held[0].sketch
    for name in new.values:
        fit = [r for r, one in enumerate(held) if common_level((new, one.sketch), name) is not None]
        if len(fit) > 1:
            some = [held[r] for r in fit]
            if tuple(fit) not in groups:
                groups[tuple(fit)] = [_Group.of(some, *one) for one in _patterns(some)]
            ones[name], by_composition[name] = _left_with_one(some, groups[tuple(fit)], name)
    return ones, by_composition


def _left_with_one(held: Sequence[Held], groups: Sequence[_Group], name: str) -> tuple[int, int]:
    """Whoever has one value left of those that its classes have in the new release.

    An earlier release rules a value out if, on the finest level that both have, the person's classes
    there do not have what it becomes.
    """
    new = held[0].sketch
    levels = [common_level((new, one.sketch), name) or "" for one in held]
    becomes = []
    values = []
    for one, level in zip(held, levels, strict=True):
        mine, theirs = _cell_numbers((new, one.sketch), (name, level))
        becomes.append(mine)
        pairs = one.sketch.values[name]
        of_class = pl.DataFrame({"cls": pairs[:, 0], "value": theirs[pairs[:, 1]]})
        values.append(one.sets.contents.join(of_class, on="cls").select("set", "value").unique())
    # Every set has a value, so that none is beyond the end of these.
    several = [np.bincount(one["set"].to_numpy()) > 1 for one in values]
    ones = by_composition = 0
    for group in groups:
        first, *others = group.sets.columns
        left = group.sets.with_row_index("group")
        left = left.join(values[int(first)], left_on=first, right_on="set")
        for r in others:
            found = left.with_columns(of=pl.Series(becomes[int(r)][left["value"].to_numpy()]))
            left = found.join(
                values[int(r)], left_on=[r, "of"], right_on=["set", "value"], how="semi"
            )
        is_one = np.bincount(left["group"].to_numpy(), minlength=group.sets.height) == 1
        before = [several[int(r)][group.sets[r].to_numpy()] for r in group.sets.columns]
        ones += int(group.persons[is_one].sum())
        by_composition += int(group.persons[is_one & np.all(before, axis=0)].sum())
    return ones, by_composition


def _cell_numbers(sketches: Sequence[Sketch], view: View) -> list[Int64s]:
    """Per release, a number per cell of its own level, equal where the cells become one here."""
    known: dict[bytes, int] = {}
    found = []
    for sketch in sketches:
        cells = sketch.cells[view]
        numbers = [known.setdefault(one.tobytes(), len(known)) for one in cells.digests]
        found.append(np.array(numbers, np.int64)[cells.of_own])
    return found
