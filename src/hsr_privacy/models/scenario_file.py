"""A file of scenarios, as people write it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hsr_privacy.documents import Label, Written


class WrittenScenario(Written):
    """One attacker.

    Attributes:
        name: what to call the scenario by.
        label: in bokmål and English, for reports.
        knows: the quasi-identifiers that such a person knows of the one that is looked for.
        k: how many persons must fit what is known.
    """

    name: str
    label: Label
    knows: Annotated[tuple[str, ...], Field(min_length=1)]
    k: Annotated[int, Field(ge=1)]


class ScenarioFile(Written):
    """A file of scenarios."""

    scenarios: Annotated[tuple[WrittenScenario, ...], Field(min_length=1)]
