"""Keys: what the marks of a picture mean, above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hsr_privacy.charts.layers import Layer, dots, rules, words
from hsr_privacy.charts.measures import LINE, width, wrap

_MARK: Final = 20
_APART: Final = 18
_STEP: Final = LINE + 4


@dataclass(frozen=True)
class Key:
    """One mark and what it means.

    Attributes:
        text: the meaning.
        shape: of the mark: one of Vega's shapes, or ``line`` for an upright line.
        fill: its colour.
        stroke: of its outline, or of the line.
        dash: whether the line is broken.
        size: of the mark, in square pixels.
    """

    text: str
    shape: Literal["circle", "square", "diamond", "line"] = "circle"
    fill: str = "var(--accent)"
    stroke: str = "var(--accent)"
    dash: bool = False
    size: float = 64


def lay_keys(keys: Sequence[Key], across: float, *, left: float) -> tuple[list[Layer], float]:
    """The keys in as many lines as they need, above the picture.

    Args:
        keys: in order.
        across: pixels of the whole picture.
        left: where they begin, in pixels from where the marks do.
    Returns:
        their layers, and how many pixels they take.
    """
    placed: list[tuple[float, float, Key, str]] = []
    x, y = 0.0, 0.0
    for key in keys:
        lines = wrap(key.text, across - _MARK)
        wide = _MARK + max(width(line) for line in lines)
        if x and x + wide > across:
            x, y = 0.0, y + _STEP
        for n, line in enumerate(lines):
            placed.append((x, y + LINE * n, key, line) if n else (x, y, key, line))
        x, y = x + wide + _APART, y + LINE * (len(lines) - 1)
    if not keys:
        return [], 8.0
    high = y + _STEP + 10
    texts = [
        {"x": left + at + _MARK, "y": down - high + 14, "text": line, "kind": "faint"}
        for at, down, _, line in placed
    ]
    layers = words(texts)
    firsts: dict[int, tuple[float, float, Key]] = {}
    for at, down, key, _ in placed:
        firsts.setdefault(id(key), (at, down, key))
    for at, down, key in firsts.values():
        middle = down - high + 10
        if key.shape == "line":
            ends: Mapping[str, object] = {
                "x": left + at + 8,
                "x2": left + at + 8,
                "y": middle - 7,
                "y2": middle + 7,
            }
            layers.append(rules([ends], color=key.stroke, where="page", dash=key.dash, width=1.5))
        else:
            spot = {"x": left + at + 8, "y": middle}
            layers.append(
                dots(
                    [spot],
                    fill=key.fill,
                    stroke=key.stroke,
                    size=key.size,
                    shape=key.shape,
                    where="page",
                )
            )
    return layers, high
