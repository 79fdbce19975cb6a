"""Preparing: an extract made for others to review, or by one person alone for a test project."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

from hsr_privacy.disclosures import State
from hsr_privacy.folders import refuse_taken
from hsr_privacy.frames import Engine
from hsr_privacy.handover.accounting import accounted, open_register
from hsr_privacy.handover.sealing import application_of, disclosure_of, seal
from hsr_privacy.handover.standing import Trust, standing_of
from hsr_privacy.keys import KeyRing, SigningKey
from hsr_privacy.packaging import Sealed, read_package
from hsr_privacy.release import Released, release_extract
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
        recipients: age public keys.
        sealed: folder for the sealed package; ``OUT-sealed`` if left out.

    Everything else, and what is raised, is as for `prepare` and `sealing.seal`.
    """
    refuse_taken(out)
    now = now or dt.datetime.now(dt.UTC)
    target = sealed or out.with_name(f"{out.name}-sealed")
    if recipients:
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
            disclosure = disclosure_of(
                staging,
                package,
                application_of(package),
                standing,
                released=now.astimezone().date(),
                place=out,
            )
            stack.enter_context(accounted(disclosure, ring, store, register))

        yield account


class _Known(TypedDict):
    """What the disclosure register knows that a new release must know too."""

    deleted: frozenset[str]
    taken: frozenset[str]


def _known(ring: KeyRing, store: Path | None, register: str | None) -> _Known:
    with open_register(ring, store, register) as opened:
        left = [one for one in opened.all() if one.state is not State.ABANDONED]
    return _Known(
        deleted=frozenset(one.manifest_sha256 for one in left if one.state is State.DELETED),
        taken=frozenset(one.id for one in left),
    )
