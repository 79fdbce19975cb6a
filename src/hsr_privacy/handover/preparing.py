"""Preparing: an extract made for others to review, or by one person alone for a test project."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

from hsr_privacy.composition import About
from hsr_privacy.disclosures import State, released_in_log
from hsr_privacy.folders import refuse_taken
from hsr_privacy.frames import Engine
from hsr_privacy.handover.accounting import accounted, open_register
from hsr_privacy.handover.sealing import (
    check_recipients,
    deleted_until_now,
    disclosure_of,
    released_until_now,
    seal,
)
from hsr_privacy.handover.standing import Trust, standing_of
from hsr_privacy.handover.stated import stated_by
from hsr_privacy.keys import KeyRing, SigningKey
from hsr_privacy.packaging import Sealed, read_package
from hsr_privacy.release import Released, release_extract
from hsr_privacy.release.application import read_application
from hsr_privacy.release.release import Hold, Tell


@dataclass(frozen=True)
class ReleasedAlone:
    """What a test project of one person gave.

    Attributes:
        made: the package.
        sealed: and sealed; None where no recipient is known.
    """

    made: Released
    sealed: Sealed | None


def prepare(
    project_file: Path,
    *,
    source: Path,
    ring: KeyRing,
    key: SigningKey,
    out: Path,
    store: Path | None = None,
    identities: str | None = None,
    register: str | None = None,
    engine: Engine = "polars",
    now: dt.datetime | None = None,
    tell: Tell = lambda _step: None,
) -> Released:
    """Make the package of an application, signed by who prepares it; nothing leaves by that.

    Args:
        key: of who prepares it.
        register: path or PostgreSQL URL of the disclosure register, which knows what was deleted.

    Everything else, and what is raised, is as for `release.release_extract`.
    """
    refuse_taken(out)
    return release_extract(
        project_file,
        source=source,
        ring=ring,
        out=out,
        key=key,
        store=store,
        identities=identities,
        engine=engine,
        now=now,
        tell=tell,
        **_known(ring, store, register),
    )


def release_alone(
    project_file: Path,
    *,
    source: Path,
    ring: KeyRing,
    out: Path,
    store: Path | None = None,
    identities: str | None = None,
    register: str | None = None,
    engine: Engine = "polars",
    recipients: Sequence[str] = (),
    sealed: Path | None = None,
    now: dt.datetime | None = None,
    tell: Tell = lambda _step: None,
) -> ReleasedAlone:
    """Prepare and release in one, as one person may with a test project; the manifest says so.

    Where a recipient's key is known the package is sealed too, and that is what is released;
    otherwise the folder is.

    Args:
        recipients: an age public key; the application's own if left out.
        sealed: folder for the sealed package; ``OUT-sealed`` if left out.

    Everything else, and what is raised, is as for `prepare` and `sealing.seal`.
    """
    refuse_taken(out)
    now = now or dt.datetime.now(dt.UTC)
    target = sealed or out.with_name(f"{out.name}-sealed")
    application = read_application(project_file, ring=ring, today=now.astimezone().date())
    own = application.project.recipient.key
    recipients = tuple(recipients) or ((own,) if own else ())
    if recipients:
        check_recipients(recipients)
        refuse_taken(target)
    hold: Hold = partial(_released_at, out, ring, store, register, now)
    made = release_extract(
        project_file,
        source=source,
        ring=ring,
        out=out,
        store=store,
        identities=identities,
        engine=engine,
        now=now,
        tell=tell,
        **_known(ring, store, register),
        hold=None if recipients else hold,
    )
    if not recipients:
        return ReleasedAlone(made, None)
    closed = seal(
        out, ring=ring, recipients=recipients, out=target, store=store, register=register, now=now
    )
    return ReleasedAlone(made, closed)


@contextlib.contextmanager
def _released_at(
    out: Path, ring: KeyRing, store: Path | None, register: str | None, now: dt.datetime
) -> Iterator[Callable[[Path, Mapping[str, Any]], None]]:
    """Account for a folder that appears at a path, and is what is released."""
    with contextlib.ExitStack() as stack:

        def account(staging: Path, _manifest: Mapping[str, Any]) -> None:
            package = read_package(staging)
            standing = standing_of(package, Trust.of(ring), now=now)
            today = now.astimezone().date()
            entry = disclosure_of(standing, stated_by(package), released=today, place=out)
            opened = stack.enter_context(open_register(ring, store, register))
            stack.enter_context(accounted(opened, ring, store))(entry)

        yield account


class _Known(TypedDict):
    """What the disclosure register knows that a new release must know too."""

    deleted: frozenset[str]
    left: tuple[About, ...]
    taken: frozenset[str]


def _known(ring: KeyRing, store: Path | None, register: str | None) -> _Known:
    with open_register(ring, store, register) as opened:
        ids = {one.id for one in opened.all() if one.state is not State.ABANDONED}
        return _Known(
            deleted=deleted_until_now(opened),
            left=released_until_now(opened),
            taken=frozenset(ids | released_in_log(ring)),
        )
