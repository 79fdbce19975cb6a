"""Pictures of curves: how soon an ambulance comes, how long people live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hsr_privacy import svg
from hsr_privacy.explaining.canvas import WIDTH, Canvas, line, steps
from hsr_privacy.explaining.figures import Language, percent
from hsr_privacy.explaining.wording import in_words
from hsr_privacy.pages import count_text
from hsr_privacy.portrait.curves import DAYS, MINUTES, Curve
from hsr_privacy.portrait.drawing import KINDS, legend_line, path, polygon, shares_axis, spread
from hsr_privacy.portrait.wording import CURVES, decimal, say

_LEFT: Final = 54
_RIGHT: Final = 236
_HIGH: Final = 270
_TOP: Final = 22
_NINE: Final = 9


def response_picture(curves: Sequence[Curve], language: Language, *, name: str) -> str | None:
    """Share reached by each minute as SVG text; None without curves."""
    if not curves:
        return None
    foot, end = _TOP + _HIGH, WIDTH - _RIGHT
    scale = (end - _LEFT) / MINUTES
    parts = shares_axis(
        (0, 0.25, 0.5, 0.75, 1.0), language, top=_TOP, foot=foot, sides=(_LEFT, end)
    )
    for minute in range(0, MINUTES + 1, 5):
        x = _LEFT + minute * scale
        parts.append(line("axis", x, foot, x, foot + 5))
        parts.append(svg.text(x, foot + 20, str(minute), "faint middle"))
    nine = _LEFT + _NINE * scale
    parts.append(line("whole", nine, _TOP, nine, foot))
    parts.append(svg.text(nine + 5, foot - 8, in_words(language, "9 min", "9 min"), "faint over"))
    words = in_words(
        language, "minutter fra anrop til ambulansen er fremme", "minutes from call to arrival"
    )
    parts.append(svg.text((_LEFT + end) / 2, foot + 40, words, "faint middle"))
    heading = in_words(language, "median", "median")
    for kind, curve, base in zip(KINDS, curves, range(_TOP + 20, 400, 40), strict=False):
        places = [
            (_LEFT + minute * scale, foot - _HIGH * share)
            for minute, share in zip(curve.places, curve.shares, strict=True)
        ]
        parts.append(path(f"curve {kind}", places))
        parts.append(legend_line(kind, end + 22, base, say(CURVES[curve.name], language)))
        middle = decimal(curve.middle or 0, 1, language)
        below = f"{heading} {middle} min, n = {count_text(curve.persons)}"
        parts.append(svg.text(end + 54, base + 16, below, "faint"))
    title = in_words(language, "Responstid", "Response time")
    told = response_in_words(curves, language)
    return Canvas(language, name).drawn(parts, title=title, told=told, height=foot + 50)


def response_in_words(curves: Sequence[Curve], language: Language) -> str:
    """The median of each group."""
    medians = [
        f"{say(CURVES[one.name], language)} {decimal(one.middle or 0, 1, language)} min"
        for one in curves
    ]
    return in_words(language, "Median responstid: ", "Median response: ") + "; ".join(medians) + "."


def survival_picture(curves: Sequence[Curve], language: Language, *, name: str) -> str | None:
    """Share alive by day as SVG text; None without curves."""
    curves = [one for one in curves if one.places]
    if not curves:
        return None
    foot, end = _TOP + _HIGH, WIDTH - _RIGHT
    scale = (end - _LEFT) / DAYS
    most = max(max([*one.high, *one.shares]) for one in curves)
    ticks = steps(min(max(most, 0.05), 1.0))
    ticks = [tick for tick in ticks if tick <= 1.0]
    ticks = ticks if ticks[-1] >= most else [*ticks, 1.0]
    parts = shares_axis(ticks, language, top=_TOP, foot=foot, sides=(_LEFT, end))
    for day in range(0, DAYS + 1, 5):
        x = _LEFT + day * scale
        parts.append(line("axis", x, foot, x, foot + 5))
        parts.append(svg.text(x, foot + 20, str(day), "faint middle"))
    words = in_words(
        language,
        "dager etter stansen (dag 0: døgnet for stansen)",
        "days after the arrest (0: its day)",
    )
    parts.append(svg.text((_LEFT + end) / 2, foot + 40, words, "faint middle"))
    height = _HIGH / ticks[-1]
    lasts = spread([foot - one.shares[-1] * height for one in curves], 36, _TOP + 8, foot - 18)
    for kind, curve, base in zip(KINDS, curves, lasts, strict=False):
        low = _stairs(curve, curve.low, scale, foot, height)
        high = _stairs(curve, curve.high, scale, foot, height)
        parts.append(polygon(f"area {kind}", [*high, *reversed(low)]))
        parts.append(path(f"curve {kind}", _stairs(curve, curve.shares, scale, foot, height)))
        named = say(CURVES[curve.name], language)
        if curve.until == DAYS:
            named = f"{percent(curve.shares[-1], language)} {named}"
        parts.append(legend_line(kind, end + 10, base + 4, named))
        parts.append(svg.text(end + 42, base + 19, f"n = {count_text(curve.persons)}", "faint"))
    title = in_words(language, "Overlevelse til 30 dager", "Survival to 30 days")
    told = survival_in_words(curves, language)
    return Canvas(language, name).drawn(parts, title=title, told=told, height=foot + 50)


def survival_in_words(curves: Sequence[Curve], language: Language) -> str:
    """What share of each group lives after the last day."""
    ends = [
        f"{say(CURVES[one.name], language)} {percent(one.shares[-1], language)}"
        for one in curves
        if one.until == DAYS
    ]
    if not ends:
        return in_words(
            language, "For få til å følges i 30 dager.", "Too few to be followed for 30 days."
        )
    return (
        in_words(language, "I live etter 30 dager: ", "Alive after 30 days: ")
        + "; ".join(ends)
        + "."
    )


def _stairs(
    curve: Curve, shares: Sequence[float], scale: float, foot: float, height: float
) -> list[tuple[float, float]]:
    """A line that falls on the days of death, as far as it may be told."""
    places: list[tuple[float, float]] = []
    for day, share in zip(curve.places, shares, strict=True):
        x, y = _LEFT + day * scale, foot - share * height
        if places:
            places.append((x, places[-1][1]))
        places.append((x, y))
    if places:
        places.append((_LEFT + curve.until * scale, places[-1][1]))
    return places
