"""What only several rows, files or forms show: copies, late rows, contradictions, and who reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Source
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.quality import Quality
from hsr_privacy.quality.lateness import delivered_on
from hsr_privacy.quality.reporters import CENTRES, reported_by, trusts
from tests.unit.quality.conftest import TODAY, Write, kinds_of

pytestmark = pytest.mark.once

Check = Callable[[Path], Quality]
HIS, HERS = make_national_ids(
    np.array(["1950-06-15", "1961-02-03"], dtype="datetime64[D]"),
    np.array([1, 2]),
    rng=np.random.default_rng(3),
).tolist()
MISSION = {
    "fnr": HIS, "navn": "Isvor Tjernvoll", "fodselsdato": "1950-06-15", "alder": "65", "kjonn": "1",
    "amis_hendelsesnr": "000123", "amb_oppdragsnr": "A000123", "amb_hf": "993467049",
    "amk_sentral": "AMK Oslo", "t_stans": "2015-06-16T12:00:00", "bevitnet": "1",
}  # fmt: skip
STAY = {
    "fnr": HIS, "navn": "Isvor Tjernvoll", "fodselsdato": "1950-06-15", "alder": "65", "kjonn": "1",
    "opphold_id": "S1", "amb_oppdragsnr": "A000123", "sykehus": "974116804", "event_type": "1",
    "t_stans": "2015-06-16T12:00:00",
}  # fmt: skip


def test_the_same_row_twice_is_told_of_both(check: Check, write: Write) -> None:
    other = MISSION | {"amb_oppdragsnr": "A000124", "t_stans": "2016-06-16T12:00:00", "alder": "66"}
    folder = write("ambulance.csv", "ambulance", MISSION, other, MISSION)
    told = [one for one in kinds_of(check(folder)) if one[1] == "copy"]
    assert told == [(2, "copy"), (4, "copy")]


def test_the_same_row_minutes_off_under_another_number_is_a_near_copy(
    check: Check, write: Write
) -> None:
    again = MISSION | {"amb_oppdragsnr": "A900123", "t_stans": "2015-06-16T12:07:00"}
    next_day = MISSION | {"amb_oppdragsnr": "A900124", "t_stans": "2015-06-17T12:07:00"}
    folder = write("ambulance.csv", "ambulance", MISSION, again, next_day)
    assert [row for row, kind in kinds_of(check(folder)) if kind == "near-copy"] == [2, 3]


def test_rows_that_say_next_to_nothing_are_no_copies(check: Check, write: Write) -> None:
    few = {"amis_hendelsesnr": "000123"}
    assert kinds_of(check(write("amk.csv", "amk", few, few))) == []


def test_a_row_is_late_where_an_earlier_file_of_the_trust_tells_of_later_events(
    check: Check, write: Write
) -> None:
    def call(day: str, number: int, centre: str = "AMK Oslo") -> dict[str, str]:
        return {
            "amis_hendelsesnr": f"{number:06d}", "amk_sentral": centre, "t_anrop": f"{day}T12:00:00"
        }  # fmt: skip

    write("amk.csv", "amk", call("2015-06-15", 1), call("2015-08-15", 2))
    folder = write(
        "amk-2026-04-12.csv", "amk",
        call("2015-07-01", 3),
        call("2015-09-01", 4),
        call("2015-07-01", 5, "AMK Bodø"),
    )  # fmt: skip
    assert kinds_of(check(folder)) == [(2, "late")]


def test_a_file_with_a_day_in_its_name_should_have_what_happened_a_month_before(
    check: Check, write: Write
) -> None:
    def call(day: str, number: int) -> dict[str, str]:
        return {
            "amis_hendelsesnr": f"{number:06d}", "amk_sentral": "AMK Oslo",
            "t_anrop": f"{day}T12:00:00",
        }  # fmt: skip

    write("amk-2026-03-01.csv", "amk", call("2025-06-15", 1))
    folder = write("amk-2026-04-12.csv", "amk", call("2026-01-15", 2), call("2026-02-15", 3))
    assert kinds_of(check(folder)) == [(2, "late")]
    days = check(folder).records.sort("file", "row")["days"].to_list()
    assert days == [(dt.date(2026, 3, 1) - dt.date(2025, 6, 15)).days, 87, 56]


def test_the_day_of_a_delivery_is_read_from_the_name_of_its_file() -> None:
    told = delivered_on("DataDump_QA_AMK_2026-03-01_0600.csv", today=TODAY)
    assert (told.day, told.is_told) == (dt.date(2026, 3, 1), True)
    for name in ("amk.csv", "amk-2026-13-01.csv"):
        untold = delivered_on(name, today=TODAY)
        assert (untold.day, untold.is_told) == (TODAY, False)


def test_a_death_before_the_arrest_is_told_on_both_rows(check: Check, write: Write) -> None:
    write("hospital.csv", "hospital", STAY | {"overlevd_30d": "1"})
    folder = write(
        "register.csv", "register",
        {"fnr": HERS, "fodselsdato": "1961-02-03", "kjonn": "2", "dodsdato": "2015-06-10"},
        {"fnr": HIS, "fodselsdato": "1950-06-15", "kjonn": "1", "dodsdato": "2015-06-10"},
    )  # fmt: skip
    found = check(folder)
    assert kinds_of(found, file="hospital.csv") == [(2, "R12")]
    assert kinds_of(found, file="register.csv") == [(3, "R12")]


def test_another_persons_number_is_told_and_taken_for_nobody_elsewhere(
    check: Check, write: Write
) -> None:
    write("hospital.csv", "hospital", STAY | {"fnr": HERS, "kjonn": "2", "overlevd_30d": "1"})
    folder = write(
        "register.csv", "register",
        {"fnr": HERS, "fodselsdato": "1961-02-03", "kjonn": "2", "dodsdato": "2015-06-10"},
    )  # fmt: skip
    found = check(folder)
    told = kinds_of(found, file="hospital.csv")
    assert sorted(told) == [(2, "R22"), (2, "other-than-register")]
    assert kinds_of(found, file="register.csv") == []


def test_a_rule_that_only_two_forms_break_together_stands_on_both(
    check: Check, write: Write
) -> None:
    write("ambulance.csv", "ambulance", MISSION)
    call = {
        "amis_hendelsesnr": "000123", "amk_sentral": "AMK Oslo", "t_anrop": "2015-06-16T11:30:00"
    }  # fmt: skip
    found = check(write("amk.csv", "amk", call))
    assert kinds_of(found, file="ambulance.csv") == [(2, "R03")]
    assert kinds_of(found, file="amk.csv") == [(2, "R03")]
    assert set(found.findings["kind"]) == {"rule-of-arrest"}


def test_every_centre_is_run_by_a_trust_that_is_known() -> None:
    assert set(CENTRES.values()) <= set(trusts())
    listed = pl.read_csv("configs/hierarchies/amk_centre.csv", separator=";")["centre"].to_list()
    assert sorted(CENTRES) == sorted(listed)


def test_a_row_belongs_to_the_trust_that_reported_it() -> None:
    hospitals = pl.DataFrame({"sykehus": ["974116804", "999999999", None]})
    assert reported_by(hospitals, Source.HOSPITAL).to_list() == ["982791952", None, None]
    calls = pl.DataFrame({"amk_sentral": ["AMK Bodø", "AMK BODØ", "Bodø"]})
    assert reported_by(calls, Source.AMK).to_list() == ["983974910", "983974910", None]
    persons = pl.DataFrame({"fnr": [HIS]})
    assert reported_by(persons, Source.REGISTER).to_list() == [None]
