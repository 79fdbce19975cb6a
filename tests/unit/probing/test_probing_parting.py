"""Who is held out, who is asked about, and that the two can be compared."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hsr_privacy.probing.parting import Parts, parted, smallest_class


def table(text: str) -> pl.DataFrame:
    heading, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.split("\n") if line.strip()
    ]
    return pl.DataFrame(rows, schema=heading, orient="row")


ROWS = table("""
    sex | person | control
    F   | a      | no
    F   | b      | no
    F   | c      | no
    F   | d      | yes
    M   | e      | no
    M   | f      | yes
    M   | g      | yes
""")


def parts(rows: pl.DataFrame, least: int) -> Parts:
    return parted(rows.select("sex"), rows["control"] == "yes", least=least)


def names(rows: pl.DataFrame, chosen: pl.Series) -> list[str]:
    return sorted(rows["person"].gather(chosen).to_list())


def test_the_smallest_class_is_counted_in_persons_and_not_in_rows() -> None:
    assert smallest_class(ROWS.select("sex"), ROWS["person"]) == 3
    again = pl.concat([ROWS, ROWS.filter(pl.col("sex") == "M")])
    assert smallest_class(again.select("sex"), again["person"]) == 3


def test_a_missing_value_makes_a_class_of_its_own() -> None:
    rows = ROWS.with_columns(sex=pl.when(pl.col("person") != "a").then(pl.col("sex")))
    assert smallest_class(rows.select("sex"), rows["person"]) == 1
    found = parts(rows, 1)
    assert names(rows, found.members) == ["a", "b", "c", "e"]


def test_where_nobody_needs_others_everybody_is_asked() -> None:
    found = parts(ROWS, 1)
    assert names(ROWS, found.members) == ["a", "b", "c", "e"]
    assert names(ROWS, found.control) == ["d", "f", "g"]
    assert found.left_out == 0


def test_a_class_that_became_too_small_is_neither_attacked_nor_asked_about() -> None:
    found = parts(ROWS, 3)  # three women stayed, and one man: each needs two others
    assert names(ROWS, found.members) == ["a", "b", "c"]
    assert names(ROWS, found.control) == ["d"]
    assert found.left_out == 3


@pytest.mark.parametrize("least", [1, 2, 3, 5])
def test_whether_a_person_is_asked_about_does_not_depend_on_being_held_out(least: int) -> None:
    random = np.random.default_rng(least)
    classes = pl.DataFrame({"class": random.integers(0, 12, 60)})
    flags = random.random(60) < 0.4
    for one in range(60):
        asked = []
        for held_out in (True, False):
            flags[one] = held_out
            found = parted(classes, pl.Series(flags), least=least)
            asked.append(one in (found.control if held_out else found.members).to_list())
        assert asked[0] is asked[1]


@pytest.mark.parametrize("least", [2, 3, 5])
def test_what_is_attacked_has_no_smaller_class_than_it_may(least: int) -> None:
    random = np.random.default_rng(least)
    classes = pl.DataFrame({"class": random.integers(0, 40, 200)})
    control = pl.Series(random.random(200) < 0.5)
    found = parted(classes, control, least=least)
    sizes = classes[found.members].group_by("class").len()["len"]
    assert len(found.members) > 0
    assert (sizes >= least).all()
