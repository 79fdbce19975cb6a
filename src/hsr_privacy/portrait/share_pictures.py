"""Pictures of shares and counts: who is alive after 30 days, and how many arrests each year was told of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.canvas import WIDTH, Canvas, box, line, steps, tipped
from hsr_privacy.explaining.figures import Language, percent
from hsr_privacy.explaining.wording import in_words
from hsr_privacy.pages import count_text
from hsr_privacy.portrait.drawing import ticks_to
from hsr_privacy.portrait.groups import Lives
from hsr_privacy.portrait.hiding import known
from hsr_privacy.portrait.regions import Year
from hsr_privacy.portrait.wording import DASH, GROUP_NAMES, GROUPS, counted, say

_LABELS: Final = 206
_NUMBERS: Final = 150
_ROW: Final = 24
_LEFT: Final = 54


def lives_picture(
    groups: Sequence[Lives], language: Language, *, least_persons: int, name: str
) -> str | None:
    """Share alive after 30 days, with its interval, as SVG text; None where no share can be shown."""
    most = max((one.high for one in groups if one.high is not None), default=None)
    if most is None:
        return None
    ticks = [tick for tick in steps(most) if tick <= 1]
    ticks = ticks if ticks[-1] >= most else [*ticks, 1.0]
    end = WIDTH - _NUMBERS
    scale = (end - _LABELS) / ticks[-1]
    parts, y = [], 10.0
    for group, some in groupby(groups, key=lambda one: one.group):
        y += 18
        parts.append(svg.text(4, y, say(GROUPS[group], language), "strong over"))
        y += 8
        for one in some:
            parts.append(_life(one, y, scale, language, least_persons))
            y += _ROW
    grid = []
    for tick in ticks:
        x = _LABELS + tick * scale
        grid.append(line("axis" if tick == 0 else "grid", x, 34, x, y + 2))
        grid.append(svg.text(x, y + 18, percent(tick, language), "faint middle"))
    title = in_words(language, "I live etter 30 dager", "Alive after 30 days")
    told = lives_in_words(groups, language)
    return Canvas(language, name).drawn([*grid, *parts], title=title, told=told, height=y + 28)


def lives_in_words(groups: Sequence[Lives], language: Language) -> str:
    """The share of each group, where it can be shown."""
    shares = [
        f"{_name(one, language)} {percent(one.share, language)}"
        for one in groups
        if one.share is not None
    ]
    return "; ".join(shares) + "."


def _name(one: Lives, language: Language) -> str:
    if one.group == "response":
        return one.name.replace("-", DASH) + " min"
    return say(GROUP_NAMES[one.name], language)


def _life(one: Lives, y: float, scale: float, language: Language, least: int) -> str:
    middle = y + _ROW / 2
    number = in_words(
        language,
        f"av {counted(one.arrests, least, language)}",
        f"of {counted(one.arrests, least, language)}",
    )
    parts = [svg.text(16, middle + 4, _name(one, language))]
    if one.share is None or one.low is None or one.high is None:
        parts.append(svg.text(WIDTH - _NUMBERS + 14, middle + 4, f"{DASH} {number}", "faint"))
        return "".join(parts)
    low, high, at = (_LABELS + value * scale for value in (one.low, one.high, one.share))
    parts += [
        line("range", low, middle, high, middle),
        line("range", low, middle - 4, low, middle + 4),
        line("range", high, middle - 4, high, middle + 4),
        f'<circle class="point" cx="{at:.2f}" cy="{middle:.2f}" r="4.5"/>',
        svg.text(WIDTH - _NUMBERS + 14, middle + 4, percent(one.share, language), "strong"),
        svg.text(WIDTH - _NUMBERS + 64, middle + 4, number, "faint"),
    ]
    tip = f"{percent(one.low, language)} {DASH} {percent(one.high, language)}"
    return tipped(parts, tip)


def years_picture(
    years: Sequence[Year], language: Language, *, least_persons: int, name: str
) -> str | None:
    """Arrests outside and inside by year as SVG text; None without arrests."""
    most = max((known(number) for one in years for number in (one.outside, one.inside)), default=0)
    if not most:
        return None
    ticks = ticks_to(most)
    top, foot = 34.0, 254.0
    scale = (foot - top) / ticks[-1]
    across = (WIDTH - _LEFT - 8) / len(years)
    wide = min(across * 0.38, 40)
    parts = [
        box("first", _LEFT, 6, 12, 12),
        svg.text(_LEFT + 18, 16, in_words(language, "utenfor sykehus", "outside hospital")),
        box("third", _LEFT + 150, 6, 12, 12),
        svg.text(_LEFT + 168, 16, in_words(language, "inne på sykehus", "inside hospital")),
    ]
    for tick in ticks:
        y = foot - tick * scale
        parts.append(line("axis" if tick == 0 else "grid", _LEFT, y, WIDTH - 8, y))
        parts.append(svg.text(_LEFT - 8, y + 4, count_text(tick), "faint end"))
    for place, one in enumerate(years):
        middle = _LEFT + (place + 0.5) * across
        parts.append(svg.text(middle, foot + 17, str(one.year), "faint middle"))
        for kind, number, left in (
            ("first", one.outside, middle - wide - 1),
            ("third", one.inside, middle + 1),
        ):
            tip = f"{one.year}: {counted(number, least_persons, language)}"
            tall = known(number) * scale
            parts.append(tipped([box(kind, left, foot - tall, wide, tall)], tip))
    title = in_words(language, "Hjertestans per år", "Arrests by year")
    told = (
        "; ".join(f"{one.year}: {counted(one.outside, least_persons, language)}" for one in years)
        + "."
    )
    return Canvas(language, name).drawn(parts, title=title, told=told, height=foot + 26)
