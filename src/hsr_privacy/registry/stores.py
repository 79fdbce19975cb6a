"""The register's two stores, apart from each other: who is who, and what happened to whom."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.errors import DataError, OutputFailed
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing

IDENTITIES: Final = "identity.sqlite"
EVENTS: Final = "events.parquet"
SKETCHES: Final = "sketches"
ATTACKS: Final = "attacks.jsonl"


@dataclass(frozen=True)
class Stores:
    """Both stores, open; what they learn is kept by `commit` only.

    Attributes:
        folder: where they lie.
        identities: identifiers and person keys, encrypted.
        events_file: private file for the events of this run.
    """

    folder: Path
    identities: IdentityStore
    events_file: Path

    def write_events(self, events: pl.DataFrame) -> None:
        """Write the events of this run, for whichever engine works on them.

        Raises:
            OutputFailed: the disk is full, or the system refuses the write.
        """
        try:
            events.write_parquet(self.events_file, compression="zstd")
        except (pl.exceptions.PolarsError, OSError) as error:
            reason = getattr(error, "strerror", None) or "the disk may be full"
            raise OutputFailed(
                f"{self.folder}: the events could not be written: {reason}; it is as it was"
            ) from None

    def commit(self) -> None:
        """Keep what was learned: new persons, and the events of this run as the register's.

        Raises:
            OutputFailed: the disk is full, or the system refuses the write.
        """
        self.identities.commit()
        try:
            self.events_file.replace(self.folder / EVENTS)
        except OSError as error:
            raise OutputFailed(f"{self.folder / EVENTS}: {error.strerror}") from None


@contextmanager
def open_stores(
    ring: KeyRing, folder: Path | None = None, *, identities: str | None = None
) -> Iterator[Stores]:
    """Open the stores of a register; they appear with their first `Stores.commit`.

    Args:
        ring: the register's key ring.
        folder: beside the key ring if left out.
        identities: URL of a PostgreSQL database for the identity store; in the folder if left out.

    Raises:
        IdentityStoreError: the identity store does not open with this key ring.
        OutputFailed: the folder cannot be made or written.
    """
    where = folder or default_folder(ring.path)
    parents = [path for path in (where, *where.parents) if not path.exists()]
    try:
        with IdentityStore(identities or where / IDENTITIES, ring) as store:
            where.mkdir(mode=0o700, parents=True, exist_ok=True)
            # No leading dot: Spark passes over hidden files.
            handle, name = tempfile.mkstemp(prefix="events-", suffix=".part", dir=where)
            os.close(handle)
            events_file = Path(name)
            try:
                yield Stores(where, store, events_file)
            finally:
                events_file.unlink(missing_ok=True)
    finally:
        for made in parents:
            if made.exists() and not any(made.iterdir()):
                made.rmdir()


def kept_events(ring: KeyRing, folder: Path | None = None) -> Path:
    """The file of the register's events.

    Args:
        ring: the register's key ring.
        folder: of the stores; beside the key ring if left out.

    Raises:
        DataError: no release or linking has written one.
    """
    events = (folder or default_folder(ring.path)) / EVENTS
    if not events.is_file():
        raise DataError(
            f"{events}: no such file; the register's events are kept when its deliveries are "
            "linked, by hsr register or hsr release"
        )
    return events


def sketches_folder(ring: KeyRing, folder: Path | None = None) -> Path:
    """Where the register keeps who is in which release, sealed; see `kept_events` for the arguments."""
    return (folder or default_folder(ring.path)) / SKETCHES


def attacks_file(ring: KeyRing, folder: Path | None = None) -> Path:
    """Where the register remembers which extracts were attacked; see `kept_events`."""
    return (folder or default_folder(ring.path)) / ATTACKS


def default_folder(keyring: Path) -> Path:
    """Where the stores of a key ring lie if nobody says otherwise."""
    return keyring.with_name(keyring.name + ".store")
