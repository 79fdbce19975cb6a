"""Whether the place of a row tells of what it was made from."""

from __future__ import annotations

import json
import random

import polars as pl
import pytest

from hsr_privacy.attacking import order
from hsr_privacy.errors import DataError

ROWS = 4_000


def released_in(sequence: list[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A release of one coarse column, and its originals, in some order of the register's rows."""
    year = pl.Series("year", [1940 + n // 100 for n in sequence])
    sex = pl.Series("sex", [(n * 7919 % 101) % 2 for n in sequence])
    return pl.DataFrame({"sex": sex}), pl.DataFrame({"row": sequence, "year": year, "sex": sex})


def shuffled(seed: int) -> list[int]:
    sequence = list(range(ROWS))
    random.Random(seed).shuffle(sequence)
    return sequence


def test_rows_that_are_left_in_the_order_of_the_register_are_flagged() -> None:
    found = order(*released_in(list(range(ROWS))))
    assert found.flagged == ("row", "year")
    assert found.columns[0].rho == pytest.approx(1)
    assert not found.by_content


def test_shuffled_rows_are_not_flagged() -> None:
    assert [order(*released_in(shuffled(seed))).flagged for seed in range(5)] == [()] * 5


def test_rows_that_are_sorted_by_all_that_they_say_tell_nothing_more() -> None:
    released, originals = released_in(list(range(ROWS)))
    both = pl.concat([released, originals.rename({"sex": "true sex"})], how="horizontal")
    both = both.sort("sex", maintain_order=True)
    found = order(both.select("sex"), both.drop("sex"))
    assert found.by_content
    assert found.flagged == ()
    trends = {one.column: one.rho for one in found.columns}
    assert trends["true sex"] == pytest.approx(0.866, abs=0.001)  # and so the release says itself


def test_sorting_by_some_of_the_columns_is_not_enough() -> None:
    released, originals = released_in(list(range(ROWS)))
    released = released.with_columns(place=pl.Series(shuffled(1))).with_columns(one=1)
    both = pl.concat([released.select("one", "place"), originals], how="horizontal")
    found = order(both.select("one", "place"), both.select("row"))
    assert found.flagged == ("row",)


def test_a_sound_correlation_of_a_small_table_is_let_pass() -> None:
    # 0.2 is much among four thousand rows, and nothing among twenty.
    released, originals = released_in(shuffled(3)[:20])
    assert order(released, originals).flagged == ()


def test_a_correlation_too_small_to_use_is_let_pass_however_sure_it_is() -> None:
    draw = random.Random(2)
    rows = 90_000
    values = pl.DataFrame({"age": [n * 0.05 + draw.gauss(0, rows) for n in range(rows)]})
    released = pl.DataFrame({"place": [draw.random() for _ in range(rows)]})
    (trend,) = order(released, values).columns
    assert trend.rho is not None
    assert 3 / 300 < trend.rho < 0.02
    assert not trend.flagged


def test_a_column_of_one_value_has_no_correlation() -> None:
    released, _ = released_in(shuffled(1))
    (trend,) = order(released, pl.DataFrame({"year": [1] * ROWS})).columns
    assert trend.rho is None
    assert not trend.flagged


@pytest.mark.parametrize(
    ("values", "ascending"),
    [
        ([None, None, "a", "b"], True),
        (["a", None, "b", "c"], False),
        (["b", "a", "c", "d"], False),
        ([], True),
        (["a"], True),
    ],
)
def test_sorted_means_as_a_frame_sorts_with_missing_values_first(
    values: list[str | None], ascending: bool
) -> None:
    released = pl.DataFrame({"x": values}, schema={"x": pl.String})
    assert order(released, released).by_content == ascending
    assert released.equals(released.sort("x")) == ascending


def test_a_later_column_counts_where_the_earlier_ones_are_equal() -> None:
    released = pl.DataFrame({"x": [1, 1, 2], "y": [5, 6, 0]})
    assert order(released, released).by_content
    turned = pl.DataFrame({"x": [1, 1, 2], "y": [6, 5, 0]})
    assert not order(turned, turned).by_content


def test_the_originals_of_other_rows_are_refused() -> None:
    released, originals = released_in(shuffled(1))
    with pytest.raises(DataError, match="the release has 4000 rows and the originals have 3"):
        order(released, originals.head(3))


def test_the_result_is_numbers_and_names_of_columns() -> None:
    told = order(*released_in(shuffled(1))).to_json()
    assert json.loads(json.dumps(told))["flagged"] == []
    assert told["rows"] == ROWS
