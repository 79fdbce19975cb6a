"""What the register's variables are: one bilingual description, the master of all that is derived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from hsr_privacy.documents import Label, Written


class Role(StrEnum):
    """What a variable can do to a person's privacy."""

    DIRECT_IDENTIFIER = "direct-identifier"
    QUASI_IDENTIFIER = "quasi-identifier"
    SENSITIVE = "sensitive"
    OTHER = "other"


class Source(StrEnum):
    """Who delivers a variable; ``derived`` is computed by the register itself."""

    AMK = "amk"
    AMBULANCE = "ambulance"
    HOSPITAL = "hospital"
    REGISTER = "register"
    DERIVED = "derived"


class EventType(StrEnum):
    """Out-of-hospital (code 1 of ``event_type``) and in-hospital (code 2) cardiac arrest."""

    OHCA = "ohca"
    IHCA = "ihca"


class Type(StrEnum):
    """How a value is written and stored.

    ``code`` is a whole number from a code list; ``text`` keeps leading zeros (municipality, RESH);
    ``datetime`` is Norwegian local time when delivered and UTC in the event store.
    """

    INTEGER = "integer"
    DECIMAL = "decimal"
    CODE = "code"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"


class Treatment(StrEnum):
    """What becomes of a variable that a project may have, unless the project says more."""

    KEEP = "keep"
    GENERALIZE = "generalize"
    MINUTES = "minutes"
    PSEUDONYM = "pseudonym"
    DROP = "drop"
    GATE = "gate"
    """Decides who is in an extract; never released."""


class Code(Written):
    """One code of a code list."""

    code: int
    nb: str
    en: str


class CodeList(Written):
    """A named list of codes; 777 (other) is a category, 888, 998 and 999 are kinds of missing."""

    name: str
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]
    source: str

    @model_validator(mode="after")
    def _codes_are_unique(self) -> CodeList:
        seen: set[int] = set()
        for code in self.codes:
            if code.code in seen:
                raise ValueError(f"code {code.code} stands twice in '{self.name}'")
            seen.add(code.code)
        return self


class Range(Written):
    """Smallest and largest value, both included; None leaves a side open."""

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _ascends(self) -> Range:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("'min' is above 'max'")
        return self


class Variable(Written):
    """One variable of the register.

    Attributes:
        name: column name, a-z, digits and underscore, at most 32 characters (Stata's limit).
        code_list: name of a code list; required for type ``code``.
        pattern: regular expression that the whole text must match, for type ``text``.
        missing: codes 777-999 that may stand in this variable beside its code list or range.
        sources: who delivers it, in order of trust: the first that has a value decides.
        identification_degree: helsedata's Identifiseringsgrad, 1 not assessed ... 5 high.
        range: values outside are errors. plausible: values outside are warnings.
        hierarchy: name of a generalization hierarchy.
        origin: where the description comes from; ``verified`` is false for tag [B].
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]
    label: Label
    description: Label | None = None
    type: Type
    unit: str | None = None
    code_list: str | None = None
    pattern: str | None = None
    missing: tuple[int, ...] = ()
    multiple: bool = False
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    event_types: Annotated[tuple[EventType, ...], Field(min_length=1)]
    utstein: Annotated[str, Field(pattern=r"^(core|supplemental|none)$")] = "none"
    role: Role
    identification_degree: Annotated[int, Field(ge=1, le=5)]
    range: Range | None = None
    plausible: Range | None = None
    hierarchy: str | None = None
    treatment: Treatment
    helsedata_code: str | None = None
    origin: str
    verified: bool

    @model_validator(mode="after")
    def _fits_together(self) -> Variable:
        if (self.type is Type.CODE) != (self.code_list is not None):
            raise ValueError("a code_list belongs to type 'code', and only there")
        if self.pattern is not None and self.type is not Type.TEXT:
            raise ValueError("a pattern belongs to type 'text'")
        if self.pattern is not None and not _compiles(self.pattern):
            raise ValueError("the pattern is no regular expression")
        if self.treatment is Treatment.GENERALIZE and self.hierarchy is None:
            raise ValueError("treatment 'generalize' needs a hierarchy")
        if self.treatment is Treatment.MINUTES and self.type is not Type.DATETIME:
            raise ValueError("treatment 'minutes' belongs to type 'datetime'")
        if self.role is Role.DIRECT_IDENTIFIER and self.treatment not in (
            Treatment.DROP,
            Treatment.PSEUDONYM,
        ):
            raise ValueError("a direct identifier is dropped or replaced by a pseudonym")
        return self


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


@dataclass(frozen=True)
class Codebook:
    """The variables and code lists of a register, in their order."""

    variables: tuple[Variable, ...]
    code_lists: tuple[CodeList, ...]

    def __iter__(self) -> Iterator[Variable]:
        """The variables in their order."""
        return iter(self.variables)

    def __contains__(self, name: str) -> bool:
        """Whether there is a variable of this name."""
        return any(variable.name == name for variable in self.variables)

    def __getitem__(self, name: str) -> Variable:
        """The variable of this name; KeyError if there is none."""
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise KeyError(name)

    def codes(self, variable: Variable) -> tuple[Code, ...]:
        """The codes of a variable's code list; empty for other types."""
        for code_list in self.code_lists:
            if code_list.name == variable.code_list:
                return code_list.codes
        return ()

    def delivered_by(self, source: Source) -> tuple[Variable, ...]:
        """Variables that a source delivers."""
        return tuple(variable for variable in self.variables if source in variable.sources)

    def names(self, roles: Iterable[Role]) -> tuple[str, ...]:
        """Names of the variables that have one of the roles."""
        wanted = set(roles)
        return tuple(variable.name for variable in self.variables if variable.role in wanted)
