"""No masking passes for k-anonymity: not in its step, not in its result, not before protect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from hsr_privacy.anonymity import PrivacyPlan, anonymize, protect
from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, Step
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.masking import (
    NO_K_ANONYMITY,
    Masking,
    add_noise_with_masking,
    code_extremes_with_masking,
    microaggregate_with_masking,
    parse_numbers,
    pram_with_masking,
    round_values_with_masking,
    sample_with_masking,
)
from hsr_privacy.models import KAnonymity

Verb = Callable[[Extract], tuple[Extract, Masking]]
DATA = pl.DataFrame({"age": [1, 1, 2, 2, 3, 3], "town": ["a", "a", "b", "b", "a", "b"]})
AGE = from_rows("age", [(str(age), "*") for age in range(1, 4)])
TOWN = from_rows("town", [("a", "*"), ("b", "*")])

MISLEADING: dict[str, tuple[str, Verb]] = {
    "microaggregate": ("age", lambda e: microaggregate_with_masking(e, "age", size=2)),
    "add noise": ("age", lambda e: add_noise_with_masking(e, "age", scale=1.0, seed=None)),
    "pram": ("town", lambda e: pram_with_masking(e, "town", stay=0.8, seed=None)),
}
HONEST: dict[str, Verb] = {
    "round": lambda e: round_values_with_masking(e, "age", base=1),
    "sample": lambda e: sample_with_masking(e, share=1.0, seed=None),
    "code extremes": lambda e: code_extremes_with_masking(e, "age", top=3),
}
ALL: dict[str, Verb] = HONEST | {name: verb for name, (_, verb) in MISLEADING.items()}


@pytest.mark.parametrize("name", ALL)
def test_every_masking_says_that_it_is_no_k_anonymity(name: str) -> None:
    extract, masking = ALL[name](Extract.of(DATA))
    step = extract.steps[-1]
    assert (masking.method, step.name) == (name, name)
    assert step.notes["k-anonymity"] == f"none: {NO_K_ANONYMITY}"
    told = masking.as_json()
    assert told["k_anonymity"] is None
    assert told["k_anonymity_reason"] == NO_K_ANONYMITY


@pytest.mark.parametrize("name", MISLEADING)
def test_protect_refuses_a_quasi_identifier_that_was_masked(name: str) -> None:
    column, verb = MISLEADING[name]
    extract = verb(Extract.of(DATA))[0]
    extract = extract.then(extract.frame, Step("something else"))
    plan = PrivacyPlan({"age": AGE, "town": TOWN}, (KAnonymity(2),), 1.0)
    text = f"column '{column}' is a quasi-identifier that the step '{name}' masked"
    with pytest.raises(DataError, match=text):
        protect(extract, plan)
    with pytest.raises(DataError, match=text):
        anonymize(
            extract,
            quasi_identifiers=["town", "age"],
            hierarchies={"age": AGE, "town": TOWN},
            k=2,
            max_suppressed=1.0,
        )


@pytest.mark.parametrize("name", MISLEADING)
def test_a_masked_column_that_is_no_quasi_identifier_is_no_hindrance(name: str) -> None:
    column, verb = MISLEADING[name]
    other = {"age": AGE, "town": TOWN}
    del other[column]
    out = protect(verb(Extract.of(DATA))[0], PrivacyPlan(other, (KAnonymity(2),), 0.0))
    assert [step.name for step in out.steps] == [name, "protect"]


@pytest.mark.parametrize("name", HONEST)
def test_protect_counts_persons_in_values_that_are_only_coarser(name: str) -> None:
    extract = HONEST[name](Extract.of(DATA))[0]
    assert extract.masked == {}
    out = protect(extract, PrivacyPlan({"age": AGE}, (KAnonymity(2),), 0.0))
    assert out.steps[-1].counts["smallest class"] == 2


def test_the_first_step_that_masked_a_column_is_told() -> None:
    steps = (Step("first", masked=("a",)), Step("second", masked=("a", "b")))
    assert Extract(Extract.of(DATA).frame, None, steps).masked == {"a": "first", "b": "second"}


def test_text_is_read_as_numbers_and_whole_numbers_stay_whole() -> None:
    table = pl.DataFrame({"a": ["1", " 2", None], "b": ["1.5", "-2e1", "3"], "c": ["x", "y", "z"]})
    read = parse_numbers(table, ["a", "b"])
    assert read.schema == {"a": pl.Int64, "b": pl.Float64, "c": pl.String}
    assert read["a"].to_list() == [1, 2, None]
    assert read["b"].to_list() == [1.5, -20.0, 3.0]


@pytest.mark.parametrize("cell", ["canary", "1,5", "nan", "inf", "1e999", " ", "1 000"])
def test_a_cell_that_is_no_number_is_counted_and_not_shown(cell: str) -> None:
    table = pl.DataFrame({"a": ["1", cell, cell]})
    with pytest.raises(DataError, match=r"column 'a': 2 row\(s\) hold no number") as caught:
        parse_numbers(table, ["a"])
    message: Any = str(caught.value)
    assert cell == " " or cell not in message.replace("no number", "").replace("missing", "")
