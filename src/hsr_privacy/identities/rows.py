"""The rows of an identity store: read and written sealed, whoever they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.identities.database import Database
from hsr_privacy.identities.history import Happening
from hsr_privacy.identities.sealing import Sealing
from hsr_privacy.identities.tables import EVENT, IDENTIFIER, MERGED


class Rows:
    """An open database and the keys of its rows."""

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database = database
        self.sealing: Final = sealing

    def run(self, statement: Any, rows: Any = None) -> Any:
        """Run a statement, once or for many rows."""
        return self._database.run(statement, rows)

    def select(self, statement: Any) -> list[Any]:
        """All rows that a query finds."""
        rows: list[Any] = self._database.run(statement).all()
        return rows

    def count(self, table: sa.Table, *conditions: Any) -> int:
        """How many rows of a table fulfil some conditions."""
        query = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return int(self.select(query)[0][0])

    def look_up(self, table: sa.Table, tags: Iterable[bytes]) -> dict[bytes, bytes]:
        """The person keys of those tags that are known."""
        return self._database.found(table, list(tags))

    def insert(self, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows, their values in the order of the columns."""
        self._database.insert(table, rows)

    def merged(self, *, until: dt.date | None = None) -> dict[bytes, bytes]:
        """Which person keys were united into which; on a day, where one is given."""
        rows = sa.select(MERGED.c.person_key, MERGED.c.into_key)
        if until is not None:
            rows = rows.where(MERGED.c.effective <= until.isoformat())
        return {bytes(one): bytes(other) for one, other in self.select(rows)}

    def family(self, person: bytes) -> list[bytes]:
        """The person's key and those that were found to be the same person's."""
        merged = self.merged()
        return [person, *(key for key in merged if follow(key, merged) == person)]

    def bodies(self, person: bytes) -> list[tuple[bytes, dict[str, Any]]]:
        """Tag and words of each identifier of a person."""
        rows = sa.select(IDENTIFIER).where(IDENTIFIER.c.person_key.in_(self.family(person)))
        return [(bytes(row.tag), self.sealing.open(row.body, row.tag)) for row in self.select(rows)]

    def keys_ever(self, person: bytes, split: str) -> dict[bytes, dt.date | None]:
        """Every key that stood for a person: None where it does, or the day until which it did.

        A key stood for a person too whose identifiers were split off from it later, until the day
        on which that was recorded.

        Args:
            person: key of.
            split: kind of the events that say so.
        """
        found: dict[bytes, dt.date | None] = {}
        tags = {tag.hex() for tag, _ in self.bodies(person)}
        for _, _, words in self.events(split):
            until = dt.date.fromisoformat(words["recorded"])
            for tag in tags & words["tags"].keys():
                old = bytes.fromhex(words["tags"][tag])
                found |= {old: until, follow(old, self.merged(until=until)): until}
        return found | dict.fromkeys(self.family(person))

    def add_event(self, person: bytes, kind: str, words: Mapping[str, Any], *, on: dt.date) -> None:
        """Write down what happened to a person, and from which day it holds."""
        whole = {**words, "kind": kind, "effective": on.isoformat(), "recorded": today()}
        row = {"person_key": person, "kind": kind, "body": self.sealing.seal(whole, person)}
        self._database.run(sa.insert(EVENT), [row])

    def events(
        self, *kinds: str, newest_first: bool = False
    ) -> list[tuple[bytes, dt.date, dict[str, Any]]]:
        """Events of these kinds in the order of the day from which they hold."""
        rows = self.select(sa.select(EVENT).where(EVENT.c.kind.in_(kinds)).order_by(EVENT.c.number))
        found = []
        for row in rows:
            words = self.sealing.open(row.body, row.person_key)
            found.append((bytes(row.person_key), dt.date.fromisoformat(words["effective"]), words))
        found.sort(key=itemgetter(1))  # stable: of one day, the later recorded counts
        return found[::-1] if newest_first else found

    def happenings(self, person: bytes) -> tuple[Happening, ...]:
        """What happened to a person, in the order in which it was recorded."""
        rows = sa.select(EVENT).where(EVENT.c.person_key.in_(self.family(person)))
        happened = (
            Happening(
                row.kind,
                dt.date.fromisoformat(words["effective"]),
                dt.date.fromisoformat(words["recorded"]),
                words["source"],
                words.get("choice", ""),
            )
            for row in self.select(rows.order_by(EVENT.c.number))
            for words in (self.sealing.open(row.body, row.person_key),)
        )
        return tuple(dict.fromkeys(happened))  # written for several keys, it happened once


def follow(key: bytes, merged: Mapping[bytes, bytes]) -> bytes:
    """The key of the person that a key was united into."""
    while key in merged:
        key = merged[key]
    return key


def today() -> str:
    """The day on which something is recorded, in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()
