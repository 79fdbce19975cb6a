"""What comes out of a key ring: keys with their purpose, and what may be shown of the ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hsr_privacy.keys.sealing import Stretching
from hsr_privacy.keys.secret import Secret

Environment = Literal["production", "test"]
Purpose = Literal["pseudonym", "linkage", "date-shift", "order", "audit-tag"]
Subject = Literal["person-key", "event-key", "national-id"]
Algorithm = Literal["hmac-sha256-128", "aes256-cmac"]
RegisterPurpose = Literal["identity-lookup", "identity-body", "event-key", "audit-tag"]


@dataclass(frozen=True)
class ProjectKey:
    """A key for one purpose of one project; it shows its check value, never itself.

    Attributes:
        project_id: the domain: pseudonyms of two projects cannot be joined.
        purpose: what it may be used for.
        subject: what it is applied to.
        algorithm: what it may be used with.
        version: version of the master key that it comes from.
        check_value: ten hex digits; equal wherever the key is equal.
        secret: the 32 bytes.
    """

    project_id: str
    purpose: Purpose
    subject: Subject
    algorithm: Algorithm
    version: int
    check_value: str
    secret: Secret

    def unsafe_bytes(self) -> bytes:
        """The key's bytes, for a closure that must travel to a worker with this key alone."""
        return self.secret.unsafe_bytes()


@dataclass(frozen=True)
class RegisterKey:
    """A key that the register itself uses; whoever encrypts with it notes its version."""

    purpose: RegisterPurpose
    version: int
    check_value: str
    secret: Secret


@dataclass(frozen=True)
class RingInfo:
    """What may be shown of a key ring.

    Attributes:
        master_keys: (version, state, created, check value) of each.
        projects: (project id, created, master key version) of each.
        destroyed: (project id, destroyed) of each.
        permissions_checked: false on Windows, where the folder's access list protects the file.
    """

    path: str
    registry_id: str
    environment: str
    file_id: str
    created: str
    stretching: Stretching
    master_keys: tuple[tuple[int, str, str, str], ...]
    projects: tuple[tuple[str, str, int], ...]
    destroyed: tuple[tuple[str, str], ...]
    permissions_checked: bool
