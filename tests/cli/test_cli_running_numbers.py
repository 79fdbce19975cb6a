"""A project whose persons have running numbers: nine digits, drawn once, and gone with its key."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.errors import KeyRingError
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing
from hsr_privacy.pseudonymization.running_number import is_written
from tests.desk import PASSPHRASE, Desk

pytestmark = pytest.mark.once

Capture = pytest.CaptureFixture[str]


def released(desk: Desk, name: str, *more: str) -> pl.DataFrame:
    out = desk.folder / name
    arguments = desk.arguments(*more)
    arguments[arguments.index("--out") + 1] = str(out)
    assert run(arguments) == 0
    return pl.read_parquet(out / "data" / "extract.parquet")


@pytest.fixture
def numbered(desk: Desk) -> Desk:
    desk.change("persons: symbols", "persons: running-number")
    return desk


def test_persons_keep_their_numbers_from_release_to_release(numbered: Desk, capfd: Capture) -> None:
    plain = released(numbered, "first")
    assert all(map(is_written, plain["person_lnr"]))
    assert released(numbered, "second").equals(plain)
    page = (numbered.folder / "first" / "codebook.html").read_text(encoding="utf-8")
    assert "løpenummer, ni siffer" in page
    report = (numbered.folder / "first" / "report.html").read_text(encoding="utf-8")
    assert "Løpenummer for personer" in report
    extract = str(numbered.folder / "first" / "data" / "extract.csv")
    check = ["ids", "check", extract, "--column", "person_lnr", "--profile", "production", "--json"]
    capfd.readouterr()
    assert run(check) == 0
    assert json.loads(capfd.readouterr().out)["kinds"] == {"running-number": plain.height}


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_spark_gives_the_same_numbers(numbered: Desk) -> None:
    plain = released(numbered, "first")
    assert released(numbered, "second", "--engine", "spark").equals(plain)


def test_numbers_are_in_no_order_and_another_project_has_others(numbered: Desk) -> None:
    first = released(numbered, "first")
    text = numbered.project.read_text(encoding="utf-8")
    case = next(line.split(": ")[1] for line in text.splitlines() if line.startswith("case_number"))
    numbered.change(f"case_number: {case}", f"case_number: {case}-2")
    second = released(numbered, "second")
    overlap = len(set(first["person_lnr"]) & set(second["person_lnr"]))
    assert overlap < 20  # of 2,600 among nine million, about one by chance


def test_whose_a_number_was_nobody_can_tell_when_the_project_is_destroyed(numbered: Desk) -> None:
    released(numbered, "first")
    ring = KeyRing.open(numbered.ring, PASSPHRASE)
    case = json.loads((numbered.folder / "first" / "manifest.json").read_text())["project"]
    name = case["case_number"]
    place = Path(f"{numbered.ring}.store") / "identity.sqlite"
    with IdentityStore(place, ring) as store:
        key = ring.project_key(name, purpose="running-number")
        assert len(store.numbers(key).everybody()) > 2000
    other = ring.project_key("other", purpose="running-number", create=True)
    with IdentityStore(place, ring) as store:
        assert store.numbers(other).everybody() == {}
    ring.destroy_project(name)
    with pytest.raises(KeyRingError, match="was destroyed"):
        ring.project_key(name, purpose="running-number")
    numbers = pl.read_parquet(numbered.folder / "first" / "data" / "extract.parquet")["person_lnr"]
    kept = place.read_bytes()
    assert not any(number.encode() in kept for number in numbers)


def test_there_is_no_transition_for_numbers_that_are_drawn(numbered: Desk, capfd: Capture) -> None:
    released(numbered, "first")
    case = json.loads((numbered.folder / "first" / "manifest.json").read_text())["project"]
    arguments = ["keys", "transition", str(numbered.ring), "--project", case["case_number"]]
    arguments += ["--extract", str(numbered.folder / "first"), "--recipient", "age1x"]
    arguments += ["--out", str(numbered.folder / "x")]
    arguments += ["--passphrase-file", str(numbered.ring.parent / "word")]
    assert run(arguments) == 12
    assert "drawn and not made from a key" in capfd.readouterr().err
