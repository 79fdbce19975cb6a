"""Intents, and ends that break off: what was begun is found, what was written is kept."""

from __future__ import annotations

import errno
import os

import pytest

from hsr_privacy.errors import AuditBroken, OutputFailed
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.audit_lines import digest


@pytest.fixture
def log(ring: KeyRing) -> AuditLog:
    log = AuditLog(ring)
    log.record("keys.new", {"custody": "passphrase"})
    return log


def test_what_was_begun_stands_open_until_it_is_done(log: AuditLog) -> None:
    intent = log.begin("release", {"project": "P-1"})
    log.record("scan.known", {"identifiers": 3})
    assert log.unfinished() == (intent,)
    assert log.read().acts == (("keys.new", 1), ("release", 1), ("scan.known", 1))
    done = log.commit(intent, {"rows": 10})
    assert (done.act, done.step, done.closes) == ("release", "committed", 2)
    assert log.unfinished() == ()
    assert dict(log.read().acts)["release"] == 1


def test_what_was_begun_can_be_given_up_with_a_reason(log: AuditLog) -> None:
    intent = log.begin("release", {"project": "P-1"})
    given_up = log.abandon(intent, "the folder is not there")
    assert given_up.details == {"reason": "the folder is not there"}
    assert given_up.step == "abandoned"
    assert log.unfinished() == ()


def test_the_next_process_finds_the_intent_and_ends_it_once(log: AuditLog, ring: KeyRing) -> None:
    log.begin("release", {"project": "P-1"})
    (found,) = AuditLog(ring).unfinished()
    AuditLog(ring).commit(found, {})
    said = "line 3 of the audit log closes that intent already"
    with pytest.raises(ValueError, match=said):
        log.commit(found, {})
    with pytest.raises(ValueError, match=said):
        log.abandon(found, "the folder is not there")
    assert len(log.entries()) == 3


def test_what_is_no_intent_is_not_ended(log: AuditLog, ring: KeyRing) -> None:
    line = log.entries()[0]
    intent = log.begin("release", {})
    log.path.write_bytes(log.path.read_bytes().splitlines(keepends=True)[0])
    for wrong in (line, intent):
        with pytest.raises(ValueError, match="no intent of this audit log"):
            log.commit(wrong, {})


def test_an_end_that_breaks_off_is_refused_until_it_is_mended(log: AuditLog) -> None:
    log.record("release", {"project": "P-1"})
    whole = log.path.read_bytes()
    first = whole.index(b"\n") + 1
    for end in range(first + 1, len(whole) - 1, 97):
        log.path.write_bytes(whole[:end])
        for use in (lambda: log.record("release", {}), log.entries, log.head):
            with pytest.raises(AuditBroken, match=r":2: it breaks off.*hsr audit repair"):
                use()
        assert log.path.read_bytes() == whole[:end]
        torn = whole[first:end]
        line = log.repair()
        assert line is not None
        assert line.details == {"bytes put aside": len(torn), "sha512": digest(torn)}
        assert [one.act for one in log.entries()] == ["keys.new", "audit.repair"]
        aside = log.path.with_name(f"{log.path.name}.torn-{digest(torn)[:8]}")
        assert aside.read_bytes() == torn
        assert aside.stat().st_mode & 0o777 == 0o600


def test_a_line_that_lacks_only_its_end_is_kept(log: AuditLog) -> None:
    line = log.record("release", {"project": "P-1"})
    log.path.write_bytes(log.path.read_bytes()[:-1])
    mended = log.repair()
    assert mended is not None
    assert mended.details == {"line kept": 2}
    assert log.entries()[1] == line
    assert [path.name for path in log.path.parent.glob("*.torn-*")] == []


def test_a_log_that_is_whole_is_left_as_it_is(log: AuditLog) -> None:
    before = log.path.read_bytes()
    assert log.repair() is None
    assert log.path.read_bytes() == before


def test_what_is_broken_before_its_end_is_never_mended(log: AuditLog) -> None:
    log.record("release", {"project": "P-1"})
    whole = log.path.read_bytes()
    changed = whole.replace(b"passphrase", b"pass-phras")
    last = whole.splitlines()[1]
    for wrong in (
        changed,
        changed[:-9],
        changed[:-1],
        whole + last,  # a whole line that is not in its place is no line that broke off
        whole + last.replace(b"P-1", b"P-2"),
    ):
        log.path.write_bytes(wrong)
        with pytest.raises(AuditBroken):
            log.repair()
        assert log.path.read_bytes() == wrong


def test_a_disk_that_refuses_leaves_the_log_as_it_was(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = log.path.read_bytes()

    def refuse(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputFailed, match="could not be written: Input/output error"):
        log.record("release", {})
    monkeypatch.undo()
    assert log.path.read_bytes() == before
    assert log.record("release", {}).number == 2
