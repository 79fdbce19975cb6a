"""The picture of the frontier: loss from left to right, the largest risk from below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.canvas import WIDTH, Canvas, line, steps, tipped
from hsr_privacy.explaining.explanation import Explanation, Point
from hsr_privacy.explaining.figures import Language, percent, risk
from hsr_privacy.explaining.sentences import frontier_in_words
from hsr_privacy.explaining.wording import in_words
from hsr_privacy.pages import count_text

_LEFT: Final = 62
_INSIDE: Final = 64
"""Room before the loss of nothing, for the names of the lines."""
_RIGHT: Final = 24
_TOP: Final = 40
_HIGH: Final = 320
_BOTTOM: Final = 56
_APART: Final = 40
_LINE: Final = 16
_TICKS: Final = (1, 2, 5)


def frontier_picture(
    explanation: Explanation, language: Language = "en", *, name: str = ""
) -> str | None:
    """What other k and other limits would have cost, as SVG text; None if there is nothing to show.

    Every dot is a release, and dots of one k are joined; filled ones are those that no other beats
    in both loss and risk. The ring is this release.

    Args:
        explanation: with its frontier.
        language: of the words.
        name: begins the ids, for an element of a page that has `RULES`; else it is a file.
    """
    points = [one for one in explanation.frontier.points if one.k_reached]
    if not points:
        return None
    frame = _Frame(points)
    title = in_words(language, "Risiko mot tap", "Risk against loss")
    told = " ".join(
        [
            in_words(
                language,
                "Hvert punkt er en utlevering: tapet fra venstre mot høyre, største risiko nedenfra.",
                "Every dot is a release: loss from left to right, the largest risk from below.",
            ),
            *frontier_in_words(explanation, language),
        ]
    )
    parts = [*frame.axes(language), *_lines(explanation, points, frame, language)]
    height = _TOP + _HIGH + _BOTTOM
    return Canvas(language, name).drawn(parts, title=title, told=told, height=height)


class _Frame:
    """Where loss and risk stand in the picture."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.ticks = steps(max(0.1, *(one.loss for one in points)))
        self.highest = max(one.risk_highest for one in points) * 1.25
        self.lowest = min(one.risk_highest for one in points) / 1.6

    def x(self, loss: float) -> float:
        """Pixels from the left."""
        room = WIDTH - _LEFT - _INSIDE - _RIGHT
        return _LEFT + _INSIDE + room * loss / self.ticks[-1]

    def y(self, value: float) -> float:
        """Pixels from the top; the scale is logarithmic."""
        part = math.log(self.highest / value) / math.log(self.highest / self.lowest)
        return _TOP + _HIGH * part

    def axes(self, language: Language) -> list[str]:
        """Lines and figures on both sides."""
        foot, end = _TOP + _HIGH, WIDTH - _RIGHT
        parts = []
        sizes = [wide * 10**power for power in range(8) for wide in _TICKS]
        for size in sizes:
            if self.lowest <= 1 / size <= self.highest:
                y = self.y(1 / size)
                parts.append(line("grid", _LEFT, y, end, y))
                parts.append(svg.text(_LEFT - 8, y + 4, risk(1 / size), "faint end"))
        for loss in self.ticks:
            x = self.x(loss)
            parts.append(line("axis", x, foot, x, foot + 5))
            parts.append(svg.text(x, foot + 20, percent(loss, language), "faint middle"))
        parts.append(line("axis", _LEFT, foot, end, foot))
        lost = in_words(language, "tapt av detaljene", "of the detail lost")
        largest = in_words(
            language,
            "største risiko for å bli gjenkjent (1 / personer i den minste gruppen)",
            "largest risk of being recognized (1 / persons in the smallest class)",
        )
        return [
            *parts,
            svg.text((self.x(0) + end) / 2, foot + 42, lost, "faint middle"),
            svg.text(8, 18, largest, "faint"),
        ]


def _lines(
    explanation: Explanation, points: Sequence[Point], frame: _Frame, language: Language
) -> list[str]:
    """The dots of each k, joined and named, and the ring."""
    here = next((one for one in points if one.here), None)
    parts = []
    for k in sorted({one.k for one in points}, key=lambda one: one or 0):
        of_k = [one for one in points if one.k == k and one.levels is not None]
        places = [(frame.x(one.loss), frame.y(one.risk_highest)) for one in of_k]
        own = "own" if here is not None and here.k == k else ""
        inside = []
        if len(places) > 1:
            path = " ".join(f"{x:.2f},{y:.2f}" for x, y in places)
            inside.append(f'<polyline class="path" points="{path}"/>')
        for one, (x, y) in zip(of_k, places, strict=True):
            best = " best" if one.pareto else ""
            dot = f'<circle class="dot{best}" cx="{x:.2f}" cy="{y:.2f}" r="4"/>'
            inside.append(tipped([dot], _tip(explanation, one, language)))
        if own:
            inside += _named(of_k, places, language)
        if k is not None and places:
            x, y = min(places)
            inside.append(
                svg.text(x - 12, y + 4, f"k = {k}", "strong end over" if own else "faint end over")
            )
        parts.append(f'<g class="{own}">{"".join(inside)}</g>' if own else "".join(inside))
    return [*parts, *([_ring(explanation, here, frame, language)] if here is not None else [])]


def _named(
    points: Sequence[Point], places: Sequence[tuple[float, float]], language: Language
) -> list[str]:
    """The limits below the dots, as far as there is room; this release has the right of way."""
    taken: list[tuple[float, float]] = []
    parts = []
    for one, (x, y) in sorted(zip(points, places, strict=True), key=lambda pair: not pair[0].here):
        if all(abs(x - left) > _APART or abs(y - top) > _LINE for left, top in taken):
            taken.append((x, y))
            parts.append(svg.text(x, y + 22, _limits(one, language), "faint middle over"))
    return parts


def _ring(explanation: Explanation, here: Point, frame: _Frame, language: Language) -> str:
    x, y = frame.x(here.loss), frame.y(here.risk_highest)
    ring = f'<circle class="here" cx="{x:.2f}" cy="{y:.2f}" r="9"/>'
    side, anchor = (12, "strong over") if x < WIDTH - 160 else (-12, "strong over end")
    words = in_words(language, "denne utleveringen", "this release")
    name = svg.text(x + side, y - 11, words, anchor)
    return tipped([ring, name], _tip(explanation, here, language))


def _limits(one: Point, language: Language) -> str:
    """The limits that lead to a point: ``2%``, or ``10%+`` where more changes nothing."""
    text = percent(min(one.limits), language)
    return text + "+" if max(one.limits) >= 1 and min(one.limits) < 1 else text


def _tip(explanation: Explanation, one: Point, language: Language) -> str:
    loss, rows = percent(one.loss, language), count_text(one.rows_suppressed)
    share = percent(one.rows_suppressed / max(explanation.rows, 1), language)
    limits = percent(one.limits[0], language)
    if len(one.limits) > 1:
        limits += f" – {percent(one.limits[-1], language)}"
    asked = "" if one.k is None else f"k = {one.k}, "
    return in_words(
        language,
        f"{asked}grense {limits}: tap {loss}, {rows} rader fjernet ({share}), risiko {risk(one.risk_highest)}",
        f"{asked}limit {limits}: loss {loss}, {rows} rows removed ({share}), risk {risk(one.risk_highest)}",
    )
