"""The journal: every change of the register, kept for good, each with its line of the audit log.

A change is written in three steps: as one that waits, to the database; its digest, to the audit log;
and only then into the row it is about. Whoever is killed in between leaves one that waits. The next
who opens the register looks into the audit log: a change that stands there has happened, and is
carried out; another has not, and is forgotten. So nothing is lost and nothing is doubled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from hsr_privacy.databases import Database
from hsr_privacy.disclosures.logged import GROUP
from hsr_privacy.disclosures.rows import KEY_OF, REGISTER, Row
from hsr_privacy.disclosures.tables import CHANGE, STEPS
from hsr_privacy.errors import AuditBroken, ClockWentBack, HsrError
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.audit import Entry
from hsr_privacy.keys.sealing import canonical


@dataclass(frozen=True)
class Change:
    """One change of one row.

    Attributes:
        number: 1 for the first of the register.
        act: what was done, such as ``begin``.
        subject: id, case number or number of the row.
        table: that the row stands in.
        row: as it is from then on.
        digest: SHA-512 of register, number, act and content; the audit log has it too.
        time: RFC 3339, UTC.
        actor: login name of who did it.
        line: number and digest of the line of the audit log.
    """

    number: int
    act: str
    subject: str
    table: str
    row: Mapping[str, Any] = field(repr=False)
    digest: str
    time: str
    actor: str
    line: tuple[int, str]


class Journal:
    """The changes of an open register."""

    def __init__(self, database: Database, ring: KeyRing, register: str) -> None:
        """Take the changes of a register, by the random name that the audit log knows it by."""
        self._database = database
        self._log = AuditLog(ring)
        self._register = register

    @property
    def register(self) -> str:
        """The random name by which the audit log knows the register."""
        return self._register

    def is_empty(self) -> bool:
        """Whether nothing has happened in the register ever."""
        happened = sa.select(sa.func.count()).where(CHANGE.c.line_number.is_not(None))
        return not self._database.run(happened).scalar()

    def write(self, act: str, table: str, row: Row) -> Entry:
        """Make a row be what is given; afterwards it is on the disk, in row, journal and audit log.

        Raises:
            AuditBroken, ClockWentBack: the audit log takes no line; nothing was changed.
            OutputFailed: the disk is full, or the system refuses. Nothing was changed, or what the
                audit log has is carried out when the register is opened next.
        """
        self.settle()
        subject = str(row[KEY_OF[table]])
        content = canonical({"row": row, "table": table})
        last = self._database.run(sa.select(sa.func.max(CHANGE.c.number))).scalar()
        number = 1 + (last or 0)
        digest = self.digest(number, act, content)
        waiting = {
            "number": number,
            "act": act,
            "subject": subject,
            "content": content,
            "digest": digest,
        }
        self._kept(lambda: self._database.run(sa.insert(CHANGE), [waiting]))
        details: dict[str, str | int] = {
            "register": self._register,
            "change": number,
            "subject": subject,
            "digest": digest,
        }
        try:
            entry = self._log.record(GROUP + act, details)
        except (AuditBroken, ClockWentBack):
            self._forget(number)
            raise
        except HsrError:  # it may stand there nevertheless
            with contextlib.suppress(HsrError):
                self.settle()
            raise
        self._carry_out(number, content, entry)
        return entry

    def settle(self) -> None:
        """Carry out what was interrupted after the audit log had it, and forget what it has not.

        Raises:
            AuditBroken: the log cannot say, for it is not as it was written.
        """
        waits = self._database.run(sa.select(CHANGE).where(CHANGE.c.line_number.is_(None)))
        for row in waits.all():
            known = [e for e in self.entries() if _tells(e, row.number, row.digest)]
            if known:
                self._carry_out(row.number, row.content, known[-1])
            else:
                self._forget(row.number)

    def entries(self) -> Iterator[Entry]:
        """The lines of the audit log that are about changes of this register.

        Raises:
            AuditBroken: the log is not as it was written.
        """
        for entry in self._log.entries():
            if entry.act.startswith(GROUP) and entry.details.get("register") == self._register:
                yield entry

    def changes(self, subject: str | None = None) -> tuple[Change, ...]:
        """The changes in the order in which they happened; those of one row, where one is named."""
        query = sa.select(CHANGE).order_by(CHANGE.c.number)
        if subject is not None:
            query = query.where(CHANGE.c.subject == subject)
        return tuple(_change(row) for row in self._database.run(query).all())

    def digest(self, number: int, act: str, content: str) -> str:
        """The digest of a change."""
        whole = canonical([self._register, number, act, content])
        return hashlib.sha512(whole.encode()).hexdigest()

    def _carry_out(self, number: int, content: str, entry: Entry) -> None:
        words = json.loads(content)
        table, row = words["table"], words["row"]
        key = KEY_OF[table]
        place = sa.table(table, *(sa.column(name) for name in row))
        told = {
            "time": entry.time,
            "actor": entry.actor,
            "line_number": entry.number,
            "line_digest": entry.digest,
        }

        def change() -> None:
            if table == REGISTER:
                self._upgrade(int(row["value"]))
            self._database.run(sa.delete(place).where(place.c[key] == row[key]))
            self._database.run(sa.insert(place), [row])
            self._database.run(sa.update(CHANGE).where(CHANGE.c.number == number).values(**told))

        self._kept(change)

    def _kept(self, change: Callable[[], object]) -> None:
        """Change the database and commit; what is refused is forgotten at once."""
        try:
            change()
            self._database.commit()
        except BaseException:
            self._database.forget()
            raise

    def _upgrade(self, wanted: int) -> None:
        place = sa.table(REGISTER, sa.column("name"), sa.column("value"))
        format_of = sa.select(place.c.value).where(place.c.name == "format")
        for version in range(int(self._database.run(format_of).scalar()), wanted):
            STEPS[version](self._database)

    def _forget(self, number: int) -> None:
        self._kept(lambda: self._database.run(sa.delete(CHANGE).where(CHANGE.c.number == number)))


def _tells(entry: Entry, number: int, digest: str) -> bool:
    details = entry.details
    return details.get("change") == number and details.get("digest") == digest


def _change(row: Any) -> Change:
    words = json.loads(row.content)
    return Change(
        number=row.number,
        act=row.act,
        subject=row.subject,
        table=words["table"],
        row=words["row"],
        digest=row.digest,
        time=row.time,
        actor=row.actor,
        line=(row.line_number, row.line_digest),
    )
