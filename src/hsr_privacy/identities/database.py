"""Where identities are kept: an SQLite file of their own, or a PostgreSQL database by its URL.

Whoever opens it is its only writer until it is closed: nobody else can give the same person another
key in between. What was not committed is forgotten, a database that was only begun included.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.errors import IdentityStoreError, KeyRingError, OutputFailed
from hsr_privacy.extras import require
from hsr_privacy.keys.custody import check_folder, exclusively

WAIT_SECONDS: Final = 600
_ADVISORY_LOCK: Final = 0x6873725F6964  # "hsr_id"
_POSTGRESQL: Final = "postgresql+psycopg"


class Bytes(sa.LargeBinary):
    """Bytes that drivers take as they are; SQLAlchemy would wrap each, at half of all the cost."""

    cache_ok = True

    def bind_processor(self, dialect: Any) -> None:
        """Nothing is to be done."""
        del dialect


TABLES: Final = sa.MetaData()
ABOUT: Final = sa.Table(
    "about",
    TABLES,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Bytes, nullable=False),
)
IDENTIFIER: Final = sa.Table(
    "identifier",
    TABLES,
    sa.Column("tag", Bytes, primary_key=True),
    # No index: one would cost more on every delivery than a scan costs in the rare look by person.
    sa.Column("person_key", Bytes, nullable=False),
    sa.Column("body", Bytes, nullable=False),
    sqlite_with_rowid=False,
)
RECORD: Final = sa.Table(
    "record",
    TABLES,
    sa.Column("tag", Bytes, primary_key=True),
    sa.Column("person_key", Bytes, nullable=False),
    sqlite_with_rowid=False,
)
MERGED: Final = sa.Table(
    "merged",
    TABLES,
    sa.Column("person_key", Bytes, primary_key=True),
    sa.Column("into_key", Bytes, nullable=False, index=True),
    sa.Column("effective", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
EVENT: Final = sa.Table(
    "event",
    TABLES,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("person_key", Bytes, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", Bytes, nullable=False),
)
CLAIM: Final = sa.Table(
    "claim",
    TABLES,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("tag", Bytes, nullable=False, unique=True),
    sa.Column("earlier", Bytes, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("body", Bytes, nullable=False),
)
NUMBER: Final = sa.Table(
    "number",
    TABLES,
    sa.Column("tag", Bytes, primary_key=True),
    sa.Column("project", Bytes, nullable=False),
    sa.Column("body", Bytes, nullable=False),
    sqlite_with_rowid=False,
)


def is_url(place: Path | str) -> bool:
    """Whether a place is the URL of a database and not a path."""
    return "://" in str(place)


class Database(contextlib.AbstractContextManager[Any]):
    """An open database with one transaction; a context manager that forgets what was not committed."""

    def __init__(self, place: Path | str) -> None:
        """Open what lies at a place, or begin what appears there on the first `commit`.

        Raises:
            IdentityStoreError: it is no such database, or somebody else keeps writing to it.
            OutputFailed: it cannot be made or reached.
        """
        self._stack = contextlib.ExitStack()
        self._new: Path | None = None
        self.name = _shown(place)
        try:
            if is_url(place):
                self._path = None
                self._engine = _server(str(place))
            else:
                self._path = Path(place)
                self._engine = self._open_file(self._path)
            self._begin()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_error: object) -> None:
        """Close, and forget what was not committed."""
        self.close()

    @property
    def is_new(self) -> bool:
        """Whether nothing has been committed to it ever."""
        return not sa.inspect(self._connection).has_table(ABOUT.name)

    def make_tables(self) -> None:
        """Make the tables, in the same transaction as everything else."""
        with self.told():
            TABLES.create_all(self._connection)

    def run(self, statement: Any, rows: Any = None) -> Any:
        """Run a statement, once or for many rows.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        with self.told():
            if rows is None:
                return self._connection.execute(statement)
            return self._connection.execute(statement, rows) if rows else None

    def commit(self) -> None:
        """Write what was done, whole or not at all.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        try:
            with self.told():
                self._connection.commit()
            if self._new is not None and self._path is not None:
                self._connection.close()
                self._new.replace(self._path)
                self._new = None
                self._engine = _file(self._path)
        except OSError as error:
            raise self._failed(error) from None
        self._begin()

    def close(self) -> None:
        """Forget what was not committed, and let others write."""
        if hasattr(self, "_connection"):
            self._connection.close()
        if hasattr(self, "_engine"):
            self._engine.dispose()
        if self._new is not None:
            self._new.unlink(missing_ok=True)
            self._new = None
        self._stack.close()

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Tell what the database refuses by its name: its own text may quote what was written."""
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> OutputFailed:
        return OutputFailed(
            f"{self.name} could not be written: {_reason(error)}; it is as it was before"
        )

    def _open_file(self, path: Path) -> sa.Engine:
        parents = [folder for folder in path.parents if not folder.exists()]
        self._stack.callback(_remove_empty, parents)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_folder(path, "identity store")
            lock = exclusively(path, wait_seconds=WAIT_SECONDS)
            self._stack.enter_context(lock)
            if path.exists():
                return _file(path)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        except KeyRingError as error:
            if "another process" in str(error):
                raise _busy(self.name) from None
            raise
        except OSError as error:
            raise OutputFailed(
                f"{path.parent}: no identity store can be made here: {_reason(error)}; name "
                "another folder for it"
            ) from None
        os.close(handle)
        self._new = Path(name)
        return _file(self._new)

    def _begin(self) -> None:
        try:
            self._connection = self._engine.connect()
            if self._path is None:
                wait = sa.text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
                self._connection.execute(wait)
                self._connection.execute(
                    sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK}
                )
            else:
                self._connection.execute(sa.text("SELECT count(*) FROM sqlite_master"))
        except sa.exc.OperationalError as error:
            if "lock" in _reason(error).casefold():
                raise _busy(self.name) from None
            raise IdentityStoreError(
                f"{self.name} cannot be opened: {_reason(error)}; is the server running, and may "
                "you log in to it?"
            ) from None
        except sa.exc.SQLAlchemyError:
            raise IdentityStoreError(f"{self.name} is no identity store, or is damaged") from None


def _file(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.pool.NullPool,
        hide_parameters=True,
        connect_args={"timeout": WAIT_SECONDS},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say ourselves when a transaction begins
        # Rows are held back in memory until commit: no journal with persons' keys outlives a crash.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _server(place: str) -> sa.Engine:
    require("psycopg")
    try:
        url = sa.make_url(place)
    except sa.exc.ArgumentError:
        raise IdentityStoreError("this is no URL of a database; write postgresql://...") from None
    if url.get_backend_name() != "postgresql":
        raise IdentityStoreError(
            f"identities are kept in a file or in PostgreSQL, not in {url.get_backend_name()}"
        )
    return sa.create_engine(
        url.set(drivername=_POSTGRESQL), poolclass=sa.pool.NullPool, hide_parameters=True
    )


def _shown(place: Path | str) -> str:
    if not is_url(place):
        return str(place)
    try:
        url = sa.make_url(str(place))
    except sa.exc.ArgumentError:
        return "the database"
    return f"the database {url.database} on {url.host or 'this machine'}"


def _busy(name: str) -> IdentityStoreError:
    return IdentityStoreError(
        f"{name}: somebody else has been writing for {WAIT_SECONDS // 60} minutes; run this again "
        "when they are done"
    )


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return (
        getattr(original, "strerror", None)
        or getattr(original, "sqlite_errorname", None)
        or getattr(original, "sqlstate", None)
        or type(original).__name__
    )
