"""Figures: counts and shares as both languages write them."""

from __future__ import annotations

from typing import Final, Literal

from hsr_privacy.pages import MINUS, NO_BREAK, count_text

Language = Literal["nb", "en"]

_NEVER: Final = 1e-12


def change(number: int) -> str:
    """A count with its sign."""
    return ("+" if number > 0 else "") + count_text(number)


def percent(share: float, language: Language) -> str:
    """A share (0-1) in per cent, with as many digits as it deserves."""
    hundredths = share * 100
    if 0 < hundredths < 0.01:
        text = "< 0.01"
    elif 99.9 < hundredths < 100:
        text = "> 99.9"
    else:
        digits = 0 if hundredths >= 20 else 1 if hundredths >= 1 else 2
        text = f"{hundredths:.{digits}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text + "%" if language == "en" else text.replace(".", ",") + NO_BREAK + "%"


def percent_change(share: float, language: Language) -> str:
    """A difference of shares in per cent, with its sign."""
    if abs(share) < _NEVER:
        return percent(0.0, language)
    return ("+" if share > 0 else MINUS) + percent(abs(share), language)


def times(ratio: float, language: Language) -> str:
    """How many times as much."""
    text = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"
    return text if language == "en" else text.replace(".", ",")


def risk(value: float) -> str:
    """A probability as one in so many; a dash for none."""
    return f"1/{count_text(round(1 / value))}" if value > 0 else "\u2013"
