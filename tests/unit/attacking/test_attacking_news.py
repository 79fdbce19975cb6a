"""News: which events are written about, and what a reader would recognize."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.attacking.expecting import expected_matches
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.news import NewsLinks, news_links
from hsr_privacy.attacking.newsworthy import newsworthy
from hsr_privacy.attacking.simulating import simulate
from hsr_privacy.errors import DataError
from hsr_privacy.models.scenarios import Codes, News
from tests.unit.attacking.scenario_tables import attacker, exposed

COLUMNS = {
    "date": "day",
    "municipality": "town",
    "place": "place",
    "age": "age",
    "outcome": "alive",
}
NEWS = News(
    0.1,
    **COLUMNS,
    young_below=35,
    young_odds=9,
    public=Codes(("street", "shop"), 3),
    survived=Codes(("1",), 2),
    several_odds=5,
)
EVENTS = """
    event | who | day        | town   | place  | age | alive
    1     | a   | 2024-03-01 | Bergen | home   | 70  | 0
    2     | b   | 2024-03-01 | Bergen | home   | 20  | 0
    3     | c   | 2024-03-02 | Bergen | street | 70  | 1
    4     | d   | 2024-03-02 | Bergen | street | 71  | 0
    5     | e   | 2024-03-02 | Bergen | shop   | 72  | 0
    6     | f   | 2024-03-02 | Oslo   | street | 73  | 0
    7     | g   | 2024-03-05 | Moss   | street | 74  | 0
    8     | g   | 2024-03-05 | Moss   | street | 74  | 0
    9     | h   | 2024-03-06 | Voss   |        |     | 1
"""
RELEASED = """
    event | who | day     | town | place  | age   | alive
    1     | a   | 2024-03 | west | home   | 70-79 | 0
    2     | b   | 2024-03 | west | home   | 20-29 | 0
    3     | c   | 2024-03 | west | street | 70-79 | 1
    4     | d   | 2024-03 | west | street | 70-79 | 0
    5     | e   | 2024-03 | west | shop   | 70-79 | 0
    6     | f   | 2024-03 | east | street | 70-79 | 0
    7     | g   | 2024-03 | east | street | 70-79 | 0
    9     | h   | 2024-03 | west |        |       | 1
"""
LEVELS = {"day": 1, "town": 1, "age": 1}
READER = attacker("day", "town", "place", "age", "alive", news=NEWS)


def case(released: str = RELEASED, **more: Any) -> Exposed:
    return exposed(EVENTS, released, levels=LEVELS, **more)


def linked(release: Exposed, **more: Any) -> NewsLinks:
    return news_links(release, READER, seed=1, stories=4000, **more)


def chance(*factors: float) -> float:
    odds = 1 / 9
    for factor in factors:
        odds *= factor
    return odds / (1 + odds)


def test_the_odds_of_all_that_applies_are_multiplied() -> None:
    found = newsworthy(case(), NEWS).chances.tolist()

    assert found == pytest.approx(
        [
            chance(),
            chance(9),  # young
            chance(3, 2, 5),  # public, alive, and not alone on that day and place
            chance(3, 5),
            chance(3),  # another kind of place
            chance(3),  # another town
            chance(3),  # twice the same person is not several
            chance(3),
            chance(2),
        ]
    )


def test_events_that_stand_out_are_counted() -> None:
    found = newsworthy(case(), NEWS).outstanding

    assert (found.groups, found.group_events) == (1, 2)
    assert (found.young, found.public_survivors) == (1, 1)
    assert (found.any, found.leaving) == (3, 3)


def test_those_who_do_not_leave_are_not_counted_as_leaving() -> None:
    released = RELEASED.replace("    2     | b   | 2024-03 | west | home   | 20-29 | 0\n", "")

    found = newsworthy(case(released), NEWS).outstanding

    assert (found.any, found.leaving) == (3, 2)


def test_stories_are_drawn_by_their_chances() -> None:
    found = linked(case())

    chances = newsworthy(case(), NEWS).chances
    assert found.expected == pytest.approx(chances.sum())
    assert found.stories == 4000
    rows = simulate(case(), READER, seed=1, attackers=4000).rows
    assert np.bincount(rows) / 4000 == pytest.approx(chances / chances.sum(), abs=0.02)
    # a, b, d and e are alone in the west; c and h may be each other, since of h neither place nor age
    # is known; f and g may be each other in the east, whichever event of g is written about
    right = [1, 1, 1 / 2, 1, 1, 1 / 2, 1 / 2, 1 / 2, 1 / 2]
    expected = sum(one * p for one, p in zip(right, chances, strict=True)) / chances.sum()
    assert found.released.right.value == pytest.approx(expected, abs=0.02)
    assert found.released.right.low < expected < found.released.right.high


def test_the_hits_are_those_of_the_scenario_with_the_same_seed() -> None:
    release = case()

    whole = expected_matches(release, READER, seed=1, attackers=500)
    found = news_links(release, READER, seed=1, stories=500)

    assert (found.before, found.released) == (whole.before, whole.released)


def test_each_column_alone_is_brought_to_its_next_level_the_best_first() -> None:
    found = linked(case())

    assert {(one.column, one.level, one.other) for one in found.coarser} == {
        ("day", "month", "year"),
        ("town", "county", "*"),
        ("place", "value", "*"),
        ("age", "10 years", "*"),
        ("alive", "value", "*"),
    }
    assert {(one.column, one.level, one.other) for one in found.finer} == {
        ("day", "month", "day"),
        ("town", "county", "town"),
        ("age", "10 years", "1 year"),
    }
    hits = [one.right.value for one in found.coarser]
    assert hits == sorted(hits)
    assert hits[0] < found.released.right.value
    assert found.finer[0].column == "day"
    # all are of one year, so that the month tells nothing beyond it
    by_column = {one.column: one for one in found.coarser}
    assert by_column["day"].right == found.released.right


def test_another_level_gives_what_a_release_on_it_gives() -> None:
    years = RELEASED.replace("2024-03 ", "2024    ")
    towns = RELEASED
    for event, town in zip(
        "12345679",
        ["Bergen", "Bergen", "Bergen", "Bergen", "Bergen", "Oslo", "Moss", "Voss"],
        strict=True,
    ):
        old = next(line for line in RELEASED.splitlines() if line.strip().startswith(event))
        towns = towns.replace(old, old.replace("west", town).replace("east", town))

    found = linked(case())
    coarser = {one.column: one.right for one in found.coarser}
    finer = {one.column: one.right for one in found.finer}

    year = exposed(EVENTS, years, levels={**LEVELS, "day": 2})
    town_by_town = exposed(EVENTS, towns, levels={**LEVELS, "town": 0})
    without = exposed(EVENTS, case().released.drop("place"), levels=LEVELS)
    assert coarser["day"] == linked(year).released.right
    assert finer["town"] == linked(town_by_town).released.right
    assert coarser["place"] == linked(without).released.right
    assert finer["town"].value > found.released.right.value > coarser["place"].value


def test_suppressed_cells_stay_suppressed_on_another_level() -> None:
    released = RELEASED.replace("7     | g   | 2024-03", "7     | g   | 998    ")

    finer = {one.column: one.right.value for one in linked(case(released)).finer}
    all_days = {one.column: one.right.value for one in linked(case()).finer}

    # by the day f and g are told apart, unless g's is suppressed: then f may be g
    chances = newsworthy(case(), NEWS).chances
    assert all_days["day"] == 1
    assert finer["day"] == pytest.approx(1 - chances[5] / 2 / chances.sum(), abs=0.02)


def test_what_a_table_lacks_is_told_by_its_part_in_a_story() -> None:
    release = Exposed(
        case().released.drop("day", "alive"),
        case().before.drop("day"),
        event="event",
        person="who",
        hierarchies=case().hierarchies,
        levels=LEVELS,
    )

    found = linked(release)

    assert found.absent == {"date": "day", "outcome": "alive"}
    assert found.useless == ("day", "alive")
    assert found.released.columns == ("town", "place", "age")
    assert found.before.columns == ("town", "place", "age", "alive")
    assert (found.outstanding.groups, found.outstanding.group_events) == (None, None)
    assert (found.outstanding.young, found.outstanding.public_survivors) == (1, 1)


def test_a_table_of_which_no_newspaper_tells_has_nothing_that_stands_out() -> None:
    table = pl.DataFrame({"lactate": [1.5, 2.5]})

    found = linked(exposed(table, table))

    assert set(found.absent) == set(COLUMNS)
    assert found.released.columns == ()
    assert found.released.right.value == 1 / 2
    assert (found.coarser, found.finer, found.outstanding.any) == ((), (), 0)
    assert found.outstanding.young is None


def test_who_does_not_read_the_news_has_no_news() -> None:
    with pytest.raises(DataError, match="does not say what makes news"):
        news_links(case(), attacker("age"), seed=1)


def test_events_that_are_never_written_about_cannot_be_drawn() -> None:
    silent = attacker("age", news=News(0.0))
    with pytest.raises(DataError, match="no event could be written about"):
        news_links(case(), silent, seed=1)


def test_what_is_written_about_for_certain_is_drawn_like_all_that_is() -> None:
    certain = News(1.0, age="age", young_below=35, young_odds=9)

    assert newsworthy(case(), certain).chances.tolist() == [1.0] * 9


def test_everything_in_the_json_is_plain() -> None:
    told = json.loads(json.dumps(linked(case()).to_json(), allow_nan=False))

    assert told["absent"] == {}
    assert told["outstanding"]["groups"] == 1
    assert told["coarser"][0]["other"] == "*"
