"""Linkages: for each project that two registries link, the secret that a key ring keeps for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hsr_privacy.keys.sealing import to_bytes, to_text
from hsr_privacy.keys.secret import Secret


@dataclass(frozen=True)
class Linkage:
    """One registry's side of a linkage.

    Attributes:
        project_id: the project, by the case number that both registries know.
        created: when.
        private: of X25519; None when the linkage was destroyed.
        partner: public document of the other registry; empty before it was agreed.
        compared: digest of the partner's profile that was found equal; empty before.
        destroyed: when; empty while it lives.
    """

    project_id: str
    created: str
    private: Secret | None
    partner: str = ""
    compared: str = ""
    destroyed: str = ""

    def as_json(self) -> dict[str, Any]:
        """For sealing only."""
        private = None if self.private is None else to_text(self.private.unsafe_bytes())
        return {**vars(self), "private": private}

    @classmethod
    def of_json(cls, read: dict[str, Any]) -> Linkage:
        """Read what `as_json` wrote."""
        private = None if read["private"] is None else Secret(to_bytes(read["private"]))
        return cls(**{**read, "private": private})
