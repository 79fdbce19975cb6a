"""Accounting: the disclosure register around the act by which something leaves the house.

    (1) the entry is made: the package is being sealed, and where it will appear
    (2) the folder appears, whole
    (3) its membership sketch is laid with those of what was released
    (4) the entry says that it is released

Whoever is killed in between leaves an entry that was only begun. `settle` looks whether the folder is
there: if it is, and is the one that was entered, the rest is done; if it is not, nothing has left, and
the entry says so. It is called before anything else is done with the register.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from hsr_privacy.disclosures import Disclosure, DisclosureRegister, State, place_of
from hsr_privacy.errors import HsrError
from hsr_privacy.folders import sha256_of, sha512_of
from hsr_privacy.keys import KeyRing
from hsr_privacy.packaging import read_receipt
from hsr_privacy.packaging.receipt import SUFFIX
from hsr_privacy.release import sketch_is_released

MANIFEST = "manifest.json"


@contextlib.contextmanager
def open_register(
    ring: KeyRing, store: Path | None = None, register: str | None = None
) -> Iterator[DisclosureRegister]:
    """The disclosure register, with nothing in it that was only begun.

    Args:
        ring: of the register.
        store: folder of the stores; beside the key ring if left out.
        register: path or PostgreSQL URL; in the folder of the stores if left out.

    Raises:
        RegisterError: it does not open, or is of another version.
    """
    with DisclosureRegister(place_of(ring, register, store), ring) as opened:
        settle(opened, ring, store)
        yield opened


def settle(register: DisclosureRegister, ring: KeyRing, store: Path | None = None) -> None:
    """Finish what was interrupted after it had left, and let go what had not."""
    for begun in register.unfinished():
        facts = _found(begun)
        if facts is None:
            register.abandon(begun.id)
        else:
            sketch_is_released(begun.manifest_sha256, ring, store)
            register.finish(begun.id, **facts)


@contextlib.contextmanager
def accounted(
    disclosure: Disclosure, ring: KeyRing, store: Path | None, register: str | None
) -> Iterator[None]:
    """Enter a disclosure, let it happen, and say what became of it.

    Args:
        disclosure: with the place where it will appear.
        ring, store, register: see `open_register`.

    Raises:
        RegisterError: it is in the register already.
    """
    with open_register(ring, store, register) as opened:
        opened.begin(disclosure)
        try:
            yield
        except BaseException:
            _let_go(opened, disclosure)
            raise
        settle(opened, ring, store)


def _let_go(register: DisclosureRegister, disclosure: Disclosure) -> None:
    """Say that it did not happen, if it did not; what cannot be said now is said by `settle`."""
    if _found(disclosure) is None:
        with contextlib.suppress(HsrError):
            register.abandon(disclosure.id)


def was_released(register: DisclosureRegister, release: str) -> State | None:
    """How far a release has come in the register; None where it never left."""
    for one in register.all():
        if one.id == release and one.state not in {State.ABANDONED, State.SEALING}:
            return one.state
    return None


def _found(disclosure: Disclosure) -> dict[str, object] | None:
    """What is known of a disclosure whose folder has appeared; None if it has not."""
    folder = Path(disclosure.place)
    receipt = folder / f"{disclosure.id}{SUFFIX}"
    manifest = folder / MANIFEST
    if receipt.is_file():
        read = read_receipt(receipt)
        if read.statement != disclosure.statement_sha512:
            return None
        return {
            "sealed_sha512": read.sealed,
            "receipt_sha512": sha512_of(receipt),
            "audit_number": read.facts["audit"]["number"],
            "audit_digest": read.facts["audit"]["digest"],
        }
    if manifest.is_file() and sha256_of(manifest) == disclosure.manifest_sha256:
        return {}
    return None
