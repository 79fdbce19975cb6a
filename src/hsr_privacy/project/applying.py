"""Faults of what was applied for: names, levels and dates that no application could have had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from hsr_privacy.codebook import Codebook, Variable
from hsr_privacy.documents import KeyPath, nearest
from hsr_privacy.errors import KeyRingError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project.model import ApprovedVariable, Project
from hsr_privacy.project.treatment import MINUTES, Form, released_variables

Found = Iterator[tuple[KeyPath, str]]
WrongDetail = Callable[[Variable, str, str], str]
"""What is wrong with a detail of a variable, in a field of this name; empty where nothing is."""


def applied_faults(
    project: Project,
    codebook: Codebook,
    hierarchies: Mapping[str, Hierarchy],
    wrong_detail: WrongDetail,
) -> Found:
    """Everything that is wrong with what was applied for and what was refused.

    Args:
        project: as it was written.
        codebook: the register's variables.
        hierarchies: by the names that the codebook uses.
        wrong_detail: judges a detail by its variable and the name of its field.
    """
    for number, asked in enumerate(project.variables):
        where: KeyPath = ("variables", number)
        if asked.reason is not None and asked.applied is None:
            problem = (
                "says why less was approved, and nobody says what was applied for; add 'applied'"
            )
            yield (*where, "reason"), problem
        if asked.applied is None or asked.name not in codebook:
            continue
        problem = wrong_detail(codebook[asked.name], asked.applied, "applied")
        problem = problem or _finer(asked, codebook, hierarchies)
        if problem:
            yield (*where, "applied"), problem
    yield from _refused(project, codebook, wrong_detail)


def _finer(
    asked: ApprovedVariable, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]
) -> str:
    """That more was approved than was applied for; empty where it was not, or cannot be told."""
    try:
        (made,) = released_variables(
            [(asked.name, asked.detail)], codebook=codebook, hierarchies=hierarchies
        )
    except KeyError:
        return ""  # the detail has a fault of its own
    if made.form is Form.MINUTES or made.hierarchy is None:
        return ""
    approved = made.label(made.floor)
    if asked.applied == MINUTES:
        return (
            f"minutes were applied for, and '{approved}' tells the date; approve minutes, or write "
            "what was applied for"
        )
    if asked.applied in made.hierarchy.level_names[made.floor + 1 :]:
        return (
            f"'{asked.applied}' is coarser than the approved '{approved}'; nobody is given more than "
            "they applied for"
        )
    return ""


def _refused(project: Project, codebook: Codebook, wrong_detail: WrongDetail) -> Found:
    names = [variable.name for variable in codebook]
    approved = {one.name: number + 1 for number, one in enumerate(project.variables)}
    seen: dict[str, int] = {}
    for number, one in enumerate(project.refused):
        where: KeyPath = ("refused", number)
        if one.name in seen:
            problem = f"'{one.name}' stands twice; first as number {seen[one.name]}"
            yield (*where, "name"), problem
        seen.setdefault(one.name, number + 1)
        if one.name not in codebook:
            hint = nearest(one.name, names)
            yield (*where, "name"), f"the codebook has no variable '{one.name}'{hint}"
            continue
        if one.name in approved:
            problem = (
                f"'{one.name}' is approved as number {approved[one.name]} of 'variables'; a coarser "
                "detail than was applied for is written there, in 'applied'"
            )
            yield (*where, "name"), problem
        if one.applied is not None:
            problem = wrong_detail(codebook[one.name], one.applied, "applied")
            if problem:
                yield (*where, "applied"), problem


def handling_faults(project: Project) -> Found:
    """An application that was complete only after it was decided, and registries named twice."""
    handling = project.handling
    if handling is None:
        return
    last = max(one.date for one in project.approvals)
    if handling.received > last:
        yield ("handling", "received"), f"lies after the last decision, of {last}"
    if len(set(handling.linked)) != len(handling.linked):
        yield ("handling", "linked"), "names a registry twice"


def not_received(project: Project, today: dt.date) -> Found:
    """An application that nobody can have received yet."""
    if project.handling is not None and project.handling.received > today:
        yield ("handling", "received"), "this day lies in the future"


def key_faults(project: Project) -> Found:
    """A recipient's key by which nothing could be sealed."""
    key = project.recipient.key
    if key is None:
        return
    from hsr_privacy.keys.recipients import recipient_fingerprint

    try:
        recipient_fingerprint(key)
    except KeyRingError:
        yield (
            ("recipient", "key"),
            (
                "is no age public key: its checksum is wrong; copy it again from the recipient, and "
                "compare its first characters by telephone"
            ),
        )
