"""Reviewing: another person reads a package and signs what they decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from hsr_privacy.errors import ClockWentBack, DataError, NotSignedFor, PackageBroken
from hsr_privacy.handover.standing import (
    CLOCK_SECONDS,
    Standing,
    Trust,
    findings_to_accept,
    moment_of,
    standing_of,
)
from hsr_privacy.handover.states import State, may
from hsr_privacy.keys import SigningKey
from hsr_privacy.packaging import Acceptance, Review, read_package, sign_review


def review(
    folder: Path,
    *,
    key: SigningKey,
    decision: Literal["approve", "request-changes"],
    comment: str = "",
    now: dt.datetime | None = None,
) -> State:
    """Sign a review, and give the state that the package is in by it.

    Args:
        folder: of the package.
        key: of the reviewer.
        decision: vouch for it, or ask for changes.
        comment: at most 400 characters; nothing that names a person.
        now: the moment; the clock's if left out.

    Raises:
        NotSignedFor: who prepared it would review it, or it is approved already.
        PackageBroken: it is no package, or a file was changed.
        ClockWentBack: the clock shows a time before the package was prepared.
        DataError: changes are asked for, and it is not said which.
    """
    now = now or dt.datetime.now(dt.UTC)
    standing = _ready(folder, key, "review", now)
    if decision == "request-changes" and not comment.strip():
        raise DataError(
            "say what should change, in one sentence (--comment); whoever prepared it must know"
        )
    if not may("review", standing.state) or standing.package.approval is not None:
        raise NotSignedFor(
            f"{folder} is approved already; whoever approved it takes that back by removing "
            "signatures/approval.json, and then it can be reviewed again"
        )
    sign_review(folder, Review("review", decision, comment), key, now=now)
    return standing_of(read_package(folder), Trust(), now=now).state


def approve(
    folder: Path,
    *,
    key: SigningKey,
    accepts: Mapping[str, str] | None = None,
    comment: str = "",
    now: dt.datetime | None = None,
) -> State:
    """Sign that a reviewed package may leave, and give its state.

    Args:
        folder: of the package.
        key: of who approves.
        accepts: reasons by the ids of findings that must be answered for.
        comment: at most 400 characters; nothing that names a person.
        now: the moment; the clock's if left out.

    Raises:
        NotSignedFor: who prepared it would approve it, nobody has reviewed it, somebody asks for
            changes, or what must be accepted is not.
        PackageBroken, ClockWentBack: see `review`.
    """
    now = now or dt.datetime.now(dt.UTC)
    standing = _ready(folder, key, "approve", now)
    if not may("approve", standing.state):
        why = "; ".join(standing.missing[:-1]) or f"it is {standing.state} already"
        raise NotSignedFor(f"{folder} cannot be approved now: {why}")
    stated = standing.package.predicate.get("application", {})
    if str(stated.get("valid_to", "9999")) < now.astimezone().date().isoformat():
        raise NotSignedFor(
            f"{folder} cannot be approved: the approval of the project is not in force any more; ask for a "
            "prolongation, and prepare it anew"
        )
    reasons, must = dict(accepts or {}), findings_to_accept(standing.package)
    lacking = [one for one in must if one not in reasons]
    foreign = [one for one in reasons if one not in must]
    if lacking or foreign:
        raise NotSignedFor(
            f"{folder} cannot be approved so: "
            + "; ".join(
                [f"accept {one} with a reason (--accept {one}=...)" for one in lacking]
                + [f"{one} is no finding that must be accepted" for one in foreign]
            )
        )
    accepted = tuple(Acceptance(one, reason) for one, reason in sorted(reasons.items()))
    sign_review(folder, Review("approval", "approve", comment, accepted), key, now=now)
    return standing_of(read_package(folder), Trust(), now=now).state


def _ready(folder: Path, key: SigningKey, act: str, now: dt.datetime) -> Standing:
    """How a package stands that somebody is about to sign."""
    package = read_package(folder)
    standing = standing_of(package, Trust(), now=now)
    if standing.changed:
        raise PackageBroken(
            f"{folder} was changed after it was prepared, and every signature is void; prepare it "
            "anew",
            standing.changed,
        )
    if package.is_one_person:
        raise NotSignedFor(
            f"{folder} was made by one person alone, for a test project; use hsr release prepare "
            "where others shall sign"
        )
    if package.producer is not None and package.producer.public_key == key.public_key:
        raise NotSignedFor(f"who prepared {folder} cannot {act} it; another person must")
    prepared = moment_of(str(package.predicate.get("prepared", "")))
    if prepared is not None and now + dt.timedelta(seconds=CLOCK_SECONDS) < prepared:
        raise ClockWentBack(
            f"the clock of this machine shows a time before {folder} was prepared; set it right"
        )
    return standing
