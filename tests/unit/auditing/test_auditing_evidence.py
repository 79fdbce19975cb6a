"""Evidence: what an audit looks at is complete, fits together, and shows nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.auditing import Evidence, Limits, level_of
from hsr_privacy.auditing.reading import evidence_of_table, numbers_as_numbers
from hsr_privacy.errors import DataError
from tests.pipe_tables import cells


def rows(text: str) -> pl.DataFrame:
    heading, *lines = cells(text)
    return pl.DataFrame(lines, schema=heading, orient="row")


RELEASED = rows("""
    event | age   | sex
    b     | 40-49 | 1
    a     | 40-49 | 2
""")
ORIGINAL = rows("""
    event | age | sex
    a     | 41  | 2
    b     | 47  | 1
    c     | 90  | 1
""")


def evidence(**more: Any) -> Evidence:
    given: dict[str, Any] = {
        "title": "t",
        "released": RELEASED,
        "quasi_identifiers": ("age", "sex"),
    }
    return Evidence(**(given | more))


def test_originals_stand_in_the_order_of_the_released_rows() -> None:
    found = evidence(event="event", original=ORIGINAL).aligned
    assert found is not None
    assert found["age"].to_list() == ["47", "41"]


def test_without_originals_there_is_nothing_beside_the_rows() -> None:
    assert evidence().aligned is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"original": ORIGINAL}, "2 rows leave and the original has 3"),
        ({"original": ORIGINAL.drop("event"), "event": "event"}, "no column 'event'"),
        ({"original": pl.concat([ORIGINAL, ORIGINAL]), "event": "event"}, "a value twice"),
        ({"original": ORIGINAL.tail(1), "event": "event"}, "2 of 2 released rows have no original"),
    ],
)
def test_originals_that_do_not_fit_are_refused(more: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=says):
        _ = evidence(**more).aligned


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"released": RELEASED.clear()}, "no row in it"),
        ({"quasi_identifiers": ()}, "no column is a quasi-identifier"),
        ({"quasi_identifiers": ("age", "home")}, "no column 'home'"),
        ({"sensitive": ("alive",)}, "no column 'alive'"),
    ],
)
def test_what_cannot_be_judged_is_refused(more: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=says):
        evidence(**more)


def test_a_repr_shows_no_row() -> None:
    assert "40-49" not in repr(evidence(event="event", original=ORIGINAL))


def test_the_threshold_is_the_risk_of_a_class_that_is_just_large_enough() -> None:
    assert Limits(k=10).threshold == pytest.approx(0.1)
    assert Limits().threshold == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("values", "level"),
    [
        (["41", "97"], "1 year"),
        (["41", "42"], "1 year, 95+"),
        (["40-44 år", "45-49 år"], "5 years"),
        (["35-44 år", "998"], "10 years"),
        (["*", "*"], "*"),
        (["*", "35-44 år"], "10 years"),
    ],
)
def test_the_level_of_a_column_is_seen_in_its_values(values: list[str], level: str) -> None:
    hierarchy = load_hierarchies()["age"]
    found = level_of(pl.Series(values), hierarchy, ignored=("998",))
    assert hierarchy.level_names[found] == level


def test_numbers_in_a_csv_are_numbers_unless_a_hierarchy_reads_their_text() -> None:
    rows = pl.DataFrame({"minutes": ["1", None, "2.5"], "sex": ["1", "2", "*"], "age": ["1"] * 3})
    found = numbers_as_numbers(rows, {"age": load_hierarchies()["age"]}, ("*",))
    assert found.dtypes == [pl.Float64, pl.String, pl.String]
    assert found["minutes"].to_list() == [1.0, None, 2.5]


def test_a_column_that_was_dropped_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text("age;sex\n40-49;1\n")
    with pytest.raises(DataError, match=r"no column 'sexx'.*sex.*was it dropped"):
        evidence_of_table(path, quasi_identifiers=["age", "sexx"], limits=Limits())
