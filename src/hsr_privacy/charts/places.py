"""Places: where a picture stands in a page, how wide it is there, and in which language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from hsr_privacy.charts.drawing import draw
from hsr_privacy.charts.figures import Language, in_words

WIDE: Final = 720
"""Pixels across a page on a desk or on paper."""
NARROW: Final = 342
"""Pixels across a page on a telephone."""
_LABELS_BESIDE: Final = 520

RULES: Final = """\
svg.plot { overflow: visible; max-width: 48rem; }
svg.plot text { font: 12px "Segoe UI", "Source Sans 3", "Noto Sans", system-ui, sans-serif;
  fill: var(--ink); font-variant-numeric: tabular-nums; }
svg.plot .faint { fill: var(--quiet); }
svg.plot .alarm { fill: var(--bad); }
svg.plot .strong { font-weight: 600; }
svg.plot .over { paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
  stroke-linejoin: round; }
svg.plot path, svg.plot line { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
svg.plot [aria-hidden] { pointer-events: none; }
svg.plot .hit { fill: transparent; }
svg.plot .hit:hover { fill: var(--wash); }
svg.plot a:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
svg.plot.narrow { display: none; max-width: 26rem; }
@media screen and (max-width: 46rem) {
  svg.plot.wide { display: none; }
  svg.plot.narrow { display: block; }
}
@media print { svg.plot { max-height: 225mm; } }
tr:target, tr:target > * { background: var(--soft); }
"""
"""Rules of CSS for a page that shows pictures; their colours are those of the house's pages."""


@dataclass(frozen=True)
class Place:
    """Where a picture stands.

    Attributes:
        language: of its words.
        name: begins its ids, and is used once in a page: letters, digits, - and _.
        width: in pixels, at least 280.
        turn: whether it is shown in wide or in narrow windows only; empty for both.
    """

    language: Language
    name: str
    width: float = WIDE
    turn: Literal["", "wide", "narrow"] = ""

    @property
    def beside(self) -> bool:
        """Whether there is room for names beside what is drawn; else they stand above it."""
        return self.width >= _LABELS_BESIDE

    def words(self, norwegian: str, english: str) -> str:
        """The words of the language."""
        return in_words(self.language, norwegian, english)

    def drawn(self, spec: Mapping[str, object], *, title: str, told: str) -> str:
        """The picture of a specification at this place: see `draw`."""
        return draw(
            spec,
            title=title,
            told=told,
            name=self.name,
            language=self.language,
            turn=self.turn,
        )


def for_page(
    picture: Callable[[Place], str | None], *, language: Language, name: str
) -> str | None:
    """A picture for every window: drawn wide and narrow, of which the page shows one (`RULES`).

    Args:
        picture: draws it at a place, as ``lambda place: contributions(variables, place)``.
        language: of its words.
        name: used once in a page and language.
    """
    wide = picture(Place(language, f"{name}-{language}", WIDE, "wide"))
    narrow = picture(Place(language, f"{name}-{language}-narrow", NARROW, "narrow"))
    return None if wide is None or narrow is None else f"{wide}\n{narrow}"
