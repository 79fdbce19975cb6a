"""Local recoding and suppressed cells where the answer can be seen by eye."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from hsr_privacy.anonymity import cells
from hsr_privacy.anonymity.bounding import least_costs
from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.grouping import row_costs
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.masks import maskable
from hsr_privacy.anonymity.repairing import Placed, place, repair, rows_lost
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.settling import settle
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import KAnonymity, KMap, MaximumRisk, PrivacyModel, TCloseness

SEX = HierarchyTable.from_rows("sex", [("m", "*"), ("f", "*")])
PLACE = HierarchyTable.from_rows(
    "place",
    [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")],
    ("municipality", "county", "*"),
)
BITS = [("0", "*"), ("1", "*")]


def counted(
    rows: Sequence[str], *tables: HierarchyTable, person: Sequence[int] | None = None, **secret: str
) -> FrequencyTable:
    """A table from rows such as ``"ma"``, one letter per column; sensitive values one per row."""
    codes = [[table.leaf_index[v] for table, v in zip(tables, row, strict=True)] for row in rows]
    return FrequencyTable.from_rows(
        tables,
        np.array(codes, int).reshape(len(rows), len(tables)),
        person=person,
        sensitive={name: [ord(v) for v in values] for name, values in secret.items()},
    )


def said(solution: Solution) -> list[str | None]:
    """What is said of every combination, its texts behind each other; None if suppressed."""
    labels = zip(*(solution.labels_of(name) for name in solution.table.names), strict=True)
    texts = ["".join(text or "" for text in one) for one in labels]
    return [None if gone else text for text, gone in zip(texts, solution.suppressed, strict=True)]


# Local recoding.


def test_every_class_is_as_fine_as_its_rows_allow() -> None:
    solution = recode_locally(counted("aacd", PLACE), models=[KAnonymity(2)])

    assert said(solution) == ["a", "cd", "cd"]
    assert solution.levels == {"place": 1}


def test_a_safe_class_takes_in_who_is_left_over() -> None:
    """Alone the second municipality is too small, and no other is near."""
    solution = recode_locally(counted("aaab", PLACE), models=[KAnonymity(2)])

    assert said(solution) == ["ab", "ab"]
    assert solution.classes == 1


def test_who_is_left_over_is_suppressed_where_that_costs_less() -> None:
    """One row is lost whole; or three rows lose a third each, and the fourth does too."""
    solution = recode_locally(counted("aaab", PLACE), models=[KAnonymity(2)], max_suppressed=0.25)

    assert said(solution) == ["a", None]
    assert solution.loss == pytest.approx(0.25)


def test_one_level_for_all_is_taken_where_it_is_better() -> None:
    """Both c and both b could stay as they are, and then a and d would have only each other."""
    bit = HierarchyTable.from_rows("bit", BITS)
    table = counted(["d0", "c0", "c0", "b1", "b1", "a1"], PLACE, bit)
    solution = recode_locally(table, models=[KAnonymity(2)])

    assert said(solution) == ["cd0", "cd0", "ab1", "ab1"]
    assert solution.loss == pytest.approx(1 / 6)


def test_persons_are_counted_and_not_rows() -> None:
    table = counted("aabb", PLACE, person=[0, 0, 1, 2])

    assert said(recode_locally(table, models=[KAnonymity(2)])) == ["ab", "ab"]


def test_one_person_in_two_classes_is_one_person_of_the_class_they_make() -> None:
    table = counted("aabc", PLACE, person=[0, 1, 0, 2])

    assert recode_locally(table, models=[KAnonymity(2)]).k == 2


def test_a_text_of_two_levels_is_one_class() -> None:
    """The code alone and the group of its name read alike, so one row is not alone."""
    codes = HierarchyTable.from_rows("code", [("I46", "I46", "*"), ("I46.9", "I46", "*")])
    solution = recode_locally(
        FrequencyTable.from_rows((codes,), [[0], [1]]), models=[KAnonymity(2)]
    )

    assert said(solution) == ["I46", "I46"]
    assert solution.classes == 1
    assert solution.bound <= 0.5  # one row as it is and the other raised would do too


def test_the_loss_of_a_column_counts_by_its_weight() -> None:
    """Either column may be given up; the one that counts less is."""
    tables = tuple(HierarchyTable.from_rows(name, BITS) for name in ("x", "y"))
    table = counted(["00", "01", "10", "11"], *tables)

    light = recode_locally(table, models=[KAnonymity(2)], weights={"x": 1.0, "y": 2.0})
    heavy = recode_locally(table, models=[KAnonymity(2)], weights={"x": 2.0, "y": 1.0})

    assert set(said(light)) == {"*0", "*1"}
    assert set(said(heavy)) == {"0*", "1*"}


def test_shares_are_those_of_the_released_rows() -> None:
    """Were the only row of d suppressed, c would be too far from what is released without it."""
    table = counted("cccadac", PLACE, cause="xxxxyyx")
    models: list[PrivacyModel] = [KAnonymity(2), TCloseness("cause", 0.3)]
    solution = recode_locally(table, models=models, max_suppressed=0.5)

    assert said(solution) == ["a", "cd", "cd"]
    assert solution.verdicts[1].reached == pytest.approx(5 / 7 - 1 / 2)


def test_the_population_counts_where_its_combinations_stand() -> None:
    """Four live in the first county, one of them in the release; nobody else in the second."""
    table = FrequencyTable.of_codes(
        (PLACE,),
        [[0], [1], [2]],
        [1, 0, 1],
        [1, 0, 1],
        measures={"population": np.array([1, 3, 1])},
    )
    solution = recode_locally(table, models=[KMap(4)], max_suppressed=0.5)

    assert said(solution) == ["ab", "ab", None]
    assert (solution.suppressed_rows, solution.k) == (1, 1)


@pytest.mark.parametrize("seed", range(8))
def test_k_and_the_risk_that_is_its_inverse_recode_alike(seed: int) -> None:
    """The first is swept in machine code, the second by the model; what they do is the same."""
    draw = np.random.default_rng(seed)
    tables = (SEX, PLACE, HierarchyTable.from_rows("bit", BITS), PLACE)
    codes = np.stack([draw.integers(0, one.leaves, 90) for one in tables], axis=1)
    table = FrequencyTable.from_rows(tables, codes, names=("sex", "home", "bit", "work"))

    compiled = recode_locally(table, models=[KAnonymity(2 + seed % 3)])
    judged = recode_locally(table, models=[MaximumRisk(1 / (2 + seed % 3))])

    assert said(compiled) == said(judged)
    assert compiled.bound == judged.bound


# Who settles, and who is left over.


def lattice_of(table: FrequencyTable) -> Lattice:
    return Lattice.of(table, (1.0,) * len(table.names))


def test_few_are_left_over_where_the_others_have_settled() -> None:
    lattice = lattice_of(counted("aaab", PLACE))

    assert settle(lattice, [KAnonymity(2)]).node_of.tolist() == [0, -1]


def test_the_left_over_join_the_group_that_loses_least_by_it() -> None:
    """The third is as near to both; the second group is smaller."""
    lattice = lattice_of(counted("aaabbc", PLACE))
    placed = repair(lattice, [KAnonymity(2)], np.array([0, 0, -1]), 0)

    assert placed.node_of.tolist() == [0, 2, 2]
    assert not placed.suppressed.any()


def test_the_left_over_join_one_after_the_other() -> None:
    lattice = lattice_of(counted("aacd", PLACE))
    placed = repair(lattice, [KAnonymity(2)], np.array([0, -1, -1]), 0)

    assert placed.node_of.tolist() == [2, 2, 2]


def test_what_was_suppressed_is_no_longer_in_the_budget() -> None:
    """For each of the two it costs less to be suppressed; there is room for one."""
    lattice = lattice_of(counted("aaabc", PLACE))
    placed = repair(lattice, [KAnonymity(2)], np.array([0, -1, -1]), 1)

    assert placed.suppressed.tolist() == [False, True, False]
    assert placed.node_of[[0, 2]].tolist() == [2, 2]


def test_a_group_that_has_become_part_of_another_is_joined_no_more() -> None:
    """The last is nearest to the third, which the first has taken with it by then."""
    lattice = lattice_of(counted("aaaabbccdd", PLACE, cause="xxxxyyyyxy"))
    placed = repair(lattice, [TCloseness("cause", 0.0)], np.array([-1, 0, 0, -1]), 0)

    assert placed.node_of.tolist() == [2, 2, 2, 2]


def test_the_left_over_take_several_groups_with_them_where_one_will_not_do() -> None:
    """The causes are half and half only where all three are together."""
    lattice = lattice_of(counted("aaaabbcc", PLACE, cause="xxxxyyyy"))
    placed = repair(lattice, [TCloseness("cause", 0.0)], np.array([-1, 0, 0]), 0)

    assert placed.node_of.tolist() == [2, 2, 2]


def test_nobody_is_left_over_where_nobody_stands_and_all_are_suppressed() -> None:
    lattice = lattice_of(counted("ab", PLACE))
    placed = repair(lattice, [KAnonymity(2)], np.array([-1, -1]), 2)

    assert placed.suppressed.all()
    assert rows_lost(lattice, placed) == 2


def test_a_group_that_is_alike_on_no_level_cannot_be_joined() -> None:
    halves = HierarchyTable.from_rows("half", [("a", "ab"), ("b", "ab"), ("c", "cd")])
    lattice = lattice_of(FrequencyTable.from_rows((halves,), [[0], [0], [2]]))
    with pytest.raises(BudgetExceeded, match=r"1 row\(s\) fit no class"):
        repair(lattice, [KAnonymity(2)], np.array([0, -1]), 0)


def test_where_the_sweep_fails_all_stand_on_one_node() -> None:
    """Nobody can join anybody, and two rows may be suppressed, not three."""
    halves = HierarchyTable.from_rows("half", [("a", "ab"), ("b", "ab"), ("c", "cd"), ("d", "cd")])
    lattice = lattice_of(FrequencyTable.from_rows((halves,), [[0], [0], [1], [2], [3]]))
    placed, _ = place(lattice, [KAnonymity(2)], 0)

    assert placed.node_of.tolist() == [1, 1, 1, 1]


def test_the_bound_of_a_row_is_the_cheapest_node_on_which_enough_match_it() -> None:
    lattice = lattice_of(counted("aabcd", PLACE))
    found = least_costs(lattice, [KAnonymity(2)], known=np.ones(4))

    assert found == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])


def test_the_bound_of_a_suppressed_row_is_what_it_would_lose_beside_others() -> None:
    """The last of four rows is suppressed; with the first three it would lose a third."""
    solution = recode_locally(counted("aaab", PLACE), models=[KAnonymity(2)], max_suppressed=0.25)

    assert solution.suppressed_rows == 1
    assert solution.bound == pytest.approx(1 / 3 / 4)


def test_a_text_that_means_something_else_on_another_level_is_bounded_by_nothing() -> None:
    """On the first level the second value reads as the first does by itself."""
    rows = [("x", "y", "*"), ("y", "x", "*"), ("z", "x", "*")]
    odd = HierarchyTable.from_rows("odd", rows)
    table = FrequencyTable.from_rows((odd,), [[0], [1]])
    solution = recode_locally(table, models=[KAnonymity(2)])

    assert solution.bound <= 0.25 <= solution.loss


def test_the_bound_is_never_above_what_is_known_to_be_possible() -> None:
    lattice = lattice_of(counted("aabcd", PLACE))
    known = np.array([0.0, 0.1, 1.0, 1.0])

    assert (least_costs(lattice, [KAnonymity(2)], known=known) <= known).all()


# Cells.


def test_one_cell_of_a_row_that_is_alone_is_suppressed() -> None:
    solution = suppress_cells(counted(["ma", "ma", "mb", "mc"], SEX, PLACE), models=[KAnonymity(2)])

    assert said(solution) == ["ma", "m*", "m*"]
    assert solution.suppressed_cells == 2
    assert solution.levels == {"sex": 0, "place": 0}


def test_a_suppressed_cell_is_a_value_of_its_own() -> None:
    """As a wildcard one suppressed cell would agree with the other row."""
    table = counted(["ma", "mb"], SEX, PLACE)

    own = suppress_cells(table, models=[KAnonymity(2)])
    wildcard = suppress_cells(table, models=[KAnonymity(2)], reading="wildcard")

    assert (own.suppressed_cells, own.k) == (2, 2)
    assert (wildcard.suppressed_cells, wildcard.k) == (1, 2)


def test_values_that_are_one_at_the_floor_agree_as_wildcards() -> None:
    table = counted(["a", "b", "c", "d"], PLACE.starting_at(1))
    solution = suppress_cells(table, models=[KAnonymity(2)], reading="wildcard")

    assert solution.suppressed_cells == 0
    assert solution.k == 2


def test_the_cells_of_the_column_that_counts_less_are_suppressed() -> None:
    tables = tuple(HierarchyTable.from_rows(name, BITS) for name in ("x", "y"))
    table = counted(["00", "01", "10", "11"], *tables)

    light = suppress_cells(table, models=[KAnonymity(2)], weights={"x": 1.0, "y": 2.0})
    heavy = suppress_cells(table, models=[KAnonymity(2)], weights={"x": 2.0, "y": 1.0})

    assert set(said(light)) == {"*0", "*1"}
    assert set(said(heavy)) == {"0*", "1*"}


def test_the_bound_takes_the_cheapest_cell_of_a_row_that_is_alone() -> None:
    """Two of four rows are; the column that counts less would cost each a third."""
    tables = tuple(HierarchyTable.from_rows(name, BITS) for name in ("x", "y"))
    table = counted(["00", "01", "10", "10"], *tables)
    solution = suppress_cells(table, models=[KAnonymity(2)], weights={"x": 1.0, "y": 2.0})

    assert solution.bound == pytest.approx(2 / 4 / 3)
    assert solution.bound < solution.loss


def test_both_together_start_from_levels_without_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """After one trial, on the levels of the least bound, what the search finds is still better."""
    monkeypatch.setattr(cells, "MOST_TRIED", 1)
    draw = np.random.default_rng(2)
    tables = (PLACE, HierarchyTable.from_rows("bit", BITS), PLACE)
    codes = np.stack([draw.integers(0, one.leaves, 30) for one in tables], axis=1)
    table = FrequencyTable.from_rows(tables, codes, names=("home", "bit", "work"))
    alone = search(table, models=[KAnonymity(6)], max_suppressed=0.1)

    together = recode_jointly(table, models=[KAnonymity(6)], max_suppressed=0.1)

    assert together.bound <= together.loss <= alone.loss + 1e-12


def test_a_row_is_suppressed_where_that_costs_less_than_its_cells() -> None:
    """The odd one out would take a cell of three others with it."""
    solution = suppress_cells(
        counted(["ma", "ma", "ma", "fb"], SEX, PLACE),
        models=[KAnonymity(2)],
        max_suppressed=0.25,
    )

    assert said(solution) == ["ma", None]
    assert (solution.suppressed_rows, solution.suppressed_cells) == (1, 0)


def test_a_value_that_says_what_a_suppressed_cell_says_may_be_joined() -> None:
    """Suppressing the cell of the second row would do, as it then reads like the first."""
    starred = HierarchyTable.from_rows("place", [("*", "*"), ("a", "*")])
    table = FrequencyTable.from_rows((SEX, starred), [[0, 0], [0, 1]])
    solution = suppress_cells(table, models=[KAnonymity(2)])

    assert solution.bound <= 0.25 <= solution.loss


def test_two_levels_are_made_of_a_hierarchy_and_leaves_stay() -> None:
    masks = maskable(counted("abcd", PLACE), (1,))

    assert masks.hierarchies[0].labels == (("ab", "cd"), ("*",))
    assert masks.hierarchies[0].nodes.tolist() == [[0, 0, 1, 1], [0, 0, 0, 0]]
    assert masks.hierarchies[0].values == PLACE.values


def test_levels_are_raised_where_cells_would_cost_more() -> None:
    """Every row is alone by its municipality, and none by its county."""
    solution = recode_jointly(counted("abcd", PLACE), models=[KAnonymity(2)])

    assert said(solution) == ["ab", "ab", "cd", "cd"]
    assert solution.levels == {"place": 1}
    assert solution.suppressed_cells == 0


def test_cells_are_suppressed_where_levels_would_cost_more() -> None:
    solution = recode_jointly(
        counted(["ma", "ma", "fa", "fa", "mc", "mc", "fc", "fc", "mb", "md"], SEX, PLACE),
        models=[KAnonymity(2)],
    )

    assert solution.levels == {"sex": 0, "place": 0}
    assert solution.suppressed_cells == 2


def test_the_cells_of_a_column_that_is_constant_stay() -> None:
    solution = suppress_cells(counted(["ma", "mb"], SEX, PLACE), models=[KAnonymity(2)])

    assert said(solution) == ["m*", "m*"]


@pytest.mark.parametrize("method", [recode_locally, suppress_cells, recode_jointly])
def test_the_cost_of_a_placement_is_what_the_solution_says(method: object) -> None:
    table = counted(["ma", "mb", "fc", "fd", "fd"], SEX, PLACE)
    solution = method(table, models=[KAnonymity(2)])  # type: ignore[operator]

    assert 0 < solution.loss < 1
    assert solution.granularity == pytest.approx(1 - solution.loss)


def test_what_rows_lose_is_the_sum_of_their_cells() -> None:
    lattice = lattice_of(counted(["ma", "fc"], SEX, PLACE))
    top = lattice.node_of(lattice.shape - 1)

    assert row_costs(lattice, lattice.table.packed, np.array([top])) == pytest.approx([1, 1])
    placed = Placed(np.array([0, top]), np.array([False, False]))
    assert rows_lost(lattice, placed) == pytest.approx(1)
