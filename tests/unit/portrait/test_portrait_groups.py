"""Flow, age, time and regions: what is counted, and what is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.portrait import as_plain, portray_deliveries
from hsr_privacy.portrait.flow import inside_flow, outside_flow
from hsr_privacy.portrait.groups import BANDS, lives, pyramid, week
from hsr_privacy.portrait.hiding import Hidden
from hsr_privacy.portrait.measures import Register
from hsr_privacy.portrait.regions import coverage, rates_by_year, rows_by
from hsr_privacy.portrait.residents import load_residents
from hsr_privacy.portrait.telling import telling_of
from hsr_privacy.synthesis import load_parameters, synthesize_register
from tests.unit.portrait.arrested import ALIVE, arrested

BERGEN = "983974724"


def register(arrests: pl.DataFrame) -> Register:
    residents = load_residents()
    telling = telling_of(arrests, residents, load_parameters().population.by_year)
    return Register(arrests, telling, residents)


def test_the_flow_counts_by_who_saw_it_and_along_the_chain() -> None:
    crew = {"seen_by_crew": True, "seen_by_bystander": False}
    nobody = {"seen_by_bystander": False, "witnessed": False}
    flow = outside_flow(
        arrested(
            (40, {}),
            (25, {**ALIVE, "shockable": True}),
            (10, {**ALIVE, "alive_month": False, "good": None}),
            (30, crew),
            (12, {**ALIVE, **crew}),
            (50, nobody),
            (9, {**ALIVE, **nobody, "good": False}),
            (17, {"tried": False}),
            (99, {"outside": False}),
        ),
        least_persons=5,
    )
    assert (flow.arrests, flow.tried, flow.not_tried, flow.unknown) == (193, 176, 17, 0)
    columns = {one.name: one for one in flow.columns}
    assert {name: one.arrests for name, one in columns.items()} == {
        "all": 176, "seen_by_bystander": 75, "seen_by_crew": 42, "unwitnessed": 59, "witness_unknown": 0,
    }  # fmt: skip
    assert dict(columns["all"].outcomes) == {
        "rosc": 56, "admitted": 56, "alive_day": 56, "alive_month": 46, "good": 37,
    }  # fmt: skip
    assert columns["seen_by_bystander"].rhythms["shockable"] == 25
    assert columns["seen_by_bystander"].outcomes["alive_month"] == 25
    assert columns["unwitnessed"].outcomes["good"] == 0
    assert flow.chain_holds


def test_a_chain_in_which_more_live_than_came_alive_does_not_hold() -> None:
    flow = inside_flow(arrested((9, {**ALIVE, "outside": False, "rosc": False})), least_persons=1)
    assert not flow.chain_holds


def test_of_few_the_flow_tells_no_fate() -> None:
    nobody = {"seen_by_bystander": False, "witnessed": False}
    flow = outside_flow(
        arrested((40, {}), (30, ALIVE), (14, nobody), (3, ALIVE | nobody)), least_persons=5
    )
    columns = {one.name: one for one in flow.columns}
    assert columns["unwitnessed"].arrests == 17
    assert columns["unwitnessed"].outcomes["alive_month"] is Hidden.FEW
    assert columns["seen_by_bystander"].outcomes["alive_month"] is Hidden.BESIDE
    assert columns["all"].outcomes["alive_month"] == 33
    # Of fourteen, it is not told that none lived; of forty, it is.
    for many, told in ((14, Hidden.BESIDE), (40, 0)):
        flow = outside_flow(arrested((many, nobody), (40, {}), (30, ALIVE)), least_persons=5)
        unwitnessed = next(one for one in flow.columns if one.name == "unwitnessed")
        assert unwitnessed.outcomes["alive_month"] == told


def test_few_who_are_lost_between_two_outcomes_are_not_told_by_their_difference() -> None:
    lost = {**ALIVE, "admitted": False, "alive_day": False, "alive_month": False, "good": None}
    flow = outside_flow(arrested((40, {}), (30, ALIVE), (3, lost)), least_persons=5)
    whole = flow.columns[0].outcomes
    assert (whole["rosc"], whole["admitted"], whole["alive_day"]) == (33, Hidden.BESIDE, 30)


def test_the_pyramid_counts_five_years_and_the_last_band_has_no_end() -> None:
    ages: list[tuple[int, dict[str, Any]]] = [
        (8, {"age": 4}),
        (7, {"age": 5}),
        (9, {"age": 103}),
        (6, {"age": 95, "sex": 2}),
        (5, {"age": None}),
    ]
    one = pyramid(arrested(*ages), outside=True, least_persons=5)
    assert (one.men[0], one.men[1], one.men[-1], one.women[-1], one.unknown) == (8, 7, 9, 6, 5)
    assert len(one.men) == len(one.women) == len(BANDS) == 20
    assert sum(isinstance(some, int) and some for some in (*one.men, *one.women)) == 30


def test_the_week_counts_hours_by_weekday() -> None:
    one = week(
        arrested((9, {"weekday": 7, "hour": 20}), (6, {"weekday": 1, "hour": 8})), least_persons=5
    )
    assert (one.hours[6][20], one.hours[0][8], one.months[4]) == (9, 6, 15)
    assert one.by_day == 6 / 15


def test_who_lives_is_told_by_rhythm_and_help() -> None:
    shockable = {"shockable": True}
    groups = lives(
        arrested(
            (30, shockable),
            (20, ALIVE | shockable),
            (50, {"helped": False}),
            (4, ALIVE | {"helped": False}),
        ),
        least_persons=5,
    )
    found = {(one.group, one.name): one for one in groups}
    assert found["rhythm and help", "shockable, helped"].share == 20 / 50
    alone = found["rhythm and help", "other, alone"]
    assert (alone.arrests, alone.share) == (54, None)
    assert found["response", "6-8"].arrests == 104


def test_a_region_has_its_own_figures_and_hides_few() -> None:
    told = register(
        arrested(
            (60, {"month": 1}),
            (12, {**ALIVE, "month": 12}),
            (9, {"trust": BERGEN, "scene": "4601", "helped": False}),
            (3, {"trust": "983974880", "scene": "5603"}),
        )
    )
    trusts = {one.name: one for one in rows_by(told, "trust", least_persons=5)}
    oslo = trusts["OUS HF"]
    assert (oslo.arrests, oslo.response) == (72, 8.0)
    assert oslo.alive == pytest.approx(12 / 72)
    assert oslo.per_100000 == pytest.approx(72 / (oslo.person_years or 0) * 100_000)
    assert trusts["Finnmark HF"].arrests is Hidden.FEW
    assert trusts["Bergen HF"].arrests is Hidden.BESIDE
    assert trusts["Bergen HF"].per_100000 is None
    regions = {one.name: one for one in rows_by(told, "region", least_persons=1)}
    assert regions["Helse Nord"].arrests == 3
    rates = dict(rates_by_year(told, least_persons=5))
    assert rates["OUS HF"][0] == pytest.approx(oslo.per_100000)
    assert rates["Bergen HF"] == rates["Finnmark HF"] == (None,)


def test_coverage_tells_by_year_who_told() -> None:
    told = register(
        arrested(
            (30, {"year": 2015}),
            (10, {**ALIVE, "year": 2016, "has_call": False}),
            (10, {**ALIVE, "year": 2016, "has_hospital": False}),
            (8, {"year": 2016, "outside": False, "hospital": "974589095"}),
        )
    )
    first, second = coverage(told, least_persons=5)
    assert (first.year, first.outside, first.inside, first.hospitals) == (2015, 30, 0, 0)
    assert (second.outside, second.with_call, second.to_hospital) == (20, 0.5, 20)
    assert (second.with_hospital, second.inside, second.hospitals, second.trusts) == (0.5, 8, 1, 1)


NOT_PERSONS = {"year", "trusts", "hospitals", "least_persons", "published"}


def counts_in(value: Any) -> list[int]:
    """Whole numbers that count persons, wherever they stand."""
    if isinstance(value, dict):
        named = {name: one for name, one in value.items() if name not in NOT_PERSONS}
        parts = [*named.values(), *(one for one in value.values() if isinstance(one, list | dict))]
        return [] if value.get("unit") == "extent" else [n for one in parts for n in counts_in(one)]
    if isinstance(value, list):
        return [number for one in value for number in counts_in(one)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def test_of_a_tiny_register_no_count_of_one_to_four_is_told(tmp_path: Path) -> None:
    for events in (1, 60):
        source = tmp_path / f"of-{events}"
        synthesize_register(source, events=events, first_year=2019, last_year=2022, seed=3)
        plain = as_plain(portray_deliveries(source))
        assert json.dumps(plain, allow_nan=False)
        assert [number for number in counts_in(plain) if 0 < number < 5] == []
    every = as_plain(portray_deliveries(tmp_path / "of-60", least_persons=1))
    assert [number for number in counts_in(every["pyramid"]) if 0 < number < 5]
