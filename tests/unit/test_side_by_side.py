"""Applied for, approved and delivered stand side by side, each as it is."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.extract import Extract
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import Project, ReleasedVariable, load_project, released_variables
from hsr_privacy.release.application import Application
from hsr_privacy.release.prepare import Prepared
from hsr_privacy.release.side_by_side import (
    HEADLINES,
    Delivered,
    Row,
    Verdict,
    rows_of,
    side_by_side,
)

SAMPLE = shipped("configs", "projects", "bystander-cpr-survival.yaml")


@pytest.fixture(scope="module")
def hierarchies() -> dict[str, Hierarchy]:
    return load_hierarchies()


@pytest.fixture(scope="module")
def project(codebook: Codebook, hierarchies: dict[str, Hierarchy]) -> Project:
    day = dt.date(2026, 11, 23)
    return load_project(SAMPLE, codebook=codebook, hierarchies=hierarchies, today=day)


@pytest.fixture(scope="module")
def variables(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> tuple[ReleasedVariable, ...]:
    approved = [(one.name, one.detail) for one in project.variables]
    return released_variables(approved, codebook=codebook, hierarchies=hierarchies)


def rows(
    project: Project,
    variables: tuple[ReleasedVariable, ...],
    codebook: Codebook,
    delivered: Delivered | None = None,
) -> dict[str, Row]:
    found = side_by_side(project, variables, delivered or Delivered(), codebook=codebook)
    return {row.variable: row for row in found}


def test_every_variable_of_the_application_has_one_row(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    found = rows(project, variables, codebook)
    approved = [one.name for one in project.variables]
    assert list(found) == approved + [one.name for one in project.refused]


def test_what_leaves_as_approved_says_so_and_gives_no_reason(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    found = rows(project, variables, codebook)
    sex, shock = found["kjonn"], found["sjokk_gitt"]
    assert (sex.verdict, sex.because, sex.delivered) == (Verdict.AS_APPROVED, None, sex.approved)
    assert (shock.applied.en, shock.approved, shock.delivered) == (
        "as recorded",
        shock.applied,
        shock.applied,
    )


def test_what_was_made_coarser_says_why(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    row = rows(project, variables, codebook, Delivered({"alder": 4}, rows=100))["alder"]
    assert row.verdict is Verdict.COARSER
    assert [one and one.en for one in (row.applied, row.approved, row.delivered)] == [
        "single years",
        "ten-year bands",
        "four age groups",
    ]
    assert row.because is not None
    assert "fewer than 5 persons would have shared" in row.because.en
    assert row.reduced
    assert row.reason == next(one.reason for one in project.variables if one.name == "alder")


def test_removed_values_are_counted(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    delivered = Delivered({"alder": 3, "sted": 2}, {"alder": 12, "sted": 0}, rows=1234)
    found = rows(project, variables, codebook, delivered)
    age = found["alder"]
    assert (age.verdict, age.cells_removed) == (Verdict.VALUES_REMOVED, 12)
    assert age.because is not None
    assert age.because.en.startswith("12 of 1\u202f234 values are removed")
    assert found["sted"].verdict is Verdict.AS_APPROVED
    both = rows(project, variables, codebook, Delivered({"alder": 4}, {"alder": 12}, rows=1234))
    told = both["alder"].because
    assert both["alder"].verdict is Verdict.COARSER
    assert told is not None
    assert told.en.endswith("also 12 of 1\u202f234 values are removed")


def test_a_column_that_tells_nothing_any_more_is_removed(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    row = rows(project, variables, codebook, Delivered({"kjonn": 1}, rows=10))["kjonn"]
    assert (row.verdict, row.delivered and row.delivered.nb) == (Verdict.REMOVED, "fjernet")


def test_what_is_finer_than_approved_is_never_called_anything_else(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    delivered = Delivered({"alder": 2, "arsak": 0}, {"alder": 5}, rows=10)
    found = rows(project, variables, codebook, delivered)
    assert found["alder"].verdict is found["arsak"].verdict is Verdict.FINER
    assert found["alder"].because is not None
    assert "G2" in found["alder"].because.nb


def test_a_refused_variable_has_a_reason_and_no_column(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    row = rows(project, variables, codebook)["t_anrop"]
    assert (row.verdict, row.column, row.approved, row.delivered) == (
        Verdict.REFUSED,
        None,
        None,
        None,
    )
    assert row.reason == project.refused[0].reason


def test_the_rows_are_plain_json(
    project: Project, variables: tuple[ReleasedVariable, ...], codebook: Codebook
) -> None:
    told = [row.to_json() for row in rows(project, variables, codebook).values()]
    assert json.loads(json.dumps(told)) == told
    age = next(one for one in told if one["variable"] == "alder")
    assert age["applied"] == {"nb": "hele år", "en": "single years"}
    assert age["verdict"] == "as approved"


def test_an_extract_is_described_by_its_levels_and_no_cell(
    project: Project,
    variables: tuple[ReleasedVariable, ...],
    codebook: Codebook,
    hierarchies: dict[str, Hierarchy],
) -> None:
    table = pl.DataFrame({"alder": ["18-24 år"] * 3})
    prepared = Prepared(table, Extract.of(table), variables, None)
    application = Application(project, Path(SAMPLE), codebook, hierarchies, variables)
    found = rows_of(prepared, application)
    assert found == side_by_side(
        project, variables, Delivered(prepared.released_levels, {}, 3), codebook=codebook
    )
    assert "18-24" not in json.dumps([row.to_json() for row in found])


def test_every_verdict_has_two_languages() -> None:
    assert set(HEADLINES) == set(Verdict)
    assert all(label.nb != label.en for label in HEADLINES.values())
