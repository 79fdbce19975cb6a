"""The file of a key ring: read, written and changed whole, under one content key.

Whoever changes it reads what is on the disk at that moment, changes that, and writes it back
while holding the only right to do so: two processes lose nothing of each other's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hsr_privacy.errors import KeyRingLocked
from hsr_privacy.keys.custody import check_folder, exclusively, read_private, write_private
from hsr_privacy.keys.locks import KEY_BYTES, Kind, Lock, opened_by, read_locks
from hsr_privacy.keys.sealing import DoesNotOpen, Sealed, read_sealed, seal
from hsr_privacy.keys.secret import Secret

FORMAT: Final = "hsr-keyring/v2"
WHAT: Final = "key ring"
_NAMES: Final = frozenset({"created", "environment", "file_id", "registry_id"})


@dataclass(frozen=True)
class RingFile:
    """An open key ring file.

    Attributes:
        path: where it lies.
        names: what the header says besides the locks: created, environment, file_id, registry_id.
        locks: the ways to the content key; the first is the one for daily use.
        content_key: opens the body.
        lock_key: opens the lock for daily use; None where shares have opened the file.
    """

    path: Path
    names: Mapping[str, str]
    locks: tuple[Lock, ...]
    content_key: Secret
    lock_key: Secret | None

    @classmethod
    def create(
        cls,
        path: Path,
        names: Mapping[str, str],
        body: bytes,
        make: Callable[[Secret], tuple[Lock, Secret]],
    ) -> RingFile:
        """Write a new file with one lock.

        Args:
            make: closes a lock around the content key, and gives the lock's own key too.

        Raises:
            OutputExists, OutputFailed: the path is taken, or the system refused.
            KeyRingExposed: others may write to the folder, or it is tracked by git or synced.
        """
        check_folder(path, WHAT)
        key = new_content_key()
        lock, lock_key = make(key)
        file = cls(path, dict(names), (lock,), key, lock_key)
        write_private(path, file.sealed(body), replace=False)
        return file

    @classmethod
    def open(
        cls, path: Path, kind: Kind, key_of: Callable[[Lock, str], Secret]
    ) -> tuple[RingFile, bytes]:
        """Open the file by its lock of a kind.

        Args:
            key_of: finds the key of that lock, given the file's id.

        Returns:
            The open file, and its body.

        Raises:
            KeyRingLocked: there is no such lock, it does not open, or the file was altered.
        """
        sealed, locks = read(path)
        try:
            lock = opened_by(locks, kind)
            file_id = sealed.header["file_id"]
            lock_key = key_of(lock, file_id)
            content_key = lock.open(lock_key, file_id)
            body = sealed.open(content_key)
        except DoesNotOpen:
            raise locked(path) from None
        daily = lock_key if lock == locks[0] else None
        return cls(path, _names(sealed), locks, content_key, daily), body

    def read(self) -> bytes:
        """The body as it is on the disk now.

        Raises:
            KeyRingLocked: it has got another content key since, or was altered.
        """
        try:
            return read(self.path)[0].open(self.content_key)
        except DoesNotOpen:
            raise locked(self.path) from None

    def change(
        self,
        change: Callable[[bytes], bytes],
        *,
        relock: Callable[[bytes, Secret], tuple[tuple[Lock, ...], Secret]] | None = None,
    ) -> tuple[RingFile, bytes]:
        """Change the body that is on the disk now; nothing is written where nothing changed.

        Args:
            change: from the body to the new body.
            relock: closes new locks, given the new body, around a new content key, and gives
                the key of the first.

        Returns:
            The file and the body as they are now.
        """
        with exclusively(self.path):
            before = self.read()
            after = change(before)
            if relock is None:
                file = replace(self, locks=read(self.path)[1])
            else:
                key = new_content_key()
                locks, lock_key = relock(after, key)
                file = replace(self, locks=locks, content_key=key, lock_key=lock_key)
            if after != before or relock is not None:
                write_private(self.path, file.sealed(after), replace=True)
        return file, after

    def sealed(self, body: bytes) -> bytes:
        """The bytes of the file with this body."""
        header = {**self.names, "locks": [lock.as_json() for lock in self.locks]}
        return seal(FORMAT, header, body, self.content_key)


def read(path: Path) -> tuple[Sealed, tuple[Lock, ...]]:
    """Read a key ring file as far as it can be read without opening it.

    Raises:
        KeyRingMissing, KeyRingExposed: there is none, or others can read it.
        KeyRingLocked: it is not written as a key ring is.
    """
    file = read_private(path, WHAT)
    try:
        sealed = read_sealed(FORMAT, file)
        _names(sealed)
        return sealed, read_locks(sealed.header)
    except DoesNotOpen:
        raise locked(path) from None


def new_content_key() -> Secret:
    """A key for a body, from the system's randomness."""
    return Secret(secrets.token_bytes(KEY_BYTES))


def locked(path: Path) -> KeyRingLocked:
    """The one answer to a wrong passphrase and to an altered file."""
    return KeyRingLocked(
        f"key ring {path} does not open: wrong passphrase, or the file is not as it was written; "
        "try the passphrase again, then a backup"
    )


def _names(sealed: Sealed) -> dict[str, str]:
    names = {name: value for name, value in sealed.header.items() if name != "locks"}
    if names.keys() != _NAMES or not all(isinstance(value, str) for value in names.values()):
        raise DoesNotOpen
    return names
