"""Rows: pictures in which every thing has a row, with its name, its marks and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hsr_privacy.charts.axes import EDGE, Axis
from hsr_privacy.charts.figures import count
from hsr_privacy.charts.keys import Key, lay_keys
from hsr_privacy.charts.layers import Layer, hits, rules, words
from hsr_privacy.charts.measures import LINE, width, wrap
from hsr_privacy.charts.places import Place

MOST: Final = 40
"""Rows that are drawn at most; the table beside the picture has them all."""
_PAGE: Final = 1000
"""Pixels from above to below that can be read on one printed page."""
ONE: Final = 18
"""Pixels from above to below of a row with one mark."""
TWO: Final = 24
"""The same with one mark above the other."""
_GAP: Final = 14
_LABELS: Final = 0.38
"""Share of the width that names take at most where they stand beside the marks."""


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        text: its name.
        shown: its figures, in few letters.
        told: all of it in a sentence, read out and shown when the row is pointed at.
        link: id of the row of the table; empty for none.
        group: heading above it and its neighbours; empty for none.
        alarm: whether its figures are written in the colour of what is wrong.
    """

    text: str
    shown: str
    told: str
    link: str = ""
    group: str = ""
    alarm: bool = False


@dataclass(frozen=True)
class Laid:
    """Rows with their places.

    Attributes:
        place: of the picture.
        middles: of the marks of each row, in pixels from above.
        left: pixels before the marks begin.
        room: pixels across the marks.
        right: pixels after the marks end.
        height: of all rows, in pixels.
        beneath: layers under the marks: where rows are pointed at, and the lines between them.
        above: layers over the marks: names and figures.
    """

    place: Place
    middles: tuple[float, ...]
    left: float
    room: float
    right: float
    height: float
    beneath: tuple[Layer, ...] = field(repr=False)
    above: tuple[Layer, ...] = field(repr=False)

    def spec(
        self, axis: Axis, layers: Sequence[Layer], *, title: str, keys: Sequence[Key] = ()
    ) -> dict[str, object]:
        """The specification of the picture.

        Args:
            axis: from left to right.
            layers: what is drawn over the rows, lowest first.
            title: of the axis.
            keys: what the marks mean.
        """
        across = self.place.width
        legend, top = lay_keys(keys, across, left=-self.left)
        lines = wrap(title, self.room + min(self.right, EDGE))
        shown = axis.axis(
            title=lines,
            titleX=0,
            titleY=36,
            titleAlign="left",
            titleAnchor="start",
            titleBaseline="alphabetic",
            titleLineHeight=LINE,
            labelPadding=8,
            ticks=False,
            domain=False,
        )
        scaled = [layer.on(x={"scale": axis.scale(), "axis": shown}) for layer in layers]
        return {
            "width": self.room,
            "height": self.height,
            "autosize": "none",
            "padding": {
                "left": self.left,
                "right": self.right,
                "top": top,
                "bottom": 30 + LINE * len(lines),
            },
            "layer": [layer.made for layer in (*self.beneath, *scaled, *legend, *self.above)],
        }


def lay_rows(rows: Sequence[Row], place: Place, *, mark: int = ONE) -> Laid:
    """Give every row its place: names beside the marks, or above them where it is narrow.

    Args:
        rows: in order; those of one group next to each other. Only the first are drawn if there are
            more than `MOST`, or than fit a printed page.
        place: of the picture.
        mark: pixels from above to below that the marks of a row take: `ONE` or `TWO`.
    """
    figures = max(width(row.shown) for row in rows[:MOST])
    names = max(width(row.text) for row in rows[:MOST]) + 2
    left = right = float(EDGE)
    if place.beside:
        left = min(names, place.width * _LABELS) + _GAP
        right = max(figures + _GAP, EDGE)
    sheet = _Sheet(place, left, mark)
    for row in rows[:MOST]:
        sheet.add(row)
    left_out = len(rows) - len(sheet.middles)
    if left_out:
        more = place.words(
            f"{count(left_out)} til står i tabellen", f"{count(left_out)} more are in the table"
        )
        sheet.write(more, sheet.y + LINE + 2, "faint over")
        sheet.y += LINE + 4
    return Laid(
        place,
        tuple(sheet.middles),
        left,
        place.width - left - right,
        right,
        sheet.y,
        (hits(sheet.boxes), rules(sheet.lines, color="var(--line)", where="page")),
        tuple(words(sheet.texts)),
    )


class _Sheet:
    """Rows as they are laid, from above to below."""

    def __init__(self, place: Place, left: float, mark: int) -> None:
        self.place, self.left, self.mark = place, left, mark
        self.right = place.width - left
        self.y = 0.0
        self.group = ""
        self.full = False
        self.middles: list[float] = []
        self.texts: list[Mapping[str, object]] = []
        self.boxes: list[Mapping[str, object]] = []
        self.lines: list[Mapping[str, object]] = []

    def add(self, row: Row) -> None:
        """One row more, with its heading if a group begins, unless the page is full."""
        heading = wrap(row.group, self.place.width, strong=True) if row.group != self.group else ()
        lines, below = self._lines(row)
        high = self._high(lines, below=below)
        needed = high + (LINE * len(heading) + 12 if heading else 0)
        self.full |= self.place.beside and bool(self.middles) and self.y + needed > _PAGE
        if self.full:
            return
        if heading:
            self.y += 8 if self.middles else 0
            for line in heading:
                self.y += LINE
                self.write(line, self.y - 4, "strong over")
            self.y += 4
            self.group = row.group
        self._place(row, lines, high, below=below)

    def write(self, text: str, base: float, kind: str, *, at_end: bool = False) -> None:
        """Words on a base line, from the left edge of the picture or up to its right one."""
        x = self.right if at_end else -self.left
        self.texts.append({"x": x, "y": base, "text": text, "kind": kind})

    def _lines(self, row: Row) -> tuple[tuple[str, ...], bool]:
        """The lines of a name, and whether its figures need one below."""
        if self.place.beside:
            return wrap(row.text, self.left - _GAP), False
        beside = self.place.width - width(row.shown) - _GAP
        below = beside < self.place.width * _LABELS
        return wrap(row.text, self.place.width if below else beside), below

    def _high(self, lines: Sequence[str], *, below: bool) -> float:
        named = LINE * (len(lines) + below)
        return max(self.mark, named) + 4 if self.place.beside else named + self.mark + 10

    def _place(self, row: Row, lines: Sequence[str], high: float, *, below: bool) -> None:
        """Write a row and keep where its marks go."""
        if self.place.beside:
            middle = self.y + high / 2
            base = middle - LINE * (len(lines) - 1) / 2 + 4
            figures = middle + 4
        else:
            middle = self.y + high - self.mark / 2 - 4
            base = self.y + LINE
            figures = base + LINE * len(lines) * below
        for n, line in enumerate(lines):
            self.write(line, base + LINE * n, "over")
        self.write(row.shown, figures, "alarm end over" if row.alarm else "end over", at_end=True)
        box = {"x": -self.left, "x2": self.right, "y": self.y, "y2": self.y + high}
        self.boxes.append(
            {**box, "told": row.told, **({"row": f"#{row.link}"} if row.link else {})}
        )
        self.y += high
        self.lines.append({"x": -self.left, "x2": self.right, "y": self.y, "y2": self.y})
        self.middles.append(middle)
