"""Pictures of whom it strikes, and when: age pyramids, the hours of the week, the months."""

from __future__ import annotations

from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.canvas import WIDTH, Canvas, box, line, tipped
from hsr_privacy.explaining.figures import Language
from hsr_privacy.explaining.wording import in_words
from hsr_privacy.pages import count_text
from hsr_privacy.portrait.drawing import ticks_to
from hsr_privacy.portrait.groups import BAND, BANDS, OLDEST, Pyramid, Week
from hsr_privacy.portrait.hiding import Count, Hidden, known
from hsr_privacy.portrait.wording import MONTHS, WEEKDAYS, counted, decimal, say

_ROW: Final = 16
_THICK: Final = 12
_HALF: Final = 372
_MIDDLE: Final = 44
_EDGE: Final = 20
_LEFT: Final = 44
_MONTH_DAYS: Final = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def pyramids_picture(
    outside: Pyramid, inside: Pyramid, language: Language, *, least_persons: int, name: str
) -> str | None:
    """Age and sex of both kinds of arrest, side by side, as SVG text; None if nobody's age is known."""
    both = [
        (outside, in_words(language, "Utenfor sykehus", "Outside hospital")),
        (inside, in_words(language, "Inne på sykehus", "Inside hospital")),
    ]
    if not any(known(number) for one, _ in both for number in (*one.men, *one.women)):
        return None
    parts: list[str] = []
    for place, (one, heading) in enumerate(both):
        parts += _pyramid(one, place * (WIDTH - _HALF), heading, language, least_persons)
    title = in_words(language, "Alder og kjønn", "Age and sex")
    told = " ".join(pyramid_in_words(one, heading, language) for one, heading in both)
    return Canvas(language, name).drawn(
        parts, title=title, told=told, height=62 + _ROW * len(BANDS) + 30
    )


def pyramid_in_words(one: Pyramid, heading: str, language: Language) -> str:
    """Median age, and the number of men and women."""
    men = sum(map(known, one.men))
    women = sum(map(known, one.women))
    if one.middle is None or not men + women:
        return in_words(language, f"{heading}: for få.", f"{heading}: too few.")
    middle = decimal(one.middle, 0, language)
    return in_words(
        language,
        f"{heading}: medianalder {middle} år; {count_text(men)} menn og {count_text(women)} kvinner vist.",
        f"{heading}: median age {middle} years; {count_text(men)} men and {count_text(women)} women shown.",
    )


def band_name(first: int) -> str:
    """``40–44``, ``95+``."""
    return f"{first}+" if first == OLDEST else f"{first}–{first + BAND - 1}"


def _pyramid(one: Pyramid, left: float, heading: str, language: Language, least: int) -> list[str]:
    room = (_HALF - _MIDDLE) / 2 - _EDGE
    axis_men, axis_women = left + _EDGE + room, left + _EDGE + room + _MIDDLE
    most = max([*map(known, (*one.men, *one.women)), 1])
    ticks = ticks_to(most)
    scale = room / ticks[-1]
    top, foot = 50, 50 + _ROW * len(BANDS)
    parts = [
        svg.text(left + _HALF / 2, 16, heading, "middle strong"),
        svg.text(axis_men - 4, 38, in_words(language, "Menn", "Men"), "end"),
        svg.text(axis_women + 4, 38, in_words(language, "Kvinner", "Women")),
    ]
    for tick in ticks:
        both = (axis_men - tick * scale, axis_women + tick * scale)
        parts += [line("axis" if tick == 0 else "grid", x, top - 4, x, foot + 2) for x in both]
        if tick in (0, ticks[-1], ticks[len(ticks) // 2]):
            parts += [svg.text(x, foot + 17, count_text(tick), "faint middle") for x in both]
    for place, first in enumerate(reversed(BANDS)):
        y = top + _ROW * place
        which = BANDS.index(first)
        men, women = one.men[which], one.women[which]
        name = band_name(first)
        parts.append(svg.text((axis_men + axis_women) / 2, y + 10, name, "faint middle"))
        parts.append(
            tipped(
                _bar("first", axis_men, -scale, men, y=y, words=counted(men, least, language)),
                f"{name}: {counted(men, least, language)}",
            )
        )
        parts.append(
            tipped(
                _bar("woman", axis_women, scale, women, y=y, words=counted(women, least, language)),
                f"{name}: {counted(women, least, language)}",
            )
        )
    return parts


def _bar(kind: str, axis: float, scale: float, number: Count, *, y: float, words: str) -> list[str]:
    if isinstance(number, Hidden):
        side = "faint end" if scale < 0 else "faint"
        return [svg.text(axis + (4 if scale > 0 else -4), y + 10, words, side)]
    wide = number * abs(scale)
    return [box(kind, axis - wide if scale < 0 else axis, y, wide, _THICK)]


def week_picture(week: Week, language: Language, *, least_persons: int, name: str) -> str | None:
    """The hours of the week, and the months, as SVG text; None if no time is known."""
    most = max(known(number) for row in week.hours for number in row)
    if not most:
        return None
    across, high = (WIDTH - _LEFT - 8) / 24, 22
    parts = [svg.text(4, 16, in_words(language, "Ukedag og time", "Weekday and hour"), "strong")]
    for day, row in enumerate(week.hours):
        y = 28 + day * high
        weekday = say(WEEKDAYS[day], language)
        parts.append(svg.text(4, y + 15, weekday, "faint"))
        for hour, number in enumerate(row):
            x = _LEFT + hour * across
            tip = f"{weekday} {hour:02d}–{(hour + 1) % 24:02d}: {counted(number, least_persons, language)}"
            if isinstance(number, Hidden):
                cell = box("empty", x + 1, y + 1, across - 2, high - 2)
            else:
                depth = 0.06 + 0.94 * number / most
                cell = (
                    f'<rect class="heat" style="fill-opacity:{depth:.2f}" x="{x + 1:.2f}" '
                    f'y="{y + 1:.2f}" width="{across - 2:.2f}" height="{high - 2}"/>'
                )
            parts.append(tipped([cell], tip))
    foot = 28 + 7 * high
    parts += [
        svg.text(_LEFT + hour * across, foot + 16, f"{hour:02d}", "faint middle")
        for hour in range(0, 25, 3)
    ]
    legend = in_words(
        language,
        f"sterkest: {count_text(most)} i timen; tomme ruter: færre enn {least_persons} personer, eller skjult for dem",
        f"strongest: {count_text(most)} in the hour; hollow: fewer than {least_persons} persons, or hidden for their sake",
    )
    if not any(isinstance(number, Hidden) for row in week.hours for number in row):
        legend = in_words(
            language,
            f"sterkest: {count_text(most)} i timen",
            f"strongest: {count_text(most)} in the hour",
        )
    parts.append(svg.text(_LEFT, foot + 36, legend, "faint"))
    parts += _months(week, foot + 66, language, least_persons)
    title = in_words(language, "Når hjertet stanser", "When hearts stop")
    told = week_in_words(week, language)
    return Canvas(language, name).drawn(parts, title=title, told=told, height=foot + 66 + 170)


def week_in_words(week: Week, language: Language) -> str:
    """The share between 8 and 20, and the busiest month."""
    if week.by_day is None or any(isinstance(number, Hidden) for number in week.months):
        return in_words(language, "For få til å si når.", "Too few to say when.")
    per_day = [known(number) / days for number, days in zip(week.months, _MONTH_DAYS, strict=True)]
    month = MONTHS[per_day.index(max(per_day))]
    share = decimal(100 * week.by_day, 0, language)
    return in_words(
        language,
        f"{share} % av stansene utenfor sykehus skjer mellom kl. 8 og 20; flest per dag i {month.nb}.",
        f"{share}% of arrests outside hospital happen between 8 and 20 o'clock; most per day in {month.en}.",
    )


def _months(week: Week, top: float, language: Language, least: int) -> list[str]:
    """Arrests per day of each month, beside the average."""
    per_day = [
        None if isinstance(number, Hidden) else number / days
        for number, days in zip(week.months, _MONTH_DAYS, strict=True)
    ]
    told = [one for one in per_day if one is not None]
    average = sum(told) / len(told) if told else 0.0
    heading = in_words(
        language,
        "Måned, per dag mot årets gjennomsnitt",
        "Month, per day against the year's average",
    )
    parts = [svg.text(4, top, heading, "strong")]
    if not average:
        return parts
    across, foot, high = (WIDTH - _LEFT - 8) / 12, top + 128, 100
    most = max(told) / average
    scale = high / max(most, 1.2)
    for tick in (0.0, 0.5, 1.0):
        y = foot - tick * scale
        parts.append(line("whole" if tick == 1 else "grid", _LEFT, y, WIDTH - 8, y))
        parts.append(svg.text(_LEFT - 6, y + 4, decimal(tick, 1, language), "faint end"))
    for place, (one, number) in enumerate(zip(per_day, week.months, strict=True)):
        x, month = _LEFT + place * across, say(MONTHS[place], language)
        parts.append(svg.text(x + across / 2, foot + 16, month, "faint middle"))
        if one is None:
            parts.append(
                svg.text(x + across / 2, foot - 4, counted(number, least, language), "faint middle")
            )
            continue
        tall = one / average * scale
        bar = box("first", x + 8, foot - tall, across - 16, tall)
        value = decimal(one / average, 2, language)
        label = svg.text(x + across / 2, foot - 8, value, "middle inside")
        parts.append(tipped([bar, label], f"{month}: {counted(number, least, language)}"))
    return parts
