"""In which order sensitive values lie, and which of them are one secret."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.definition import Dates
from hsr_privacy.hierarchies.hierarchy import from_dates, from_rows
from hsr_privacy.risk.ordering import Secrecy, order, secrecies

CAUSES = from_rows(
    "cause",
    [("4", "other", "*"), ("1", "cardiac", "*"), ("2", "cardiac", "*"), ("3", "other", "*")],
)


def test_numbers_lie_by_their_size_and_texts_by_their_letters() -> None:
    numbers = order("ph", ["10", "9", None, "7.2"], None)
    assert (numbers.codes, numbers.order) == ((3, 2, 0, 1), "numbers")
    letters = order("cpc", ["poor", "dead", "good", None], None)
    assert (letters.codes, letters.order) == ((3, 1, 2, 0), "letters")


def test_a_missing_value_is_one_of_its_own() -> None:
    assert order("ph", [None], None).codes == (0,)
    assert order("ph", [], None).codes == ()


def test_values_with_a_hierarchy_lie_as_it_lists_them() -> None:
    found = order("cause", ["1", "2", "3", "4", None], Secrecy(CAUSES))
    assert (found.codes, found.order) == ((1, 2, 3, 0, 4), "hierarchy")


def test_values_that_are_one_on_a_level_are_one_secret() -> None:
    found = order("cause", ["1", "2", "3", None], Secrecy(CAUSES, told_apart=1))
    histogram = found.histogram(
        np.array([0, 0, 0, 1]), np.array(found.codes), np.array([5, 3, 1, 2])
    )
    assert histogram.counts.sum() == 11
    assert sorted(histogram.counts[histogram.classes == 0].tolist()) == [1, 8]


def test_a_column_may_stand_on_a_level_already() -> None:
    found = order("cause", ["cardiac", "other"], Secrecy(CAUSES, released=1))
    ones = np.array([1, 1])
    assert found.histogram(np.array([0, 0]), np.array(found.codes), ones).counts.tolist() == [1, 1]


def test_a_value_without_a_place_is_counted_and_not_shown() -> None:
    with pytest.raises(DataError, match="2 distinct value") as caught:
        order("cause", ["1", "canary-1", "canary-2"], Secrecy(CAUSES))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(("released", "told"), [(0, 9), (9, None), (-1, None), (1, 0)])
def test_a_level_must_exist_and_not_be_finer_than_the_column(
    released: int, told: int | None
) -> None:
    with pytest.raises(DataError, match="level"):
        order("cause", ["1"], Secrecy(CAUSES, released, told))


def test_days_have_no_list_and_lie_by_themselves() -> None:
    days = from_dates(Dates(name="day", label={"nb": "dag", "en": "day"}, kind="dates", **REST))
    texts = [dt.date(2024, 3, day).isoformat() for day in (2, 1)]
    assert order("day", texts, Secrecy(days)).codes == (2, 1)
    with pytest.raises(DataError, match="does not list"):
        order("day", texts, Secrecy(days, told_apart=1))


REST: dict[str, Any] = {"levels": ["month", "year"], "source": "calendar"}


def test_a_level_is_for_a_sensitive_column_with_a_hierarchy() -> None:
    assert secrecies(["cause"], {"cause": CAUSES}, {}, {"cause": 1})["cause"].told_apart == 1
    assert secrecies(["cause"], {}, {}, {}) == {}
    for columns, hierarchies in ((["cause"], {}), ([], {"cause": CAUSES})):
        with pytest.raises(DataError, match="not sensitive or has no hierarchy"):
            secrecies(columns, hierarchies, {}, {"cause": 1})
