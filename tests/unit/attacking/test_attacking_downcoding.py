"""From a generalized cell back to its value: mixed levels tell, one level per column does not."""

from __future__ import annotations

import json

import pytest

from hsr_privacy.anonymity.cells import suppress_cells
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.attacking import ColumnDowncoding, Downcoding, downcoding
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.models import KAnonymity
from tests.unit.attacking.by_hand import frequencies, hierarchy, recoded_by_hand

TOWN = hierarchy("town", "a G *, b G *, c G *, d G *, e H *, f H *")
SEX = hierarchy("sex", "F *, M *")


def towns(text: str) -> FrequencyTable:
    return frequencies([TOWN], [(one,) for one in text])


def only(found: Downcoding) -> ColumnDowncoding:
    (column,) = found.columns
    return column


def test_a_coarse_row_beside_a_large_enough_finer_class_is_not_of_that_class() -> None:
    # k = 2: a stands for itself, b and c do not reach two and stand as G; so G is not a.
    town = only(downcoding(recode_locally(towns("aaabc"), models=[KAnonymity(2)])))
    assert (town.column, town.cells, town.excluded) == ("town", 2, 2)
    assert (town.before, town.after) == (4.0, 3.0)
    assert town.wrong == 0


def test_what_the_structure_tells_is_counted_in_bits_by_what_is_public() -> None:
    # Three of the five in G are a, so that leaving it out leaves 2/5.
    town = only(downcoding(recode_locally(towns("aaabc"), models=[KAnonymity(2)])))
    assert town.bits == pytest.approx(1.321928095)


def test_the_guess_among_what_is_left_is_better_than_the_most_frequent_value() -> None:
    town = only(downcoding(recode_locally(towns("aaabc"), models=[KAnonymity(2)])))
    assert town.base == 0.0  # a is the most frequent, and nobody in G is from a
    assert town.narrowed == 0.5  # b or c


def test_the_value_that_finer_cells_show_most_is_what_accuracy_guesses() -> None:
    table = towns("aabbbcaaaa")
    levels = {("a",): [1], ("b",): [0], ("c",): [0]}
    town = only(downcoding(recoded_by_hand(table, levels)))
    assert town.cells == 6
    assert town.accuracy == 0.0  # b is what the release shows most under G, and no cell of G is b
    assert town.base == 1.0


def test_finer_cells_that_are_no_single_value_tell_of_all_that_they_stand_for() -> None:
    table = towns("abef")
    levels = {("a",): [2], ("b",): [2], ("e",): [1], ("f",): [1]}
    found = downcoding(recoded_by_hand(table, levels))
    # The cells of `*` are guessed as e or f, by halves, and the cells of H as what is public.
    assert only(found).accuracy == (0 + 0 + 0.5 + 0.5) / 4


def test_a_cell_that_stands_for_two_values_shows_each_of_them_half() -> None:
    rows = [("a", "F"), ("a", "F"), ("e", "F"), ("e", "F"), ("f", "F"), ("a", "M")]
    levels = {("a", "F"): [0, 0], ("e", "F"): [1, 0], ("f", "F"): [1, 0], ("a", "M"): [2, 0]}
    # Below `*` the release shows a twice, and three rows of H, which are one and a half of e.
    town = only(downcoding(recoded_by_hand(frequencies([TOWN, SEX], rows), levels)))
    assert town.cells == 4
    assert town.accuracy == (1 + 2) / 4  # `*` is taken for a, and H for e, which is more frequent


def test_where_a_column_stands_on_one_level_all_guesses_are_the_public_one() -> None:
    solution = search(towns("aaabce"), models=[KAnonymity(2)], max_suppressed=0.2)
    assert solution.levels == {"town": 1}
    town = only(downcoding(solution))
    assert town.base == town.accuracy == town.narrowed == 3 / 5
    assert (town.excluded, town.bits, town.before, town.after) == (0, 0.0, 4.0, 4.0)


def test_a_suppressed_cell_beside_classes_that_are_not_tells_what_it_is_not() -> None:
    town = only(downcoding(suppress_cells(towns("aaabbbce"), models=[KAnonymity(2)])))
    assert (town.cells, town.excluded) == (2, 2)
    assert (town.before, town.after) == (6.0, 4.0)


def test_only_classes_that_are_alike_in_all_other_columns_tell() -> None:
    table = frequencies([TOWN, SEX], [("a", "F"), ("b", "F"), ("a", "M"), ("c", "M")])
    alike = {("a", "F"): [0, 0], ("b", "F"): [1, 0], ("a", "M"): [1, 0], ("c", "M"): [1, 0]}
    assert only(downcoding(recoded_by_hand(table, alike))).excluded == 1
    apart = {("a", "F"): [0, 1], ("b", "F"): [1, 0], ("a", "M"): [1, 0], ("c", "M"): [1, 0]}
    town = next(one for one in downcoding(recoded_by_hand(table, apart)).columns if one.cells == 3)
    assert town.excluded == 0


def test_a_finer_class_tells_on_every_coarser_level() -> None:
    table = towns("aabe")
    levels = {("a",): [0], ("b",): [1], ("e",): [2]}
    town = only(downcoding(recoded_by_hand(table, levels)))
    # G is not a: 3 of 4 are left. `*` is neither a nor what stands as G: 2 of 6.
    assert (town.cells, town.before, town.after) == (2, (4 + 6) / 2, (3 + 2) / 2)


def test_an_attacker_who_is_misled_is_counted_as_wrong() -> None:
    table = frequencies([TOWN, SEX], [("a", "F"), ("a", "M")])
    # Both are from a, and one stands coarser than it had to.
    solution = recoded_by_hand(table, {("a", "F"): [0, 1], ("a", "M"): [1, 1]})
    town, sex = downcoding(solution).columns
    assert (town.cells, town.excluded, town.wrong, town.narrowed) == (1, 1, 1, 0.0)
    assert (sex.cells, sex.excluded, sex.wrong) == (2, 0, 0)


def test_a_node_over_a_single_value_hides_nothing_and_is_not_counted() -> None:
    alone = hierarchy("town", "a A *, b B *")
    table = frequencies([alone], [("a",), ("b",)])
    assert downcoding(recoded_by_hand(table, {("a",): [1], ("b",): [0]})).columns == ()


def test_removed_rows_are_in_what_is_public_and_not_in_the_release() -> None:
    table = towns("abcc")
    levels = {("a",): [1], ("b",): [1], ("c",): [0]}
    town = only(downcoding(recoded_by_hand(table, levels, suppressed=[("c",)])))
    assert (town.cells, town.excluded, town.base) == (2, 0, 0.0)


def test_the_finest_level_that_may_be_released_is_the_value_to_guess() -> None:
    cut = hierarchy("town", "a G X *, b G X *, c H X *, d H X *").starting_at(1)
    table = frequencies([cut], [("a",), ("a",), ("c",)])
    town = only(downcoding(recoded_by_hand(table, {("a",): [1], ("c",): [1]})))
    assert (town.before, town.base) == (2.0, 2 / 3)  # G or H, of which G is two thirds


def test_the_result_is_numbers_and_names_of_columns_and_holds_no_cell() -> None:
    secret = hierarchy("town", "canary G *, b G *, c G *")
    table = frequencies([secret], [("canary",)] * 3 + [("b",), ("c",)])
    found = downcoding(recode_locally(table, models=[KAnonymity(2)]))
    assert found.excluded == 2
    told = json.dumps(found.to_json())
    assert json.loads(told)["cells"] == 2
    assert "canary" not in told + repr(found)


def test_a_table_without_rows_has_nothing_to_guess() -> None:
    found = downcoding(search(towns(""), models=[KAnonymity(2)]))
    assert (found.rows, found.columns) == (0, ())
