"""Pseudonyms are the same on every engine, and strangers in every other project."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, columns_of, to_polars
from hsr_privacy.keys import KeyRing, ProjectKey
from hsr_privacy.pseudonymization.encoding import message
from hsr_privacy.pseudonymization.pseudonymize import pseudonymize
from hsr_privacy.pseudonymization.text_form import ALPHABET, are_valid

KEYS = [bytes([n]) * 16 for n in (1, 2, 3, 2)]
SCHEMA = {"n": pl.Int64, "person_key": pl.Binary}


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    folder = tmp_path_factory.mktemp("keys")
    path: Path = folder / "test.keyring"
    return KeyRing.create(path, "correct horse battery", registry_id="test", environment="test")


@pytest.fixture(scope="session")
def key(ring: KeyRing) -> ProjectKey:
    return ring.project_key("project-1", create=True)


def pseudonyms(data: Any) -> list[str]:
    return to_polars(as_frame(data)).sort("n")["person_lnr"].to_list()


def plainly(key: ProjectKey, payload: bytes) -> str:
    """The slow reference: one HMAC, its leftmost 100 bits, five at a time."""
    mac = hmac.digest(key.unsafe_bytes(), message("person-key", payload), "sha256")
    bits = int.from_bytes(mac[:16], "big") >> 28
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(95, -1, -5))


def test_every_engine_gives_what_plain_hmac_gives(make_frame: Any, key: ProjectKey) -> None:
    data = make_frame({"n": [1, 2, 3, 4], "person_key": KEYS}, SCHEMA)
    out = pseudonymize(data, "person_key", key=key, into="person_lnr")
    assert columns_of(as_frame(out)) == ("n", "person_lnr")
    assert [text[:20] for text in pseudonyms(out)] == [plainly(key, k) for k in KEYS]
    assert are_valid(to_polars(as_frame(out))["person_lnr"].to_arrow()).all()


def test_two_projects_share_no_pseudonym(ring: KeyRing, key: ProjectKey) -> None:
    data = pl.DataFrame({"n": [1, 2, 3, 4], "person_key": KEYS}, schema=SCHEMA)
    other = ring.project_key("project-2", create=True)
    mine = pseudonymize(data, "person_key", key=key, into="person_lnr")
    theirs = pseudonymize(data, "person_key", key=other, into="person_lnr")
    assert set(pseudonyms(mine)) & set(pseudonyms(theirs)) == set()


def test_no_key_stands_in_a_query_plan(key: ProjectKey) -> None:
    data = pl.DataFrame({"n": [1], "person_key": KEYS[:1]}, schema=SCHEMA).lazy()
    plan = pseudonymize(data, "person_key", key=key, into="person_lnr").explain()
    secret = key.unsafe_bytes()
    assert secret.hex() not in plan
    assert repr(secret)[2:-1] not in plan


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_no_key_stands_in_a_spark_plan(spark: Any, key: ProjectKey) -> None:
    data = spark.createDataFrame(
        pl.DataFrame({"n": [1], "person_key": KEYS[:1]}, schema=SCHEMA).to_arrow()
    )
    out = pseudonymize(data, "person_key", key=key, into="person_lnr")
    plan = out._jdf.queryExecution().toString()
    secret = key.unsafe_bytes()
    assert secret.hex() not in plan.lower()
    assert repr(secret)[2:-1] not in plan


def test_an_empty_frame_passes(make_frame: Any, key: ProjectKey) -> None:
    out = pseudonymize(
        make_frame({"n": [], "person_key": []}, SCHEMA), "person_key", key=key, into="person_lnr"
    )
    assert pseudonyms(out) == []


def test_a_missing_key_is_refused_by_count(key: ProjectKey) -> None:
    data = pl.DataFrame({"n": [1, 2], "person_key": [KEYS[0], None]}, schema=SCHEMA)
    with pytest.raises(DataError, match="1 rows have no key"):
        pseudonymize(data, "person_key", key=key, into="person_lnr")


def test_a_name_that_is_taken_is_refused(key: ProjectKey) -> None:
    data = pl.DataFrame({"n": [1], "person_key": KEYS[:1]}, schema=SCHEMA)
    with pytest.raises(DataError, match="'n' already"):
        pseudonymize(data, "person_key", key=key, into="n")
