"""What suppression forgets is found where it was planted, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.attacking import Flag, FlagKind, Forgotten, forgotten
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import load_for_columns

ROWS = 4000


def clean(rows: int = ROWS, *, seed: int = 1) -> pl.DataFrame:
    """Rows of which nothing goes with anything, in no order."""
    random = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "person": [f"P{n:05}" for n in random.permutation(rows)],
            "age": random.choice(["18-49", "50-69", "70+"], rows),
            "sex": random.choice(["F", "M"], rows),
            "town": random.choice(["Bergen", "Oslo", "Voss"], rows),
            "hospital": random.choice(["Aker", "Haukeland", "Rikshospitalet"], rows),
            "arrived_min": random.integers(0, 10, rows),
            "shock_min": random.integers(0, 10, rows),
            "lactate": random.choice([1.0, 2.5, 3.0, 4.5], rows),
            "outcome": random.choice(["alive", "dead"], rows),
        }
    )


def with_hidden_towns(table: pl.DataFrame, *, every: int = 10) -> pl.DataFrame:
    hidden = pl.int_range(pl.len()) % every == 0
    return table.with_columns(town=pl.when(hidden).then(pl.lit("998")).otherwise("town"))


def looked_at(
    released: pl.DataFrame, originals: pl.DataFrame | None = None, **more: Any
) -> Forgotten:
    usual = {"quasi_identifiers": ["age", "sex", "town"], "person": "person"}
    return forgotten(released, aligned=originals, **(usual | more))


def flags(found: Forgotten) -> list[FlagKind]:
    return [flag.kind for flag in found.flags]


def only(found: Forgotten) -> Flag:
    (flag,) = found.flags
    return flag


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_flagged_where_nothing_goes_with_anything(seed: int) -> None:
    originals = clean(seed=seed)
    assert looked_at(with_hidden_towns(originals)).flags == ()
    assert looked_at(with_hidden_towns(originals), originals).flags == ()


def test_a_suppressed_town_follows_from_the_hospital_that_stayed() -> None:
    lies_in = {"Aker": "Oslo", "Rikshospitalet": "Oslo", "Haukeland": "Bergen"}
    originals = clean().with_columns(town=pl.col("hospital").replace_strict(lies_in))
    for before in (None, originals):
        flag = only(looked_at(with_hidden_towns(originals), before))
        assert (flag.kind, flag.columns) == (FlagKind.FOLLOWS, ("town", "hospital"))
        assert flag.value == 0.0
        assert "town was removed in 400 rows and follows from hospital" in flag.meaning.en
        assert "town er fjernet i 400 rader" in flag.meaning.nb


def test_cells_that_are_guessed_right_are_flagged_though_the_column_does_not_follow() -> None:
    originals = clean().with_columns(
        town=pl.when(hospital="Aker").then(pl.lit("Oslo")).otherwise("town")
    )
    released = with_hidden_towns(originals)
    assert looked_at(released).flags == ()  # who lacks the originals cannot tell how often it is so
    flag = only(looked_at(released, originals))
    assert (flag.kind, flag.columns) == (FlagKind.GUESSED, ("town", "hospital"))
    assert flag.value == 1.0


def test_guesses_that_are_mostly_wrong_are_not_flagged() -> None:
    originals = clean().with_columns(
        town=pl.when(hospital="Aker").then(pl.lit("Oslo")).otherwise("town")
    )
    released = with_hidden_towns(originals)
    hidden = pl.Series(np.arange(ROWS) % 10 == 0)
    other = pl.when(hidden).then(pl.lit("Voss")).otherwise("town")
    found = looked_at(released, originals.with_columns(town=other))
    assert found.implied.columns[0].implied > 100
    assert found.flags == ()


def test_guesses_that_are_often_right_and_not_surely_are_not_flagged() -> None:
    originals = clean().with_columns(
        town=pl.when(hospital="Aker").then(pl.lit("Oslo")).otherwise("town")
    )
    seldom = (pl.int_range(pl.len()) % 40 == 0) & (pl.col("hospital") == "Aker")
    truth = originals.with_columns(town=pl.when(seldom).then(pl.lit("Voss")).otherwise("town"))
    found = looked_at(with_hidden_towns(originals), truth)
    (best, *_) = found.implied.columns[0].sources
    assert best.columns == ("hospital",)
    assert best.right is not None
    assert 0.6 < best.right / best.implied < 0.9
    assert found.flags == ()


def test_a_few_right_guesses_are_luck() -> None:
    originals = clean().with_columns(
        town=pl.when(hospital="Aker").then(pl.lit("Oslo")).otherwise("town")
    )
    found = looked_at(with_hidden_towns(originals, every=600), originals)
    assert 0 < (found.implied.columns[0].right or 0) == found.implied.columns[0].implied < 5
    assert found.flags == ()


def test_a_gap_that_goes_with_another_gap_tells_nothing() -> None:
    originals = clean().with_columns(
        ward=pl.when(pl.col("hospital") != "Aker").then("town"),
        lactate=pl.when(pl.col("hospital") != "Aker").then("lactate"),
    )
    assert looked_at(originals.drop("ward", "hospital"), originals.drop("hospital")).flags == ()


def test_one_hospital_that_lacks_a_measurement_is_told_by_the_gap() -> None:
    originals = clean().with_columns(lactate=pl.when(pl.col("hospital") != "Aker").then("lactate"))
    released = originals.drop("hospital")
    assert looked_at(released).flags == ()
    flag = only(looked_at(released, originals))
    assert (flag.kind, flag.columns) == (FlagKind.GAP, ("hospital", "lactate"))
    assert flag.value == 1.0
    assert "in which lactate is missing have nearly all the same hospital" in flag.meaning.en


def test_one_hospital_that_alone_measures_something_is_told_by_it() -> None:
    originals = clean().with_columns(lactate=pl.when(hospital="Aker").then("lactate"))
    flag = only(looked_at(originals.drop("hospital"), originals))
    assert flag.columns == ("hospital", "lactate")
    assert "in which lactate is there" in flag.meaning.en


def test_a_gap_tells_nothing_of_what_the_release_shows_anyhow(tmp_path: Path) -> None:
    (tmp_path / "town.csv").write_text("Bergen;w;*\nOslo;e;*\nVoss;w2;*\n", encoding="utf-8")
    trees = load_for_columns(tmp_path, ["town"])
    originals = clean().with_columns(lactate=pl.when(pl.col("town") != "Oslo").then("lactate"))
    released = originals.with_columns(
        town=pl.col("town").replace({"Bergen": "w", "Oslo": "e", "Voss": "w2"})
    )
    shown = {"hierarchies": trees, "levels": {"town": 1}}
    assert looked_at(released, originals, **shown).flags == ()
    hidden = released.with_columns(town=pl.lit("*"))
    found = looked_at(hidden, originals, hierarchies=trees, levels={"town": 2})
    assert only(found).columns == ("town", "lactate")


def test_the_original_of_a_suppressed_cell_is_brought_to_the_level_of_the_release(
    tmp_path: Path,
) -> None:
    text = "Bergen;west;*\nVoss;west;*\nOslo;east;*\n"
    (tmp_path / "town.csv").write_text(text, encoding="utf-8")
    trees = load_for_columns(tmp_path, ["town"])
    originals = clean()
    region = pl.col("town").replace({"Bergen": "west", "Voss": "west", "Oslo": "east"})
    released = with_hidden_towns(
        originals.with_columns(town=region, hospital=pl.format("of {}", region))
    )
    found = looked_at(released, originals, hierarchies=trees, levels={"town": 1})
    (town,) = found.implied.columns
    assert (town.suppressed, town.implied, town.right) == (400, 400, 400)


def test_three_times_that_nobody_shares_are_flagged_and_one_time_is_not() -> None:
    random = np.random.default_rng(3)
    released = clean().with_columns(
        pl.Series(name, random.integers(0, 30, ROWS)) for name in ("a_min", "b_min", "c_min")
    )
    found = looked_at(released.drop("arrived_min", "shock_min"))
    flag = only(found)
    assert (flag.kind, flag.columns) == (FlagKind.TIMES, ("a_min", "b_min", "c_min"))
    assert flag.value > 0.8
    assert [len(one.columns) for one in found.intervals.tuples] == [2, 3]
    assert looked_at(released, times=["a_min"]).flags == ()


def test_times_are_counted_among_those_who_have_them() -> None:
    table = pl.DataFrame(
        {
            "age": ["x"] * 5,
            "a_min": [1, 1, 2, None, 998],
            "b_min": [1, 1, 2, 7, 7],
        }
    )
    found = forgotten(table, quasi_identifiers=["age"]).intervals
    (pair,) = found.tuples
    assert (pair.persons, pair.alone, pair.tried) == (3, 1, 1)
    assert found.vector.persons == 5


def test_a_pattern_of_gaps_that_tells_persons_apart_is_flagged() -> None:
    random = np.random.default_rng(2)
    gaps = {
        f"m{n}": pl.Series([None if hole else "x" for hole in random.random(ROWS) < 0.5])
        for n in range(12)
    }
    found = looked_at(clean().with_columns(**gaps))
    assert flags(found) == [FlagKind.PATTERN, FlagKind.PATTERN]
    assert found.missingness.pattern.share > 0.3
    assert found.missingness.known.alone == 0
    assert found.flags[1].value == pytest.approx(found.missingness.both.share)


def test_a_suppressed_cell_is_no_gap_and_a_code_for_unknown_is() -> None:
    table = pl.DataFrame({"age": ["x", "x", "x", "998"], "ph": ["7", "999", None, "7"]})
    found = forgotten(table, quasi_identifiers=["age"], missing=["999"]).missingness
    assert found.columns == ("ph",)
    assert (found.pattern.alone, found.pattern.combinations) == (0, 2)
    assert (found.known.alone, found.both.alone) == (1, 2)  # the first and the last


def test_numbers_finer_than_declared_are_flagged() -> None:
    values = np.random.default_rng(5).integers(10, 99, ROWS) / 10
    values[:3] = [1.234, 2.345, 3.456]
    released = clean().with_columns(lactate=pl.Series(values))
    assert only(looked_at(released)).kind is FlagKind.FINER  # 3 of 4000 have three digits
    assert only(looked_at(released)).value == 3
    # Nobody said that it should be coarser; and still the three stand out.
    assert flags(looked_at(released, decimals={"lactate": 3})) == [FlagKind.HEAPED]
    assert only(looked_at(released, decimals={"lactate": 0})).value > 3000


def test_numbers_that_nobody_shares_are_flagged() -> None:
    released = clean().with_columns(lactate=pl.Series(np.arange(ROWS) * 7919 % ROWS / 1000))
    found = looked_at(released, decimals={"lactate": 3})
    assert only(found).kind is FlagKind.NUMBER
    assert only(found).value == 1.0


def test_numbers_that_stand_out_because_the_others_are_rounded_are_flagged() -> None:
    values = np.random.default_rng(5).integers(0, 12, ROWS) * 5
    values[:40] = 33
    found = looked_at(clean().with_columns(lactate=pl.Series(values)))
    assert only(found).kind is FlagKind.HEAPED
    (digits,) = (one for one in found.digits if one.column == "lactate")
    assert digits.last_digits[3] == 40
    assert sum(digits.last_digits) == ROWS


def test_a_sorted_file_is_flagged_also_by_a_column_that_did_not_leave() -> None:
    originals = clean().with_columns(day=pl.int_range(pl.len()) // 10)
    assert flags(looked_at(originals.drop("day"))) == []
    flag = only(looked_at(originals.drop("day"), originals))
    assert (flag.kind, flag.columns) == (FlagKind.ORDER, ("day",))
    by_age = clean().sort("age", maintain_order=True)
    assert only(looked_at(by_age)).columns == ("age",)


def test_pseudonyms_keys_and_ignored_columns_are_not_looked_at() -> None:
    released = (
        clean()
        .sort("person")
        .with_columns(event=pl.int_range(pl.len()), key=pl.col("person").cast(pl.Binary))
    )
    shuffled = released.select("age", "person", "event", "key", "sex", "town")
    assert looked_at(shuffled, shuffled, ignored=["event"]).flags == ()


def test_the_order_of_rows_changes_nothing_but_what_is_said_of_it() -> None:
    originals = clean().with_columns(lactate=pl.when(pl.col("hospital") != "Aker").then("lactate"))
    released = with_hidden_towns(originals).drop("hospital")
    places = np.random.default_rng(1).permutation(ROWS)
    told, mixed = (
        looked_at(one, other).to_json()
        for one, other in ((released, originals), (released[places], originals[places]))
    )
    del told["order"], mixed["order"]
    assert told == mixed


def test_the_result_is_plain_numbers_and_names_and_holds_no_cell() -> None:
    originals = clean().with_columns(
        town=pl.col("hospital").replace_strict(
            {"Aker": "KANARIBY", "Rikshospitalet": "KANARIBY", "Haukeland": "Bergen"}
        ),
        lactate=pl.Series(np.arange(ROWS) + 0.815),
    )
    found = looked_at(with_hidden_towns(originals), originals)
    told = json.dumps(found.to_json(), allow_nan=False)
    assert {flag["kind"] for flag in json.loads(told)["flags"]} >= {str(FlagKind.FOLLOWS)}
    for cell in ("KANARI", "Haukeland", "Rikshospitalet", "P0", ".815", "alive"):
        assert cell not in told
        assert cell not in repr(found)


@pytest.mark.parametrize("rows", [0, 1])
def test_almost_nothing_gives_nothing_away(rows: int) -> None:
    table = clean(rows)
    found = looked_at(table, table)
    assert (found.rows, found.persons) == (rows, rows)
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"quasi_identifiers": ["aeg"]}, "there is no column 'aeg'"),
        ({"person": "who"}, "there is no column 'who'"),
        ({"times": ["t_min"]}, "there is no column 't_min'"),
        ({"aligned": clean(3)}, "the release has 4000 rows and the originals have 3"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(more: dict[str, Any], text: str) -> None:
    usual = {"quasi_identifiers": ["age"]}
    with pytest.raises(DataError, match=text):
        forgotten(clean(), **(usual | more))
