"""Due: what must be answered, deleted by its recipient, or need no longer be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hsr_privacy.disclosures.cases import Application
from hsr_privacy.disclosures.disclosure import HELD, LEFT, Disclosure, State
from hsr_privacy.documents import Label


class Duty(StrEnum):
    """What there is to do; the most pressing first."""

    SEALING = "sealing"
    ANSWER = "answer"
    DELETION = "deletion"
    RETENTION = "retention"


MEANING: Final[dict[Duty, Label]] = {
    Duty.SEALING: Label(
        nb="Forseglingen ble ikke fullført: finn ut om pakken er sendt.",
        en="Sealing was not completed: find out whether the package left.",
    ),
    Duty.ANSWER: Label(nb="Søknaden skal være besvart.", en="The application must be answered."),
    Duty.DELETION: Label(
        nb="Mottakeren skal ha slettet dataene og bekreftet det.",
        en="The recipient must have deleted the data, and confirmed it.",
    ),
    Duty.RETENTION: Label(
        nb="Oppføringen trenger ikke å oppbevares lenger.", en="The entry need no longer be kept."
    ),
}

_ORDER: Final = {duty: place for place, duty in enumerate(Duty)}


@dataclass(frozen=True)
class Due:
    """One thing to do.

    Attributes:
        duty: what.
        day: by which it must be done; of a retention, the last on which the entry must be kept.
        is_overdue: whether that day has passed.
        subject: id of a release, or a case number.
        case_number: of the case.
        who: recipient or applicant.
        disclosure: that it is about; None where it is an application.
    """

    duty: Duty
    day: dt.date
    is_overdue: bool
    subject: str
    case_number: str
    who: str
    disclosure: Disclosure | None = None


def due_of(
    disclosures: Sequence[Disclosure],
    applications: Sequence[Application],
    *,
    today: dt.date,
    within_days: int,
) -> tuple[Due, ...]:
    """What is overdue or due within some days: overdue first, then by day.

    Before all else stands what was only begun, whatever its day: nobody knows whether it left.

    Args:
        disclosures: of the register.
        applications: of the register.
        today: the calendar's day.
        within_days: how far to look ahead; 0 is today.
    """
    found = [*_answers(disclosures, applications, today), *_of_disclosures(disclosures, today)]
    last = today + dt.timedelta(days=within_days)
    soon = [one for one in found if one.day <= last or one.duty is Duty.SEALING]
    return tuple(sorted(soon, key=_place))


def _place(one: Due) -> tuple[bool, bool, int, dt.date, str]:
    can_wait = one.duty is not Duty.SEALING
    return (can_wait, can_wait and not one.is_overdue, _ORDER[one.duty], one.day, one.subject)


def _answers(
    disclosures: Sequence[Disclosure], applications: Sequence[Application], today: dt.date
) -> list[Due]:
    """Applications that were neither answered nor followed by a release."""
    released = {(one.case_number, one.released) for one in disclosures if one.state in LEFT}
    return [
        Due(
            Duty.ANSWER,
            one.answer_by,
            one.answer_by < today,
            one.case_number,
            one.case_number,
            one.applicant,
        )
        for one in applications
        if one.answered is None
        and not any(case == one.case_number and day >= one.received for case, day in released)
    ]


def _of_disclosures(disclosures: Sequence[Disclosure], today: dt.date) -> list[Due]:
    found = []
    for one in disclosures:
        if one.state is State.SEALING:
            found.append(_due(Duty.SEALING, one.released, one, today))
        if one.state in HELD:
            found.append(_due(Duty.DELETION, one.delete_by, one, today))
        if one.state in LEFT:
            found.append(_due(Duty.RETENTION, one.retain_until, one, today))
    return found


def _due(duty: Duty, day: dt.date, one: Disclosure, today: dt.date) -> Due:
    return Due(duty, day, day < today, one.id, one.case_number, one.recipient, one)
