"""The signed log: anybody with the public key verifies it, old lines stand, keys follow by right."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.errors import AuditBroken, ClockWentBack, DataError, KeyRingExposed
from hsr_privacy.keys import AuditLog, KeyRing, log_public_key
from hsr_privacy.keys.audit_lines import read_line, write_line
from hsr_privacy.keys.audit_reading import LogKeys, Reading, read_log
from hsr_privacy.keys.sealing import canonical
from hsr_privacy.keys.signing import SigningKey
from hsr_privacy.keys.stretching import Stretching
from tests.unit.keys.old_lines import old_lines

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def log(ring: KeyRing) -> AuditLog:
    log = AuditLog(ring)
    for number in range(3):
        log.record("release", {"project": f"P-{number}", "rows": number}, now=NOON)
    return log


@pytest.fixture
def other(tmp_path: Path) -> KeyRing:
    return KeyRing.create(
        tmp_path / "other",
        PASSPHRASE,
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )


def put(log: AuditLog, content: bytes) -> None:
    log.path.write_bytes(content)
    log.path.chmod(0o600)


def outside(log: AuditLog, key: str) -> Reading:
    """What somebody finds who has the log and a public key, and nothing else."""
    return read_log(log.path, log.path.read_bytes(), public_key=key)


def rewritten(log: AuditLog, key: SigningKey, **changed: Any) -> bytes:
    """The log with its last line changed and signed by a key."""
    *kept, last = log.path.read_bytes().splitlines()
    said = {**read_line(last).said, **changed}
    text, _ = write_line({name: said[name] for name in said if name != "signed_by"}, key)
    return b"".join(line + b"\n" for line in (*kept, text))


def test_anybody_with_the_public_key_verifies_the_log(log: AuditLog, ring: KeyRing) -> None:
    key = log_public_key(ring)
    assert key.startswith("hsr-sign-1:")
    assert key == log.public_key
    read = outside(log, key)
    assert read.entries == log.entries()
    assert read.keys == (key,)
    assert read.head == log.head() == (3, read.entries[-1].digest)


def test_the_key_of_another_register_verifies_nothing(log: AuditLog, other: KeyRing) -> None:
    with pytest.raises(AuditBroken, match=":3: neither it nor a line before it is signed by"):
        outside(log, log_public_key(other))


def test_an_empty_log_has_the_beginning_of_its_ring_as_head(ring: KeyRing) -> None:
    number, beginning = AuditLog(ring).head()
    assert number == 0
    AuditLog(ring).verify(0, beginning)
    AuditLog(ring).record("keys.new", {})
    AuditLog(ring).verify(0, beginning)
    with pytest.raises(AuditBroken, match="written anew"):
        AuditLog(ring).verify(-1, beginning)


def test_a_line_signed_by_somebody_else_is_noticed(log: AuditLog, other: KeyRing) -> None:
    stranger = LogKeys(other).signing(1)
    put(log, rewritten(log, stranger, details={"rows": 99}))
    with pytest.raises(AuditBroken, match=":3: it is not as it was written"):
        log.entries()
    key = log.public_key
    with pytest.raises(AuditBroken, match=":3: it is signed by a key that the key before did not"):
        outside(log, key)


def test_lines_from_before_there_were_signatures_stand_where_they_stand(ring: KeyRing) -> None:
    log = AuditLog(ring)
    put(log, old_lines(ring, "2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z"))
    assert len(log.entries()) == 2
    line = log.record("release", {"rows": 1}, now=NOON)
    assert line.number == 3
    assert log.read().tagged == 2
    assert [entry.signed_by for entry in log.entries()] == ["", "", log.public_key]
    assert outside(log, log.public_key).entries == log.entries()


def test_a_log_of_old_lines_is_under_no_public_key(ring: KeyRing) -> None:
    log = AuditLog(ring)
    put(log, old_lines(ring, "2026-03-01T12:00:00Z"))
    with pytest.raises(AuditBroken, match="is signed by the given key"):
        outside(log, log.public_key)


def test_a_tag_counts_no_more_after_the_first_signature(log: AuditLog, ring: KeyRing) -> None:
    signed = log.path.read_bytes()
    key = ring.register_key("audit-tag")
    fields: dict[str, Any] = {
        "number": 4,
        "previous": log.head()[1],
        "time": "2026-03-02T12:00:00Z",
        "actor": "kari",
        "act": "release",
        "details": {},
        "key_version": 1,
    }
    tag = hmac.digest(key.secret.unsafe_bytes(), canonical(fields).encode(), "sha256").hex()
    put(log, signed + canonical({**fields, "tag": tag}).encode() + b"\n")
    with pytest.raises(AuditBroken, match=":4: it has a tag where a signature must stand"):
        log.entries()


def test_a_new_master_key_signs_by_leave_of_the_old_one(log: AuditLog, ring: KeyRing) -> None:
    old = log.public_key
    ring.add_master_key()
    new = log_public_key(ring)
    assert new != old
    log.record("keys.rekey", {"key_version": 2})
    log.record("release", {"rows": 1})
    assert AuditLog(ring).read().keys == (old, new)
    for key in (old, new):
        assert len(outside(log, key).entries) == 5
    assert log.public_key == new


def test_a_new_key_without_leave_is_noticed(log: AuditLog, ring: KeyRing) -> None:
    ring.add_master_key()
    log.record("keys.rekey", {"key_version": 2})
    *kept, last = log.path.read_bytes().splitlines()
    words = json.loads(last)
    for wrong in (
        {name: words[name] for name in words if name != "handover"},
        {**words, "handover": words["signature"]},
    ):
        put(log, b"".join(line + b"\n" for line in (*kept, canonical(wrong).encode())))
        with pytest.raises(AuditBroken, match=":4: it is signed by a key that the key before did"):
            log.entries()


def test_a_ring_opened_before_the_new_master_key_signs_with_it(ring: KeyRing) -> None:
    before = AuditLog(KeyRing.open(ring.path, PASSPHRASE))
    AuditLog(ring).record("keys.new", {})
    ring.add_master_key()
    AuditLog(ring).record("keys.rekey", {})
    before.record("release", {})
    assert [one.signed_by for one in before.entries()][1:] == [log_public_key(ring)] * 2


def test_a_ring_that_lacks_the_master_key_of_a_line_says_so(ring: KeyRing, tmp_path: Path) -> None:
    backup = ring.path.read_bytes()
    ring.add_master_key()
    AuditLog(ring).record("keys.rekey", {})
    ring.path.write_bytes(backup)
    with pytest.raises(AuditBroken, match=":1: it names master key 2, which the key ring lacks"):
        AuditLog(KeyRing.open(ring.path, PASSPHRASE)).entries()


def test_a_clock_that_went_back_is_refused_and_nothing_written(log: AuditLog) -> None:
    before = log.path.read_bytes()
    with pytest.raises(ClockWentBack, match=r"the clock shows 2026-03-02T11:59:54Z, and line 3 of"):
        log.record("release", {}, now=NOON - timedelta(seconds=6))
    assert log.path.read_bytes() == before


def test_a_clock_corrected_by_five_seconds_gives_the_time_of_the_last_line(log: AuditLog) -> None:
    line = log.record("release", {}, now=NOON - timedelta(seconds=5))
    assert line.time == "2026-03-02T12:00:00Z"
    assert log.read().backwards == ()


def test_who_says_that_the_clock_was_wrong_can_go_on(log: AuditLog) -> None:
    assert log.set_clock(now=NOON) is None
    earlier = NOON - timedelta(days=300)
    said = log.set_clock(now=earlier)
    assert said is not None
    assert said.details == {"wrong since": "2026-03-02T12:00:00Z"}
    line = log.record("release", {}, now=earlier)
    assert line.time < log.entries()[0].time
    assert log.read().backwards == (4,)
    assert outside(log, log.public_key).backwards == (4,)


def test_a_log_whose_lines_go_backwards_is_told_of(ring: KeyRing, log: AuditLog) -> None:
    put(log, rewritten(log, LogKeys(ring).signing(1), time="2026-03-02T11:00:00Z"))
    with pytest.raises(AuditBroken, match=":3: it is earlier than the line before it"):
        log.entries()
    put(log, old_lines(ring, "2026-03-02T12:00:00Z", "2026-03-01T12:00:00Z"))
    assert log.read().backwards == (2,)


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace(b'","', b'", "', 1),
        lambda line: line + b" ",
        lambda line: b" " + line,
        lambda line: line[:-1] + b"\r}",
        lambda line: line.replace(b'"act":', b'"act":"release","act":', 1),
        lambda line: line.replace(b"release", b"rel\\u0065ase"),
        lambda line: line.replace(b'"rows":2', b'"rows":2.0'),
        lambda line: line.replace(b'"rows":2', b'"rows":true'),
        lambda line: line.replace(b'"rows":2', b'"rows":NaN'),
        lambda line: line.replace(b'"rows":2', b'"rows":{}'),
        lambda line: line.replace(b'"step":"done"', b'"step":"Done"'),
        lambda line: b"[" * 100_000,
        lambda line: b"",
        lambda line: b"\xff",
        lambda line: b'"text"',
    ],
)
def test_a_line_is_written_the_one_way_or_is_none(
    log: AuditLog, change: Callable[[bytes], bytes]
) -> None:
    *kept, last = log.path.read_bytes().splitlines()
    with pytest.raises(ValueError, match="no line of an audit log"):
        read_line(change(last))
    put(log, b"".join(line + b"\n" for line in (*kept, change(last))))
    with pytest.raises(AuditBroken, match=":3: it is not as it was written"):
        log.entries()


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"reason": "asked by 01417012345"}, "eleven digits"),
        ({"reason": "asked by 014170 12345."}, "eleven digits"),
        ({"reason": "x01417012345y"}, "eleven digits"),
        ({"reason": "a" * 20 + "01417012345"}, "eleven digits"),
        ({"01417012345": 1}, "eleven digits"),
        ({"person": 1417012345}, "as large as an identifier"),
        ({"source": "/home/kari/list.csv"}, "the place of a file"),
        ({"source": "C:\\list.csv"}, "the place of a file"),
        ({"reason": "x" * 501}, "too long"),
    ],
)
def test_what_could_name_a_person_has_no_place_in_a_record(
    ring: KeyRing, details: dict[str, str | int], why: str
) -> None:
    log = AuditLog(ring)
    with pytest.raises(ValueError, match=why) as refused:
        log.record("reidentify", details)
    assert isinstance(refused.value, DataError)
    assert "1417012345" not in str(refused.value)
    assert not log.path.exists()


def test_a_digest_may_hold_eleven_digits_by_chance(ring: KeyRing) -> None:
    digests = {"sha256": "12345678901" + "a" * 53, "sha512": "b" * 100 + "1" * 28}
    line = AuditLog(ring).record("release", {**digests, "case": "2026/12345", "rows": 999_999_999})
    assert line.details["sha256"] == digests["sha256"]


def test_the_public_key_of_a_log_that_others_can_read_is_still_its_key(log: AuditLog) -> None:
    """The log is private beside its ring; a copy in another's hands is verified all the same."""
    log.path.chmod(0o644)
    with pytest.raises(KeyRingExposed):
        log.entries()
    assert len(outside(log, log.public_key).entries) == 3
