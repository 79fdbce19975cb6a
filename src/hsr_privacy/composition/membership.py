"""Membership keys: what the tags and digests of a sketch are made with, and what seals it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hsr_privacy.errors import DataError
from hsr_privacy.keys import KeyRing, Secret
from hsr_privacy.keys.derivation import check_value, derive, encode

PERSON_KEY_BYTES: Final = 16
TAG_BYTES: Final = 16
# The first master key stays in the ring when later ones come; with a newer one, sketches from
# before the change would compare with none from after it.
_VERSION: Final = 1
_SALT: Final = Secret(b"hsr-privacy membership sketches")


@dataclass(frozen=True)
class MembershipKeys:
    """The keys of one domain.

    Attributes:
        domain: its name, with the check value of the key; equal where sketches compare.
        person: for tags of persons.
        cell: for digests of cells.
    """

    domain: str
    person: Secret
    cell: Secret

    @classmethod
    def of_register(cls, ring: KeyRing) -> MembershipKeys:
        """Those by which sketches of all projects of a register compare, and of nobody else."""
        return cls._of("register", _secret(ring))

    @classmethod
    def of_project(cls, case_number: str, pseudonyms: str, ring: KeyRing | None) -> MembershipKeys:
        """Those by which releases of one project compare, by the pseudonyms that they hold.

        Without a key ring they are made of public names: such a sketch hides nothing that the folder
        does not show, and is not to be kept.

        Args:
            case_number: of the project.
            pseudonyms: check value of the key that made them; another key gives other pseudonyms.
            ring: of the register.
        """
        root = Secret(encode("public", case_number)) if ring is None else _secret(ring)
        kind = "project, without a key" if ring is None else "project"
        return cls._of(kind, root, case_number, pseudonyms)

    @classmethod
    def _of(cls, kind: str, root: Secret, *labels: str) -> MembershipKeys:
        shown = check_value(root, "membership", kind, *labels, salt=_SALT)
        person = derive(root, "person", kind, *labels, salt=_SALT)
        return cls(" ".join((kind, *labels, shown)), person, derive(root, "cell", kind, salt=_SALT))

    def tags(self, persons: Iterable[bytes]) -> bytes:
        """The tags of persons, 16 bytes each, behind each other: the left half of HMAC-SHA-256."""
        key = self.person.unsafe_bytes()
        return b"".join([hmac.digest(key, one, "sha256")[:TAG_BYTES] for one in persons])

    def cells(self, column: str, level: str, values: Iterable[str | None]) -> bytes:
        """The digests of a column's distinct cells, 16 bytes each, behind each other."""
        key = self.cell.unsafe_bytes()
        texts = (("missing", "") if value is None else ("value", value) for value in values)
        return b"".join(
            hmac.digest(key, encode(column, level, *text), "sha256")[:TAG_BYTES] for text in texts
        )


def tag_of(person_key: bytes, ring: KeyRing) -> bytes:
    """The tag of one person in the sketches of a register.

    Raises:
        DataError: the person key has not 16 bytes.
    """
    if len(person_key) != PERSON_KEY_BYTES:
        raise DataError("a person key has 16 bytes; give the register's own, not a pseudonym")
    return MembershipKeys.of_register(ring).tags([person_key])


def sealing_key(ring: KeyRing) -> tuple[Secret, str]:
    """The key that seals kept sketches, with its check value."""
    root = _secret(ring)
    shown = check_value(root, "membership", "sealing", salt=_SALT)
    return derive(root, "sealing", salt=_SALT), shown


def _secret(ring: KeyRing) -> Secret:
    return ring.register_key("membership", version=_VERSION).secret
