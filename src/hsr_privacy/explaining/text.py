"""Text: an explanation in some twenty-five lines, for a terminal."""

from __future__ import annotations

from typing import Final

from hsr_privacy.anonymity import Method
from hsr_privacy.explaining import sentences, wording
from hsr_privacy.explaining.explanation import ColumnPart, Explanation, Neighbour
from hsr_privacy.explaining.figures import percent, percent_change

_WIDTH: Final = 24
_PLAIN: Final = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2212": "-", "\u2013": "-"})


def explanation_text(explanation: Explanation) -> list[str]:
    """The explanation in English, line by line: one line per column, then a sentence or two per part.

    Args:
        explanation: of a release.
    """
    lines = [wording.heading(explanation, "en"), sentences.columns_in_words(explanation, "en"), ""]
    lines += _columns(explanation)
    for title, said in (
        ("one level more or less", sentences.neighbours_in_words(explanation, "en")),
        ("what drives it", sentences.drivers_in_words(explanation, "en")),
        ("whom it falls on", sentences.subgroups_in_words(explanation, "en")),
        ("what else there was", sentences.frontier_in_words(explanation, "en")),
    ):
        if said:
            lines += [f"{title}:", *(f"  {sentence}" for sentence in said)]
    return [_plain(one) for one in lines]


def _columns(explanation: Explanation) -> list[str]:
    """One line per column: its level, its part of the loss, and what one level either way would do."""
    steps = explanation.neighbours.steps if explanation.neighbours else ()
    near = {(one.column, one.step): one for one in steps if abs(one.step) == 1}
    safe = {one.column: one.share for one in explanation.drivers.columns}
    heading = ["column", "level", "of loss", "one finer: loss", "one coarser: loss", "safe without"]
    rows = [heading]
    rows += [
        [
            _short(one.name),
            _level(one, explanation.method),
            percent(one.share, "en"),
            _step(near.get((one.name, -1))),
            _step(near.get((one.name, 1))),
            "-" if near and (one.name, 1) not in near else percent(safe[one.name], "en"),
        ]
        for one in explanation.columns
    ]
    if not near:
        rows = [[*row[:3], row[5]] for row in rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    beyond = any(not one.node.within_budget for one in near.values())
    return [*lines, *(["  ! more rows would have to be removed than may be"] if beyond else [])]


def _step(one: Neighbour | None) -> str:
    """Loss and rows that one level brings; a mark where the rows are more than may be removed."""
    if one is None:
        return "-"
    mark = "" if one.node.within_budget else " !"
    return f"{percent_change(one.loss_change, 'en')}, {one.rows_change:+d} rows{mark}"


def _level(one: ColumnPart, method: Method) -> str:
    """Number and name of the level; from finest to coarsest where cells differ."""
    numbers = [rows.level for rows in one.rows_per_level] or [one.level]
    if method == "local" and len(numbers) > 1:
        return f"{min(numbers)}-{max(numbers)}/{one.levels - 1}"
    return _short(f"{one.level}/{one.levels - 1} {one.level_name}")


def _short(words: str) -> str:
    return words if len(words) <= _WIDTH else words[: _WIDTH - 1] + "…"


def _plain(line: str) -> str:
    """Nothing that a terminal would act on."""
    plain = line.translate(_PLAIN)
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in plain
    )
