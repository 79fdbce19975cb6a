"""The simulator's numbers, each with the source that published it or marked as an assumption."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from hsr_privacy.configs import shipped
from hsr_privacy.documents import Written, load

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


class Coverage(Written):
    """Share of the country's arrests that reach the register, by year; the last year lasts."""

    source: str
    outside: dict[int, Annotated[float, Field(gt=0, le=1)]]
    inside: dict[int, Annotated[float, Field(gt=0, le=1)]]


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
    d_number: Share
    d_number_replaced: Share
    reserved: Share
    restricted: Share
    deleted: Share
    call_not_delivered: Share
    hospital_not_delivered: Share
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

    @model_validator(mode="after")
    def _every_number_has_a_source(self) -> Self:
        parts: list[tuple[str, str]] = [
            ("coverage", self.coverage.source),
            ("causes", self.causes.source),
            ("divided", self.divided.source),
        ]
        for group in (self.shares, self.minutes, self.odds):
            parts += [(name, getattr(group, name).source) for name in type(group).model_fields]
        for name, source in parts:
            if source not in self.sources:
                raise ValueError(f"'{name}' names the source '{source}', which is not in 'sources'")
        return self

    def share(self, name: str) -> float:
        """A share by its name."""
        found: Share = getattr(self.shares, name)
        return found.value


def load_parameters(path: Path | None = None) -> Parameters:
    """Read the numbers; the shipped ``synthetic/utstein.yaml`` if no path is given.

    Raises:
        ConfigError: every fault with file and line.
    """
    return load(path or shipped("synthetic", "utstein.yaml"), Parameters)
