"""The schema of risk.json: every audit keeps to it, and what does not is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.auditing import Asked, Limits, audit
from hsr_privacy.auditing.machines import as_machines
from hsr_privacy.auditing.reading import evidence_of_table
from hsr_privacy.auditing.writing import as_text
from hsr_privacy.models import Scenario, load_attackers
from tests.unit.auditing.tables import audited

ROOT = Path(__file__).parents[3]
ADULT = ROOT / "examples" / "adult"
SCHEMA = json.loads((ROOT / "docs" / "reference" / "risk.schema.json").read_text(encoding="utf-8"))


def faults(machines: dict[str, Any]) -> list[str]:
    """What a result does not keep to, by its place."""
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(SCHEMA).iter_errors(machines)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    """Of a table without a project and without its original, as it is read again."""
    told: dict[str, Any] = json.loads(as_text(as_machines(audited(Limits(k=6)))))
    return told


def test_the_schema_is_one() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "risk.schema.json"


def test_everything_in_the_schema_says_what_it_is() -> None:
    for name, one in SCHEMA["properties"].items():
        assert one["title"], name
        assert one["description"].endswith("."), name


def test_a_table_on_its_own_keeps_to_it(alone: dict[str, Any]) -> None:
    assert faults(alone) == []
    assert alone["news"] is None
    assert alone["scenarios"] == []


def test_adult_with_its_original_keeps_to_it(tmp_path: Path) -> None:
    rows = pl.read_csv(ADULT / "adult.csv", separator=";", infer_schema=False).head(1500)
    rows = rows.with_row_index("row").with_columns(pl.col("row").cast(pl.String))
    rows.write_csv(tmp_path / "before.csv", separator=";")
    rows.head(1400).write_csv(tmp_path / "after.csv", separator=";")
    evidence = evidence_of_table(
        tmp_path / "after.csv",
        quasi_identifiers=["sex", "age", "race"],
        sensitive=["salary-class"],
        event="row",
        hierarchies=ADULT / "hierarchies",
        original=tmp_path / "before.csv",
        limits=Limits(
            k=5,
            l={"salary-class": 2},
            max_suppressed=0.05,
            scenarios=(Scenario("neighbour", ("sex", "race"), 5),),
        ),
    )
    found = as_machines(audit(evidence, Asked(attackers=load_attackers())))
    assert faults(json.loads(as_text(found))) == []
    assert found["utility"]["losses"]["suppressed_rows"] == pytest.approx(100 / 1500, abs=1e-6)


@pytest.mark.parametrize("key", sorted(SCHEMA["properties"]))
def test_a_key_that_is_left_out_is_found(alone: dict[str, Any], key: str) -> None:
    told = {name: value for name, value in alone.items() if name != key}
    assert [fault for fault in faults(told) if f"'{key}' is a required property" in fault]


def test_a_key_that_nobody_knows_is_found(alone: dict[str, Any]) -> None:
    (fault,) = faults(alone | {"rows_of_it": []})
    assert "rows_of_it" in fault


@pytest.mark.parametrize("word", ["maybe", "YES", "", "cannot_tell"])
def test_an_answer_that_is_none_is_found(alone: dict[str, Any], word: str) -> None:
    (fault,) = faults(alone | {"verdict": alone["verdict"] | {"answer": word}})
    assert fault.startswith("verdict/answer")


@pytest.mark.parametrize(
    ("key", "value"), [("k", -1), ("rows", 0), ("rows", "22"), ("format", "hsr-risk/2")]
)
def test_a_figure_that_cannot_be_is_found(alone: dict[str, Any], key: str, value: object) -> None:
    (fault,) = faults(alone | {key: value})
    assert fault.startswith(key)
