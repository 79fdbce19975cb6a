"""Identities: which identifiers are one person, since when, and who said so."""

from hsr_privacy.identities.evidence import Claim, Merged
from hsr_privacy.identities.history import Happening, Known, Quarantined, Sighting
from hsr_privacy.identities.store import IdentityStore

__all__ = [
    "Claim",
    "Happening",
    "IdentityStore",
    "Known",
    "Merged",
    "Quarantined",
    "Sighting",
]
