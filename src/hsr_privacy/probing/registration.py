"""Registration: whether what was tried is what was registered, and what was tried before.

Whoever may look for settings until an attack passes will find some. So what is tried is written
down beforehand, what differs from that lets nothing pass, and every run is remembered and told.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError, OutputFailed
from hsr_privacy.probing.verdict import Outcome, Verdict
from hsr_privacy.project import AttackPlan


@dataclass(frozen=True)
class Registration:
    """How what is tried relates to what was registered.

    Attributes:
        registered: whether anything was.
        differs: settings that are not as registered.
        run: which one it is on this extract, from 1.
        other_plans: how many other plans were tried on it before.
    """

    registered: bool
    differs: tuple[str, ...]
    run: int
    other_plans: int

    def to_json(self) -> dict[str, Any]:
        """The registration as numbers and names of settings."""
        return {**asdict(self), "differs": list(self.differs)}

    @property
    def told(self) -> tuple[Label, ...]:
        """What was tried before; empty for a first run."""
        if self.run == 1:
            return ()
        return (
            Label(
                nb=f"Dette er forsøk nummer {self.run} på uttrekket, etter {self.other_plans} andre planer.",
                en=f"This is run number {self.run} on the extract, after {self.other_plans} other plans.",
            ),
        )

    def bound(self, verdict: Verdict) -> Verdict:
        """A verdict that passes only as registered; a failure is one however it was found."""
        reasons = [*verdict.reasons, *self.told]
        if verdict.outcome is not Outcome.PASS or (self.registered and not self.differs):
            return Verdict(verdict.outcome, tuple(reasons))
        settings = ", ".join(self.differs)
        why = Label(nb="Ingen angrep var registrert på forhånd.", en="No attacks were registered.")
        if self.registered:
            why = Label(
                nb=f"Prøvd med andre innstillinger enn registrert: {settings}.",
                en=f"Tried with other settings than were registered: {settings}.",
            )
        return Verdict(Outcome.CANNOT_TELL, (why, *reasons))


def registration(
    plan: AttackPlan, registered: AttackPlan | None, earlier: Sequence[str]
) -> Registration:
    """Compare what is tried with what was registered.

    Args:
        plan: what is tried.
        registered: what was; None where nothing was.
        earlier: digests of the plans that were tried on the same extract.
    """
    here = plan.model_dump()
    there = here if registered is None else registered.model_dump()
    return Registration(
        registered=registered is not None,
        differs=tuple(name for name in here if here[name] != there[name]),
        run=len(earlier) + 1,
        other_plans=len(set(earlier) - {plan_digest(plan)}),
    )


def plan_digest(plan: AttackPlan) -> str:
    """SHA-256 of a plan, in hexadecimal."""
    text = json.dumps(plan.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def earlier_plans(file: Path, extract: str) -> tuple[str, ...]:
    """Digests of the plans by which an extract was attacked before, oldest first.

    Args:
        file: the list of runs; nothing was tried where there is none.
        extract: which, such as the SHA-256 of its data.

    Raises:
        DataError: a line is not as it was written.
    """
    if not file.exists():
        return ()
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            run = json.loads(line)
            if run["extract"] == extract:
                found.append(str(run["plan"]))
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{file}:{number}: this is no line of a list of attacks; restore the file from a copy"
            ) from None
    return tuple(found)


def remember_run(file: Path, extract: str, plan: AttackPlan, *, day: dt.date) -> None:
    """Add a run to the list before it is made, so that none is forgotten, whatever comes of it.

    Args:
        file: the list of runs; made where there is none, for its owner alone.
        extract: which, such as the SHA-256 of its data.
        plan: what is tried.
        day: on which it is.

    Raises:
        OutputFailed: the disk is full, or the system refuses the write.
    """
    run = {"day": day.isoformat(), "extract": extract, "plan": plan_digest(plan)}
    try:
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", newline="\n") as lines:
            lines.write(json.dumps(run) + "\n")
    except OSError as error:
        raise OutputFailed(
            f"{file}: the run could not be remembered: {error.strerror}; no attack was tried"
        ) from None
