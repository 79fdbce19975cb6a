"""Kinds of fault: what each is called, how grave it is, and what whoever reports can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.rules import Form, Rule, Severity


class Group(StrEnum):
    """What a report puts together."""

    FILE = "file"
    CELL = "cell"
    PERSON = "person"
    TIME = "time"
    COPY = "copy"
    LATE = "late"
    TEXT = "text"
    RULE = "rule"


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    Attributes:
        name: by which findings name it.
        group: of the report.
        severity: of each.
        label: what is wrong.
        advice: what to do.
        plausible: whether it may well be right, and is only worth a look.
    """

    name: str
    group: Group
    severity: Severity
    label: Label
    advice: Label
    plausible: bool = False


_ALL: Final[dict[str, Kind]] = {}


def _kind(
    name: str,
    group: Group,
    labels: tuple[str, str],
    advice: tuple[str, str],
    *,
    severity: Severity = Severity.ERROR,
    plausible: bool = False,
) -> Kind:
    label, what = (Label(nb=nb, en=en) for nb, en in (labels, advice))
    _ALL[name] = Kind(name, group, severity, label, what, plausible)
    return _ALL[name]


_EXPORT = (
    "Rett uttrekket og lever filen på nytt.",
    "Mend the export and deliver the file again.",
)
_SOURCE = (
    "Se etter i journalen, rett i kilden og lever raden på nytt.",
    "Look it up in the record, correct it at the source and deliver the row again.",
)
_AS_TEXT = (
    "Lever kolonnen som tekst, og åpne ikke filen i et regneark før den sendes.",
    "Deliver the column as text, and do not open the file in a spreadsheet before it is sent.",
)
_CODE = (
    "Lever koden fra kodeboken.",
    "Deliver the code of the codebook.",
)
_TAKE_OUT = (
    "Ta det ut av fritekstfeltet i kilden. Registeret forkaster feltet, men opplysningen skal ikke sendes.",
    "Take it out of the comment at the source. The register drops the field, but the information must not be sent.",
)

# Files
UNKNOWN_NAME = _kind(
    "unknown-name", Group.FILE,
    ("Filnavnet hører til ingen kjent leveranse", "The name of the file belongs to no known layout"),
    ("Gi filen navnet som er avtalt for systemet, eller flytt den.", "Give the file the name that was agreed on for the system, or move it."),
)  # fmt: skip
UNREADABLE = _kind(
    "unreadable", Group.FILE,
    ("Filen kan ikke leses som en tabell", "The file cannot be read as a table"), _EXPORT,
)  # fmt: skip
OTHER_FORM = _kind(
    "other-form", Group.FILE,
    ("Kolonnene hører til et annet skjema enn filnavnet sier", "The columns are those of another form than the name of the file says"), _EXPORT,
)  # fmt: skip
MISSING_COLUMN = _kind(
    "missing-column", Group.FILE, ("En kolonne mangler", "A column is missing"), _EXPORT
)
UNKNOWN_COLUMN = _kind(
    "unknown-column", Group.FILE,
    ("En kolonne som skjemaet ikke har, eller som står der to ganger", "A column that the form does not have, or that stands twice"), _EXPORT,
)  # fmt: skip
WRONG_TYPE = _kind(
    "wrong-type", Group.FILE,
    ("Kolonnen er lagret som noe annet enn kodeboken sier", "The column is stored as something else than the codebook says"), _EXPORT,
)  # fmt: skip
OTHER_ENCODING = _kind(
    "other-encoding", Group.FILE,
    ("Æ, ø og å i en annen tegnkoding enn resten av filen, eller enn avtalt (Windows-1252)", "Letters in another encoding than the rest of the file, or than agreed (Windows-1252)"),
    ("Lever hele filen som UTF-8.", "Deliver the whole file as UTF-8."),
)  # fmt: skip
RAGGED = _kind(
    "ragged-row", Group.FILE,
    ("Raden har flere eller færre kolonner enn overskriften, og kunne ikke kontrolleres", "The row has more or fewer columns than the heading, and could not be checked"),
    ("Sett felt med skilletegn eller linjeskift i anførselstegn.", "Put fields with a delimiter or a line break in quotation marks."),
)  # fmt: skip

# Cells
CODE_LABEL = _kind(
    "code-label", Group.CELL, ("Ord i stedet for kode", "Words in place of a code"), _CODE
)
NO_CODE = _kind("no-code", Group.CELL, ("Ikke en kode", "Not a code"), _CODE)
OUTSIDE_LIST = _kind(
    "code-outside-list",
    Group.CELL,
    ("Koden står ikke i kodelisten", "The code is not in its list"),
    _CODE,
)
OLD_CODE = _kind(
    "old-code", Group.CELL,
    ("Trolig en kode fra en eldre liste (7, 8, 9 for 777, 888, 999; 1 for alle medisinske årsaker)", "Probably a code of an older list (7, 8, 9 for 777, 888, 999; 1 for all medical causes)"), _CODE,
)  # fmt: skip
LETTER_CASE = _kind(
    "letter-case", Group.CELL,
    ("Store og små bokstaver er byttet om", "Capital and small letters in each other's place"), _CODE,
)  # fmt: skip
BLANKS = _kind(
    "blanks", Group.CELL, ("Mellomrom foran eller bak koden", "Blanks before or after the code"),
    _EXPORT, severity=Severity.WARNING,
)  # fmt: skip
NO_NUMBER = _kind("no-number", Group.CELL, ("Ikke et tall", "Not a number"), _SOURCE)
DECIMAL_SIGN = _kind(
    "decimal-sign", Group.CELL,
    ("Et annet desimaltegn enn avtalt", "Another decimal sign than agreed"), _EXPORT,
)  # fmt: skip
NEGATIVE = _kind("negative", Group.CELL, ("Tallet er negativt", "The number is negative"), _SOURCE)
OUT_OF_RANGE = _kind(
    "out-of-range", Group.CELL,
    ("Tallet er utenfor det som er mulig", "The number is beyond what is possible"), _SOURCE,
)  # fmt: skip
OTHER_UNIT = _kind(
    "other-unit", Group.CELL,
    ("Tallet er umulig, men en tidel av det er mulig: en annen enhet, eller et komma for lite", "The number is impossible, but a tenth of it is not: another unit, or a decimal sign too few"), _SOURCE,
)  # fmt: skip
WRONG_FORM = _kind(
    "wrong-form", Group.CELL,
    ("Teksten har ikke formen som kodeboken krever", "The text does not have the form that the codebook asks for"), _SOURCE,
)  # fmt: skip
UNKNOWN_CENTRE = _kind(
    "unknown-centre", Group.CELL,
    ("Det er ingen AMK-sentral med dette navnet", "There is no dispatch centre of this name"), _CODE,
)  # fmt: skip
LOST_ZERO = _kind(
    "lost-zero", Group.CELL, ("Nullen foran er borte", "The leading zero is lost"), _AS_TEXT
)
UNLIKELY_DOSE = _kind(
    "unlikely-dose", Group.CELL,
    ("Uvanlig mye adrenalin: mer enn det som gis på en time", "Unusually much adrenaline: more than is given in an hour"), _SOURCE,
    severity=Severity.WARNING, plausible=True,
)  # fmt: skip

# Persons
INVALID_IDENTIFIER = _kind(
    "invalid-identifier", Group.PERSON,
    ("Fødselsnummeret er ikke gyldig: et siffer er feil, eller to er byttet om", "The national identifier is not valid: a digit is wrong, or two are transposed"), _SOURCE,
)  # fmt: skip
SCIENTIFIC = _kind(
    "scientific-number", Group.PERSON,
    ("Et nummer slik et regneark viser store tall (1,2E+10)", "A number as a spreadsheet shows large ones (1.2E+10)"), _AS_TEXT,
)  # fmt: skip
MISSING_IDENTIFIER = _kind(
    "missing-identifier", Group.PERSON,
    ("Fødselsnummer mangler, men navn eller fødselsdato er kjent", "The national identifier is missing, though name or date of birth is known"), _SOURCE,
)  # fmt: skip
MISSING_NUMBER = _kind(
    "missing-number", Group.PERSON,
    ("Hendelsens eller oppdragets nummer mangler, og raden kan ikke kobles", "The number of the incident or mission is missing, and the row cannot be linked"), _SOURCE,
)  # fmt: skip
OTHER_THAN_REGISTER = _kind(
    "other-than-register", Group.PERSON,
    ("Fødselsdato eller kjønn er ikke som i personopplysningene for samme nummer", "Date of birth or sex is not as in the personal data of the same number"), _SOURCE,
)  # fmt: skip

# Times
DATE_FORM = _kind(
    "date-form", Group.TIME,
    ("Datoen er skrevet på en annen måte enn avtalt", "The date is written in another way than agreed"), _EXPORT,
)  # fmt: skip
NO_DATE = _kind("no-date", Group.TIME, ("Ikke en dato", "Not a date"), _SOURCE)
FUTURE = _kind(
    "future-date", Group.TIME,
    ("En dato etter leveransen", "A date after the delivery"), _SOURCE,
)  # fmt: skip
ANCIENT = _kind(
    "ancient-date", Group.TIME,
    ("Et år som ikke kan stemme; trolig skrevet med to siffer", "A year that cannot be right; probably written with two digits"), _EXPORT,
)  # fmt: skip

# Copies
COPY = _kind(
    "copy", Group.COPY,
    ("Samme rad er levert mer enn én gang", "The same row was delivered more than once"),
    ("Lever hver rad én gang.", "Deliver each row once."),
)  # fmt: skip
NEAR_COPY = _kind(
    "near-copy", Group.COPY,
    ("Samme rad med et annet nummer eller noen minutter forskjøvet", "The same row with another number, or some minutes off"),
    ("Finn ut om det er én hendelse, og behold én rad.", "Find out whether it is one event, and keep one row."),
)  # fmt: skip

LATE = _kind(
    "late", Group.LATE,
    ("Raden kom senere enn en leveranse som den skulle ha vært med i", "The row came later than a delivery that it should have been in"),
    ("Registrer fortløpende; en frist med påminnelse hjelper mer enn å ta igjen etterslep.", "Record as you go; a deadline with a reminder helps more than catching up."),
    severity=Severity.WARNING,
)  # fmt: skip

# Free text
IN_TEXT: Final = MappingProxyType({
    what: _kind(f"{what}-in-comment", Group.TEXT, labels, _TAKE_OUT)
    for what, labels in {
        "identifier": ("Fødselsnummer i fritekst", "A national identifier in a comment"),
        "name": ("Navn på en pasient i fritekst", "A patient's name in a comment"),
        "phone": ("Telefonnummer i fritekst", "A telephone number in a comment"),
        "email": ("E-postadresse i fritekst", "An e-mail address in a comment"),
        "coordinates": ("Koordinater i fritekst", "Coordinates in a comment"),
    }.items()
})  # fmt: skip
"""What stands in free text, by what it is."""
LIKE_A_NAME = _kind(
    "like-a-name-in-comment", Group.TEXT,
    ("Noe i fritekst ser ut som et navn", "Something in a comment looks like a name"), _TAKE_OUT,
    severity=Severity.WARNING,
)  # fmt: skip

# Rules; each finding has the severity of its rule
RULE = _kind(
    "rule", Group.RULE,
    ("En av registerets regler er brutt", "A rule of the register is broken"), _SOURCE,
)  # fmt: skip
RULE_OF_ARREST = _kind(
    "rule-of-arrest", Group.RULE,
    ("En regel er brutt sammen med det andre har levert om samme hendelse eller person", "A rule is broken together with what others delivered on the same event or person"), _SOURCE,
)  # fmt: skip

KINDS: Final = MappingProxyType(_ALL)
"""Every kind by its name."""

PLAUSIBLE_RULES: Final = frozenset(("R21.plausible", "R25", "R30.plausible"))
"""Rules whose violations may well be right: what is unusual, and not wrong."""

_ASKED: Final = "R32.ambiguous"


def severity_of(rule: Rule, form: Form) -> Severity:
    """What a violation means to whoever reported it.

    The hour that comes twice in October is no fault of a register's row; but whoever wrote it can
    still say which of the two it was, so here it is asked for.
    """
    return Severity.WARNING if rule.id == _ASKED else rule.severity_for(form)


def is_plausible(kind: str, rule: str | None) -> bool:
    """Whether a finding may well be right, and is only worth a look."""
    return KINDS[kind].plausible or rule in PLAUSIBLE_RULES
