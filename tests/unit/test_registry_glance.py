"""A glance at deliveries: the same register as the kept one, and nothing left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DeliveryError
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing
from hsr_privacy.registry import build_register, glance, load_delivery_settings

Deliver = Callable[..., Path]

TODAY = dt.date(2026, 11, 23)
KARI, OLA, ANNE = make_national_ids(
    np.array(["1950-06-15"] * 3, dtype="datetime64[D]"),
    np.array([2, 1, 2]),
    rng=np.random.default_rng(1),
).tolist()


def ambulance(fnr: str, at: str, number: str) -> dict[str, str]:
    return {
        "fnr": fnr,
        "t_stans": at,
        "amb_oppdragsnr": number,
        "amb_hf": "983974724",
        "hlr_ems": "1",
    }


def test_a_glance_gives_the_events_of_the_kept_register(
    deliveries: Path, tmp_path: Path, codebook: Codebook, ring: KeyRing
) -> None:
    settings = load_delivery_settings()
    with IdentityStore(tmp_path / "store" / "identity.sqlite", ring) as store:
        kept = build_register(
            deliveries, store=store, ring=ring, codebook=codebook, settings=settings, today=TODAY
        )
    seen = glance(deliveries, codebook=codebook, settings=settings, today=TODAY)
    plain = [name for name in kept.events.columns if name not in (PERSON_KEY, EVENT_KEY)]
    assert seen.events.height > 2000
    assert seen.events.select(plain).sort(plain).equals(kept.events.select(plain).sort(plain))
    assert seen.events[PERSON_KEY].n_unique() == kept.events[PERSON_KEY].n_unique()
    assert [step.counts for step in seen.steps] == [step.counts for step in kept.steps]


def test_a_glance_is_the_same_each_time_and_writes_nothing(
    deliver: Deliver, codebook: Codebook, tmp_path: Path
) -> None:
    rows = [
        ambulance(KARI, "2022-03-01T10:00:00", "1"),
        ambulance(OLA, "2022-03-02T10:00:00", "2"),
        ambulance("", "2022-03-03T10:00:00", "3"),
    ]
    source = deliver(ambulance=rows)
    before = sorted(tmp_path.rglob("*"))
    first, second = (
        glance(source, codebook=codebook, settings=load_delivery_settings(), today=TODAY).events
        for _ in range(2)
    )
    assert first.equals(second)
    assert first[PERSON_KEY].n_unique() == 3
    assert sorted(tmp_path.rglob("*")) == before


def test_an_earlier_number_is_the_same_person_unless_it_is_said_of_two(
    deliver: Deliver, codebook: Codebook
) -> None:
    arrests = [
        ambulance(KARI, "2022-03-01T10:00:00", "1"),
        ambulance(OLA, "2022-05-01T10:00:00", "2"),
    ]

    def persons(register: list[dict[str, str]]) -> int:
        source = deliver(ambulance=arrests, register=register)
        seen = glance(source, codebook=codebook, settings=load_delivery_settings(), today=TODAY)
        return seen.events[PERSON_KEY].n_unique()

    assert persons([{"fnr": OLA, "tidligere_fnr": KARI}]) == 1
    both = [{"fnr": OLA, "tidligere_fnr": KARI}, {"fnr": ANNE, "tidligere_fnr": KARI}]
    assert persons(both) == 2


def test_no_person_key_of_a_glance_comes_from_a_number(
    deliver: Deliver, codebook: Codebook
) -> None:
    source = deliver(ambulance=[ambulance(KARI, "2022-03-01T10:00:00", "1")])
    seen = glance(source, codebook=codebook, settings=load_delivery_settings(), today=TODAY)
    other = deliver(ambulance=[ambulance(OLA, "2022-03-01T10:00:00", "1")])
    again = glance(other, codebook=codebook, settings=load_delivery_settings(), today=TODAY)
    assert seen.events[PERSON_KEY].to_list() == again.events[PERSON_KEY].to_list()
    assert KARI not in str(seen.events.select(pl.col(pl.String)).rows())


def test_a_glance_tells_what_is_wrong_with_the_files(tmp_path: Path, codebook: Codebook) -> None:
    with pytest.raises(DeliveryError, match="no such folder of deliveries"):
        glance(tmp_path / "none", codebook=codebook, settings=load_delivery_settings(), today=TODAY)
