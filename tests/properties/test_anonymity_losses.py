"""Losses over classes: their bounds hold whatever is merged, suppressed, empty or few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hsr_privacy.anonymity.losses import ByClasses

OverClasses = Literal["discernibility", "class-size"]
both = st.sampled_from(["discernibility", "class-size"])


def loss_of(name: OverClasses, sizes: Sequence[int], suppressed: Sequence[bool]) -> float:
    classes = ByClasses(name, sum(sizes), 1)
    return classes.value(np.array(sizes, np.int64), np.array(suppressed, bool))


@given(
    both,
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.booleans()),
        min_size=1,
        max_size=8,
    ).filter(lambda merged: sum(sum(parts) for parts, _ in merged) > 0),
)
def test_no_coarser_node_loses_less_than_is_said_of_it(
    name: OverClasses, merged: list[tuple[list[int], bool]]
) -> None:
    """Classes of the finer node, those that merge together, and which merged class is suppressed."""
    finer = [size for parts, _ in merged for size in parts]
    coarser = [sum(parts) for parts, _ in merged]

    bound = ByClasses(name, sum(finer), 1).above(np.array(finer, np.int64))

    assert bound <= loss_of(name, coarser, [gone for _, gone in merged])


@given(
    both,
    st.integers(1, 5),
    st.lists(st.integers(0, 6), max_size=8),
    st.lists(st.integers(0, 7), max_size=4),
    st.data(),
)
def test_no_finer_node_loses_less_than_is_said_of_it(
    name: OverClasses, smallest: int, more: list[int], suppressed: list[int], data: st.DataObject
) -> None:
    """Released classes have enough rows or, if only a population has them, none; others any."""
    released = [smallest + size if size else 0 for size in more]
    gone = sum(suppressed)
    total = sum(released) + gone
    assume(total >= smallest)  # a k above the number of persons is refused before
    forced = data.draw(st.integers(0, gone))

    bound = ByClasses(name, total, smallest).below(forced)

    sizes = [*released, *suppressed]
    assert bound <= loss_of(name, sizes, [n >= len(released) for n in range(len(sizes))])


@pytest.mark.parametrize(
    ("rows", "smallest", "forced", "loss"),
    [(6, 2, 0, 6 / 3), (7, 2, 0, 7 / 4), (7, 2, 1, 7 / 4), (7, 2, 2, 7 / 3), (2, 2, 0, 2 / 1)],
)
def test_the_least_class_size_can_be_reached(
    rows: int, smallest: int, forced: int, loss: float
) -> None:
    """Such as by three classes of two, and one row of seven suppressed as a fourth."""
    assert ByClasses("class-size", rows, smallest).below(forced) == loss


def test_squares_beyond_the_exact_numbers_of_a_float_are_rounded_once() -> None:
    """Added up as floats they come to 16 more, and a node's bound lies above its own loss."""
    sizes = np.array([110_657_211, 264_106_568, 82_537_019], np.int64)
    exact = float(sum(size**2 for size in sizes.tolist()))

    classes = ByClasses("discernibility", int(sizes.sum()), 1)

    assert classes.above(sizes) == exact
    assert classes.value(sizes, np.zeros(3, bool)) == exact
