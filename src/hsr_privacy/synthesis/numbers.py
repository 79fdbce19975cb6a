"""What a number of the simulator may be: a share, a wait, a span, a choice, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, field_validator, model_validator

from hsr_privacy.documents import Written

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

ALL_ATTENDED_SINCE = 2021
"""The year from which every arrest that an ambulance attended is told."""

FIRST_YEAR = 2013
"""The year in which the national register began."""

LAST_YEAR = 2040
"""The last year of which a number may be told."""

_ROUNDING = 1e-9

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class Number(Written):
    """The base of all numbers: none of them is infinite or not a number."""

    model_config = ConfigDict(allow_inf_nan=False)


def lasting(by_year: Mapping[int, float], years: Int64s) -> Floats:
    """The value of each year, which is that of the last named year before it; 0 before the first."""
    known = np.array(sorted(by_year))
    values = np.array([0.0, *(by_year[year] for year in sorted(by_year))])
    result: Floats = values[np.searchsorted(known, years, side="right")]
    return result


class Share(Number):
    """A share, 0-1, and the name of its source: one for all years, or by year; the last year lasts."""

    value: Annotated[float, Field(ge=0, le=1)] | None = None
    by_year: (
        Annotated[dict[Year, Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)] | None
    ) = None
    source: str

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.value is None) == (self.by_year is None):
            raise ValueError("needs either 'value' or 'by_year'")
        if self.by_year is not None and min(self.by_year) > FIRST_YEAR:
            raise ValueError(f"'by_year' says nothing of {FIRST_YEAR}, when the register began")
        return self

    def of_years(self, years: Int64s) -> Floats:
        """The share in each of some years, shape (n,)."""
        if self.by_year is None:
            return np.full(len(years), self.value)
        return lasting(self.by_year, years)


class Positive(Number):
    """Minutes or odds, above 0, and the name of its source."""

    value: Annotated[float, Field(gt=0)]
    source: str


class Rate(Number):
    """A number by year, such as arrests per 100,000 persons; the last year that is named lasts."""

    source: str
    by_year: Annotated[dict[Year, Annotated[float, Field(gt=0)]], Field(min_length=1)]

    @field_validator("by_year")
    @classmethod
    def _from_the_first_year(cls, by_year: dict[int, float]) -> dict[int, float]:
        if min(by_year) > FIRST_YEAR:
            raise ValueError(f"says nothing of {FIRST_YEAR}, when the register began")
        return by_year


class Relative(Number):
    """By how much each health trust differs from the country; those that are not named do not."""

    source: str
    of: dict[str, Annotated[float, Field(gt=0)]]


class Incidence(Number):
    """How often a heart stops: per 100,000 persons and year outside hospital and inside."""

    outside: Rate
    inside: Rate
    trusts: Relative


class Joined(Number):
    """From when each health trust tells of arrests outside; 2014.5 is the middle of 2014."""

    source: str
    trusts: Annotated[dict[str, Annotated[float, Field(ge=FIRST_YEAR)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _somebody_from_the_first_year(self) -> Self:
        if min(self.trusts.values()) > FIRST_YEAR:
            raise ValueError(f"no trust tells anything in {FIRST_YEAR}, when the register began")
        return self


class Reached(Number):
    """Share of hospitals that tell of arrests inside, by year; the last year lasts."""

    source: str
    by_year: Annotated[dict[Year, Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)]


class Coverage(Number):
    """Who tells the register, and from when."""

    outside: Joined
    inside: Reached


class Wait(Number):
    """A log-normal waiting time: its median in minutes, and the spread of its logarithm."""

    minutes: Annotated[float, Field(gt=0)]
    spread: Annotated[float, Field(ge=0, le=2)]
    source: str


class Span(Number):
    """Whole numbers from the first to the last, all alike."""

    first: int
    last: int
    source: str

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if self.first > self.last:
            raise ValueError("'first' is above 'last'")
        return self


class Measure(Number):
    """A measured value, about normal, within bounds."""

    mean: float
    deviation: Annotated[float, Field(gt=0)]
    low: float
    high: float
    source: str

    @model_validator(mode="after")
    def _within_its_bounds(self) -> Self:
        if self.low >= self.high:
            raise ValueError("'low' must be below 'high'")
        if not self.low <= self.mean <= self.high:
            raise ValueError("'mean' must lie between 'low' and 'high'")
        return self


class Choice(Number):
    """Share of each code; together they are 1."""

    of: Annotated[dict[int, Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)]
    source: str

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if abs(sum(self.of.values()) - 1) > _ROUNDING:
            raise ValueError(f"the shares add up to {sum(self.of.values()):g}, not to 1")
        return self


class Comorbidity(Number):
    """Share of people of 80 who have a disease, and of all who abuse substances."""

    source: str
    at_80: dict[str, Annotated[float, Field(ge=0, le=0.8)]]
    substance_abuse: Annotated[float, Field(ge=0, le=1)]


class Divided(Number):
    """Municipalities of 2024, and codes of earlier ones that went into them in part."""

    source: str
    into: dict[str, tuple[str, ...]]


class Boxes(Number):
    """Per county (two digits of 2024): west, south, east and north in metres of UTM zone 33."""

    source: str
    of: Annotated[dict[str, tuple[float, float, float, float]], Field(min_length=1)]


class Hospitals(Number):
    """Organization numbers of some hospitals."""

    source: str
    of: tuple[str, ...]
