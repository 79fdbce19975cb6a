"""The audit log and a process that dies at any change of the disk: nothing lost, nothing doubled."""

from __future__ import annotations

import itertools
import multiprocessing
from pathlib import Path

import pytest

from hsr_privacy.errors import AuditBroken
from hsr_privacy.keys import AuditLog, KeyRing
from tests.crashes import HSR, How, dies, full_disk

pytestmark = pytest.mark.once

PASSPHRASE = "correct horse battery staple"


def one_line(path: Path, told: Path) -> None:
    line = AuditLog(KeyRing.open(path, PASSPHRASE)).record("release", {"rows": 1})
    told.write_text(str(line.number))


def both_lines(path: Path, told: Path) -> None:
    log = AuditLog(KeyRing.open(path, PASSPHRASE))
    intent = log.begin("release", {"project": "P-1"})
    told.write_text(str(intent.number))
    told.write_text(str(log.commit(intent, {"rows": 1}).number))


def repaired(path: Path, told: Path) -> None:
    AuditLog(KeyRing.open(path, PASSPHRASE)).repair()
    told.write_text("0")


def many_lines(path: Path) -> None:
    log = AuditLog(KeyRing.open(path, PASSPHRASE))
    for number in range(12):
        log.record("scan.known", {"identifiers": number})


def is_torn(log: AuditLog) -> bool:
    content = log.path.read_bytes() if log.path.exists() else b""
    return bool(content) and not content.endswith(b"\n")


def after(log: AuditLog, told: Path) -> tuple[int, int]:
    """How many lines there are once it is repaired, and how many of them were acknowledged."""
    if is_torn(log):
        with pytest.raises(AuditBroken, match="it breaks off"):
            log.record("release", {})
        assert log.repair() is not None
    lines = len([one for one in log.entries() if one.act != "audit.repair"])
    return lines, int(told.read_text()) if told.exists() else 0


@pytest.mark.parametrize("how", ["kill", "torn", "full"])
def test_a_process_that_dies_at_any_change_loses_no_line_and_doubles_none(
    ring: KeyRing, tmp_path: Path, how: How
) -> None:
    log, told = AuditLog(ring), tmp_path / "told"
    died, torn = [], 0
    for change in itertools.count(1):
        if log.path.exists():
            log.path.unlink()
        told.unlink(missing_ok=True)
        was_killed = dies(
            both_lines, ring.path, told, after_writes=change, how=how, below=ring.path.parent
        )
        torn += is_torn(log)
        lines, acknowledged = after(log, told)
        assert acknowledged <= lines <= acknowledged + 1
        unfinished = [one.number for one in log.unfinished()]
        assert unfinished == ([1] if lines == 1 else [])
        died.append((lines, acknowledged))
        if acknowledged == 2:
            break
    assert was_killed is False
    assert (0, 0) in died
    assert (1, 1) in died
    assert torn == (2 if how == "torn" else 0)
    if how != "full":
        assert (2, 1) in died  # the line stands, and nobody was told


def test_the_next_process_goes_on_where_one_died(ring: KeyRing, tmp_path: Path) -> None:
    log, told = AuditLog(ring), tmp_path / "told"
    log.record("keys.new", {})
    before = 1
    for change in itertools.count(1):
        told.unlink(missing_ok=True)
        was_killed = dies(one_line, ring.path, told, after_writes=change, below=ring.path.parent)
        lines = len(log.entries())
        assert before + told.exists() <= lines <= before + 1
        if not was_killed:
            break
        before = lines
    assert lines == before + 1
    assert change > 4


def test_a_repair_that_dies_can_be_done_again(ring: KeyRing, tmp_path: Path) -> None:
    log, told = AuditLog(ring), tmp_path / "told"
    log.record("keys.new", {})
    log.record("release", {})
    torn = log.path.read_bytes()[:-20]
    for change in itertools.count(1):
        log.path.write_bytes(torn)
        was_killed = dies(repaired, ring.path, told, after_writes=change, below=ring.path.parent)
        log.repair()
        assert [one.act for one in log.entries()] == ["keys.new", "audit.repair"]
        if not was_killed:
            break
    assert change > 8


def test_a_writer_that_dies_does_not_hold_up_another(ring: KeyRing, tmp_path: Path) -> None:
    log, told = AuditLog(ring), tmp_path / "told"
    writer = multiprocessing.get_context("forkserver").Process(target=many_lines, args=(ring.path,))
    writer.start()
    acknowledged = 0
    for change in range(1, 8):
        told.unlink(missing_ok=True)
        dies(one_line, ring.path, told, after_writes=change, below=ring.path.parent)
        acknowledged += told.exists()
    writer.join(timeout=60)
    assert writer.exitcode == 0
    acts = [one.act for one in log.entries()]
    assert acts.count("scan.known") == 12
    assert acknowledged <= acts.count("release") <= 7


def test_a_full_disk_is_said_and_leaves_the_log_as_it_was(ring: KeyRing, tmp_path: Path) -> None:
    log = AuditLog(ring)
    log.record("keys.new", {})
    before = log.path.read_bytes()
    word = ring.path.parent / "word"
    word.write_text(PASSPHRASE)
    word.chmod(0o600)
    command = [HSR, "audit", "repair", ring.path, "--passphrase-file", word]
    log.path.write_bytes(before[:-1])
    ran = full_disk(command, room=len(before))
    assert ran.returncode == 32, ran.stderr
    assert "could not be written" in ran.stderr
    assert log.path.read_bytes() == before[:-1]
