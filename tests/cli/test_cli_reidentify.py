"""`hsr reidentify`: one asks, another approves, it is on record, and only then somebody is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing, SigningKey
from hsr_privacy.keys.contents import TrustedPerson
from hsr_privacy.keys.recipients import open_sealed, write_new_identity
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.pseudonymization.persons import persons_behind
from tests.desk import PASSPHRASE, Desk

pytestmark = pytest.mark.once

Capture = pytest.CaptureFixture[str]
QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)
Office = Callable[..., list[str]]


def trust(ring: KeyRing, person: TrustedPerson) -> None:
    ring.change(lambda held: held.with_person(person))


@pytest.fixture
def project(desk: Desk) -> str:
    """A released extract, three people with signing keys of whom the key ring trusts two."""
    assert run(desk.arguments()) == 0
    keys = desk.ring.parent
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    for name in ("Kari", "Ola", "Stranger"):
        key = SigningKey.create(keys / name, PASSPHRASE, stretching=QUICK)
        if name != "Stranger":
            person = TrustedPerson(name, key.public_key, "2026-11-23T12:00:00Z")
            trust(ring, person)
    case: str = json.loads((desk.out / "manifest.json").read_text())["project"]["case_number"]
    return case


def pseudonyms(desk: Desk, count: int) -> list[str]:
    column = pl.read_parquet(desk.out / "data" / "extract.parquet")["person_lnr"]
    return column.unique().sort()[:count].to_list()


def ask(desk: Desk, project: str, given: list[str], *, who: str = "Kari", name: str = "") -> int:
    keys = desk.ring.parent
    (keys / "p.txt").write_text("\n".join(given) + "\n")
    (keys / "p.txt").chmod(0o600)
    (keys / "request").unlink(missing_ok=True)
    identity = keys / "age"
    recipient = (
        next(line.split()[-1] for line in identity.read_text().splitlines() if "public" in line)
        if identity.exists()
        else write_new_identity(identity)
    )
    return run(
        [
            *("reidentify", "ask", "--pseudonyms", str(keys / "p.txt"), "--project", project),
            *("--reason", "a finding that needs treatment", "--legal-basis", "hregl. § 19 f"),
            *("--requester", name or who, "--recipient", recipient),
            *("--signing-key", str(keys / who), "--passphrase-file", str(keys / "word")),
            *("--out", str(keys / "request")),
        ]
    )


def approve(desk: Desk, *, who: str = "Ola", name: str = "") -> int:
    keys = desk.ring.parent
    (keys / "approval").unlink(missing_ok=True)
    return run(
        [
            *("reidentify", "approve", str(keys / "request"), "--approver", name or who),
            *("--signing-key", str(keys / who), "--passphrase-file", str(keys / "word")),
            *("--out", str(keys / "approval")),
        ]
    )


def answer(desk: Desk, out: str = "answer") -> int:
    keys = desk.ring.parent
    return run(
        [
            *("reidentify", "answer", str(keys / "request"), "--approval", str(keys / "approval")),
            *("--keyring", str(desk.ring), "--passphrase-file", str(keys / "word")),
            *("--out", str(keys / out)),
        ]
    )


@pytest.mark.parametrize("form", ["symbols", "running-number"])
def test_who_asked_learns_who_they_are_and_it_is_on_record(
    desk: Desk, project: str, form: str, capfd: Capture
) -> None:
    if form != "symbols":
        desk.change("persons: symbols", f"persons: {form}")
        shutil.rmtree(desk.out)
        assert run(desk.arguments()) == 0
    given = pseudonyms(desk, 5)
    stranger = "0000000000000000000000"  # a pseudonym by its check symbols, and nobody's
    assert ask(desk, project, [*given, stranger]) == 0
    capfd.readouterr()
    assert approve(desk) == 0
    shown = capfd.readouterr().out
    assert "a finding that needs treatment" in shown
    assert "pseudonyms: 6" in shown
    assert answer(desk) == 0
    said = capfd.readouterr()
    assert ", 1 unknown" in said.out
    keys = desk.ring.parent
    told = open_sealed((keys / "answer").read_bytes(), keys / "age").decode().splitlines()
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    with IdentityStore(Path(f"{desk.ring}.store") / "identity.sqlite", ring) as store:
        persons = persons_behind(given, keys=store.person_keys(), key=ring.project_key(project))
        numbers = store.numbers(ring.project_key(project, purpose="running-number")).everybody()
        persons |= {number: who for number, who in numbers.items() if number in given}
        known = store.current_identifiers(set(persons.values()))
    truth = {f"{text};{one.identifier}" for text, who in persons.items() for one in known[who]}
    assert {";".join(line.split(";")[:2]) for line in told[1:]} == truth
    for one in truth:
        assert one.split(";")[1] not in said.out + said.err
    word = ("--passphrase-file", str(keys / "word"))
    assert run(["keys", "audit", str(desk.ring), *word, "--json"]) == 0
    assert len(persons) == 5
    line = json.loads(capfd.readouterr().out)[-1]
    assert line["act"] == "reidentify"
    assert (line["details"]["requester"], line["details"]["approver"]) == ("Kari", "Ola")
    assert line["details"]["pseudonyms"] == 6
    log = Path(f"{desk.ring}.audit.jsonl").read_text()
    assert not any(text in log for text in given)


def refused(desk: Desk, capfd: Capture, code: int, said: str) -> None:
    log = Path(f"{desk.ring}.audit.jsonl").read_bytes()
    capfd.readouterr()
    assert answer(desk, "refused") == code
    assert said in capfd.readouterr().err
    assert not (desk.ring.parent / "refused").exists()
    assert Path(f"{desk.ring}.audit.jsonl").read_bytes() == log


def test_without_two_trusted_people_nobody_is_named(
    desk: Desk, project: str, capfd: Capture
) -> None:
    given, keys = pseudonyms(desk, 2), desk.ring.parent
    assert ask(desk, project, given) == 0
    assert approve(desk, who="Kari") == 12
    assert approve(desk, who="Kari", name="Ola") == 0
    refused(desk, capfd, 20, "the approval is not signed by somebody whom this key ring trusts")
    assert approve(desk, who="Stranger") == 0
    refused(desk, capfd, 20, "the approval is not signed")
    assert approve(desk) == 0
    kept = (keys / "request").read_text()
    (keys / "request").write_text(kept.replace("a finding", "A finding"))
    refused(desk, capfd, 20, "the request is not signed")
    (keys / "request").write_text(kept)
    assert ask(desk, project, given, who="Stranger", name="Kari") == 0
    refused(desk, capfd, 20, "the request is not signed")
    assert ask(desk, project, given) == 0
    refused(desk, capfd, 12, "that approval is of another request")


def test_a_request_is_answered_once_and_only_while_its_key_lives(
    desk: Desk, project: str, capfd: Capture
) -> None:
    assert ask(desk, project, pseudonyms(desk, 1)) == 0
    assert approve(desk) == 0
    assert answer(desk) == 0
    refused(desk, capfd, 20, "was answered before")
    assert ask(desk, project, pseudonyms(desk, 1)) == 0
    assert approve(desk) == 0
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    ring.destroy_project(project)
    refused(desk, capfd, 13, "was destroyed on")


def test_an_expired_request_is_refused(desk: Desk, project: str) -> None:
    import datetime as dt

    from hsr_privacy.errors import Refusal
    from hsr_privacy.reidentification import answer as give

    assert ask(desk, project, pseudonyms(desk, 1)) == 0
    assert approve(desk) == 0
    documents = [(desk.ring.parent / name).read_text() for name in ("request", "approval")]
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    late = dt.datetime.now().astimezone().date() + dt.timedelta(days=32)
    with (
        IdentityStore(Path(f"{desk.ring}.store") / "identity.sqlite", ring) as store,
        pytest.raises(Refusal, match="expired on"),
    ):
        give(*documents, ring=ring, store=store, today=late)


def test_too_many_and_misspelt_pseudonyms_are_not_asked_for(
    desk: Desk, project: str, capfd: Capture
) -> None:
    given = pseudonyms(desk, 101)
    assert ask(desk, project, given) == 12
    assert "1 to 100 pseudonyms, not 101" in capfd.readouterr().err
    assert ask(desk, project, [given[0], given[1][:-1] + "!"]) == 12
    assert "no pseudonym in line 2" in capfd.readouterr().err
    assert ask(desk, project, []) == 12
