"""The choices of persons to be left out, each from the day on which it holds.

A choice belongs to the person key under which it was written down. Of keys that turn out to be one
person, every choice is that person's; of a person who turns out to be two, it is both's, until
somebody takes it back for one of them. So no union and no split lets anybody back in.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Final

from hsr_privacy.errors import DataError
from hsr_privacy.identities.rows import Rows, follow
from hsr_privacy.project import Choice

WITHDRAWN: Final = "withdrawn"
REINSTATED: Final = "reinstated"

_Days = list[tuple[dt.date, bool]]


class Choices:
    """The choices among the rows of a store."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def withdraw(self, person: bytes, choice: str, *, source: str, on: dt.date) -> None:
        """Write down that a choice was made."""
        self._add(person, WITHDRAWN, checked(choice), source=source, on=on)

    def reinstate(self, person: bytes, choice: str, *, source: str, on: dt.date) -> None:
        """Write down that a choice was taken back, under whichever key of the person it was made."""
        name = checked(choice)
        family = self._rows.family(person)
        made = [key for key, chosen in self._days(family) if chosen == name]
        for key in made or [person]:
            self._add(key, REINSTATED, name, source=source, on=on)

    def standing(self, *, on: dt.date) -> dict[bytes, frozenset[str]]:
        """The choices that hold on a day, per person key; a united person has those of all keys."""
        merged = self._rows.merged()
        found: dict[bytes, set[str]] = defaultdict(set)
        for (key, choice), days in self._days().items():
            if _holds(days, on):
                found[follow(key, merged)].add(choice)
        return {key: frozenset(chosen) for key, chosen in found.items()}

    def hand_on(self, family: Collection[bytes], new: bytes, *, source: str) -> None:
        """Give the choices of a person, whole with their days, to the one who is split off."""
        of_family: dict[str, list[_Days]] = defaultdict(list)
        for (_, choice), days in self._days(family).items():
            of_family[choice].append(days)
        for choice, several in of_family.items():
            before = False
            for day in sorted({day for days in several for day, _ in days}):
                holds = any(_holds(days, day) for days in several)
                if holds != before:
                    kind = WITHDRAWN if holds else REINSTATED
                    self._add(new, kind, choice, source=source, on=day)
                before = holds

    def _add(self, person: bytes, kind: str, choice: str, *, source: str, on: dt.date) -> None:
        self._rows.add_event(person, kind, {"source": source, "choice": choice}, on=on)

    def _days(self, keys: Collection[bytes] | None = None) -> dict[tuple[bytes, str], _Days]:
        """Per key and choice, the days on which it began or ceased to hold, in order."""
        found: dict[tuple[bytes, str], _Days] = defaultdict(list)
        for key, effective, words in self._rows.events(WITHDRAWN, REINSTATED):
            if keys is None or key in keys:
                found[key, words["choice"]].append((effective, words["kind"] == WITHDRAWN))
        return found


def checked(choice: str) -> str:
    """The name of a choice that projects honour.

    Raises:
        DataError: it is none, and would be honoured by nobody.
    """
    try:
        return str(Choice(choice))
    except ValueError:
        known = ", ".join(Choice)
        raise DataError(f"there is no such choice; a person may choose {known}") from None


def _holds(days: _Days, on: dt.date) -> bool:
    return next((holds for day, holds in reversed(days) if day <= on), False)
