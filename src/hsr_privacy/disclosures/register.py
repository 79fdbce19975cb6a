"""The disclosure register: what went to whom, on what legal basis, until when.

A file beside the key ring, or a PostgreSQL database; one writer at a time. Every change is on the
disk when its method returns, and stands in the audit log of the key ring (see `journal`).

Source: helseregisterloven § 19 h; forskrift om Hjerte- og karregisteret § 4-5.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from hsr_privacy.databases import Database
from hsr_privacy.disclosures.cases import Application, Work
from hsr_privacy.disclosures.disclosure import HELD, LEFT, Disclosure, State
from hsr_privacy.disclosures.due import Due, due_of
from hsr_privacy.disclosures.journal import Change
from hsr_privacy.disclosures.logged import FINISH, SETTLE
from hsr_privacy.disclosures.opening import open_journal
from hsr_privacy.disclosures.rows import KEY_OF, TABLE_OF, Kept, of_row, to_row
from hsr_privacy.disclosures.tables import KEPT, KIND
from hsr_privacy.disclosures.verifying import Verified, verified
from hsr_privacy.disclosures.words import check_words
from hsr_privacy.errors import DataError, RegisterError
from hsr_privacy.keys import KeyRing

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_MOST_HOURS: Final = 10_000
_Kind = TypeVar("_Kind", Disclosure, Application, Work)


class DisclosureRegister(AbstractContextManager[Any]):
    """An open disclosure register."""

    def __init__(self, place: Path | str, ring: KeyRing, *, new: bool = False) -> None:
        """Open the register at a path or URL, or one that appears there with its first entry.

        Args:
            place: of it.
            ring: whose register it is.
            new: whether one is to be begun though the audit log knows of another; it appears at
                once, and the log says so.

        Raises:
            RegisterError: it is none, another key ring's, or of another version, or somebody else
                keeps writing to it. Or there is none and the audit log knows of another, or there
                is one and a new one was to be begun.
            AuditBroken: a change was interrupted, or there is no register, and the audit log
                cannot say what there was.
        """
        self._ring = ring
        self._database = Database(place, KIND)
        self.name: Final = self._database.name
        try:
            self._journal = open_journal(self._database, ring, new=new)
        except BaseException:
            self._database.close()
            raise

    def __exit__(self, *_error: object) -> None:
        """Close, and let others write."""
        self.close()

    def close(self) -> None:
        """Let others write."""
        self._database.close()

    def begin(self, disclosure: Disclosure) -> None:
        """Enter a disclosure that is about to be sealed; one that was abandoned may begin anew.

        Raises:
            RegisterError: the id is taken or none, or it is of the other environment.
            OutputFailed: it could not be written; nothing was.
        """
        if not _ID.fullmatch(disclosure.id):
            raise RegisterError("the id of a release has small letters, digits and '-' only")
        if disclosure.environment != self._ring.environment:
            raise RegisterError(
                f"the release is of '{disclosure.environment}' and the key ring of "
                f"'{self._ring.environment}'; synthetic and real persons never meet"
            )
        found = self._rows(Disclosure, disclosure.id)
        if found and found[0].state is not State.ABANDONED:
            raise RegisterError(f"{disclosure.id} is in {self.name} already")
        self._write("begin", replace(disclosure, state=State.SEALING))

    def finish(self, release: str, **facts: Any) -> Disclosure:
        """Say that a package was sealed and is released.

        Args:
            release: its id.
            facts: fields that were not known before: `sealed_sha512`, `receipt_sha512`,
                `statement_sha512`, `place`, `files`, `audit_number`, `audit_digest`.

        Raises:
            RegisterError: there is none of that id, or it is not being sealed.
        """
        found = self._in(release, {State.SEALING}, "finished")
        return self._write(FINISH, replace(found, state=State.RELEASED, **facts))

    def abandon(self, release: str) -> Disclosure:
        """Say that a package that was to be sealed has not left the house.

        Raises:
            RegisterError: there is none of that id, or it is not being sealed.
        """
        found = self._in(release, {State.SEALING}, "abandoned")
        return self._write("abandon", replace(found, state=State.ABANDONED))

    def settle(self, release: str, state: State, reason: str) -> Disclosure:
        """Say what has become of a release that was only begun, where a person has found it out.

        Args:
            release: its id.
            state: `State.RELEASED` or `State.ABANDONED`.
            reason: how they know; it is kept.

        Raises:
            RegisterError: there is none of that id, or it is not being sealed.
            DataError: it is another state, or the reason is none or unfit.
            LeaksFound: the reason has eleven digits in a row.
        """
        if state not in SETTLE:
            raise DataError("what was only begun is settled as released or abandoned")
        found = self._in(release, {State.SEALING}, "settled")
        check_words(reason=reason)
        return self._write(SETTLE[state], replace(found, state=state, settled_why=reason))

    def withdraw(self, release: str, reason: str, on: dt.date) -> Disclosure:
        """Say that a release is taken back: its recipient must delete it.

        Raises:
            RegisterError: there is none of that id, or it is not with its recipient.
            DataError: the reason is none or unfit, or it was released later.
            LeaksFound: the reason has eleven digits in a row.
        """
        found = self._in(release, {State.RELEASED}, "withdrawn")
        check_words(reason=reason)
        _not_before(found, on)
        changed = replace(found, state=State.WITHDRAWN, withdrawn=on, withdrawn_why=reason)
        return self._write("withdraw", changed)

    def confirm_deletion(self, release: str, on: dt.date, by: str, reference: str) -> Disclosure:
        """Say that the recipient has confirmed that the data are deleted.

        Args:
            release: its id.
            on: the day on which they were.
            by: who says so.
            reference: where that is written, such as the number of a letter.

        Raises:
            RegisterError: there is none of that id, or it is not with its recipient.
            DataError: something is not said or unfit, or it was released later.
            LeaksFound: something has eleven digits in a row.
        """
        found = self._in(release, HELD, "confirmed as deleted")
        check_words(by=by, reference=reference)
        _not_before(found, on)
        changed = replace(
            found, state=State.DELETED, deleted=on, deleted_by=by, deleted_reference=reference
        )
        return self._write("confirm-deletion", changed)

    def receive(self, application: Application) -> Application:
        """Enter an application that is complete, or what has changed in it."""
        return self._write("receive", application)

    def answer(self, case_number: str, on: dt.date, outcome: str) -> Application:
        """Say that an application was answered without a release.

        Raises:
            RegisterError: there is no such application.
            DataError: the outcome is none or unfit, or it was received later.
            LeaksFound: the outcome has eleven digits in a row.
        """
        found = self._rows(Application, case_number)
        if not found:
            raise RegisterError(f"{self.name} has no application of that case number")
        check_words(outcome=outcome)
        if on < found[0].received:
            raise DataError(f"the application was received later, on {found[0].received}")
        return self._write("answer", replace(found[0], answered=on, outcome=outcome))

    def add_hours(self, on_what: str, hours: float, what: str, on: dt.date) -> Work:
        """Enter hours that were worked.

        Args:
            on_what: id of a release, or a case number.
            hours: more than none, with two decimals at most.
            what: was done; it will stand on the invoice.
            on: the day.

        Raises:
            RegisterError: neither a release nor a case of that name is known.
            DataError: the hours are none, or it is not said what was done, or unfit.
            LeaksFound: what was done has eleven digits in a row.
        """
        check_words(what=what)
        if not 0 < hours <= _MOST_HOURS or round(hours, 2) != hours:
            raise DataError("hours are more than 0, with two decimals at most, such as 1.25")
        release = next(iter(self._rows(Disclosure, on_what)), None)
        cases = {one.case_number for one in self.all()}
        cases |= {one.case_number for one in self.applications()}
        if release is None and on_what not in cases:
            raise RegisterError(
                f"{self.name} has neither a release nor a case of that name; enter the application "
                "first, by hsr register receive"
            )
        number = 1 + max((one.number for one in self.work()), default=0)
        return self._write(
            "hours",
            Work(
                number=number,
                case_number=on_what if release is None else release.case_number,
                release="" if release is None else release.id,
                day=on,
                hours=float(hours),
                what=what,
            ),
        )

    def get(self, release: str) -> Disclosure:
        """The disclosure of an id.

        Raises:
            RegisterError: there is none.
        """
        found = self._rows(Disclosure, release)
        if not found:
            raise RegisterError(f"{self.name} has no release of that id; see hsr register list")
        return found[0]

    def all(self) -> tuple[Disclosure, ...]:
        """Every disclosure, the oldest first; those that were abandoned too."""
        found = self._rows(Disclosure)
        return tuple(sorted(found, key=lambda one: (one.released, one.id)))

    def applications(self) -> tuple[Application, ...]:
        """Every application, the oldest first."""
        found = self._rows(Application)
        return tuple(sorted(found, key=lambda one: (one.received, one.case_number)))

    def work(self, case_number: str | None = None) -> tuple[Work, ...]:
        """Hours that were worked, in the order of their entry; those of a case, if one is named."""
        found = sorted(self._rows(Work), key=lambda one: one.number)
        return tuple(one for one in found if case_number in {None, one.case_number})

    def unfinished(self) -> tuple[Disclosure, ...]:
        """Disclosures that were begun, and neither finished nor abandoned."""
        return tuple(one for one in self.all() if one.state is State.SEALING)

    def due(self, today: dt.date, within_days: int = 30) -> tuple[Due, ...]:
        """What must be done soon, or should have been: first what was only begun and is overdue."""
        return due_of(self.all(), self.applications(), today=today, within_days=within_days)

    def expired(self, today: dt.date) -> tuple[Disclosure, ...]:
        """Entries that need no longer be kept."""
        return tuple(one for one in self.all() if one.state in LEFT and one.retain_until < today)

    def history(self, subject: str) -> tuple[Change, ...]:
        """Every change of a disclosure (by its id), an application or an entry of hours."""
        return self._journal.changes(subject)

    def verify(self) -> Verified:
        """Compare every row with its changes, and every change with the audit log.

        Raises:
            AuditBroken: the log is not as it was written.
            RegisterError: a row, or a change, is not as it was written; says which.
        """
        rows = {kind: self._plain(kind) for kind in KEPT}
        return verified(self._journal, rows, name=self.name)

    def _write(self, act: str, kept: _Kind) -> _Kind:
        self._journal.write(act, TABLE_OF[type(kept)], to_row(kept))
        return kept

    def _rows(self, kind: type[_Kind], key: str | None = None) -> list[_Kind]:
        """Every row of a kind, or that of a key."""
        try:
            return [of_row(kind, row) for row in self._plain(kind, key)]
        except (ValueError, TypeError, KeyError):
            raise RegisterError(
                f"a row of {self.name} is not as it was written; see hsr register verify"
            ) from None

    def _plain(self, kind: type[Kept], key: str | None = None) -> list[dict[str, Any]]:
        table = KEPT[kind]
        query = sa.select(table)
        if key is not None:
            query = query.where(table.c[KEY_OF[table.name]] == key)
        rows = self._database.run(query).mappings().all()
        return [dict(row) for row in rows]

    def _in(self, release: str, states: Collection[State], what: str) -> Disclosure:
        found = self.get(release)
        if found.state not in states:
            raise RegisterError(f"{release} is '{found.state}', and cannot be {what}")
        return found


def _not_before(disclosure: Disclosure, on: dt.date) -> None:
    if on < disclosure.released:
        raise DataError(f"{disclosure.id} was released later, on {disclosure.released}")
