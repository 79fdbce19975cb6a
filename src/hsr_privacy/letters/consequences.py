"""Consequences: what a coarser level or a removed value does to those who analyse it, in words."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hsr_privacy.codebook import Type
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import TOP
from hsr_privacy.project import Form, ReleasedVariable

_ROUNDED: Final = ("0.1 unit", "0.2 unit", "whole mg", "whole mmol/L")
"""Levels on which a number stays a number with fewer digits."""

_YEARS: Final = ("event_year", "event_date")
"""Hierarchies of time."""


class Became(StrEnum):
    """What became of a variable, as far as it matters to an analysis."""

    KEPT = "kept"
    PSEUDONYM = "pseudonym"
    MINUTES = "minutes"
    ROUNDED = "rounded"
    CAPPED = "capped"
    BANDS = "bands"
    PERIODS = "periods"
    MERGED = "merged"
    GONE = "gone"


_OF_FORMS: Final = {Form.PSEUDONYM: Became.PSEUDONYM, Form.MINUTES: Became.MINUTES}

_CONSEQUENCES: Final[dict[Became, Label]] = {
    Became.MINUTES: Label(
        nb="Regn med tidsforskjeller. Et intervall er rett på minuttet når det telles fra anropet, og innen ett minutt "
        "mellom to tider. Årstid og tid på døgnet kan ikke studeres.",
        en="Work with differences. An interval is right to the minute counted from the call, and within one "
        "minute between two times. Season and time of day cannot be studied.",
    ),
    Became.ROUNDED: Label(
        nb="Tallet har færre siffer. Gjennomsnitt og spredning endres lite; grenseverdier mellom to "
        "avrundede tall kan ikke brukes.",
        en="The number has fewer digits. Mean and spread change little; a cut-off between two rounded "
        "numbers cannot be used.",
    ),
    Became.CAPPED: Label(
        nb="De høyeste verdiene står som én gruppe. Bruk median eller kvartiler; et gjennomsnitt må "
        "behandle gruppen for seg.",
        en="The highest values are one group. Use the median or quartiles; a mean must treat the group "
        "by itself.",
    ),
    Became.BANDS: Label(
        nb="Bruk gruppene som kategorier. Et gjennomsnitt, eller en effekt per enhet, kan bare anslås. "
        "Justering for grupper fjerner ikke hele virkningen (restkonfundering).",
        en="Use the bands as categories. A mean, or an effect per unit, can only be approximated. "
        "Adjusting for bands leaves some of the effect behind (residual confounding).",
    ),
    Became.PERIODS: Label(
        nb="En endring kan ikke tidfestes nærmere enn perioden. Årstid og trend innen en periode kan "
        "ikke studeres.",
        en="A change cannot be dated closer than the period. Season, and a trend within a period, "
        "cannot be studied.",
    ),
    Became.MERGED: Label(
        nb="Kategorier er slått sammen. Forskjeller innen en av dem kan ikke ses, og justering for dem "
        "er grovere.",
        en="Categories are merged. Differences within one of them cannot be seen, and adjusting for "
        "them is cruder.",
    ),
    Became.GONE: Label(
        nb="Kolonnen sier ingenting. Variabelen kan verken studeres eller justeres for; si det når "
        "resultatene publiseres.",
        en="The column tells nothing. The variable can neither be studied nor adjusted for; say so when "
        "results are published.",
    ),
}


def became_of(released: ReleasedVariable, level: int) -> Became:
    """What became of an approved variable that leaves on a level.

    Args:
        released: the variable.
        level: of its hierarchy; 0 where it has none.
    """
    if released.form in _OF_FORMS:
        return _OF_FORMS[released.form]
    if released.hierarchy is None or level == 0:
        return Became.KEPT
    name = released.label(level)
    if name == TOP:
        return Became.GONE
    if released.hierarchy.name in _YEARS:
        return Became.PERIODS
    if released.variable.type in (Type.INTEGER, Type.DECIMAL):
        return _of_number(name)
    return Became.MERGED


def _of_number(level: str) -> Became:
    """What a number became on a level above its own."""
    if level in _ROUNDED:
        return Became.ROUNDED
    return Became.CAPPED if level.endswith("+") else Became.BANDS


def consequence(became: Became) -> Label | None:
    """What the detail of a variable does to analyses; None where it does nothing."""
    return _CONSEQUENCES.get(became)
