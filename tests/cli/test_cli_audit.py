"""`hsr audit`: the log verified by its keeper, by an outsider, and against what left the house."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.keys import AuditLog, KeyRing
from tests.desk import Desk

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def log(ring: KeyRing) -> AuditLog:
    """A log with three lines, of which one begins what was never ended."""
    word = ring.path.parent / "word"
    word.write_text("correct horse battery staple\n")
    word.chmod(0o600)
    log = AuditLog(ring)
    log.record("keys.new", {"custody": "passphrase"})
    log.begin("release", {"project": "P-1"})
    log.record("scan.known", {"identifiers": 3})
    return log


def hsr(log: AuditLog, verb: str, *arguments: object) -> int:
    ring = log.path.with_name("register.keyring")
    word = ("--passphrase-file", ring.parent / "word")
    return run(["audit", verb, str(ring), *map(str, (*word, *arguments))])


def verified(log: AuditLog, capfd: Capture, *arguments: object) -> dict[str, Any]:
    capfd.readouterr()
    assert hsr(log, "verify", "--json", *arguments) == 0
    told: dict[str, Any] = json.loads(capfd.readouterr().out)
    return told


def test_the_keeper_reads_what_the_log_holds(log: AuditLog, capfd: Capture) -> None:
    assert hsr(log, "verify") == 0
    said = capfd.readouterr().out
    assert "register.keyring.audit.jsonl: 3 lines, from 20" in said
    assert f"head: line 3, {log.head()[1]}" in said
    assert f"public key: {log.public_key}" in said
    assert "    1  scan.known" in said
    assert "UNFINISHED: 2  20" in said
    assert "release (begun)  project P-1" in said


def test_a_machine_reads_the_same(log: AuditLog, capfd: Capture) -> None:
    told = verified(log, capfd)
    number, digest = log.head()
    assert (told["lines"], told["head"]) == (3, {"number": number, "digest": digest})
    assert told["keys"] == [told["public_key"]] == [log.public_key]
    assert told["acts"] == {"keys.new": 1, "release": 1, "scan.known": 1}
    assert [one["number"] for one in told["unfinished"]] == [2]
    assert told["first"] <= told["last"]


def test_an_outsider_needs_the_log_and_its_public_key_alone(
    log: AuditLog, tmp_path: Path, capfd: Capture
) -> None:
    copy = tmp_path / "copy.jsonl"
    shutil.copyfile(log.path, copy)
    assert run(["audit", "verify", str(copy), "--public-key", log.public_key]) == 0
    said = capfd.readouterr().out
    assert f"signed by {log.public_key}" in said
    assert "public key" not in said
    copy.write_bytes(copy.read_bytes().replace(b'"identifiers":3', b'"identifiers":4'))
    assert run(["audit", "verify", str(copy), "--public-key", log.public_key]) == 17
    assert "copy.jsonl:3: it is not as it was written" in capfd.readouterr().err
    assert run(["audit", "verify", str(copy)]) == 2
    assert run(["audit", "verify", str(copy), "--public-key", "hsr-sign-1:short"]) == 13
    assert run(["audit", "verify", str(tmp_path / "none"), "--public-key", log.public_key]) == 13


def test_the_log_beside_its_ring_may_be_named_itself(log: AuditLog, capfd: Capture) -> None:
    word = str(log.path.parent / "word")
    assert run(["audit", "verify", str(log.path), "--passphrase-file", word]) == 0
    ring = str(log.path.with_name("register.keyring"))
    assert run(["audit", "verify", ring, "--public-key", log.public_key]) == 0
    assert "3 lines" in capfd.readouterr().out


@pytest.mark.usefixtures("no_network")
def test_a_log_cut_off_after_a_release_is_shown_by_its_manifest(
    released: Desk, tmp_path: Path, capfd: Capture
) -> None:
    ring = tmp_path / "register.keyring"
    log, kept = Path(f"{released.ring}.audit.jsonl"), Path(f"{ring}.audit.jsonl")
    shutil.copy2(released.ring, ring)
    shutil.copy2(log, kept)
    word = ("--passphrase-file", str(released.ring.parent / "word"))
    asked = ["audit", "verify", str(ring), *word, "--against", str(released.out)]
    assert run(asked) == 0
    assert "manifest.json: line 1 is in the log as it was" in capfd.readouterr().out
    kept.write_bytes(b"")
    assert run(asked) == 17
    said = capfd.readouterr().err
    assert "manifest.json names a line that is not in the log" in said
    assert "audit.jsonl:1: it is gone: the log was cut off after line 0" in said


def test_several_witnesses_are_asked_and_a_changed_one_is_refused(
    log: AuditLog, tmp_path: Path, capfd: Capture
) -> None:
    files = []
    for entry in log.entries()[:2]:
        path = tmp_path / f"{entry.number}.json"
        path.write_text(
            json.dumps({"audit": {"number": entry.number, "digest": entry.digest}}, indent=2)
        )
        files += ["--against", path]
    told = verified(log, capfd, *files)
    assert [one["number"] for one in told["against"]] == [1, 2]
    path.write_text(path.read_text().replace("\n", "\r\n"))
    assert hsr(log, "verify", *files) == 12
    assert "2.json is not as this toolkit writes JSON" in capfd.readouterr().err
    path.write_text(json.dumps({"audit": {"number": 2, "digest": "0" * 128}}))
    assert hsr(log, "verify", *files) == 17
    assert ":2: it is another one: the log was written anew" in capfd.readouterr().err


def test_the_last_lines_are_shown(log: AuditLog, capfd: Capture) -> None:
    assert hsr(log, "show", "--last", "1") == 0
    assert capfd.readouterr().out.splitlines()[0].endswith("scan.known  identifiers 3")
    assert hsr(log, "show", "--json") == 0
    assert [one["step"] for one in json.loads(capfd.readouterr().out)] == ["done", "begun", "done"]


def test_an_end_that_breaks_off_is_mended_by_a_command(log: AuditLog, capfd: Capture) -> None:
    assert hsr(log, "repair") == 0
    assert "is whole; nothing was changed" in capfd.readouterr().out
    log.path.write_bytes(log.path.read_bytes()[:-30])
    assert hsr(log, "show") == 17
    assert "hsr audit repair says what can be done" in capfd.readouterr().err
    assert hsr(log, "repair") == 0
    assert "is whole again; line 3 says what was done" in capfd.readouterr().out
    assert hsr(log, "verify") == 0


def test_an_intent_that_nobody_ends_is_abandoned_with_a_reason(
    log: AuditLog, capfd: Capture
) -> None:
    assert hsr(log, "abandon", "2", "--reason", "asked by 01417012345") == 12
    assert hsr(log, "abandon", "2", "--reason", "power cut; nothing was made") == 0
    said = capfd.readouterr().out
    assert "release (abandoned: line 2)  reason power cut; nothing was made" in said
    assert verified(log, capfd)["unfinished"] == []
    for line in ("2", "3", "9"):
        assert hsr(log, "abandon", line, "--reason", "again") == 12
    assert "is no unfinished intent" in capfd.readouterr().err


def test_a_clock_that_went_back_has_its_exit_code_and_its_way_out(
    log: AuditLog, capfd: Capture
) -> None:
    assert hsr(log, "clock", "--yes") == 0
    assert "is later than now; nothing was changed" in capfd.readouterr().out
    log.record("release", {}, now=datetime.now(UTC) + timedelta(days=2))
    word = ("--passphrase-file", str(log.path.parent / "word"))
    rekey = ["keys", "rekey", str(log.path.with_name("register.keyring")), *word]
    assert run(rekey) == 18
    assert "say so with hsr audit clock" in capfd.readouterr().err
    assert hsr(log, "clock", "--yes") == 0
    assert "audit.clock  wrong since 20" in capfd.readouterr().out
    assert run(rekey) == 0
    assert verified(log, capfd)["backwards"] == [5]


def test_old_lines_are_said_to_be_the_rings_to_verify(log: AuditLog, capfd: Capture) -> None:
    from tests.unit.keys.old_lines import old_lines

    ring = KeyRing.open(log.path.with_name("register.keyring"), "correct horse battery staple")
    log.path.write_bytes(old_lines(ring, "2026-01-01T12:00:00Z", "2026-01-01T11:00:00Z"))
    AuditLog(ring).record("release", {})
    assert hsr(log, "verify") == 0
    said = capfd.readouterr().out
    assert "2 lines from before signatures have a tag, verified" in said
    assert "line 2 is earlier than the line before it" in said
    assert run(["audit", "verify", str(log.path), "--public-key", log.public_key]) == 0
    assert "have a tag, which the key ring alone can verify" in capfd.readouterr().out
