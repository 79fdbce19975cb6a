"""States: how far a package has come, and what leads from one state to the next.

A state is read from signatures and from the disclosure register each time it is asked for; nothing
stores it, so nothing can say that a package is approved when it is not. Every signature is about the
digest of ``release.json``, and that holds the digest of every file: a package that was changed has
lost its signatures, whoever changed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hsr_privacy.documents import Label


class State(StrEnum):
    """How far a package has come."""

    DRAFT = "draft"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


MEANING: Final[dict[State, Label]] = {
    State.DRAFT: Label(
        nb="Ikke signert slik den er nå: under arbeid, eller endret etter signeringen.",
        en="Not signed as it is now: being made, or changed since it was signed.",
    ),
    State.PREPARED: Label(
        nb="Kontrollene G1 til G7 er bestått, og den som laget pakken, har signert den.",
        en="Gates G1 to G7 are passed, and who made the package has signed it.",
    ),
    State.REVIEWED: Label(
        nb="Minst én annen har gått god for den, og ingen ber om endringer.",
        en="At least one other person vouches for it, and nobody asks for changes.",
    ),
    State.APPROVED: Label(
        nb="En som ikke laget pakken, har godkjent at den utleveres.",
        en="Somebody who did not make it has approved that it leaves.",
    ),
    State.RELEASED: Label(
        nb="Forseglet til mottakeren og ført i utleveringsregisteret.",
        en="Sealed to the recipient, and in the disclosure register.",
    ),
    State.WITHDRAWN: Label(
        nb="Trukket tilbake; mottakeren er bedt om å slette den.",
        en="Withdrawn; the recipient has been asked to delete it.",
    ),
}


@dataclass(frozen=True)
class Transition:
    """What leads from one state to another.

    Attributes:
        before: states in which it may happen.
        after: the state that it leads to.
        act: command, or what happened.
        by: who does it.
    """

    before: tuple[State, ...]
    after: State
    act: str
    by: Label


PREPARER: Final = Label(nb="den som lager uttrekket", en="who prepares the extract")
REVIEWER: Final = Label(nb="en annen person", en="another person")
REGISTER: Final = Label(nb="den som holder nøkkelringen", en="who holds the key ring")
ANYBODY: Final = Label(nb="hvem som helst", en="anybody")

SIGNED: Final = (State.PREPARED, State.REVIEWED, State.APPROVED)
"""States that a change of any file leads back from."""

TRANSITIONS: Final = (
    Transition((State.DRAFT,), State.PREPARED, "prepare", PREPARER),
    Transition(
        (State.PREPARED, State.REVIEWED), State.REVIEWED, "review --decision approve", REVIEWER
    ),
    Transition(
        (State.PREPARED, State.REVIEWED),
        State.PREPARED,
        "review --decision request-changes",
        REVIEWER,
    ),
    Transition((State.REVIEWED,), State.APPROVED, "approve", REVIEWER),
    Transition((State.APPROVED,), State.RELEASED, "seal", REGISTER),
    Transition((State.RELEASED,), State.WITHDRAWN, "withdraw", REGISTER),
    Transition(SIGNED, State.DRAFT, "any file changed", ANYBODY),
)


def may(act: str, state: State) -> bool:
    """Whether an act, named as its command, is allowed in a state."""
    return any(one.act.split()[0] == act and state in one.before for one in TRANSITIONS)


def page() -> str:
    """The states and what leads between them, as Markdown with a diagram that Mermaid draws."""
    arrows = "".join(
        f"    {before} --> {one.after}: {one.act}\n" for one in TRANSITIONS for before in one.before
    )
    states = "".join(
        f"| `{state}` | {MEANING[state].en} | {MEANING[state].nb} |\n" for state in State
    )
    acts = "".join(
        f"| {', '.join(f'`{before}`' for before in one.before)} | {_act(one)} | {one.by.en} "
        f"| `{one.after}` |\n"
        for one in TRANSITIONS
    )
    return (
        "```mermaid\nstateDiagram-v2\n"
        f"    [*] --> {State.DRAFT}\n{arrows}    {State.WITHDRAWN} --> [*]\n```\n\n"
        f"| state | meaning | betydning |\n|---|---|---|\n{states}\n"
        f"| from | by | who | to |\n|---|---|---|---|\n{acts}"
    )


def _act(one: Transition) -> str:
    return one.act if one.by is ANYBODY else f"`hsr release {one.act}`"
