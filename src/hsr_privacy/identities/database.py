"""Where identities are kept: an SQLite file of their own, or a PostgreSQL database by its URL.

Whoever opens it is its only writer until it is closed: nobody else can give the same person another
key in between. What was not committed is forgotten, a database that was only begun included.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.errors import IdentityStoreError, KeyRingError, OutputFailed
from hsr_privacy.extras import require
from hsr_privacy.identities.places import is_url, read_url, shown
from hsr_privacy.identities.tables import ABOUT, TABLES
from hsr_privacy.keys.custody import check_folder, exclusively

WAIT_SECONDS: Final = 600
AT_ONCE: Final = 10_000
"""Values in one query; SQLite takes 32,766."""

_ADVISORY_LOCK: Final = 0x6873725F6964  # "hsr_id"
_POSTGRESQL: Final = "postgresql+psycopg"
_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "55P03"})
_WISHES: Final = (
    "SET LOCAL lock_timeout = '{seconds}s'",
    # A release holds the transaction open while it works on the rows; that is no idle client.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


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
        self._open: sa.Connection | None = None
        self.name = shown(place)
        try:
            if is_url(place):
                self._path = None
                self._engine = _server(str(place))
            else:
                self._path = Path(place)
                self._engine = self._open_file(self._path)
            self._begun()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_error: object) -> None:
        """Close, and forget what was not committed."""
        self.close()

    @property
    def is_new(self) -> bool:
        """Whether nothing has been committed to it ever."""
        return not sa.inspect(self._begun()).has_table(ABOUT.name)

    def make_tables(self) -> None:
        """Make the tables, in the same transaction as everything else."""
        with self.told():
            TABLES.create_all(self._begun())

    def run(self, statement: Any, rows: Any = None) -> Any:
        """Run a statement, once or for many rows.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        connection = self._begun()
        with self.told():
            if rows is None:
                return connection.execute(statement)
            return connection.execute(statement, rows) if rows else None

    def insert(self, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows, their values in the order of the columns.

        Written out, as in `found`: for a million rows, SQLAlchemy would cost more than the database.
        """
        if rows:
            marks = self._marks(len(table.columns))
            statement = f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608 - our own names
            connection = self._begun()
            with self.told():
                connection.exec_driver_sql(statement, list(rows))

    def found(self, table: sa.Table, tags: Sequence[bytes]) -> dict[bytes, bytes]:
        """The person keys of those tags that a table has."""
        found: dict[bytes, bytes] = {}
        connection = self._begun()
        for at in range(0, len(tags), AT_ONCE):
            some = tuple(tags[at : at + AT_ONCE])
            query = (
                f"SELECT tag, person_key FROM {table.name} WHERE tag IN ({self._marks(len(some))})"  # noqa: S608
            )
            with self.told():
                answer = connection.exec_driver_sql(query, some)
                if answer.cursor is not None:
                    found.update(answer.cursor.fetchall())
                answer.close()
        return found

    def _marks(self, count: int) -> str:
        return ", ".join(["?" if self._path else "%s"] * count)

    def commit(self) -> None:
        """Write what was done, whole or not at all.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        try:
            with self.told():
                self._begun().commit()
            self._end()
            if self._new is not None and self._path is not None:
                self._new.replace(self._path)
                self._new = None
                self._engine = _file(self._path)
        except OSError as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """Forget what was not committed, and let others write."""
        self._end()
        if hasattr(self, "_engine"):
            self._engine.dispose()
        if self._new is not None:
            self._new.unlink(missing_ok=True)
            self._new = None
        self._stack.close()

    def _end(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

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
            _remove_abandoned(path)
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

    def _begun(self) -> sa.Connection:
        """The connection, its transaction begun, and this its only writer.

        It is begun when it is needed, not after each commit: whoever waited to write next is not
        waited for.
        """
        if self._open is not None:
            return self._open
        try:
            connection = self._engine.connect()
            self._open = connection
            if self._path is None:
                for wish in _WISHES:
                    connection.execute(sa.text(wish.format(seconds=WAIT_SECONDS)))
                lock = sa.text("SELECT pg_advisory_xact_lock(:lock)")
                connection.execute(lock, {"lock": _ADVISORY_LOCK})
            else:
                connection.execute(sa.text("SELECT count(*) FROM sqlite_master"))
        except sa.exc.SQLAlchemyError as error:
            self._end()
            if _reason(error) in _BUSY:
                raise _busy(self.name) from None
            if self._path is not None:
                raise IdentityStoreError(
                    f"{self.name} is no identity store, or is damaged ({_reason(error)})"
                ) from None
            raise IdentityStoreError(
                f"{self.name} cannot be opened ({_reason(error)}): is the server running, and may "
                "you log in to it?"
            ) from None
        return connection


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


def _remove_abandoned(path: Path) -> None:
    """Remove what a process that was killed had begun; who calls this is the only writer."""
    for begun in path.parent.glob(f".{path.name}-*"):
        begun.unlink(missing_ok=True)


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _server(place: str) -> sa.Engine:
    require("psycopg")
    url = read_url(place)
    if url.get_backend_name() != "postgresql":
        raise IdentityStoreError(
            f"identities are kept in a file or in PostgreSQL, not in {url.get_backend_name()}"
        )
    return sa.create_engine(
        url.set(drivername=_POSTGRESQL), poolclass=sa.pool.NullPool, hide_parameters=True
    )


def _busy(name: str) -> IdentityStoreError:
    return IdentityStoreError(
        f"{name}: somebody else has been writing for {WAIT_SECONDS} s; run this again "
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
