"""Text: a portrait's figures beside the published ones, line by line, for a terminal."""

from __future__ import annotations

from typing import Final

from hsr_privacy.portrait.comparison import Compared
from hsr_privacy.portrait.portrait import Portrait
from hsr_privacy.portrait.sentences import (
    agreement,
    difference_text,
    here_text,
    numbers_differ,
    published_text,
    trust_text,
)
from hsr_privacy.portrait.wording import FACTOR_NAMES, METRIC_NAMES, VERDICTS, counted

_PLAIN: Final = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2212": "-", "\u2013": "-"})


_SIZE: Final = (
    "most counts and rates differ; in a simulated register they are as many as --events asked for, "
    "and do not compare"
)


def portrait_text(portrait: Portrait) -> list[str]:
    """The figures in English: a heading, a line per published figure, and how many agree."""
    least = portrait.least_persons
    outside, inside = (counted(one, least, "en") for one in (portrait.outside, portrait.inside))
    rows = [("figure", "years", "published", "here", "in errors", "")]
    rows += [_row(one, least) for one in portrait.compared]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    agree, judged = agreement(portrait)
    note = [_SIZE] if numbers_differ(portrait) else []
    return [
        line.translate(_PLAIN)
        for line in (
            f"{outside} arrests outside hospital, {inside} inside",
            *lines,
            *note,
            f"{agree} of {judged} calibrated figures agree within 3 standard errors and the rounding",
        )
    ]


def years_text(years: tuple[int, int]) -> str:
    """``2014``, or ``2015-2019``."""
    first, last = years
    return str(first) if first == last else f"{first}-{last}"


def figure_name(one: Compared) -> str:
    """What a compared figure is, in English."""
    names = FACTOR_NAMES if one.kind == "odds" else METRIC_NAMES
    name = names[one.name].en
    if one.kind == "odds":
        return f"Odds ratio: {name}"
    return f"{name}, {trust_text(one, 'en')}" if one.kind.endswith("trust") else name


def _row(one: Compared, least: int) -> tuple[str, str, str, str, str, str]:
    verdict = VERDICTS[one.verdict].en
    if one.use != "calibrated":
        verdict += f" ({one.use})"
    return (
        figure_name(one),
        years_text(one.years),
        published_text(one, "en"),
        here_text(one, least, "en"),
        difference_text(one, "en"),
        verdict,
    )
