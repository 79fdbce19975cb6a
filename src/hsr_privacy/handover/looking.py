"""Looking: how far a package has come, and taking back what was released."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from hsr_privacy.disclosures import State as Entered
from hsr_privacy.handover.accounting import open_register
from hsr_privacy.handover.standing import Standing, Trust, standing_of
from hsr_privacy.handover.states import State
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.packaging import read_package


def status(
    folder: Path,
    *,
    ring: KeyRing | None = None,
    store: Path | None = None,
    register: str | None = None,
    now: dt.datetime | None = None,
) -> Standing:
    """How far a package has come.

    Args:
        folder: of the package.
        ring: says whose signatures count, and what was released; without it every signature does.
        store, register: see `accounting.open_register`.
        now: the moment; the clock's if left out.

    Raises:
        PackageBroken: it is no package.
    """
    now = now or dt.datetime.now(dt.UTC)
    standing = standing_of(read_package(folder), Trust.of(ring), now=now)
    if ring is None or standing.changed:
        return standing
    package = standing.package
    with open_register(ring, store, register) as opened:
        for one in opened.all():
            if one.id == package.release_id and one.statement_sha512 == package.digest:
                if one.state is Entered.RELEASED:
                    return replace(standing, state=State.RELEASED, missing=())
                if one.state in {Entered.WITHDRAWN, Entered.DELETED}:
                    return replace(standing, state=State.WITHDRAWN, missing=())
    return standing


def keys_to_tell(folder: Path, ring: KeyRing) -> tuple[tuple[str, str], ...]:
    """Role and public key of everybody who vouches for a package, as its recipient must know them.

    Args:
        folder: of the package.
        ring: of the register, which signs the receipt.
    """
    package = read_package(folder)
    found = [("producer", package.producer.public_key)] if package.producer is not None else []
    found += [("reviewer", one.public_key) for one in package.reviews if one.is_about_this]
    if package.approval is not None:
        found.append(("approver", package.approval.public_key))
    return (*found, ("register", AuditLog(ring).public_key))


def withdraw(
    release: str,
    *,
    ring: KeyRing,
    reason: str,
    store: Path | None = None,
    register: str | None = None,
    today: dt.date | None = None,
) -> None:
    """Enter in the disclosure register that a release is taken back.

    Args:
        release: its id.
        ring: of the register.
        reason: why, in one sentence; nothing that names a person.
        store, register: see `accounting.open_register`.
        today: the day; the calendar's if left out.

    Raises:
        RegisterError: there is no such release, or it is not with its recipient.
        DataError: there is no reason.
    """
    day = today or dt.datetime.now().astimezone().date()
    with open_register(ring, store, register) as opened:
        opened.withdraw(release, reason, day)
