"""Every fault of an application is told with its line, and what the law forbids is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from hsr_privacy.codebook import Codebook, Treatment
from hsr_privacy.errors import ConfigError, ProjectRefused
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import load_project
from tests.applications import SAMPLE, TODAY, Load


def line_of(text: str) -> int:
    """Number of the one line of the sample that holds this text."""
    found = [n for n, line in enumerate(SAMPLE.splitlines(), 1) if text in line]
    assert len(found) == 1
    return found[0]


def test_the_sample_is_in_order(load: Load) -> None:
    project = load()
    assert project.case_number == "HDS-2026-0417"
    assert project.recipient.country == "NO"
    assert len(project.variables) == 28


FAULTS = [
    # what stands there, what somebody writes, where the fault is, what is said of it
    ("  k: 5", "  k: five", "privacy.k", "valid integer"),
    ("  min_age: 18", "  min_aeg: 18", "cohort.min_aeg", "unknown key; did you mean 'min_age'?"),
    ("  channel: TSD", "", "recipient", "'channel' is missing"),
    ("environment: test", "environment: demo", "environment", "'production' or 'test'"),
    ("purpose: research", "purpose: reserach", "purpose", "'research'"),
    (
        'org_no: "974760673"',
        'org_no: "974760674"',
        "institution.org_no",
        "the check digit of this organisation number is wrong",
    ),
    ("valid_to: 2036-12-31", "valid_to: 2026-01-31", "valid_to", "lies before 'valid_from'"),
    (
        "deletion_date: 2037-06-30",
        "deletion_date: 2036-06-30",
        "deletion_date",
        "lies before 'project_end'",
    ),
    ("last_day: 2024-12-31", "last_day: 2012-12-31", "cohort.last_day", "lies before 'first_day'"),
    ("  min_age: 18", "  min_age: -1", "cohort.min_age", "greater than or equal to 0"),
    (
        "event_types: [ohca, ihca]",
        "event_types: [ohca, ohca]",
        "cohort.event_types",
        "names a type twice",
    ),
    (
        "{name: amiodaron,",
        "{name: amiodraon,",
        "variables[22].name",
        "the codebook has no variable 'amiodraon'; did you mean 'amiodaron'?",
    ),
    (
        "{name: amiodaron,",
        "{name: alder,",
        "variables[22].name",
        "'alder' stands twice; first as number 5",
    ),
    (
        "{name: amiodaron,",
        "{name: fnr,",
        "variables[22].name",
        "'fnr' is a direct identifier and is never released",
    ),
    (
        "{name: amiodaron,",
        "{name: reservasjon,",
        "variables[22].name",
        "'reservasjon' decides who is in an extract",
    ),
    (
        "{name: amiodaron,",
        "{name: fodselsdato,",
        "variables[22].name",
        "'fodselsdato' is never released; ask for what is derived from it",
    ),
    (
        "{name: alder, detail: 10 years,",
        "{name: alder, detail: 10 yeras,",
        "variables[4].detail",
        "'alder' has no level '10 yeras'; did you mean '10 years'?; its levels, finest first: 1 year,",
    ),
    (
        "{name: t_rosc, detail: minutes,",
        "{name: t_rosc, detail: hours,",
        "variables[18].detail",
        "leave 'detail' out; a clock time is released as 'minutes'",
    ),
    (
        "{name: rosc_20, justification",
        "{name: rosc_20, detail: minutes, justification",
        "variables[23].detail",
        "'rosc_20' has no levels of detail; leave 'detail' out",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "weights: {alder: 2, rosc_20: 3}",
        "privacy.weights.rosc_20",
        "'rosc_20' is no quasi-identifier",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "weights: {alder: 2, sykehus: 3}",
        "privacy.weights.sykehus",
        "'sykehus' is not among the project's variables",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "l: {alder: 2}",
        "privacy.l.alder",
        "'alder' is not sensitive in the codebook",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "l: {mrs_utskr: 2}",
        "privacy.l.mrs_utskr",
        "'mrs_utskr' is not among the project's variables",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "scenarios: [neighbor]",
        "privacy.scenarios[0]",
        "has no scenario 'neighbor'; did you mean 'neighbour'?",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "scenarios: [neighbour, newspaper]",
        "privacy.scenarios[1]",
        "'newspaper' knows 'bevitnet', which is asked for, and it is no quasi-identifier",
    ),
    (
        "weights: {alder: 2, event_type: 3}",
        "method: local",
        "privacy.method",
        "joint",
    ),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), FAULTS)
def test_a_fault_is_told_with_its_line(
    load: Load, old: str, new: str, where: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load((old, new))
    (fault,) = caught.value.faults
    assert fault.where == where
    assert said in fault.problem
    # a missing key is told where its mapping begins
    moved = {"recipient": "recipient:"}
    assert fault.line == line_of(moved.get(where, old.strip()))


CONDITIONS = [
    ("{variable: rytme, equals: '1'}", "variable", "the codebook has no variable 'rytme'"),
    ("{variable: fnr, equals: '1'}", "variable", "never chosen by a direct identifier"),
    ("{variable: forste_rytme}", "", "give 'equals', 'one_of', 'at_least' or 'at_most'"),
    ("{variable: forste_rytme, equals: '55'}", "", "'forste_rytme' has no code 55"),
    ("{variable: forste_rytme, one_of: ['1', '66']}", "", "'forste_rytme' has no code 66"),
]


@pytest.mark.parametrize(("condition", "part", "said"), CONDITIONS)
def test_a_fault_of_a_condition_is_told_with_its_line(
    load: Load, condition: str, part: str, said: str
) -> None:
    good = "{variable: bevitnet, equals: '1'}"
    conditions = f"  min_age: 18\n  conditions:\n    - {good}\n    - {condition}"
    with pytest.raises(ConfigError) as caught:
        load(("  min_age: 18", conditions))
    (fault,) = caught.value.faults
    assert fault.where == ".".join(filter(None, ["cohort.conditions[1]", part]))
    assert said in fault.problem
    assert fault.line == line_of("min_age: 18") + 3


def test_a_good_condition_is_no_fault(load: Load) -> None:
    conditions = "  min_age: 18\n  conditions: [{variable: alder, at_most: 70}]"
    assert load(("  min_age: 18", conditions)).cohort.conditions[0].at_most == 70


def test_an_age_that_ends_before_it_begins(load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        load(("  min_age: 18", "  min_age: 18\n  max_age: 17"))
    (fault,) = caught.value.faults
    assert (fault.where, fault.problem) == ("cohort.max_age", "is below 'min_age'")
    assert fault.line == line_of("min_age: 18") + 1


def test_a_variable_that_is_dropped_by_default_needs_a_named_detail(
    tmp_path: Path, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    dropped = codebook["kjonn"].model_copy(update={"treatment": Treatment.DROP})
    variables = tuple(dropped if v.name == "kjonn" else v for v in codebook)
    path = tmp_path / "project.yaml"
    path.write_text(SAMPLE, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_project(
            path,
            codebook=replace(codebook, variables=variables),
            hierarchies=hierarchies,
            today=TODAY,
        )
    (fault,) = caught.value.faults
    assert fault.line == line_of("{name: kjonn,")
    assert "'kjonn' is released only with a named 'detail'; its levels, finest" in fault.problem


def test_all_faults_are_told_at_once_in_the_order_of_the_file(load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        load(
            ("{name: amiodaron,", "{name: amiodraon,"),
            ("last_day: 2024-12-31", "last_day: 2012-12-31"),
            ("weights: {alder: 2, event_type: 3}", "l: {alder: 2}"),
        )
    lines = [fault.line for fault in caught.value.faults]
    assert lines == sorted(lines)
    assert len(lines) == 3


REFUSALS = [
    (
        "valid_from: 2026-03-02",
        "valid_from: 2026-12-24",
        "valid_from",
        "not in force before 2026-12-24",
    ),
    ("valid_to: 2036-12-31", "valid_to: 2026-11-22", "valid_to", "expired on 2026-11-22"),
    ("date: 2026-01-20", "date: 2026-11-24", "approvals[1].date", "lies in the future"),
    *[
        (
            "type: research-institution",
            f"type: {kind}",
            "recipient.type",
            "not even with consent (helseregisterloven § 19 d)",
        )
        for kind in ("insurance", "employer", "prosecution", "court", "bank")
    ],
    ('country: "NO"', "country: US", "recipient.country", "is outside the EEA"),
    ("kind: rek", "kind: controller", "approvals", "needs a decision of REK"),
    (
        "identification_degree: indirect",
        "identification_degree: direct",
        "identification_degree",
        "does not release directly identifiable data",
    ),
    (
        "confidentiality: 19b",
        "confidentiality: 19e-dispensation",
        "legal_basis.confidentiality",
        "names a dispensation that is not in 'approvals'",
    ),
    (
        "confidentiality: 19b",
        "confidentiality: 19a-consent",
        "legal_basis.honour",
        "must hold samtykke",
    ),
    *[
        (
            "honour: [reservasjon, sperret, slettet]",
            f"honour: [{', '.join(rest)}]",
            "legal_basis.honour",
            f"must hold {gone}:",
        )
        for gone, rest in (
            ("reservasjon", ["sperret", "slettet"]),
            ("sperret", ["reservasjon", "slettet"]),
            ("slettet", ["reservasjon", "sperret"]),
        )
    ],
    ("  k: 5", "  k: 1", "privacy.k", "k of 1 protects nobody"),
    (
        "purpose: research",
        "purpose: marketing",
        "purpose",
        "this purpose is outside the register's; its purposes are: quality (monitor",
    ),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), REFUSALS)
def test_what_is_not_allowed_is_refused_with_its_line(
    load: Load, old: str, new: str, where: str, said: str
) -> None:
    with pytest.raises(ProjectRefused) as caught:
        load((old, new))
    (fault,) = caught.value.faults
    assert fault.where == where
    assert said in fault.problem
    # a list is told where it begins, a missing choice where the list of choices stands
    told = {"approvals": "kind: helsedataservice", "legal_basis.honour": "honour: ["}
    assert fault.line == line_of(told.get(where, old.strip())) - (where == "approvals")


def test_data_that_should_be_deleted_are_refused(load: Load) -> None:
    with pytest.raises(ProjectRefused) as caught:
        load(today=dt.date(2037, 6, 30))
    expired, deleted = caught.value.faults
    assert "expired on 2036-12-31" in expired.problem
    assert "the data should be deleted by today" in deleted.problem


def test_all_reasons_are_told_at_once(load: Load) -> None:
    with pytest.raises(ProjectRefused) as caught:
        load(("  k: 5", "  k: 1"), ('country: "NO"', "country: US"), ("kind: rek", "kind: dpia"))
    assert [fault.where for fault in caught.value.faults] == [
        "approvals",
        "privacy.k",
        "recipient.country",
    ]


ALLOWED = [
    [("valid_to: 2036-12-31", "valid_to: 2026-11-23")],
    [("valid_from: 2026-03-02", "valid_from: 2026-11-23")],
    [('country: "NO"', "country: SE")],
    [('country: "NO"', "country: US\n  third_country_ground: adequacy decision of 2023-07-10")],
    [("purpose: research", "purpose: quality"), ("kind: rek", "kind: controller")],
    [
        ("confidentiality: 19b", "confidentiality: 19e-dispensation"),
        ("kind: dpia", "kind: dispensation"),
    ],
    [
        ("confidentiality: 19b", "confidentiality: 19a-consent"),
        (
            "honour: [reservasjon, sperret, slettet]",
            "honour: [reservasjon, sperret, slettet, samtykke]",
        ),
    ],
    [("  k: 5", "  k: 2")],
]


@pytest.mark.parametrize("changes", ALLOWED)
def test_what_is_just_allowed_is_not_refused(load: Load, changes: list[tuple[str, str]]) -> None:
    assert load(*changes).title
