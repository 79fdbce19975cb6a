"""The approved application: what may leave, for whom, on what ground and until when.

A choice that weakens privacy has no default: somebody writes it here, and signs it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from hsr_privacy.documents import Label, Written
from hsr_privacy.project.analyses import Analysis
from hsr_privacy.project.attacks import AttackPlan

Text = Annotated[str, Field(min_length=1)]


class Purpose(StrEnum):
    """The register's own four purposes; another is outside it."""

    QUALITY = "quality"
    SERVICES = "services"
    SURVEILLANCE = "surveillance"
    RESEARCH = "research"


PURPOSES: dict[Purpose, Label] = {
    Purpose.QUALITY: Label(
        nb="overvåke kvaliteten på helsehjelpen ved uventet hjertestans",
        en="monitor the quality of care after unexpected cardiac arrest",
    ),
    Purpose.SERVICES: Label(
        nb="utvikle, styre og planlegge helsetjenester",
        en="develop, steer and plan health services",
    ),
    Purpose.SURVEILLANCE: Label(
        nb="overvåke nye tilfeller og forekomst i befolkningen",
        en="monitor new cases and occurrence in the population",
    ),
    Purpose.RESEARCH: Label(
        nb="forebygging og forskning på årsaker og resultater",
        en="prevention, and research on causes and results",
    ),
}


class RecipientType(StrEnum):
    """Who receives the data; the last five may never (helseregisterloven § 19 d)."""

    RESEARCH_INSTITUTION = "research-institution"
    HEALTH_TRUST = "health-trust"
    HEALTH_AUTHORITY = "health-authority"
    MUNICIPALITY = "municipality"
    COMPANY = "company"
    INSURANCE = "insurance"
    EMPLOYER = "employer"
    PROSECUTION = "prosecution"
    COURT = "court"
    BANK = "bank"


FORBIDDEN_RECIPIENTS = frozenset(
    {
        RecipientType.INSURANCE,
        RecipientType.EMPLOYER,
        RecipientType.PROSECUTION,
        RecipientType.COURT,
        RecipientType.BANK,
    }
)


class IdentificationDegree(StrEnum):
    """helsedata's words for how directly data point at persons."""

    ANONYMOUS = "anonymous"
    DE_IDENTIFIED = "deIdentified"
    INDIRECT = "indirect"
    DIRECT = "direct"


class Choice(StrEnum):
    """What a registered person may have decided, and the project honours."""

    RESERVATION = "reservasjon"
    RESTRICTION = "sperret"
    DELETION = "slettet"
    NO_CONSENT = "samtykke"


class Approval(Written):
    """One decision that the project rests on."""

    kind: Literal["helsedataservice", "rek", "dpia", "dispensation", "controller"]
    reference: Text
    date: dt.date


class LegalBasis(Written):
    """The ground in law.

    Attributes:
        gdpr6, gdpr9: letters of articles 6 (1) and 9 (2), such as ``e`` and ``j``.
        national: provision in Norwegian law.
        confidentiality: why confidentiality is no obstacle.
        honour: which choices of the registered exclude them. Reservation, restriction and
            deletion always do; ``samtykke`` asks for a given consent as well.
    """

    gdpr6: Literal["a", "c", "e"]
    gdpr9: Literal["a", "h", "i", "j"]
    national: Text
    confidentiality: Literal["19a-consent", "19b", "19e-dispensation", "other"]
    honour: tuple[Choice, ...]


class Condition(Written):
    """One condition on a variable of the register; all conditions must hold."""

    variable: Text
    equals: str | None = None
    one_of: tuple[str, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None


class Cohort(Written):
    """Which events: by type, date of the event, age, and conditions."""

    event_types: Annotated[tuple[Literal["ohca", "ihca"], ...], Field(min_length=1)]
    first_day: dt.date
    last_day: dt.date
    min_age: Annotated[int, Field(ge=0)] | None = None
    max_age: Annotated[int, Field(le=120)] | None = None
    conditions: tuple[Condition, ...] = ()


class ApprovedVariable(Written):
    """One variable that was applied for and approved.

    Attributes:
        detail: the finest level that may be released; ``minutes`` for a clock time; the
            codebook's own treatment if left out.
        applied: the detail that was applied for, where another one was approved.
        reason: why less was approved than was applied for.
        justification: why the project needs it in this detail.
    """

    name: Text
    detail: str | None = None
    applied: Text | None = None
    reason: Text | None = None
    justification: Text


class RefusedVariable(Written):
    """One variable that was applied for and not approved.

    Attributes:
        applied: the detail that was applied for; left out where none was named.
        reason: why it was refused.
    """

    name: Text
    applied: Text | None = None
    reason: Text


class OwnExpectation(Written):
    """What the project itself expects of its extract, beside what the codebook says.

    Attributes:
        id: unique in the project.
        kind: the name that Great Expectations has for it, or one of our own.
        column: of the extract; None where the whole table is meant.
        kwargs: what the expectation needs beside the column.
        severity: an error refuses a release; a warning is told.
        text: what must hold, for people.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    kind: Annotated[str, Field(pattern=r"^expect_[a-z0-9_]+$")]
    column: str | None = None
    kwargs: dict[str, Any] = Field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"
    text: Label


class Handling(Written):
    """The register's own case work: deadlines, price, and whom the recipient asks.

    Attributes:
        received: the day on which the application was complete.
        linked: other registries whose data are linked to these; the deadline is 60 working days
            then, and 30 otherwise (helseregisterloven § 19 f).
        hourly_rate: price of an hour, in kroner without tax; actual cost at most (§ 19 g).
        contact: whom the recipient asks and tells of a deletion: an office and where it is found. It
            stands in the letter, which is searched as all files are: no e-mail address and no
            telephone number.
    """

    received: dt.date
    linked: tuple[Text, ...] = ()
    hourly_rate: Annotated[float, Field(ge=0)] = 0
    contact: Text | None = None


class PrivacyLimits(Written):
    """What must hold in the extract.

    Attributes:
        k: smallest number of persons in an equivalence class.
        l: per sensitive variable, distinct values in every class.
        max_suppressed: largest share (0-1) of events that may be removed.
        weights: per quasi-identifier, how much its detail is worth; 1 where nothing is said.
        method: ``joint`` brings every column to one level and suppresses single cells where that
            costs less than a coarser level; ``full-domain`` suppresses none; ``cells`` generalizes
            no further than approved. Levels that differ from row to row are not for what leaves
            the house.
        scenarios: attackers of ``configs/scenarios.yaml`` that the extract must withstand.
    """

    k: Annotated[int, Field(ge=1)]
    l: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)  # noqa: E741
    max_suppressed: Annotated[float, Field(ge=0, le=1)]
    weights: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    method: Literal["joint", "full-domain", "cells"] = "joint"
    scenarios: tuple[Text, ...] = ()


class Pseudonyms(Written):
    """How the project's pseudonyms are made.

    Attributes:
        algorithm: ``hmac-sha256-128``, or ``aes256-cmac``: fast for a whole nation and for keys in
            a token, and plainly invertible by whoever holds the key.
        persons: ``symbols``, 22 of them, made from the key; or ``running-number``, nine digits that
            are drawn and remembered. Events have symbols always.
    """

    algorithm: Literal["hmac-sha256-128", "aes256-cmac"] = "hmac-sha256-128"
    persons: Literal["symbols", "running-number"] = "symbols"


class Recipient(Written):
    """Who receives the extract.

    Attributes:
        key: age public key (``age1...``) to which alone the package is sealed; who seals names one
            where the application does not.
    """

    name: Text
    type: RecipientType
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    third_country_ground: str | None = None
    channel: Text
    key: Annotated[str, Field(pattern=r"^age1[0-9a-z]{20,}$")] | None = None


class Formats(Written):
    """How the recipient wants the files.

    Attributes:
        language: of labels in Stata and SPSS files; the other one is in them too.
        decimal: sign of the CSV.
        bom: whether the CSV begins with the mark by which Excel knows UTF-8.
    """

    language: Literal["nb", "en"] = "nb"
    decimal: Literal["comma", "point"] = "comma"
    bom: bool = False


class Institution(Written):
    """Who answers for the project."""

    name: Text
    org_no: Annotated[str, Field(pattern=r"^[0-9]{9}$")]


class Project(Written):
    """An approved application; see docs/how-to for every field.

    Attributes:
        case_number: of the decision; it is the project's pseudonymization domain.
        environment: which identifiers its data may hold: real persons' or synthetic ones.
        analyses: that the project will reckon, run before and after as a measure of what is lost.
        attacks: that the extract will have to withstand, if any are asked for.
        refused: what was applied for and not approved.
        expectations: the project's own, beside those of the codebook.
        formats: of the files.
        handling: dates and price of the register's own case work.
    """

    case_number: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9/_.-]{2,63}$")]
    title: Text
    leader: Text
    institution: Institution
    environment: Literal["production", "test"]
    purpose: Purpose
    purpose_text: Text
    legal_basis: LegalBasis
    security_assessment: Text
    approvals: Annotated[tuple[Approval, ...], Field(min_length=1)]
    valid_from: dt.date
    valid_to: dt.date
    project_end: dt.date
    deletion_date: dt.date
    identification_degree: IdentificationDegree
    identification_justification: Text
    cohort: Cohort
    variables: Annotated[tuple[ApprovedVariable, ...], Field(min_length=1)]
    privacy: PrivacyLimits
    recipient: Recipient
    pseudonyms: Pseudonyms = Field(default_factory=Pseudonyms)
    analyses: tuple[Analysis, ...] = ()
    attacks: AttackPlan | None = None
    refused: tuple[RefusedVariable, ...] = ()
    expectations: tuple[OwnExpectation, ...] = ()
    handling: Handling | None = None
    formats: Formats = Field(default_factory=Formats)
