"""Masking gives the same table on pandas and Polars, and says no to Spark."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, to_polars
from hsr_privacy.masking import (
    add_noise,
    code_extremes,
    microaggregate,
    pram,
    round_values,
    sample,
)

VERBS: dict[str, Callable[[Any], Any]] = {
    "microaggregate one": lambda data: microaggregate(data, "pay", size=3),
    "microaggregate two": lambda data: microaggregate(data, ["pay", "ph"], size=3),
    "round": lambda data: round_values(data, "pay", base=10),
    "noise": lambda data: add_noise(data, ["pay", "ph"], scale=0.5, relative=True, seed=5),
    "pram": lambda data: pram(data, "town", stay=0.5, seed=5),
    "sample": lambda data: sample(data, share=0.5, seed=5, person="who"),
    "code": lambda data: code_extremes(data, "ph", bottom=7.0, top=7.4),
}
SCHEMA = {"n": pl.Int64, "who": pl.Int64, "town": pl.String, "pay": pl.Int64, "ph": pl.Float64}


def generated(seed: int, rows: int = 80) -> dict[str, list[Any]]:
    draw = random.Random(seed)
    together = [draw.random() < 0.2 for _ in range(rows)]
    return {
        "n": list(range(rows)),
        "who": [draw.randrange(rows // 2) for _ in range(rows)],
        "town": draw.choices([None, "Oslo", "Voss", "Bergen"], k=rows),
        "pay": [None if gap else draw.randrange(1_000) for gap in together],
        "ph": [None if gap else draw.uniform(6.8, 7.6) for gap in together],
    }


@pytest.mark.parametrize("name", VERBS)
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_every_kind_of_frame_gives_the_same_and_comes_back_as_it_was(name: str, seed: int) -> None:
    table = pl.DataFrame(generated(seed), schema=SCHEMA)
    expected = VERBS[name](table)
    assert isinstance(expected, pl.DataFrame)
    lazy = VERBS[name](table.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(expected)
    pandas = VERBS[name](table.to_pandas())
    assert isinstance(pandas, pd.DataFrame)
    # pandas has no missing whole numbers, so such a column comes in as floating-point numbers.
    assert to_polars(as_frame(pandas)).cast(pl.Schema(expected.schema)).equals(expected)


@pytest.mark.parametrize("name", VERBS)
def test_what_is_not_masked_stays_and_keeps_its_place(name: str) -> None:
    table = pl.DataFrame(generated(1), schema=SCHEMA)
    out = VERBS[name](table)
    assert out.columns == table.columns
    rows = out["n"].to_list()
    assert rows == sorted(rows)
    assert out["who"].to_list() == table["who"].gather(rows).to_list()


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_rows_without_an_order_are_refused(spark: Any) -> None:
    data = spark.createDataFrame([(1,), (2,)], ["pay"])
    with pytest.raises(DataError, match="Spark keeps none"):
        round_values(data, "pay", base=5)
