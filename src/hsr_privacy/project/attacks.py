"""Attacks that an extract will have to withstand, as an application registers them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hsr_privacy.documents import Written


class AttackLimits(Written):
    """What the upper end of each risk (0-1) must stay under, by the criteria of WP216."""

    singling_out: Annotated[float, Field(gt=0, lt=1)]
    linkability: Annotated[float, Field(gt=0, lt=1)]
    inference: Annotated[float, Field(gt=0, lt=1)]


class AttackPlan(Written):
    """The attacks that an extract will have to withstand, written down before one is tried.

    Attributes:
        seed: of everything that is drawn.
        attacks: of each kind, at most.
        control_share: of the persons (0-1), held out of the table that is attacked.
        limits: of the risks.
        known: columns of the extract that the attacker knows of a person; its quasi-identifiers
            where none is named.
        secrets: columns that are guessed; its sensitive ones where none is named.
    """

    seed: Annotated[int, Field(ge=0)]
    attacks: Annotated[int, Field(ge=100, le=100_000)]
    control_share: Annotated[float, Field(ge=0.1, le=0.5)]
    limits: AttackLimits
    known: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    secrets: tuple[Annotated[str, Field(min_length=1)], ...] = ()
