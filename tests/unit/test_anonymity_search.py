"""What the search answers where the answer can be seen by eye."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from hsr_privacy.anonymity.search import search
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies.table import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import DistinctLDiversity, KAnonymity

SEX = HierarchyTable.from_rows("sex", [("m", "*"), ("f", "*")])
PLACE = HierarchyTable.from_rows(
    "place",
    [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")],
    ("municipality", "county", "*"),
)


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


def test_a_safe_table_stays_as_it_is() -> None:
    solution = search(counted(["ma", "ma", "fc", "fc"], SEX, PLACE), models=[KAnonymity(2)])

    assert solution.levels == {"sex": 0, "place": 0}
    assert solution.loss == 0
    assert solution.suppressed_rows == 0
    assert solution.classes == 2
    assert solution.k == 2
    assert solution.class_sizes == {2: 2}


def test_the_level_that_is_just_coarse_enough_is_chosen_by_name() -> None:
    solution = search(counted(["a", "b", "c", "d"], PLACE), models=[KAnonymity(2)])

    assert solution.level_names == {"place": "county"}
    assert solution.labels_of("place") == ["ab", "ab", "cd", "cd"]
    assert solution.loss == pytest.approx(1 / 3)


def test_a_class_below_k_is_suppressed_within_the_budget() -> None:
    table = counted(["ma", "ma", "ma", "fd"], SEX, PLACE)

    solution = search(table, models=[KAnonymity(2)], max_suppressed=0.25)

    assert solution.levels == {"sex": 0, "place": 0}
    assert solution.suppressed.tolist() == [False, True]
    assert solution.suppressed_rows == 1
    assert solution.suppressed_persons == 1
    assert solution.loss == pytest.approx(0.25)


def test_a_row_more_than_the_budget_is_not_suppressed() -> None:
    table = counted(["ma", "ma", "ma", "fd"], SEX, PLACE)

    solution = search(table, models=[KAnonymity(2)], max_suppressed=0.2499)

    assert solution.suppressed_rows == 0
    assert solution.levels == {"sex": 1, "place": 2}


def test_the_budget_is_read_as_it_is_written() -> None:
    """0.29 x 100 is 28.999... in binary numbers, and 29 for the person who wrote 0.29."""
    table = counted(["a"] * 71 + ["b"] * 29, PLACE)

    solution = search(table, models=[KAnonymity(30)], max_suppressed=0.29, weights=[1])

    assert solution.suppressed_rows == 29


def test_k_counts_persons_and_not_rows() -> None:
    table = counted(["a", "a", "a", "b", "b"], PLACE, person=[1, 1, 1, 2, 3])

    solution = search(table, models=[KAnonymity(2)], max_suppressed=1)

    assert table.persons.tolist() == [1, 2]
    assert solution.levels == {"place": 1}
    assert solution.k == 3


def test_a_person_in_two_merged_classes_counts_once() -> None:
    table = counted(["a", "b", "c", "d"], PLACE, person=[1, 1, 2, 3])

    solution = search(table, models=[KAnonymity(2)], max_suppressed=0.5)

    assert solution.levels == {"place": 1}
    assert solution.suppressed_rows == 2
    assert solution.suppressed_persons == 1
    assert solution.k == 2


def test_a_class_with_too_few_sensitive_values_is_suppressed() -> None:
    table = counted(["a", "a", "c", "c"], PLACE, cause="xxyz")

    solution = search(
        table, models=[KAnonymity(2), DistinctLDiversity("cause", 2)], max_suppressed=0.5
    )

    assert solution.suppressed.tolist() == [True, False]


def test_among_equal_losses_the_lower_sum_of_levels_wins() -> None:
    """(1, 0) and (0, 2) both lose one half, as the counties split nothing here."""
    solution = search(counted(["ma", "mc", "fa", "fc"], SEX, PLACE), models=[KAnonymity(2)])

    assert solution.levels == {"sex": 1, "place": 0}


def test_among_equal_sums_the_first_in_column_order_wins() -> None:
    other = HierarchyTable.from_rows("other", [("m", "*"), ("f", "*")])
    solution = search(counted(["mm", "mf", "fm", "ff"], SEX, other), models=[KAnonymity(2)])

    assert solution.levels == {"sex": 0, "other": 1}


def test_among_equal_losses_fewer_suppressed_rows_come_first() -> None:
    """Nothing but the top is safe; it loses as much as to suppress all, and keeps the rows."""
    solution = search(counted(["m", "f"], SEX), models=[KAnonymity(2)], max_suppressed=1)

    assert solution.levels == {"sex": 1}
    assert solution.suppressed_rows == 0


def test_weights_decide_which_column_is_kept() -> None:
    table = counted(["ma", "mb", "fa", "fb"], SEX, PLACE)

    assert search(table, models=[KAnonymity(2)]).levels == {"sex": 0, "place": 1}
    heavy = search(table, models=[KAnonymity(2)], weights={"place": 9})
    assert heavy.levels == {"sex": 1, "place": 0}


def test_the_loss_keeps_the_leaves_below_the_approved_floor() -> None:
    table = counted(["a", "b", "c", "d"], PLACE.starting_at(1))

    solution = search(table, models=[KAnonymity(2)])

    assert solution.levels == {"place": 0}
    assert solution.level_names == {"place": "county"}
    assert solution.loss == pytest.approx(1 / 3)


def test_a_missing_value_is_a_value_of_its_own() -> None:
    place = PLACE.with_missing()
    codes = [[place.leaf_index[value]] for value in ("a", "a", None)]
    table = FrequencyTable.from_rows((place,), codes)

    solution = search(table, models=[KAnonymity(2)], max_suppressed=0.4)

    assert solution.suppressed_rows == 1
    assert solution.labels_of("place") == ["a", None]


def test_a_column_of_missing_values_only_costs_nothing() -> None:
    place = HierarchyTable.from_rows("place", [(None, None, "*")])
    table = FrequencyTable.from_rows((place, SEX), [[0, 0], [0, 0]])

    solution = search(table, models=[KAnonymity(2)])

    assert solution.levels == {"place": 0, "sex": 0}
    assert solution.loss == 0


def test_a_constant_column_stays_on_its_finest_level() -> None:
    solution = search(counted(["ma", "fa"], SEX, PLACE), models=[KAnonymity(2)])

    assert solution.levels == {"sex": 1, "place": 0}


def test_one_row_is_safe_for_k_of_one_only() -> None:
    table = counted(["a"], PLACE)

    assert search(table, models=[KAnonymity(1)]).loss == 0
    with pytest.raises(DataError, match=r"k is 2, but the table has only 1 person"):
        search(table, models=[KAnonymity(2)])


def test_no_rows_give_a_solution_without_classes() -> None:
    solution = search(counted([], SEX, PLACE), models=[KAnonymity(5)])

    assert solution.levels == {"sex": 0, "place": 0}
    assert (solution.rows, solution.classes, solution.k, solution.loss) == (0, 0, 0, 0.0)


def test_without_a_level_that_tells_nothing_all_may_be_suppressed() -> None:
    halves = HierarchyTable.from_rows("half", [("a", "ab"), ("b", "ab"), ("c", "cd"), ("d", "cd")])

    solution = search(counted("abcd", halves), models=[KAnonymity(3)], max_suppressed=1)

    assert solution.levels == {"half": 0}
    assert (solution.loss, solution.classes, solution.k) == (1.0, 0, 0)
    assert solution.suppressed_rows == 4


def test_a_budget_that_cannot_be_kept_says_how_near_it_came() -> None:
    halves = PLACE.starting_at(0)
    cut = HierarchyTable(
        "place", halves.values, halves.level_names[:2], halves.labels[:2], halves.nodes[:2]
    )
    with pytest.raises(BudgetExceeded, match=r"within 0 of 3 rows.* are 1 rows, at place: county"):
        search(counted("abc", cut), models=[KAnonymity(2)])


def test_l_above_the_number_of_sensitive_values_is_said() -> None:
    table = counted(["a", "b"], PLACE, cause="xx")

    with pytest.raises(DataError, match="l is 2, but column 'cause' has only 1"):
        search(table, models=[DistinctLDiversity("cause", 2)], max_suppressed=1)


def test_a_sensitive_column_that_was_not_counted_is_said() -> None:
    with pytest.raises(DataError, match="does not count column 'cause'"):
        search(counted(["a"], PLACE), models=[DistinctLDiversity("cause", 1)])


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(DataError, match="share of rows from 0 to 1"):
        search(counted(["a"], PLACE), models=[KAnonymity(1)], max_suppressed=share)


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [1.0, -1.0], {"age": 1.0}])
def test_weights_that_do_not_fit_are_refused(weights: list[float] | dict[str, float]) -> None:
    with pytest.raises(DataError, match="weight"):
        search(counted(["ma"], SEX, PLACE), models=[KAnonymity(1)], weights=weights)


def test_no_model_is_no_protection() -> None:
    with pytest.raises(DataError, match="no privacy model"):
        search(counted(["a"], PLACE), models=[])


def test_more_than_fifteen_columns_are_searched_as_far_as_it_goes() -> None:
    rows = [("a", "x", "*"), ("b", "x", "*"), ("c", "y", "*")]
    tables = [HierarchyTable.from_rows(f"q{n}", rows) for n in range(16)]
    values = ["a" * 16, "b" * 16, "a" * 16, "c" * 16, "c" * 16]

    solution = search(counted(values, *tables), models=[KAnonymity(2)], max_suppressed=0.2)

    assert solution.nodes == 3**16
    assert solution.k >= 2
    assert solution.suppressed_rows == 1
    assert solution.loss == pytest.approx(0.2)
    assert 0 <= solution.bound <= solution.loss
    assert solution.gap == solution.loss - solution.bound


def test_a_loss_over_classes_is_refused_where_the_nodes_cannot_be_numbered() -> None:
    letters = "abcdefgh"
    rows = [(c, f"{n // 2}", f"{n // 4} of 2", "*") for n, c in enumerate(letters)]
    tables = [HierarchyTable.from_rows(f"q{n}", rows) for n in range(12)]

    with pytest.raises(DataError, match="16777216 combinations"):
        search(
            counted([c * 12 for c in letters], *tables),
            models=[KAnonymity(1)],
            loss="discernibility",
        )
