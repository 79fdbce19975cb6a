"""A glance: the register of some deliveries, to be counted and not kept.

It is linked as the kept register is, with one difference: who is who is remembered while it is made
and no longer. Nothing is written, and no key ring is needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from hsr_privacy.codebook import Codebook
from hsr_privacy.identifiers import Profile
from hsr_privacy.identities import Claim, Merged, Sighting
from hsr_privacy.identities.evidence import contradictions
from hsr_privacy.keys import Secret
from hsr_privacy.registry.deliveries import Deliveries, read_deliveries
from hsr_privacy.registry.layouts import DeliverySettings
from hsr_privacy.registry.register import Register, registered

_KEY_BYTES: Final = 16
_PROFILE: Final = Profile.TEST_SKATT
"""Real numbers and those of the tax authority's synthetic series: the two never look alike."""

_NO_KEY: Final = Secret(bytes(32))
"""Event keys are made for the order of rows only, and thrown away by whoever only counts."""


def glance(
    source: Path, *, codebook: Codebook, settings: DeliverySettings, today: dt.date
) -> Register:
    """Read a folder of deliveries and link it, without a key ring and without a store.

    Args:
        source: folder of deliveries, in any layout.
        codebook: the register's variables.
        settings: layouts of files, and limits of linkage.
        today: any day; nothing of it is kept.

    Returns:
        The register. Its person keys tell persons apart and mean nothing beyond it.

    Raises:
        DeliveryError: every fault of the files.
    """
    delivered = read_deliveries(source, codebook=codebook, settings=settings)
    return glance_at(delivered, codebook=codebook, settings=settings, today=today)


def glance_at(
    delivered: Deliveries, *, codebook: Codebook, settings: DeliverySettings, today: dt.date
) -> Register:
    """The same for deliveries that have been read; their tables leave them one by one."""
    return registered(
        delivered,
        persons=_Remembered(),
        profile=_PROFILE,
        key=_NO_KEY,
        codebook=codebook,
        settings=settings,
        today=today,
    )


class _Remembered:
    """Who is who, as long as this object lives; keys are running numbers, the same each time."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}
        self._into: dict[bytes, bytes] = {}
        self._given = 0

    def persons(self, identifiers: Mapping[str, Sighting], *, on: dt.date) -> dict[str, bytes]:
        """The person key of each identifier."""
        del on
        return {text: self._person(text) for text in sorted(identifiers)}

    def merge(self, claims: Iterable[Claim], *, source: str, on: dt.date) -> Merged:
        """Let identifiers be one person, but for claims that contradict each other."""
        del source, on
        wanted = sorted({claim for claim in claims if claim.earlier != claim.later})
        texts = {text for claim in wanted for text in (claim.earlier, claim.later)}
        keys = {text: self._person(text) for text in sorted(texts)}
        doubted = contradictions(wanted, before={}, person_of=keys)
        for claim in wanted:
            earlier, later = self._person(claim.earlier), self._person(claim.later)
            if claim not in doubted and earlier != later:
                self._into[earlier] = later
        return Merged(merged=len(wanted) - len(doubted), quarantined=len(doubted))

    def unidentified(self, records: Iterable[str]) -> dict[str, bytes]:
        """A person for each record of its own."""
        return {text: self._new() for text in sorted(records)}

    def choices(self, *, on: dt.date) -> dict[bytes, frozenset[str]]:
        """None: who tells the register of a choice tells its identity store."""
        del on
        return {}

    def _person(self, text: str) -> bytes:
        if text not in self._keys:
            self._keys[text] = self._new()
        key = self._keys[text]
        while key in self._into:
            key = self._into[key]
        return key

    def _new(self) -> bytes:
        self._given += 1
        return self._given.to_bytes(_KEY_BYTES, "big")
