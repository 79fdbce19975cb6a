"""Wording: what the figures and groups of a portrait are called, in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.explaining.figures import Language
from hsr_privacy.pages import MINUS, NO_BREAK, THIN_SPACE, count_text
from hsr_privacy.portrait.hiding import Count, Hidden

DASH: Final = "\u2013"


def _label(nb: str, en: str) -> Label:
    return Label(nb=nb, en=en)


METRIC_NAMES: Final = {
    "arrests": _label("Hjertestans utenfor sykehus", "Arrests outside hospital"),
    "arrests_treated": _label("Behandlede hjertestans", "Treated arrests"),
    "incidence": _label("Hjertestans per 100\u00a0000 og år", "Arrests per 100,000 and year"),
    "incidence_treated": _label(
        "Behandlede per 100\u00a0000 og år", "Treated per 100,000 and year"
    ),
    "trusts_telling": _label("Helseforetak som leverer", "Health trusts that deliver"),
    "covered": _label("Dekning av personår", "Person-years covered"),
    "covered_all_year": _label("Dekning hele året", "Covered all year"),
    "hospitals_telling": _label("Sykehus som leverer", "Hospitals that deliver"),
    "seen_by_crew": _label("Bevitnet av ambulansen", "Witnessed by the ambulance"),
    "cpr_before_ambulance": _label("HLR før ambulansen", "Resuscitation before the ambulance"),
    "aed_attached": _label("Hjertestarter tilkoblet", "Defibrillator attached"),
    "at_home": _label("I hjemmet", "At home"),
    "within_9_minutes": _label("Nådd innen 9 minutter", "Reached within 9 minutes"),
    "response_missing": _label("Responstid mangler", "Response time missing"),
    "rosc": _label("Egensirkulasjon (ROSC)", "Circulation (ROSC)"),
    "arrived": _label("Fremme med egensirkulasjon", "Arrived with circulation"),
    "ongoing": _label("Fremme under pågående HLR", "Arrived during resuscitation"),
    "transported": _label("Kjørt til sykehus", "Taken to hospital"),
    "arrived_per_100000": _label(
        "Fremme med egensirkulasjon per 100\u00a0000", "Arrived with circulation per 100,000"
    ),
    "ongoing_per_100000": _label(
        "Fremme under HLR per 100\u00a0000", "Arrived during resuscitation per 100,000"
    ),
    "transported_per_100000": _label(
        "Kjørt til sykehus per 100\u00a0000", "Taken to hospital per 100,000"
    ),
    "alive_day": _label("I live etter 24 timer", "Alive after 24 hours"),
    "alive_day_per_100000": _label(
        "I live etter 24 timer per 100\u00a0000", "Alive after 24 hours per 100,000"
    ),
    "alive_month": _label("I live etter 30 dager", "Alive after 30 days"),
    "alive_month_per_100000": _label(
        "I live etter 30 dager per 100\u00a0000", "Alive after 30 days per 100,000"
    ),
    "good_function": _label("God funksjon (CPC 1–2)", "Good function (CPC 1–2)"),
    "transport_missing": _label("Transport ukjent", "Transport unknown"),
    "day_missing": _label("24 timer ukjent", "24 hours unknown"),
    "month_missing": _label("30 dager ukjent", "30 days unknown"),
}
"""What each of `METRICS` is called."""

TREATED: Final = _label("av behandlede", "of the treated")
_UNSEEN: Final = _label(
    "av behandlede som ambulansen ikke bevitnet",
    "of the treated that the ambulance did not witness",
)
_YEARS: Final = _label("av personår med leveranse", "of person-years delivered")
DEFINITIONS: Final = {
    "arrests": _label("inkluderte", "included"),
    "arrests_treated": _label("HLR forsøkt av ambulansen", "resuscitated by the ambulance"),
    "incidence": _YEARS,
    "incidence_treated": _YEARS,
    "trusts_telling": _label("minst én måned av året", "at least one month of the year"),
    "covered": _label("av landets personår", "of the country's person-years"),
    "covered_all_year": _label("av befolkningen, alle måneder", "of the population, every month"),
    "hospitals_telling": _label(
        "av sykehus med opptaksområde, stans inne på sykehus",
        "of hospitals with a catchment, arrests inside",
    ),
    "seen_by_crew": _label("av alle der vitne er kjent", "of all with a known witness"),
    "cpr_before_ambulance": _UNSEEN,
    "aed_attached": _UNSEEN,
    "at_home": _label("av alle med kjent sted", "of all with a known place"),
    "within_9_minutes": _label(
        "av kjente responstider, ikke bevitnet av ambulansen",
        "of known response times, not witnessed by the ambulance",
    ),
    "response_missing": _label(
        "av dem ambulansen ikke bevitnet", "of those that the ambulance did not witness"
    ),
    "good_function": _label(
        "av overlevende med kjent funksjon", "of survivors with known function"
    ),
    "arrived_per_100000": _YEARS,
    "ongoing_per_100000": _YEARS,
    "transported_per_100000": _YEARS,
    "alive_day_per_100000": _YEARS,
    "alive_month_per_100000": _YEARS,
}
"""Of whom; of the treated, where nothing is said."""

FACTOR_NAMES: Final = {
    "shockable": _label("Sjokkbar første rytme", "Shockable first rhythm"),
    "witnessed": _label("Bevitnet", "Witnessed"),
    "helped": _label("HLR før ambulansen", "Resuscitation before the ambulance"),
    "late": _label("Responstid 10 minutter eller mer", "Response of 10 minutes or more"),
    "ten_years": _label("Ti år eldre", "Ten years older"),
    "woman": _label("Kvinne", "Woman"),
}

VERDICTS: Final = {
    "agrees": _label("stemmer", "agrees"),
    "within": _label("innenfor", "within"),
    "higher": _label("høyere", "higher"),
    "lower": _label("lavere", "lower"),
    "not comparable": _label("ikke sammenlignet", "not compared"),
    "nothing to count": _label("ingenting å telle", "nothing to count"),
    "too few": _label("for få", "too few"),
    "other years": _label("andre år", "other years"),
}

WITNESSES: Final = {
    "all": _label("Alle", "All"),
    "seen_by_bystander": _label("Bevitnet av tilskuer", "Bystander-witnessed"),
    "seen_by_crew": _label("Bevitnet av ambulanse", "Ambulance-witnessed"),
    "witnessed": _label("Bevitnet", "Witnessed"),
    "unwitnessed": _label("Ikke bevitnet", "Not witnessed"),
    "witness_unknown": _label("Vitne ukjent", "Witness unknown"),
}

RHYTHMS: Final = {
    "shockable": _label("Sjokkbar", "Shockable"),
    "other_rhythm": _label("Annen", "Other"),
    "unknown_rhythm": _label("Ukjent", "Unknown"),
}

OUTCOME_NAMES: Final = {
    "rosc": (
        _label("Egensirkulasjon", "Circulation"),
        _label("(ROSC ≥ 20 min)", "(ROSC ≥ 20 min)"),
    ),
    "admitted": (_label("Innlagt i live", "Admitted alive"), None),
    "alive_day": (_label("I live etter 24 timer", "Alive after 24 hours"), None),
    "alive_month": (_label("I live etter 30 dager", "Alive after 30 days"), None),
    "good": (_label("God funksjon", "Good function"), _label("(CPC 1–2)", "(CPC 1–2)")),
}

CURVES: Final = {
    "all": _label("alle", "all"),
    "central": _label("sentralitet 1–2", "centrality 1–2"),
    "between": _label("sentralitet 3–4", "centrality 3–4"),
    "remote": _label("sentralitet 5–6", "centrality 5–6"),
    "outside": _label("utenfor sykehus", "outside hospital"),
    "outside_shockable": _label("utenfor, sjokkbar", "outside, shockable"),
    "outside_other": _label("utenfor, annen rytme", "outside, other rhythm"),
    "inside": _label("inne på sykehus", "inside hospital"),
}

GROUPS: Final = {
    "rhythm and help": _label(
        "Utenfor: første rytme og HLR før ambulansen",
        "Outside: first rhythm and resuscitation before the ambulance",
    ),
    "response": _label("Utenfor: responstid i hele minutter", "Outside: response in whole minutes"),
    "witness": _label("Utenfor: bevitnet av", "Outside: witnessed by"),
    "inside": _label("Inne på sykehus: første rytme", "Inside hospital: first rhythm"),
}

GROUP_NAMES: Final = {
    "shockable, helped": _label("Sjokkbar, HLR før", "Shockable, CPR before"),
    "shockable, alone": _label("Sjokkbar, ikke HLR før", "Shockable, no CPR before"),
    "other, helped": _label("Annen rytme, HLR før", "Other rhythm, CPR before"),
    "other, alone": _label("Annen rytme, ikke HLR før", "Other rhythm, no CPR before"),
    "seen_by_crew": _label("Ambulanse", "Ambulance"),
    "seen_by_bystander": _label("Tilskuer", "Bystander"),
    "unwitnessed": _label("Ingen", "Nobody"),
    "shockable": _label("Sjokkbar", "Shockable"),
    "other": _label("Annen rytme", "Other rhythm"),
}

WEEKDAYS: Final = (
    _label("man", "Mon"), _label("tir", "Tue"), _label("ons", "Wed"), _label("tor", "Thu"),
    _label("fre", "Fri"), _label("lør", "Sat"), _label("søn", "Sun"),
)  # fmt: skip

MONTHS: Final = (
    _label("jan", "Jan"), _label("feb", "Feb"), _label("mar", "Mar"), _label("apr", "Apr"),
    _label("mai", "May"), _label("jun", "Jun"), _label("jul", "Jul"), _label("aug", "Aug"),
    _label("sep", "Sep"), _label("okt", "Oct"), _label("nov", "Nov"), _label("des", "Dec"),
)  # fmt: skip


def say(label: Label, language: Language) -> str:
    """The text of one language."""
    return label.nb if language == "nb" else label.en


def counted(number: Count, least: int, language: Language) -> str:
    """A count; ``<5`` where too few persons stand behind it, a word where it would give such away."""
    if number is Hidden.FEW:
        return f"<{least}"
    if isinstance(number, Hidden):
        return "skjult" if language == "nb" else "hidden"
    return count_text(number)


def decimal(number: float, digits: int, language: Language) -> str:
    """A number with so many decimals."""
    text = f"{number:,.{digits}f}".replace(",", THIN_SPACE).replace("-", MINUS)
    return text.replace(".", ",") if language == "nb" else text


def percent(share: float, digits: int, language: Language) -> str:
    """A share (0-1) in per cent, with so many decimals."""
    text = decimal(share * 100, digits, language)
    return text + (NO_BREAK + "%" if language == "nb" else "%")
