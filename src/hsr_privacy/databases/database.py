"""A database: an SQLite file of its own, or one in PostgreSQL by its URL.

Whoever opens it is its only writer: in a file until it is closed, on a server until what was begun
is committed, or, where a `Kind` asks for it, until it is closed there too. What was not committed
is forgotten, a database that was only begun included.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.databases.places import is_url, read_url, shown
from hsr_privacy.errors import HsrError, KeyRingError, OutputFailed
from hsr_privacy.extras import require
from hsr_privacy.keys.custody import check_folder, exclusively

WAIT_SECONDS: Final = 600
_POSTGRESQL: Final = "postgresql+psycopg"
_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "55P03"})
_WISHES: Final = (
    "SET LOCAL lock_timeout = '{seconds}s'",
    # A release holds the transaction open while it works on the rows; that is no idle client.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@dataclass(frozen=True)
class Kind:
    """What a database is for.

    Attributes:
        name: as messages say it, such as ``identity store``.
        tables: that it has.
        mark: the name of a table that each of them has from its first `commit` on.
        lock: number of the right to write, among those of its server.
        error: raised where it is none of them, or cannot be opened.
        until_closed: whether one writer's several commits let nobody else write in between.
    """

    name: str
    tables: sa.MetaData
    mark: str
    lock: int
    error: type[HsrError]
    until_closed: bool = False


class Database(contextlib.AbstractContextManager[Any]):
    """An open database with one transaction; a context manager that forgets what was not committed."""

    def __init__(self, place: Path | str, kind: Kind) -> None:
        """Open what lies at a place, or begin what appears there on the first `commit`.

        Raises:
            HsrError: it is no such database, or somebody else keeps writing to it; of the kind's
                own type.
            OutputFailed: it cannot be made or reached.
        """
        self._kind = kind
        self._stack = contextlib.ExitStack()
        self._new: Path | None = None
        self._open: sa.Connection | None = None
        self._right: sa.Connection | None = None
        self.name = shown(place, kind.error)
        try:
            if is_url(place):
                self._path = None
                self._engine = self._server(str(place))
                if kind.until_closed:
                    self._guard()
            else:
                self._path = Path(place)
                self._engine = self._open_file(self._path)
            self.connection()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_error: object) -> None:
        """Close, and forget what was not committed."""
        self.close()

    @property
    def is_new(self) -> bool:
        """Whether nothing has been committed to it ever."""
        return not sa.inspect(self.connection()).has_table(self._kind.mark)

    def make_tables(self) -> None:
        """Make the tables, in the same transaction as everything else."""
        with self.told():
            self._kind.tables.create_all(self.connection())

    def run(self, statement: Any, rows: Any = None) -> Any:
        """Run a statement, once or for many rows.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        connection = self.connection()
        with self.told():
            if rows is None:
                return connection.execute(statement)
            return connection.execute(statement, rows) if rows else None

    def marks(self, count: int) -> str:
        """So many places for values in a statement that is given to the driver as it is."""
        return ", ".join(["?" if self._path else "%s"] * count)

    def commit(self) -> None:
        """Write what was done, whole or not at all.

        Raises:
            HsrError: the right to write was lost in between; of the kind's own type.
            OutputFailed: the disk is full, or the system refuses.
        """
        self._check_right()
        try:
            with self.told():
                self.connection().commit()
            self._end()
            if self._new is not None and self._path is not None:
                self._new.replace(self._path)
                self._new = None
                self._engine = _file(self._path)
        except OSError as error:
            raise self._failed(error) from None

    def forget(self) -> None:
        """Forget what was not committed, and go on."""
        self._end()

    def close(self) -> None:
        """Forget what was not committed, and let others write; whatever the server says to it."""
        self._end()
        self._right = None
        if hasattr(self, "_engine"):
            self._engine.dispose()
        if self._new is not None:
            self._new.unlink(missing_ok=True)
            self._new = None
        self._stack.close()

    def _end(self) -> None:
        if self._open is not None:
            _let_go(self._open)
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
            check_folder(path, self._kind.name)
            lock = exclusively(path, wait_seconds=WAIT_SECONDS)
            self._stack.enter_context(lock)
            _remove_abandoned(path)
            if path.exists():
                return _file(path)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        except KeyRingError as error:
            if "another process" in str(error):
                raise self._busy() from None
            raise
        except OSError as error:
            raise OutputFailed(
                f"{path.parent}: no {self._kind.name} can be made here: {_reason(error)}; name "
                "another folder for it"
            ) from None
        os.close(handle)
        self._new = Path(name)
        return _file(self._new)

    def connection(self) -> sa.Connection:
        """The connection, its transaction begun, and this its only writer.

        It is begun when it is needed, not after each commit: whoever waited to write next is not
        waited for.
        """
        if self._open is not None:
            return self._open
        self._check_right()
        try:
            connection = self._engine.connect()
            self._open = connection
            if self._path is None:
                self._claim(connection, lock=not self._kind.until_closed)
            else:
                connection.execute(sa.text("SELECT count(*) FROM sqlite_master"))
        except sa.exc.SQLAlchemyError as error:
            self._end()
            raise self._unopened(error) from None
        return connection

    def _guard(self) -> None:
        """Take the right to write in a transaction of its own, which lasts until all is closed."""
        try:
            connection = self._engine.connect()
            self._stack.callback(_let_go, connection)
            self._claim(connection, lock=True)
        except sa.exc.SQLAlchemyError as error:
            raise self._unopened(error) from None
        self._right = connection

    def _check_right(self) -> None:
        """Make sure that nobody else may write: a connection that died has given the right back."""
        if self._right is None:
            return
        try:
            self._right.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            self._end()
            raise self._kind.error(
                f"{self.name}: the right to write is lost, for the connection that held it has ended; "
                "what was being written is not, and others may have written since: run this again"
            ) from None

    def _claim(self, connection: sa.Connection, *, lock: bool) -> None:
        for wish in _WISHES:
            connection.execute(sa.text(wish.format(seconds=WAIT_SECONDS)))
        if lock:
            statement = sa.text("SELECT pg_advisory_xact_lock(:lock)")
            connection.execute(statement, {"lock": self._kind.lock})

    def _unopened(self, error: sa.exc.SQLAlchemyError) -> HsrError:
        if _reason(error) in _BUSY:
            return self._busy()
        if self._path is not None:
            return self._kind.error(
                f"{self.name} is no {self._kind.name}, or is damaged ({_reason(error)})"
            )
        return self._kind.error(
            f"{self.name} cannot be opened ({_reason(error)}): is the server running, and may "
            "you log in to it?"
        )

    def _busy(self) -> HsrError:
        return self._kind.error(
            f"{self.name}: somebody else has been writing for {WAIT_SECONDS} s; run this again "
            "when they are done"
        )

    def _server(self, place: str) -> sa.Engine:
        require("psycopg")
        url = read_url(place, self._kind.error)
        if url.get_backend_name() != "postgresql":
            raise self._kind.error(
                f"the {self._kind.name} is kept in a file or in PostgreSQL, not in "
                f"{url.get_backend_name()}"
            )
        return sa.create_engine(
            url.set(drivername=_POSTGRESQL), poolclass=sa.pool.NullPool, hide_parameters=True
        )


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


def _let_go(connection: sa.Connection) -> None:
    """Close a connection; where the server has ended it there is nothing left to be told."""
    try:
        connection.close()
    except sa.exc.SQLAlchemyError:
        with contextlib.suppress(sa.exc.SQLAlchemyError):
            connection.invalidate()
            connection.close()


def _remove_abandoned(path: Path) -> None:
    """Remove what a process that was killed had begun; who calls this is the only writer."""
    for begun in path.parent.glob(f".{path.name}-*"):
        begun.unlink(missing_ok=True)


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return (
        getattr(original, "strerror", None)
        or getattr(original, "sqlite_errorname", None)
        or getattr(original, "sqlstate", None)
        or type(original).__name__
    )
