"""Laws of utility: nothing is lost where nothing was done, and more of it never costs less."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.documents import Label
from hsr_privacy.project import (
    LogisticAnalysis,
    OddsAnalysis,
    Predictor,
    ProportionAnalysis,
    YesOrNo,
)
from hsr_privacy.utility import Verdict, worth
from hsr_privacy.utility.coding import Ladder
from tests.unit.utility.tables import TREES, WORDS, drawn, told

ALIVE = YesOrNo(variable="alive", values=("1",))
NAMED: dict[str, Any] = {"label": Label(nb="x", en="x"), "outcome": ALIVE}
HELPED = YesOrNo(variable="helped", values=("1",))
ANALYSES = [
    ProportionAnalysis(name="share", by=("town", "sex"), **NAMED),
    OddsAnalysis(name="odds", exposure=HELPED, **NAMED),
    LogisticAnalysis(
        name="model",
        predictors=(
            Predictor(variable="helped", values=("1",)),
            Predictor(variable="age", per=10),
            Predictor(variable="town"),
        ),
        **NAMED,
    ),
]
seeds = st.integers(0, 10_000)
sizes = st.integers(60, 400)


def generalized(rows: pl.DataFrame, levels: dict[str, int]) -> pl.DataFrame:
    """The rows with each column on a level."""
    for name, level in levels.items():
        ladder = Ladder(TREES[name])
        texts = [ladder.lift(text, level) for text in rows[name].cast(pl.String)]
        rows = rows.with_columns(pl.Series(name, texts, dtype=pl.String))
    return rows


def suppressed(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The rows without some, and with some cells of some columns suppressed."""
    left = rows.sample(fraction=0.8, seed=seed)
    for place, name in enumerate(("town", "sex")):
        hit = pl.int_range(pl.len()).shuffle(seed=seed + place) % 7 == 0
        left = left.with_columns(
            pl.when(hit).then(pl.lit("998")).otherwise(pl.col(name).cast(pl.String)).alias(name)
        )
    return left


@settings(max_examples=10)
@given(rows=sizes, seed=seeds)
def test_what_did_not_change_is_as_far_as_nothing(rows: int, seed: int) -> None:
    table = drawn(rows, seed)
    found = told(table, table, person="person", analyses=ANALYSES)
    assert found.losses.loss == found.losses.intensity == 0
    assert found.losses.entropy == pytest.approx(0, abs=1e-12)
    assert found.distances is not None
    assert found.distances.mean_distance == found.distances.mean_pair_distance == 0
    assert found.distances.mean_association_shift == 0
    for one in (figure for run in found.analyses for figure in run.figures):
        assert one.verdict in {Verdict.UNCHANGED, Verdict.WITHHELD, Verdict.NOT_RUN}
        if one.shift is not None:
            assert one.overlap == 1
            assert one.shift.absolute == 0


@settings(max_examples=8)
@given(rows=sizes, seed=seeds)
def test_the_order_of_rows_does_not_matter(rows: int, seed: int) -> None:
    before = drawn(rows, seed)
    after = suppressed(before, seed)
    shuffled = [table.sample(fraction=1, shuffle=True, seed=seed + 1) for table in (after, before)]
    first = told(after, before, person="person", analyses=ANALYSES).to_json()
    second = told(*shuffled, person="person", analyses=ANALYSES).to_json()
    assert first == second


@settings(max_examples=15)
@given(rows=st.integers(2, 60), seed=seeds, data=st.data())
def test_more_generalization_never_loses_less(rows: int, seed: int, data: st.DataObject) -> None:
    table = drawn(rows, seed)
    tops = {name: len(tree.level_names) - 1 for name, tree in TREES.items()}
    fine = {name: data.draw(st.integers(0, top), name) for name, top in tops.items()}
    coarse = {name: data.draw(st.integers(fine[name], top), name) for name, top in tops.items()}
    losses = [
        worth(
            generalized(table, levels),
            table,
            quasi_identifiers=list(TREES),
            hierarchies=TREES,
            levels=levels,
            event="event",
            words=WORDS,
        ).losses
        for levels in (fine, coarse)
    ]
    one, other = losses
    assert other.loss >= one.loss - 1e-12
    assert other.intensity >= one.intensity - 1e-12
    assert other.entropy is not None
    assert one.entropy is not None
    assert other.entropy >= one.entropy - 1e-12
    assert other.discernibility >= one.discernibility
    assert other.classes <= one.classes


@settings(max_examples=10)
@given(rows=st.integers(20, 200), seed=seeds)
def test_more_suppression_never_loses_less(rows: int, seed: int) -> None:
    before = drawn(rows, seed)
    some = suppressed(before, seed)
    more = some.head(some.height // 2)
    one, other = (told(table, before).losses for table in (some, more))
    assert other.loss >= one.loss - 1e-12
    assert other.suppressed_rows is not None
    assert one.suppressed_rows is not None
    assert other.suppressed_rows >= one.suppressed_rows


@settings(max_examples=10)
@given(seed=seeds, few=st.integers(1, 4))
def test_a_share_of_fewer_than_five_is_never_told(seed: int, few: int) -> None:
    """Of each group of which one to four rows were removed, nothing is told of rows."""
    before = drawn(200, seed)
    gone = before.filter(pl.col("town") == "c").head(few)["event"].implode()
    after = before.filter(~pl.col("event").is_in(gone))
    found = told(after, before, quasi_identifiers=["town", "sex"]).suppression
    told_ = [one for one in found.groups if one.rows is not None and one.rows.share > 0]
    assert told_ == []
    assert found.rows == pytest.approx(few / 200)
