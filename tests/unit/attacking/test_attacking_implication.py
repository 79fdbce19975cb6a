"""Suppressed cells that other columns of the release give away, and those that they do not."""

from __future__ import annotations

import json
import random
from typing import Any

import polars as pl
import pytest

from hsr_privacy.attacking import ImpliedCells, ImpliedColumn, guesses, implied_cells
from hsr_privacy.errors import DataError


def table(text: str) -> pl.DataFrame:
    """A release as its rows stand in a text, the first line naming the columns."""
    heading, *rows = [line.split() for line in text.strip().splitlines()]
    cells = [[None if cell == "-" else cell for cell in row] for row in rows]
    return pl.DataFrame(cells, schema=heading, orient="row")


def attacked(released: pl.DataFrame, *columns: str, **more: Any) -> ImpliedCells:
    return implied_cells(released, columns=columns or released.columns, suppressed="*", **more)


def only(found: ImpliedCells) -> ImpliedColumn:
    (column,) = found.columns
    return column


HOSPITALS = table("""
    town    hospital
    Bergen  Haukeland
    Bergen  Haukeland
    Bergen  Haukeland
    Oslo    Aker
    Oslo    Aker
    Oslo    Aker
    *       Haukeland
    *       Aker
""")

INDEPENDENT = table("""
    town    sex
    Bergen  F
    Bergen  M
    Bergen  F
    Oslo    M
    Oslo    F
    Oslo    M
    *       F
    *       M
""")


def test_a_suppressed_town_is_told_by_the_hospital_that_lies_in_it() -> None:
    town = only(attacked(HOSPITALS))
    assert (town.column, town.suppressed, town.implied) == ("town", 2, 2)
    (hospital,) = town.sources
    assert (hospital.columns, hospital.implied) == (("hospital",), 2)


def test_a_column_that_goes_with_no_other_gives_nothing_away() -> None:
    town = only(attacked(INDEPENDENT))
    assert (town.suppressed, town.implied) == (2, 0)


def test_what_the_other_columns_leave_open_is_told_in_bits() -> None:
    known = only(attacked(HOSPITALS))
    assert (known.entropy, known.sources[0].entropy) == (1.0, 0.0)
    # Three rows of each sex, of which two are from one town: log2(3) - 2/3 bits are open.
    open_ = only(attacked(INDEPENDENT))
    assert open_.entropy == 1.0
    assert open_.sources[0].entropy == pytest.approx(0.918295834)


def test_fewer_rows_than_the_support_tell_nothing() -> None:
    assert attacked(HOSPITALS, support=3).implied == 2
    assert attacked(HOSPITALS, support=4).implied == 0


def test_a_value_is_told_from_the_certainty_on_and_not_below() -> None:
    rows = [("Bergen", "Haukeland")] * 9 + [("Voss", "Haukeland"), ("*", "Haukeland")]
    released = pl.DataFrame(rows, schema=["town", "hospital"], orient="row")
    assert attacked(released, certainty=0.9).implied == 1
    assert attacked(released, certainty=0.91).implied == 0


def test_two_columns_together_tell_what_neither_tells_alone() -> None:
    rows = [(a, b, str((a != b) * 1)) for a in "xy" for b in "xy"] * 3
    released = pl.DataFrame([*rows, ("x", "y", "*")], schema=["a", "b", "c"], orient="row")
    column = only(attacked(released))
    implied = {source.columns: source.implied for source in column.sources}
    assert implied == {("a", "b"): 1, ("a",): 0, ("b",): 0}
    assert column.implied == 1


def test_all_other_columns_at_once_tell_what_no_two_of_them_do() -> None:
    rows = [(a, b, c, str((a, b, c).count("x") % 2)) for a in "xy" for b in "xy" for c in "xy"] * 3
    hidden = ("x", "y", "x", "*")
    released = pl.DataFrame([*rows, hidden], schema=list("abcd"), orient="row")
    assert only(attacked(released)).implied == 0
    column = only(attacked(released, all_at_once=True))
    assert [(one.columns, one.implied) for one in column.sources[:1]] == [(("a", "b", "c"), 1)]
    assert column.implied == 1


def test_it_is_told_of_each_source_how_often_it_is_right() -> None:
    released = HOSPITALS.with_columns(ward=pl.Series(list("rrrsssrr")))
    truth = released.with_columns(
        town=pl.Series([*["Bergen"] * 3, *["Oslo"] * 3, "Bergen", "Oslo"])
    )
    town = only(attacked(released, "town", others=["hospital", "ward"], originals=truth))
    right = {source.columns: source.right for source in town.sources}
    assert right == {("hospital",): 2, ("ward",): 1, ("hospital", "ward"): 1}
    assert town.right == 2
    assert town.largest_true_share == 0.5
    assert only(attacked(released, "town")).largest_true_share is None


def test_a_cell_that_two_sources_give_away_counts_once() -> None:
    released = HOSPITALS.with_columns(station=pl.col("hospital"))
    town = only(attacked(released))
    assert town.implied == 2
    assert [source.implied for source in town.sources] == [2, 2, 2]


def test_a_column_that_is_no_quasi_identifier_can_tell_too() -> None:
    released = HOSPITALS.rename({"hospital": "ward"})
    assert attacked(released, "town").implied == 0
    assert attacked(released, "town", others=["ward"]).implied == 2


def test_numbers_and_missing_values_of_other_columns_tell_as_values_do() -> None:
    released = pl.DataFrame(
        {"town": ["Oslo"] * 3 + ["Voss"] * 3 + ["*", "*"], "beds": [None] * 3 + [7] * 3 + [None, 7]}
    )
    assert attacked(released, "town", others=["beds"]).implied == 2


def test_a_missing_value_is_no_suppressed_cell_and_can_be_what_is_told() -> None:
    released = table("""
        town  hospital
        -     Aker
        -     Aker
        -     Aker
        Voss  Haukeland
        *     Aker
    """)
    town = only(attacked(released, originals=released.with_columns(town=pl.lit(None, pl.String))))
    assert (town.suppressed, town.implied, town.right) == (1, 1, 1)


def test_a_column_without_suppressed_cells_is_not_in_the_report() -> None:
    assert attacked(HOSPITALS.filter(pl.col("town") != "*")).columns == ()
    assert attacked(HOSPITALS.clear()).columns == ()


def test_a_column_that_is_suppressed_everywhere_teaches_nothing() -> None:
    town = only(attacked(HOSPITALS.with_columns(town=pl.lit("*"))))
    assert (town.suppressed, town.implied, town.entropy, town.largest_share) == (8, 0, 0.0, 0.0)


def test_where_the_rare_is_suppressed_the_attacker_is_misled() -> None:
    released = table("""
        country  sex
        NO       F
        NO       F
        NO       F
        *        F
        *        F
    """)
    originals = pl.DataFrame({"country": ["NO"] * 3 + ["SE", "NO"], "sex": ["F"] * 5})
    country = only(attacked(released, originals=originals))
    assert (country.implied, country.right) == (2, 1)
    assert country.largest_share == 1.0


@pytest.mark.parametrize("others", [["hospital", "ward"], ["ward", "hospital"]])
def test_among_several_sources_the_surest_is_believed(others: list[str]) -> None:
    rows = (
        [("Oslo", "Aker", "7")] * 19 + [("Voss", "Aker", "8")] + [("Voss", "Haukeland", "8")] * 19
    )
    rows += [("*", "Aker", "8")]
    released = pl.DataFrame(rows, schema=["town", "hospital", "ward"], orient="row")
    truth = released.with_columns(town=pl.lit("Voss"))
    town = only(attacked(released, "town", others=others, originals=truth))
    assert (town.implied, town.right) == (1, 1)


def test_a_cell_that_nothing_tells_is_not_guessed_right_though_its_value_is_nowhere_shown() -> None:
    town = only(attacked(INDEPENDENT, originals=INDEPENDENT.with_columns(town=pl.lit("Voss"))))
    assert (town.implied, town.right) == (0, 0)


def test_many_combinations_are_counted_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    rows = [[draw.choice("ab*") for _ in range(4)] for _ in range(300)]
    released = pl.DataFrame(rows, schema=list("abcd"), orient="row")
    expected = attacked(released, certainty=0.6)
    assert expected.implied > 0
    monkeypatch.setattr(guesses, "_DENSE", 0)
    assert attacked(released, certainty=0.6) == expected


def test_another_code_than_the_suppressed_one_is_a_value() -> None:
    assert implied_cells(HOSPITALS, columns=["town", "hospital"], suppressed="998").columns == ()
    coded = HOSPITALS.with_columns(pl.col("town").replace("*", "998"))
    found = implied_cells(coded, columns=["town", "hospital"], suppressed="998")
    assert found.implied == 2


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    released = HOSPITALS.with_columns(station=pl.col("hospital"), sex=pl.Series(list("FMFMFMFM")))
    expected = attacked(released)
    rows = released.rows()
    random.Random(1).shuffle(rows)
    mixed = pl.DataFrame(rows, schema=released.columns, orient="row")
    assert attacked(mixed) == expected
    turned = attacked(mixed.select(reversed(mixed.columns)))
    assert (turned.suppressed, turned.implied) == (expected.suppressed, expected.implied)


def test_the_result_is_numbers_and_names_of_columns_and_holds_no_cell() -> None:
    found = attacked(HOSPITALS, originals=HOSPITALS.with_columns(town=pl.lit("Voss")))
    told = json.dumps(found.to_json())
    assert json.loads(told)["implied"] == 2
    for cell in ("Bergen", "Oslo", "Haukeland", "Aker", "Voss"):
        assert cell not in told
        assert cell not in repr(found)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"others": ["ward"]}, "there is no column 'ward'"),
        ({"certainty": 0.0}, "certainty is 0.0"),
        ({"certainty": 1.1}, "certainty is 1.1"),
        ({"support": 0}, "support is 0"),
        ({"originals": HOSPITALS.head(3)}, "the release has 8 rows and the originals have 3"),
        ({"originals": HOSPITALS.drop("town")}, "there is no column 'town'"),
    ],
)
def test_what_cannot_be_asked_is_refused(more: dict[str, Any], text: str) -> None:
    with pytest.raises(DataError, match=text):
        attacked(HOSPITALS, **more)
