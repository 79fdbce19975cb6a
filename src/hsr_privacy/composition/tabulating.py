"""Tabulating: counts of several releases, cell by cell, on the levels that they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.composition.counting import Counting
from hsr_privacy.composition.numbering import numbered
from hsr_privacy.composition.sketch import Int64s, Sketch, View, common_level

_COUNTED_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Counts:
    """One table of several releases.

    Attributes:
        columns: one or two names.
        tells: whether one of them is sensitive.
        persons: int64, shape (releases, cells); each cell occurs in some release.
    """

    columns: tuple[str, ...]
    tells: bool
    persons: Int64s = field(repr=False)


class Tabulated:
    """Tables of releases of one domain; what was numbered once is kept for the next comparison.

    Attributes:
        sketches: of the releases; they are named by their places here.
    """

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self.sketches = tuple(sketches)
        self._numbers: dict[View, tuple[dict[int, Int64s], int]] = {}
        self._counting: dict[int, tuple[Counting, Int64s]] = {}

    def tables(self, releases: Sequence[int]) -> Iterator[Counts]:
        """The counts over each column, and each pair with a quasi-identifier, that all of them show.

        A column is counted on the finest level that it has in all of them; it must have one role.

        Args:
            releases: places of two or more of the sketches.
        """
        some = [self.sketches[r] for r in releases]
        roles: dict[str, list[View]] = {"quasi-identifier": [], "sensitive": []}
        for one in some[0].columns:
            level = common_level(some, one.name)
            if level is not None:
                roles[one.role].append((one.name, level))
        known, secret = roles["quasi-identifier"], roles["sensitive"]
        for view in (*known, *secret):
            counts = self._single(view, releases)
            yield Counts((view[0],), tells=view in secret, persons=counts[:, counts.any(axis=0)])
        for first, second in combinations(known, 2):
            yield Counts(
                (first[0], second[0]), tells=False, persons=self._known(first, second, releases)
            )
        for first, second in product(known, secret):
            yield Counts(
                (first[0], second[0]), tells=True, persons=self._telling(first, second, releases)
            )

    def _single(self, view: View, releases: Sequence[int]) -> Int64s:
        numbers, size = self._numbered(view)
        counts = np.zeros((len(releases), size), np.int64)
        for row, r in zip(counts, releases, strict=True):
            row[numbers[r]] = self.sketches[r].cells[view].persons
        return counts

    def _known(self, first: View, second: View, releases: Sequence[int]) -> Int64s:
        """Persons per pair of quasi-identifiers, counted anew from their classes."""
        size = self._numbered(first)[1] * self._numbered(second)[1]
        codes = [self._class_codes(r, first, second) for r in releases]
        if size > _COUNTED_AT_ONCE:
            found, places = np.unique(np.concatenate(codes), return_inverse=True)
            codes = np.split(places, np.cumsum([one.size for one in codes])[:-1])
            size = found.size
        counts = np.zeros((len(releases), size), np.int64)
        for row, r, code in zip(counts, releases, codes, strict=True):
            counting, classes = self._counted(r)
            row[:] = counting.cells(code[classes], size)
        return counts[:, counts.any(axis=0)]

    def _class_codes(self, release: int, first: View, second: View) -> Int64s:
        """Per class of a release, the number of its pair of cells."""
        found = []
        sketch = self.sketches[release]
        for view in (first, second):
            numbers, _ = self._numbered(view)
            found.append(numbers[release][sketch.cells[view].of_own[sketch.leaves[view[0]]]])
        codes: Int64s = found[0] * self._numbered(second)[1] + found[1]
        return codes

    def _telling(self, first: View, second: View, releases: Sequence[int]) -> Int64s:
        (numbers, _), (others, width) = self._numbered(first), self._numbered(second)
        pairs = [self.sketches[r].pairs[first, second] for r in releases]
        codes = [
            numbers[r][one.first] * width + others[r][one.second]
            for r, one in zip(releases, pairs, strict=True)
        ]
        found, places = np.unique(np.concatenate(codes), return_inverse=True)
        counts = np.zeros((len(releases), found.size), np.int64)
        ends = np.cumsum([one.size for one in codes])[:-1]
        for row, one, place in zip(counts, pairs, np.split(places, ends), strict=True):
            row[place] = one.persons
        return counts

    def _counted(self, release: int) -> tuple[Counting, Int64s]:
        if release not in self._counting:
            sketch = self.sketches[release]
            person = np.repeat(np.arange(sketch.persons), np.diff(sketch.starts))
            self._counting[release] = Counting(person), sketch.classes
        return self._counting[release]

    def _numbered(self, view: View) -> tuple[dict[int, Int64s], int]:
        """Per release that has the view, a number per cell, equal for equal digests; and how many."""
        if view not in self._numbers:
            having = [r for r, one in enumerate(self.sketches) if view in one.cells]
            digests = [self.sketches[r].cells[view].digests for r in having]
            halves = np.concatenate(digests).view(">u8").astype(np.uint64).reshape(-1, 2)
            codes = numbered(pl.DataFrame({"first": halves[:, 0], "second": halves[:, 1]}))
            ends = np.cumsum([len(one) for one in digests])[:-1]
            size = int(codes.max()) + 1 if codes.size else 0
            self._numbers[view] = dict(zip(having, np.split(codes, ends), strict=True)), size
        return self._numbers[view]
