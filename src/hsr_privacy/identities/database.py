"""Where identities are kept: an SQLite file of their own, or a PostgreSQL database by its URL.

Whoever opens it is its only writer until what was begun is committed: nobody else can give the same
person another key in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy import databases
from hsr_privacy.errors import IdentityStoreError
from hsr_privacy.identities.tables import ABOUT, TABLES

AT_ONCE: Final = 10_000
"""Values in one query; SQLite takes 32,766."""

KIND: Final = databases.Kind(
    name="identity store",
    tables=TABLES,
    mark=ABOUT.name,
    lock=0x6873725F6964,  # "hsr_id"
    error=IdentityStoreError,
)


class Database(databases.Database):
    """An open database of identities, with ways of its own where a million rows are handled."""

    def __init__(self, place: Path | str) -> None:
        """Open it, as every database is.

        Raises:
            IdentityStoreError: it is no identity store, or somebody else keeps writing to it.
            OutputFailed: it cannot be made or reached.
        """
        super().__init__(place, KIND)

    def insert(self, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows, their values in the order of the columns.

        Written out, as in `found`: for a million rows, SQLAlchemy would cost more than the database.
        """
        if rows:
            marks = self.marks(len(table.columns))
            statement = f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608 - our own names
            connection = self.connection()
            with self.told():
                connection.exec_driver_sql(statement, list(rows))

    def found(self, table: sa.Table, tags: Sequence[bytes]) -> dict[bytes, bytes]:
        """The person keys of those tags that a table has."""
        found: dict[bytes, bytes] = {}
        connection = self.connection()
        for at in range(0, len(tags), AT_ONCE):
            some = tuple(tags[at : at + AT_ONCE])
            query = (
                f"SELECT tag, person_key FROM {table.name} WHERE tag IN ({self.marks(len(some))})"  # noqa: S608
            )
            with self.told():
                answer = connection.exec_driver_sql(query, some)
                if answer.cursor is not None:
                    found.update(answer.cursor.fetchall())
                answer.close()
        return found
