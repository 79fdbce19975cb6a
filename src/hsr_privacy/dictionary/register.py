"""Register: the codebook of the register as a data dictionary, for whoever exchanges codebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeAlias

from hsr_privacy.codebook import Codebook, Range, Role, Treatment, Type, Variable
from hsr_privacy.dictionary.missing import MISSING
from hsr_privacy.dictionary.model import Dictionary, Field, Kind, Value
from hsr_privacy.documents import Label

FieldRole: TypeAlias = Literal[
    "pseudonym", "direct-identifier", "quasi-identifier", "sensitive", "other"
]

KINDS: Final[dict[Type, Kind]] = {
    Type.INTEGER: "integer",
    Type.DECIMAL: "decimal",
    Type.CODE: "integer",
    Type.TEXT: "text",
    Type.DATE: "date",
    Type.DATETIME: "datetime",
}
"""What the cells of a variable hold where it stands in full detail."""

_OTHER: Final = Label(nb="Annet", en="Other")
_UNVERIFIED: Final = Label(nb="ikke bekreftet", en="not verified")
_DESCRIBED_IN: Final = Label(nb="Beskrevet i", en="Described in")


def dictionary_of_register(
    codebook: Codebook, *, title: Label, unit: Callable[[str], Label], name: str = "register"
) -> Dictionary:
    """Describe every variable of the register in full detail, in the codebook's order.

    Args:
        codebook: the variables and their code lists.
        title: what people call the register.
        unit: gives a unit of the codebook in both languages.
        name: of the dictionary, ``a-z0-9_``.
    """
    fields = tuple(_field(variable, codebook, unit) for variable in codebook)
    return Dictionary(name=name, title=title, fields=fields)


def role_of(variable: Variable) -> FieldRole:
    """What a variable is for disclosure control; one that becomes a pseudonym counts as one."""
    if variable.treatment is Treatment.PSEUDONYM:
        return "pseudonym"
    return _ROLES[variable.role]


_ROLES: Final[dict[Role, FieldRole]] = {
    Role.DIRECT_IDENTIFIER: "direct-identifier",
    Role.QUASI_IDENTIFIER: "quasi-identifier",
    Role.SENSITIVE: "sensitive",
    Role.OTHER: "other",
}


def _field(variable: Variable, codebook: Codebook, unit: Callable[[str], Label]) -> Field:
    limits = variable.range or Range()
    plausible = variable.plausible or Range()
    return Field(
        name=variable.name,
        label=variable.label,
        kind=KINDS[variable.type],
        description=variable.description,
        unit=unit(variable.unit) if variable.unit else None,
        values=tuple(_values(variable, codebook)),
        minimum=limits.min,
        maximum=limits.max,
        plausible=(plausible.min, plausible.max),
        pattern=variable.pattern,
        variable=variable.name,
        role=role_of(variable),
        note=_note(variable),
    )


def _values(variable: Variable, codebook: Codebook) -> Iterator[Value]:
    listed = codebook.codes(variable)
    for code in listed:
        text = str(code.code)
        yield Value(text, Label(nb=code.nb, en=code.en), is_missing=text in MISSING)
    codes = {code.code for code in listed}
    for text in (str(code) for code in variable.missing if code not in codes):
        yield Value(text, MISSING.get(text, _OTHER), is_missing=text in MISSING)


def _note(variable: Variable) -> Label:
    doubt = Label(nb="", en="")
    if not variable.verified:
        doubt = Label(nb=f" ({_UNVERIFIED.nb})", en=f" ({_UNVERIFIED.en})")
    return Label(
        nb=f"{_DESCRIBED_IN.nb}: {variable.origin}{doubt.nb}",
        en=f"{_DESCRIBED_IN.en}: {variable.origin}{doubt.en}",
    )
