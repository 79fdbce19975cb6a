"""Registered analyses: every fault is told with its line, and what a coarse text answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import (
    Answers,
    LogisticAnalysis,
    Predictor,
    Project,
    SurvivalAnalysis,
    YesOrNo,
    answers_of,
    in_columns,
    load_project,
    released_variables,
    variables_of,
)

TODAY = dt.date(2026, 11, 23)
SAMPLE = shipped("configs", "projects", "bystander-cpr-survival.yaml").read_text(encoding="utf-8")
START, END = SAMPLE.index("analyses:\n"), SAMPLE.index("privacy:\n")

Load = Callable[[str], Project]


@pytest.fixture(scope="module")
def hierarchies() -> dict[str, Hierarchy]:
    return load_hierarchies()


@pytest.fixture
def load(tmp_path: Path, codebook: Codebook, hierarchies: dict[str, Hierarchy]) -> Load:
    """Load the sample with other analyses."""

    def written(analyses: str) -> Project:
        path = tmp_path / "project.yaml"
        path.write_text(f"{SAMPLE[:START]}analyses:\n{analyses}\n{SAMPLE[END:]}", encoding="utf-8")
        return load_project(path, codebook=codebook, hierarchies=hierarchies, today=TODAY)

    return written


def survival(**parts: str) -> str:
    """One analysis of survival, with parts changed or added."""
    found = {
        "name": "survival",
        "kind": "survival",
        "label": "{nb: x, en: x}",
        "outcome": '{variable: overlevd_30d, values: ["1"]}',
    } | parts
    lines = [f"{key}: {text}" for key, text in found.items()]
    return "  - " + "\n    ".join(lines)


def test_the_sample_registers_three(load: Load) -> None:
    project = load(SAMPLE[START:END].removeprefix("analyses:\n"))
    assert [one.kind for one in project.analyses] == ["survival", "odds-ratio", "logistic"]


def test_a_project_needs_none(load: Load) -> None:
    assert load("  []").analyses == ()


FAULTS = [
    # what somebody writes, where the fault is, what is said of it
    (
        {"outcome": '{variable: mrs_utskr, values: ["1"]}'},
        "outcome.variable",
        "'mrs_utskr' is not among the project's variables",
    ),
    (
        {"outcome": '{variable: overlevd_30, values: ["1"]}'},
        "outcome.variable",
        "did you mean 'overlevd_30d'?",
    ),
    (
        {"outcome": '{variable: overlevd_30d, values: ["2"]}'},
        "outcome.variable",
        "'overlevd_30d' has no value '2'",
    ),
    (
        {"outcome": '{variable: tilskuer_hlr, values: ["jaa"]}'},
        "outcome.variable",
        "'tilskuer_hlr' has no value 'jaa'; did you mean 'ja'?",
    ),
    (
        {"outcome": '{variable: overlevd_30d, values: ["998"]}'},
        "outcome.variable",
        "'overlevd_30d' has no value '998'",
    ),
    ({"outcome": "{variable: overlevd_30d}"}, "outcome", "say what is a yes"),
    (
        {"outcome": "{variable: overlevd_30d, at_least: 1}"},
        "outcome.variable",
        "'overlevd_30d' is no number; name the 'values' that are a yes",
    ),
    (
        {"outcome": '{variable: forste_rytme, values: ["1"]}'},
        "outcome.variable",
        "in the detail 'shockable or not', where 'sjokkbar' is both a yes and a no",
    ),
    (
        {"where": "[{variable: alder, at_least: 70}]"},
        "where[0].variable",
        "in the detail '10 years', where '65-74 år' is both a yes and a no",
    ),
    ({"by": "[kjonn, sykehus]"}, "by[1]", "'sykehus' is not among the project's variables"),
    ({"by": "[t_rosc]"}, "by[0]", "'t_rosc' has no levels, so there are no groups by it"),
    ({"time": "alder"}, "time", "'alder' does not leave as a number"),
    ({"kind": "survivel"}, "", "'survivel'"),
    ({"exposure": "{variable: kjonn}"}, "exposure", "unknown key"),
    ({"name": "Survival!"}, "name", "match"),
    (
        {"outcome": '{variable: overlevd_30d, values: ["1"], against: ["1"]}'},
        "outcome",
        "stands in 'values' and in 'against'",
    ),
]


@pytest.mark.parametrize(("parts", "where", "said"), FAULTS)
def test_a_fault_is_told_with_its_line(
    load: Load, parts: dict[str, str], where: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(survival(**parts))
    (fault,) = caught.value.faults
    assert said in fault.problem
    assert fault.where.startswith("analyses[0]")
    assert fault.where.endswith(where)
    first = SAMPLE[:START].count("\n") + 2
    keys = [*dict.fromkeys(["name", "kind", "label", "outcome", *parts])]
    expected = next((at for at, key in enumerate(keys) if key in parts), 0)
    assert fault.line == first + (expected if where else 0)


def test_two_analyses_have_two_names(load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{survival()}\n{survival()}")
    (fault,) = caught.value.faults
    assert fault.where == "analyses[1].name"
    assert "'survival' stands twice; first as number 1" in fault.problem


def test_what_the_approved_detail_tells_apart_is_no_fault(load: Load) -> None:
    shockable = '{variable: forste_rytme, values: ["1", "2", "5"]}'
    older = "{variable: alder, at_least: 65}"
    north = "{variable: bostedskommune, values: [Helse Nord]}"
    project = load(survival(outcome=shockable, where=f"[{older}, {north}]"))
    assert variables_of(project.analyses[0]) == ("forste_rytme", "alder", "bostedskommune")


def test_clock_times_are_named_by_their_variable_and_run_on_their_column(
    load: Load, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    project = load(survival(time="t_rosc", at="30"))
    variables = released_variables(
        [(one.name, one.detail) for one in project.variables],
        codebook=codebook,
        hierarchies=hierarchies,
    )
    (analysis,) = in_columns(project.analyses, variables)
    assert isinstance(analysis, SurvivalAnalysis)
    assert analysis.time == "t_rosc_min"
    assert analysis.outcome == project.analyses[0].outcome


ANSWERS = [
    # what is asked, on which level of which hierarchy, what its texts answer
    (
        Answers(variable="x", values=("1", "2", "5")),
        ("rhythm", 1),
        {"sjokkbar": "yes", "ikke sjokkbar": "no", "999": "left-out", "888": "left-out"},
    ),
    (
        Answers(variable="x", values=("1",), against=("3",)),
        ("rhythm", 0),
        {"1": "yes", "3": "no", "4": "left-out", "999": "left-out"},
    ),
    (Answers(variable="x", values=("1",)), ("rhythm", 1), {"sjokkbar": "mixed"}),
    (
        Answers(variable="x", values=("sjokkbar",)),
        ("rhythm", 0),
        {"5": "yes", "4": "no"},
    ),
    (
        Answers(variable="x", values=("1",), against=("0", "888"), missing="no"),
        ("bystander_cpr", 0),
        {"888": "no", "999": "no", "1": "yes", "2": "left-out"},
    ),
    (
        Answers(variable="x", at_least=65, at_most=84),
        ("age", 3),
        {"65-74 år": "yes", "85+ år": "no", "999": "left-out"},
    ),
    (Answers(variable="x", at_most=60), ("age", 3), {"55-64 år": "mixed", "45-54 år": "yes"}),
    (Answers(variable="x", values=("I21",)), ("icd10", 0), {"I21.0": "yes", "I20": "no"}),
    (Answers(variable="x", values=("I21",)), ("icd10", 2), {"I": "mixed", "J": "no"}),
    (Answers(variable="x", values=("2020",)), ("event_date", 0), {"2020-02-03": "yes"}),
]


@pytest.mark.parametrize(("asked", "place", "answers"), ANSWERS)
def test_a_coarse_text_answers_as_all_of_its_values_do(
    hierarchies: dict[str, Hierarchy],
    asked: Answers,
    place: tuple[str, int],
    answers: dict[str, str],
) -> None:
    tree = hierarchies[place[0]]
    assert answers_of(asked, answers, hierarchy=tree, level=place[1]) == answers


def test_a_predictor_with_values_is_a_yes_or_a_no() -> None:
    predictor = Predictor(variable="sex", values=("2",), per=10, reference="1")
    assert predictor.yes_or_no == YesOrNo(variable="sex", values=("2",))
    assert Predictor(variable="sex").yes_or_no is None


def test_a_regression_has_a_predictor() -> None:
    with pytest.raises(ValueError, match="predictors"):
        LogisticAnalysis.model_validate(
            {
                "name": "one",
                "label": {"nb": "x", "en": "x"},
                "outcome": {"variable": "x", "values": ["1"]},
                "predictors": [],
            }
        )
