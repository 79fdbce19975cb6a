"""`hsr persons`: who is whom, and that who chose to be left out leaves every release."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing
from tests.desk import PASSPHRASE, Desk

pytestmark = pytest.mark.once

Capture = pytest.CaptureFixture[str]


def persons(desk: Desk, *arguments: str) -> int:
    word = str(desk.ring.parent / "word")
    return run(["persons", *arguments, "--keyring", str(desk.ring), "--passphrase-file", word])


def private(desk: Desk, text: str) -> str:
    path = desk.ring.parent / "identifiers.txt"
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def delivered(desk: Desk) -> list[str]:
    """Identifiers of persons whom the register's own form names, as they were delivered."""
    found = []
    for path in sorted(desk.deliveries.iterdir()):
        if path.suffix == ".csv":
            table = pl.read_csv(path, separator=";", infer_schema=False, encoding="utf8-lossy")
            column = next((name for name in table.columns if name.casefold() == "fnr"), None)
            if column is not None:
                found += [text for text in table[column].drop_nulls() if len(text) == 11]
    return sorted(set(found))


def released(desk: Desk, name: str) -> pl.DataFrame:
    out = desk.folder / name
    arguments = desk.arguments()
    arguments[arguments.index("--out") + 1] = str(out)
    assert run(arguments) == 0
    return pl.read_parquet(out / "data" / "extract.parquet")


def test_who_withdraws_is_in_no_release_from_then_on_until_it_is_taken_back(
    desk: Desk, capfd: Capture
) -> None:
    before = released(desk, "before")
    numbers = "\n".join(delivered(desk)[:400])
    who = ("--identifiers", private(desk, numbers), "--source", "letter 7")
    assert persons(desk, "withdraw", *who) == 0
    assert "persons: reservasjon written down" in capfd.readouterr().out
    after = released(desk, "after")
    gone = set(before["person_lnr"]) - set(after["person_lnr"])
    assert gone
    capfd.readouterr()
    assert persons(desk, "info", "--json") == 0
    assert json.loads(capfd.readouterr().out)["persons who chose to be left out"] > 100
    assert persons(desk, "reinstate", *who) == 0
    assert set(released(desk, "again")["person_lnr"]) == set(before["person_lnr"])


def test_a_choice_from_a_later_day_does_not_hold_yet(desk: Desk) -> None:
    before = released(desk, "before")
    numbers = "\n".join(delivered(desk)[:400])
    who = ("--identifiers", private(desk, numbers), "--source", "letter 7")
    assert persons(desk, "withdraw", *who, "--on", "2099-01-01") == 0
    assert released(desk, "after").equals(before)


def test_merge_split_and_quarantine_are_told_in_counts(desk: Desk, capfd: Capture) -> None:
    one, two, three, four = delivered(desk)[:4]
    source = ("--source", "case 12")
    claims = private(desk, f"{one};{two}\n{three};{four}\n{three};{one}\n")
    assert persons(desk, "merge", "--identifiers", claims, *source) == 0
    assert "1 united, 0 known already, 2 in quarantine" in capfd.readouterr().out
    assert persons(desk, "quarantine") == 0
    listed = capfd.readouterr().out
    assert "2 claims wait" in listed
    assert "case 12: an earlier identifier of two different later ones" in listed
    number = listed.split()[0]
    assert persons(desk, "resolve", number, "--decision", "reject", *source) == 0
    assert persons(desk, "resolve", number, "--decision", "reject", *source) == 12
    assert persons(desk, "split", "--identifiers", private(desk, one), *source) == 0
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    with IdentityStore(Path(f"{desk.ring}.store") / "identity.sqlite", ring) as store:
        assert store.person(one) != store.person(two)
    said = capfd.readouterr()
    assert not any(text in listed + said.out + said.err for text in (one, two, three, four))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12345\n", "line 1: it has the wrong number of digits"),
        ("\n\n", "it holds no identifier"),
        ("30908299902;30908299902\n", "line 1: 2 values instead of 1"),
    ],
)
def test_a_file_with_faults_changes_nothing(
    desk: Desk, capfd: Capture, text: str, said: str
) -> None:
    before = desk.state()
    where = private(desk, text)
    assert persons(desk, "withdraw", "--identifiers", where, "--source", "x") == 12
    error = capfd.readouterr().err
    assert said in error
    assert "30908299902" not in error
    Path(where).unlink()
    assert desk.state() == before


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("17454026641\n", 12, "line 1: this number means somebody inside one enterprise only"),
        ("974557746|17454026641\n", 0, "1 of them were in no delivery so far"),
        ("974557746|30908299902\n", 12, "line 1: this number means the same person everywhere"),
    ],
)
def test_an_h_number_stands_behind_its_enterprise(
    desk: Desk, capfd: Capture, text: str, code: int, said: str
) -> None:
    where = private(desk, text)
    assert persons(desk, "withdraw", "--identifiers", where, "--source", "letter 7") == code
    told = capfd.readouterr().err
    assert said in told
    assert "17454026641" not in told


def test_a_password_never_stands_on_the_command_line(desk: Desk, capfd: Capture) -> None:
    for url in ("postgresql://register:geheim@127.0.0.1/x", "postgresql:///x?password=geheim"):
        assert persons(desk, "info", "--identities", url) == 14
        assert run([*desk.arguments(), "--identities", url]) == 14
    said = capfd.readouterr()
    assert "geheim" not in said.out + said.err
    assert "~/.pgpass" in said.err


@pytest.mark.xdist_group("server")
def test_a_release_keeps_its_identities_on_a_server(
    desk: Desk, new_database: str, capfd: Capture
) -> None:
    assert run([*desk.arguments(), "--identities", new_database]) == 0
    kept = sorted(path.name for path in Path(f"{desk.ring}.store").iterdir())
    assert kept == ["disclosures.sqlite", "events.parquet", "sketches"]
    capfd.readouterr()
    assert persons(desk, "info", "--json", "--identities", new_database) == 0
    assert json.loads(capfd.readouterr().out)["identifiers"] > 1000


@pytest.mark.usefixtures("no_network")
def test_the_audit_log_and_the_manifest_name_each_other(desk: Desk, capfd: Capture) -> None:
    released(desk, "first")
    manifest = desk.folder / "first" / "manifest.json"
    line = json.loads(manifest.read_text())["audit"]
    assert line["number"] == 1
    word = ("--passphrase-file", str(desk.ring.parent / "word"))
    audit = ["keys", "audit", str(desk.ring), *word, "--against", str(manifest)]
    assert run(audit) == 0
    assert "  release.prepare  " in capfd.readouterr().out
    log = Path(f"{desk.ring}.audit.jsonl")
    log.unlink()
    assert run(audit) == 17
    assert "the log was cut off after line 0" in capfd.readouterr().err
