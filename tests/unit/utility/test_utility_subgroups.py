"""Whom suppression falls on: shares, ratios, crossed groups, and no group that is a cell."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hsr_privacy.documents import Label
from hsr_privacy.estimates import wilson
from hsr_privacy.utility import Subgroup, Suppression
from hsr_privacy.utility.subgroups import Fate, suppression
from tests.unit.utility.tables import WORDS, drawn, table, told


def of(found: Suppression, column: str) -> dict[str, Subgroup]:
    return {one.labels[0].en: one for one in found.groups if one.columns == (column,)}


def removed(rows: pl.DataFrame, gone: pl.Expr) -> Suppression:
    """What is told where some rows are removed, by town and sex."""
    left = rows.filter(~gone)
    return told(left, rows, quasi_identifiers=["town", "sex"]).suppression


def people(*counts: tuple[str, str, int]) -> pl.DataFrame:
    """So many persons of each town and sex, with a running number ``n`` within them."""
    rows = [(town, sex, n) for town, sex, many in counts for n in range(many)]
    table_ = pl.DataFrame(rows, schema=["town", "sex", "n"], orient="row")
    return table_.with_columns(event=pl.int_range(pl.len()).cast(pl.String))


EVEN = (("a", "man", 100), ("a", "woman", 100), ("c", "man", 100), ("c", "woman", 100))


def test_the_share_of_a_group_and_its_ratio_are_as_by_hand() -> None:
    rows = people(*EVEN)
    gone = (pl.col("town") == "c") & (pl.col("n") < 20)
    found = removed(rows, gone)
    south = of(found, "town")["south"].rows
    assert found.rows == pytest.approx(40 / 400)
    assert south is not None
    assert south.share == pytest.approx(40 / 200)
    assert south.ratio == pytest.approx(2)
    assert (south.low, south.high) == pytest.approx(wilson(0.2, 200, level=0.99))
    assert south.ratio_low == pytest.approx(south.low / 0.1)
    assert south.differs == "more"
    north = of(found, "town")["north"].rows
    assert north is not None
    assert (north.share, north.differs) == (0, "less")


def test_a_group_is_told_in_a_sentence() -> None:
    rows = people(*EVEN)
    found = removed(rows, (pl.col("town") == "c") & (pl.col("n") < 20))
    assert of(found, "town")["south"].sentences == (
        Label(
            nb="south: 2,0 ganger så mange rader fjernet som ellers (20,0\u00a0% mot 10,0\u00a0%).",
            en="south: 2.0 times as many rows are removed as overall (20.0% against 10.0%).",
        ),
    )
    assert of(found, "town")["north"].sentences == ()


def test_rural_women_are_found_though_nobody_named_them() -> None:
    rows = people(*EVEN)
    gone = (pl.col("town") == "c") & (pl.col("sex") == "woman") & (pl.col("n") < 40)
    found = removed(rows, gone)
    (worst,) = found.crossed
    assert [one.en for one in worst.labels] == ["south", "woman"]
    assert worst.rows is not None
    assert worst.rows.ratio == pytest.approx(4)
    assert worst.of_all == 0.25


def test_what_one_column_explains_is_not_told_of_two() -> None:
    assert removed(people(*EVEN), (pl.col("town") == "c") & (pl.col("n") < 40)).crossed == ()


def test_what_chance_explains_is_not_told_of_two() -> None:
    hit = pl.when(pl.col("sex") == "woman").then(22).otherwise(18)
    assert removed(people(*EVEN), (pl.col("town") == "c") & (pl.col("n") < hit)).crossed == ()


@pytest.mark.parametrize(("rest", "told_"), [(3, 0), (5, 1), (0, 1)])
def test_two_are_not_told_where_the_rest_of_one_of_them_would_be_told_too(
    rest: int, told_: int
) -> None:
    """Of the south, forty women and a few men: the few are the south less its women."""
    hit = pl.when(pl.col("sex") == "woman").then(40).otherwise(rest)
    found = removed(people(*EVEN), (pl.col("town") == "c") & (pl.col("n") < hit))
    assert len(found.crossed) == told_


@pytest.mark.parametrize("few", [1, 4])
def test_what_fewer_than_five_persons_lost_is_not_told(few: int) -> None:
    rows = people(*EVEN)
    gone = ((pl.col("town") == "c") & (pl.col("sex") == "man") & (pl.col("n") < few)) | (
        (pl.col("town") == "a") & (pl.col("n") < 30)
    )
    found = of(removed(rows, gone), "town")
    assert found["south"].rows is None
    # the whole is told, so that the other group would tell it by subtraction
    assert found["north"].rows is None


def test_what_five_persons_lost_is_told() -> None:
    rows = people(*EVEN)
    gone = ((pl.col("town") == "c") & (pl.col("sex") == "man") & (pl.col("n") < 5)) | (
        (pl.col("town") == "a") & (pl.col("n") < 30)
    )
    assert of(removed(rows, gone), "town")["south"].rows is not None


def test_a_group_of_which_few_are_left_is_not_told() -> None:
    rows = people(*EVEN)
    gone = (pl.col("town") == "c") & (pl.col("n") < 98)
    assert of(removed(rows, gone), "town")["south"].rows is None


def test_a_group_of_few_persons_has_no_name() -> None:
    rows = people(*EVEN, ("d", "woman", 4))
    found = removed(rows, pl.col("n") > 98)
    assert set(of(found, "town")) == {"north", "south"}  # d is south
    rows = people(("a", "man", 50), ("a", "woman", 4))
    assert set(of(removed(rows, pl.col("n") > 40), "sex")) == {"man"}


def test_rows_of_one_person_are_one_person() -> None:
    rows = people(("a", "man", 60), ("c", "woman", 60)).with_columns(person=pl.lit("p"))
    left = rows.filter(pl.col("n") > 10)
    found = told(left, rows, quasi_identifiers=["town", "sex"], person="person").suppression
    assert found.groups == ()


def test_suppressed_cells_are_a_share_of_the_cells_of_released_rows() -> None:
    rows = people(*EVEN)
    hidden = pl.when((pl.col("town") == "c") & (pl.col("n") < 30)).then(pl.lit("998"))
    left = rows.with_columns(sex=hidden.otherwise(pl.col("sex")))
    found = told(left, rows, quasi_identifiers=["town", "sex"]).suppression
    assert found.cells == pytest.approx(60 / 800)
    south, north = (of(found, "town")[name].cells for name in ("south", "north"))
    assert south is not None
    assert north is not None
    assert south.share == pytest.approx(60 / 400)
    assert north.share == 0
    # groups are those of the originals, so that a suppressed sex still has one
    woman = of(found, "sex")["woman"].cells
    assert woman is not None
    assert woman.share == pytest.approx(30 / 400)


def test_without_originals_cells_are_told_and_rows_are_not() -> None:
    rows = people(*EVEN)
    hidden = pl.when((pl.col("town") == "c") & (pl.col("n") < 30)).then(pl.lit("998"))
    left = rows.with_columns(sex=hidden.otherwise(pl.col("sex")))
    found = told(left, None, quasi_identifiers=["town", "sex"]).suppression
    assert found.rows is None
    south = of(found, "town")["south"]
    assert south.rows is None
    assert south.cells is not None
    assert south.cells.share == pytest.approx(60 / 400)


def test_many_values_are_told_on_a_coarser_level() -> None:
    rows = drawn(400)
    found = told(rows.head(300), rows, quasi_identifiers=["age"]).suppression
    assert set(of(found, "age")) == {"20-29", "30-39", "40-49", "50-59"}


def test_missing_values_are_a_group() -> None:
    rows = people(*EVEN).with_columns(
        town=pl.when(pl.col("n") < 30).then(None).otherwise(pl.col("town"))
    )
    found = told(rows.filter(pl.col("n") >= 10), rows, quasi_identifiers=["town"]).suppression
    missing = of(found, "town")["missing"].rows
    assert missing is not None
    assert missing.share == pytest.approx(10 / 30)


def test_a_share_of_nothing_is_no_ratio() -> None:
    rows = table(people(*EVEN))
    fate = Fate(np.zeros(400, bool), np.zeros(400, np.int64), 2)
    found = suppression(rows, fate, columns=["town"], words=WORDS)
    assert found.groups[0].rows is not None
    assert found.groups[0].rows.ratio is None
    assert found.groups[0].rows.differs is None
