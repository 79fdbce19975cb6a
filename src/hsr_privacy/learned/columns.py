"""Columns: what each column of a table is to a synthesizer, by the codebook and never by a guess."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hsr_privacy.codebook import Codebook, Role, Source, Type, Variable

CODES: Final = "#"
"""Behind the name of a column of numbers, the name of its codes: 999 unknown, 998 suppressed."""

SUPPRESSED: Final = "998"
"""What a suppressed cell of an extract reads."""

MINUTES: Final = "_min"
"""Behind the name of a clock time, the name of its minutes in an extract."""


ZONE: Final = "Europe/Oslo"


class Kind(StrEnum):
    """How a column is learned."""

    CATEGORY = "category"
    NUMBER = "number"
    TIME = "time"
    """A clock time with its date; learned as seconds since the step before it."""
    MINUTES = "minutes"
    """A clock time of an extract: whole minutes since the call; learned like `TIME`."""
    DATE = "date"
    """A day; learned as days since the arrest."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: in the table.
        kind: how it is learned.
        variable: of the codebook.
        codes: for numbers, the codes that can stand in their place, as text.
        generalized: whether its cells are labels of a hierarchy and not the codebook's values.
        local: whether its times have no zone, and so are what a Norwegian clock showed.
    """

    name: str
    kind: Kind
    variable: Variable
    codes: tuple[str, ...] = ()
    generalized: bool = False
    local: bool = False

    @property
    def is_category(self) -> bool:
        """Whether its cells are categories."""
        return self.kind is Kind.CATEGORY

    @property
    def is_whole(self) -> bool:
        """Whether its numbers are whole."""
        return self.variable.type is not Type.DECIMAL

    @property
    def is_quasi_identifier(self) -> bool:
        """Whether a person could be recognized by it."""
        return self.variable.role is Role.QUASI_IDENTIFIER

    @property
    def is_sensitive(self) -> bool:
        """Whether something could be learned by it about a person."""
        return self.variable.role is Role.SENSITIVE

    @property
    def is_of_person(self) -> bool:
        """Whether it tells of the person and not of the arrest: what the population register has."""
        return Source.REGISTER in self.variable.sources

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Smallest and largest number that the codebook allows."""
        limits = self.variable.range
        if self.kind is not Kind.NUMBER or limits is None:
            return (None, None)
        return (limits.min, limits.max)


def known_codes(variable: Variable, codebook: Codebook) -> frozenset[str]:
    """The codes that may stand in a variable, as text, with that of a suppressed cell."""
    listed = [code.code for code in codebook.codes(variable)]
    return frozenset(map(str, [*listed, *variable.missing])) | {SUPPRESSED}


def variable_of(name: str, codebook: Codebook) -> Variable | None:
    """The variable that a column holds, also as minutes; None where the codebook has none."""
    if name in codebook:
        return codebook[name]
    bare = name.removesuffix(MINUTES)
    if bare != name and bare in codebook and codebook[bare].type is Type.DATETIME:
        return codebook[bare]
    return None
