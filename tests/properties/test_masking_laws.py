"""Laws of masking, against counts and searches that share no code with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hsr_privacy.extract import Extract
from hsr_privacy.masking import (
    code_extremes,
    microaggregate,
    pram_with_masking,
    round_values,
    sample,
)
from hsr_privacy.masking.kernels import mdav_groups, optimal_groups
from hsr_privacy.masking.transition import invariant_matrix

WHOLE = st.integers(-1_000, 1_000)


def partitions(items: list[int], size: int) -> Iterator[list[list[int]]]:
    """Every way to put items into groups of at least ``size``, neighbours or not."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for mask in range(1 << len(rest)):
        chosen = [item for place, item in enumerate(rest) if mask >> place & 1]
        if len(chosen) + 1 < size:
            continue
        others = [item for place, item in enumerate(rest) if not mask >> place & 1]
        for parts in partitions(others, size):
            yield [[first, *chosen], *parts]


def lost(groups: list[list[int]]) -> Fraction:
    means = [Fraction(sum(group), len(group)) for group in groups]
    return sum(
        ((value - mean) ** 2 for group, mean in zip(groups, means, strict=True) for value in group),
        Fraction(0),
    )


@settings(max_examples=40)
@example(values=[3, 1, 4, 1, 5, 9, 2, 6, 5, 3], size=2)
@example(values=[0, 0, 0, 0, 0, 100, 100, 100, 100, 100], size=3)
@given(values=st.lists(WHOLE, min_size=2, max_size=10), size=st.integers(2, 4))
def test_one_column_loses_the_least_of_all_partitions(values: list[int], size: int) -> None:
    if len(values) < size:
        return
    least = min(lost(parts) for parts in partitions(values, size))
    ordered = sorted(values)
    groups = optimal_groups(np.array(ordered, float), size)
    found: dict[int, list[int]] = {}
    for value, group in zip(ordered, groups.tolist(), strict=True):
        found.setdefault(group, []).append(value)
    assert min(map(len, found.values())) >= size
    assert lost(list(found.values())) == least


def cuts(count: int, size: int) -> Iterator[list[int]]:
    """Every way to cut a row of values into runs of at least ``size``: their lengths."""
    if count == 0:
        yield []
    for length in range(size, count + 1):
        for others in cuts(count - length, size):
            yield [length, *others]


@given(values=st.lists(WHOLE, min_size=9, max_size=14), size=st.integers(2, 5))
def test_longer_columns_lose_the_least_of_all_cuts(values: list[int], size: int) -> None:
    ordered = sorted(values)

    def runs(lengths: list[int]) -> list[list[int]]:
        ends = np.cumsum([0, *lengths])
        return [ordered[a:b] for a, b in pairwise(ends.tolist())]

    least = min(lost(runs(lengths)) for lengths in cuts(len(ordered), size))
    groups = optimal_groups(np.array(ordered, float), size).tolist()
    assert lost(runs([groups.count(group) for group in sorted(set(groups))])) == least
    assert groups == sorted(groups)


points = st.integers(2, 60).flatmap(
    lambda rows: st.lists(st.tuples(WHOLE, WHOLE), min_size=rows, max_size=rows)
)


@given(rows=points, size=st.integers(2, 7))
def test_mdav_groups_have_their_size_and_nobody_is_left_out(
    rows: list[tuple[int, int]], size: int
) -> None:
    if len(rows) < size:
        return
    groups = mdav_groups(np.array(rows, float), size)
    sizes = np.bincount(groups)
    assert sizes.sum() == len(rows)
    assert size <= sizes.min() <= sizes.max() <= min(2 * size - 1, 3 * size - 1)


@given(rows=points)
def test_microaggregation_keeps_the_mean_and_never_adds_variance(
    rows: list[tuple[int, int]],
) -> None:
    data = pl.DataFrame(rows, schema=["x", "y"], orient="row")
    for columns in (["x"], ["x", "y"]):
        out = microaggregate(data, columns, size=2)
        for name in columns:
            before, after = data[name].to_numpy(), out[name].to_numpy()
            assert after.mean() == pytest.approx(before.mean(), abs=1e-9)
            assert after.var() <= before.var() + 1e-6


def plain_mdav(rows: list[tuple[int, int]], size: int) -> list[set[int]]:
    """MDAV as its paper tells it, with lists."""
    left = list(range(len(rows)))
    groups: list[set[int]] = []

    def distance(row: int, place: tuple[float, ...]) -> float:
        return sum((a - b) ** 2 for a, b in zip(rows[row], place, strict=True))

    def centre() -> tuple[float, ...]:
        return tuple(sum(rows[row][j] for row in left) / len(left) for j in range(2))

    def around(place: tuple[float, ...]) -> None:
        nearest = sorted(left, key=lambda row: distance(row, place))[:size]
        groups.append(set(nearest))
        left[:] = [row for row in left if row not in groups[-1]]

    def farthest(place: tuple[float, ...]) -> tuple[int, int]:
        return rows[max(left, key=lambda row: distance(row, place))]

    while len(left) >= 3 * size:
        first = farthest(centre())
        around(first)
        around(farthest(first))
    if len(left) >= 2 * size:
        around(farthest(centre()))
    if left:
        groups.append(set(left))
    return groups


@given(rows=points, size=st.integers(2, 7))
def test_mdav_is_what_its_paper_tells(rows: list[tuple[int, int]], size: int) -> None:
    if len(rows) < size:
        return
    groups = mdav_groups(np.array(rows, float), size)
    found = {frozenset(np.flatnonzero(groups == group).tolist()) for group in set(groups)}
    assert found == {frozenset(group) for group in plain_mdav(rows, size)}


@given(data=st.data(), size=st.integers(2, 8))
def test_invariant_chances_keep_every_frequency(data: st.DataObject, size: int) -> None:
    weights = st.lists(st.integers(0, 50), min_size=size, max_size=size).filter(any)
    first = np.array([data.draw(weights) for _ in range(size)], float)
    first /= first.sum(axis=1, keepdims=True)
    frequencies = np.array(data.draw(weights))
    chances = invariant_matrix(first, frequencies)
    shares = frequencies / frequencies.sum()
    assert np.abs(shares @ chances - shares).max() < 1e-12
    assert np.abs(chances.sum(axis=1) - 1).max() < 1e-12
    assert chances.min() >= 0


@given(
    column=st.lists(st.sampled_from("abcd"), min_size=2).filter(lambda found: len(set(found)) > 1),
    stay=st.floats(0, 0.99),
)
def test_the_published_matrix_keeps_the_frequencies_by_rank(column: list[str], stay: float) -> None:
    extract = Extract.of(pl.DataFrame({"c": column}))
    _, masking = pram_with_masking(extract, "c", stay=stay, seed=1)
    assert masking.transition is not None
    shares = np.array([count for _, count in Counter(column).most_common()]) / len(column)
    assert np.abs(shares @ np.array(masking.transition.matrix) - shares).max() < 1e-12


@given(
    who=st.lists(st.sampled_from("abcdefgh")),
    percent=st.integers(1, 100),
    seed=st.integers(0, 2**64),
)
def test_a_sample_has_the_whole_part_of_the_share_of_persons(
    who: list[str], percent: int, seed: int
) -> None:
    data = pl.DataFrame({"who": pl.Series(who, dtype=pl.String)})
    out = sample(data, share=percent / 100, seed=seed, person="who")
    assert out["who"].n_unique() == len(set(who)) * percent // 100
    assert out["who"].to_list() == [name for name in who if name in set(out["who"])]


@given(values=st.lists(st.integers(-(10**6), 10**6), min_size=1), base=st.integers(1, 1_000))
def test_a_rounded_number_is_a_multiple_near_by_and_rounding_it_again_changes_nothing(
    values: list[int], base: int
) -> None:
    out = round_values(pl.DataFrame({"x": values}), "x", base=base)
    rounded = out["x"].to_list()
    assert rounded == [int(round(Fraction(value, base)) * base) for value in values]
    assert round_values(out, "x", base=base).equals(out)


@given(tenths=st.lists(st.integers(-(10**6), 10**6), min_size=1))
def test_decimals_are_rounded_as_they_are_written(tenths: list[int]) -> None:
    values = [tenth / 100 for tenth in tenths]
    out = round_values(pl.DataFrame({"x": values}), "x", base=0.1)
    assert out["x"].to_list() == [round(Fraction(tenth, 10)) / 10 for tenth in tenths]


@given(values=st.lists(WHOLE, min_size=1), bound=WHOLE)
def test_nothing_lies_beyond_a_bound_and_the_rest_stays(values: list[int], bound: int) -> None:
    out = code_extremes(pl.DataFrame({"x": values}), "x", top=bound)
    assert out["x"].to_list() == [min(value, bound) for value in values]
