"""pandas and Spark give the same report for every suite, of clean data and of dirty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.documents import Label
from hsr_privacy.validation import Expectation, Suite, open_suite, open_tables, validate
from hsr_privacy.validation.suite import Subject
from tests.desk import Desk
from tests.unit.validation.own_questions import CASES, SCHEMA, TABLE

SAMPLES = Path(__file__).parents[2] / "synthetic" / "samples"
LABEL = Label(nb="krav", en="demand")
SLOW = [
    pytest.param(layout, form, marks=pytest.mark.slow)
    for layout in ("csv", "csv-dirty", "parquet-dirty")
    for form in ("amk", "ambulance", "hospital", "register")
]

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize(("layout", "form"), [("mrs-dirty", "register"), *SLOW])
def test_deliveries_are_judged_alike(layout: str, form: str) -> None:
    (opened,) = open_tables(SAMPLES / layout, form)
    report = opened.judged("spark")
    assert report == opened.judged("pandas")
    assert report.passed is ("dirty" not in layout)


def test_our_own_expectations_answer_alike(spark: Any) -> None:
    suite = Suite(
        "own",
        tuple(
            Expectation(str(number), Subject.ROWS, kind, None, "error", LABEL, kwargs)
            for number, (kind, kwargs, _) in enumerate(CASES)
        ),
    )
    table = pl.DataFrame(TABLE, schema=SCHEMA)
    assert validate(on(spark, table), suite) == validate(table, suite)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["event-store", "synthetic"])
@pytest.mark.parametrize("dirty", [False, True])
def test_event_stores_are_judged_alike(
    name: str, *, dirty: bool, spark: Any, released: Desk
) -> None:
    events = pl.read_parquet(next(released.folder.rglob("events.parquet")))
    row = pl.int_range(pl.len())
    if dirty:
        early = pl.col("t_anrop") - pl.duration(minutes=9)
        events = events.with_columns(
            kjonn=pl.when(row % 50 == 0).then(7).otherwise(pl.col("kjonn")).cast(pl.Int16),
            t_fremme=pl.when(row % 40 == 0).then(early).otherwise(pl.col("t_fremme")),
            avdeling=pl.when(row == 5).then(pl.lit("01815012345")).otherwise(pl.col("avdeling")),
        )
    report = validate(on(spark, events), open_suite(name))
    assert report == validate(events, open_suite(name))
    assert report.passed is not dirty


@pytest.mark.slow
@pytest.mark.parametrize("dirty", [False, True])
def test_extracts_are_judged_alike(*, dirty: bool, spark: Any, released: Desk) -> None:
    table = pl.read_parquet(next(released.out.rglob("extract.parquet")))
    table = table.reverse() if dirty else table
    report = validate(on(spark, table), open_suite("extract"))
    assert report == validate(table, open_suite("extract"))
    assert report.passed is not dirty


def on(spark: Any, table: pl.DataFrame) -> Any:
    return spark.createDataFrame(table.to_arrow())
