"""Each gate stops what it is there to stop, by looking at the rows themselves."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.errors import GateRefused
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.models import Scenario
from hsr_privacy.project import Project, load_project
from hsr_privacy.release import release_extract
from hsr_privacy.release.differences import Differencing
from hsr_privacy.release.dossier import People
from hsr_privacy.release.gates import Cleared, Exclusions, clear
from hsr_privacy.risk import assess
from hsr_privacy.synthesis import synthesize_register
from hsr_privacy.validation import Finding, ValidationReport

TODAY = dt.date(2026, 11, 23)
NUMBER = "05815099999"  # month + 80: it belongs to nobody


@dataclass(frozen=True)
class Released:
    """A release that passed, to be spoilt."""

    cleared: Cleared
    project: Project
    file: Path

    def again(self, table: pl.DataFrame | None = None, **changes: Any) -> Cleared:
        """Clear once more, with other rows or other judgements."""
        prepared = self.cleared.prepared
        arguments: dict[str, Any] = {
            "project": self.project,
            "project_file": self.file,
            "risk": self.cleared.risk,
            "suite": self.cleared.suite,
            "validation": self.cleared.validation,
            "exclusions": Exclusions(persons=3, events_left=0),
            "differencing": Differencing(5, 0, 0, ()),
            "people": People.SEVERAL,
            "files": ["hospital.csv"],
            "today": TODAY,
        }
        changed = prepared if table is None else replace(prepared, table=table)
        return clear(changed, **{**arguments, **changes})

    def spoil(self, **changes: Any) -> Released:
        """The same with other facts about how its rows were made."""
        prepared = replace(self.cleared.prepared, **changes)
        return replace(self, cleared=replace(self.cleared, prepared=prepared))

    @property
    def table(self) -> pl.DataFrame:
        return self.cleared.prepared.table

    def findings(self, table: pl.DataFrame | None = None, **changes: Any) -> str:
        with pytest.raises(GateRefused) as caught:
            self.again(table, **changes)
        text = str(caught.value)
        assert "nothing was written" in text
        assert NUMBER not in text
        return text


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Released:
    folder = tmp_path_factory.mktemp("release")
    synthesize_register(folder / "deliveries", events=2000, first_year=2020, last_year=2022, seed=4)
    file = folder / "project.yaml"
    shutil.copyfile(shipped("configs", "projects", "bystander-cpr-survival.yaml"), file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("max_suppressed: 0.02", "max_suppressed: 0.10"), encoding="utf-8")
    ring = KeyRing.create(
        folder / "register.keyring",
        "seven quiet herons wade north",
        registry_id="T",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    done = release_extract(
        file, source=folder / "deliveries", ring=ring, out=folder / "extract", today=TODAY
    )
    project = load_project(file, codebook=codebook, hierarchies=load_hierarchies(), today=TODAY)
    return Released(done.cleared, project, file)


def spoilt(table: pl.DataFrame, column: str, row: int, value: Any) -> pl.DataFrame:
    values = table[column].to_list()
    values[row] = value
    return table.with_columns(pl.Series(column, values, dtype=table[column].dtype))


def test_what_passed_passes_again(released: Released) -> None:
    assert all(gate.passed for gate in released.again().gates)
    assert [gate.id for gate in released.again().gates] == [f"G{n}" for n in range(1, 8)]


def test_g1_an_approval_that_is_not_in_force(released: Released) -> None:
    assert "gate G1" in released.findings(today=dt.date(2037, 1, 1))
    assert "date of deletion" in released.findings(today=dt.date(2037, 7, 1))


def test_g2_a_column_that_nobody_approved(released: Released) -> None:
    told = released.findings(released.table.with_columns(pl.lit(1).alias("hpr_nr")))
    assert "column 'hpr_nr' is not approved" in told


def test_g2_a_value_finer_than_approved(released: Released) -> None:
    told = released.findings(spoilt(released.table, "alder", 7, "73"))
    assert "column 'alder' holds 1 value(s) finer than the approved level '10 years'" in told
    assert "'73'" not in told


@pytest.mark.parametrize("text", [NUMBER, f"kari {NUMBER}", "058150 99999", "058150-99999"])
def test_g3_an_identifier_in_a_text(released: Released, text: str) -> None:
    told = released.findings(spoilt(released.table, "arsak", 3, text))
    assert "column 'arsak': 1 cell(s) look like national identifiers" in told


def test_g3_an_identifier_as_a_number(released: Released) -> None:
    numbers = pl.Series("bevitnet", [int("1" + NUMBER[1:])] * released.table.height)
    told = released.findings(released.table.with_columns(numbers))
    assert "column 'bevitnet'" in told


def test_g3_an_identifier_in_the_name_of_a_file(released: Released) -> None:
    told = released.findings(files=["hospital.csv", f"hospital-{NUMBER}.csv"])
    assert "the names of 1 delivered file(s)" in told


def test_g4_somebody_who_said_no(released: Released) -> None:
    told = released.findings(exclusions=Exclusions(persons=3, events_left=2))
    assert "2 event(s) of persons who must be left out" in told


def test_g5_an_expectation_that_does_not_hold(released: Released) -> None:
    finding = Finding("x.codes", "x", "error", False, 9, 0, 1, "", "nb", "only codes")
    warning = replace(finding, id="y.plausible", severity="warning")
    told = released.findings(validation=ValidationReport("extract", (finding, warning)))
    assert "gate G5" in told
    assert "x.codes: only codes (1 of 9 do not)" in told
    assert "y.plausible" not in told


def test_g6_a_class_that_is_too_small(released: Released) -> None:
    table = spoilt(released.table, "kjonn", 0, 999)
    risk = assess(
        table, quasi_identifiers=released.cleared.prepared.quasi_identifiers, person="person_lnr"
    )
    told = released.findings(table, risk=risk)
    assert "the project asks for 5" in told


def test_g6_too_much_was_suppressed(released: Released) -> None:
    prepared = released.cleared.prepared
    assert prepared.solution is not None
    solution = replace(prepared.solution, suppressed_rows=released.table.height)
    told = released.spoil(solution=solution).findings()
    assert "rows were suppressed, more than the project allows" in told


def test_g6_a_scenario_that_is_not_withstood(released: Released) -> None:
    everybody = Scenario("neighbour", ("kjonn", "alder"), k=10**6)
    told = released.spoil(scenarios=(everybody,)).findings()
    assert "what the scenario 'neighbour' knows fits" in told
    assert "and must fit 1000000" in told


def test_the_mask_names_just_the_values_that_read_as_removed(released: Released) -> None:
    masks = released.table["fjernede_verdier"].str.split(",").fill_null([])
    removed = released.cleared.prepared.suppressed_cells
    assert sum(removed.values()) > 0
    for name, cells in removed.items():
        reads = (released.table[name].cast(pl.String) == "998").fill_null(value=False)
        assert reads.to_list() == masks.list.contains(name).to_list()
        assert reads.sum() == cells


def test_g6_nothing_is_left(released: Released) -> None:
    assert "no row is left" in released.findings(released.table.clear())


def test_g7_a_pseudonym_that_is_none(released: Released) -> None:
    first = released.table["person_lnr"][0]
    other = ("0" if first[5] != "0" else "1").join([first[:5], first[6:]])
    told = released.findings(spoilt(released.table, "person_lnr", 0, other))
    assert "column 'person_lnr': 1 value(s) are no pseudonyms" in told
    assert other not in told


def test_g7_an_event_twice(released: Released) -> None:
    double = pl.concat([released.table.head(1), released.table])
    assert "two events share a pseudonym" in released.findings(double)


def test_g7_rows_in_an_order_that_may_say_something(released: Released) -> None:
    told = released.findings(released.table.sort("person_lnr"))
    assert "the rows are not in the order of their pseudonyms" in told


def test_every_finding_is_told_at_once(released: Released) -> None:
    told = released.findings(
        released.table.clear(), exclusions=Exclusions(persons=1, events_left=1)
    )
    assert "gate G4" in told
    assert "gate G6" in told
