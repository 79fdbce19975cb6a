"""Evidence that two identifiers are one person, and when it contradicts itself.

A changed identifier is no contradiction: numbers change with legal sex, with corrected births and
after false identities, so dates of birth that differ prove nothing. Contradictory is what cannot
all be true: one earlier identifier of two different later ones, two identifiers each earlier than
the other, and a union of what somebody has taken apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

TWO_LATER: Final = "an earlier identifier of two different later ones"
CIRCLE: Final = "two identifiers, each earlier than the other"
SPLIT_BEFORE: Final = "a union of identifiers that were split by hand"


@dataclass(frozen=True, order=True)
class Claim:
    """Somebody says that two identifiers are one person; neither is shown by any repr."""

    earlier: str = field(repr=False)
    later: str = field(repr=False)


@dataclass(frozen=True)
class Merged:
    """What became of claims, in counts."""

    merged: int = 0
    known: int = 0
    quarantined: int = 0


def contradictions(
    claims: Iterable[Claim],
    *,
    before: Mapping[str, AbstractSet[str]],
    person_of: Mapping[str, bytes],
) -> dict[Claim, str]:
    """The claims among these that cannot all be true, with the reason.

    Args:
        claims: what is said now.
        before: per earlier identifier, the later ones that were accepted before.
        person_of: the person of each identifier, as it was before these claims.
    """
    given = sorted(set(claims))
    later_of: dict[str, set[str]] = defaultdict(set)
    for claim in given:
        later_of[claim.earlier] |= {claim.later} | before.get(claim.earlier, set())
    found = {claim: CIRCLE for claim in given if claim.earlier in later_of.get(claim.later, set())}
    sure = [c for c in given if c not in found and len(later_of[c.earlier]) == 1]
    united = _United(person_of)
    for claim in sure:
        united.unite(claim)
    for claim in given:
        if claim in found or claim in sure:
            continue
        persons = {united.person(later) for later in later_of[claim.earlier]}
        if len(persons) > 1:
            found[claim] = TWO_LATER
    return found


class _United:
    """Who is one person if the claims hold that contradict nothing."""

    def __init__(self, person_of: Mapping[str, bytes]) -> None:
        self._person_of = person_of
        self._into: dict[bytes, bytes] = {}

    def person(self, identifier: str) -> bytes:
        key = self._person_of[identifier]
        while key in self._into:
            key = self._into[key]
        return key

    def unite(self, claim: Claim) -> None:
        one, other = self.person(claim.earlier), self.person(claim.later)
        if one != other:
            self._into[one] = other
