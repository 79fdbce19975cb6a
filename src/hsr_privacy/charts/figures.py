"""Figures: shares, ratios and counts as both languages write them in a picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Literal

from hsr_privacy.charts.values import Interval

Language = Literal["nb", "en"]
Writer = Callable[[float, Language], str]
"""Writes one number in a language."""

THIN_SPACE: Final = "\u202f"
NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
ARROW: Final = "\u2192"
_FIRST_DIGITS: Final = 2


def in_words(language: Language, norwegian: str, english: str) -> str:
    """The words of the language."""
    return norwegian if language == "nb" else english


def count(number: int) -> str:
    """A count with its thousands apart, the same in both languages."""
    return f"{number:,}".replace(",", THIN_SPACE).replace("-", MINUS)


def percent(share: float, language: Language) -> str:
    """A share (0-1) in per cent, with as many digits as it deserves; below 0 with its sign.

    The page writes the same number in the same way, so that a picture and the table beside it agree.
    """
    hundredths = abs(share) * 100
    if 0 < hundredths < 0.01:
        text = "< 0.01"
    elif 99.9 < hundredths < 100:
        text = "> 99.9"
    else:
        digits = 0 if hundredths >= 20 else 1 if hundredths >= 1 else _FIRST_DIGITS
        text = _short(hundredths, digits)
    return _sign(share) + _per_cent(text, language)


def percent_by(step: float) -> Writer:
    """Writes shares (0-1) in per cent with the digits that multiples of a step need."""
    digits = next(
        (digits for digits in range(12) if _whole(step * 100 * 10**digits)),
        12,
    )

    def write(share: float, language: Language) -> str:
        return _sign(share) + _per_cent(_short(abs(share) * 100, digits), language)

    return write


def decimal(number: float, language: Language) -> str:
    """A number such as an odds ratio, with about three digits."""
    size = abs(number)
    if size >= 100:
        text = f"{size:,.0f}".replace(",", THIN_SPACE)
    elif size >= 0.1 or size == 0:
        text = _short(size, 1 if size >= 10 else 2)
    elif size >= 0.0001:
        text = _short(size, _FIRST_DIGITS - 1 - math.floor(math.log10(size)))
    else:
        text = "< 0.0001"
    return _sign(number) + (text if language == "en" else text.replace(".", ","))


def told(
    interval: Interval | None, language: Language, write: Writer, *, confidence: float = 0.95
) -> str:
    """An estimate with its interval, for a sentence: ``31% (95% interval 28% to 34%)``."""
    if interval is None:
        return in_words(language, "ukjent", "not known")
    text = write(interval.value, language)
    if interval.low is None or interval.high is None:
        return text
    level = percent(confidence, language)
    low = _end(interval.low, language, write)
    high = _end(interval.high, language, write)
    return in_words(
        language,
        f"{text} ({level}-intervall {low} til {high})",
        f"{text} ({level} interval {low} to {high})",
    )


def _end(number: float, language: Language, write: Writer) -> str:
    """An end of an interval, which may lie beyond every number."""
    if math.isfinite(number):
        return write(number, language)
    return in_words(
        language,
        "uten øvre grense" if number > 0 else "uten nedre grense",
        "no upper end" if number > 0 else "no lower end",
    )


def _short(number: float, digits: int) -> str:
    text = f"{number:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _per_cent(text: str, language: Language) -> str:
    return text + "%" if language == "en" else text.replace(".", ",") + NO_BREAK + "%"


def _sign(number: float) -> str:
    return MINUS if number < 0 else ""


def _whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-6 * max(1.0, abs(number))
