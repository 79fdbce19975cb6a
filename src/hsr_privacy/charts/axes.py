"""Axes: how far a scale goes, and which figures stand beside it."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hsr_privacy.charts.figures import Language, decimal, percent, percent_by
from hsr_privacy.charts.measures import width

EDGE: Final = 26
"""Pixels beside the marks for half a figure."""
_LEAST: Final = 1e-6
"""A share that differs from 0 on paper."""
_APART: Final = 14
"""Pixels between two figures."""
_DIGITS: Final = (
    (10, 12, 15, 20, 25, 30, 40, 50, 60, 80),
    (10, 15, 20, 30, 50),
    (10, 20, 50),
    (10, 30),
    (10,),
)
"""Tens at which a logarithmic scale may have figures, as many as there is room for."""
_FURTHEST: Final = 1000.0
"""How many times an estimate an end of its interval may be before it is cut off with an arrow."""


@dataclass(frozen=True)
class Axis:
    """A scale with its figures.

    Attributes:
        kind: of Vega-Lite: ``linear``, ``log`` or ``symlog``.
        low: where it begins.
        high: where it ends.
        ticks: places with what is written there.
        constant: of ``symlog``: about where the scale turns from linear to logarithmic.
    """

    kind: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    constant: float = 1.0

    def scale(self) -> dict[str, object]:
        """The scale, for an encoding of Vega-Lite."""
        made: dict[str, object] = {
            "type": self.kind,
            "domain": [self.low, self.high],
            "nice": False,
            "zero": False,
        }
        return {**made, "constant": self.constant} if self.kind == "symlog" else made

    def axis(self, *, title: Sequence[str] = (), **more: object) -> dict[str, object]:
        """The axis, for an encoding of Vega-Lite.

        Args:
            title: in lines.
            more: further properties of an axis of Vega-Lite.
        """
        places = [place for place, _ in self.ticks]
        words = [text for _, text in self.ticks]
        return {
            "values": places,
            "labelExpr": f"{_quoted(words)}[indexof({json.dumps(places)}, datum.value)]",
            "title": list(title) or None,
            **more,
        }

    def part(self, value: float) -> float:
        """How far along the axis a value stands, 0-1; what lies beyond stands at the end."""
        inside = min(max(value, self.low), self.high)
        ends = [self._even(one) for one in (self.low, inside, self.high)]
        return (ends[1] - ends[0]) / (ends[2] - ends[0])

    def _even(self, value: float) -> float:
        if self.kind == "log":
            return math.log(value)
        return math.log1p(value / self.constant) if self.kind == "symlog" else value


def share_axis(shares: Iterable[float], language: Language, *, room: float) -> Axis:
    """From 0 to just above the largest share; to 10 % if all are 0.

    Args:
        shares: 0-1; ends of intervals may lie outside.
        language: of the figures.
        room: pixels along the axis, of which its figures take their part.
    """
    most = max(min(max(shares, default=0.0), 1.0), 0.0)
    most = max(most, _LEAST) if most else 0.1
    size = 10.0 ** math.floor(math.log10(most))
    for step in (size * wide for wide in (0.1, 0.2, 0.25, 0.5, 1, 2, 5)):
        steps = math.ceil(most / step - 1e-9)
        write = percent_by(step)
        ticks = tuple((n * step, write(n * step, language)) for n in range(steps + 1))
        widest = max(width(text) for _, text in ticks)
        if steps <= 5 and (widest + _APART) * steps <= room:
            break
    return _inside(Axis("linear", 0.0, ticks[-1][0], ticks), room)


def risk_axis(risks: Iterable[float], language: Language) -> Axis:
    """From 0 to just above the largest share, by powers of ten from the smallest that is not 0."""
    known = [max(risk, _LEAST) for risk in risks if risk > 0]
    low = math.floor(math.log10(min(known, default=0.01)) + 1e-9)
    high = math.ceil(math.log10(max(known, default=0.1)) - 1e-9)
    low = min(low, high - 1)
    powers = [10.0**power for power in range(max(low, high - 6), high + 1)]
    ticks = [(0.0, percent(0, language))]
    ticks += [(power, percent_by(power)(power, language)) for power in powers]
    return Axis("symlog", 0.0, powers[-1], tuple(ticks), constant=powers[0] / 2)


def ratio_axis(numbers: Iterable[float], language: Language, *, room: float) -> Axis:
    """Ratios above 0 on a logarithmic scale, on which 1 lies too.

    Args:
        numbers: estimates and ends of intervals.
        language: of the figures.
        room: pixels along the axis, of which its figures take their part.
    """
    known = [number for number in numbers if 0 < number < math.inf] or [1.0]
    low, high = min(1.0, *known) / 1.15, max(1.0, *known) * 1.15
    if high / low < 3:
        low, high = low / 1.5, high * 1.5
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in _DIGITS:
        places = [digit * 10.0**power / 10 for power in range(first, last + 1) for digit in digits]
        # What is too small for a figure of its own is said once, by the largest such.
        said = {decimal(one, language): one for one in places if low <= one <= high}
        ticks = [(one, text) for text, one in said.items()]
        if _fits(ticks, math.log(high / low), room):
            break
    axis = Axis("log", low, high, tuple(ticks))
    nth = 2
    while not _fits(axis.ticks, math.log(high / low), room):
        kept = [tick for tick in ticks if round(math.log10(tick[0])) % nth == 0]
        axis, nth = replace(axis, ticks=tuple(kept)), nth + 1
    return _inside(axis, room)


def number_axis(numbers: Iterable[float], language: Language, *, room: float) -> Axis:
    """Numbers of any sign on a linear scale, on which 0 lies too."""
    known = [0.0, *(number for number in numbers if math.isfinite(number))]
    low, high = min(known), max(known)
    size = 10.0 ** math.floor(math.log10((high - low) or 1.0))
    for step in (size * wide for wide in (0.1, 0.2, 0.5, 1, 2, 5, 10)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        last = max(last, first + 1)
        ticks = tuple((n * step, decimal(n * step, language)) for n in range(first, last + 1))
        widest = max(width(text) for _, text in ticks)
        if last - first <= 6 and (widest + _APART) * (last - first) <= room:
            break
    return _inside(Axis("linear", ticks[0][0], ticks[-1][0], ticks), room)


def within_reach(estimates: Sequence[float], ends: Iterable[float]) -> list[float]:
    """The ends of intervals that lie on the axis of their estimates; others are cut off."""
    low, high = min(estimates) / _FURTHEST, max(estimates) * _FURTHEST
    return [end for end in ends if low <= end <= high]


def _inside(axis: Axis, room: float) -> Axis:
    """The axis without figures that would be cut off at its ends."""
    kept = [
        (value, text)
        for value, text in axis.ticks
        if width(text) / 2 - EDGE <= axis.part(value) * room <= room + EDGE - width(text) / 2
    ]
    return replace(axis, ticks=tuple(kept))


def _fits(ticks: Sequence[tuple[float, str]], span: float, room: float) -> bool:
    """Whether figures on a logarithmic scale leave each other room."""
    places = [(math.log(one) * room / span, width(text) / 2) for one, text in ticks]
    return all(
        right - left >= half + other + _APART
        for (left, half), (right, other) in itertools.pairwise(places)
    )


def _quoted(words: Sequence[str]) -> str:
    """Words as an expression of Vega."""
    return json.dumps(list(words))
