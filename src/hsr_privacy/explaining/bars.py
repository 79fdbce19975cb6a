"""Bars: the pictures of what each column costs, and of what falls on each group."""

from __future__ import annotations

from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.canvas import LETTER, WIDTH, Canvas, box, line, steps, tipped
from hsr_privacy.explaining.explanation import Explanation, Group, Share
from hsr_privacy.explaining.figures import Language, percent
from hsr_privacy.explaining.sentences import columns_in_words, subgroups_in_words
from hsr_privacy.explaining.wording import (
    COLUMN_CAUSES,
    group_name,
    in_words,
    measure_of,
    share_by,
)
from hsr_privacy.pages import count_text

MOST_DRAWN: Final = 80
"""So many groups are drawn; what follows is left out, which a line says."""

_LABELS: Final = 210
_RIGHT: Final = 84
_ROW: Final = 22
_THICK: Final = 13
_KINDS: Final = ("first", "third", "second")


def columns_picture(
    explanation: Explanation, language: Language = "en", *, name: str = ""
) -> str | None:
    """What each column has of the loss, by cause, as SVG text; None if nothing is lost.

    Args:
        explanation: of a release.
        language: of the words.
        name: begins the ids, for an element of a page that has `RULES`; else it is a file.
    """
    if explanation.loss <= 0:
        return None
    columns = explanation.columns
    most = max(one.share for one in columns)
    ticks = steps(most)
    top, parts = 44.0, _legend(explanation, language)
    for one in columns:
        pieces = (one.loss_generalized, one.loss_cells, one.loss_rows)
        shares = [piece / explanation.loss for piece in pieces]
        left, drawn = 0.0, []
        for kind, share in zip(_KINDS, shares, strict=True):
            if share > 0:
                drawn.append(
                    box(kind, _x(left, ticks), top, _x(share, ticks) - _x(0, ticks), _THICK)
                )
            left += share
        parts.append(
            svg.text(_LABELS - 10, top + 11, svg.fit(one.name, _LABELS - 16, LETTER), "end")
        )
        tip = f"{one.name}: {percent(one.share, language)}"
        parts.append(tipped(drawn, tip))
        parts.append(svg.text(_x(left, ticks) + 6, top + 11, percent(one.share, language), "faint"))
        top += _ROW
    title = in_words(language, "Hva hver variabel har av tapet", "What each column has of the loss")
    told = columns_in_words(explanation, language)
    frame = _axis(ticks, 40, top, language)
    return Canvas(language, name).drawn([*frame, *parts], title=title, told=told, height=top + 34)


def subgroups_picture(
    explanation: Explanation, language: Language = "en", *, name: str = ""
) -> str | None:
    """What is suppressed of each group, with its interval, as SVG text; None if nothing can be told.

    Args:
        explanation: of a release.
        language: of the words.
        name: begins the ids, for an element of a page that has `RULES`; else it is a file.
    """
    measure = measure_of(explanation)
    told = [
        one
        for one in explanation.groupings
        if one.by != "frequency" and any(share_by(group, measure) for group in one.groups)
    ]
    shares = [share for one in told for group in one.groups if (share := share_by(group, measure))]
    if not shares:
        return None
    ticks = steps(max(one.high for one in shares))
    whole = _whole(explanation, measure)
    top, parts, drawn = 48.0, list[str](), 0
    for grouping in told:
        if drawn and drawn + len(grouping.groups) > MOST_DRAWN:
            break
        level = f" ({grouping.level_name})" if grouping.level_name else ""
        heading = svg.fit(grouping.column + level, WIDTH - _LABELS, LETTER)
        parts.append(svg.text(8, top + 11, heading, "strong"))
        top += _ROW
        for group in grouping.groups:
            share = share_by(group, measure)
            if share is not None:
                label = group_name(grouping, group, language)
                tip = _tip(label, group, share, language)
                parts += _bar(label, share, tip, top=top, ticks=ticks)
                beside = max(_x(share.share, ticks), _x(share.high, ticks)) + 8
                value = percent(share.share, language)
                parts.append(svg.text(beside, top + 11, value, "faint over"))
                top += _ROW
        drawn += len(grouping.groups)
        top += 6
    left_out = sum(len(one.groups) for one in told) - drawn
    if left_out:
        rest = in_words(
            language,
            f"{left_out} grupper til står i tabellene.",
            f"Another {left_out} groups are in the tables.",
        )
        parts.append(svg.text(8, top + 11, rest, "faint"))
        top += _ROW
    frame = _axis(ticks, 40, top, language)
    x = _x(whole, ticks)
    all_rows = f"{in_words(language, 'alle', 'all')} {percent(whole, language)}"
    frame += [line("whole", x, 36, x, top), svg.text(x, 30, all_rows, "faint middle")]
    title = (
        in_words(language, "Andel rader fjernet, etter gruppe", "Share of rows removed, by group")
        if measure == "rows"
        else in_words(
            language,
            "Andel celler undertrykket, etter gruppe",
            "Share of cells suppressed, by group",
        )
    )
    described = " ".join(subgroups_in_words(explanation, language))
    parts = [svg.text(8, 14, title, "faint"), *frame, *parts]
    return Canvas(language, name).drawn(parts, title=title, told=described, height=top + 34)


def _bar(label: str, share: Share, tip: str, *, top: float, ticks: list[float]) -> list[str]:
    """One group: its name, its bar, its interval, and its share in figures."""
    kind = {"more": "second", "less": "first", None: "mild"}[share.differs]
    start, end = _x(0, ticks), _x(share.share, ticks)
    low, high, middle = _x(share.low, ticks), _x(share.high, ticks), top + _THICK / 2
    drawn = [
        box(kind, start, top, end - start, _THICK),
        line("range", low, middle, high, middle),
        line("range", low, middle - 3, low, middle + 3),
        line("range", high, middle - 3, high, middle + 3),
    ]
    return [
        svg.text(_LABELS - 10, top + 11, svg.fit(label, _LABELS - 16, LETTER), "end"),
        tipped(drawn, tip),
    ]


def _tip(label: str, group: Group, share: Share, language: Language) -> str:
    value, rows = percent(share.share, language), count_text(group.rows)
    low, high = percent(share.low, language), percent(share.high, language)
    return in_words(
        language,
        f"{label}: {value} ({low} til {high}), {rows} rader",
        f"{label}: {value} ({low} to {high}), {rows} rows",
    )


def _whole(explanation: Explanation, measure: str) -> float:
    """The whole table's share."""
    if measure == "rows":
        return explanation.suppressed_rows / explanation.rows
    released = explanation.rows - explanation.suppressed_rows
    return explanation.suppressed_cells / (released * len(explanation.columns))


def _axis(ticks: list[float], top: float, foot: float, language: Language) -> list[str]:
    parts = []
    for share in ticks:
        x = _x(share, ticks)
        parts.append(line("grid", x, top, x, foot))
        parts.append(svg.text(x, foot + 18, percent(share, language), "faint middle"))
    return [*parts, line("axis", _x(0, ticks), top, _x(0, ticks), foot)]


def _x(share: float, ticks: list[float]) -> float:
    return _LABELS + (WIDTH - _LABELS - _RIGHT) * share / ticks[-1]


def _legend(explanation: Explanation, language: Language) -> list[str]:
    causes = [
        sum(one.loss_generalized for one in explanation.columns),
        sum(one.loss_cells for one in explanation.columns),
        sum(one.loss_rows for one in explanation.columns),
    ]
    left, parts = float(_LABELS), []
    for kind, cause, words in zip(_KINDS, causes, COLUMN_CAUSES, strict=True):
        if cause > 0:
            parts.append(box(kind, left, 12, 12, 12))
            parts.append(svg.text(left + 18, 22, words[language]))
            left += 170
    return parts
