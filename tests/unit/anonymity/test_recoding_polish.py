"""The polish: groups settle anew, nobody below k, and never at a greater loss."""

from __future__ import annotations

import numpy as np
import pytest

from hsr_privacy.anonymity.grouping import groups_of
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.masks import maskable
from hsr_privacy.anonymity.polishing import polish
from hsr_privacy.anonymity.repairing import Placed, place, rows_lost
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import DistinctLDiversity, KAnonymity, MaximumRisk, PrivacyModel

SEEDS = 12


def drawn(seed: int) -> FrequencyTable:
    """Some hundred rows over four columns, of which the frequent values are very frequent."""
    draw = np.random.default_rng(seed)
    tables = tuple(
        HierarchyTable.from_rows(f"q{j}", [(str(n), f"{n // 3} of 3", "*") for n in range(9)])
        for j in range(4)
    )
    codes = np.minimum(draw.geometric(0.4, (400, 4)) - 1, 8)
    return FrequencyTable.from_rows(
        tables, codes, sensitive={"secret": draw.integers(0, 3, 400).tolist()}
    )


def masks_of(table: FrequencyTable) -> Lattice:
    weights = (1.0,) * len(table.names)
    return Lattice.of(maskable(table, (0,) * len(table.names)), weights)


def lattice_of(table: FrequencyTable) -> Lattice:
    return Lattice.of(table, (1.0,) * len(table.names))


def smallest(lattice: Lattice, placed: Placed) -> int:
    """Rows of the smallest group of those who are not suppressed."""
    node_of = np.where(placed.suppressed, -1, placed.node_of)
    group = groups_of(lattice, node_of).of
    rows = np.bincount(group[group >= 0], weights=lattice.table.rows[group >= 0])
    return int(rows.min())


@pytest.mark.parametrize("layout", [masks_of, lattice_of])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_group_keeps_k_and_all_together_lose_no_more(seed: int, layout: object) -> None:
    lattice: Lattice = layout(drawn(seed))  # type: ignore[operator]
    models = [KAnonymity(2 + seed % 4)]
    placed, _ = place(lattice, models, 0)
    polished = polish(lattice, models, placed, 0)

    assert smallest(lattice, polished) >= models[0].k
    assert rows_lost(lattice, polished) <= rows_lost(lattice, placed) + 1e-6
    assert not polished.suppressed.any()


def test_it_mostly_finds_something() -> None:
    gained = 0
    for seed in range(SEEDS):
        masks = masks_of(drawn(seed))
        placed, _ = place(masks, [KAnonymity(4)], 0)
        polished = polish(masks, [KAnonymity(4)], placed, 0)
        gained += rows_lost(masks, polished) < rows_lost(masks, placed) - 1e-6

    assert gained >= SEEDS - 2


@pytest.mark.parametrize(
    "models", [[MaximumRisk(0.25)], [KAnonymity(3), DistinctLDiversity("secret", 2)]]
)
def test_models_that_have_to_judge_lose_no_more_either(models: list[PrivacyModel]) -> None:
    masks = masks_of(drawn(1))
    placed, _ = place(masks, models, 0)
    polished = polish(masks, models, placed, 0)

    assert smallest(masks, polished) >= 3
    assert rows_lost(masks, polished) <= rows_lost(masks, placed) + 1e-6


def test_it_is_the_same_each_time() -> None:
    masks, models = masks_of(drawn(2)), [KAnonymity(5)]
    placed, _ = place(masks, models, 0)

    one, other = polish(masks, models, placed, 0), polish(masks, models, placed, 0)

    assert one.node_of.tolist() == other.node_of.tolist()
    assert placed.node_of.tolist() == place(masks, models, 0)[0].node_of.tolist()


def test_who_is_suppressed_stays_so() -> None:
    masks, models = masks_of(drawn(3)), [KAnonymity(20)]
    placed, _ = place(masks, models, 40)
    polished = polish(masks, models, placed, 40)

    assert polished.suppressed.tolist() == placed.suppressed.tolist()
    assert smallest(masks, polished) >= 20


def test_nobody_moves_where_nothing_is_lost() -> None:
    values = HierarchyTable.from_rows("value", [("a", "*"), ("b", "*")])
    table = FrequencyTable.from_rows((values,), [[0], [0], [1], [1]])
    placed = Placed(np.zeros(2, np.int64), np.zeros(2, bool))

    assert polish(masks_of(table), [KAnonymity(2)], placed, 0).node_of.tolist() == [0, 0]


def test_everybody_may_be_suppressed() -> None:
    values = HierarchyTable.from_rows("value", [("a", "*"), ("b", "*")])
    table = FrequencyTable.from_rows((values,), [[0], [1]])
    placed = Placed(np.zeros(2, np.int64), np.ones(2, bool))

    assert polish(masks_of(table), [KAnonymity(3)], placed, 2).suppressed.all()
