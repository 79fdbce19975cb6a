"""The choices of persons to be left out, each from the day on which it holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Final

from hsr_privacy.identities.rows import Rows, follow

WITHDRAWN: Final = "withdrawn"
REINSTATED: Final = "reinstated"


class Choices:
    """The choices among the rows of a store."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, person: bytes, kind: str, choice: str, *, source: str, on: dt.date) -> None:
        """Write down that a choice was made, or taken back."""
        self._rows.add_event(person, kind, {"source": source, "choice": choice}, on=on)

    def standing(self, *, on: dt.date) -> dict[bytes, frozenset[str]]:
        """The choices that hold on a day, per person key; a united person has those of all keys."""
        merged = self._rows.merged()
        standing: dict[tuple[bytes, str], bool] = {}
        for key, effective, words in self._rows.events(WITHDRAWN, REINSTATED):
            if effective <= on:
                standing[follow(key, merged), words["choice"]] = words["kind"] == WITHDRAWN
        found: dict[bytes, set[str]] = defaultdict(set)
        for (key, choice), stands in standing.items():
            if stands:
                found[key].add(choice)
        return {key: frozenset(chosen) for key, chosen in found.items()}
