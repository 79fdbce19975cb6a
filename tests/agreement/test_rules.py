"""The rules say the same of pandas, Polars and Spark frames, and of times as numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.frames import add_days, add_seconds, as_frame, to_polars
from hsr_privacy.rules import Form, Rules, judge_rules, load_rules, violating_rows
from tests.unit.rules.cases import stacked

Make = Callable[..., Any]
clock = dt.datetime.fromisoformat


@pytest.fixture(scope="module")
def rules(codebook: Codebook) -> Rules:
    return load_rules(codebook=codebook)


def test_counts_of_events_are_the_same_on_every_engine(
    make_frame: Make, rules: Rules, codebook: Codebook
) -> None:
    agree(Form.EVENT, rules, make_frame, codebook)


def test_counts_of_local_times_and_identifiers_are_the_same_on_every_engine(
    make_frame: Make, rules: Rules, codebook: Codebook
) -> None:
    """The rest is asked of events; Spark takes long to plan every rule."""
    some = Rules(tuple(rules[name] for name in ("R01", "R03", "R21", "R22", "R29", "R32")))
    agree(Form.AMBULANCE, some, make_frame, codebook)


def agree(form: Form, rules: Rules, make_frame: Make, codebook: Codebook) -> None:
    table = stacked(form, codebook)
    expected = judge_rules(table, rules=rules, codebook=codebook, form=form)
    assert sum(bool(count.violating) for count in expected) > 3
    frame = make_frame(table.to_dict(as_series=False), dict(table.schema))
    assert judge_rules(frame, rules=rules, codebook=codebook, form=form) == expected


@pytest.mark.parametrize("form", list(Form))
def test_pandas_names_the_same_rows(form: Form, rules: Rules, codebook: Codebook) -> None:
    table = stacked(form, codebook)
    pandas = table.to_pandas()
    asked: dict[str, Any] = {"rules": rules, "codebook": codebook, "form": form}
    counts = judge_rules(table, **asked)
    assert judge_rules(pandas, **asked) == counts
    for count in counts:
        if count.violating:
            rows = violating_rows(table, count.id, **asked)
            assert violating_rows(pandas, count.id, **asked) == rows
            assert len(rows) == count.violating or count.id == "R31"


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize(
    ("form", "rule"), [("amk", "R32"), ("amk", "R27"), ("event", "R32.ambiguous")]
)
def test_spark_names_the_same_rows(
    form: str, rule: str, spark: Any, rules: Rules, codebook: Codebook
) -> None:
    table = stacked(Form(form), codebook)
    asked: dict[str, Any] = {"rules": rules, "codebook": codebook, "form": form}
    frame = spark.createDataFrame(table.to_arrow())
    rows = violating_rows(table, rule, **asked)
    assert rows
    assert violating_rows(frame, rule, **asked) == rows


def test_deaths_of_the_register_are_found_on_every_engine(
    make_frame: Make, rules: Rules, codebook: Codebook
) -> None:
    at = clock("2023-06-15T12:00")
    told = {"fnr": ["new", "old", "other", None], "overlevd_30d": [1, 1, 1, 1], "t_stans": [at] * 4}
    dead = dt.date(2023, 6, 20)
    persons = {"fnr": ["new", "other"], "tidligere_fnr": ["old", None], "dodsdato": [dead, None]}
    arrests = make_frame(told, {"fnr": pl.String, "overlevd_30d": pl.Int16, "t_stans": pl.Datetime})
    register = make_frame(
        persons, {"fnr": pl.String, "tidligere_fnr": pl.String, "dodsdato": pl.Date}
    )
    only = Rules((rules["R12"],))
    asked: dict[str, Any] = {"rules": only, "codebook": codebook, "form": "hospital"}
    (without,) = judge_rules(arrests, **asked)
    assert (without.judged, without.lacking) == (False, ("dodsdato",))
    (count,) = judge_rules(arrests, register=register, **asked)
    assert (count.concerned, count.violating) == (2, 2)


def test_times_are_seconds_and_dates_are_days_since_1970(make_frame: Make) -> None:
    columns = {
        "local": [clock("1970-01-02T00:00:01"), clock("1969-12-31T23:59:59"), None],
        "utc": [clock("2023-10-29T00:30"), None, clock("1970-01-01")],
        "day": [dt.date(1970, 2, 1), None, dt.date(1969, 12, 31)],
    }
    schema = {"local": pl.Datetime("us"), "utc": pl.Datetime("us", "UTC"), "day": pl.Date}
    frame = add_seconds(as_frame(make_frame(columns, schema)), {"a": "local", "b": "utc"})
    numbers = to_polars(add_days(frame, {"c": "day"}))
    assert numbers["a"].to_list() == [86_401, -1, None]
    assert numbers["b"].to_list() == [1_698_539_400, None, 0]
    assert numbers["c"].to_list() == [31, None, -1]
