"""The simulator's numbers, each with the source that published it or marked as an assumption."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo, field_validator

from hsr_privacy.configs import shipped
from hsr_privacy.documents import Written, check, read, untold_sources
from hsr_privacy.errors import ConfigError
from hsr_privacy.synthesis.contradictions import contradiction
from hsr_privacy.synthesis.numbers import (
    Boxes,
    Choice,
    Comorbidity,
    Coverage,
    Divided,
    Floats,
    Hospitals,
    Incidence,
    Int64s,
    Measure,
    Positive,
    Rate,
    Share,
    Span,
    Wait,
)

MOST_REMOTE = 6
"""The last class of centrality; 1 is the most central."""


def _is_a_class(factor: Positive) -> Positive:
    if not 1 <= factor.value <= MOST_REMOTE:
        raise ValueError(f"must lie between 1 and {MOST_REMOTE}, the classes of centrality")
    return factor


class Shares(Written):
    """All shares; what each one is of stands in synthetic/utstein.yaml."""

    man_outside: Share
    man_inside: Share
    ambulance_witnessed: Share
    bystander_witnessed: Share
    at_home: Share
    resuscitation_attempted: Share
    bystander_cpr: Share
    bystander_cpr_if_not_attempted: Share
    aed_attached: Share
    aed_shock_if_shockable: Share
    recognized_by_dispatch: Share
    guided_by_dispatch: Share
    shockable_at_once: Share
    shock_later: Share
    physician_outside: Share
    mechanical_compressions: Share
    arrives_with_circulation: Share
    transported_during_resuscitation: Share
    self_inflicted_if_external: Share
    monitored: Share
    staff_witnessed: Share
    staff_witnessed_if_monitored: Share
    shockable_inside: Share
    back_before_team: Share
    compressions_over_30s: Share
    stopped_by_doctor: Share
    shock_before_team: Share
    mechanical_compressions_inside: Share
    rosc_inside: Share
    alive_24h_inside: Share
    survival_inside: Share
    last_shock: Share
    vascular_access: Share
    adrenaline_if_circulation: Share
    adrenaline_if_none: Share
    last_adrenaline: Share
    amiodarone_after_three_shocks: Share
    ecpr_if_admitted: Share
    st_elevation_if_infarct: Share
    temperature_control_if_admitted: Share
    withdrawn_if_dead: Share
    dies_at_home: Share
    dies_in_hospital_later: Share
    dies_within_a_year: Share
    alive_24h_outside: Share
    survival_outside_treated: Share
    rosc_outside_treated: Share
    brief_circulation: Share
    good_function_in_survivors: Share
    inside_after_outside: Share
    arrest_again: Share
    again_outside: Share
    told_twice: Share
    delivered_though_excluded: Share
    away_from_home: Share
    unidentified: Share
    named_by_hospital: Share
    d_number: Share
    d_number_replaced: Share
    foreign_citizen: Share
    pregnant: Share
    reserved: Share
    restricted: Share
    deleted: Share
    without_register_row: Share
    trauma_as_infarct: Share
    centrals_not_delivering: Share
    hospitals_not_delivering: Share
    call_not_delivered: Share
    admission_not_delivered: Share
    mission_number_in_hospital: Share
    hospital_rounds: Share
    hospital_disagrees: Share
    comment: Share
    comment_that_names: Share
    missing_response_time: Share
    missing_cell: Share

    @field_validator("*")
    @classmethod
    def _fits_those_before_it(cls, share: Share, info: ValidationInfo) -> Share:
        name = info.field_name or ""
        problem = contradiction(name, {**info.data, name: share})
        if problem is not None:
            raise ValueError(problem)
        return share


class Waits(Written):
    """Waiting times."""

    response: Wait
    call: Wait
    team: Wait
    drug: Wait
    circulation_outside: Wait
    circulation_seen_by_crew: Wait
    circulation_inside: Wait
    given_up_outside: Wait
    given_up_in_hospital: Wait
    given_up_inside: Wait
    transport: Wait
    clock_off: Wait
    stay: Wait


class Spans(Written):
    """Seconds or days, as the name says."""

    alert_seconds: Span
    leave_seconds: Span
    to_patient_seconds: Span
    crew_there_before_seconds: Span
    recognition_seconds: Span
    bystander_after_call_seconds: Span
    crew_begins_seconds: Span
    crew_begins_if_seen_seconds: Span
    crew_shock_seconds: Span
    staff_begins_seconds: Span
    staff_finds_seconds: Span
    team_call_seconds: Span
    team_shock_seconds: Span
    short_compressions_seconds: Span
    long_compressions_seconds: Span
    second_unit_seconds: Span
    clock_read_seconds: Span
    dies_early_days: Span
    dies_later_days: Span
    inside_after_outside_days: Span
    again_days: Span
    new_number_days: Span


class Odds(Written):
    """How the odds of survival, of help, or of an arrest change with a factor."""

    shockable: Positive
    witnessed: Positive
    bystander_cpr: Positive
    late_response: Positive
    ten_years: Positive
    condition: Positive
    external_cause: Positive
    helped_if_guided: Positive
    helped_if_witnessed: Positive
    helped_if_not_at_home: Positive
    aed_where_many_are: Positive
    year_of_age: Positive


class Factors(Written):
    """By how much a share or a time is multiplied."""

    usual_centrality: Annotated[Positive, AfterValidator(_is_a_class)]
    response_per_centrality: Positive
    transport_per_centrality: Positive
    rhythm_lost_per_minute: Positive
    rhythm_lost_if_helped: Positive
    shockable_if_witnessed: Positive
    shockable_if_unwitnessed: Positive
    shockable_if_medical: Positive
    shockable_if_external: Positive
    death_per_year_of_age: Positive
    good_function_if_old: Positive
    good_function_if_young: Positive


class Measures(Written):
    """Laboratory values."""

    ph_if_alive: Measure
    ph_if_dead: Measure
    lactate_if_alive: Measure
    lactate_if_dead: Measure


class Choices(Written):
    """Which code, of the code list that the forms need."""

    cause_child: Choice
    cause_young: Choice
    cause_adult: Choice
    cause_old: Choice
    place_trauma: Choice
    place_drowning: Choice
    cause_inside: Choice
    place_not_home: Choice
    place_inside: Choice
    bystander_way: Choice
    bystander_who: Choice
    staff_who: Choice
    first_responder: Choice
    physician: Choice
    urgency: Choice
    shockable_rhythm: Choice
    other_rhythm: Choice
    no_cpr_reason: Choice
    no_cpr_reason_if_seen: Choice
    stopped_reason: Choice
    airway: Choice
    access: Choice
    implant: Choice
    function_before: Choice
    angiography_if_infarct: Choice
    angiography_else: Choice
    cpc_good: Choice
    cpc_poor: Choice
    mrs_if_cpc_1: Choice
    mrs_if_cpc_2: Choice
    consent: Choice
    civil_status_young: Choice
    civil_status_adult: Choice
    civil_status_old: Choice


class Parameters(Written):
    """All that the simulator knows."""

    sources: dict[str, str]
    incidence: Incidence
    population: Rate
    coverage: Coverage
    shares: Shares
    waits: Waits
    spans: Spans
    odds: Odds
    factors: Factors
    measures: Measures
    choices: Choices
    comorbidity: Comorbidity
    hours_of_day: Choice
    months: Choice
    weekdays: Choice
    ecpr_hospitals: Hospitals
    county_boxes: Boxes
    divided: Divided

    def share(self, name: str) -> float:
        """A share by its name, of all years alike.

        Raises:
            ConfigError: it changes with the years.
        """
        found: Share = getattr(self.shares, name)
        if found.value is None:
            raise ConfigError(f"'shares: {name}' must have one 'value', not one by year")
        return found.value

    def shares_of(self, name: str, years: Int64s) -> Floats:
        """A share by its name in each of some years, shape (n,)."""
        found: Share = getattr(self.shares, name)
        return found.of_years(years)

    def wait(self, name: str) -> tuple[float, float]:
        """A waiting time by its name: median in minutes, spread of the logarithm."""
        found: Wait = getattr(self.waits, name)
        return found.minutes, found.spread

    def span(self, name: str) -> tuple[int, int]:
        """The first and the last of a span by its name."""
        found: Span = getattr(self.spans, name)
        return found.first, found.last

    def factor(self, name: str) -> float:
        """A factor by its name."""
        found: Positive = getattr(self.factors, name)
        return found.value

    def choice(self, name: str) -> Mapping[int, float]:
        """The shares of a choice by its name."""
        found: Choice = getattr(self.choices, name)
        return found.of


def load_parameters(path: Path | None = None) -> Parameters:
    """Read the numbers; the shipped ``synthetic/utstein.yaml`` if no path is given.

    Raises:
        ConfigError: every fault with file and line.
    """
    document = read(path or shipped("synthetic", "utstein.yaml"))
    parameters = check(document, Parameters)
    faults = untold_sources(document, parameters.sources)
    if faults:
        raise ConfigError(f"{document.path} names sources that it does not tell", faults)
    return parameters
