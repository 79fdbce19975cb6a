"""A rule of the register: what must hold between the variables of an arrest, in words and by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from hsr_privacy.documents import Label, Written
from hsr_privacy.extract import PERSON_KEY
from hsr_privacy.registry import EVENT_DAY

DAY: Final = EVENT_DAY
"""The day of the arrest: a column of the event store; elsewhere that of ``t_stans`` or ``t_anrop``."""

PERSON: Final = PERSON_KEY
"""Who: a column of the event store; elsewhere ``fnr`` or ``person_lnr``."""

EVENT_TYPE: Final = "event_type"


class Form(StrEnum):
    """What a frame is: one of the forms as it is delivered, or the linked events of the store.

    Delivered clock times are Norwegian local time; those of the event store are UTC.
    """

    AMK = "amk"
    AMBULANCE = "ambulance"
    HOSPITAL = "hospital"
    REGISTER = "register"
    EVENT = "event"


OUTSIDE_ONLY: Final = (Form.AMK, Form.AMBULANCE)
"""Forms without ``event_type``, whose arrests are all outside hospital."""


class Severity(StrEnum):
    """What a violation means: wrong, worth a look, or worth knowing and no fault."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Rule(Written):
    """One rule, as ``configs/rules.yaml`` has it.

    Attributes:
        id: of the register model, with a part of it behind a point: ``R21``, ``R21.plausible``.
        severity: of a violation.
        severity_in: of a violation in forms where it means something else.
        text: what must hold.
        source: the clinical definition or the law that it follows from.
        forms: where the rule can be broken.
        columns: what it looks at: names of the codebook, `DAY` and `PERSON`.
        parameters: limits, each with its unit in its name.
        judged_by: this room, or the gates of a release.
    """

    id: Annotated[str, Field(pattern=r"^R[0-9]{2}(\.[a-z]+)?$")]
    severity: Severity
    severity_in: dict[Form, Severity] = Field(default_factory=dict)
    text: Label
    source: Label
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    columns: tuple[str, ...]
    parameters: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    judged_by: Literal["rules", "gate"] = "rules"

    def severity_for(self, form: Form | None) -> Severity:
        """What a violation means in a form."""
        return self.severity if form is None else self.severity_in.get(form, self.severity)


class RulesFile(Written):
    """The file of rules."""

    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> RulesFile:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f"rule {rule.id} stands twice")
            seen.add(rule.id)
        return self


@dataclass(frozen=True)
class Rules:
    """The rules of a register in their order."""

    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        """The rules in their order."""
        return iter(self.rules)

    def __len__(self) -> int:
        """Number of rules."""
        return len(self.rules)

    def __getitem__(self, name: str) -> Rule:
        """The rule of this id; KeyError if there is none."""
        for rule in self.rules:
            if rule.id == name:
                return rule
        raise KeyError(name)
