"""Who runs the engine on every possible table learns why it generalized, and of whom."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.attacking import Minimality, minimality
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.models import (
    AlphaAnonymity,
    DistinctLDiversity,
    EntropyLDiversity,
    KAnonymity,
    PrivacyModel,
)
from tests.unit.attacking.by_hand import frequencies, hierarchy

TOWN = hierarchy("town", "a *, b *")
L_DIVERSE: tuple[PrivacyModel, ...] = (KAnonymity(2), DistinctLDiversity("ill", 2))


def table(text: str, town: Any = TOWN) -> FrequencyTable:
    """Rows such as ``a0 b1``: town and sensitive number."""
    rows = text.split()
    secrets = [int(row[1:]) for row in rows]
    return frequencies([town], [(row[0],) for row in rows], sensitive={"ill": secrets})


# Both in a have 0, so that a is not diverse and the towns are merged; 0 stands twice among five.
MERGED = table("a0 a0 b1 b2 b3")


def attacked(
    one: FrequencyTable, models: Sequence[PrivacyModel], engine: Any = search, **asked: Any
) -> Minimality:
    solution = engine(one, models=models, **asked)
    return minimality(one, models, solution, column="ill", **asked)


def test_the_attack_names_the_value_that_made_the_engine_generalize() -> None:
    solution = search(MERGED, models=L_DIVERSE)
    assert solution.levels == {"town": 1}
    assert solution.verdicts[1].reached == 4  # the class is as diverse as it can be
    found = minimality(MERGED, L_DIVERSE, solution, column="ill")
    assert (found.before, found.after) == (0.4, 1.0)
    assert (found.rows_raised, found.rows_certain) == (2, 2)


def test_only_the_world_remains_in_which_the_finer_class_was_homogeneous() -> None:
    found = attacked(MERGED, L_DIVERSE)
    assert (found.worlds, found.possible) == (7, 1)
    assert found.ruled_out == 0.9  # of 60 assignments, the 3! in which both in a have the same


@pytest.mark.parametrize("engine", [recode_locally, suppress_cells, recode_jointly])
def test_every_method_that_looks_at_the_values_is_open_to_it(
    engine: Callable[..., Solution],
) -> None:
    assert attacked(MERGED, L_DIVERSE, engine).rows_certain == 2


def test_diversity_by_entropy_is_open_to_it_as_by_count() -> None:
    assert attacked(MERGED, (KAnonymity(2), EntropyLDiversity("ill", 1.5))).rows_certain == 2


def test_alpha_is_open_to_it_too() -> None:
    found = attacked(MERGED, (KAnonymity(2), AlphaAnonymity("ill", 0.5)))
    assert (found.before, found.after) == (0.4, 0.5)
    assert found.rows_raised == 3


def test_a_release_that_needed_no_generalization_tells_what_its_classes_tell() -> None:
    # Two and two of three values, all diverse as they stand: each class tells its own and no more.
    found = attacked(table("a0 a1 b1 b2"), L_DIVERSE)
    assert (found.worlds, found.possible, found.ruled_out) == (1, 1, 0.0)
    assert found.before == found.after == 0.5


def test_k_anonymity_alone_never_looks_at_the_values_and_tells_nothing_of_them() -> None:
    found = attacked(MERGED, (KAnonymity(3),))
    assert (found.worlds, found.possible, found.ruled_out) == (7, 7, 0.0)
    assert (found.before, found.after, found.rows_raised) == (0.4, 0.4, 0)


def test_a_level_that_was_fixed_beforehand_tells_nothing() -> None:
    fixed = table("a0 a0 b1 b2 b3", TOWN.starting_at(1))
    found = attacked(fixed, L_DIVERSE)
    assert found.ruled_out == 0.0
    assert found.after == 0.4


def test_a_level_that_was_fixed_and_does_not_suffice_leaves_the_attack_open() -> None:
    fixed = table("a0 a0 b1 b2 b3", hierarchy("town", "a A *, b B *").starting_at(1))
    assert attacked(fixed, L_DIVERSE).rows_certain == 2


def test_removed_rows_that_are_enough_for_k_are_known_to_be_alike() -> None:
    # a is removed for want of diversity: of the ten ways to fill its two rows, four are left.
    found = attacked(MERGED, L_DIVERSE, max_suppressed=0.4)
    assert (found.worlds, found.possible) == (10, 4)
    assert found.ruled_out == 0.75  # of 16 assignments, those in which the two differ


def test_rows_removed_for_want_of_persons_tell_nothing_of_their_values() -> None:
    found = attacked(table("a0 b1 b2 b3 b1"), L_DIVERSE, max_suppressed=0.2)
    assert found.ruled_out == 0.0


def test_more_worlds_than_can_be_tried_are_refused() -> None:
    large = table(" ".join(f"{'ab'[n % 2]}{n % 5}" for n in range(60)))
    with pytest.raises(DataError, match="more than 2000 tables possible"):
        attacked(large, (KAnonymity(40),))
    with pytest.raises(DataError, match="more than 6 tables possible"):
        minimality(MERGED, L_DIVERSE, search(MERGED, models=L_DIVERSE), column="ill", most_worlds=6)


def test_a_world_in_which_nothing_could_be_released_is_ruled_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = attacked(MERGED, L_DIVERSE)

    def refusing(one: FrequencyTable, **asked: Any) -> Solution:
        if one.sensitive["ill"].classes.tolist().count(0) > 1:  # the worlds that fall away anyway
            raise BudgetExceeded("no generalization keeps suppression within the budget")
        return search(one, **asked)

    module = importlib.import_module("hsr_privacy.attacking.minimality")  # not its function
    monkeypatch.setattr(module, "search", refusing)
    assert attacked(MERGED, L_DIVERSE) == expected


def test_worlds_of_several_classes_multiply() -> None:
    two = hierarchy("town", "a G, b G, c H, d H")
    both = table("a0 b1 b2 c0 d1 d2", two)
    solution = search(both, models=(KAnonymity(3),))
    asked: dict[str, Any] = {"models": (KAnonymity(3),), "solution": solution, "column": "ill"}
    assert minimality(both, **asked, most_worlds=9).worlds == 9
    with pytest.raises(DataError, match="more than 8 tables possible"):
        minimality(both, **asked, most_worlds=8)


def test_what_the_classes_tell_for_certain_is_not_laid_to_the_attack() -> None:
    found = attacked(table("a0 a0 b1 b2"), (KAnonymity(2),))
    assert (found.before, found.after, found.rows_certain) == (1.0, 1.0, 0)


def test_another_request_than_the_one_that_made_the_release_is_refused() -> None:
    solution = search(MERGED, models=L_DIVERSE)
    with pytest.raises(DataError, match="does not make this solution"):
        minimality(MERGED, L_DIVERSE, solution, column="ill", max_suppressed=0.4)


def test_a_column_that_is_not_counted_is_refused() -> None:
    with pytest.raises(DataError, match="does not count column 'cause'"):
        minimality(MERGED, L_DIVERSE, search(MERGED, models=L_DIVERSE), column="cause")


def test_the_result_is_numbers_and_the_name_of_the_column() -> None:
    told = attacked(MERGED, L_DIVERSE).to_json()
    assert json.loads(json.dumps(told)) == told
    assert told["rows"] == 5
