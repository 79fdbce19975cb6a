"""About a store: its format, and the keys that it was begun with and keeps."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from hsr_privacy.errors import IdentityStoreError, KeyRingError
from hsr_privacy.identities.database import Database
from hsr_privacy.identities.sealing import Sealing
from hsr_privacy.identities.tables import ABOUT
from hsr_privacy.keys import KeyRing

_FORMAT: Final = b"3"


def open_sealing(database: Database, ring: KeyRing) -> Sealing:
    """The keys at work in a store; one that is new is begun with the ring's active master key.

    Raises:
        IdentityStoreError: it does not open with this key ring, or has another format.
    """
    if database.is_new:
        database.make_tables()
        sealing = Sealing(ring, version=ring.register_key("identity-lookup").version)
        about = {
            "format": _FORMAT,
            "key version": str(sealing.version).encode(),
            "check": sealing.check,
        }
        rows = [{"name": name, "value": value} for name, value in about.items()]
        database.run(sa.insert(ABOUT), rows)
        return sealing
    about = {row.name: bytes(row.value) for row in database.run(sa.select(ABOUT)).all()}
    if about.get("format") != _FORMAT or not {"key version", "check"} <= about.keys():
        raise IdentityStoreError(f"{database.name} has a format that this version does not know")
    try:
        sealing = Sealing(ring, version=int(about["key version"]))
    except KeyRingError:
        raise _wrong_ring(database.name) from None
    if about["check"] != sealing.check:
        raise _wrong_ring(database.name)
    return sealing


def _wrong_ring(name: str) -> IdentityStoreError:
    return IdentityStoreError(
        f"{name} does not open with this key ring; use the key ring it was made with, or name "
        "another place for a store of its own"
    )
