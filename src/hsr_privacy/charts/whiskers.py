"""Whiskers: estimates with their intervals, cut off with an arrow where they leave the axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hsr_privacy.charts.axes import Axis
from hsr_privacy.charts.keys import Key
from hsr_privacy.charts.layers import Layer, dots, rules
from hsr_privacy.charts.values import Interval


@dataclass(frozen=True)
class Look:
    """How one kind of estimates is drawn.

    Attributes:
        fill: colour of the dot.
        stroke: colour of its outline and of the interval.
        shape: of the dot.
    """

    fill: str
    stroke: str
    shape: Literal["circle", "square"]

    def key(self, text: str) -> Key:
        """What it means."""
        return Key(text, shape=self.shape, fill=self.fill, stroke=self.stroke)


BEFORE: Final = Look("var(--paper)", "var(--quiet)", "circle")
AFTER: Final = Look("var(--accent)", "var(--accent)", "square")


def whiskers(
    intervals: Sequence[Interval | None], middles: Sequence[float], axis: Axis, look: Look
) -> list[Layer]:
    """The layers of estimates, one in a row.

    Args:
        intervals: None where there is nothing to draw.
        middles: pixels from above, one for each.
        axis: on which they stand.
        look: of all of them.
    """
    lines, spots, left, right = [], [], [], []
    for interval, y in zip(intervals, middles, strict=False):
        if interval is None:
            continue
        if axis.low <= interval.value <= axis.high:
            spots.append({"x": interval.value, "y": y})
        if interval.low is None or interval.high is None:
            continue
        low, high = max(interval.low, axis.low), min(interval.high, axis.high)
        lines.append({"x": low, "x2": high, "y": y, "y2": y})
        left += [{"x": low, "y": y}] if interval.low < axis.low else []
        right += [{"x": high, "y": y}] if interval.high > axis.high else []
    made = [rules(lines, color=look.stroke, width=2)] if lines else []
    for arrows, shape in ((left, "triangle-left"), (right, "triangle-right")):
        if arrows:
            made.append(dots(arrows, fill=look.stroke, stroke=look.stroke, size=40, shape=shape))
    if spots:
        made.append(dots(spots, fill=look.fill, stroke=look.stroke, size=58, shape=look.shape))
    return made
