"""Protect keeps its promises, and keeps them alike on every engine."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from hsr_privacy.anonymity import Population, PrivacyPlan, SensitiveLevel, Solution, protect
from hsr_privacy.anonymity.protect import protect_with_solution
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import as_frame, to_polars
from hsr_privacy.hierarchies.definition import Bands, Dates
from hsr_privacy.hierarchies.hierarchy import Hierarchy, from_bands, from_dates, from_rows
from hsr_privacy.models import DistinctLDiversity, KAnonymity, KMap, SecondEntity

Row = dict[str, Any]

HEAD: dict[str, Any] = {"label": {"nb": "x", "en": "x"}, "source": "test"}
AGE = from_bands(
    Bands.model_validate(
        HEAD
        | {"name": "age", "kind": "bands", "min": 0, "max": 110, "unit": "år", "missing": ["999"]}
        | {
            "levels": [
                {"name": "1 year"},
                {"name": "10 years", "width": 10},
                {"name": "30 years", "width": 30},
            ]
        }
    )
)
PLACE = from_rows(
    "place",
    [("0", "home"), ("1", "public"), ("3", "public"), ("11", "hospital"), ("14", "hospital")],
    ("full", "group"),
)
DAY = from_dates(
    Dates.model_validate(
        HEAD | {"name": "day", "kind": "dates", "levels": ["day", "month", "year"]}
    )
)
CAUSE = from_rows(
    "cause",
    [("1", "heart"), ("2", "heart"), ("3", "other"), ("999", "unknown")],
    ("code", "group"),
)
HIERARCHIES: dict[str, Hierarchy] = {"age": AGE, "place": PLACE, "day": DAY}
SCHEMA = {
    "n": pl.Int64,
    "person": pl.String,
    "age": pl.Float64,
    "place": pl.String,
    "day": pl.Date,
    "cause": pl.Int64,
}
NAN = float("nan")


def generated(seed: int, rows: int = 120) -> dict[str, list[Any]]:
    """Persons with one to three rows, and missing values of every make."""
    draw = random.Random(seed)
    table: dict[str, list[Any]] = {name: [] for name in SCHEMA}
    for number in range(rows):
        person = None if draw.random() < 0.03 else f"p{draw.randrange(rows * 2 // 3)}"
        table["n"].append(number)
        table["person"].append(person)
        table["age"].append(draw.choice([None, NAN, 999.0, *map(float, draw.sample(range(90), 9))]))
        table["place"].append(draw.choice([None, "0", "0", "0", "1", "3", "11", "14"]))
        month = dt.date(draw.choice([2020, 2021]), draw.randint(1, 3), draw.randint(1, 2))
        table["day"].append(draw.choice([None, month, month, month, month, month]))
        table["cause"].append(draw.choice([None, 1, 2, 3, 999]))
    return table


def rows_of(data: Any) -> list[Row]:
    return to_polars(as_frame(data)).sort("n").to_dicts()


def classes_of(rows: Iterable[Row], columns: Iterable[str]) -> dict[tuple[Any, ...], list[Row]]:
    classes: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        classes[tuple(row[name] for name in columns)].append(row)
    return classes


def persons_in(rows: Iterable[Row]) -> int:
    """All rows without a person count as one."""
    return len({row["person"] for row in rows})


def told(solution: Solution) -> dict[str, Any]:
    """What a solution says, but for the time that it took."""
    names = ("levels", "level_names", "rows", "suppressed_rows", "suppressed_persons", "classes")
    said = {name: getattr(solution, name) for name in names}
    sizes = dict(solution.class_sizes)
    return said | {"loss": solution.loss, "k": solution.k, "sizes": sizes}


def plan(**changes: Any) -> PrivacyPlan:
    kept: dict[str, Any] = {
        "hierarchies": HIERARCHIES,
        "models": (KAnonymity(3),),
        "max_suppressed": 0.15,
    }
    return PrivacyPlan(**(kept | changes))


PLANS = {
    "k": plan(),
    "k and l": plan(models=(KAnonymity(3), DistinctLDiversity("cause", 3)), max_suppressed=0.3),
    "floors": plan(floors={"age": "10 years", "day": 1}),
    "no suppression": plan(max_suppressed=0.0),
    "weights": plan(weights={"age": 5.0, "day": 0.5}),
    "joint": plan(method="joint", suppressed="998"),
    "cells": plan(method="cells", max_suppressed=0.0, mask_column="gone"),
    "local": plan(method="local"),
    "a secret level": plan(
        models=(KAnonymity(3), DistinctLDiversity("cause", 2)),
        sensitive={"cause": SensitiveLevel(CAUSE, "group")},
        max_suppressed=0.3,
    ),
    "a population": plan(
        models=(KAnonymity(2), KMap(6, ("place",))),
        population=Population(pl.DataFrame({"place": ["0", "1", "3", "11"] * 2}), None),
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_every_engine_gives_the_same_rows_and_the_same_solution(make_frame: Any, name: str) -> None:
    table = generated(len(name))
    data = make_frame(table, SCHEMA)
    extract, solution = protect_with_solution(Extract.of(data, person="person"), PLANS[name])
    reference = Extract.of(pl.DataFrame(table, schema=SCHEMA, strict=False), person="person")
    expected, other = protect_with_solution(reference, PLANS[name])
    assert told(solution) == told(other)
    assert rows_of(extract.frame) == rows_of(expected.frame)
    assert extract.steps == expected.steps


@pytest.mark.parametrize("seed", [1, 2])
def test_the_result_keeps_every_promise_by_a_plain_count(make_frame: Any, seed: int) -> None:
    asked = plan(models=(KAnonymity(3), DistinctLDiversity("cause", 2)), floors={"age": "10 years"})
    before = generated(seed)
    extract = Extract.of(make_frame(before, SCHEMA), person="person")
    after, solution = protect_with_solution(extract, asked)
    rows = rows_of(after.frame)
    classes = classes_of(rows, HIERARCHIES)
    sizes = [persons_in(members) for members in classes.values()]
    assert min(sizes) >= 3
    assert min(len({row["cause"] for row in members}) for members in classes.values()) >= 2
    assert (solution.k, solution.classes) == (min(sizes), len(classes))
    assert dict(solution.class_sizes) == {size: sizes.count(size) for size in sorted(set(sizes))}
    lost = len(before["n"]) - len(rows)
    assert (solution.rows, solution.suppressed_rows) == (len(before["n"]), lost)
    assert 0 < lost <= 0.15 * len(before["n"])
    kept = {row["n"] for row in rows}
    gone = {p for n, p in zip(before["n"], before["person"], strict=True) if n not in kept}
    assert solution.suppressed_persons == len(gone)
    assert solution.levels["age"] + 1 == AGE.level(solution.level_names["age"])
    ages = {row["age"] for row in rows} - {None, "999", "*"}
    bands = {text for leaf in AGE.domain for text in leaf[1:]}
    assert ages <= bands


def test_what_is_no_quasi_identifier_stays_as_it_was(make_frame: Any) -> None:
    before = generated(3)
    data = make_frame(before, SCHEMA)
    after = rows_of(protect(data, plan()))
    first = {row["n"]: row for row in rows_of(data)}
    assert after
    for row in after:
        assert {name: row[name] for name in ("person", "cause")} == {
            name: first[row["n"]][name] for name in ("person", "cause")
        }


def test_the_same_kind_of_frame_and_the_same_columns_come_back(make_frame: Any) -> None:
    data = make_frame(generated(4), SCHEMA)
    after = protect(data, plan())
    assert type(after) is type(data)
    assert as_frame(after).collect_schema().names() == list(SCHEMA)


def test_a_person_of_many_rows_makes_no_class_larger(make_frame: Any) -> None:
    data = make_frame(
        {
            "n": [1, 2, 3, 4, 5],
            "person": ["a", "a", "a", "b", "c"],
            "place": ["0", "0", "0", "1", "1"],
        }
    )
    asked = PrivacyPlan({"place": PLACE}, (KAnonymity(2),), 0.6)
    extract, solution = protect_with_solution(Extract.of(data, person="person"), asked)
    assert [row["n"] for row in rows_of(extract.frame)] == [4, 5]
    assert (solution.k, solution.suppressed_rows, solution.suppressed_persons) == (2, 3, 1)
    by_rows, other = protect_with_solution(Extract.of(data), asked)
    assert len(rows_of(by_rows.frame)) == 5
    assert (other.k, other.suppressed_rows) == (2, 0)


def test_missing_is_a_value_of_its_own_and_nan_is_missing(make_frame: Any) -> None:
    data = make_frame(
        {
            "n": [1, 2, 3, 4, 5],
            "age": [None, NAN, 40.0, 40.0, 41.0],
        },
        {"n": pl.Int64, "age": pl.Float64},
    )
    asked = PrivacyPlan({"age": AGE}, (KAnonymity(2),), 0.2)
    after, solution = protect_with_solution(Extract.of(data), asked)
    assert [row["age"] for row in rows_of(after.frame)] == [None, None, *["40-49 år"] * 3]
    assert dict(solution.class_sizes) == {2: 1, 3: 1}


def test_the_level_that_tells_nothing_takes_the_missing_in(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2, 3], "place": [None, "0", "11"]})
    after = protect(data, PrivacyPlan({"place": PLACE}, (KAnonymity(3),), 0.0))
    assert [row["place"] for row in rows_of(after)] == ["*", "*", "*"]


def test_a_date_time_leaves_as_its_date_even_on_the_finest_level(make_frame: Any) -> None:
    moments = [dt.datetime(2021, 3, 1, hour, tzinfo=dt.UTC) for hour in (1, 2, 13)]
    data = make_frame(
        {"n": [1, 2, 3], "t": moments}, {"n": pl.Int64, "t": pl.Datetime("us", "UTC")}
    )
    asked = PrivacyPlan({"t": DAY}, (KAnonymity(3),), 0.0)
    extract, solution = protect_with_solution(Extract.of(data), asked)
    assert dict(solution.level_names) == {"t": "day"}
    table = to_polars(extract.frame)
    assert table["t"].to_list() == [dt.date(2021, 3, 1)] * 3
    assert len(set(table["t"].to_list())) == solution.classes


def test_the_order_of_the_rows_chooses_no_level(make_frame: Any) -> None:
    table = generated(6)
    order = random.Random(0).sample(range(len(table["n"])), len(table["n"]))
    mixed = {name: [column[place] for place in order] for name, column in table.items()}
    results = [
        protect_with_solution(Extract.of(make_frame(rows, SCHEMA), person="person"), plan())
        for rows in (table, mixed)
    ]
    assert told(results[0][1]) == told(results[1][1])
    assert rows_of(results[0][0].frame) == rows_of(results[1][0].frame)


def test_whole_numbers_stay_numbers_where_some_are_suppressed(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2, 3], "code": [1, 1, 14]})
    codes = from_rows("code", [("0", "*"), ("1", "*"), ("14", "*")], ("code", "*"))
    asked = PrivacyPlan({"code": codes}, (KAnonymity(1), SecondEntity("n", 1)), 0.0, method="cells")
    assert [row["code"] for row in rows_of(protect(data, asked))] == [1, 1, 14]
    more = {"n": [1, 2, 3, 4], "code": [1, 1, 14, 0]}
    masked = replace(asked, models=(KAnonymity(2),), suppressed="998")
    rows = rows_of(protect(make_frame(more), masked))
    assert [(row["code"], row["suppressed_cells"]) for row in rows] == [
        *[(1, None)] * 2,
        *[(998, "code")] * 2,
    ]
    as_text = rows_of(protect(make_frame(more), replace(masked, suppressed="gone")))
    assert [row["code"] for row in as_text] == ["1", "1", "gone", "gone"]


def test_what_satisfies_already_is_left_alone(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2, 3, 4], "place": ["0", "0", None, None]})
    after = protect(data, PrivacyPlan({"place": PLACE}, (KAnonymity(2),), 1.0))
    assert rows_of(after) == rows_of(data)


def test_one_row_is_a_class_of_one(make_frame: Any) -> None:
    data = make_frame({"n": [1], "place": ["14"]})
    assert rows_of(protect(data, PrivacyPlan({"place": PLACE}, (KAnonymity(1),), 0.0))) == [
        {"n": 1, "place": "14"}
    ]
    with pytest.raises(DataError, match="the table has only 1 person"):
        protect(data, PrivacyPlan({"place": PLACE}, (KAnonymity(2),), 1.0))


def test_an_empty_frame_stays_empty(make_frame: Any) -> None:
    data = make_frame({name: [] for name in SCHEMA}, SCHEMA)
    extract, solution = protect_with_solution(Extract.of(data, person="person"), plan())
    table = to_polars(extract.frame)
    assert (table.height, table.columns) == (0, list(SCHEMA))
    assert (solution.rows, solution.classes, solution.k, solution.loss) == (0, 0, 0, 0.0)


def test_an_unseen_value_is_refused_by_column_and_count_and_never_shown(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2, 3, 4], "place": ["0", "canary", "canary", "kanari"]})
    with pytest.raises(DataError) as caught:
        protect(data, PrivacyPlan({"place": PLACE}, (KAnonymity(1),), 1.0))
    text = str(caught.value)
    assert "column 'place': 2 distinct value(s) in 3 row(s)" in text
    assert "canary" not in text
    assert "kanari" not in text


def test_a_budget_that_cannot_be_kept_is_refused_by_numbers_only(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2, 3], "place": ["0", "0", "0"], "cause": [1, 1, 1]})
    never = PrivacyPlan(
        {"place": PLACE}, (KAnonymity(2), DistinctLDiversity("cause", 2)), max_suppressed=0.5
    )
    with pytest.raises(DataError, match="column 'cause' has only 1 distinct value"):
        protect(data, never)
    skewed = make_frame(
        {"n": [1, 2, 3], "person": ["a", "a", "b"], "place": ["0", "0", None]},
    )
    asked = PrivacyPlan({"place": STAYS}, (KAnonymity(2),), max_suppressed=0.5)
    with pytest.raises(BudgetExceeded):
        protect_with_solution(Extract.of(skewed, person="person"), asked)


STAYS = Hierarchy("stays", ("code",), (("0",), ("1",)), lambda _value: None)
"""Has no level that tells nothing."""


@pytest.mark.parametrize(
    ("changes", "person", "text"),
    [
        ({"hierarchies": {}}, None, "there is no quasi-identifier"),
        ({"hierarchies": {"agee": AGE}}, None, "there is no column 'agee'"),
        ({"floors": {"age": "decades"}}, None, "has no level 'decades'"),
        ({"floors": {"age": 9}}, None, "has no level 9"),
        ({"floors": {"agee": 1}}, None, "'agee' has a floor or a weight and is no quasi-id"),
        ({"weights": {"agee": 1.0}}, None, "'agee' has a floor or a weight and is no quasi-id"),
        ({"weights": {"age": -1.0}}, None, "weights must be 0 or more"),
        ({"max_suppressed": 1.5}, None, "max_suppressed is 1.5"),
        ({"max_suppressed": NAN}, None, "max_suppressed is nan"),
        ({"models": (DistinctLDiversity("causes", 2),)}, None, "no column 'causes' to keep"),
        ({"models": (DistinctLDiversity("age", 2),)}, None, "both a quasi-identifier and sensit"),
        ({}, "persons", "there is no column 'persons' to tell persons apart"),
    ],
)
def test_what_does_not_exist_is_named_and_never_passed_over(
    changes: dict[str, Any], person: str | None, text: str
) -> None:
    table = pl.DataFrame(generated(1, rows=10), schema=SCHEMA, strict=False)
    extract = Extract.of(table, person=person)
    with pytest.raises(DataError, match=text):
        protect(extract, plan(**changes))
