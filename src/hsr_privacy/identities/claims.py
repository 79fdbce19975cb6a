"""The claims of an identity store: who is said to be whom, and what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.errors import DataError
from hsr_privacy.identities.database import AT_ONCE
from hsr_privacy.identities.evidence import Claim
from hsr_privacy.identities.history import Quarantined
from hsr_privacy.identities.rows import Rows, follow, today
from hsr_privacy.identities.tables import CLAIM, IDENTIFIER

ACCEPTED: Final = "accepted"
QUARANTINED: Final = "quarantined"
REJECTED: Final = "rejected"
APART: Final = "apart"


class Claims:
    """The claims among the rows of a store."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def tag(self, claim: Claim) -> bytes:
        """What finds a claim again."""
        return self._rows.sealing.tag(f"{claim.earlier}|{claim.later}", "claim")

    def states(self, tags: Iterable[bytes]) -> dict[bytes, str]:
        """What was decided on those of these claims that are known."""
        wanted, found = list(tags), {}
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            rows = self._rows.select(
                sa.select(CLAIM.c.tag, CLAIM.c.state).where(CLAIM.c.tag.in_(some))
            )
            found.update({bytes(tag): state for tag, state in rows})
        return found

    def accepted(self, texts: Iterable[str]) -> dict[str, set[str]]:
        """Earlier -> later identifiers as accepted before, for these and all that they lead to."""
        found: dict[str, set[str]] = {}
        ahead = set(texts)
        while ahead:
            wanted = list(self._rows.sealing.tags(ahead).values())
            found |= {text: set() for text in ahead}
            for at in range(0, len(wanted), AT_ONCE):
                for _, words in self._decided(CLAIM.c.earlier.in_(wanted[at : at + AT_ONCE])):
                    found[words["earlier"]].add(words["later"])
            ahead = set().union(*(found[text] for text in ahead)) - found.keys()
        return {earlier: later for earlier, later in found.items() if later}

    def add(
        self, claim: Claim, tag: bytes, *, state: str, reason: str, source: str, on: dt.date
    ) -> None:
        """Write down a claim and what was decided on it."""
        words = {
            "earlier": claim.earlier,
            "later": claim.later,
            "reason": reason,
            "source": source,
            "effective": on.isoformat(),
            "recorded": today(),
        }
        row = {
            "tag": tag,
            "earlier": self._rows.sealing.tag(claim.earlier),
            "state": state,
            "body": self._rows.sealing.seal(words, tag),
        }
        self._rows.run(sa.insert(CLAIM), [row])

    def keep_apart(self, moved: Collection[bytes], stay: Collection[bytes]) -> None:
        """Remember that identifiers were taken apart by hand, and hold no claim of the contrary."""
        seal = self._rows.sealing
        pairs = {(one, other): f"{min(one, other).hex()}|{max(one, other).hex()}"
                 for one in moved for other in stay}  # fmt: skip
        tags = {pair: seal.tag(text, "claim") for pair, text in pairs.items()}
        known = self.states(tags.values())
        rows = [
            {
                "tag": tag,
                "earlier": one,
                "state": APART,
                "body": seal.seal({"one": one.hex(), "other": other.hex()}, tag),
            }
            for (one, other), tag in tags.items()
            if tag not in known
        ]
        self._rows.run(sa.insert(CLAIM), rows)
        for number, words in self._decided(CLAIM.c.earlier.in_([*moved, *stay])):
            if (seal.tag(words["earlier"]) in moved) != (seal.tag(words["later"]) in moved):
                self._decide(number, REJECTED)

    def apart(self) -> set[frozenset[bytes]]:
        """Pairs of persons who were taken apart by hand."""
        rows = self._rows.select(sa.select(CLAIM).where(CLAIM.c.state == APART))
        opened = [self._rows.sealing.open(row.body, row.tag) for row in rows]
        pairs = [(bytes.fromhex(words["one"]), bytes.fromhex(words["other"])) for words in opened]
        keys = self._rows.look_up(IDENTIFIER, {tag for pair in pairs for tag in pair})
        merged = self._rows.merged()
        persons = {frozenset(follow(keys[tag], merged) for tag in pair) for pair in pairs}
        return {pair for pair in persons if len(pair) > 1}  # one again, by a decision since

    def waiting(self) -> tuple[Quarantined, ...]:
        """Claims in quarantine, in the order in which they were made."""
        rows = sa.select(CLAIM).where(CLAIM.c.state == QUARANTINED).order_by(CLAIM.c.number)
        return tuple(
            Quarantined(
                row.number,
                words["reason"],
                dt.date.fromisoformat(words["effective"]),
                dt.date.fromisoformat(words["recorded"]),
                words["source"],
            )
            for row in self._rows.select(rows)
            for words in (self._rows.sealing.open(row.body, row.tag),)
        )

    def decide(self, number: int, *, accept: bool) -> Claim:
        """Take a claim out of quarantine.

        Raises:
            DataError: no claim of that number waits.
        """
        waits = (CLAIM.c.number == number, CLAIM.c.state == QUARANTINED)
        row = self._rows.select(sa.select(CLAIM).where(*waits))
        if not row:
            raise DataError(f"no claim {number} waits in quarantine; see hsr persons quarantine")
        words = self._rows.sealing.open(row[0].body, row[0].tag)
        self._decide(number, ACCEPTED if accept else REJECTED)
        return Claim(words["earlier"], words["later"])

    def by_state(self) -> dict[str, int]:
        """How many claims there are of each state."""
        rows = sa.select(CLAIM.c.state, sa.func.count()).group_by(CLAIM.c.state)
        return {state: int(count) for state, count in self._rows.select(rows)}

    def ended(self) -> dict[bytes, str]:
        """From which day another identifier took the place of each that was given up."""
        tag = self._rows.sealing.tag
        return {tag(words["earlier"]): words["effective"] for _, words in self._decided()}

    def _decided(self, *conditions: Any) -> Iterator[tuple[int, dict[str, Any]]]:
        """Number and words of each accepted claim that fulfils some conditions."""
        rows = sa.select(CLAIM).where(CLAIM.c.state == ACCEPTED, *conditions)
        for row in self._rows.select(rows.order_by(CLAIM.c.number)):
            yield row.number, self._rows.sealing.open(row.body, row.tag)

    def _decide(self, number: int, state: str) -> None:
        self._rows.run(sa.update(CLAIM).where(CLAIM.c.number == number).values(state=state))
