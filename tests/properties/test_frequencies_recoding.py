"""Parts, groups and recodings of wide frequency tables, against plain recounts row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from hsr_privacy.frequencies import (
    EquivalenceClasses,
    FrequencyTable,
    Packing,
    merge_groups,
    recoded,
)
from hsr_privacy.hierarchies import HierarchyTable
from tests.plain_counts import (
    WIDTHS,
    drawn_levels,
    frequencies,
    merged,
    plain,
    told,
    wide_table,
)
from tests.plain_optimum import PlainTable, Values
from tests.plain_tables import SECRET


def persons_in(table: PlainTable, values: set[Values]) -> int:
    return len({row.person for row in table.rows if row.values in values})


def values_of(table: FrequencyTable, plain_table: PlainTable) -> list[Values]:
    """What each base class says."""
    return [
        tuple(rows[leaf][0] for rows, leaf in zip(plain_table.columns, codes, strict=True))
        for codes in table.codes.tolist()
    ]


@pytest.mark.parametrize("shape", WIDTHS)
def test_persons_of_chosen_classes_are_counted_once(shape: str) -> None:
    table, rows = frequencies(shape), wide_table(shape)
    values = values_of(table, rows)
    for seed in range(5):
        chosen = np.random.default_rng(seed).random(table.classes) < 0.2 * seed
        picked = {one for one, taken in zip(values, chosen, strict=True) if taken}

        assert table.count_persons(chosen) == persons_in(rows, picked)


@pytest.mark.parametrize("shape", WIDTHS)
def test_persons_of_any_groups_are_counted_once_in_each(shape: str) -> None:
    table, rows = frequencies(shape), wide_table(shape)
    values = values_of(table, rows)
    rng = np.random.default_rng(8)
    groups = rng.integers(0, 9, table.classes).astype(np.int32)
    groups[:9] = np.arange(9)
    chosen = rng.random(table.classes) < 0.6

    base = EquivalenceClasses.base(table)
    everybody, some = base.persons_of(groups), base.persons_of(groups, chosen)

    for group in range(9):
        inside = {one for one, number in zip(values, groups, strict=True) if number == group}
        picked = {one for one, taken in zip(values, chosen, strict=True) if taken}
        assert everybody[group] == persons_in(rows, inside)
        assert some[group] == persons_in(rows, inside & picked)


@pytest.mark.parametrize("shape", WIDTHS)
def test_a_part_counts_as_a_table_of_its_rows(shape: str) -> None:
    table, rows = frequencies(shape), wide_table(shape)
    chosen = np.random.default_rng(5).permutation(table.classes)[: table.classes // 2]
    values = values_of(table, rows)
    picked = {values[one] for one in chosen.tolist()}
    few = replace(rows, rows=[row for row in rows.rows if row.values in picked])
    levels = drawn_levels(shape, 4)

    part = table.part(chosen.astype(np.int32))

    assert part.codes.tolist() == table.codes[chosen].tolist()
    assert told(merged(EquivalenceClasses.base(part), levels), levels) == plain(few, levels)
    everybody = np.ones(part.classes, bool)
    assert part.count_persons(everybody) == persons_in(rows, picked)


def test_the_shares_of_a_part_stay_those_of_the_whole_table() -> None:
    table = frequencies("one word")

    part = table.part(np.array([0], np.int32))

    secrets = Counter(row.secret for row in wide_table("one word").rows)
    assert part.sensitive[SECRET].totals.tolist() == [secrets[n] for n in range(4)]
    histograms = EquivalenceClasses.base(part).histograms(SECRET)
    assert histograms.totals.sum() == 900


@pytest.mark.parametrize("shape", WIDTHS)
def test_a_table_recoded_column_by_column_agrees_with_a_plain_recount(shape: str) -> None:
    table, rows = frequencies(shape), wide_table(shape)
    levels = drawn_levels(shape, 6)
    released = np.random.default_rng(6).random(table.classes) < 0.7
    values = values_of(table, rows)
    climbs = [
        {value: labels[n] for value, labels in climb.items()}
        for climb, n in zip(rows.climbs, levels, strict=True)
    ]
    said = [tuple(c[v] for c, v in zip(climbs, one, strict=True)) for one in values]

    release, place = recoded(table, levels, released)

    assert_recounted(
        release,
        place,
        [one if r else None for one, r in zip(said, released, strict=True)],
        rows,
        values,
    )


@pytest.mark.parametrize("shape", WIDTHS)
def test_a_table_recoded_cell_by_cell_agrees_with_a_plain_recount(shape: str) -> None:
    table, rows = frequencies(shape), wide_table(shape)
    rng = np.random.default_rng(7)
    cells = rng.integers(1, 4, (6, len(table.names))).astype(np.int8)
    cells = cells[rng.integers(0, 6, table.classes)]
    released = rng.random(table.classes) < 0.7
    values = values_of(table, rows)
    said = [
        tuple(climb[v][n] for climb, v, n in zip(rows.climbs, one, levels, strict=True))
        for one, levels in zip(values, cells.tolist(), strict=True)
    ]

    release, place = recoded(table, cells, released)

    assert_recounted(
        release,
        place,
        [one if r else None for one, r in zip(said, released, strict=True)],
        rows,
        values,
    )


def assert_recounted(
    release: FrequencyTable,
    place: NDArray[np.int32],
    said: Sequence[Values | None],
    rows: PlainTable,
    values: Sequence[Values],
) -> None:
    """What a release says, counted row by row; None is what is not released."""
    text_of = dict(zip(values, said, strict=True))
    kept = [(text_of[row.values], row) for row in rows.rows if text_of[row.values] is not None]
    expected: dict[Values, tuple[int, int, dict[int, int]]] = {}
    for text in {one for one, _ in kept if one is not None}:
        mine = [row for one, row in kept if one == text]
        secrets = dict(Counter(row.secret for row in mine))
        expected[text] = (len(mine), len({row.person for row in mine}), secrets)
    finest = (0,) * len(release.names)
    assert told(EquivalenceClasses.base(release), finest) == expected
    everybody = np.ones(release.classes, bool)
    assert release.count_persons(everybody) == len({row.person for _, row in kept})
    texts = [
        tuple(one.labels[0][leaf] for one, leaf in zip(release.hierarchies, codes, strict=True))
        for codes in release.codes.tolist()
    ]
    assert [texts[n] if n >= 0 else None for n in place.tolist()] == list(said)


def test_texts_that_are_the_same_on_different_levels_are_one_value() -> None:
    ladder = [("a", "a", "*"), ("b", "a", "*"), ("c", "c", "*")]
    table = FrequencyTable.from_rows((HierarchyTable.from_rows("q", ladder),), [[0], [1], [2]])

    release, place = recoded(table, np.array([[0], [1], [2]], np.int8), np.ones(3, bool))

    assert release.rows.tolist() == [2, 1]
    assert place.tolist() == [0, 0, 1]


@pytest.mark.parametrize("shape", WIDTHS)
def test_merged_groups_agree_with_a_plain_recount(shape: str) -> None:
    table, rows = frequencies(shape), wide_table(shape)
    values = values_of(table, rows)
    groups = np.random.default_rng(9).integers(-1, 7, table.classes).astype(np.int32)
    numbers = HierarchyTable.from_rows("group", [(f"{n}",) for n in range(7)])
    flat = (numbers,) * len(table.names)
    packed = Packing.of([7] * len(flat)).pack([[n] * len(flat) for n in range(7)])

    merged_table = merge_groups(table, flat, packed, groups)

    said = [None if n < 0 else (f"{n}",) * len(flat) for n in groups.tolist()]
    assert_recounted(merged_table, groups, said, rows, values)


def test_measures_are_added_up_when_classes_merge() -> None:
    table = frequencies("many narrow")
    weights = np.random.default_rng(1).integers(0, 2**40, table.classes)
    weighed = replace(table, measures={"weight": weights})
    levels = drawn_levels("many narrow", 2)

    classes = merged(EquivalenceClasses.base(weighed), levels)

    sums = np.zeros(len(classes), np.int64)
    np.add.at(sums, classes.members, weights)
    assert classes.measure("weight").tolist() == sums.tolist()
    everything = np.ones(table.classes, bool)
    assert recoded(weighed, levels, everything)[0].measures["weight"].sum() == weights.sum()
