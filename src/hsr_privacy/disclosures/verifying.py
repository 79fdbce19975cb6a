"""Verifying a register: every row by its changes, every change by the audit log, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hsr_privacy.disclosures.journal import Change, Journal
from hsr_privacy.disclosures.logged import GROUP
from hsr_privacy.disclosures.rows import KEY_OF, TABLE_OF, Kept, of_row
from hsr_privacy.errors import RegisterError
from hsr_privacy.keys.audit import Entry
from hsr_privacy.keys.sealing import canonical

_MOST_TOLD = 10


@dataclass(frozen=True)
class Verified:
    """A register that is as it was written.

    Attributes:
        rows: of disclosures, applications and hours.
        changes: that made them, each in the audit log.
    """

    rows: int
    changes: int


def verified(
    journal: Journal, rows: Mapping[type[Kept], Sequence[Mapping[str, Any]]], *, name: str
) -> Verified:
    """Compare a register with itself and with the audit log.

    Args:
        journal: its changes.
        rows: as they stand, per kind.
        name: of the register.

    Raises:
        AuditBroken: the log is not as it was written.
        RegisterError: something is not as it was written.
    """
    try:
        changes = journal.changes()
    except (ValueError, KeyError, TypeError):
        raise _broken(name, ["a change cannot be read any more"]) from None
    problems = [
        *_changes_by_log(journal, changes),
        *(text for kind, held in rows.items() for text in _rows_by_changes(kind, held, changes)),
    ]
    if problems:
        raise _broken(name, problems)
    return Verified(sum(map(len, rows.values())), len(changes))


def _changes_by_log(journal: Journal, changes: Sequence[Change]) -> Iterator[str]:
    entries: dict[int, list[Entry]] = {}
    for entry in journal.entries():
        entries.setdefault(int(entry.details["change"]), []).append(entry)
    for place, change in enumerate(changes, start=1):
        what = f"change {change.number} ({change.subject})"
        if change.number != place:
            yield f"{what} stands where change {place} should"
            return
        content = canonical({"row": change.row, "table": change.table})
        logged = entries.pop(change.number, [])
        if change.digest != journal.digest(change.number, change.act, content):
            yield f"{what} is not as it was written"
        elif str(change.row.get(KEY_OF.get(change.table, ""))) != change.subject:
            yield f"{what} is filed under another subject"
        elif not any(_is_of(change, entry) for entry in logged):
            yield f"{what} is not in the audit log"
        elif len(logged) > 1:
            yield f"{what} is in the audit log {len(logged)} times: was a backup put back?"
    for number in entries:
        yield f"change {number} is in the audit log and not here: was a backup put back?"


def _is_of(change: Change, entry: Entry) -> bool:
    return (
        (entry.number, entry.digest) == change.line
        and entry.act == GROUP + change.act
        and entry.details.get("digest") == change.digest
        and (entry.time, entry.actor) == (change.time, change.actor)
    )


def _rows_by_changes(
    kind: type[Any], held: Sequence[Mapping[str, Any]], changes: Sequence[Change]
) -> Iterator[str]:
    table = TABLE_OF[kind]
    wanted = {one.subject: one.row for one in changes if one.table == table}
    for row in held:
        subject = str(row[KEY_OF[table]])
        if subject not in wanted:
            yield f"{table} {subject} was put there by no change"
        elif not _same(kind, row, wanted.pop(subject)):
            yield f"{table} {subject} is not as it was written"
    for subject in wanted:
        yield f"{table} {subject} is gone"


def _same(kind: type[Any], row: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a row is what a change made it, which an earlier version may have written."""
    try:
        return bool(of_row(kind, row) == of_row(kind, wanted))
    except (ValueError, KeyError, TypeError, json.JSONDecodeError):
        return False


def _broken(name: str, problems: Sequence[str]) -> RegisterError:
    told = "\n".join(f"  {text}" for text in problems[:_MOST_TOLD])
    more = f"\n  and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
    return RegisterError(
        f"{name} is not as it was written; keep it as it is, and compare it with its backup\n{told}{more}"
    )
