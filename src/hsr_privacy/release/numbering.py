"""Running numbers of a project's persons, drawn and remembered with the identity store."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hsr_privacy.identities import IdentityStore
from hsr_privacy.identities.numbers import Numbers
from hsr_privacy.keys import KeyRing
from hsr_privacy.project import Project
from hsr_privacy.pseudonymization.running_number import draw_numbers


def numbers_of(store: IdentityStore, project: Project, ring: KeyRing) -> Numbers:
    """The numbers of a project's persons among the rows of a store."""
    return store.numbers(ring.project_key(project.case_number, purpose="running-number"))


def draw(count: int, taken: Collection[str]) -> Sequence[str]:
    """So many numbers that nobody has."""
    return draw_numbers(count, taken=taken)
