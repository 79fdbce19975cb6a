"""Accounting: the disclosure register around the act by which something leaves the house.

    (1) everything is ready in a private folder
    (2) the entry is made: what is sealed, and where it will appear
    (3) the private folder gets its name
    (4) its membership sketch is laid with those of what was released
    (5) the entry says that it is released

The register is held from before (1) to the end, so no two releases are judged side by side. Whoever is
killed after (2) leaves an entry that was only begun. `settle` looks for the folder: if it is there, and is
the one that was entered, the rest is done; if it still has its private name, nothing has left. If neither
is there, or this is another machine, nobody can tell: the entry stays as it is, `hsr register due` names it
first, and a person decides.
"""

from __future__ import annotations

import contextlib
import glob
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hsr_privacy.disclosures import Disclosure, DisclosureRegister, State, place_of
from hsr_privacy.errors import DataError, HsrError, RegisterError
from hsr_privacy.folders import sha256_of, sha512_of
from hsr_privacy.handover.stated import MANIFEST
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.packaging import read_receipt
from hsr_privacy.packaging.receipt import SUFFIX
from hsr_privacy.release import sketch_is_released

Facts = dict[str, Any]


@contextlib.contextmanager
def open_register(
    ring: KeyRing, store: Path | None = None, register: str | None = None
) -> Iterator[DisclosureRegister]:
    """The disclosure register, with what was interrupted finished or let go.

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
    """Finish what was interrupted after it had left, and let go what had not; see above."""
    for begun in register.unfinished():
        if begun.host != platform.node():
            continue
        if (facts := _at(Path(begun.place), begun, ring)) is not None:
            sketch_is_released(begun.manifest_sha256, ring, store)
            register.finish(begun.id, **facts)
        elif any(_at(one, begun, ring) is not None for one in _private(Path(begun.place))):
            register.abandon(begun.id)


@contextlib.contextmanager
def accounted(
    register: DisclosureRegister, ring: KeyRing, store: Path | None
) -> Iterator[Callable[[Disclosure], None]]:
    """Let something leave: gives what enters it, to be called when the folder is ready to appear.

    Args:
        register: open.
        ring: of the register.
        store: folder of the stores; beside the key ring if left out.

    Raises:
        RegisterError: it is in the register already, or nobody can tell whether it has left.
    """
    entered: list[Disclosure] = []

    def enter(disclosure: Disclosure) -> None:
        register.begin(disclosure)
        entered.append(disclosure)

    try:
        yield enter
    except BaseException:
        for one in entered:
            if not Path(one.place).exists():
                with contextlib.suppress(HsrError):  # `settle` says it later
                    register.abandon(one.id)
        raise
    settle(register, ring, store)
    for one in entered:
        if register.get(one.id).state is not State.RELEASED:
            raise RegisterError(
                f"{one.id}: what appeared at {one.place} is not what was entered; keep both as they are, "
                "and see hsr register list"
            )


def _private(folder: Path) -> list[Path]:
    """Folders that were to become this one, under their private names."""
    return sorted(folder.parent.glob(f".{glob.escape(folder.name)}-????????"))


def _at(folder: Path, disclosure: Disclosure, ring: KeyRing) -> Facts | None:
    """What is known of a disclosure whose folder is this one; None if it is not."""
    receipt = folder / f"{disclosure.id}{SUFFIX}"
    if receipt.is_file():
        return _sealed(receipt, disclosure, ring)
    manifest = folder / MANIFEST
    if manifest.is_file() and sha256_of(manifest) == disclosure.manifest_sha256:
        return {}
    return None


def _sealed(receipt: Path, disclosure: Disclosure, ring: KeyRing) -> Facts | None:
    """What a receipt says of the sealed file beside it, if both are those that were entered."""
    try:
        read = read_receipt(receipt)
        number, digest = read.facts["audit"]["number"], read.facts["audit"]["digest"]
        log = AuditLog(ring).read()
        log.prove(number, digest)
        is_it = (
            (read.release, read.statement) == (disclosure.id, disclosure.statement_sha512)
            and read.sealed == disclosure.sealed_sha512
            and read.signer.public_key in log.keys
            and sha512_of(receipt.with_name(read.sealed_name)) == read.sealed
        )
    except (HsrError, OSError, DataError):
        return None
    if not is_it:
        return None
    return {
        "receipt_sha512": sha512_of(receipt),
        "audit_number": number,
        "audit_digest": digest,
    }
