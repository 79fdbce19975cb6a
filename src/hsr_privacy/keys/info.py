"""What may be shown of a key ring: names, states, dates and check values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hsr_privacy.keys.contents import Contents
from hsr_privacy.keys.custody import permissions_are_checked
from hsr_privacy.keys.locks import Custody
from hsr_privacy.keys.ring_file import RingFile
from hsr_privacy.keys.stretching import Stretching


@dataclass(frozen=True)
class MasterKeyInfo:
    """What may be shown of a version of the master key; ``place`` is ``file`` or ``token``."""

    version: int
    state: str
    created: str
    check_value: str
    place: str


@dataclass(frozen=True)
class ProjectInfo:
    """What may be shown of a project's key."""

    project_id: str
    created: str
    key_version: int


@dataclass(frozen=True)
class RingInfo:
    """What may be shown of a key ring.

    Attributes:
        custody: what opens it.
        stretching: what a guess at the passphrase costs; None for other custody.
        destroyed: (project id, when) of each destroyed project.
        shares: (threshold, shares) where people can open it together.
        people: names of those whose signature counts.
        backup: when a copy was last compared; None if never.
        backup_is_fresh: whether that copy has every key and salt of now.
        permissions_checked: false on Windows, where the folder's access list protects the file.
    """

    path: str
    registry_id: str
    environment: str
    file_id: str
    created: str
    custody: Custody
    stretching: Stretching | None
    master_keys: tuple[MasterKeyInfo, ...]
    projects: tuple[ProjectInfo, ...]
    destroyed: tuple[tuple[str, str], ...]
    shares: tuple[int, int] | None
    people: tuple[str, ...]
    backup: str | None
    backup_is_fresh: bool
    permissions_checked: bool


def describe(file: RingFile, held: Contents, check_value: Callable[[int], str]) -> RingInfo:
    """Put together what may be shown.

    Args:
        check_value: of a version of the master key.
    """
    lock, recovery, backup = file.locks[0], held.recovery, held.backup_verified
    return RingInfo(
        path=str(file.path),
        registry_id=file.names["registry_id"],
        environment=file.names["environment"],
        file_id=file.names["file_id"],
        created=file.names["created"],
        custody=lock.custody,
        stretching=lock.stretching if lock.kind == "passphrase" else None,
        master_keys=tuple(
            MasterKeyInfo(
                one.version,
                one.state,
                one.created,
                check_value(one.version),
                "token" if one.key is None else "file",
            )
            for one in held.master_keys
        ),
        projects=tuple(
            ProjectInfo(one.project_id, one.created, one.key_version) for one in held.projects
        ),
        destroyed=tuple((one.project_id, one.destroyed) for one in held.destroyed),
        shares=None if recovery is None else (recovery.threshold, recovery.shares),
        people=tuple(one.name for one in held.people),
        backup=None if backup is None else backup[0],
        backup_is_fresh=held.has_fresh_backup,
        permissions_checked=permissions_are_checked(),
    )
