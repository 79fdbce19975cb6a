"""One table, and what each of our own expectations must find in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pyarrow as pa

from hsr_privacy.pseudonymization.running_number import with_check_digits
from hsr_privacy.pseudonymization.text_form import text_column

clock = dt.datetime.fromisoformat
WELL: list[str] = sorted(text_column(pa.array([bytes([n]) * 16 for n in range(1, 7)])).to_pylist())
NUMBERS = [with_check_digits(n) for n in range(1_000_001, 1_000_006)]


TABLE: dict[str, list[Any]] = {
    "called": [clock("2021-05-01T10:00"), clock("2021-05-01T10:00"), None, None, None, None],
    "moved": [
        clock("2021-05-01T09:59"),
        clock("2021-05-01T09:57"),
        clock("2021-05-01T10:00"),
        *[None] * 3,
    ],
    "there": [None, clock("2021-05-01T09:00"), clock("2021-05-01T09:00"), *[None] * 3],
    "day": [dt.date(2019, 6, 1), dt.date(2021, 6, 1), dt.date(2020, 1, 1), None, None, None],
    "born": [dt.date(2019, 6, 2), dt.date(2021, 6, 4), dt.date(1950, 1, 1), None, None, None],
    "place": ["0301", "1201", "1201", "4601", "0000", None],
    "shock": [1, 1, 0, 0, None, 999],
    "shocks": [3, 0, 0, 2, 5, None],
    "person": ["a", "a", "b", "c", "d", None],
    "sex": [1, 1, 1, 2, 2, 2],
    "cause": [1, 2, 1, 1, 1, 1],
    "key": [*WELL[:4], WELL[4][:-1] + ("0" if WELL[4][-1] != "0" else "1"), None],
    "number": [*NUMBERS[:4], "123456780", None],
    "month": ["2021-05", "2021", "2021-05-01", "*", "998", None],
    "first": [dt.date(2021, 5, 1), dt.date(2021, 5, 2), None, None, None, None],
    "dose": [1.0, 1.5, 1.25, None, None, None],
    "age": ["0-17 år", "18-64 år", "45", "*", "998", None],
}
SCHEMA: dict[str, Any] = {
    "called": pl.Datetime("us"),
    "moved": pl.Datetime("us"),
    "there": pl.Datetime("us"),
    "day": pl.Date,
    "born": pl.Date,
    "place": pl.String,
    "shock": pl.Int16,
    "shocks": pl.Int32,
    "person": pl.String,
    "sex": pl.Int16,
    "cause": pl.Int16,
    "key": pl.String,
    "number": pl.String,
    "month": pl.String,
    "first": pl.Date,
    "dose": pl.Float64,
    "age": pl.String,
}

CASES: list[tuple[str, dict[str, Any], tuple[int, int | None, int]]] = [
    (
        "expect_times_to_be_ordered",
        {"columns": ["called", "moved", "there"], "tolerance_seconds": 120},
        (6, 3, 2),
    ),
    ("expect_times_to_be_ordered", {"columns": ["called", "moved"]}, (6, 4, 2)),
    (
        "expect_times_to_be_ordered",
        {"columns": ["born", "day"], "tolerance_seconds": 86_400},
        (6, 3, 1),
    ),
    (
        "expect_condition_to_imply",
        {"when": {"shock": [1]}, "then": {"shocks": [1, 2, 3, 4]}},
        (2, None, 1),
    ),
    (
        "expect_condition_to_imply",
        {"when": {"shocks": "present", "shock": "missing"}, "then": {"person": ["a", "b"]}},
        (1, None, 1),
    ),
    ("expect_codes_to_be_valid", {"column": "place", "hierarchy": "municipality"}, (6, 1, 1)),
    (
        "expect_codes_to_be_valid",
        {"column": "place", "hierarchy": "municipality", "date": "day"},
        (6, 1, 2),
    ),
    (
        "expect_table_to_be_k_anonymous",
        {"quasi_identifiers": ["sex"], "k": 3, "person": "person"},
        (2, 0, 1),
    ),
    ("expect_table_to_be_k_anonymous", {"quasi_identifiers": ["sex"], "k": 3}, (2, 0, 0)),
    (
        "expect_table_to_be_l_diverse",
        {"quasi_identifiers": ["sex"], "column": "cause", "l": 2},
        (2, 0, 1),
    ),
    ("expect_pseudonyms_to_be_well_formed", {"column": "key"}, (6, 1, 1)),
    (
        "expect_pseudonyms_to_be_well_formed",
        {"column": "number", "form": "running-number"},
        (6, 1, 1),
    ),
    ("expect_row_order_to_tell_nothing", {"by": "number"}, (6, 0, 1)),
    (
        "expect_values_to_be_no_finer_than",
        {"column": "month", "unit": "month", "also": ["998"]},
        (6, 1, 1),
    ),
    ("expect_values_to_be_no_finer_than", {"column": "first", "unit": "month"}, (6, 4, 1)),
    ("expect_values_to_be_no_finer_than", {"column": "dose", "decimals": 1}, (6, 3, 1)),
    ("expect_values_to_be_no_finer_than", {"column": "dose", "multiple_of": 0.5}, (6, 3, 1)),
    (
        "expect_values_to_be_no_finer_than",
        {"column": "age", "hierarchy": "age", "level": "age group", "also": ["998"]},
        (6, 1, 1),
    ),
    (
        "expect_table_columns_to_be_declared",
        {"columns": [*TABLE, "more"], "optional": ["more"]},
        (17, 0, 0),
    ),
    (
        "expect_table_columns_to_be_declared",
        {"columns": [name for name in TABLE if name != "dose"] + ["more"]},
        (17, 0, 2),
    ),
]
"""A kind, its arguments, and how much is checked, missing and unexpected."""
