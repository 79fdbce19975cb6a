"""What a project itself expects of its extract is asked, or refused with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.cli.main import run
from hsr_privacy.codebook import Range
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Label, load
from hsr_privacy.errors import ConfigError
from hsr_privacy.project import Project
from hsr_privacy.project.model import OwnExpectation
from hsr_privacy.validation import (
    ColumnRule,
    columns_of_project,
    extract_suite,
    own_faults,
    project_suite,
    require_own,
    validate,
)

LABEL = Label(nb="krav", en="demand")
SAMPLE = shipped("configs", "projects", "bystander-cpr-survival.yaml")
WANTED = """
expectations:
  - id: few-shocks
    kind: expect_column_values_to_be_between
    column: shocks
    kwargs: {min_value: 0, max_value: 3, mostly: 0.5}
    severity: warning
    text: {nb: få sjokk, en: few shocks}
  - id: oslo
    kind: expect_condition_to_imply
    kwargs: {when: {place: ["0301"]}, then: {shocks: [1, 2]}}
    text: {nb: Oslo, en: Oslo}
"""


def own(**given: Any) -> OwnExpectation:
    return OwnExpectation(**{"id": "one", "text": LABEL, **given})


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "project.yaml"
    path.write_text(SAMPLE.read_text(encoding="utf-8") + WANTED, encoding="utf-8")
    return path


def test_a_projects_own_expectations_are_asked_with_numbers_and_texts_apart(written: Path) -> None:
    rules = [
        ColumnRule("shocks", "integer", LABEL, range=Range(min=0, max=40)),
        ColumnRule("place", "text", LABEL),
    ]
    suite = extract_suite(
        rules, k=1, quasi_identifiers=[], person=None, own=load(written, Project).expectations
    )
    data = pl.DataFrame({"shocks": [1, 9, 9], "place": ["0301", "0301", "301"]})
    report = validate(data, suite)
    failed = {f.id: (f.severity, f.unexpected) for f in report.findings if not f.passed}
    assert failed == {"project.few-shocks": ("warning", 2), "project.oslo": ("error", 1)}


def test_the_sample_project_has_nothing_wrong(codebook: Any) -> None:
    project = load(SAMPLE, Project)
    columns = columns_of_project(project, codebook=codebook, hierarchies=load_hierarchies())
    assert columns[:2] == ("person_lnr", "event_lnr")
    assert own_faults(project.expectations, columns) == ()


@pytest.mark.parametrize(
    ("expectation", "place", "said"),
    [
        (own(kind="expect_column_values_to_be_betwen", column="a"), "kind", "did you mean"),
        (own(kind="expect_column_values_to_be_unique", column="b"), "column", "no column 'b'"),
        (
            own(kind="expect_times_to_be_ordered", kwargs={"columns": ["a", "c"]}),
            "kwargs",
            "no column 'c'",
        ),
        (
            own(kind="expect_column_values_to_be_unique", column="a", kwargs={"more": "x"}),
            "kwargs",
            "'more'",
        ),
    ],
)
def test_an_expectation_that_cannot_be_asked_is_a_fault(
    expectation: OwnExpectation, place: str, said: str
) -> None:
    (fault,) = own_faults([expectation], ["a"])
    assert fault[0] == ("expectations", 0, place)
    assert said in fault[1]


def test_an_id_that_stands_twice_is_a_fault() -> None:
    one = own(kind="expect_column_values_to_be_unique", column="a")
    ((where, problem),) = own_faults([one, one], ["a"])
    assert (where, problem) == (("expectations", 1, "id"), "'one' stands twice; rename one")


def test_faults_are_told_with_their_line(
    written: Path, codebook: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    project = load(written, Project)
    with pytest.raises(ConfigError) as caught:
        require_own(written, project, codebook=codebook, hierarchies=load_hierarchies())
    lines = written.read_text(encoding="utf-8").split("\n")
    told = [lines[fault.line - 1].strip()[:7] for fault in caught.value.faults]
    assert told == ["column:", "kwargs:", "kwargs:"]
    assert run(["project", "check", str(written)]) == 10
    assert "the extract has no column 'shocks'" in capfd.readouterr().err


def test_a_projects_suite_lets_protection_choose_any_coarser_level(codebook: Any) -> None:
    suite = project_suite(load(SAMPLE, Project), codebook=codebook, hierarchies=load_hierarchies())
    by_id = {e.id: e for e in suite.expectations}
    assert by_id["alder.precision"].kwargs == {
        "hierarchy": "age",
        "level": "10 years",
        "also": ["998"],
    }
    assert "alder.type" not in by_id
    assert by_id["table.order"].kwargs == {"by": "event_lnr"}
    assert by_id["classes.persons"].kwargs["k"] == 5
