"""Hierarchies as people write them: bands, date levels, prefixes and tables."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hsr_privacy.documents import Label, Written


class BandLevel(Written):
    """One level of bands over numbers.

    Attributes:
        width: bands of this width from 0; 1 is the number itself.
        cuts: or else, lower bounds of the bands, ascending; the first includes all below the next.
        top: values from here on become one band, written ``95+``.
        bottom: values up to and with this become one band, written ``0-17``.
    """

    name: str
    width: Annotated[float, Field(gt=0)] | None = None
    cuts: tuple[float, ...] | None = None
    top: float | None = None
    bottom: float | None = None

    @model_validator(mode="after")
    def _one_of(self) -> BandLevel:
        if (self.width is None) == (self.cuts is None):
            raise ValueError("give either 'width' or 'cuts'")
        if self.cuts is not None and list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("'cuts' must ascend")
        return self


class _Definition(Written):
    name: str
    label: Label
    source: str
    verified: bool = True
    english: dict[str, str] = {}
    """English text of released nodes whose own text is Norwegian."""


class Bands(_Definition):
    """Bands over whole or decimal numbers, with top and bottom coding.

    Attributes:
        min, max: the domain, in ``unit``; every whole number in it is a leaf of the loss.
        unit: written behind a band (``5-9 år``), so that no spreadsheet reads it as a date.
        missing: codes such as 999 that stay categories of their own until the top.
    """

    kind: Literal["bands"]
    min: int
    max: int
    unit: str
    missing: tuple[str, ...] = ()
    levels: Annotated[tuple[BandLevel, ...], Field(min_length=1)]


DateLevel = Literal["day", "month", "quarter", "year", "2 years", "5 years"]


class Dates(_Definition):
    """Levels of a date, written as ISO 8601 writes them: ``2021-03``, ``2021-Q1``."""

    kind: Literal["dates"]
    levels: Annotated[tuple[DateLevel, ...], Field(min_length=1)]


class PrefixLevel(Written):
    """The first ``length`` characters of a code."""

    name: str
    length: Annotated[int, Field(ge=1)]


class Prefixes(_Definition):
    """Ever shorter beginnings of a code, as in ICD-10."""

    kind: Literal["prefixes"]
    levels: Annotated[tuple[PrefixLevel, ...], Field(min_length=1)]


class Table(_Definition):
    """A table with one row per value: ``;``-separated, UTF-8, a heading that names the levels.

    Attributes:
        file: beside the definition.
        levels: its columns, from the value itself to the coarsest; ``*`` is added.
        valid_from, valid_to: columns with the first and last date on which a value is valid; empty
            is open.
    """

    kind: Literal["table"]
    file: str
    levels: Annotated[tuple[str, ...], Field(min_length=1)]
    valid_from: str | None = None
    valid_to: str | None = None


Definition = Annotated[Bands | Dates | Prefixes | Table, Field(discriminator="kind")]


class DefinitionFile(Written):
    """A file of hierarchy definitions."""

    hierarchies: tuple[Definition, ...]
