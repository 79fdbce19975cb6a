"""The tables of a disclosure register, and how one of an earlier version becomes one of this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.databases import Database, Kind
from hsr_privacy.disclosures.cases import Application, Work
from hsr_privacy.disclosures.disclosure import Disclosure
from hsr_privacy.disclosures.rows import KEY_OF, TABLE_OF, Kept, columns
from hsr_privacy.errors import RegisterError

FORMAT: Final = 3
"""1 had neither applications nor hours, and did not know the deadlines of a disclosure. 2 did not
know on which machine it lies, nor why somebody settled it."""

_TYPES: Final[dict[type, Any]] = {
    str: sa.Text,
    int: sa.BigInteger,
    float: sa.Double,
}

TABLES: Final = sa.MetaData()
ABOUT: Final = sa.Table(
    "disclosure_register",
    TABLES,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
CHANGE: Final = sa.Table(
    "disclosure_change",
    TABLES,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    # Empty as long as the audit log does not have it: then it has not happened.
    sa.Column("time", sa.Text),
    sa.Column("actor", sa.Text),
    sa.Column("line_number", sa.BigInteger),
    sa.Column("line_digest", sa.Text),
)


def _table(kind: type[Kept]) -> sa.Table:
    name = TABLE_OF[kind]
    return sa.Table(
        name,
        TABLES,
        *(
            sa.Column(column, _TYPES[of], primary_key=column == KEY_OF[name], autoincrement=False)
            for column, of in columns(kind).items()
        ),
    )


KEPT: Final[dict[type[Kept], sa.Table]] = {
    kind: _table(kind) for kind in (Disclosure, Application, Work)
}

KIND: Final = Kind(
    name="disclosure register",
    tables=TABLES,
    mark=ABOUT.name,
    lock=0x6873725F6469,  # "hsr_di"
    error=RegisterError,
    until_closed=True,
)


def _from_1_to_2(database: Database) -> None:
    _add(
        database,
        "received TEXT",
        "linked TEXT DEFAULT '[]'",
        "hourly_rate DOUBLE PRECISION DEFAULT 0",
    )
    database.make_tables()  # those that are not there


def _from_2_to_3(database: Database) -> None:
    _add(database, "host TEXT DEFAULT ''", "settled_why TEXT DEFAULT ''")


def _add(database: Database, *columns: str) -> None:
    for column in columns:
        database.run(sa.text(f"ALTER TABLE disclosure ADD COLUMN {column}"))


STEPS: Final[dict[int, Callable[[Database], None]]] = {1: _from_1_to_2, 2: _from_2_to_3}
"""What makes the next version of each earlier one, in one transaction with everything else."""
