"""The identity store: which person key belongs to which identifier, encrypted, and nothing else.

Each identifier is written twice: sealed by AES-SIV (RFC 5297), which gives equal text for equal
identifiers and so allows to look one up, and, with when and from where it came, by AES-GCM. The
person keys are drawn at random, so that nothing about a person can be computed from them.
Nothing is changed on the disk before `commit`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from hsr_privacy.errors import IdentityStoreError, KeyRingError, OutputFailed
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.custody import check_folder

PERSON_KEY_BYTES: Final = 16
_FORMAT: Final = b"1"
_IDENTIFIER: Final = b"hsr identity"
_RECORD: Final = b"hsr record"
_CHECK: Final = b"hsr check"
_NONCE_BYTES: Final = 12
_SCHEMA: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE identifier (
    sealed BLOB PRIMARY KEY, person_key BLOB NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE record (sealed BLOB PRIMARY KEY, person_key BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE merged (
    person_key BLOB PRIMARY KEY, into_key BLOB NOT NULL, merged_on TEXT NOT NULL
) WITHOUT ROWID;
"""


class IdentityStore:
    """An open identity store; a context manager that forgets what was not committed."""

    def __init__(self, path: Path, ring: KeyRing) -> None:
        """Open the store at ``path``, or begin one that appears there on the first `commit`.

        Raises:
            IdentityStoreError: it does not open with this key ring, or is no identity store.
        """
        self.path = path
        self._new: Path | None = None
        if path.exists():
            self._database, about = _open(path)
            version = int(about["key version"])
        else:
            self._database, self._new = _begin(path)
            version = ring.register_key("identity-lookup").version
        try:
            lookup = ring.register_key("identity-lookup", version=version)
            body = ring.register_key("identity-body", version=version)
        except KeyRingError:
            raise _wrong_ring(path) from None
        self._siv = AESSIV(lookup.secret.unsafe_bytes())
        self._gcm = AESGCM(body.secret.unsafe_bytes())
        check = self._siv.encrypt(_CHECK, [_CHECK])
        if self._new is None:
            if about["check"] != check:
                raise _wrong_ring(path)
            return
        marks = {"format": _FORMAT, "key version": str(version).encode(), "check": check}
        self._database.executemany("INSERT INTO about VALUES (?, ?)", marks.items())

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, and forget what was not committed."""
        self.close()

    def close(self) -> None:
        """Forget what was not committed."""
        self._database.close()
        if self._new is not None:
            self._new.unlink(missing_ok=True)
            self._new = None

    def persons(self, identifiers: Mapping[str, str], *, on: dt.date) -> dict[str, bytes]:
        """The person key of each identifier; a new one is drawn for those never seen.

        Args:
            identifiers: canonical text -> from where it comes, for the record. One that means
                somebody inside an enterprise only must name that enterprise in the text.
            on: the day on which they were first seen.
        """
        sealed = self._sealed(identifiers, _IDENTIFIER)
        known = self._look_up("identifier", sealed.values())
        rows = []
        for text, tag in sealed.items():
            if tag not in known:
                words = {
                    "identifier": text, "source": identifiers[text], "first seen": on.isoformat()
                }  # fmt: skip
                known[tag] = secrets.token_bytes(PERSON_KEY_BYTES)
                rows.append((tag, known[tag], self._seal(json.dumps(words).encode(), tag)))
        self._add("INSERT INTO identifier VALUES (?, ?, ?)", rows)
        return self._keys(sealed, known)

    def unidentified(self, records: Iterable[str]) -> dict[str, bytes]:
        """A person key for each record whose person nobody knows; the same when read again.

        Args:
            records: text that names a record: form, enterprise and record number.
        """
        sealed = self._sealed(records, _RECORD)
        known = self._look_up("record", sealed.values())
        new = {tag: secrets.token_bytes(PERSON_KEY_BYTES) for tag in sealed.values()}
        rows = [(tag, key) for tag, key in new.items() if tag not in known]
        self._add("INSERT INTO record VALUES (?, ?)", rows)
        return self._keys(sealed, {**new, **known})

    def merge(self, pairs: Mapping[str, str], *, source: str, on: dt.date) -> None:
        """Let an earlier identifier and a later one mean one person.

        Args:
            pairs: earlier identifier -> later identifier.
            source: who says so.
            on: the day on which it was said.
        """
        keys = self.persons(dict.fromkeys((*pairs, *pairs.values()), source), on=on)
        merged: dict[bytes, bytes] = {}
        for earlier, later in sorted(pairs.items()):
            one, other = _follow(keys[earlier], merged), _follow(keys[later], merged)
            if one != other:
                merged[one] = other
        rows = ((one, other, on.isoformat()) for one, other in merged.items())
        self._database.executemany("INSERT INTO merged VALUES (?, ?, ?)", rows)

    def commit(self) -> None:
        """Write what was learned, whole or not at all; the file is for its owner alone.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        try:
            self._database.commit()
            if self._new is not None:
                self._database.close()
                if self.path.exists():
                    raise IdentityStoreError(
                        f"{self.path} was made by somebody else in the meantime; run this again"
                    )
                self._new.replace(self.path)
                self._new = None
                self._database = _connect(self.path)
        except (sqlite3.Error, OSError) as error:
            raise OutputFailed(
                f"{self.path} could not be written: {_reason(error)}; it is as it was before"
            ) from None

    def count(self) -> int:
        """Number of identifiers and remembered records."""
        tables = ("identifier", "record")
        queries = (f"SELECT count(*) FROM {table}" for table in tables)  # noqa: S608 - our names
        return sum(int(self._database.execute(query).fetchone()[0]) for query in queries)

    def _sealed(self, texts: Iterable[str], domain: bytes) -> dict[str, bytes]:
        """Each text with what finds it, in the order in which the store holds it."""
        sealed = {text: self._siv.encrypt(text.encode(), [domain]) for text in texts}
        return dict(sorted(sealed.items(), key=itemgetter(1)))

    def _add(self, statement: str, rows: Sequence[tuple[bytes, ...]]) -> None:
        try:
            self._database.executemany(statement, rows)
        except sqlite3.Error as error:
            raise OutputFailed(f"{self.path} could not be written: {_reason(error)}") from None

    def _keys(self, sealed: Mapping[str, bytes], known: Mapping[bytes, bytes]) -> dict[str, bytes]:
        merged = self._merged()
        return {text: _follow(known[tag], merged) for text, tag in sealed.items()}

    def _look_up(self, table: str, sealed: Iterable[bytes]) -> dict[bytes, bytes]:
        run = self._database.execute
        run("CREATE TEMP TABLE IF NOT EXISTS wanted (sealed BLOB PRIMARY KEY) WITHOUT ROWID")
        run("DELETE FROM wanted")
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((one,) for one in sealed))
        found = run(f"SELECT sealed, person_key FROM {table} JOIN wanted USING (sealed)")  # noqa: S608
        return dict(found.fetchall())

    def _merged(self) -> dict[bytes, bytes]:
        return dict(self._database.execute("SELECT person_key, into_key FROM merged").fetchall())

    def _seal(self, body: bytes, sealed: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._gcm.encrypt(nonce, body, sealed)


def _begin(path: Path) -> tuple[sqlite3.Connection, Path]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_folder(path, "identity store")
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise OutputFailed(
            f"{path.parent}: no identity store can be made here: {_reason(error)}; name another "
            "folder for it"
        ) from None
    os.close(handle)
    database = _connect(Path(name))
    database.executescript(_SCHEMA)
    return database, Path(name)


def _open(path: Path) -> tuple[sqlite3.Connection, dict[str, bytes]]:
    try:
        database = _connect(path)
        about = dict(database.execute("SELECT name, value FROM about").fetchall())
    except sqlite3.Error:
        raise IdentityStoreError(f"{path} is no identity store, or is damaged") from None
    if about.get("format") != _FORMAT or not {"key version", "check"} <= about.keys():
        raise IdentityStoreError(f"{path} has a format that this version does not know")
    return database, about


def _wrong_ring(path: Path) -> IdentityStoreError:
    return IdentityStoreError(
        f"{path} does not open with this key ring; use the key ring it was made with, or name "
        "another folder for a store of its own"
    )


def _connect(path: Path) -> sqlite3.Connection:
    # Rows are held back in memory until commit: no journal with persons' keys outlives a crash.
    database = sqlite3.connect(path, isolation_level="IMMEDIATE", timeout=30)
    database.execute("PRAGMA secure_delete = ON")
    database.execute("PRAGMA temp_store = MEMORY")
    return database


def _follow(key: bytes, merged: Mapping[bytes, bytes]) -> bytes:
    while key in merged:
        key = merged[key]
    return key


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or getattr(error, "sqlite_errorname", "") or "refused"
