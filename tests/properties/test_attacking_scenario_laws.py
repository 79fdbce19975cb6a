"""Laws of simulated attackers, and the same counted in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.attacking import plain
from hsr_privacy.attacking.expecting import Matches, expected_matches
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.kernels import count_compatible
from hsr_privacy.attacking.simulating import Simulation, simulate
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.models.scenarios import Knowledge, Precision
from tests.unit.attacking.scenario_tables import attacker

COLUMNS = ("p", "q", "r")
LADDER: list[tuple[str, ...]] = [
    ("1", "a", "x", "*"),
    ("2", "a", "x", "*"),
    ("3", "b", "x", "*"),
    ("4", "c", "y", "*"),
]
TREES = {name: from_rows(name, LADDER) for name in COLUMNS}
EVERYBODY = 10_000

LEAF = st.sampled_from(["1", "2", "3", "4", None])
ROWS = st.lists(
    st.tuples(st.sampled_from(["ann", "bo", "cy", "di", "eve"]), LEAF, LEAF, LEAF),
    min_size=1, max_size=14,
)  # fmt: skip
LEVELS = st.fixed_dictionaries(dict.fromkeys(COLUMNS, st.integers(0, 3)))
PRECISIONS = st.sampled_from(
    [Precision(), Precision(within=1), Precision(every=2), Precision(level="level 1")]
)
FAULTS = st.sampled_from([(0.0, 0.0), (0.3, 0.0), (0.0, 0.5), (0.4, 0.4)])
KNOWLEDGE = st.tuples(*(st.tuples(PRECISIONS, FAULTS) for _ in COLUMNS))


def truth_of(rows: Sequence[tuple[str | None, ...]]) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=dict.fromkeys(("who", *COLUMNS), pl.String), orient="row")
    return table.with_columns(event=pl.Series([f"e{n}" for n in range(len(rows))]))


def released_on(truth: pl.DataFrame, levels: dict[str, int]) -> pl.DataFrame:
    nodes = {name: {row[0]: row[levels[name]] for row in LADDER} for name in COLUMNS}
    return truth.with_columns(
        pl.col(name).replace_strict(nodes[name], default=None, return_dtype=pl.String)
        for name in COLUMNS
    )


def case(truth: pl.DataFrame, shown: pl.DataFrame, levels: dict[str, int]) -> Exposed:
    return Exposed(shown, truth, event="event", person="who", hierarchies=TREES, levels=levels)


def exact(release: Exposed, *knows: str) -> Matches:
    return expected_matches(release, attacker(*(knows or COLUMNS)), seed=0, attackers=EVERYBODY)


def knowing(drawn: Sequence[tuple[Precision, tuple[float, float]]]) -> Any:
    return attacker(
        *(
            Knowledge(name, (precision,), wrong, unknown)
            for name, (precision, (wrong, unknown)) in zip(COLUMNS, drawn, strict=True)
        )
    )


@given(rows=ROWS, levels=LEVELS, drawn=KNOWLEDGE, data=st.data())
@settings(max_examples=60)
def test_a_plain_count_finds_the_same(
    rows: list[Any], levels: dict[str, int], drawn: Any, data: st.DataObject
) -> None:
    truth = truth_of(rows)
    shown = released_on(truth, levels)
    hidden = data.draw(st.sets(st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(COLUMNS))))
    for row, name in hidden:
        shown[row, name] = "998"
    kept = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))
    release = case(truth, shown[sorted(kept)], levels)
    simulation = simulate(
        release, knowing(drawn), seed=data.draw(st.integers(0, 9)), attackers=EVERYBODY
    )

    told = simulation.against_release

    chances, first = plain_chances(simulation, levels)
    assert told.right.value == pytest.approx(sum(chances) / len(chances))
    assert told.nobody.value == pytest.approx(sum(not found for found, _ in first) / len(first))
    assert told.certain.value == pytest.approx(
        sum(found == {target} for found, target in first) / len(first)
    )
    assert told.false_match.value == pytest.approx(
        sum(bool(found - {target}) for found, target in first) / len(first)
    )


def plain_chances(
    simulation: Simulation, levels: dict[str, int]
) -> tuple[list[float], list[tuple[set[str], str]]]:
    """Attacker by attacker and row by row: the chance to be right, and who fits at first."""
    truth, shown = simulation.exposed.before, simulation.exposed.released
    chances, first = [], []
    for number, place in enumerate(simulation.rows.tolist()):
        fits: dict[int, set[str]] = {}
        for row in shown.iter_rows(named=True):
            misses = sum(
                not agrees(simulation, number, name, row[name], levels) for name in COLUMNS
            )
            fits.setdefault(misses, set()).add(row["who"])
        target = truth["who"][place]
        candidates = fits.get(0) or fits.get(1) or set()
        chances.append(1 / len(candidates) if target in candidates else 0.0)
        first.append((fits.get(0, set()), target))
    return chances, first


def agrees(
    simulation: Simulation, number: int, name: str, cell: str | None, levels: dict[str, int]
) -> bool:
    """Whether a cell is compatible with what an attacker holds, by the texts of the leaves."""
    held = simulation.held[name]
    if cell is None or cell == "998" or held.ignorant[number]:
        return True
    texts = {leaf: text for text, leaf in simulation.exposed.column(name).places.items()}
    allowed = {texts[leaf] for leaf in held.leaves[held.attackers == number].tolist()}
    return any(row[levels[name]] == cell for row in LADDER if row[0] in allowed)


@given(rows=ROWS, levels=LEVELS, column=st.sampled_from(COLUMNS), drawn=KNOWLEDGE)
@settings(max_examples=40)
def test_without_errors_a_coarser_level_never_helps(
    rows: list[Any], levels: dict[str, int], column: str, drawn: Any
) -> None:
    truth = truth_of(rows)
    coarser = {**levels, column: min(levels[column] + 1, 3)}
    who = knowing([(precision, (0.0, unknown)) for precision, (_, unknown) in drawn])

    fine, coarse = (
        expected_matches(
            case(truth, released_on(truth, one), one), who, seed=4, attackers=EVERYBODY
        ).released
        for one in (levels, coarser)
    )

    assert coarse.right.value <= fine.right.value + 1e-12
    assert coarse.certain.value <= fine.certain.value + 1e-12


@given(rows=ROWS, levels=LEVELS, drawn=KNOWLEDGE, data=st.data())
@settings(max_examples=40)
def test_without_errors_a_suppressed_cell_never_helps(
    rows: list[Any], levels: dict[str, int], drawn: Any, data: st.DataObject
) -> None:
    truth = truth_of(rows)
    shown = released_on(truth, levels)
    row = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(COLUMNS))
    who = knowing([(precision, (0.0, unknown)) for precision, (_, unknown) in drawn])
    before = expected_matches(case(truth, shown, levels), who, seed=4, attackers=EVERYBODY)
    shown[row, name] = "998"

    after = expected_matches(case(truth, shown, levels), who, seed=4, attackers=EVERYBODY)

    assert after.released.right.value <= before.released.right.value + 1e-12


@given(data=st.data(), levels=LEVELS)
@settings(max_examples=40)
def test_a_suppressed_row_never_helps_who_knows_all_exactly(
    data: st.DataObject, levels: dict[str, int]
) -> None:
    leaf = st.sampled_from(["1", "2", "3", "4"])
    rows = data.draw(st.lists(st.tuples(leaf, leaf, leaf), min_size=2, max_size=14))
    truth = truth_of([(f"person {n}", *row) for n, row in enumerate(rows)])
    shown = released_on(truth, levels)
    row = data.draw(st.integers(0, len(rows) - 1))

    whole = exact(case(truth, shown, levels)).released
    less = exact(case(truth, shown.filter(pl.col("event") != f"e{row}"), levels)).released

    assert less.right.value <= whole.right.value + 1e-12


@given(data=st.data(), levels=LEVELS)
@settings(max_examples=40)
def test_who_knows_all_exactly_finds_one_in_every_class(
    data: st.DataObject, levels: dict[str, int]
) -> None:
    leaf = st.sampled_from(["1", "2", "3", "4"])
    rows = data.draw(st.lists(st.tuples(leaf, leaf, leaf), min_size=1, max_size=20))
    truth = truth_of([(f"person {n}", *row) for n, row in enumerate(rows)])
    shown = released_on(truth, levels)

    found = exact(case(truth, shown, levels)).released

    assert found.right.value == pytest.approx(shown.select(COLUMNS).n_unique() / len(rows))


@given(rows=ROWS, levels=LEVELS, drawn=KNOWLEDGE, data=st.data())
@settings(max_examples=30)
def test_the_order_of_the_rows_does_not_matter(
    rows: list[Any], levels: dict[str, int], drawn: Any, data: st.DataObject
) -> None:
    truth = truth_of(rows)
    shown = released_on(truth, levels)
    places = data.draw(st.permutations(range(len(rows))))
    others = data.draw(st.permutations(range(len(rows))))
    who = knowing(drawn)
    few = data.draw(st.integers(1, 5))

    straight = expected_matches(case(truth, shown, levels), who, seed=2, attackers=few)
    mixed = expected_matches(case(truth[places], shown[others], levels), who, seed=2, attackers=few)

    assert straight == mixed


@given(rows=ROWS, levels=LEVELS, drawn=KNOWLEDGE, data=st.data())
@settings(max_examples=30)
def test_nor_does_it_where_rows_are_told_apart_by_their_place(
    rows: list[Any], levels: dict[str, int], drawn: Any, data: st.DataObject
) -> None:
    truth = truth_of(rows)
    shown = released_on(truth, levels).select(COLUMNS)
    truth = truth.select(COLUMNS)
    places = data.draw(st.permutations(range(len(rows))))
    few = data.draw(st.integers(1, 5))

    straight, mixed = (
        expected_matches(
            Exposed(one, other, hierarchies=TREES, levels=levels),
            knowing(drawn),
            seed=2,
            attackers=few,
        )
        for one, other in ((shown, truth), (shown[places], truth[places]))
    )

    assert straight == mixed


@given(data=st.data())
@settings(max_examples=60)
def test_the_kernel_counts_what_its_plain_form_counts(data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    columns = data.draw(st.integers(1, 4))
    size, attackers = data.draw(st.integers(0, 12)), 40
    widths = random.integers(1, 6, columns)
    bounds = np.cumsum([0, *widths])
    codes = np.stack(
        [low + random.integers(0, width, size) for low, width in zip(bounds, widths, strict=False)],
        axis=1,
    ).astype(np.int32)
    owner = np.where(random.random(size) < 0.5, -1, random.integers(0, 5, size))
    weight = np.where(owner < 0, random.integers(1, 9, size), 0)
    permitted = random.random((attackers, bounds[-1])) < data.draw(st.sampled_from([0.3, 0.5, 0.8]))
    by_kernel, by_plain = (np.full((2, attackers), -1, np.int64) for _ in range(2))

    machine_code = count_compatible.__dict__["__kernel__"]()
    by_kernel[:] = 0
    machine_code(codes, owner, weight, bounds, permitted, by_kernel)
    plain.count_compatible(codes, owner, weight, bounds, permitted, by_plain)

    assert by_kernel.tolist() == by_plain.tolist()


def test_many_columns_are_packed_in_parts() -> None:
    # 64 codes a column of the truth: were all in one number, the first column would fall out of it
    first = [str(n) for n in range(63)] + ["0"] * 63
    last = ["0"] * 63 + [str(n) for n in range(63)]
    names = [f"c{n}" for n in range(12)]
    truth = pl.DataFrame({name: first if name < "c1" else last for name in names})

    found = exact(Exposed(truth, truth), *names)

    assert found.released.right.value == pytest.approx((124 + 2 / 2) / 126)
    assert found.released.certain.value == 124 / 126
    assert found.before.right == found.released.right
