"""The plain form of every kernel gives what the compiled one gives, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hsr_privacy.anonymity import kernels as lattice_kernels
from hsr_privacy.anonymity import plain as lattice_plain
from hsr_privacy.frequencies import Packing, kernels, plain

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


def machine_code(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel itself, whether or not it pays."""
    compiled: Callable[..., Any] = kernel.__dict__["__kernel__"]()
    return compiled


@dataclass(frozen=True)
class Merge:
    """What `roll_up` is asked for: classes, and a label for every leaf of every column."""

    sizes: tuple[int, ...]
    labels: tuple[int, ...]
    classes: int
    sums: int
    keyed: bool
    seed: int

    def arguments(self) -> tuple[tuple[Any, ...], int]:
        """Those of `roll_up` but for the room, and the number of keys that there can be."""
        draw = np.random.default_rng(self.seed)
        packing = Packing.of(self.sizes)
        codes = np.stack([draw.integers(0, size, self.classes) for size in self.sizes], axis=1)
        counts = draw.integers(0, 1000, (self.classes, self.sums))
        starts = np.cumsum([0, *self.sizes[:-1]])
        flat = np.concatenate(
            [
                draw.integers(0, width, size)
                for width, size in zip(self.labels, self.sizes, strict=True)
            ]
        )
        many = 3 if self.keyed else 1
        keys = draw.integers(0, many, self.classes) if self.keyed else np.empty(0, np.int64)
        space, strides = many, []
        for width in self.labels:
            strides.append(space if width > 1 else 0)
            space *= width
        fields = [packing.word, packing.shift, packing.bits, starts, strides, self.sizes]
        columns = np.stack([np.array(one, np.int64) for one in fields], axis=1)
        return (packing.pack(codes), counts, keys, columns, flat.astype(np.int32)), space


@st.composite
def merges(draw: st.DrawFn) -> Merge:
    sizes = draw(st.lists(st.sampled_from([1, 2, 3, 9, 70, 3000]), min_size=1, max_size=9))
    labels = [draw(st.integers(1, min(size, 40))) for size in sizes]
    classes = draw(st.sampled_from([1, 2, 30, 511, 512, 2049, 40_000]))
    return Merge(
        tuple(sizes),
        tuple(labels),
        classes,
        draw(st.integers(1, 3)),
        draw(st.booleans()),
        draw(st.integers(0, 2**32 - 1)),
    )


def rolled_up(roll_up: Callable[..., int], merge: Merge, *, hashed: bool) -> list[Any]:
    """The merged class of each class, and one combination and the sums of each merged class."""
    (packed, counts, keys, columns, labels), space = merge.arguments()
    size = len(packed)
    slots = min(1 << (2 * size).bit_length(), 65_536) if hashed else space
    merged = np.empty(size, np.int32)
    packed_of, counts_of = np.empty_like(packed), np.empty_like(counts)
    count = len(columns)
    room = [np.empty(n, np.int64) for n in (size, 2048, (count, 4), (count, 5), count << 10)]
    found = roll_up(
        *(packed, counts, keys, columns, labels, hashed, np.full(slots, -1, np.int32)),
        *(merged, packed_of, counts_of, *room),
    )
    return [merged.tolist(), packed_of[:found].tolist(), counts_of[:found].tolist()]


@given(merges())
def test_classes_merge_alike_by_a_hash_of_their_keys(merge: Merge) -> None:
    expected = rolled_up(machine_code(kernels.roll_up), merge, hashed=True)
    assert rolled_up(plain.roll_up, merge, hashed=True) == expected


@given(merges().filter(lambda merge: merge.arguments()[1] < 10**6))
def test_classes_merge_alike_by_the_keys_themselves(merge: Merge) -> None:
    expected = rolled_up(machine_code(kernels.roll_up), merge, hashed=False)
    assert rolled_up(plain.roll_up, merge, hashed=False) == expected


def test_no_classes_merge_to_none() -> None:
    merge = Merge((3, 2), (2, 2), 0, 1, keyed=False, seed=0)
    assert rolled_up(plain.roll_up, merge, hashed=True) == [[], [], []]


@dataclass(frozen=True)
class Pairs:
    """Pairs of class and mark in the order of marks, each once, and where the classes merge to."""

    classes: Int32s
    marks: Int32s
    merged: Int32s
    size: int


@st.composite
def pairs(draw: st.DrawFn) -> Pairs:
    many = draw(st.integers(1, 8))
    found = draw(st.sets(st.tuples(st.integers(0, 12), st.integers(0, many - 1)), max_size=60))
    marks, classes = np.array(sorted(found), np.int32).reshape(-1, 2).T.copy()
    size = draw(st.integers(1, many))
    merged = draw(st.lists(st.integers(0, size - 1), min_size=many, max_size=many))
    return Pairs(classes, marks, np.array(merged, np.int32), size)


@given(pairs())
def test_distinct_marks_are_counted_alike(given_: Pairs) -> None:
    arguments = (given_.classes, given_.marks, given_.merged, given_.size)
    expected = machine_code(kernels.count_distinct)(*arguments)
    assert plain.count_distinct(*arguments).tolist() == expected.tolist()


@given(pairs(), st.integers(0, 2**32 - 1))
def test_histograms_merge_alike(given_: Pairs, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(1, 100, len(given_.marks))
    arguments = (given_.classes, given_.marks, counts, given_.merged, given_.size)
    expected = machine_code(kernels.merge_histograms)(*arguments)
    found = plain.merge_histograms(*arguments)
    assert [(one.dtype, one.tolist()) for one in found] == [
        (one.dtype, one.tolist()) for one in expected
    ]


@given(merges(), st.floats(0, 1))
def test_leaves_are_counted_alike(merge: Merge, share: float) -> None:
    (packed, counts, _, columns, _), _ = merge.arguments()
    chosen = np.random.default_rng(merge.seed).random(len(packed)) < share
    rows, fields = np.ascontiguousarray(counts[:, 0]), np.ascontiguousarray(columns[:, :4])
    found = []
    for histogram in (lattice_plain.histogram, machine_code(lattice_kernels.histogram)):
        leaves = np.ones(sum(merge.sizes), np.int64)
        histogram(packed, rows, chosen, fields, leaves)
        found.append(leaves.tolist())
    assert found[0] == found[1]


@dataclass(frozen=True)
class Box:
    """A lattice whose nodes have bounds, and two of its nodes, the second nowhere below the first."""

    shape: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    seed: int

    @property
    def strides(self) -> Int64s:
        """Of each column in the numbering of nodes."""
        return np.array([int(np.prod(self.shape[j + 1 :])) for j in range(len(self.shape))])

    def bounds(self) -> NDArray[np.float64]:
        """One per node; some are equal, and some out of reach."""
        draw = np.random.default_rng(self.seed)
        bounds = draw.integers(0, 12, int(np.prod(self.shape))) / 7
        bounds[draw.random(len(bounds)) < 0.2] = np.inf
        return bounds


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    ends = [sorted((draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1)))) for n in shape]
    lows, highs = zip(*ends, strict=True)
    return Box(tuple(shape), lows, highs, draw(st.integers(0, 2**32 - 1)))


@given(boxes())
def test_bounds_are_raised_alike(box: Box) -> None:
    starts = np.cumsum([0, *box.shape[:-1]])
    terms = np.random.default_rng(box.seed + 1).random(sum(box.shape)) / 3
    found = []
    for raise_bounds in (lattice_plain.raise_bounds, machine_code(lattice_kernels.raise_bounds)):
        bounds = box.bounds()
        raise_bounds(bounds, box.strides, np.array(box.low), np.array(box.high), terms, starts)
        found.append(bounds.tolist())
    assert found[0] == found[1]


@given(boxes(), st.floats(0, 2), st.floats(0, 1))
def test_a_climb_ends_alike(box: Box, ceiling: float, fraction: float) -> None:
    node = int(np.array(box.low) @ box.strides)
    arguments = (box.bounds(), box.strides, np.array(box.shape), node, ceiling, fraction)
    expected = machine_code(lattice_kernels.climb)(*arguments)
    assert lattice_plain.climb(*arguments) == expected
