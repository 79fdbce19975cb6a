"""Draw a hierarchy as a picture: an SVG that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hsr_privacy.hierarchies.table import HierarchyTable
from hsr_privacy.svg import fit, picture, text, xml

MOST_DRAWN: Final = 60
"""So many nodes are drawn one by one; a finer level is left out."""

_WIDTH: Final = 960
_MARGIN: Final = 20
_TITLE: Final = 62
_HEADING: Final = 44
_GAP: Final = 3
_ROOT: Final = 80
_ROW: Final = 20
_LEAST_HEIGHT: Final = 200
_MOST_HEIGHT: Final = 1_000
_FONT: Final = 13
_LETTERS: Final = 14
"""Height of a node from which its label fits."""

_HUES: Final = 6

_STYLE: Final = """\
svg { color: #1c2430; }
text { font: 13px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  fill: currentColor; }
.title { font-size: 17px; font-weight: 600; }
.level { font-weight: 600; }
.quiet { opacity: .75; }
.page { fill: #ffffff; }
rect.n { stroke: #ffffff; stroke-width: 1; }
.h0 { fill: #cfe1f3; } .h1 { fill: #d6ead0; } .h2 { fill: #f5e3bd; }
.h3 { fill: #eed3dd; } .h4 { fill: #dcd7ef; } .h5 { fill: #cbe8e4; } .all { fill: #dfe3e8; }
@media (prefers-color-scheme: dark) {
  svg { color: #e8ecf1; }
  .page { fill: #14181e; }
  rect.n { stroke: #14181e; }
  .h0 { fill: #24476a; } .h1 { fill: #2c5230; } .h2 { fill: #5c4818; }
  .h3 { fill: #5e3043; } .h4 { fill: #423a6b; } .h5 { fill: #1f544e; } .all { fill: #39424e; }
}
"""


@dataclass(frozen=True)
class _Node:
    """A node on the page: its text, the leaves it covers from first to last, and its hue."""

    text: str
    first: int
    last: int
    hue: str


def draw(table: HierarchyTable) -> str:
    """The levels as columns from values to ``*``, each node as high as its share of all values.

    Levels with more than `MOST_DRAWN` nodes are left out, which a line under the title says. Colours
    follow the reader's light or dark theme.

    Args:
        table: a hierarchy over its values.
    """
    levels = _drawn(table)
    order = np.lexsort([table.nodes[level] for level in range(table.levels)])
    columns = [_nodes(table, level, order) for level in levels]
    height = min(_MOST_HEIGHT, max(_LEAST_HEIGHT, _ROW * len(columns[0])))
    wide = (_WIDTH - 2 * _MARGIN - _ROOT) / max(1, len(columns) - 1)
    parts = []
    for place, (level, nodes) in enumerate(zip(levels, columns, strict=True)):
        left = _MARGIN + place * wide
        across = _ROOT if place == len(columns) - 1 else wide - _GAP
        parts += _heading(table, level, left, across)
        parts += [_box(node, left, across, height / table.leaves) for node in nodes]
    title = f"Hierarchy {table.name}"
    heading = [
        text(_MARGIN, 32, fit(title, _WIDTH - 2 * _MARGIN, 1.35), "title"),
        text(_MARGIN, 54, fit(_caption(table, levels), _WIDTH - 2 * _MARGIN), "quiet"),
    ]
    return picture(
        [*heading, *parts],
        title=title,
        told=_description(table, levels),
        style=_STYLE,
        width=_WIDTH,
        height=_TITLE + _HEADING + height + _MARGIN,
    )


def _drawn(table: HierarchyTable) -> list[int]:
    """The levels that are drawn; ``*`` always, and from the finest that fits on."""
    last = table.levels - 1
    finest = next(
        (n for n in range(table.levels) if len(table.labels[n]) <= MOST_DRAWN),
        last,
    )
    return list(range(finest, table.levels))


def _nodes(
    table: HierarchyTable, level: int, order: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> list[_Node]:
    """The nodes of a level from top to bottom; what is one below the root has one hue throughout."""
    nodes = table.nodes[level][order]
    under_root = table.nodes[max(0, table.levels - 2)][order]
    starts = np.flatnonzero(np.append(np.True_, nodes[1:] != nodes[:-1]))
    ends = np.append(starts[1:], len(nodes))
    found = []
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        label = table.labels[level][int(nodes[first])]
        is_root = level == table.levels - 1
        hue = "all" if is_root else f"h{int(under_root[first]) % _HUES}"
        found.append(_Node("(missing)" if label is None else label, first, last, hue))
    return found


def _heading(table: HierarchyTable, level: int, left: float, width: float) -> list[str]:
    count = len(table.labels[level])
    nodes = f"{count:,} {'value' if level == 0 else 'node'}{'s' if count != 1 else ''}"
    name = fit(table.level_names[level], width, 1.06)
    return [
        text(left, _TITLE + 17, name, "level"),
        text(left, _TITLE + 34, fit(nodes, width), "quiet"),
    ]


def _box(node: _Node, left: float, width: float, step: float) -> str:
    """A node with its label, which is left out where it would not fit."""
    top = _TITLE + _HEADING + node.first * step
    high = (node.last - node.first) * step
    count = node.last - node.first
    tip = f"{node.text}: {count:,} value{'s' if count != 1 else ''}"
    label = fit(node.text, width - 12) if high >= _LETTERS else ""
    drawn = text(left + 6, top + high / 2 + _FONT * 0.36, label) if label else ""
    return (
        f'<g><title>{xml(tip)}</title><rect class="n {node.hue}" x="{left:.2f}" y="{top:.2f}" '
        f'width="{width:.2f}" height="{high:.2f}"/>{drawn}</g>'
    )


def _caption(table: HierarchyTable, levels: list[int]) -> str:
    """What is drawn, and what is not."""
    whole = f"Each node is as high as its share of {table.leaves:,} value(s)."
    if levels[0] == 0:
        return whole
    left_out = len(table.labels[levels[0] - 1])
    from_here = f"'{table.level_names[levels[0]]}'"
    return f"{whole} Drawn from {from_here} on: finer levels have {left_out:,} nodes and more."


def _description(table: HierarchyTable, levels: list[int]) -> str:
    counts = ", ".join(
        f"{table.level_names[n]}: {len(table.labels[n])}" for n in range(table.levels)
    )
    return f"Levels from left to right, with the number of their nodes: {counts}. {_caption(table, levels)}"
