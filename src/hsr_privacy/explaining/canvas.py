"""The canvas: what the pictures of an explanation have in common, alone or in a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.figures import Language

WIDTH: Final = 760
LETTER: Final = 12 / 13
"""Size of the letters, as `svg.fit` counts it."""

RULES: Final = """\
svg.chart text { font: 12px "Segoe UI", "Source Sans 3", "Noto Sans", system-ui, sans-serif;
  fill: var(--ink); font-variant-numeric: tabular-nums; }
svg.chart .faint { fill: var(--quiet); }
svg.chart .strong { font-weight: 600; }
svg.chart .end { text-anchor: end; }
svg.chart .middle { text-anchor: middle; }
svg.chart .over { paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
  stroke-linejoin: round; }
svg.chart rect { fill-opacity: .8; }
svg.chart .first { fill: var(--accent); }
svg.chart .second { fill: var(--bad); }
svg.chart .third { fill: var(--warn); }
svg.chart .mild { fill: var(--quiet); }
svg.chart .axis { stroke: var(--quiet); stroke-width: 1; }
svg.chart .grid { stroke: var(--line); stroke-width: 1; }
svg.chart .whole { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; }
svg.chart .range { stroke: var(--ink); stroke-width: 1.5; fill: none; }
svg.chart .path { stroke: var(--quiet); stroke-width: 1.5; fill: none; }
svg.chart .own .path { stroke: var(--accent); stroke-width: 2; }
svg.chart .dot { fill: var(--paper); stroke: var(--quiet); stroke-width: 1.5; }
svg.chart .dot.best { fill: var(--quiet); }
svg.chart .own .dot { stroke: var(--accent); }
svg.chart .own .dot.best { fill: var(--accent); }
svg.chart .here { fill: none; stroke: var(--bad); stroke-width: 2.5; }
svg.chart rect, svg.chart circle { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
"""
"""Rules of CSS by which a page shows the pictures; its colours are those of the house's pages."""

_THEME: Final = """\
svg { --paper: #ffffff; --ink: #1b242b; --quiet: #56626c; --line: #dbe1e4; --accent: #0d5f66;
  --bad: #a3271f; --warn: #b07a1a; }
svg .page { fill: var(--paper); fill-opacity: 1; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14191d; --ink: #e4e9ec; --quiet: #a0acb5; --line: #303a41; --accent: #7cc7c6;
    --bad: #f4998f; --warn: #e8bf6a; }
}
"""


@dataclass(frozen=True)
class Canvas:
    """Where a picture is drawn.

    Attributes:
        language: of its words.
        name: begins its ids if it stands in a page; a file of its own has none.
    """

    language: Language
    name: str = ""

    def drawn(self, parts: Sequence[str], *, title: str, told: str, height: float) -> str:
        """The picture as SVG text: a file, or an element of a page that has `RULES`."""
        if self.name:
            more = f' class="chart" lang="{self.language}"'
            return svg.element(
                parts,
                title=title,
                told=told,
                width=WIDTH,
                height=height,
                name=f"{self.name}-{self.language}-",
                more=more,
            )
        inside = ['<g class="chart">', *parts, "</g>"]
        return svg.picture(
            inside,
            title=title,
            told=told,
            style=_THEME + RULES.replace("svg.chart", "svg .chart"),
            width=WIDTH,
            height=height,
        )


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line."""
    return f'<line class="{kind}" x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"/>'


def box(kind: str, left: float, top: float, width: float, height: float) -> str:
    """A rectangle."""
    return (
        f'<rect class="{kind}" x="{left:.2f}" y="{top:.2f}" width="{max(width, 0):.2f}" '
        f'height="{height:.2f}"/>'
    )


def tipped(parts: Sequence[str], tip: str, kind: str = "") -> str:
    """Parts that say something when they are pointed at."""
    named = f' class="{kind}"' if kind else ""
    return f"<g{named}><title>{svg.xml(tip)}</title>{''.join(parts)}</g>"


def steps(most: float) -> list[float]:
    """Round numbers from 0 to just above ``most``, about five of them."""
    size = 10.0
    while size > most:
        size /= 10
    ticks = next(
        (size * wide for wide in (0.1, 0.2, 0.25, 0.5, 1, 2) if most / (size * wide) <= 5), size * 5
    )
    count = int(most / ticks - 1e-9) + 1
    return [n * ticks for n in range(count + 1)]
