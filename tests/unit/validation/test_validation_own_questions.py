"""Each of our own expectations finds what it is for, says counts, and says why it cannot be asked."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hsr_privacy.documents import Label
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.validation import Expectation, Suite, validate
from hsr_privacy.validation.asking import QUESTIONS, Answer, ask, of_rule
from hsr_privacy.validation.gx import Question, faults_of, load
from hsr_privacy.validation.suite import Subject
from tests.unit.validation.own_questions import CASES, SCHEMA, TABLE, WELL

LABEL = Label(nb="krav", en="demand")
FRAME = pl.DataFrame(TABLE, schema=SCHEMA)


def synthetic(*born: str) -> list[str]:
    """Numbers of the synthetic series for people born on these days."""
    days = np.array(born, "datetime64[D]")
    drawn = make_national_ids(days, np.full(len(days), 1), rng=np.random.default_rng(3))
    return [str(number) for number in drawn]


NUMBER = synthetic("1981-12-24")[0]


@pytest.mark.parametrize(("kind", "kwargs", "expected"), CASES)
def test_each_finds_what_it_is_for(
    kind: str, kwargs: dict[str, Any], expected: tuple[int, int | None, int]
) -> None:
    checked, missing, unexpected = expected
    assert ask(kind, FRAME, kwargs) == Answer(checked, unexpected, missing)
    assert ask(kind, FRAME.to_pandas(), kwargs) == Answer(checked, unexpected, missing)


def test_great_expectations_gives_the_same_counts_and_no_value() -> None:
    expectations = tuple(
        Expectation(str(number), Subject.ROWS, kind, None, "error", LABEL, kwargs)
        for number, (kind, kwargs, _) in enumerate(CASES)
    )
    report = validate(FRAME, Suite("own", expectations))
    found = [(f.checked, f.missing, f.unexpected) for f in report.findings]
    assert found == [expected for _, _, expected in CASES]
    assert [f.passed for f in report.findings] == [not expected[2] for _, _, expected in CASES]


def test_anybody_can_use_them_on_a_batch_of_their_own(capfd: pytest.CaptureFixture[str]) -> None:
    gx = load()
    from hsr_privacy.validation import kinds

    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("mine")
    asset = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    batch = asset.get_batch({"dataframe": pd.DataFrame({"text": ["x", f"born {NUMBER}"]})})
    result = batch.validate(kinds.ExpectNoNationalIdentifier(), result_format="COMPLETE")
    assert result.success is False
    counts = {"element_count": 3, "missing_count": 0, "unexpected_count": 1}
    assert result.result == counts
    assert NUMBER not in json.dumps(result.to_json_dict()) + "".join(capfd.readouterr())


def test_every_question_has_a_class_of_its_own_name() -> None:
    load()
    from great_expectations.expectations.registry import get_expectation_impl

    from hsr_privacy.validation import kinds

    made = {get_expectation_impl(kind) for kind in QUESTIONS}
    assert made == {vars(kinds)[name] for name in vars(kinds) if name.startswith("Expect")}


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pl.Series("x", [NUMBER, None]), 1),
        (pl.Series("x", [f"pasient {NUMBER[:6]} {NUMBER[6:]} igjen", "x"]), 1),
        (pl.Series("x", [NUMBER.encode(), b"x"]), 1),
        (pl.Series("x", [int(NUMBER), 1]), 1),
        (pl.Series("x", [-int(NUMBER), 1]), 1),
        (pl.Series("x", [float(NUMBER), 0.5]), 1),
        (pl.Series(NUMBER, [1, 2]), 1),
        (pl.Series("x", [*WELL[:2]]), 0),
        (pl.Series("x", ["974760673", "2021-05-01"]), 0),
        (pl.Series("x", [1_700_000_000, 3]), 0),
    ],
    ids=["text", "among words", "bytes", "whole", "negative", "decimal", "heading", *"abc"],
)
def test_a_national_identifier_is_found_wherever_it_is(column: pl.Series, found: int) -> None:
    answer = ask("expect_no_national_identifier", pl.DataFrame([column]), {})
    assert answer == Answer(3, found, 0)


def test_an_identifier_that_lost_its_zero_among_numbers_is_found() -> None:
    numbers = synthetic("1981-12-04", "1950-01-01", "1999-06-09")
    data = pl.DataFrame({"x": [int(number) for number in numbers]})
    assert data["x"].max() < 10**10  # type: ignore[operator]
    assert ask("expect_no_national_identifier", data, {}) == Answer(4, 3, 0)


def test_excluded_columns_are_not_looked_at() -> None:
    data = pl.DataFrame({"fnr": [NUMBER], "y": [NUMBER]})
    assert ask("expect_no_national_identifier", data, {"exclude": ["fnr"]}).unexpected == 1


def test_valid_and_invalid_identifiers_are_told_apart() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    data = pl.DataFrame({"fnr": [NUMBER, wrong, None, ""]})
    kwargs = {"column": "fnr"}
    assert ask("expect_national_identifiers_to_be_valid", data, kwargs) == Answer(4, 2, 1)


def test_a_rule_that_nobody_has_is_not_asked() -> None:
    answers = ask("expect_register_rule_to_hold", FRAME, {"form": "event"})
    assert of_rule(answers, rule="R99").reason == "there is no such rule"
    assert of_rule(answers, rule="R09").reason == "a column is missing"
    assert of_rule(answers, rule="R09", optional=True).holds
    assert of_rule(answers, rule="R33", optional=True).reason == "the gates of a release judge it"


def test_a_broken_rule_is_counted() -> None:
    data = pl.DataFrame({"responstid_min": [5, 241, -1, None]})
    answers = ask("expect_register_rule_to_hold", data, {})
    assert of_rule(answers, rule="R30") == Answer(3, 2)


@pytest.mark.parametrize(("kind", "kwargs", "_"), CASES)
def test_a_missing_column_is_said(kind: str, kwargs: dict[str, Any], _: object) -> None:
    if kind != "expect_table_columns_to_be_declared":
        assert ask(kind, pl.DataFrame({"other": [1]}), kwargs).reason == "a column is missing"


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("expect_times_to_be_ordered", {"columns": ["place", "day"]}),
        ("expect_condition_to_imply", {"when": {"place": [301]}, "then": {"day": "present"}}),
        ("expect_codes_to_be_valid", {"column": "dose", "hierarchy": "municipality"}),
        ("expect_codes_to_be_valid", {"column": "place", "hierarchy": "sex", "date": "place"}),
        ("expect_pseudonyms_to_be_well_formed", {"column": "sex"}),
        ("expect_row_order_to_tell_nothing", {"by": "sex"}),
        ("expect_values_to_be_no_finer_than", {"column": "place", "decimals": 1}),
        ("expect_values_to_be_no_finer_than", {"column": "sex", "unit": "day"}),
        ("expect_national_identifiers_to_be_valid", {"column": "day"}),
    ],
)
def test_a_column_that_holds_something_else_is_said(kind: str, kwargs: dict[str, Any]) -> None:
    assert ask(kind, FRAME, kwargs).reason == "the column does not hold what it should"


def test_hierarchies_and_levels_that_do_not_exist_are_said() -> None:
    finer = "expect_values_to_be_no_finer_than"
    nowhere = {"column": "age", "hierarchy": "nowhere", "level": "x"}
    assert ask(finer, FRAME, nowhere).reason == "there is no such hierarchy"
    no_level = {"column": "age", "hierarchy": "age", "level": "x"}
    assert ask(finer, FRAME, no_level).reason == "the hierarchy has no such level"


def test_what_goes_wrong_is_told_by_its_type_and_never_by_its_text() -> None:
    mixed = pd.DataFrame({"x": np.array([NUMBER, 1, b"x"], dtype=object)})
    answer = ask("expect_no_national_identifier", mixed, {})
    assert answer.reason == "it could not be asked (DataError)"
    assert not answer.holds


@pytest.mark.parametrize(
    ("kind", "kwargs", "said"),
    [
        ("expect_times_to_be_orderd", {}, "did you mean 'expect_times_to_be_ordered'"),
        ("expect_times_to_be_ordered", {"columns": ["a"]}, "'columns'"),
        ("expect_times_to_be_ordered", {"columns": ["a", "b"], "clock": 1}, "'clock'"),
        ("expect_condition_to_imply", {"when": {}, "then": {"a": "present"}}, "name a column"),
        ("expect_condition_to_imply", {"when": {"a": "is"}, "then": {"a": [1]}}, "'present'"),
        ("expect_table_to_be_k_anonymous", {"quasi_identifiers": ["a"], "k": 0}, "'k'"),
        ("expect_values_to_be_no_finer_than", {"column": "a"}, "give one of"),
        (
            "expect_values_to_be_no_finer_than",
            {"column": "a", "hierarchy": "age"},
            "a hierarchy and a level",
        ),
        ("expect_register_rule_to_hold", {"rule": "R01", "form": "police"}, "'form'"),
    ],
)
def test_arguments_that_do_not_fit_are_told_before_any_data(
    kind: str, kwargs: dict[str, Any], said: str
) -> None:
    assert said in faults_of([Question("q", kind, kwargs)])["q"]
