"""Distances by hand, and those of SDMetrics and SciPy where they are installed."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from hsr_privacy.utility.distances import Distances, distances
from tests.unit.utility.tables import frame, table


def compared(
    released: pl.DataFrame, before: pl.DataFrame, *, levels: dict[str, int] | None = None
) -> Distances:
    return distances(
        table(released, levels, "998"),
        table(before, levels),
        columns=released.columns,
        numbers=[n for n in released.columns if released.schema[n].is_numeric()],
        least_persons=1,
    )


def test_the_distance_of_a_column_is_between_its_known_values() -> None:
    before = pl.DataFrame({"x": ["a"] * 5 + ["b"] * 5})
    released = pl.DataFrame({"x": ["a"] * 5 + ["b"] * 3 + ["998"] * 2})
    found = compared(released, before).columns[0]
    assert found.distance == pytest.approx((abs(5 / 10 - 5 / 8) + abs(5 / 10 - 3 / 8)) / 2)
    assert found.suppressed == pytest.approx(0.2)
    assert (found.missing_before, found.missing_after) == (0, 0)


def test_missing_cells_and_kinds_of_missing_are_told_beside() -> None:
    before = pl.DataFrame({"x": ["1", "2", "999", None]})
    released = pl.DataFrame({"x": ["1", "2", None, None, "998"]})
    found = compared(released, before).columns[0]
    assert found.distance == 0
    assert found.missing_before == pytest.approx(2 / 4)
    assert found.missing_after == pytest.approx(2 / 5)
    assert found.suppressed == pytest.approx(1 / 5)


def test_originals_are_brought_to_the_released_level_first() -> None:
    before = frame("town\na\na\nb\nc")
    released = frame("town\nnorth\nnorth\nnorth\nsouth")
    assert compared(released, before, levels={"town": 1}).columns[0].distance == 0


def test_numbers_move_by_hand() -> None:
    before, released = pl.DataFrame({"x": [0, 0, 10, 10]}), pl.DataFrame({"x": [0, 10, 10, 10]})
    found = compared(released, before).columns[0]
    assert found.largest_gap == pytest.approx(1 / 4)
    assert found.mean_move == pytest.approx(10 / 4)
    assert found.mean_move_in_deviations == pytest.approx(2.5 / 5)


def test_a_column_that_the_originals_lack_is_left_out() -> None:
    found = compared(pl.DataFrame({"x": ["a"], "new": ["b"]}), pl.DataFrame({"x": ["a"]}))
    assert [one.name for one in found.columns] == ["x"]


def test_a_pair_is_compared_where_both_are_known() -> None:
    before = pl.DataFrame({"x": list("aabb"), "y": list("cdcd")})
    released = pl.DataFrame({"x": ["a", "998", "b", "b"], "y": list("cdcd")})
    (pair,) = compared(released, before).farthest_pairs
    assert pair.distance == pytest.approx((3 * (1 / 3 - 1 / 4) + 1 / 4) / 2)
    assert pair.association_before == pytest.approx(0)
    # of a, c once; of b, c and d once each: chi-square is 3 (1/2 + 1/4 + 1/2 - 1)
    assert pair.association_after == pytest.approx(math.sqrt(0.25))
    assert pair.shift == pytest.approx(0.5)


def test_what_tells_all_of_another_has_an_association_of_one() -> None:
    rows = pl.DataFrame({"x": list("aabbcc"), "y": list("ddeeff")})
    (pair,) = compared(rows, rows).farthest_pairs
    assert pair.association_before == pytest.approx(1)


def test_numbers_are_taken_in_bands_of_equal_size_in_their_order() -> None:
    x = [n for n in range(200) for _ in range(40 if n < 3 else 1)]
    low, high = pl.lit("low"), pl.lit("high")
    rows = pl.DataFrame({"x": x}).with_columns(
        y=pl.when(pl.col("x") < 10).then(low).otherwise(high)
    )
    (pair,) = compared(rows, rows).farthest_pairs
    # 127 of 317 rows are low, all but a few of them in the first eight of twenty bands
    assert pair.association_before > 0.95


def test_a_column_of_one_value_is_in_no_pair() -> None:
    rows = pl.DataFrame({"x": list("aabb"), "y": ["c"] * 4})
    found = compared(rows, rows)
    assert (found.pairs_compared, found.mean_pair_distance) == (0, None)


def test_on_few_rows_nothing_is_told() -> None:
    rows = pl.DataFrame({"x": ["a", "b", "a", "b"], "y": list("cdcd")})
    found = distances(table(rows, {}, "998"), table(rows), columns=["x", "y"], least_persons=5)
    assert found.columns[0].distance is None
    assert found.pairs_compared == 0
    assert found.mean_distance is None


def test_many_columns_are_compared_in_all_pairs() -> None:
    rng = np.random.default_rng(1)
    rows = pl.DataFrame({f"c{n}": rng.integers(0, 3 + n, 500).astype(str) for n in range(12)})
    assert compared(rows, rows).pairs_compared == 12 * 11 // 2


@pytest.mark.full
def test_distances_are_the_complements_of_sdmetrics() -> None:
    single = pytest.importorskip("sdmetrics.single_column")
    pairs = pytest.importorskip("sdmetrics.column_pairs")
    sides = []
    for seed, size in ((1, 3000), (2, 2000)):
        rng = np.random.default_rng(seed)
        x = rng.integers(0, 6, size)
        sides.append(
            pl.DataFrame(
                {
                    "x": [f"v{n}" for n in x],
                    "y": [f"w{n}" for n in (x + rng.integers(0, seed + 1, size)) % 5],
                    "z": rng.normal(seed, 1, size).round(2),
                }
            )
        )
    before, released = sides
    found = compared(released, before)
    first, second, third = found.columns
    one, other = before.to_pandas(), released.to_pandas()
    for column, name in ((first, "x"), (second, "y")):
        known = single.TVComplement.compute(one[name], other[name])
        assert column.distance == pytest.approx(1 - known, abs=1e-6)
    ks = single.KSComplement.compute(one.z, other.z)
    assert third.largest_gap == pytest.approx(1 - ks, abs=1e-6)
    pair = next(p for p in found.farthest_pairs if {p.one, p.other} == {"x", "y"})
    known = pairs.ContingencySimilarity.compute(one[["x", "y"]], other[["x", "y"]])
    assert pair.distance == pytest.approx(1 - known, abs=1e-6)


@pytest.mark.full
def test_moves_and_associations_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(5)
    before = pl.DataFrame({"x": rng.exponential(9, 400).round(1), "y": rng.integers(0, 4, 400)})
    released = before.filter(pl.Series(rng.random(400) < 0.7))
    found = compared(released, before).columns[0]
    known = stats.wasserstein_distance(before["x"], released["x"])
    assert found.mean_move == pytest.approx(known, abs=1e-9)
    coded = before.select(x=(pl.col("x") > 5).cast(pl.String), y=pl.col("y").cast(pl.String))
    (pair,) = compared(coded, coded).farthest_pairs
    counts = (
        coded.pivot("y", index="x", values="y", aggregate_function="len").drop("x").fill_null(0)
    )
    table_ = counts.to_numpy()
    v = stats.contingency.association(table_, method="cramer")
    assert pair.association_before == pytest.approx(v, abs=1e-9)
