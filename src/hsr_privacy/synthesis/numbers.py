"""What a number of the simulator may be: a share, a wait, a span, a choice, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, model_validator

from hsr_privacy.documents import Written

FIRST_YEAR = 2013
"""The year in which the national register began."""

_ROUNDING = 1e-9


class Share(Written):
    """A share, 0-1, and the name of its source."""

    value: Annotated[float, Field(ge=0, le=1)]
    source: str


class Positive(Written):
    """Minutes or odds, above 0, and the name of its source."""

    value: Annotated[float, Field(gt=0)]
    source: str


class Reached(Written):
    """Share of the country's arrests that reach the register, by year; the last year lasts."""

    source: str
    by_year: Annotated[dict[int, Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)]

    def shares(self, years: Iterable[int]) -> list[float]:
        """The share of each year; none before the first that is named."""
        known = sorted(self.by_year)
        return [
            self.by_year[max(before)] if (before := [y for y in known if y <= year]) else 0.0
            for year in years
        ]


class Coverage(Written):
    """How much of the country reaches the register."""

    outside: Reached
    inside: Reached

    @model_validator(mode="after")
    def _outside_from_the_first_year(self) -> Self:
        if not self.outside.shares([FIRST_YEAR])[0]:
            raise ValueError(f"'outside' says nothing of {FIRST_YEAR}, when the register began")
        return self


class Wait(Written):
    """A log-normal waiting time: its median in minutes, and the spread of its logarithm."""

    minutes: Annotated[float, Field(gt=0)]
    spread: Annotated[float, Field(ge=0, le=2)]
    source: str


class Span(Written):
    """Whole numbers from the first to the last, all alike."""

    first: int
    last: int
    source: str

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if self.first > self.last:
            raise ValueError("'first' is above 'last'")
        return self


class Measure(Written):
    """A measured value, about normal, within bounds."""

    mean: float
    deviation: Annotated[float, Field(gt=0)]
    low: float
    high: float
    source: str


class Choice(Written):
    """Share of each code; together they are 1."""

    of: Annotated[dict[int, Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)]
    source: str

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if abs(sum(self.of.values()) - 1) > _ROUNDING:
            raise ValueError(f"the shares add up to {sum(self.of.values()):g}, not to 1")
        return self


class Comorbidity(Written):
    """Share of people of 80 who have a disease, and of all who abuse substances."""

    source: str
    at_80: dict[str, Annotated[float, Field(ge=0, le=0.8)]]
    substance_abuse: Annotated[float, Field(ge=0, le=1)]


class Divided(Written):
    """Municipalities of 2024, and codes of earlier ones that went into them in part."""

    source: str
    into: dict[str, tuple[str, ...]]
