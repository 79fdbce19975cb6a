"""A backup is compared key by key, and what it lacks is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.backup import Compared, verify_backup
from hsr_privacy.keys.stretching import Stretching

PASSPHRASE = "correct horse battery staple"


def copied(ring: KeyRing, name: str = "backup") -> KeyRing:
    where = ring.path.with_name(name)
    shutil.copy2(ring.path, where)
    return KeyRing.open(where, PASSPHRASE)


def test_a_whole_copy_is_found_whole_and_noted(ring: KeyRing) -> None:
    ring.project_key("P-1", create=True)
    ring.project_key("P-2", create=True)
    ring.add_master_key()
    assert ring.info().backup is None
    assert verify_backup(ring, copied(ring)) == Compared(2, 2, (), ())
    info = KeyRing.open(ring.path, PASSPHRASE).info()
    assert info.backup is not None
    assert info.backup_is_fresh


def test_a_copy_from_before_is_out_of_date_and_what_it_lacks_is_named(ring: KeyRing) -> None:
    ring.project_key("P-1", create=True)
    backup = copied(ring)
    verify_backup(ring, backup)
    ring.project_key("P-2", create=True)
    ring.add_master_key()
    assert not ring.info().backup_is_fresh
    with pytest.raises(KeyRingError, match=r"it lacks master key 2, project P-2; copy"):
        verify_backup(ring, backup)
    assert not ring.info().backup_is_fresh


def test_a_copy_that_holds_the_key_of_a_destroyed_project_is_told(ring: KeyRing) -> None:
    ring.project_key("P-1", create=True)
    backup = copied(ring)
    ring.destroy_project("P-1")
    assert verify_backup(ring, backup).destroyed == ("P-1",)


def test_the_ring_itself_and_another_ring_are_no_backups(ring: KeyRing, tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="is the key ring itself"):
        verify_backup(ring, KeyRing.open(ring.path, PASSPHRASE))
    linked = tmp_path / "linked"
    linked.hardlink_to(ring.path)
    with pytest.raises(KeyRingError, match="is the key ring itself"):
        verify_backup(ring, KeyRing.open(linked, PASSPHRASE))
    other = KeyRing.create(
        tmp_path / "other",
        PASSPHRASE,
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    with pytest.raises(KeyRingError, match="is another key ring"):
        verify_backup(ring, other)
    assert ring.info().backup is None
