"""Losses by hand, and equal to what the engine that made the release says of them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

import hsr_privacy as hsr
from hsr_privacy.utility import worth
from hsr_privacy.utility.losses import losses
from tests.unit.utility.tables import frame, table, told

BEFORE = frame(
    """
    event | town | sex
    1     | a    | man
    2     | a    | man
    3     | b    | woman
    4     | c    | woman
    5     | d    | woman
    """
)
RELEASED = frame(
    """
    event | town  | sex
    1     | north | man
    2     | north | man
    3     | north | 998
    4     | south | woman
    """
)
LEVELS = {"town": 1, "sex": 0}


def test_losses_are_as_by_hand() -> None:
    found = told(RELEASED, BEFORE, levels=LEVELS).losses
    town, sex = found.columns
    # each released town covers two of four towns: one besides one, of three; the fifth row lost all
    assert town.loss == pytest.approx((4 * 1 / 3 + 1) / 5)
    assert town.intensity == pytest.approx((4 * 1 / 2 + 1) / 5)
    assert sex.loss == sex.intensity == pytest.approx((1 + 1) / 5)
    assert found.loss == pytest.approx((town.loss + sex.loss) / 2)
    assert found.granularity == 1 - found.loss
    assert (town.level_name, town.levels) == ("part", 3)
    assert (town.suppressed_cells, sex.suppressed_cells) == (0, 1 / 4)


def test_discernibility_and_class_size_are_as_by_hand() -> None:
    found = told(RELEASED, BEFORE, levels=LEVELS).losses
    assert found.classes == 3
    assert found.discernibility == 2**2 + 1 + 1 + 5 * 1
    assert found.discernibility_share == pytest.approx(11 / 25)
    assert found.class_size == pytest.approx(5 / (3 + 1))
    assert found.suppressed_rows == pytest.approx(1 / 5)
    assert found.suppressed_cells == pytest.approx(1 / 8)


def test_entropy_is_what_a_guess_still_has_to_ask_for() -> None:
    found = told(RELEASED, BEFORE, levels=LEVELS).losses
    town, sex = found.columns
    a, one = math.log2(5 / 2), math.log2(5)
    town_bits = 2 * a + 3 * one
    # north is three of five rows and south two; the removed row is asked for in full
    town_left = 2 * math.log2(3 / 2) + math.log2(3) + math.log2(2) + one
    man, woman = math.log2(5 / 2), math.log2(5 / 3)
    assert town.entropy == pytest.approx(town_left / town_bits)
    assert sex.entropy == pytest.approx(2 * woman / (2 * man + 3 * woman))
    bits = town_bits + 2 * man + 3 * woman
    assert found.entropy == pytest.approx((town_left + 2 * woman) / bits)


def test_without_originals_what_needs_them_is_none() -> None:
    found = told(RELEASED, None, levels=LEVELS).losses
    assert found.entropy is None
    assert found.suppressed_rows is None
    assert found.columns[0].loss == pytest.approx(1 / 3)


def test_a_column_of_stars_is_generalized_and_not_suppressed() -> None:
    stars = RELEASED.with_columns(town=pl.lit("*"))
    found = losses(
        table(stars, {"town": 2}, "*"), table(BEFORE), quasi_identifiers=["town"]
    ).columns[0]
    assert found.suppressed_cells == 0
    assert found.loss == found.intensity == found.entropy == pytest.approx(1)


def test_cells_on_finer_levels_lose_less() -> None:
    mixed = RELEASED.with_columns(town=pl.Series(["a", "north", "b", "*"]))
    found = losses(table(mixed, {"town": 1}, "998"), None, quasi_identifiers=["town"]).columns[0]
    assert found.loss == pytest.approx((0 + 1 / 3 + 0 + 1) / 4)


@pytest.mark.parametrize("method", ["full-domain", "joint"])
def test_the_loss_is_the_engines_own(method: Literal["full-domain", "joint"]) -> None:
    """Adult at k = 5: measured on the written table as the search reckoned it."""
    columns = ["sex", "age", "race", "marital-status"]
    adult = pl.read_csv(
        Path("examples/adult/adult.csv"), separator=";", infer_schema=False, n_rows=6000
    ).with_row_index("row")
    trees = hsr.load_for_columns(Path("examples/adult/hierarchies"), columns)
    done = hsr.anonymize(
        adult,
        quasi_identifiers=columns,
        hierarchies=trees,
        k=5,
        max_suppressed=0.05,
        method=method,
        suppressed="998",
    )
    found = worth(
        done.data,
        adult,
        quasi_identifiers=columns,
        hierarchies=trees,
        levels=done.solution.levels,
        suppressed="998",
        event="row",
    )
    assert found.losses.loss == pytest.approx(done.solution.loss, rel=1e-9)
    assert found.losses.suppressed_rows == pytest.approx(
        (adult.height - done.data.height) / adult.height
    )
    assert found.losses.classes == done.solution.classes
