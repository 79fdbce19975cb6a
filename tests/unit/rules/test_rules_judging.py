"""What is judged and what is not, and that nobody's cell is told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DataError
from hsr_privacy.frames import to_polars
from hsr_privacy.rules import (
    Form,
    RuleCount,
    Rules,
    Severity,
    Unjudged,
    judge_rules,
    load_rules,
    violating_rows,
)
from hsr_privacy.rules.logic import LOGIC
from hsr_privacy.rules.places import _parents
from tests.unit.rules.cases import MAN, stacked

DAY = dt.date(2023, 6, 15)


@pytest.fixture(scope="module")
def rules(codebook: Codebook) -> Rules:
    return load_rules(codebook=codebook)


def count(frame: Any, rule: str, rules: Rules, codebook: Codebook, **more: Any) -> RuleCount:
    found = judge_rules(frame, rules=Rules((rules[rule],)), codebook=codebook, **more)
    assert len(found) == 1
    return found[0]


def test_a_missing_column_is_the_reason(rules: Rules, codebook: Codebook) -> None:
    one = count(pl.DataFrame({"rosc_20": [1]}), "R09", rules, codebook)
    assert one == RuleCount(
        "R09", Severity.ERROR, None, None, Unjudged.ABSENT, ("rosc_noen", "t_rosc")
    )
    assert not one.judged


def test_a_rule_is_judged_in_part_where_a_part_can_be(rules: Rules, codebook: Codebook) -> None:
    frame = pl.DataFrame({"rosc_20": [1, 1], "rosc_noen": [0, 1]})
    one = count(frame, "R09", rules, codebook)
    assert (one.concerned, one.violating, one.lacking) == (2, 1, ("t_rosc",))


GENERALIZED = {
    "alder": ["70-79", "*"],
    "hendelseskommune": ["Østfold", "Østfold"],
    "sykehus": ["UNN HF", "*"],
    "forste_rytme": ["sjokkbar", "ikke"],
    "t_stans": [DAY, DAY],
    "rosc_noen": [True, False],
    "antall_sjokk": [1.5, 2.5],
}


@pytest.mark.parametrize("engine", ["polars", "pandas"])
@pytest.mark.parametrize("rule", ["R21", "R27", "R28", "R07", "R02", "R09", "R23"])
def test_a_column_that_holds_something_else_is_not_judged(
    rule: str, engine: str, rules: Rules, codebook: Codebook
) -> None:
    table = pl.DataFrame(GENERALIZED)
    whole = table.with_columns(
        pl.Series("rosc_20", [1, 0]), pl.Series("event_day", [DAY, DAY]), sjokk_gitt=pl.lit(1)
    )
    one = count(whole.to_pandas() if engine == "pandas" else whole, rule, rules, codebook)
    assert (one.judged, one.reason) == (False, Unjudged.OTHER)


def test_whole_numbers_that_pandas_stores_as_decimals_are_judged(
    rules: Rules, codebook: Codebook
) -> None:
    frame = pd.DataFrame({"rosc_20": [1.0, None, 1.0], "rosc_noen": [0.0, 0.0, None]})
    one = count(frame, "R09", rules, codebook)
    assert (one.concerned, one.violating) == (2, 1)


def test_a_pandas_column_of_mixed_types_is_not_judged_and_the_rest_is(
    rules: Rules, codebook: Codebook
) -> None:
    mixed = pd.DataFrame(
        {
            "rosc_20": [1, "ja"],
            "rosc_noen": [0, 1],
            "overlevd_utskr": [1, 1],
            "overlevd_30d": [0, 1],
        }
    )
    assert count(mixed, "R09", rules, codebook).reason is Unjudged.OTHER
    assert count(mixed, "R13", rules, codebook).violating == 1


@pytest.mark.parametrize("value", [float("inf"), 1e300])
def test_a_number_that_is_no_code_is_not_judged(
    value: float, rules: Rules, codebook: Codebook
) -> None:
    frame = pl.DataFrame({"rosc_20": [1.0, value], "rosc_noen": [0, 0]})
    assert count(frame, "R09", rules, codebook).reason is Unjudged.OTHER


def test_a_column_without_a_value_says_nothing(rules: Rules, codebook: Codebook) -> None:
    frame = pl.DataFrame({"rosc_20": [None, None], "rosc_noen": [0, 1]})
    one = count(frame, "R09", rules, codebook)
    assert (one.judged, one.concerned, one.violating) == (True, 0, 0)


@pytest.mark.parametrize("form", list(Form))
def test_a_table_without_rows_breaks_nothing(form: Form, rules: Rules, codebook: Codebook) -> None:
    empty = stacked(form, codebook).clear()
    counts = judge_rules(empty, rules=rules, codebook=codebook, form=form)
    assert any(one.judged for one in counts)
    assert {one.violating for one in counts} == {0, None}


def test_a_table_without_columns_of_the_register_is_not_judged(
    rules: Rules, codebook: Codebook
) -> None:
    counts = judge_rules(pl.DataFrame({"x": [1]}), rules=rules, codebook=codebook)
    assert len(counts) == len(rules)
    assert not any(one.judged for one in counts)


def test_a_rule_of_other_forms_is_not_asked(rules: Rules, codebook: Codebook) -> None:
    frame = pl.DataFrame({"bevitnet": [2], "tilskuer_hlr": [1]})
    assert count(frame, "R05", rules, codebook, form="hospital").reason is Unjudged.FORM
    assert count(frame, "R05", rules, codebook, form="ambulance").violating == 1
    assert count(frame, "R05", rules, codebook).violating == 1


def test_identifiers_in_cells_are_left_to_the_gates(rules: Rules, codebook: Codebook) -> None:
    frame = pl.DataFrame({"fnr": [MAN]})
    assert count(frame, "R33", rules, codebook).reason is Unjudged.GATE


def test_two_units_that_tell_of_one_arrest_are_no_fault_of_theirs(
    rules: Rules, codebook: Codebook
) -> None:
    at = dt.datetime.fromisoformat("2023-06-15T12:00")
    frame = pl.DataFrame({"fnr": [MAN, MAN], "t_stans": [at, at], "event_type": [1, 1]})
    severities = {
        f: count(frame, "R29", rules, codebook, form=f).severity
        for f in ("ambulance", "hospital", "event")
    }
    assert severities == {"ambulance": "information", "hospital": "warning", "event": "error"}


def test_survival_is_compared_where_both_steps_are_known(rules: Rules, codebook: Codebook) -> None:
    silent = pl.DataFrame({"overlevd_24t": [1, None, 999], "overlevd_30d": [0, 1, 1]})
    assert count(silent, "R31", rules, codebook).violating == 0
    told = pl.DataFrame({"overlevd_24t": [1, 0, 0], "overlevd_30d": [1, 1, 1]})
    assert count(told, "R31", rules, codebook).violating == 2
    hidden = pl.DataFrame({"overlevd_24t": [1, 0], "overlevd_30d": [999, 1]})
    assert count(hidden, "R31", rules, codebook).violating == 1


def test_rows_are_named_in_their_order_among_many(rules: Rules, codebook: Codebook) -> None:
    codes = ["0101", "0104", "4099", None] * 500
    frame = pl.DataFrame({"bostedskommune": codes, "fnr": [None] * 2000})
    rows = violating_rows(frame, "R27", rules=rules, codebook=codebook)
    assert rows == tuple(range(2, 2000, 4))


def test_minutes_stored_in_few_bits_do_not_overflow(rules: Rules, codebook: Codebook) -> None:
    at = [dt.datetime.fromisoformat(f"2023-06-15T{clock}") for clock in ("12:00", "13:40")]
    frame = pl.DataFrame(
        {
            "t_anrop": [at[0]],
            "t_fremme": [at[1]],
            "responstid_min": pl.Series([100], dtype=pl.Int8),
        }
    )
    assert count(frame, "R30", rules, codebook).violating == 0


def test_an_enterprise_of_two_trusts_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "hospital.csv"
    file.write_text("hospital;trust number;health region\na;1;x\nb;1;x\nb;2;x\nc;1;x\nc;1;x\n")
    parents = ("trust number", "health region")
    found = _parents(file, "hospital", parents, "sykehus").sort("sykehus")
    assert dict(found.iter_rows()) == {"a": 1, "b": 2, "c": 1}
    (clause,) = (c for c in LOGIC["R28"].clauses({}) if c.columns == ("sykehus",))
    frame = nw.from_native(found.lazy()).select(clause.violated.alias("violated"))
    assert to_polars(frame)["violated"].to_list() == [False, True, False]


def test_a_count_as_json_says_what_was_lacking(rules: Rules, codebook: Codebook) -> None:
    one = count(pl.DataFrame({"rosc_20": [1], "rosc_noen": [0]}), "R09", rules, codebook)
    assert one.to_json() == {
        "id": "R09",
        "severity": "error",
        "concerned": 1,
        "violating": 1,
        "reason": "",
        "lacking": ["t_rosc"],
    }


@pytest.mark.parametrize("form", ["amkk", "derived"])
def test_an_unknown_form_is_refused(form: str, rules: Rules, codebook: Codebook) -> None:
    with pytest.raises(DataError, match="give one of: amk, ambulance"):
        judge_rules(pl.DataFrame({"x": [1]}), rules=rules, codebook=codebook, form=form)


def test_an_unknown_rule_is_refused(rules: Rules, codebook: Codebook) -> None:
    with pytest.raises(DataError, match="there is no rule R99"):
        violating_rows(pl.DataFrame({"x": [1]}), "R99", rules=rules, codebook=codebook)


def test_no_cell_is_told(rules: Rules, codebook: Codebook) -> None:
    table = stacked(Form.HOSPITAL, codebook)
    counts = judge_rules(table, rules=rules, codebook=codebook, form="hospital")
    told = json.dumps([one.to_json() for one in counts]) + repr(counts)
    for canary in (MAN, "T75.1", "T40.2", "821847052", "1950", "2023-"):
        assert canary in str(table.to_dicts()) or canary == "2023-"
        assert canary not in told
