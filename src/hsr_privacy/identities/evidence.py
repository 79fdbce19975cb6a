"""Evidence that two identifiers are one person, and when it contradicts itself.

A changed identifier is no contradiction: numbers change with legal sex, with corrected births and
after false identities, so dates of birth that differ prove nothing. Contradictory is what cannot
all be true: one earlier identifier of two different later ones, identifiers that come one after
another in a circle, and a union of what somebody has taken apart. Which of several claims is the
wrong one is not guessed, and the order in which they come has no part in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

TWO_LATER: Final = "an earlier identifier of two different later ones"
CIRCLE: Final = "identifiers, each earlier than the other"
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
    apart: Collection[AbstractSet[bytes]] = (),
) -> dict[Claim, str]:
    """The claims among these that cannot all be true, with the reason.

    Args:
        claims: what is said now.
        before: earlier identifier -> later ones that were accepted before, for every identifier
            that these claims lead to.
        person_of: the person of each identifier, as it was before these claims.
        apart: pairs of persons who were taken apart by hand.
    """
    given = sorted(set(claims))
    later_of: dict[str, set[str]] = defaultdict(set)
    for claim in given:
        later_of[claim.earlier].add(claim.later)
    for earlier, later in before.items():
        later_of[earlier] |= later
    round_about = _in_circles(later_of)
    found = {claim: CIRCLE for claim in given if {claim.earlier, claim.later} <= round_about}
    united = _United(person_of)
    united.unite(c for c in given if c not in found and len(later_of[c.earlier]) == 1)
    found |= {
        claim: TWO_LATER
        for claim in given
        if claim not in found and len({united.person(one) for one in later_of[claim.earlier]}) > 1
    }
    united.unite(claim for claim in given if claim not in found)
    parted = united.joined(apart)
    return found | {
        claim: SPLIT_BEFORE
        for claim in given
        if claim not in found and united.person(claim.earlier) in parted
    }


def _in_circles(later_of: Mapping[str, AbstractSet[str]]) -> set[str]:
    """The identifiers that follow upon themselves, and any that lie between two such circles.

    Who is followed by nobody, or follows upon nobody, is in no circle: these are taken away until
    nobody is left to be taken.
    """
    on = {earlier: set(later) for earlier, later in later_of.items()}
    back: dict[str, set[str]] = defaultdict(set)
    for earlier, later in later_of.items():
        for one in later:
            back[one].add(earlier)
    left = set(later_of).union(*later_of.values())
    ends = [one for one in left if not on.get(one) or not back.get(one)]
    while ends:
        one = ends.pop()
        left.discard(one)
        for there, here in ((on, back), (back, on)):
            for other in there.pop(one, ()):
                here[other].discard(one)
                if not here[other]:
                    ends.append(other)
    return left


class _United:
    """Who is one person if the claims hold that contradict nothing."""

    def __init__(self, person_of: Mapping[str, bytes]) -> None:
        self._person_of = person_of
        self._into: dict[bytes, bytes] = {}

    def person(self, identifier: str) -> bytes:
        return self._root(self._person_of[identifier])

    def unite(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            one, other = self.person(claim.earlier), self.person(claim.later)
            if one != other:
                self._into[one] = other

    def joined(self, apart: Collection[AbstractSet[bytes]]) -> set[bytes]:
        """Those who would be somebody who was taken apart."""
        roots = [{self._root(key) for key in pair} for pair in apart]
        return {key for pair in roots if len(pair) == 1 for key in pair}

    def _root(self, key: bytes) -> bytes:
        while key in self._into:
            key = self._into[key]
        return key
