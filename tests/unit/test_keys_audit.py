"""The audit log: a line that was changed, removed, inserted or cut off is noticed."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from hsr_privacy.errors import AuditBroken, KeyRingExposed
from hsr_privacy.keys import AuditLog, KeyRing


@pytest.fixture
def log(ring: KeyRing) -> AuditLog:
    log = AuditLog(ring)
    for number in range(4):
        log.record("release", {"project": f"P-{number}", "rows": number})
    return log


def lines(log: AuditLog) -> list[bytes]:
    return log.path.read_bytes().splitlines(keepends=True)


def test_each_line_says_what_was_done_when_and_by_whom(log: AuditLog) -> None:
    entries = log.entries()
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert [entry.details for entry in entries][2] == {"project": "P-2", "rows": 2}
    assert all(entry.actor and entry.time.endswith("Z") for entry in entries)
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_a_changed_line_is_noticed(log: AuditLog) -> None:
    for number, line in enumerate(lines(log)):
        changed = lines(log)
        changed[number] = line.replace(b'"rows":', b'"Rows":')
        log.path.write_bytes(b"".join(changed))
        with pytest.raises(AuditBroken, match=f":{number + 1}: it is not as it was written"):
            log.entries()
        changed[number] = line
        log.path.write_bytes(b"".join(changed))


def test_a_removed_swapped_or_repeated_line_is_noticed(log: AuditLog) -> None:
    one, two, three, four = lines(log)
    for wrong in ([one, three, four], [two, one, three, four], [one, one, two, three], [two]):
        log.path.write_bytes(b"".join(wrong))
        with pytest.raises(AuditBroken):
            log.entries()


def test_a_line_of_another_ring_does_not_fit(log: AuditLog, tmp_path: Path) -> None:
    from hsr_privacy.keys.stretching import Stretching

    other = KeyRing.create(
        tmp_path / "other",
        "correct horse battery staple",
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    AuditLog(other).record("release", {})
    log.path.write_bytes(AuditLog(other).path.read_bytes())
    with pytest.raises(AuditBroken):
        log.entries()


def test_a_log_that_was_cut_off_is_noticed_by_what_left_the_house(log: AuditLog) -> None:
    last = log.entries()[-1]
    log.verify(last.number, last.digest)
    log.path.write_bytes(b"".join(lines(log)[:-1]))
    assert len(log.entries()) == 3
    with pytest.raises(AuditBroken, match=":4: it is gone: the log was cut off after line 3"):
        log.verify(last.number, last.digest)


def test_a_log_that_was_written_anew_is_noticed_by_what_left_the_house(log: AuditLog) -> None:
    last = log.entries()[-1]
    log.path.unlink()
    for _ in range(4):
        log.record("release", {"project": "other"})
    with pytest.raises(AuditBroken, match=":4: it is another one"):
        log.verify(last.number, last.digest)


def test_nothing_is_added_behind_a_broken_line(log: AuditLog) -> None:
    for ending in (b"{}\n", b"no JSON\n", b'{"number":5'):
        before = log.path.read_bytes()
        log.path.write_bytes(before + ending)
        with pytest.raises(AuditBroken):
            log.record("release", {})
        assert log.path.read_bytes() == before + ending
        log.path.write_bytes(before)


def test_the_chain_goes_on_under_a_new_master_key(log: AuditLog, ring: KeyRing) -> None:
    ring.add_master_key()
    log.record("keys.rekey", {})
    assert [json.loads(line)["key_version"] for line in lines(log)] == [1, 1, 1, 1, 2]
    assert len(AuditLog(ring).entries()) == 5


def test_a_log_that_others_can_read_is_refused(log: AuditLog) -> None:
    log.path.chmod(0o644)
    with pytest.raises(KeyRingExposed):
        log.record("release", {})


def test_long_text_has_no_place_in_a_record(log: AuditLog) -> None:
    with pytest.raises(ValueError, match="too long"):
        log.record("reidentify", {"reason": "x" * 501})


def _record(path: Path, times: int) -> None:
    log = AuditLog(KeyRing.open(path, "correct horse battery staple"))
    for number in range(times):
        log.record("release", {"rows": number})


def test_processes_that_record_at_once_lose_no_line(ring: KeyRing) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_record, args=(ring.path, 10)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(AuditLog(ring).entries()) == 20
