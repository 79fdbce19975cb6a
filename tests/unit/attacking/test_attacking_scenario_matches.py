"""Expected matches: tables so small that every chance is known."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.attacking.expecting import Matches, expected_matches
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.simulating import Attack, simulate
from hsr_privacy.errors import DataError
from hsr_privacy.estimates import rate
from hsr_privacy.models.scenarios import Knowledge, Precision
from tests.unit.attacking.scenario_tables import attacker, exposed, frame, roughly, within

FIVE = """
    who | sex | age
    a   | m   | 41
    b   | m   | 44
    c   | m   | 52
    d   | f   | 41
    e   | f   | 47
"""
BANDS = """
    who | sex | age
    a   | m   | 40-49
    b   | m   | 40-49
    c   | m   | 50-59
    d   | f   | 40-49
    e   | f   | 40-49
"""
EVERYBODY = 1000


def attacked(case: Exposed, *knows: str | Knowledge, **more: Any) -> Matches:
    return expected_matches(case, attacker(*knows, **more), seed=1, attackers=EVERYBODY)


def figures(attack: Attack) -> dict[str, float]:
    return {
        "right": attack.right.value,
        "certain": attack.certain.value,
        "mistaken": attack.mistaken.value,
        "nobody": attack.nobody.value,
        "candidates": attack.candidates.value,
    }


def test_exact_knowledge_finds_one_in_each_class() -> None:
    found = attacked(exposed(FIVE, BANDS, levels={"age": 1}), "sex", "age")

    # four are in classes of two, and the man of 52 is alone
    assert found.released.right.value == pytest.approx((4 / 2 + 1) / 5)
    assert found.released.certain.value == 1 / 5
    assert found.released.candidates.value == 2
    assert figures(found.before) == {
        "right": 1, "certain": 1, "mistaken": 0, "nobody": 0, "candidates": 1,
    }  # fmt: skip
    assert (found.attackers, found.released.persons) == (5, 5)
    assert found.released.columns == ("sex", "age")


def test_the_control_counts_whom_else_they_would_have_found() -> None:
    found = attacked(exposed(FIVE, BANDS, levels={"age": 1}), "sex", "age")

    # without their own rows, four would find the other of their class, and one nobody
    assert found.released.false_match.value == 4 / 5
    assert found.released.false_certain.value == 4 / 5
    assert found.before.false_match.value == 0


def test_an_age_known_within_some_years_is_compatible_with_every_band_it_may_lie_in() -> None:
    before = "age\n" + "49\n" * 500 + "59\n" * 500
    released = "age\n" + "40-49\n" * 500 + "50-59\n" * 500

    found = attacked(exposed(before, released, levels={"age": 1}), within("age", 2))

    # 49 within 2 allows for 50 or more in four of five cases, also where nobody is 50 to 58
    of_49, of_59 = 4 / 5 / 1000 + 1 / 5 / 500, 1 / 500
    assert found.released.right.value == pytest.approx((of_49 + of_59) / 2, rel=0.02)
    assert found.before.right.value == pytest.approx(1 / 500)


def test_a_suppressed_cell_agrees_with_everything() -> None:
    released = BANDS.replace("c   | m   | 50-59", "c   | m   | 998")

    found = attacked(exposed(FIVE, released, levels={"age": 1}), "sex", "age")

    # a and b are taken for each other or for c; for c all but c are excluded
    assert found.released.right.value == pytest.approx((1 / 3 + 1 / 3 + 1 + 1 / 2 + 1 / 2) / 5)
    assert found.released.certain.value == 1 / 5


def test_so_does_a_missing_cell_and_one_that_says_unknown() -> None:
    for text in ("", "999"):
        released = BANDS.replace("c   | m   | 50-59", f"c   | m   | {text}")
        case = exposed(FIVE, released, levels={"age": 1}, unknown=("999",))
        assert attacked(case, "sex", "age").released.candidates.value == 2
        assert attacked(case, "sex", "age").released.right.value == pytest.approx(8 / 15)


def test_who_was_suppressed_is_looked_for_and_taken_for_somebody_else() -> None:
    before = FIVE.replace("who", "event | who").replace("\n    a", "\n    1 | a")
    for number, who in enumerate("bcde", 2):
        before = before.replace(f"\n    {who}  ", f"\n    {number} | {who}  ")
    released = """
        event | who | sex | age
        1     | a   | m   | 40-49
        3     | c   | m   | 50-59
        4     | d   | f   | 40-49
        5     | e   | f   | 40-49
    """

    found = attacked(exposed(before, released, levels={"age": 1}), "sex", "age")

    # a is alone now; b is taken for a, for certain and wrongly
    assert found.attackers == 5
    assert found.released.persons == 4
    assert found.released.right.value == pytest.approx((1 + 0 + 1 + 1 / 2 + 1 / 2) / 5)
    assert found.released.certain.value == 2 / 5
    assert found.released.mistaken.value == 1 / 5


def test_persons_count_and_not_rows() -> None:
    rows = """
        event | who | sex
        1     | a   | m
        2     | a   | m
        3     | a   | m
        4     | b   | m
    """

    found = attacked(exposed(rows, rows), "sex")

    assert found.attackers == 2
    assert found.released.persons == 2
    assert found.released.right.value == 1 / 2
    assert found.released.candidates.value == 2


def test_one_who_has_rows_that_read_differently_is_one_candidate() -> None:
    rows = """
        event | who | age | sex
        1     | a   | 41  | m
        2     | a   | 44  | m
        3     | b   | 43  | m
    """

    found = attacked(exposed(rows, rows), within("age", 30), "sex")

    assert found.released.candidates.value == 2
    assert found.released.right.value == 1 / 2


def test_who_knows_nothing_picks_one_of_all() -> None:
    ignorant = Knowledge("sex", unknown=1.0)

    found = attacked(exposed(FIVE, BANDS), ignorant)

    assert found.released.right.value == pytest.approx(1 / 5)
    assert found.released.candidates.value == 5


def test_nobody_knows_what_was_not_recorded() -> None:
    before = FIVE.replace("c   | m   | 52", "c   | m   |")
    released = BANDS.replace("c   | m   | 50-59", "c   | m   |")

    found = attacked(exposed(before, released, levels={"age": 1}), "sex", "age")

    # c may be any of the men; a and b may be c
    assert found.released.right.value == pytest.approx((3 * 1 / 3 + 2 * 1 / 2) / 5)


def test_who_is_wrong_finds_somebody_else_or_supposes_an_error() -> None:
    before = "who | sex | age\na | m | 41\nb | f | 52\n"
    wrong = Knowledge("age", wrong=1.0)

    found = attacked(exposed(before, before), "sex", wrong)
    alone = attacked(exposed(before, before), wrong)

    # a man of 52 and a woman of 41 are nobody; each of the two persons fits in one column
    assert found.released.nobody.value == 1
    assert found.released.right.value == 1 / 2
    assert found.released.certain.value == 0
    # by the age alone, each is taken for the other
    assert alone.released.mistaken.value == 1
    assert alone.released.right.value == 0


def test_wrong_and_unknown_come_as_often_as_the_scenario_says() -> None:
    before = pl.DataFrame({"sex": ["m", "f"] * 2000})

    found = expected_matches(
        exposed(before, before),
        attacker(Knowledge("sex", wrong=0.2, unknown=0.3)),
        seed=1,
        attackers=4000,
    )

    # the unknowing pick of 4,000, the right ones of 2,000, and who is wrong hits nobody
    assert found.released.right.value == pytest.approx(0.3 / 4000 + 0.5 / 2000, rel=0.05)


def test_a_level_is_known_by_its_name() -> None:
    before = "who | town\na | Bergen\nb | Voss\nc | Oslo\n"
    county = roughly("town", Precision(level="county"))

    found = attacked(exposed(before, before), county)

    assert found.released.right.value == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert found.before == found.released


def test_a_decade_and_a_week_are_known_by_their_steps() -> None:
    ages = "age\n50\n59\n60\n"
    days = "day\n2024-01-01\n2024-01-07\n"  # a Monday and its Sunday

    decade = attacked(exposed(ages, ages), roughly("age", Precision(every=10)))
    week = attacked(exposed(days, days), roughly("day", Precision(every=7)))

    assert decade.released.right.value == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert week.released.right.value == 1 / 2


def test_the_shares_of_several_precisions_are_kept() -> None:
    before = pl.DataFrame({"town": ["Bergen", "Voss"] * 1000})
    knowledge = roughly("town", Precision(0.25), Precision(0.75, level="county"))

    found = expected_matches(exposed(before, before), attacker(knowledge), seed=3, attackers=2000)

    assert found.released.right.value == pytest.approx(0.25 / 1000 + 0.75 / 2000, rel=0.05)


def test_what_was_dropped_is_told_and_is_of_use_against_the_truth_only() -> None:
    found = attacked(exposed(FIVE, frame(BANDS).drop("age")), "sex", "age", "town")

    assert found.useless == ("age", "town")
    assert found.released.columns == ("sex",)
    assert found.before.columns == ("sex", "age")
    assert found.released.right.value == pytest.approx((3 * 1 / 3 + 2 * 1 / 2) / 5)
    assert found.before.right.value == 1


def test_where_nothing_of_use_is_released_one_of_all_is_picked() -> None:
    found = attacked(exposed(FIVE, frame(BANDS).drop("age", "sex")), "sex", "age")

    assert found.released.columns == ()
    assert found.released.right.value == pytest.approx(1 / 5)
    assert found.released.false_match.value == 1


def test_from_an_empty_release_nobody_is_recognized() -> None:
    before = "event | sex\n1 | m\n2 | f\n"

    found = attacked(exposed(before, frame(before).clear()), "sex")

    assert found.released.persons == 0
    assert figures(found.released) == {
        "right": 0, "certain": 0, "mistaken": 0, "nobody": 1, "candidates": 0,
    }  # fmt: skip


def test_cells_may_stand_on_levels_of_their_own() -> None:
    released = BANDS.replace("a   | m   | 40-49", "a   | m   | 41   ")

    found = attacked(exposed(FIVE, released, levels={"age": 1}), "sex", "age")

    # a may be b, whose cell says less; b cannot be a
    assert found.released.right.value == pytest.approx((1 / 2 + 1 + 1 + 1 / 2 + 1 / 2) / 5)


def test_one_attacker_looks_for_as_many_as_the_scenario_says() -> None:
    found = attacked(exposed(FIVE, BANDS, levels={"age": 1}), "sex", "age", targets=20.0)

    assert found.found_by_one == pytest.approx(20 * 3 / 5)
    assert found.to_json()["found_by_one"] == pytest.approx(12)


def test_the_intervals_are_wilsons_and_a_chance_is_surer_than_a_hit() -> None:
    before = pl.DataFrame({"age": [str(20 + n // 4) for n in range(200)]})

    found = expected_matches(exposed(before, before), attacker("age"), seed=1, attackers=80)

    assert found.attackers == 80
    none = rate(0, 80)
    assert (found.released.certain.low, found.released.certain.high) == (none.low, none.high)
    # everybody is one of four
    sure, hits = found.released.right, rate(20, 80)
    assert hits.low < sure.low < 0.24 < sure.value == 1 / 4 < 0.26 < sure.high < hits.high
    mixed = attacked(exposed(FIVE, BANDS, levels={"age": 1}), "sex", "age").released.right
    hits = rate(3, 5)
    assert hits.low <= mixed.low < mixed.value < mixed.high <= hits.high


def test_the_same_seed_gives_the_same_and_another_seed_others() -> None:
    random = np.random.default_rng(5)
    before = pl.DataFrame({"age": random.integers(20, 90, 500)})
    case = exposed(before, before)

    def found(seed: int) -> Matches:
        return expected_matches(case, attacker(within("age", 3)), seed=seed, attackers=50)

    assert found(1) == found(1)
    assert found(1).before.right != found(2).before.right


def test_two_columns_more_do_not_change_who_is_looked_for() -> None:
    random = np.random.default_rng(5)
    before = pl.DataFrame({name: random.integers(20, 90, 300) for name in ("age", "x", "y")})
    case = exposed(before, before)

    few = expected_matches(case, attacker(within("age", 3)), seed=1, attackers=40)
    ignorant = [Knowledge(name, unknown=1.0) for name in ("x", "y")]
    more = expected_matches(case, attacker(within("age", 3), *ignorant), seed=1, attackers=40)

    assert few.released.right == more.released.right


def test_as_many_persons_are_looked_for_each_once_and_any_of_their_events() -> None:
    rows = pl.DataFrame(
        {
            "event": [str(n) for n in range(300)],
            "who": [f"p{n // 3}" for n in range(300)],
            "sex": "m",
        }
    )
    case = exposed(rows, rows)

    drawn = [simulate(case, attacker("sex"), seed=n, attackers=60).rows for n in range(20)]

    for targets in drawn:
        assert len(np.unique(targets // 3)) == 60
    events = np.bincount(np.concatenate(drawn) % 3) / 1200
    assert events.tolist() == pytest.approx([1 / 3] * 3, abs=0.05)


def test_errors_in_one_column_say_nothing_of_errors_in_another() -> None:
    rows = pl.DataFrame({name: [str(n % 7) for n in range(4000)] for name in ("x", "y")})
    who = attacker(*(Knowledge(name, unknown=0.5) for name in ("x", "y")))

    held = simulate(exposed(rows, rows), who, seed=1, attackers=4000).held

    both = held["x"].ignorant & held["y"].ignorant
    assert both.mean() == pytest.approx(0.25, abs=0.03)


def test_a_code_for_unknown_need_not_be_in_the_hierarchy_and_is_known_to_nobody() -> None:
    before = FIVE.replace("c   | m   | 52", "c   | m   | 999")
    released = BANDS.replace("c   | m   | 50-59", "c   | m   | 999")

    found = attacked(exposed(before, released, levels={"age": 1}, unknown=("999",)), "sex", "age")

    # as if nobody had recorded it
    assert found.released.right.value == pytest.approx((3 * 1 / 3 + 2 * 1 / 2) / 5)
    assert found.before.right.value == pytest.approx((1 / 2 + 1 / 2 + 1 / 3 + 1 + 1) / 5)


def test_everything_in_the_json_is_a_plain_number() -> None:
    found = attacked(exposed(FIVE, BANDS, levels={"age": 1}), "sex", within("age", 2), "town")

    told = json.dumps(found.to_json(), allow_nan=False)

    assert json.loads(told)["useless"] == ["town"]
    assert all(math.isfinite(value) for value in json.loads(told)["released"]["right"].values())


@pytest.mark.parametrize(
    ("before", "released", "knows", "keys", "said"),
    [
        (FIVE, BANDS, within("sex", 2), {}, "column 'sex' holds no numbers and no days"),
        (FIVE, BANDS, roughly("sex", Precision(level="all")), {}, "has no level 'all'"),
        (FIVE, BANDS.replace("50-59", "50-69"), "age", {}, "1 distinct cell(s) are nodes of no"),
        (FIVE, BANDS.replace("age", "year"), "year", {}, "the original has none of that name"),
        (FIVE, BANDS, "age", {"event": "number"}, "has no column 'number'"),
        (FIVE, "who | sex\na | m\n", "sex", {}, "1 rows leave and the original has 5"),
        ("event | sex\n1 | m\n1 | f\n", "event | sex\n1 | m\n", "sex", {}, "has a value twice"),
        ("event | sex\n1 | m\n", "event | sex\n2 | m\n", "sex", {}, "1 of 1 released rows have no"),
        ("sex\n", "sex\n", "sex", {}, "there is no original row"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    before: str, released: str, knows: str | Knowledge, keys: dict[str, str], said: str
) -> None:
    with pytest.raises(DataError) as caught:
        attacked(exposed(before, released, levels={"age": 1}, **keys), knows)
    assert said in str(caught.value)


def test_at_least_one_attacker_is_simulated() -> None:
    with pytest.raises(DataError, match="0 attackers"):
        expected_matches(exposed(FIVE, BANDS), attacker("sex"), seed=1, attackers=0)


def test_a_dropped_column_that_cannot_be_known_so_takes_no_part() -> None:
    before = frame("who | town | sex\na | Bergen | m\nb | Voss | m\n")
    case = exposed(before, before.drop("town"), hierarchies={})

    found = attacked(case, roughly("town", Precision(level="county")), "sex")

    assert found.before.columns == ("sex",)
    assert found.useless == ("town",)
