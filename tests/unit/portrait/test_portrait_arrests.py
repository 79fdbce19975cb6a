"""From the register's events to yes, no and unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.portrait.arrests import arrests_of
from hsr_privacy.portrait.residents import load_residents
from hsr_privacy.registry import glance, load_delivery_settings

KARI = make_national_ids(
    np.array(["1950-06-15"], dtype="datetime64[D]"), np.array([2]), rng=np.random.default_rng(1)
).tolist()[0]

See = Callable[..., dict[str, Any]]


@pytest.fixture
def see(deliver: Callable[..., Path], codebook: Codebook) -> See:
    """One ambulance record with some columns, linked, as an arrest."""

    def run(
        *, call: dict[str, str] | None = None, person: dict[str, str] | None = None, **more: str
    ) -> dict[str, Any]:
        row = {"fnr": KARI, "t_stans": "2022-07-01T23:30:00", "amb_oppdragsnr": "7", "amb_hf": "983974724",
               "amk_sentral": "AMK-1", "amis_hendelsesnr": "7", "hlr_ems": "1"}  # fmt: skip
        calls = [
            {
                "amk_sentral": "AMK-1",
                "amis_hendelsesnr": "7",
                "t_anrop": "2022-07-01T23:31:00",
                **(call or {}),
            }
        ]
        persons = (
            [{"fnr": KARI, "fodselsdato": "1950-06-15", "kjonn": "2", **person}]
            if person is not None
            else []
        )
        source = deliver(ambulance=[row | more], amk=calls, register=persons)
        events = glance(
            source, codebook=codebook, settings=load_delivery_settings(), today=dt.date(2026, 1, 1)
        ).events
        return arrests_of(events, load_residents()).row(0, named=True)

    return run


def test_the_clock_and_the_calendar_are_norways(see: See) -> None:
    seen = see()
    assert (seen["hour"], seen["weekday"], seen["year"], seen["month"]) == (23, 5, 2022, 7)


def test_codes_become_yes_no_or_unknown(see: See) -> None:
    seen = see(bevitnet="1", forste_rytme="2", tilskuer_hlr="3", sted="0", aed_tilkoblet="999")
    assert (seen["seen_by_bystander"], seen["seen_by_crew"], seen["witnessed"]) == (
        True,
        False,
        True,
    )
    assert (seen["shockable"], seen["helped"], seen["at_home"], seen["attached"]) == (
        True,
        True,
        True,
        None,
    )
    seen = see(bevitnet="0", forste_rytme="4", tilskuer_hlr="0", sted="999")
    assert (seen["witnessed"], seen["shockable"], seen["helped"], seen["at_home"]) == (
        False,
        False,
        False,
        None,
    )
    seen = see(bevitnet="999", forste_rytme="888", tilskuer_hlr="888", sted="1")
    assert (seen["witnessed"], seen["shockable"], seen["helped"], seen["at_home"]) == (
        None,
        None,
        None,
        False,
    )


def test_who_is_left_at_the_scene_is_dead(see: See) -> None:
    seen = see(transportert="0", status_overlevering="3")
    assert (seen["alive_day"], seen["alive_month"], seen["admitted"]) == (False, False, False)
    assert (seen["arrived"], seen["ongoing"]) == (False, False)


def test_of_whom_nobody_tells_nothing_is_known(see: See) -> None:
    seen = see(transportert="1", status_overlevering="1")
    assert (seen["alive_day"], seen["alive_month"], seen["good"]) == (None, None, None)
    assert seen["arrived"] is True


def test_the_date_of_death_tells_of_the_first_day_and_the_first_month(see: See) -> None:
    seen = see(transportert="1", person={"dodsdato": "2022-07-01"})
    assert (seen["died_after"], seen["alive_day"], seen["alive_month"]) == (0, False, False)
    seen = see(transportert="1", person={"dodsdato": "2022-07-31"})
    assert (seen["died_after"], seen["alive_day"], seen["alive_month"]) == (30, True, True)
    seen = see(transportert="1", person={})
    assert (seen["died_after"], seen["alive_day"], seen["alive_month"]) == (None, True, True)


def test_response_is_from_call_to_scene_unless_the_crew_saw_it(see: See) -> None:
    here = {"t_fremme": "2022-07-01T23:40:30"}
    assert see(call=here, bevitnet="1")["seconds"] == 570
    assert see(call=here, bevitnet="2")["seconds"] is None
    assert see(call={"t_fremme": "2022-07-02T09:40:30"})["seconds"] is None


def test_an_older_municipality_is_that_of_today(see: See) -> None:
    assert see(call={"hendelseskommune": "1601"})["scene"] == "5001"
