"""A data dictionary: the columns of one table in their order, in words and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from hsr_privacy.documents import Label

Kind: TypeAlias = Literal["integer", "decimal", "text", "date", "datetime"]
"""What the cells of a column hold; pseudonyms and labels of a level are text."""


@dataclass(frozen=True)
class Value:
    """One value that may stand in a column.

    Attributes:
        text: as it stands there; a code of an integer column is its digits.
        label: what it means; None where the text says it itself.
        is_missing: whether it is a kind of missing (888 not applicable, 998 removed, 999 unknown).
    """

    text: str
    label: Label | None = None
    is_missing: bool = False


@dataclass(frozen=True)
class Field:
    """One column.

    Attributes:
        name: its heading.
        label: what people call it.
        kind: what its cells hold.
        description: longer than the label; None where the codebook has none.
        category: group of the codebook in which it stands.
        unit: of its numbers.
        values: codes, texts of a level and kinds of missing that may stand there; empty where they
            cannot be listed.
        minimum, maximum: of its numbers, both included.
        plausible: smallest and largest number that is not doubtful.
        pattern: that the whole text must match.
        required: whether a cell may not be empty.
        unique: whether no value may stand twice.
        variable: name of the codebook's variable.
        detail: the level on which it stands, where it was made coarser.
        role: of the column in disclosure control.
        note: what was done to it, for the reader of a codebook.
    """

    name: str
    label: Label
    kind: Kind
    description: Label | None = None
    category: Label | None = None
    unit: Label | None = None
    values: tuple[Value, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    plausible: tuple[float | None, float | None] = (None, None)
    pattern: str | None = None
    required: bool = False
    unique: bool = False
    variable: str | None = None
    detail: Label | None = None
    role: Literal["pseudonym", "direct-identifier", "quasi-identifier", "sensitive", "other"] = (
        "other"
    )
    note: Label | None = None

    @property
    def codes(self) -> tuple[Value, ...]:
        """The values that are no kind of missing."""
        return tuple(one for one in self.values if not one.is_missing)

    @property
    def missing(self) -> tuple[Value, ...]:
        """The kinds of missing."""
        return tuple(one for one in self.values if one.is_missing)


@dataclass(frozen=True)
class Dictionary:
    """The columns of one table.

    Attributes:
        name: of the table, ``a-z0-9_``.
        title: what people call the table.
        fields: in the order of the columns.
        key: columns that together name a row; empty where none do.
    """

    name: str
    title: Label
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Field]:
        """The columns in their order."""
        return iter(self.fields)

    def __getitem__(self, name: str) -> Field:
        """The column of this name; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
