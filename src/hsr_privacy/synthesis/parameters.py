"""The simulator's numbers, each with the source that published it or marked as an assumption."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from hsr_privacy.configs import shipped
from hsr_privacy.documents import KeyPath, Written, check, nearest, read
from hsr_privacy.errors import ConfigError

FIRST_YEAR = 2013
"""The year in which the national register began."""


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


class Causes(Written):
    """Share of each cause, by its code."""

    source: str
    outside: dict[int, Annotated[float, Field(ge=0, le=1)]]
    inside: dict[int, Annotated[float, Field(ge=0, le=1)]]

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        for name, shares in (("outside", self.outside), ("inside", self.inside)):
            if abs(sum(shares.values()) - 1) > 1e-9:
                raise ValueError(f"the causes {name} add up to {sum(shares.values()):g}, not to 1")
        return self


class Divided(Written):
    """Municipalities of 2024, and codes of earlier ones that went into them in part."""

    source: str
    into: dict[str, tuple[str, ...]]


class Shares(Written):
    """All shares; what each one is of stands in synthetic/utstein.yaml."""

    outside: Share
    man_outside: Share
    man_inside: Share
    ambulance_witnessed: Share
    bystander_witnessed: Share
    at_home: Share
    resuscitation_attempted: Share
    bystander_cpr: Share
    aed_attached: Share
    aed_shock_if_shockable: Share
    recognized_by_dispatch: Share
    guided_by_dispatch: Share
    shockable_at_once: Share
    physician_outside: Share
    mechanical_compressions: Share
    monitored: Share
    staff_witnessed: Share
    shockable_inside: Share
    back_before_team: Share
    compressions_over_30s: Share
    stopped_by_doctor: Share
    survival_inside: Share
    survival_outside_treated: Share
    rosc_outside_treated: Share
    brief_circulation: Share
    good_function_in_survivors: Share
    inside_after_outside: Share
    arrest_again: Share
    told_twice: Share
    unidentified: Share
    named_by_hospital: Share
    d_number: Share
    d_number_replaced: Share
    reserved: Share
    restricted: Share
    deleted: Share
    centrals_not_delivering: Share
    hospitals_not_delivering: Share
    call_not_delivered: Share
    admission_not_delivered: Share
    missing_response_time: Share
    missing_cell: Share


class Minutes(Written):
    """Times, in minutes, and the spread of their logarithm."""

    response_median: Positive
    response_spread: Positive
    response_per_centrality: Positive
    call_after_arrest: Positive
    team_median: Positive


class Odds(Written):
    """How the odds of survival, or of an arrest, change with a factor."""

    shockable: Positive
    witnessed: Positive
    bystander_cpr: Positive
    late_response: Positive
    ten_years: Positive
    year_of_age: Positive


class Parameters(Written):
    """All that the simulator knows."""

    sources: dict[str, str]
    coverage: Coverage
    shares: Shares
    minutes: Minutes
    odds: Odds
    causes: Causes
    divided: Divided

    def share(self, name: str) -> float:
        """A share by its name."""
        found: Share = getattr(self.shares, name)
        return found.value


def load_parameters(path: Path | None = None) -> Parameters:
    """Read the numbers; the shipped ``synthetic/utstein.yaml`` if no path is given.

    Raises:
        ConfigError: every fault with file and line.
    """
    document = read(path or shipped("synthetic", "utstein.yaml"))
    parameters = check(document, Parameters)
    faults = [
        document.fault(where, f"'{name}' is none of the sources{nearest(name, known)}")
        for known in (list(parameters.sources),)
        for where, name in _named_sources(document.data, ())
        if name not in known
    ]
    if faults:
        raise ConfigError(f"{document.path} names sources that it does not tell", faults)
    return parameters


def _named_sources(part: Any, where: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every source that a number names, and where."""
    if not isinstance(part, dict):
        return
    for key, below in part.items():
        if key == "source":
            yield (*where, key), below
        else:
            yield from _named_sources(below, (*where, key))
