"""Backups: a copy of a key ring is compared with it, key by key, and nothing is exported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.contents import Contents, stamp
from hsr_privacy.keys.ring import KeyRing


@dataclass(frozen=True)
class Compared:
    """What a backup has of a key ring, in counts and names of projects.

    Attributes:
        master_keys: versions of the master key that both hold, with equal check values.
        projects: projects that both hold, with equal check values.
        lacking: master keys and projects that the backup does not hold, or holds otherwise.
        destroyed: projects that the ring has destroyed and the backup holds still.
    """

    master_keys: int
    projects: int
    lacking: tuple[str, ...]
    destroyed: tuple[str, ...]


def verify_backup(ring: KeyRing, backup: KeyRing, *, now: datetime | None = None) -> Compared:
    """Compare a copy with the ring, and note in the ring when it was found whole.

    Args:
        ring: the key ring in use; open.
        backup: a copy of it; open.

    Raises:
        KeyRingError: the backup is the same file, another ring, or lacks something; says what.
    """
    if backup.path.resolve() == ring.path.resolve() or backup.path.samefile(ring.path):
        raise KeyRingError(
            f"{backup.path} is the key ring itself; name a copy of it, on another disk"
        )
    if backup.file_id != ring.file_id:
        raise KeyRingError(f"{backup.path} is another key ring, not a copy of {ring.path}")
    compared = _compare(ring, backup)
    if compared.lacking:
        raise KeyRingError(
            f"backup {backup.path} is out of date: it lacks {', '.join(compared.lacking)}; copy "
            "the key ring again"
        )
    moment = stamp(now or datetime.now(UTC))
    ring.change(lambda held: _noted(held, moment))
    return compared


def _compare(ring: KeyRing, backup: KeyRing) -> Compared:
    held, copied = ring.contents, backup.contents
    versions = {one.version for one in copied.master_keys}
    salts = {one.project_id: one for one in copied.projects}
    masters = [
        one.version
        for one in held.master_keys
        if one.version in versions
        and ring.master_check_value(one.version) == backup.master_check_value(one.version)
    ]
    projects = [one for one in held.projects if salts.get(one.project_id) == one]
    lacking = [
        f"master key {one.version}" for one in held.master_keys if one.version not in masters
    ]
    lacking += [f"project {one.project_id}" for one in held.projects if one not in projects]
    destroyed = [one.project_id for one in held.destroyed if one.project_id in salts]
    return Compared(len(masters), len(projects), tuple(lacking), tuple(destroyed))


def _noted(held: Contents, moment: str) -> Contents:
    return replace(held, backup_verified=(moment, held.holdings))
