"""The register: who is who, which records are one arrest, which arrests count."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, Role
from hsr_privacy.errors import IdentityStoreError
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing
from hsr_privacy.registry import (
    Register,
    build_register,
    load_delivery_settings,
)

Row = dict[str, str]
Deliver = Callable[..., Path]
Build = Callable[..., Register]

TODAY = dt.date(2026, 11, 23)
BORN = np.array(["1950-06-15"] * 6 + ["1931-01-31"] * 2, dtype="datetime64[D]")
KARI, OLA, ANNE, PER, EVA, ALI, OLD, OLDER = make_national_ids(
    BORN, np.array([2, 1, 2, 1, 2, 1, 1, 2]), rng=np.random.default_rng(1)
).tolist()
D_NUMBER = make_national_ids(
    BORN[:1], np.array([2]), rng=np.random.default_rng(2), d_number=np.array([True])
).tolist()[0]
TRUST, HOSPITAL = "983974724", "974557746"


def ambulance(fnr: str, at: str, number: str, **more: str) -> Row:
    row = {"fnr": fnr, "t_stans": at, "amb_oppdragsnr": number, "amb_hf": TRUST}
    return row | {"amk_sentral": "AMK-1", "amis_hendelsesnr": number, "hlr_ems": "1"} | more


def call(number: str, at: str, **more: str) -> Row:
    return {"amk_sentral": "AMK-1", "amis_hendelsesnr": number, "t_anrop": at} | more


def hospital(fnr: str, at: str, kind: str, stay: str, **more: str) -> Row:
    row = {"fnr": fnr, "t_stans": at, "event_type": kind, "opphold_id": stay, "sykehus": HOSPITAL}
    return row | more


def person(fnr: str, **more: str) -> Row:
    return {"fnr": fnr, "reservasjon": "0", "sperret": "0", "slettet": "0"} | more


@pytest.fixture
def build(tmp_path: Path, codebook: Codebook, ring: KeyRing, deliver: Deliver) -> Build:
    """Deliver, build, and commit to one identity store."""

    def run(*, commit: bool = True, **forms: list[Row]) -> Register:
        source = deliver(**forms)
        with IdentityStore(tmp_path / "store" / "identity.sqlite", ring) as store:
            register = build_register(
                source,
                store=store,
                ring=ring,
                codebook=codebook,
                settings=load_delivery_settings(),
                today=TODAY,
            )
            if commit:
                store.commit()
        return register

    return run


def counts(register: Register, step: str) -> dict[str, int]:
    return dict(next(s.counts for s in register.steps if s.name == step))


def test_call_ambulance_and_hospital_become_one_event(build: Build) -> None:
    register = build(
        amk=[call("7", "2022-03-01T09:58:10", hendelseskommune="0301", hastegrad="1")],
        ambulance=[ambulance(KARI, "2022-03-01T09:57:00", "7", t_fremme="2022-03-01T10:07:30")],
        hospital=[hospital(KARI, "2022-03-01T09:55:00", "1", "H-1", ph="7.1")],
        register=[person(KARI, fodselsdato="1950-06-15", dodsdato="2022-03-31")],
    )
    event = register.events.row(0, named=True)
    assert register.events.height == 1
    assert event["t_stans"].isoformat() == "2022-03-01T08:57:00+00:00"  # the ambulance's, in UTC
    assert (event["ph"], event["overlevd_30d"], event["hendelseskommune"]) == (7.1, 1, "0301")
    assert (event["alder"], event["responstid_min"], event["hendelse_aar"]) == (71, 9, 2022)
    assert (event["event_type"], event["inklusjonsgrunn"], event["inklusjonsregel"]) == (1, 2, 2)


def test_the_event_store_has_no_direct_identifier(build: Build, codebook: Codebook) -> None:
    events = build(ambulance=[ambulance(KARI, "2022-03-01T09:57:00", "7", navn="Kari")]).events
    assert not set(codebook.names([Role.DIRECT_IDENTIFIER])) & set(events.columns)
    texts = events.select(pl.col(pl.String)).rows()
    assert KARI not in str(texts)
    assert "Kari" not in str(texts)


def test_incident_numbers_begin_anew_each_year_and_missions_cross_new_year(build: Build) -> None:
    register = build(
        amk=[
            call("7", "2021-12-31T23:58:00", hastegrad="1"),
            call("7", "2022-07-01T12:00:00", hastegrad="2"),
        ],
        ambulance=[
            ambulance(KARI, "2022-01-01T00:05:00", "7"),
            ambulance(OLA, "2022-07-01T12:03:00", "7"),
        ],
    )
    found = register.events.sort("t_stans")["hastegrad"].to_list()
    assert found == [1, 2]


def test_a_call_without_an_ambulance_record_is_no_arrest(build: Build) -> None:
    register = build(
        amk=[call("8", "2022-03-01T09:58:10")],
        ambulance=[ambulance(KARI, "2022-05-01T09:57:00", "7")],
    )
    assert register.events.height == 1
    assert counts(register, "link")["calls without an ambulance record"] == 1


def test_the_same_arrest_told_twice_within_an_hour_is_one(build: Build) -> None:
    register = build(
        ambulance=[
            ambulance(KARI, "2022-03-01T09:00:00", "7", sted="1"),
            ambulance(KARI, "2022-03-01T09:59:00", "8", sted="2", luftvei="3"),
            ambulance(KARI, "2022-03-01T11:00:00", "9"),
            ambulance(OLA, "2022-03-01T09:01:00", "10"),
        ]
    )
    assert register.events.height == 3
    assert counts(register, "link")["arrests told twice and merged"] == 1
    first = register.events.filter(pl.col("sted") == 1).row(0, named=True)
    assert first["luftvei"] == 3


def test_a_later_arrest_of_the_same_person_has_the_same_person_key(build: Build) -> None:
    events = build(
        ambulance=[
            ambulance(KARI, "2022-03-01T09:00:00", "7"),
            ambulance(KARI, "2023-03-01T09:00:00", "8"),
        ],
        hospital=[hospital(KARI, "2023-03-02T09:00:00", "2", "H-9", hlr_utfort_av="6")],
    ).events
    assert events.height == 3
    assert events["person_key"].n_unique() == 1
    assert events["event_key"].n_unique() == 3


def test_a_d_number_and_the_later_number_are_one_person(build: Build) -> None:
    register = build(
        ambulance=[
            ambulance(D_NUMBER, "2022-03-01T09:00:00", "7"),
            ambulance(KARI, "2023-03-01T09:00:00", "8"),
        ],
        register=[person(KARI, tidligere_fnr=D_NUMBER)],
    )
    assert register.events["person_key"].n_unique() == 1
    assert counts(register, "identify")["earlier identifiers of the same person"] == 1


def test_an_unidentified_patient_is_found_by_the_mission_number(build: Build) -> None:
    events = build(
        ambulance=[
            ambulance("", "2022-03-01T09:00:00", "7"),
            ambulance("", "2022-03-01T09:10:00", "8"),
        ],
        hospital=[hospital(OLA, "2022-03-01T09:00:00", "1", "H-1", amb_oppdragsnr="7", ph="7.0")],
        register=[person(OLA, sivilstand="2")],
    ).events
    assert events.height == 2
    assert events.filter(pl.col("ph") == 7.0)["sivilstand"].to_list() == [2]


def test_a_mission_number_never_joins_two_persons(build: Build) -> None:
    register = build(
        ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7")],
        hospital=[hospital(OLA, "2022-03-01T09:00:00", "1", "H-1", amb_oppdragsnr="7", ph="7.0")],
    )
    assert register.events["ph"].to_list() == [None]
    assert counts(register, "link")["hospital records without an ambulance record"] == 1


def test_reading_again_gives_the_same_keys_in_any_order_of_rows(build: Build) -> None:
    rows = [
        ambulance(KARI, "2022-03-01T09:00:00", "7"),
        ambulance("", "2022-03-01T09:00:00", "8"),
        ambulance("", "2022-04-01T09:00:00", "9"),
        ambulance(OLA, "2022-03-01T09:00:00", "10"),
    ]
    first = build(ambulance=rows).events
    random.Random(3).shuffle(rows)
    assert build(ambulance=rows).events.equals(first)


def test_nothing_is_kept_without_a_commit(build: Build, tmp_path: Path) -> None:
    rows = [ambulance(KARI, "2022-03-01T09:00:00", "7")]
    first = build(ambulance=rows, commit=False).events["person_key"][0]
    assert not (tmp_path / "store").exists()
    assert build(ambulance=rows).events["person_key"][0] != first


def test_an_identifier_is_nowhere_in_the_store(build: Build, tmp_path: Path) -> None:
    build(ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7", navn="Kari")])
    store = tmp_path / "store" / "identity.sqlite"
    assert store.stat().st_mode & 0o777 == 0o600
    assert KARI.encode() not in store.read_bytes()


def test_a_store_does_not_open_with_another_key_ring(build: Build, tmp_path: Path) -> None:
    from hsr_privacy.keys.stretching import Stretching

    build(ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7")])
    (tmp_path / "other").mkdir(mode=0o700)
    other = KeyRing.create(
        tmp_path / "other" / "ring",
        "correct horse battery staple",
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    with pytest.raises(IdentityStoreError, match="does not open with this key ring"):
        IdentityStore(tmp_path / "store" / "identity.sqlite", other)


UNTREATED = {"hlr_ems": "0", "tilskuer_hlr": "0"}
TEAM = {"t_hlr_start": "2022-03-01T09:00:10", "t_stansteam_fremme": "2022-03-01T09:03:00"}
BACK = {"t_rosc": "2022-03-01T09:01:00"}


@pytest.mark.parametrize(
    ("rows", "reason", "left_out"),
    [
        ({"ambulance": [ambulance(KARI, "2020-12-31T23:59:00", "7", **UNTREATED)]}, None,
         "outside hospital before 2021, treatment not started"),
        ({"ambulance": [ambulance(KARI, "2021-01-01T00:01:00", "7", **UNTREATED)]}, 4, None),
        ({"ambulance": [ambulance(KARI, "2020-06-01T12:00:00", "7", hlr_ems="0", tilskuer_hlr="1")]},
         1, None),
        ({"ambulance": [ambulance(KARI, "2020-06-01T12:00:00", "7", hlr_ems="0", aed_sjokk="1")]},
         3, None),
        ({"ambulance": [ambulance(KARI, "2012-06-01T12:00:00", "7")]}, None,
         "before the register began"),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1")]}, None,
         "inside hospital, treatment not started"),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1", hlr_utfort_av="7")]}, 2, None),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1", hlr_utfort_av="1")]}, 1, None),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1", kompresjon_over_30s="0",
                                hlr_utfort_av="7", **TEAM, **BACK)]}, None,
         "inside hospital, circulation before the team, no shock, compressions not over 30 s"),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1", kompresjon_over_30s="1",
                                hlr_utfort_av="7", **TEAM, **BACK)]}, 5, None),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1", sjokk_gitt="1",
                                hlr_utfort_av="7", **TEAM, **BACK)]}, 5, None),
        ({"hospital": [hospital(KARI, "2022-03-01T09:00:00", "2", "1", avbrutt_lege="1",
                                avbrutt_grunn="2")]}, 6, None),
    ],
)  # fmt: skip
def test_inclusion_follows_the_registers_own_text(
    build: Build, rows: dict[str, Any], reason: int | None, left_out: str | None
) -> None:
    register = build(**rows)
    assert register.events["inklusjonsgrunn"].to_list() == ([reason] if reason else [])
    told = counts(register, "include")
    for text, count in told.items():
        if text.startswith("left out: "):
            assert count == (text == f"left out: {left_out}"), text


def test_the_hour_that_comes_twice_and_the_hour_that_never_comes(build: Build) -> None:
    register = build(
        ambulance=[
            ambulance(KARI, "2022-10-30T02:30:00", "7"),
            ambulance(OLA, "2022-03-27T02:30:00", "8", t_hos_pasient="2022-03-27T03:01:00"),
        ]
    )
    assert register.events.height == 2
    times = register.events["t_stans"].drop_nulls()
    assert [time.isoformat() for time in times] == ["2022-10-30T00:30:00+00:00"]
    assert counts(register, "link")["clock times that do not exist"] == 1


def test_what_nobody_delivered_is_told(build: Build) -> None:
    register = build(ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7")])
    assert [str(form) for form in register.absent] == ["amk", "hospital", "register"]


def test_of_a_persons_choices_that_which_excludes_counts(build: Build) -> None:
    events = build(
        ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7")],
        register=[
            person(KARI, tidligere_fnr=D_NUMBER, samtykke="1"),
            person(D_NUMBER, reservasjon="1", samtykke="0"),
        ],
    ).events
    assert events.select("reservasjon", "samtykke").row(0) == (1, 0)


@pytest.mark.parametrize(("died", "alive"), [("2022-03-30", 0), ("2022-03-31", 1), ("", 1)])
def test_thirty_days_are_counted_from_the_date_of_death(
    build: Build, died: str, alive: int
) -> None:
    events = build(
        ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7")],
        register=[person(KARI, dodsdato=died)],
    ).events
    assert events["overlevd_30d"].to_list() == [alive]


def test_of_whom_the_register_knows_nothing_the_hospital_decides(build: Build) -> None:
    events = build(
        ambulance=[ambulance(KARI, "2022-03-01T09:00:00", "7")],
        hospital=[hospital(KARI, "2022-03-01T09:00:00", "1", "H-1", overlevd_30d="0")],
        register=[person(OLA)],
    ).events
    assert events["overlevd_30d"].to_list() == [0]
