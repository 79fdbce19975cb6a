"""Wording: what the project's and the hierarchies' short words mean, in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.codebook import EventType, Source
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import TOP
from hsr_privacy.project.model import Choice, IdentificationDegree, RecipientType


def _label(nb: str, en: str) -> Label:
    return Label(nb=nb, en=en)


LEVELS: Final[dict[str, Label]] = {
    TOP: _label("én verdi for alle", "one value for everybody"),
    "value": _label("verdien selv", "the value itself"),
    "code": _label("hver kode for seg", "each code by itself"),
    "number": _label("antallet selv", "the number itself"),
    "1 year": _label("hele år", "single years"),
    "1 year, 95+": _label("hele år, 95 og eldre samlet", "single years, 95 and older together"),
    "2 years": _label("to år samlet", "two years together"),
    "4 years": _label("fire år samlet", "four years together"),
    "5 years": _label("femårsgrupper", "five-year bands"),
    "10 years": _label("tiårsgrupper", "ten-year bands"),
    "age group": _label("fire aldersgrupper", "four age groups"),
    "couple": _label("gift eller partner, eller ikke", "married or partner, or not"),
    "country": _label("land", "country"),
    "area": _label("område: Norge, Norden, EU/EØS, andre", "area: Norway, Nordic, EU/EEA, others"),
    "Norway or not": _label("Norge eller ikke", "Norway or not"),
    "municipality": _label("kommune", "municipality"),
    "municipality 2024": _label("kommune etter inndelingen i 2024", "municipality as of 2024"),
    "county": _label("fylke", "county"),
    "health region": _label("helseregion", "health region"),
    "health trust": _label("helseforetak", "health trust"),
    "hospital": _label("sykehus", "hospital"),
    "centre": _label("AMK-sentral", "emergency centre"),
    "three classes": _label("tre klasser", "three classes"),
    "place group": _label("steder i fem grupper", "places in five groups"),
    "home, hospital or not": _label(
        "hjem, sykehus eller annet sted", "home, hospital or elsewhere"
    ),
    "day": _label("dag", "day"),
    "month": _label("måned", "month"),
    "quarter": _label("kvartal", "quarter"),
    "year": _label("år", "year"),
    "weekend or not": _label("hverdag eller helg", "weekday or weekend"),
    "1 minute": _label("hele minutter", "single minutes"),
    "1 minute, 60+": _label(
        "hele minutter, 60 og over samlet", "single minutes, 60 and more together"
    ),
    "Utstein bands": _label("grupper etter Utstein", "bands as in Utstein"),
    "1 day": _label("hele døgn", "single days"),
    "number, 10+": _label("antallet, 10 og over samlet", "the number, 10 and more together"),
    "bands": _label("grupper", "bands"),
    "merged": _label("årsaker slått sammen", "reasons merged"),
    "cause group": _label("årsaksgrupper", "groups of causes"),
    "shockable or not": _label("sjokkbar eller ikke", "shockable or not"),
    "yes or no": _label("ja eller nei", "yes or no"),
    "any": _label("noen eller ingen", "any or none"),
    "lay or health personnel": _label("legfolk eller helsepersonell", "lay or health personnel"),
    "good or poor": _label("god eller dårlig", "good or poor"),
    "good, poor, dead": _label("god, dårlig eller død", "good, poor or dead"),
    "whole mg": _label("hele mg", "whole mg"),
    "0.1 unit": _label("0,1 enheter", "steps of 0.1"),
    "0.2 unit": _label("0,2 enheter", "steps of 0.2"),
    "whole mmol/L": _label("hele mmol/L", "whole mmol/L"),
    "category": _label("kategori (tre tegn)", "category (three characters)"),
    "letter": _label("første bokstav", "first letter"),
}

SOURCES: Final[dict[Source, Label]] = {
    Source.AMK: _label("AMK-sentral", "dispatch centre (AMK)"),
    Source.AMBULANCE: _label("ambulansetjeneste", "ambulance service"),
    Source.HOSPITAL: _label("sykehus", "hospital"),
    Source.REGISTER: _label("registeret selv", "the register itself"),
    Source.DERIVED: _label("beregnet av registeret", "computed by the register"),
}

EVENT_TYPES: Final[dict[EventType, Label]] = {
    EventType.OHCA: _label("utenfor sykehus", "out of hospital"),
    EventType.IHCA: _label("inne på sykehus", "in hospital"),
}

RECIPIENTS: Final[dict[RecipientType, Label]] = {
    RecipientType.RESEARCH_INSTITUTION: _label("forskningsinstitusjon", "research institution"),
    RecipientType.HEALTH_TRUST: _label("helseforetak", "health trust"),
    RecipientType.HEALTH_AUTHORITY: _label("helsemyndighet", "health authority"),
    RecipientType.MUNICIPALITY: _label("kommune", "municipality"),
    RecipientType.COMPANY: _label("bedrift", "company"),
    RecipientType.INSURANCE: _label("forsikringsselskap", "insurer"),
    RecipientType.EMPLOYER: _label("arbeidsgiver", "employer"),
    RecipientType.PROSECUTION: _label("påtalemyndighet", "prosecution"),
    RecipientType.COURT: _label("domstol", "court"),
    RecipientType.BANK: _label("bank", "bank"),
}

DEGREES: Final[dict[IdentificationDegree, Label]] = {
    IdentificationDegree.ANONYMOUS: _label("anonym", "anonymous"),
    IdentificationDegree.DE_IDENTIFIED: _label("avidentifisert", "de-identified"),
    IdentificationDegree.INDIRECT: _label(
        "indirekte personidentifiserbar", "indirectly identifiable"
    ),
    IdentificationDegree.DIRECT: _label("direkte personidentifiserbar", "directly identifiable"),
}

WITHOUT: Final[dict[Choice, Label]] = {
    Choice.RESERVATION: _label(
        "Uten dem som har reservert seg mot registeret.",
        "Without those who have reserved themselves against the register.",
    ),
    Choice.RESTRICTION: _label(
        "Uten dem som har fått opplysningene sine sperret.",
        "Without those who have had the use of their data restricted.",
    ),
    Choice.DELETION: _label(
        "Uten dem som har fått innvilget sletting.",
        "Without those who have been granted deletion.",
    ),
    Choice.NO_CONSENT: _label(
        "Uten dem som ikke har samtykket.", "Without those who have not given consent."
    ),
}
"""Whom a project leaves out, by the choices that it honours."""

GROUNDS: Final[dict[str, Label]] = {
    "19a-consent": _label(
        "samtykke (helseregisterloven § 19 a)", "consent (helseregisterloven § 19 a)"
    ),
    "19b": _label(
        "helseregisterloven § 19 b: indirekte personidentifiserbare opplysninger",
        "helseregisterloven § 19 b: indirectly identifiable data",
    ),
    "19e-dispensation": _label(
        "dispensasjon (helseregisterloven § 19 e)", "dispensation (helseregisterloven § 19 e)"
    ),
    "other": _label("annet grunnlag", "another ground"),
}

APPROVALS: Final[dict[str, Label]] = {
    "helsedataservice": _label("Helsedataservice", "Helsedataservice"),
    "rek": _label("Regional etisk komité (REK)", "Regional ethics committee (REK)"),
    "dpia": _label("Personvernkonsekvensvurdering (DPIA)", "Data protection impact assessment"),
    "dispensation": _label("Dispensasjon fra taushetsplikt", "Dispensation from confidentiality"),
    "controller": _label("Dataansvarlig", "Data controller"),
}


UNITS: Final[dict[str, Label]] = {
    "år": _label("år", "years"),
    "døgn": _label("døgn", "days"),
    "sjokk": _label("sjokk", "shocks"),
    "min": _label("minutter", "minutes"),
    "s": _label("sekunder", "seconds"),
}


_OF_BANDS: Final = ("år", "døgn", "sjokk")


def level_label(name: str) -> Label:
    """What a level of a hierarchy is called; a name without words is its own."""
    return LEVELS.get(name) or Label(nb=name, en=name)


def unit_label(unit: str) -> Label:
    """A unit in both languages; most are written the same."""
    return UNITS.get(unit) or Label(nb=unit, en=unit)


def english_of(text: str) -> str:
    """A released band with its Norwegian unit in English: ``18-24 år`` is ``18-24 years``."""
    number, _, unit = text.rpartition(" ")
    if not number or unit not in _OF_BANDS:
        return text
    english = UNITS[unit].en
    return f"{number} {english.removesuffix('s') if number == '1' else english}"
