"""Applied for, in plain words: what was approved coarser than it was asked for, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hsr_privacy.project.applied import NOT_NAMED, AppliedFor
from hsr_privacy.project.lines import Say, bullet, heading, paragraph, told


def applied_text(applied: Sequence[AppliedFor], say: Say) -> Iterator[str]:
    """Lines that set side by side what was applied for and what was approved.

    Args:
        applied: every variable of the application.
        say: chooses the language.
    """
    reduced = [one for one in applied if one.reduced and not one.refused]
    refused = [one for one in applied if one.refused]
    count = len(applied)
    as_applied = count - len(reduced) - len(refused)
    yield heading(say("Søkt om og godkjent", "Applied for and approved"))
    if as_applied == count:
        yield from paragraph(
            say(
                f"Alle {count} variablene er godkjent slik det ble søkt om dem.",
                f"All {count} variables are approved as they were applied for.",
            )
        )
        return
    yield from paragraph(
        say(
            f"Det ble søkt om {count} variabler. {as_applied} er godkjent slik det ble søkt om dem, "
            f"{len(reduced)} på et annet detaljnivå, og {len(refused)} er avslått.",
            f"{count} variables were applied for. {as_applied} are approved as they were applied for, "
            f"{len(reduced)} on another level of detail, and {len(refused)} are refused.",
        )
    )
    for one in (*reduced, *refused):
        yield from bullet(_sentence(one, say))


def _sentence(one: AppliedFor, say: Say) -> str:
    """One variable: what was applied for, what was approved, and why."""
    name = f"{one.variable.name}, {told(one.variable.label, say)}: "
    asked = told(one.applied, say)
    if one.approved is not None:
        text = name + say("søkt om ", "applied for ") + asked
        text += say(", godkjent ", ", approved ") + told(one.approved, say)
    elif one.applied == NOT_NAMED:
        text = name + say("avslått", "refused")
    else:
        text = name + say("søkt om ", "applied for ") + asked + say(", avslått", ", refused")
    return f"{text}. {one.reason}" if one.reason else f"{text}."
