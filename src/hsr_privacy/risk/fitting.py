"""Fitting: equivalence classes in which a class is everybody who agrees with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import ClassHistograms, EquivalenceClasses
from hsr_privacy.risk.agreeing import Agreement

Int64s = NDArray[np.int64]

_AT_ONCE: Final = 2**24
"""Numbers that are added up at a time: classes times sensitive values."""


@dataclass(frozen=True, eq=False)
class FittingClasses(EquivalenceClasses):
    """The base classes of a frequency table, each with the persons and rows of all that agree.

    Attributes:
        agreement: which classes agree.
    """

    agreement: Agreement | None = None

    @classmethod
    def by(cls, agreement: Agreement) -> FittingClasses:
        """The classes of an agreement."""
        base = EquivalenceClasses.base(agreement.table)
        return cls(base.table, base.packed, base.counts, agreement=agreement)

    @cached_property
    def persons(self) -> Int64s:
        """int64, distinct persons who agree with each class."""
        return self._fitting[0]

    def histograms(self, column: str) -> ClassHistograms:
        """How often each sensitive value stands in the rows that agree with each class."""
        return self._fitting[1][column]

    @cached_property
    def _fitting(self) -> tuple[Int64s, dict[str, ClassHistograms]]:
        """Persons, and histograms of all sensitive columns; many sums are taken at a time."""
        assert self.agreement is not None
        secrets = self.table.sensitive
        widths = {name: len(one.totals) for name, one in secrets.items()}
        firsts = dict(zip(secrets, np.cumsum([1, *widths.values()])[:-1].tolist(), strict=True))
        everyone = np.arange(len(self))
        parts = [(everyone, np.zeros(len(self), np.int64), self.table.persons)]
        parts += [
            (one.classes, one.codes + firsts[name], one.counts) for name, one in secrets.items()
        ]
        classes, places, counts = (np.concatenate(part) for part in zip(*parts, strict=True))
        end = 1 + sum(widths.values())
        step = max(_AT_ONCE // max(len(self), 1), 1)
        persons = np.zeros(0, np.int64)
        found: dict[str, list[tuple[Int64s, Int64s, Int64s]]] = {name: [] for name in secrets}
        for begin in range(0, end, step):
            stop = min(begin + step, end)
            here = (places >= begin) & (places < stop)
            weights = np.zeros((len(self), stop - begin), np.int32)
            weights[classes[here], places[here] - begin] = counts[here]
            sums = self.agreement.sums(weights)
            if begin == 0:
                persons = self.agreement.counted_once(sums[:, 0].astype(np.int64))
            for name, first in firsts.items():
                low, high = max(first, begin), min(first + widths[name], stop)
                if low < high:
                    part = sums[:, low - begin : high - begin]
                    cls, code = np.nonzero(part)
                    found[name].append((cls, code + low - first, part[cls, code].astype(np.int64)))
        return persons, {
            name: _histograms(parts, secrets[name].totals, size=len(self))
            for name, parts in found.items()
        }


def _histograms(
    parts: list[tuple[Int64s, Int64s, Int64s]], totals: Int64s, *, size: int
) -> ClassHistograms:
    """The histograms of one column, from pairs of class and value with their rows."""
    classes, codes, counts = (np.concatenate(one) for one in zip(*parts, strict=True))
    if len(parts) > 1:
        order = np.argsort(classes, kind="stable")
        codes, counts = codes[order], counts[order]
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(classes, minlength=size), out=starts[1:])
    return ClassHistograms(starts, codes.astype(np.int32), counts, totals)
