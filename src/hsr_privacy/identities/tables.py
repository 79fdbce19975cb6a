"""The tables of an identity store; whatever is said of anybody lies in them sealed."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa


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
