"""`hsr keys transition`, and a project's own choice of algorithm."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.recipients import open_sealed, write_new_identity
from tests.desk import Desk
from tests.tokens import PIN

pytestmark = pytest.mark.once

Capture = pytest.CaptureFixture[str]


def released(desk: Desk, name: str) -> pl.DataFrame:
    out = desk.folder / name
    arguments = desk.arguments()
    arguments[arguments.index("--out") + 1] = str(out)
    assert run(arguments) == 0
    return pl.read_parquet(out / "data" / "extract.parquet")


def transition(desk: Desk, recipient: str, extract: Path) -> int:
    case = json.loads((desk.folder / "first" / "manifest.json").read_text())["project"]
    keys = desk.ring.parent
    return run(
        [
            *("keys", "transition", str(desk.ring), "--project", case["case_number"]),
            *("--extract", str(extract), "--recipient", recipient, "--out", str(keys / "table")),
            *("--passphrase-file", str(keys / "word")),
        ]
    )


@pytest.mark.parametrize("algorithm", ["hmac-sha256-128", "aes256-cmac"])
def test_the_recipient_learns_which_pseudonym_is_which_and_the_old_key_is_gone(
    desk: Desk, algorithm: str, capfd: Capture
) -> None:
    desk.change("algorithm: hmac-sha256-128", f"algorithm: {algorithm}")
    before = released(desk, "first")
    keys = desk.ring.parent
    word = ("--passphrase-file", str(keys / "word"))
    assert run(["keys", "rekey", str(desk.ring), *word]) == 0
    assert released(desk, "same").equals(before)
    assert transition(desk, write_new_identity(keys / "age"), desk.folder / "first") == 0
    assert "has a new key from master key 2" in capfd.readouterr().out
    text = open_sealed((keys / "table").read_bytes(), keys / "age").decode()
    table = list(csv.DictReader(io.StringIO(text)))
    after = released(desk, "after")
    assert set(after["person_lnr"]).isdisjoint(before["person_lnr"])
    for subject, column in (("person-key", "person_lnr"), ("event-key", "event_lnr")):
        new_of = {row["old"]: row["new"] for row in table if row["subject"] == subject}
        assert set(new_of) == set(before[column])
        renamed = before.select(pl.col(column).replace_strict(new_of))[column]
        assert sorted(renamed) == sorted(after[column])
    moved = before.with_columns(
        pl.col("event_lnr").replace_strict(
            {row["old"]: row["new"] for row in table if row["subject"] == "event-key"}
        )
    ).sort("event_lnr")
    assert moved.drop("person_lnr").equals(after.drop("person_lnr"))
    (keys / "table").unlink()
    capfd.readouterr()
    assert transition(desk, "age1x", desk.folder / "first") == 12
    assert "are not made by this key ring's present key" in capfd.readouterr().err
    manifest = json.loads((desk.folder / "after" / "manifest.json").read_text())
    notes = next(s["notes"] for s in manifest["steps"] if s["name"] == "pseudonymize person_lnr")
    assert (notes["algorithm"], notes["key version"]) == (algorithm, "2")


def test_a_transition_that_cannot_be_sealed_changes_nothing(desk: Desk, capfd: Capture) -> None:
    released(desk, "first")
    before = desk.state()
    assert transition(desk, "age1x", desk.folder / "first") == 13
    assert transition(desk, "age1x", desk.deliveries) == 12
    assert desk.state() == before
    capfd.readouterr()


@pytest.mark.xdist_group("token")
def test_a_release_by_a_key_that_never_leaves_its_token(
    desk: Desk, softhsm: tuple[str, str], capfd: Capture
) -> None:
    """The same command; the columns are encrypted inside the token, 65,536 rows a call."""
    desk.ring.unlink()
    word = desk.ring.parent / "word"
    word.write_text(PIN + "\n")
    library, label = softhsm
    new = ["keys", "new", str(desk.ring), "--environment", "test", "--custody", "token"]
    new += ["--token-module", library, "--token-label", label, "--passphrase-file", str(word)]
    assert run(new) == 0
    desk.change("algorithm: hmac-sha256-128", "algorithm: aes256-cmac")
    first, second = released(desk, "first"), released(desk, "second")
    assert first.equals(second)
    ring = KeyRing.open(desk.ring, PIN)
    assert ring.contents.active.key is None
    assert run([*desk.arguments(), "--engine", "spark"]) == 12
    assert "cannot travel to Spark's workers" in capfd.readouterr().err
