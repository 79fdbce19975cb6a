"""Hierarchies as people write them: bands, date levels, prefixes, tables, groups and orders."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from hsr_privacy.documents import Label, Written

Value = Annotated[str, StringConstraints(strip_whitespace=False)]
"""A value as it stands in the data: blanks around it, which only a quoted text has, are meant."""


class BandLevel(Written):
    """One level of bands over numbers.

    Attributes:
        width: bands of this width from 0.
        cuts: or else, lower bounds of the bands, ascending; what lies below them all is a band too.
            A level with neither is the number itself, and stands first.
        top: values from here on become one band, written ``95+``.
        bottom: values of which the whole number is at most this become one band, written ``0-17``.
    """

    name: str
    width: Annotated[float, Field(gt=0)] | None = None
    cuts: tuple[float, ...] | None = None
    top: float | None = None
    bottom: int | None = None

    @property
    def is_identity(self) -> bool:
        """Whether this level is the number itself."""
        return self.width is None and self.cuts is None

    @model_validator(mode="after")
    def _one_of(self) -> BandLevel:
        if self.width is not None and self.cuts is not None:
            raise ValueError("give either 'width' or 'cuts'")
        if self.cuts is not None and list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("'cuts' must ascend")
        return self


class _Definition(Written):
    name: str
    label: Label
    source: str
    verified: bool = True
    english: dict[str, str] = Field(default_factory=dict)
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

    @model_validator(mode="after")
    def _only_the_first_is_the_number_itself(self) -> Bands:
        if any(level.is_identity for level in self.levels[1:]):
            raise ValueError("only the first level may be without 'width' and 'cuts'")
        return self


DateLevel = Literal["day", "month", "quarter", "year", "2 years", "4 years"]
"""Finest first; each lies whole inside the next."""


class Dates(_Definition):
    """Levels of a date, written as ISO 8601 writes them: ``2021-03``, ``2021-Q1``."""

    kind: Literal["dates"]
    levels: Annotated[tuple[DateLevel, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ever_coarser(self) -> Dates:
        places = [get_args(DateLevel).index(level) for level in self.levels]
        if places != sorted(set(places)):
            raise ValueError("levels must grow coarser, each once")
        return self


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
        names: column with what people call a value that is a number.
    """

    kind: Literal["table"]
    file: str
    levels: Annotated[tuple[str, ...], Field(min_length=1)]
    valid_from: str | None = None
    valid_to: str | None = None
    names: str | None = None


class GroupLevel(Written):
    """One level of groups: the released text of each, and the values in it."""

    name: str
    groups: dict[Value, tuple[Value, ...]]


class Groups(_Definition):
    """Codes in ever larger groups; every value stands in exactly one group of every level.

    Attributes:
        values: all values; those of the first level if left out.
        levels: from small groups to large ones; none leaves the value itself and ``*``.
    """

    kind: Literal["groups"]
    values: tuple[Value, ...] = ()
    levels: tuple[GroupLevel, ...] = ()

    @model_validator(mode="after")
    def _every_value_has_one_place(self) -> Groups:
        if not self.values and not self.levels:
            raise ValueError("give 'values' or 'levels'")
        wanted = sorted(self.values or (v for g in self.levels[0].groups.values() for v in g))
        for level in self.levels:
            held = sorted(value for group in level.groups.values() for value in group)
            if held != wanted:
                raise ValueError(f"level '{level.name}' must hold every value exactly once")
        return self


class OrderLevel(Written):
    """One level of merges: neighbours on the level below become one, written ``first - last``.

    Attributes:
        fanout: so many neighbours each time; the last merge takes what is left.
        fanouts: or else, how many each merge takes, from the first value on.
    """

    name: str
    fanout: Annotated[int, Field(ge=2)] | None = None
    fanouts: tuple[Annotated[int, Field(ge=1)], ...] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> OrderLevel:
        if (self.fanout is None) == (self.fanouts is None):
            raise ValueError("give either 'fanout' or 'fanouts'")
        return self

    def sizes(self, nodes: int) -> tuple[int, ...]:
        """How many of the ``nodes`` below each merge takes."""
        if self.fanouts is not None:
            return self.fanouts
        assert self.fanout is not None
        return tuple(min(self.fanout, nodes - n) for n in range(0, nodes, self.fanout))


class Order(_Definition):
    """Values in an order of their own, such as school grades: neighbours merge, level by level.

    Attributes:
        values: all values, in their order.
        levels: from few neighbours to many; none leaves the value itself and ``*``.
    """

    kind: Literal["order"]
    values: Annotated[tuple[Value, ...], Field(min_length=1)]
    levels: tuple[OrderLevel, ...] = ()

    @model_validator(mode="after")
    def _every_level_takes_all(self) -> Order:
        if len(set(self.values)) != len(self.values):
            raise ValueError("a value stands twice in 'values'; each has one place in the order")
        nodes = len(self.values)
        for level in self.levels:
            sizes = level.sizes(nodes)
            if sum(sizes) != nodes:
                raise ValueError(
                    f"level '{level.name}': 'fanouts' take {sum(sizes)} node(s) "
                    f"and the level below has {nodes}"
                )
            nodes = len(sizes)
        return self


Definition = Annotated[
    Bands | Dates | Prefixes | Table | Groups | Order, Field(discriminator="kind")
]


class DefinitionFile(Written):
    """A file of hierarchy definitions."""

    hierarchies: tuple[Definition, ...]
