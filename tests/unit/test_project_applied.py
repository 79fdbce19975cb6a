"""What was applied for stands beside what was approved, and what no application could say is a fault."""

from __future__ import annotations

import datetime as dt

import pyrage
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import ConfigError, ProjectRefused
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import AppliedFor, Project, applied_for, released_variables
from hsr_privacy.project.plan import Fate, Language, plan
from hsr_privacy.project.plan_text import plan_text
from tests.applications import SAMPLE, Load


def asked(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> dict[str, AppliedFor]:
    approved = [(one.name, one.detail) for one in project.variables]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    return {one.variable.name: one for one in applied_for(project, variables, codebook=codebook)}


AGE = "{name: alder, detail: 10 years, applied: 1 year,"
CALL = "  - name: t_anrop\n    applied: day"
DEATH = "  - name: dodsdato"

FAULTS = [
    # what stands there, what somebody writes, where the fault is, what is said of it
    (AGE, AGE.replace("1 year,", "1 yaer,"), "variables[4].applied", "did you mean '1 year'?"),
    (
        AGE,
        AGE.replace("1 year,", "age group,"),
        "variables[4].applied",
        "'age group' is coarser than the approved '10 years'",
    ),
    (
        "{name: t_rosc, detail: minutes,",
        "{name: t_rosc, detail: minutes, applied: day,",
        "variables[18].applied",
        "'t_rosc' has no levels of detail; leave 'applied' out",
    ),
    (
        "{name: t_rosc, detail: minutes,",
        "{name: t_stans, detail: month, applied: minutes,",
        "variables[18].applied",
        "minutes were applied for, and 'month' tells the date",
    ),
    (
        "{name: hendelse_aar, detail: 2 years,",
        "{name: hendelse_aar, detail: 2 years, reason: Two are enough,",
        "variables[5].reason",
        "nobody says what was applied for",
    ),
    (
        DEATH,
        "  - name: dodsdatum",
        "refused[1].name",
        "the codebook has no variable 'dodsdatum'; did you mean 'dodsdato'?",
    ),
    (DEATH, "  - name: alder", "refused[1].name", "'alder' is approved as number 5 of 'variables'"),
    (DEATH, "  - name: t_anrop", "refused[1].name", "'t_anrop' stands twice; first as number 1"),
    (CALL, CALL.replace("day", "dya"), "refused[0].applied", "did you mean 'day'?"),
    (
        DEATH,
        f"{DEATH}\n    applied: day",
        "refused[1].applied",
        "'dodsdato' has no levels of detail; leave 'applied' out",
    ),
    (
        "  received: 2026-02-12",
        "  received: 2026-03-03",
        "handling.received",
        "lies after the last decision, of 2026-03-02",
    ),
    (
        "  hourly_rate: 1150",
        "  hourly_rate: 1150\n  linked: [NPR, NPR]",
        "handling.linked",
        "names a registry twice",
    ),
    ("  hourly_rate: 1150", "  hourly_rate: -1", "handling.hourly_rate", "greater than or equal"),
    (
        "  # key: age1...",
        "  key: age1" + "q" * 58,
        "recipient.key",
        "is no age public key: its checksum is wrong",
    ),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), FAULTS)
def test_a_fault_of_what_was_applied_for_is_told_with_its_line(
    load: Load, old: str, new: str, where: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load((old, new))
    (fault,) = caught.value.faults
    assert fault.where == where
    assert said in fault.problem
    first = SAMPLE[: SAMPLE.index(old)].count("\n") + 1
    assert first <= fault.line <= first + new.count("\n")


def test_what_was_received_after_today_is_refused_with_its_line(load: Load) -> None:
    with pytest.raises(ProjectRefused) as caught:
        load(today=dt.date(2026, 2, 11))
    (fault,) = (one for one in caught.value.faults if one.where == "handling.received")
    assert fault.problem == "this day lies in the future"


def test_a_key_of_the_recipient_is_accepted(load: Load) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    assert load(("  # key: age1...", f"  key: {key}")).recipient.key == key


def test_the_same_detail_as_approved_may_be_named(
    load: Load, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    project = load((AGE, AGE.replace("1 year,", "10 years,")))
    assert not asked(project, codebook, hierarchies)["alder"].reduced


def test_what_was_applied_for_is_set_beside_what_was_approved(
    load: Load, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    found = asked(load(), codebook, hierarchies)
    assert len(found) == 30
    age, year, call, death = (
        found[name] for name in ("alder", "hendelse_aar", "t_anrop", "dodsdato")
    )
    assert (age.applied.en, age.approved and age.approved.en) == ("single years", "ten-year bands")
    assert age.reduced
    assert age.reason is not None
    assert (year.applied, year.reduced, year.reason) == (year.approved, False, None)
    assert (call.applied.en, call.refused) == ("day", True)
    assert (death.applied.en, death.approved, death.refused) == ("no detail named", None, True)
    assert [one.refused for one in found.values()] == [False] * 28 + [True] * 2


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_plan_says_what_was_refused_and_why(
    load: Load, codebook: Codebook, hierarchies: dict[str, Hierarchy], language: Language
) -> None:
    told = plan(load(), codebook=codebook, hierarchies=hierarchies)
    text = " ".join(plan_text(told, language).split())
    if language == "nb":
        assert "Det ble søkt om 30 variabler. 26 er godkjent slik det ble søkt om dem" in text
        assert "søkt om hele år, godkjent tiårsgrupper. The registered models" in text
        assert "t_anrop, Nødanrop registrert: søkt om dag, avslått." in text
    else:
        assert (
            "26 are approved as they were applied for, 2 on another level of detail, and 2 are"
            in text
        )
        assert "applied for county, approved health region. The question is" in text
        assert "dodsdato, Date of death: refused. Being alive" in text


def test_a_plan_without_reductions_says_so_in_one_line(
    load: Load, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    project = load()
    plain = project.model_copy(
        update={
            "refused": (),
            "variables": tuple(
                one.model_copy(update={"applied": None, "reason": None})
                for one in project.variables
            ),
        }
    )
    told = plan(plain, codebook=codebook, hierarchies=hierarchies)
    assert "All 28 variables are approved as they were applied for." in plan_text(told, "en")


def test_a_refused_variable_is_not_told_as_one_that_nobody_asked_for(
    load: Load, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    told = plan(load(), codebook=codebook, hierarchies=hierarchies)
    fates = {one.variable.name: one for one in told.variables}
    assert fates["dodsdato"].fate is Fate.REFUSED
    call = fates["t_anrop"]
    assert (call.fate, call.words and call.words.en) == (
        Fate.USED,
        "minutes are counted from it; applied for and refused",
    )
