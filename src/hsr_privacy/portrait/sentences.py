"""Sentences: what the parts of a portrait show, in words, and figures as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hsr_privacy.explaining.figures import Language
from hsr_privacy.explaining.wording import in_words
from hsr_privacy.pages import count_text
from hsr_privacy.portrait.comparison import Compared
from hsr_privacy.portrait.curve_pictures import response_in_words, survival_in_words
from hsr_privacy.portrait.flow_picture import flow_in_words
from hsr_privacy.portrait.people_pictures import pyramid_in_words, week_in_words
from hsr_privacy.portrait.portrait import Portrait
from hsr_privacy.portrait.wording import DASH, counted, decimal, percent

_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "en")


def said(p: Portrait, part: str) -> list[tuple[str, str]]:
    """The sentences of a part, each in bokmål and English."""
    texts = [_SENTENCES[part](p, language) for language in _LANGUAGES]
    return list(zip(*texts, strict=True))


def agreement(p: Portrait) -> tuple[int, int]:
    """How many of the figures that were set beside published ones agree, and how many they are.

    Those that are told beside for a reason, and those of single trusts, are left out.
    """
    judged = [
        one
        for one in p.compared
        if one.use == "calibrated"
        and one.kind in ("figure", "odds")
        and one.verdict in ("agrees", "higher", "lower")
    ]
    return sum(one.verdict == "agrees" for one in judged), len(judged)


def numbers_differ(p: Portrait) -> bool:
    """Whether most counts and rates are others than the published ones, as in a register of any size."""
    judged = [
        one.verdict
        for one in p.compared
        if one.kind == "figure"
        and one.unit in ("count", "rate")
        and one.verdict in ("agrees", "higher", "lower")
    ]
    return 2 * sum(verdict != "agrees" for verdict in judged) > len(judged)


def published_text(one: Compared, language: Language) -> str:
    """What was printed, with as many decimals."""
    if one.unit == "share" or (one.unit == "extent" and one.published <= 1):
        return percent(one.published, 0 if one.rounding >= 0.005 else 1, language)
    if one.unit == "odds":
        return decimal(one.published, 0 if one.rounding >= 0.5 else 2, language)
    if one.unit == "rate":
        return decimal(one.published, 0 if one.rounding >= 0.5 else 1, language)
    return count_text(round(one.published))


def here_text(one: Compared, least: int, language: Language) -> str:
    """This register's figure; ``<5`` where too few persons stand behind it."""
    if one.verdict == "too few":
        return f"<{least}"
    if one.here is None:
        return DASH
    if one.unit == "share" or (one.unit == "extent" and one.published <= 1):
        return percent(one.here, 1, language)
    if one.unit == "odds":
        return decimal(one.here, 2, language)
    return decimal(one.here, 1, language) if one.unit == "rate" else count_text(round(one.here))


def trust_text(one: Compared, language: Language) -> str:
    """Which trust: one of which a row was printed, or the end of the range of all."""
    if one.kind == "lowest trust":
        words = in_words(language, "lavest av alle", "lowest of all")
    elif one.kind == "highest trust":
        words = in_words(language, "høyest av alle", "highest of all")
    else:
        return one.label
    return f"{words} ({one.label})" if one.label else words


def basis_text(one: Compared, language: Language) -> str:
    """Of how many, or of how many person-years."""
    if one.here is None or one.whole is None or one.unit in ("count", "extent"):
        return DASH
    if one.unit == "rate":
        millions = decimal(one.whole / 1e6, 2, language)
        return in_words(language, f"{millions} mill. personår", f"{millions} M person-years")
    return count_text(round(one.whole))


def difference_text(one: Compared, language: Language) -> str:
    """The difference in standard errors, beyond the rounding."""
    if one.difference is None:
        return DASH
    text = decimal(one.difference, 1, language)
    if float(f"{one.difference:.1f}") == 0:
        return decimal(0.0, 1, language)
    return text if one.difference < 0 else "+" + text


def _published(p: Portrait, language: Language) -> list[str]:
    agree, judged = agreement(p)
    return [
        in_words(
            language,
            f"{agree} av {judged} publiserte tall stemmer innen tre standardfeil og avrundingen.",
            f"{agree} of {judged} published figures agree within three standard errors and the rounding.",
        )
    ]


def _outside(p: Portrait, language: Language) -> list[str]:
    if p.outside == 0:
        return [
            in_words(language, "Ingen hjertestans utenfor sykehus.", "No arrests outside hospital.")
        ]
    said = [flow_in_words(p.outside_flow, language, least_persons=p.least_persons)]
    return [*said, _chain(p.outside_flow.chain_holds, language)]


def _inside(p: Portrait, language: Language) -> list[str]:
    if p.inside == 0:
        return [
            in_words(language, "Ingen hjertestans inne på sykehus.", "No arrests inside hospital.")
        ]
    said = [flow_in_words(p.inside_flow, language, least_persons=p.least_persons)]
    return [*said, _chain(p.inside_flow.chain_holds, language)]


def _chain(holds: bool, language: Language) -> str:  # noqa: FBT001 - the fact itself
    if holds:
        return in_words(
            language,
            "Ingen utfall er hyppigere enn det før (regel R31).",
            "No outcome is more frequent than the one before (rule R31).",
        )
    return in_words(
        language,
        "Regel R31 brytes: et utfall er hyppigere enn det før.",
        "Rule R31 is broken: an outcome is more frequent than the one before.",
    )


def _people(p: Portrait, language: Language) -> list[str]:
    outside = in_words(language, "Utenfor sykehus", "Outside hospital")
    inside = in_words(language, "Inne på sykehus", "Inside hospital")
    return [
        pyramid_in_words(p.pyramid, outside, language),
        pyramid_in_words(p.pyramid_inside, inside, language),
    ]


def _when(p: Portrait, language: Language) -> list[str]:
    return [week_in_words(p.week, language)]


def _response(p: Portrait, language: Language) -> list[str]:
    return [response_in_words(p.response, language)] if p.response else [_too_few(language)]


def _survival(p: Portrait, language: Language) -> list[str]:
    return [survival_in_words(p.survival, language)] if p.survival else [_too_few(language)]


def _too_few(language: Language) -> str:
    return in_words(language, "For få til en kurve.", "Too few for a curve.")


def _coverage(p: Portrait, language: Language) -> list[str]:
    if p.years is None:
        return []
    last = p.coverage[-1]
    covered = percent(last.covered, 0, language)
    return [
        in_words(
            language,
            f"I {last.year} leverte {last.trusts} helseforetak, med {covered} av landets personår.",
            f"In {last.year}, {last.trusts} health trusts delivered, with {covered} of the country's person-years.",
        )
    ]


def _heading(p: Portrait, language: Language) -> list[str]:
    if p.years is None:
        return [in_words(language, "Ingen hjertestans.", "No arrests.")]
    first, last = p.years
    outside, inside = (
        counted(number, p.least_persons, language) for number in (p.outside, p.inside)
    )
    span = str(first) if first == last else f"{first}–{last}"
    return [
        in_words(
            language,
            f"{outside} hjertestans utenfor sykehus og {inside} inne på sykehus, {span}, satt ved siden av det som er publisert.",
            f"{outside} arrests outside hospital and {inside} inside, {span}, beside what has been published.",
        )
    ]


_SENTENCES: Final[dict[str, Callable[[Portrait, Language], list[str]]]] = {
    "heading": _heading,
    "published": _published,
    "outside": _outside,
    "inside": _inside,
    "people": _people,
    "when": _when,
    "response": _response,
    "survival": _survival,
    "coverage": _coverage,
}
