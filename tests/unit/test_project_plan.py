"""A plan tells of every variable of the register once, and of nothing but what a release would do."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.codebook import Codebook, Role
from hsr_privacy.configs import shipped
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import (
    ApprovedVariable,
    Condition,
    PrivacyLimits,
    Project,
    load_project,
    released_variables,
)
from hsr_privacy.project.plan import Fate, Language, Plan, plan
from hsr_privacy.project.plan_text import plan_text
from hsr_privacy.project.wording import APPROVALS, GROUNDS, LEVELS

LANGUAGES: tuple[Language, ...] = ("nb", "en")


@pytest.fixture(scope="module")
def hierarchies() -> dict[str, Hierarchy]:
    return load_hierarchies()


@pytest.fixture(scope="module")
def project(codebook: Codebook, hierarchies: dict[str, Hierarchy]) -> Project:
    path = shipped("configs", "projects", "bystander-cpr-survival.yaml")
    today = dt.date(2026, 11, 23)
    return load_project(path, codebook=codebook, hierarchies=hierarchies, today=today)


def planned(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy], **changes: Any
) -> Plan:
    changed = project.model_copy(update=changes)
    return plan(changed, codebook=codebook, hierarchies=hierarchies)


def asked(name: str, detail: str | None = None) -> ApprovedVariable:
    return ApprovedVariable(name=name, detail=detail, justification="needed")


def fate(told: Plan, name: str) -> tuple[Fate, str]:
    (one,) = (one for one in told.variables if one.variable.name == name)
    return one.fate, one.words.en if one.words else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variable_is_mentioned_exactly_once(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy], language: Language
) -> None:
    text = plan_text(planned(project, codebook, hierarchies), language)
    mentioned = re.findall(r"^  ([a-z][a-z0-9_]+)  ", text, re.MULTILINE)
    assert sorted(mentioned) == sorted(variable.name for variable in codebook)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_fits_a_terminal(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy], language: Language
) -> None:
    text = plan_text(planned(project, codebook, hierarchies), language)
    assert max(map(len, text.splitlines())) <= 92


def test_the_fates_are_those_of_the_release(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    approved = [(v.name, v.detail) for v in project.variables]
    released = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    told = planned(project, codebook, hierarchies)
    for one in released:
        assert fate(told, one.variable.name)[0] == str(one.form)
    leaves = {Fate.KEPT, Fate.GENERALIZED, Fate.PROTECTED, Fate.MINUTES}
    names = {one.variable.name for one in told.variables if one.fate in leaves}
    assert names == {one.variable.name for one in released}


def test_no_direct_identifier_is_told_to_leave(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    told = planned(project, codebook, hierarchies)
    never = {one.variable.name for one in told.with_fate(Fate.NEVER)}
    assert set(codebook.names([Role.DIRECT_IDENTIFIER])) <= never


def test_a_direct_identifier_with_levels_does_not_leave_either(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    name = codebook["navn"].model_copy(update={"hierarchy": "icd10"})
    variables = tuple(name if v.name == "navn" else v for v in codebook)
    told = planned(project, replace(codebook, variables=variables), hierarchies)
    assert fate(told, "navn")[0] is Fate.NEVER


@pytest.mark.parametrize(
    ("name", "detail", "expected"),
    [
        ("overlevd_30d", None, (Fate.KEPT, "")),
        ("arsak", "cause group", (Fate.GENERALIZED, "to groups of causes (medical, not medical, other)")),
        ("antall_sjokk", "bands", (Fate.GENERALIZED, "to bands (0 shocks, 1 shock, 2-3 shocks, 4-6 shocks, 7+ shocks)")),
        ("sivilstand", "code", (Fate.PROTECTED, "each code by itself → married or partner, or not")),
        ("sivilstand", None, (Fate.PROTECTED, "married or partner, or not")),
        ("sivilstand", "couple", (Fate.PROTECTED, "married or partner, or not")),
        ("sivilstand", "*", (Fate.PROTECTED, "one value for everybody")),
        ("t_slutt", "minutes", (Fate.MINUTES, "as t_slutt_min")),
        ("t_slutt", None, (Fate.MINUTES, "as t_slutt_min")),
        ("t_stans", "year", (Fate.PROTECTED, "year → two years together → four years together")),
    ],
)  # fmt: skip
def test_what_becomes_of_a_variable(
    project: Project,
    codebook: Codebook,
    hierarchies: dict[str, Hierarchy],
    name: str,
    detail: str | None,
    expected: tuple[Fate, str],
) -> None:
    told = planned(project, codebook, hierarchies, variables=(asked(name, detail),))
    assert fate(told, name) == expected


def test_what_is_used_on_the_way_says_for_what(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    cohort = project.cohort.model_copy(
        update={"conditions": (Condition(variable="sjokk_gitt", equals="1"),)}
    )
    told = planned(
        project,
        codebook,
        hierarchies,
        cohort=cohort,
        variables=(asked("t_rosc", "minutes"), asked("alder")),
        refused=(),
    )
    assert fate(told, "sjokk_gitt") == (Fate.USED, "chooses the cohort")
    assert fate(told, "event_type") == (Fate.USED, "chooses the cohort")
    assert fate(told, "t_anrop") == (Fate.USED, "minutes are counted from it")
    assert fate(told, "sperret") == (Fate.USED, "whom it concerns are left out")
    assert fate(told, "samtykke")[0] is Fate.NEVER
    assert fate(told, "alder")[1].endswith("; also chooses the cohort")
    assert "Only where “Defibrillated” is 1 (Yes)." in plan_text(told, "en")
    assert "Bare der «Defibrillert» er 1 (Ja)." in plan_text(told, "nb")


def test_without_minutes_nothing_is_counted_from_the_call(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    told = planned(project, codebook, hierarchies, variables=(asked("kjonn"),), refused=())
    assert fate(told, "t_anrop") == (Fate.NOT_APPLIED_FOR, "")


def test_consent_leaves_out_who_has_not_given_it(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    honour = (*project.legal_basis.honour, "samtykke")
    basis = type(project.legal_basis).model_validate(
        project.legal_basis.model_dump() | {"honour": honour}
    )
    told = planned(project, codebook, hierarchies, legal_basis=basis)
    assert fate(told, "samtykke") == (Fate.USED, "who has not given it is left out")
    assert "Uten dem som har ikke" not in plan_text(told, "nb")
    assert "Uten dem som ikke har samtykket." in plan_text(told, "nb")
    assert "Without those who have not given consent." in plan_text(told, "en")


def test_the_limits_are_told_in_numbers_and_words(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    limits = PrivacyLimits(k=7, l={"arsak": 3}, max_suppressed=0.025, weights={"alder": 2})
    told = planned(project, codebook, hierarchies, privacy=limits)
    en, nb = plan_text(told, "en").replace("\n  ", " "), plan_text(told, "nb").replace("\n  ", " ")
    assert "at least 7 persons share each combination of what is protected in classes (6)" in en
    assert "“Presumed cause” takes at least 3 values" in en
    assert "At most 2.5% of the events may be removed" in en
    assert "Høyst 2,5 % av hendelsene" in nb
    assert "«Antatt årsak» minst 3 ulike verdier" in nb
    assert "Alder ved hendelse (2)" in nb
    none = planned(project, codebook, hierarchies, privacy=PrivacyLimits(k=7, max_suppressed=0))
    assert "No event may be removed" in plan_text(none, "en")


def test_dates_recipient_and_cohort_are_told(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    text = " ".join(plan_text(planned(project, codebook, hierarchies), "en").split())
    for words in (
        "HDS-2026-0417",
        "2037-06-30",
        "(research institution, NO)",
        "out of hospital and in hospital from 2013-01-01 to 2024-12-31",
        "at least 18 years old",
        "these persons do not exist",
    ):
        assert words in text


def test_nothing_by_which_somebody_is_recognized(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    told = planned(project, codebook, hierarchies, variables=(asked("rosc_20"),))
    assert "all are in one class" in plan_text(told, "en")


def test_every_level_of_the_shipped_hierarchies_has_words(
    hierarchies: dict[str, Hierarchy],
) -> None:
    names = {name for hierarchy in hierarchies.values() for name in hierarchy.level_names}
    assert names - set(LEVELS) == set()


def test_every_kind_of_ground_and_decision_has_words() -> None:
    from typing import get_args

    from hsr_privacy.project.model import Approval, LegalBasis

    assert set(get_args(LegalBasis.model_fields["confidentiality"].annotation)) == set(GROUNDS)
    assert set(get_args(Approval.model_fields["kind"].annotation)) == set(APPROVALS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "by HMAC-SHA-256 of a random key per person"),
        ({"algorithm": "aes256-cmac"}, "can compute the person key back, and nobody else"),
        ({"persons": "running-number"}, "nine digits, drawn at random"),
    ],
)
def test_the_plan_says_plainly_who_could_undo_the_pseudonyms(
    change: dict[str, str], said: str
) -> None:
    from hsr_privacy.project.model import Pseudonyms
    from hsr_privacy.project.plan_text import _pseudonyms

    made = Pseudonyms.model_validate(change)
    assert said in _pseudonyms(made, lambda _nb, en: en)
    assert _pseudonyms(made, lambda nb, _en: nb) != _pseudonyms(made, lambda _nb, en: en)
