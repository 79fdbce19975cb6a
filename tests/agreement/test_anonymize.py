"""Anonymize gives the same table and the same solution on every engine."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.anonymity import Anonymized, anonymize
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frames import as_frame, to_polars
from hsr_privacy.hierarchies.hierarchy import from_rows

TOWN = from_rows(
    "town",
    [
        ("Bergen", "Vestland", "Norway"),
        ("Voss", "Vestland", "Norway"),
        ("Oslo", "Oslo", "Norway"),
        ("Lund", "Skåne", "Sweden"),
    ],
)
DEGREE = from_rows("degree", [("1", "low"), ("2", "low"), ("3", "high")])
HIERARCHIES = {"town": TOWN, "degree": DEGREE}
SCHEMA = {"n": pl.Int64, "who": pl.Int64, "town": pl.String, "degree": pl.Int64, "ill": pl.String}
TOWNS = [None, "Bergen", "Voss", "Oslo", "Lund"]
Columns = dict[str, list[Any]]


def generated(seed: int, rows: int = 60) -> Columns:
    draw = random.Random(seed)
    return {
        "n": list(range(rows)),
        "who": [draw.randrange(rows * 3 // 4) for _ in range(rows)],
        "town": draw.choices(TOWNS, weights=[1, 9, 4, 9, 1], k=rows),
        "degree": draw.choices([None, 1, 2, 3], weights=[1, 5, 5, 5], k=rows),
        "ill": draw.choices([None, "x", "y", "z"], k=rows),
    }


def run(data: Any, **changes: Any) -> Anonymized:
    asked: dict[str, Any] = {
        "quasi_identifiers": ["town", "degree"],
        "hierarchies": HIERARCHIES,
        "k": 3,
        "max_suppressed": 0.1,
    }
    return anonymize(data, **(asked | changes))


def told(done: Anonymized) -> tuple[Any, ...]:
    one = done.solution
    counts = (one.rows, one.suppressed_rows, one.suppressed_persons, one.classes, one.k)
    return dict(one.levels), dict(one.class_sizes), one.loss, counts


def rows_of(data: Any) -> list[tuple[Any, ...]]:
    return to_polars(as_frame(data)).sort("n").rows()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"person": "who"},
        {"person": "who", "sensitive": "ill", "l": 2, "max_suppressed": 0.3},
        {"max_suppressed": 0.0},
    ],
    ids=["rows", "persons", "diverse", "nothing removed"],
)
def test_every_engine_gives_the_same_table(make_frame: Any, changes: dict[str, Any]) -> None:
    table = generated(1)
    data = make_frame(table, SCHEMA)
    done = run(data, **changes)
    expected = run(pl.DataFrame(table, schema=SCHEMA), **changes)
    assert type(done.data) is type(data)
    assert told(done) == told(expected)
    assert rows_of(done.data) == rows_of(expected.data)


@st.composite
def tables(draw: st.DrawFn) -> Columns:
    rows = draw(st.integers(0, 30))

    def column(values: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=rows, max_size=rows))

    return {
        "n": list(range(rows)),
        "who": column([None, 1, 2, 3, 4, 5, 6, 7, 8]),
        "town": column(TOWNS),
        "degree": column([None, 1, 2, 3]),
        "ill": column([None, "x", "y"]),
    }


@given(table=tables(), k=st.integers(1, 4), l=st.integers(1, 3), budget=st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_any_table_is_k_anonymous_and_diverse_by_a_plain_count_or_refused(
    table: Columns,
    k: int,
    l: int,  # noqa: E741
    budget: float,
) -> None:
    frames: list[Any] = [
        pl.DataFrame(table, schema=SCHEMA),
        pl.DataFrame(table, schema=SCHEMA).to_pandas(),
    ]
    asked: dict[str, Any] = {"k": k, "max_suppressed": budget, "person": "who"}
    results: list[Any] = []
    for frame in frames:
        try:
            results.append(run(frame, **asked, sensitive="ill", l=l))
        except (DataError, BudgetExceeded) as error:
            results.append((type(error), str(error)))
    if not isinstance(results[0], Anonymized):
        assert results[0] == results[1]
        return
    assert told(results[0]) == told(results[1])
    rows = rows_of(results[0].data)
    assert rows == rows_of(results[1].data)
    persons, values = defaultdict(set), defaultdict(set)
    for _, who, town, degree, ill in rows:
        persons[town, degree].add(who)
        values[town, degree].add(ill)
    assert all(len(members) >= k for members in persons.values())
    assert all(len(members) >= l for members in values.values())
    assert len(table["n"]) - len(rows) <= budget * len(table["n"])
    sizes = Counter(len(members) for members in persons.values())
    assert dict(results[0].solution.class_sizes) == sizes


def test_the_worth_of_a_column_is_the_users_to_say(make_frame: Any) -> None:
    data = make_frame(
        {"n": [1, 2, 3, 4], "town": ["Oslo"] * 2 + ["Lund"] * 2, "degree": [1, 3] * 2}
    )
    asked = {"k": 2, "max_suppressed": 0.0}
    town_first = run(data, **asked, weights={"town": 9.0})
    degree_first = run(data, **asked, weights={"degree": 9.0})
    assert dict(town_first.solution.levels) == {"town": 0, "degree": 2}
    assert dict(degree_first.solution.levels) == {"town": 3, "degree": 0}


def test_arrow_comes_back_as_arrow_and_an_index_is_left_behind() -> None:
    table = generated(2)
    arrow = run(pl.DataFrame(table, schema=SCHEMA).to_arrow())
    assert isinstance(arrow.data, pa.Table)
    indexed = pl.DataFrame(table, schema=SCHEMA).to_pandas().set_index("who", drop=False)
    done = run(indexed)
    assert isinstance(done.data, pd.DataFrame)
    assert done.data.index.equals(pd.RangeIndex(len(done.data)))
    assert rows_of(done.data) == rows_of(arrow.data)


def test_the_table_that_was_given_is_not_changed() -> None:
    given_table = pl.DataFrame(generated(3), schema=SCHEMA).to_pandas()
    before = given_table.copy(deep=True)
    run(given_table)
    pd.testing.assert_frame_equal(given_table, before)


def test_loss_is_what_shares_of_the_leaves_add_up_to() -> None:
    table = pl.DataFrame(
        {"n": range(5), "town": ["Bergen", "Voss", "Bergen", "Voss", "Lund"], "degree": [3] * 5}
    )
    done = run(table, k=2, max_suppressed=0.2, quasi_identifiers=["town"])
    # Four rows on Bergen or Voss, still apart; the fifth is removed and counts 1.
    assert dict(done.solution.levels) == {"town": 0}
    assert done.solution.loss == pytest.approx((4 * 1 / 4 + 1 - 5 / 4) / (5 - 5 / 4))
    assert done.solution.granularity == 1 - done.solution.loss


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"quasi_identifiers": ["town", "grade"]}, "'grade' is a quasi-identifier without a hier"),
        ({"quasi_identifiers": []}, "there is no quasi-identifier"),
        ({"sensitive": "ill"}, "a sensitive column and l belong together"),
        ({"l": 2}, "a sensitive column and l belong together"),
        ({"sensitive": "ill", "l": 0}, "l is 0 for column 'ill'"),
        ({"sensitive": "ill", "l": 9}, "column 'ill' has only 4 distinct value"),
        ({"k": 0}, "k is 0; it must be 1 or more"),
        ({"k": 61}, "the table has only 60 person"),
        ({"max_suppressed": -0.1}, "max_suppressed is -0.1"),
        ({"person": "whom"}, "no column 'whom' to tell persons apart"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(DataError, match=text):
        run(pl.DataFrame(generated(4), schema=SCHEMA), **changes)
