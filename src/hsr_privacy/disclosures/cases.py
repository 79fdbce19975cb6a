"""Cases: an application that waits for its answer, and the hours that were worked on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hsr_privacy.disclosures.deadlines import answer_deadline
from hsr_privacy.errors import ConfigError, Fault
from hsr_privacy.project import Project


@dataclass(frozen=True, kw_only=True)
class Application:
    """A complete application.

    Attributes:
        case_number: of it.
        title: of the project.
        applicant: who will receive the data.
        received: the day on which it was complete.
        linked: other registries whose data are linked to these.
        hourly_rate: price of an hour, in kroner without tax.
        answered: the day on which it was answered without a release; None as long as it was not.
        outcome: of that answer, such as a refusal.
    """

    case_number: str
    title: str
    applicant: str
    received: dt.date
    linked: tuple[str, ...] = ()
    hourly_rate: float = 0.0
    answered: dt.date | None = None
    outcome: str = ""

    @property
    def answer_by(self) -> dt.date:
        """The last day for an answer."""
        return answer_deadline(self.received, linked=bool(self.linked))


@dataclass(frozen=True, kw_only=True)
class Work:
    """Hours that were worked on a case.

    Attributes:
        number: of the entry; 1 for the first.
        case_number: of the case.
        release: id of a release of it; empty where the hours are for the case as such.
        day: on which it was done.
        hours: at most two decimals.
        what: was done, for the invoice; nothing about patients.
    """

    number: int
    case_number: str
    release: str = ""
    day: dt.date
    hours: float
    what: str


def application_of(project: Project, file: str) -> Application:
    """The application of a project file.

    Args:
        project: that says under ``handling`` when it was received.
        file: for the message.

    Raises:
        ConfigError: it does not say when it was received.
    """
    if project.handling is None:
        fault = Fault(file, 0, "handling", "say when the application was complete (received)")
        raise ConfigError(f"{file} has 1 fault", [fault])
    return Application(
        case_number=project.case_number,
        title=project.title,
        applicant=project.recipient.name,
        received=project.handling.received,
        linked=project.handling.linked,
        hourly_rate=project.handling.hourly_rate,
    )
