"""Frequency tables wider than a word, against plain counts in dictionaries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, Packing
from hsr_privacy.frequencies import classes as keys
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
from tests.plain_tables import SECRET, codes_of, frequencies_of


def test_these_tables_are_wider_than_a_word() -> None:
    words = {shape: frequencies(shape).packing.words for shape in WIDTHS}

    assert words == {"many narrow": 5, "few wide": 2, "one word": 1}
    assert 300**30 > 5_000**6 > 2**63


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 31).map(lambda bits: 2**bits), min_size=1, max_size=40),
    st.randoms(use_true_random=False),
)
def test_codes_come_back_from_their_words(sizes: list[int], random: Random) -> None:
    codes = [[0] * len(sizes), [size - 1 for size in sizes]]
    codes += [[random.randrange(size) for size in sizes] for _ in range(5)]
    packing = Packing.of(sizes)

    packed = packing.pack(codes)

    columns = [packing.column(packed, j).tolist() for j in range(len(sizes))]
    assert columns == [list(column) for column in zip(*codes, strict=True)]
    assert (packed >= 0).all()


@settings(max_examples=100)
@given(st.lists(st.integers(1, 2**31), min_size=1, max_size=30))
def test_no_two_columns_share_a_bit(sizes: list[int]) -> None:
    packing = Packing.of(sizes)

    taken = [
        (int(word), int(shift) + bit)
        for word, shift, bits in zip(packing.word, packing.shift, packing.bits, strict=True)
        for bit in range(int(bits))
    ]

    assert len(set(taken)) == len(taken)
    assert all(bit < 63 for _, bit in taken)
    assert all(2 ** int(bits) >= size for bits, size in zip(packing.bits, sizes, strict=True))


def test_a_column_with_more_leaves_than_can_be_told_apart_is_refused() -> None:
    with pytest.raises(DataError, match="2147483649 leaves"):
        Packing.of([2**31 + 1])


@pytest.mark.parametrize("shape", WIDTHS)
def test_every_combination_is_counted_once(shape: str) -> None:
    base = EquivalenceClasses.base(frequencies(shape))
    finest = (0,) * WIDTHS[shape][0]

    assert told(base, finest) == plain(wide_table(shape), finest)


@pytest.mark.parametrize("space", [None, 900 * 5_000])
@pytest.mark.parametrize("rows", [300, 900])
@pytest.mark.parametrize("shape", WIDTHS)
def test_merged_classes_agree_with_a_plain_count(
    shape: str, rows: int, space: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if space:
        monkeypatch.setattr(keys, "KEY_SPACE", space)
    for seed in range(6):
        levels = drawn_levels(shape, seed)

        classes = merged(EquivalenceClasses.base(frequencies(shape, rows)), levels)

        assert told(classes, levels) == plain(wide_table(shape, rows), levels)


@pytest.mark.parametrize("shape", WIDTHS)
def test_classes_merged_in_three_steps_are_those_merged_at_once(shape: str) -> None:
    classes, levels = EquivalenceClasses.base(frequencies(shape)), (0,) * WIDTHS[shape][0]
    for seed in range(3):
        levels = drawn_levels(shape, seed, levels)
        classes = merged(classes, levels)

    assert told(classes, levels) == plain(wide_table(shape), levels)


@pytest.mark.parametrize("space", [None, 900 * 5_000])
@pytest.mark.parametrize("shape", WIDTHS)
def test_a_projection_agrees_with_a_plain_count_of_its_columns(
    shape: str, space: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if space:
        monkeypatch.setattr(keys, "KEY_SPACE", space)
    base = EquivalenceClasses.base(frequencies(shape))
    for seed, known in enumerate(([0], [1, 2], [0, 1, 3], list(range(1, WIDTHS[shape][0])))):
        levels = drawn_levels(shape, seed)
        for classes, below in ((base, (0,) * len(levels)), (merged(base, levels), levels)):
            projected = tuple(n if j in known else 3 for j, n in enumerate(below))

            assert told(classes.project(known), projected) == plain(wide_table(shape), projected)


def test_more_classes_than_the_first_hash_table_holds_are_merged() -> None:
    """Keys that nearly all differ: the table of slots has to grow."""
    rng = np.random.default_rng(3)
    ladder = [(f"{n}", f"{n // 2}", "*") for n in range(2**14)]
    tables = tuple(HierarchyTable.from_rows(f"q{j}", ladder) for j in range(5))
    codes = rng.integers(0, 2**14, (100_000, 5))
    table = FrequencyTable.from_rows(tables, codes)

    classes = merged(EquivalenceClasses.base(table), (0, 1, 1, 2, 2))

    counts = Counter(map(tuple, (codes[:, :3] // [1, 2, 2]).tolist()))
    assert len(classes) == len(counts)
    leaves = np.stack([table.packing.column(classes.packed, j) for j in range(3)], axis=1)
    found = map(tuple, (leaves // [1, 2, 2]).tolist())
    assert dict(zip(found, classes.rows.tolist(), strict=True)) == counts


@pytest.mark.parametrize("shape", WIDTHS)
def test_the_order_of_the_rows_does_not_matter(shape: str) -> None:
    rows = wide_table(shape)
    order = np.random.default_rng(2).permutation(len(rows.rows)).tolist()

    one, other = (
        frequencies(shape),
        frequencies_of(replace(rows, rows=[rows.rows[n] for n in order])),
    )

    assert np.array_equal(one.packed, other.packed)
    assert np.array_equal(one.rows, other.rows)
    assert np.array_equal(one.persons, other.persons)
    assert one.repeats is not None
    assert other.repeats is not None
    assert np.array_equal(one.repeats.person, other.repeats.person)
    assert np.array_equal(one.repeats.cls, other.repeats.cls)
    for part in ("classes", "codes", "counts"):
        mine, theirs = (getattr(table.sensitive[SECRET], part) for table in (one, other))
        assert np.array_equal(mine, theirs)


def test_rows_without_persons_or_secrets_are_counted_in_the_same_order() -> None:
    for shape in WIDTHS:
        rows = wide_table(shape)
        codes = codes_of(rows, [row.values for row in rows.rows])

        table = FrequencyTable.from_rows(frequencies(shape).hierarchies, codes)

        assert np.array_equal(table.packed, frequencies(shape).packed)
        assert np.array_equal(table.rows, frequencies(shape).rows)
