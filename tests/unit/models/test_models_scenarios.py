"""Scenarios: what is read from files, and how they are cut to a table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hsr_privacy.errors import ConfigError, DataError
from hsr_privacy.models import Scenario, fitting, load_scenarios

NEIGHBOUR = Scenario("neighbour", ("kjonn", "alder", "sted"), 5)
NEWSPAPER = Scenario("newspaper", ("sted", "bevitnet"), 10)
LABEL = "label: {nb: En nabo, en: A neighbour}"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "scenarios.yaml"
    path.write_text("\n".join(("scenarios:", *lines, "")), encoding="utf-8")
    return path


def test_the_shipped_scenarios_are_read() -> None:
    found = load_scenarios()

    assert [(one.label, one.k) for one in found] == [
        ("neighbour", 5),
        ("newspaper", 5),
        ("colleague", 10),
        ("ex_partner", 5),
        ("other_extract", 5),
    ]
    assert {"kjonn", "alder", "bostedskommune", "hendelse_aar"} <= set(found[2].columns)


def test_the_shipped_scenarios_know_columns_of_the_codebook(codebook: object) -> None:
    known = {variable.name for variable in codebook.variables}  # type: ignore[attr-defined]

    assert {name for one in load_scenarios() for name in one.columns} <= known


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, f"  - {{name: neighbour, {LABEL}, knows: [kjonn, alder], k: 3}}")

    assert load_scenarios(path) == (Scenario("neighbour", ("kjonn", "alder"), 3),)


def test_a_name_that_stands_twice_is_told_of_with_its_line(tmp_path: Path) -> None:
    one = f"  - {{name: neighbour, {LABEL}, knows: [kjonn], k: 3}}"

    with pytest.raises(ConfigError, match="names a scenario twice") as caught:
        load_scenarios(write(tmp_path, one, one))
    assert "scenarios.yaml:3" in str(caught.value)
    assert "'neighbour' stands twice" in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        f"  - {{name: neighbour, {LABEL}, knows: [], k: 3}}",
        f"  - {{name: neighbour, {LABEL}, knows: [kjonn], k: 0}}",
        f"  - {{name: neighbour, {LABEL}, knows: [kjonn]}}",
        "  - {name: neighbour, knows: [kjonn], k: 3}",
        f"  - {{name: neighbour, {LABEL}, knows: [kjonn], k: 3, l: 2}}",
        "  []",
    ],
)
def test_a_scenario_that_means_nothing_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=re.escape("scenarios.yaml")):
        load_scenarios(write(tmp_path, line))


def test_what_the_table_does_not_hold_is_of_no_use_to_an_attacker() -> None:
    found = fitting([NEIGHBOUR], ["alder", "kjonn"], ["kjonn", "alder", "utfall"])

    assert found == (Scenario("neighbour", ("kjonn", "alder"), 5),)


def test_a_scenario_of_which_nothing_is_left_is_left_out() -> None:
    found = fitting([NEIGHBOUR, NEWSPAPER], ["kjonn"], ["kjonn", "utfall"])

    assert found == (Scenario("neighbour", ("kjonn",), 5),)


def test_what_an_attacker_knows_and_the_table_holds_must_be_a_quasi_identifier() -> None:
    message = (
        "scenario 'newspaper' knows 'bevitnet', which the table holds and which is no "
        "quasi-identifier; add it to them or leave the column out"
    )

    with pytest.raises(DataError, match=re.escape(message)):
        fitting([NEIGHBOUR, NEWSPAPER], ["kjonn", "alder", "sted"], ["alder", "sted", "bevitnet"])
