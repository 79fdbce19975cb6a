"""Drawing: what the pictures of a portrait have in common beyond the canvas of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.canvas import RULES as CANVAS_RULES
from hsr_privacy.explaining.canvas import box, line
from hsr_privacy.explaining.figures import Language, percent

KINDS: Final = ("a", "b", "c", "d")
"""Lines of a picture, told apart by colour and by dashes."""

RULES: Final = (
    CANVAS_RULES
    + """\
svg.chart .curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
svg.chart .a { stroke: var(--accent); }
svg.chart .b { stroke: var(--bad); stroke-dasharray: 7 3; }
svg.chart .c { stroke: var(--warn); stroke-dasharray: 2 3; }
svg.chart .d { stroke: var(--quiet); stroke-dasharray: 9 3 2 3; }
svg.chart .area { stroke: none; fill-opacity: .13; }
svg.chart .area.a { fill: var(--accent); }
svg.chart .area.b { fill: var(--bad); }
svg.chart .area.c { fill: var(--warn); }
svg.chart .area.d { fill: var(--quiet); }
svg.chart .frame { fill: var(--wash); fill-opacity: 1; stroke: var(--quiet); stroke-width: .8; }
svg.chart .frame.key { fill: var(--soft); }
svg.chart .empty { fill: none; stroke: var(--line); stroke-width: 1; }
svg.chart .heat { fill: var(--accent); }
svg.chart .woman { fill: var(--warn); }
svg.chart .inside { fill: var(--paper); }
svg.chart .point { fill: var(--accent); }
.picture { overflow-x: auto; }
@media screen { .picture svg { min-width: 44rem; } }
"""
)
"""Rules of CSS by which a page shows the pictures."""


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, each so far from the next, between two ends.

    Args:
        wanted: in any order.
        apart: at least.
        low: the least of all places.
        high: the greatest.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    places = list(wanted)
    floor = low
    for place in order:
        places[place] = max(places[place], floor)
        floor = places[place] + apart
    ceiling = high
    for place in reversed(order):
        places[place] = min(places[place], ceiling)
        ceiling = places[place] - apart
    return places


def ticks_to(most: float) -> list[int]:
    """Round counts from 0 to ``most`` or just above, five steps or fewer.

    Example:
        >>> ticks_to(1554)
        [0, 500, 1000, 1500, 2000]
    """
    size = 1
    while most > size * 10:
        size *= 10
    step = next(size * wide for wide in (1, 2, 5) if most <= size * wide * 5 or wide == 5)
    if most <= size * 2.5 and size >= 10:
        step = size // 2
    return list(range(0, int(-(-most // step)) * step + 1, step))


def frame(
    left: float,
    top: float,
    width: float,
    height: float,
    lines: Sequence[str],
    *,
    key: bool = False,
    plain: bool = False,
) -> str:
    """A box with centred lines; the first stands out, if not ``plain``."""
    kind = "frame key" if key else "frame"
    middle, first = left + width / 2, top + height / 2 - (len(lines) - 1) * 8 + 4.5
    words = [
        svg.text(middle, first + 16 * place, one, "middle" if place or plain else "middle strong")
        for place, one in enumerate(lines)
    ]
    return box(kind, left, top, width, height) + "".join(words)


def path(kind: str, places: Sequence[tuple[float, float]]) -> str:
    """A line through places."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline class="{kind}" points="{points}"/>'


def polygon(kind: str, places: Sequence[tuple[float, float]]) -> str:
    """An area between places."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polygon class="{kind}" points="{points}"/>'


def shares_axis(
    ticks: Sequence[float],
    language: Language,
    *,
    top: float,
    foot: float,
    sides: tuple[float, float],
) -> list[str]:
    """Grid lines and figures of shares, the highest on top."""
    parts = []
    left, right = sides
    for tick in ticks:
        y = foot - (foot - top) * tick / ticks[-1]
        parts.append(line("axis" if tick == 0 else "grid", left, y, right, y))
        parts.append(svg.text(left - 8, y + 4, percent(tick, language), "faint end"))
    return parts


def legend_line(kind: str, left: float, base: float, words: str, *, strong: bool = False) -> str:
    """A piece of a line and what it means."""
    return line(f"curve {kind}", left, base - 4, left + 26, base - 4) + svg.text(
        left + 32, base, words, "strong" if strong else ""
    )
