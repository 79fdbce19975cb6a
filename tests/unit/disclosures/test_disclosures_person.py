"""A person who asks: in which releases they are, and by which pseudonym a recipient finds them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from hsr_privacy.composition import kept
from hsr_privacy.disclosures import DisclosureRegister, place_of
from hsr_privacy.disclosures.person import (
    Holding,
    chance_of_error,
    holdings,
    pseudonyms_in,
)
from hsr_privacy.identities import Claim, Sighting
from hsr_privacy.registry.stores import sketches_folder
from tests.registered import Registered

DAY = dt.date


def found(world: Registered, number: str) -> dict[str, Holding]:
    """Per case, whether the person of an identifier is held."""
    sketches = kept(sketches_folder(world.ring), world.ring)
    with DisclosureRegister(place_of(world.ring, None), world.ring) as register:
        disclosures = register.all()
    with world.identities() as store:
        keys = store.keys_ever(number)
    return {
        one.case_number: one
        for one in holdings(keys, disclosures=disclosures, sketches=sketches, ring=world.ring)
    }


def test_a_person_is_held_by_the_releases_that_have_them_and_by_no_other(
    registered: Registered,
) -> None:
    cases = [f"C-{number}" for number in range(1, 7)]
    for number, wanted in zip(
        registered.numbers,
        (
            (True, False, None, True, False, True),
            (True, True, None, False, True, False),
            (False, True, None, False, False, False),
            (False, False, None, False, False, False),
        ),
        strict=True,
    ):
        told = found(registered, number)
        assert list(told) == cases
        assert tuple(told[case].holds for case in cases) == wanted
        assert [case for case in cases if told[case].disclosure is None] == ["C-4"]


def test_the_pseudonym_is_the_project_s_own(registered: Registered) -> None:
    a, b, *_ = registered.numbers
    held = {number: found(registered, number) for number in (a, b)}
    with registered.identities() as store:

        def told(number: str, case: str) -> tuple[str, ...]:
            return pseudonyms_in(held[number][case], ring=registered.ring, store=store)

        assert told(a, "C-1") == (registered.pseudonyms[0],)
        assert told(b, "C-1") == (registered.pseudonyms[1],)
        assert told(b, "C-2") == (registered.pseudonyms[2],)
        assert told(a, "C-4") == ()  # no entry says how they were made
        registered.ring.destroy_project("C-1")
        assert told(a, "C-1") == ()


def test_who_was_found_to_be_one_person_later_is_held_under_both_keys(
    registered: Registered,
) -> None:
    a, _, _, d = registered.numbers
    with registered.identities() as store:
        store.merge([Claim(a, d)], source="FREG", on=DAY(2026, 12, 1))
        store.commit()
    for number in (a, d):
        assert [case for case, one in found(registered, number).items() if one.holds] == [
            "C-1",
            "C-4",
            "C-6",
        ]
    with registered.identities() as store:
        both = store.person(d)
        assert both is not None
    registered.released("C-7", DAY(2026, 12, 9), [both])
    assert found(registered, a)["C-7"].holds


def test_who_was_split_off_is_held_by_what_left_before_and_not_by_what_the_other_is_in_since(
    registered: Registered,
) -> None:
    a, _, _, d = registered.numbers
    with registered.identities() as store:
        store.merge([Claim(a, d)], source="FREG", on=DAY(2025, 1, 1))
        together = store.person(a)
        store.split([d], source="case 12", on=DAY(2025, 2, 1))
        assert together is not None
        assert store.person(d) != together == store.person(a)
        store.commit()
    today = dt.datetime.now(dt.UTC).date()
    registered.released("C-7", today - dt.timedelta(days=1), [together])
    registered.released("C-8", today + dt.timedelta(days=1), [together])
    told = found(registered, d)
    assert told["C-7"].holds  # the split was recorded later, whenever it holds from
    assert not told["C-8"].holds
    assert found(registered, a)["C-8"].holds


def test_nobody_has_no_keys_and_is_held_by_nothing(registered: Registered) -> None:
    with registered.identities() as store:
        assert store.keys_ever("30908299902") == {}
    assert not any(one.holds for one in found(registered, "30908299902").values())


def test_a_stranger_is_found_as_often_as_128_bits_allow(registered: Registered) -> None:
    sketches = kept(sketches_folder(registered.ring), registered.ring)
    assert chance_of_error(sketches, 1) == pytest.approx(7 / 2**128)
    drawn = np.random.default_rng(7)
    strangers = [drawn.bytes(16) for _ in range(300)]
    assert not any(one.holds(key, registered.ring) for one in sketches for key in strangers)


def test_a_person_who_was_seen_once_has_one_key(registered: Registered) -> None:
    with registered.identities() as store:
        key = store.persons({"30908299902": Sighting("x")}, on=DAY(2020, 1, 1))["30908299902"]
        assert store.keys_ever("30908299902") == {key: None}
