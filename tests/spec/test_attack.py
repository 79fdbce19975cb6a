"""The attack: try every number. What has no key falls in seconds; what has one does not.

In production the space is 24 bits (20.8 million valid numbers); here it is that of Skatteetaten's
synthetic series for people born in one year, so that a test takes seconds and no living person's
number is made.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from hsr_privacy import pseudonymize, pseudonymize_identifiers
from hsr_privacy.identifiers import check_column, make_national_ids
from hsr_privacy.identifiers.check_digits import append_check_digits
from hsr_privacy.keys import KeyRing, ProjectKey, Secret
from hsr_privacy.keys.key import Algorithm
from hsr_privacy.pseudonymization.mac import text_function

ALGORITHMS: tuple[Algorithm, ...] = ("hmac-sha256-128", "aes256-cmac")
YEAR = 1950


def everybody(year: int = YEAR) -> list[str]:
    """Every synthetic number of people born in a year, as an attacker would list them."""
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(int) + 1
    month = months.astype(int) % 12 + 1 + 80
    born = np.stack([day // 10, day % 10, month // 10, month % 10], axis=1)
    two = np.array([year % 100 // 10, year % 10])
    serial = np.array([*range(500), *range(900, 1000)])  # those of people born 1940-1999
    three = np.stack([serial // 100, serial // 10 % 10, serial % 10], axis=1)
    first_nine = np.concatenate(
        [
            np.repeat(born, len(serial), axis=0),
            np.tile(two, (len(days) * len(serial), 1)),
            np.tile(three, (len(days), 1)),
        ],
        axis=1,
    ).astype(np.uint8)
    numbers, exists = append_check_digits(first_nine)
    return ["".join(map(str, row)) for row in numbers[exists].tolist()]


@pytest.fixture(scope="module")
def candidates() -> list[str]:
    return everybody()


@pytest.fixture(scope="module")
def persons() -> list[str]:
    rng = np.random.default_rng(3)
    born = np.datetime64(f"{YEAR}-01-01") + rng.integers(0, 365, 400)
    sex = rng.integers(1, 3, 400)
    drawn: list[str] = make_national_ids(born.astype("datetime64[D]"), sex, rng=rng).tolist()
    return drawn


def key(algorithm: Algorithm, secret: bytes, project: str = "P-1") -> ProjectKey:
    return ProjectKey(project, "pseudonym", "national-id", algorithm, 1, "", Secret(secret))


def found(released: list[Any], candidates: list[str], guess: Callable[[str], Any]) -> int:
    """How many of the released an attacker names who can compute a guess for each candidate."""
    table = {guess(number): number for number in candidates}
    return sum(one in table for one in released)


def test_the_attacker_lists_every_number_that_exists(candidates: list[str]) -> None:
    assert check_column(pa.array(candidates), profile="test-skatt").valid == len(candidates)
    assert 175_000 < len(candidates) < 185_000


def test_an_unkeyed_hash_falls_entirely(candidates: list[str], persons: list[str]) -> None:
    def digest(number: str) -> bytes:
        return hashlib.sha256(number.encode()).digest()

    assert found([digest(one) for one in persons], candidates, digest) == len(persons)


def test_a_salt_that_the_recipient_has_changes_nothing(
    candidates: list[str], persons: list[str]
) -> None:
    def salted(number: str) -> bytes:
        return hashlib.sha256(b"published beside the data" + number.encode()).digest()

    assert found([salted(one) for one in persons], candidates, salted) == len(persons)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_ours_matches_none_of_them_without_the_key(
    candidates: list[str], persons: list[str], algorithm: Algorithm
) -> None:
    data = pl.DataFrame({"fnr": persons})
    secret = hashlib.sha256(b"the register's").digest()
    out = pseudonymize_identifiers(
        data, "fnr", key=key(algorithm, secret), into="p", profile="test"
    )
    released = out["p"].to_list()
    assert len(set(released)) == len(persons)
    guesses = [bytes(32), b"\xff" * 32, hashlib.sha256(b"").digest(), b"hsr-privacy".ljust(32)]
    for guess in guesses:
        made = text_function(key(algorithm, guess))(pa.array(candidates)).to_pylist()
        assert set(made).isdisjoint(released)
    for plain in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        hexes = {plain(number.encode()).hexdigest() for number in candidates}
        assert hexes.isdisjoint(released)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_with_the_key_it_falls_which_is_why_the_key_is_what_is_kept(
    candidates: list[str], persons: list[str], algorithm: Algorithm
) -> None:
    """This is not promised, and the documentation says so: whoever holds the key can try them all."""
    leaked = key(algorithm, hashlib.sha256(b"the register's").digest())
    released = text_function(leaked)(pa.array(persons)).to_pylist()
    made = text_function(leaked)(pa.array(candidates)).to_pylist()
    named = dict(zip(made, candidates, strict=True))
    assert [named[one] for one in released] == persons


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_two_projects_and_a_destroyed_one_have_nothing_in_common(
    ring: KeyRing, persons: list[str], algorithm: Algorithm
) -> None:
    def released(project: str) -> set[str]:
        made = ring.project_key(project, subject="national-id", algorithm=algorithm, create=True)
        return set(text_function(made)(pa.array(persons)).to_pylist())

    sets = [released("P-1"), released("P-2")]
    ring.destroy_project("P-1")
    sets.append(released("P-1 again"))
    for one, other in itertools.combinations(sets, 2):
        assert one.isdisjoint(other)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_order_of_pseudonyms_says_nothing_of_the_order_of_numbers(
    candidates: list[str], algorithm: Algorithm
) -> None:
    numbers = sorted(candidates)[::15]
    made = text_function(key(algorithm, bytes(range(32))))(pa.array(numbers)).to_pylist()
    ranks = np.argsort(np.argsort(made))
    count = len(numbers)
    correlation = np.corrcoef(ranks, np.arange(count))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(count)
    neighbours = np.corrcoef(ranks[1:], ranks[:-1])[0, 1]
    assert abs(neighbours) < 4 / np.sqrt(count)


def test_a_pseudonym_keeps_how_often_a_person_occurs_and_nothing_else() -> None:
    """Rows per person stay countable: that is what a pseudonym is for, and what k counts."""
    persons = [bytes([number]) * 16 for number in range(5)]
    rows = [person for number, person in enumerate(persons, 1) for _ in range(number)]
    project = ProjectKey(
        "P", "pseudonym", "person-key", "hmac-sha256-128", 1, "", Secret(bytes(range(32)))
    )
    out = pseudonymize(pl.DataFrame({"k": rows}), "k", key=project, into="p")
    counts = out.group_by("p").len()["len"].sort().to_list()
    assert counts == [1, 2, 3, 4, 5]
    assert {len(text) for text in out["p"]} == {22}
