"""One byte is changed, anywhere: in the log, in the key ring, in what a manifest says of the log."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from hsr_privacy.errors import AuditBroken, DataError, KeyRingError
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.audit_reading import read_log
from hsr_privacy.keys.audit_witnesses import confirm, read_witnesses

TIMES = 100


def flips(content: bytes, *, seed: int, first: int = 0, last: int | None = None) -> Iterator[bytes]:
    """The content with one byte changed to any other, a hundred times."""
    drawn = random.Random(seed)
    for _ in range(TIMES):
        place = drawn.randrange(first, len(content) if last is None else last)
        other = (content[place] + drawn.randrange(1, 256)) % 256
        yield content[:place] + bytes([other]) + content[place + 1 :]


@pytest.fixture
def log(ring: KeyRing) -> AuditLog:
    log = AuditLog(ring)
    log.record("release", {"project": "P-1"})
    intent = log.begin("release", {"project": "P-2"})
    ring.add_master_key()
    log.commit(intent, {"rows": 17})
    return log


def test_a_hundred_changes_of_the_log_are_found(log: AuditLog) -> None:
    content, key = log.path.read_bytes(), log.public_key
    for changed in flips(content, seed=71):
        log.path.write_bytes(changed)
        with pytest.raises(AuditBroken):
            log.entries()
        with pytest.raises(AuditBroken):
            read_log(log.path, changed, public_key=key)


def test_every_byte_of_the_log_in_another_case_or_as_a_line_end_is_found(log: AuditLog) -> None:
    content, key = log.path.read_bytes(), log.public_key
    for place in range(len(content)):
        for other in (content[place] ^ 0x20, 0x0D, 0x0A):
            changed = content[:place] + bytes([other]) + content[place + 1 :]
            if changed != content:
                with pytest.raises(AuditBroken):
                    read_log(log.path, changed, public_key=key)


def test_a_hundred_changes_of_the_key_ring_are_found(ring: KeyRing) -> None:
    content = ring.path.read_bytes()
    for changed in flips(content, seed=72):
        ring.path.write_bytes(changed)
        with pytest.raises(KeyRingError):
            KeyRing.open(ring.path, "correct horse battery staple")
    ring.path.write_bytes(content)
    KeyRing.open(ring.path, "correct horse battery staple")


@pytest.mark.parametrize("with_key", [False, True])
def test_a_hundred_changes_of_what_a_manifest_says_of_the_log_are_found(
    log: AuditLog, tmp_path: Path, with_key: bool
) -> None:
    number, digest = log.head()
    named = {"number": number, "digest": digest, **({"key": log.public_key} if with_key else {})}
    manifest = {
        "id": "R-1",
        "risk": {"largest": 0.05},
        "audit": named,
        "title": "Hjertestans på Ås",
    }
    path = tmp_path / "manifest.json"
    content = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    path.write_bytes(content)
    confirm(log.read(), read_witnesses(path))
    first = content.index(b'"audit"')
    for changed in flips(content, seed=73, first=first, last=content.index(b"}", first) + 1):
        path.write_bytes(changed)
        with pytest.raises((AuditBroken, DataError)):
            confirm(log.read(), read_witnesses(path))
