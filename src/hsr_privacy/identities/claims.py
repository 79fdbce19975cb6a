"""The claims of an identity store: who is said to be whom, and what was decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from hsr_privacy.errors import DataError
from hsr_privacy.identities.database import CLAIM
from hsr_privacy.identities.evidence import Claim
from hsr_privacy.identities.history import Quarantined
from hsr_privacy.identities.rows import AT_ONCE, Rows, today

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

    def accepted(self, claims: Sequence[Claim]) -> dict[str, set[str]]:
        """The later identifiers that were accepted before, per earlier identifier of these claims."""
        tags = self._rows.sealing.tags({claim.earlier for claim in claims})
        found: dict[str, set[str]] = defaultdict(set)
        wanted = list(tags.values())
        for at in range(0, len(wanted), AT_ONCE):
            rows = sa.select(CLAIM).where(
                CLAIM.c.state == ACCEPTED, CLAIM.c.earlier.in_(wanted[at : at + AT_ONCE])
            )
            for row in self._rows.select(rows):
                words = self._rows.sealing.open(row.body, row.tag)
                found[words["earlier"]].add(words["later"])
        return found

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

    def keep_apart(self, one: bytes, other: bytes) -> None:
        """Remember that two identifiers were taken apart by hand."""
        tag = self._rows.sealing.tag("|".join(sorted((one.hex(), other.hex()))), "claim")
        if not self.states([tag]):
            row = {"tag": tag, "earlier": one, "state": APART, "body": b""}
            self._rows.run(sa.insert(CLAIM), [row])

    def is_apart(self, keys: Mapping[str, bytes], claim: Claim) -> bool:
        """Whether uniting two persons would undo a split."""
        if not self._rows.count(CLAIM, CLAIM.c.state == APART):
            return False
        one, other = (
            [tag for tag, _ in self._rows.bodies(keys[text])]
            for text in (claim.earlier, claim.later)
        )
        pairs = ("|".join(sorted((a.hex(), b.hex()))) for a in one for b in other)
        return bool(self.states([self._rows.sealing.tag(pair, "claim") for pair in pairs]))

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
        state = ACCEPTED if accept else REJECTED
        self._rows.run(sa.update(CLAIM).where(CLAIM.c.number == number).values(state=state))
        return Claim(words["earlier"], words["later"])

    def by_state(self) -> dict[str, int]:
        """How many claims there are of each state."""
        rows = sa.select(CLAIM.c.state, sa.func.count()).group_by(CLAIM.c.state)
        return {state: int(count) for state, count in self._rows.select(rows)}

    def ended(self, tags: Sequence[bytes]) -> dict[bytes, str]:
        """From which day another identifier took the place of each of these."""
        rows = sa.select(CLAIM).where(CLAIM.c.state == ACCEPTED, CLAIM.c.earlier.in_(tags))
        return {
            bytes(row.earlier): self._rows.sealing.open(row.body, row.tag)["effective"]
            for row in self._rows.select(rows)
        }
