"""A release and its originals in one coding."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.probing.coding import CODES, in_one_coding
from hsr_privacy.probing.scene import MISSING, STATE, THERE, filled
from tests.unit.probing.people import hierarchies


def coded(
    released: pl.DataFrame, originals: pl.DataFrame, folder: Path
) -> tuple[pl.DataFrame, pl.DataFrame]:
    return in_one_coding(
        released,
        originals,
        originals.columns,
        hierarchies=hierarchies(folder),
        levels={"age": 1, "town": 0},
        suppressed="998",
    )


def test_an_original_is_brought_to_the_level_of_the_release(tmp_path: Path) -> None:
    told, true = coded(
        pl.DataFrame({"age": ["60-69", "998"]}), pl.DataFrame({"age": [67, 31]}), tmp_path
    )
    assert told["age"].to_list() == ["60-69", "998"]
    assert true["age"].to_list() == ["60-69", "30-39"]


def test_a_value_without_a_place_in_its_hierarchy_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1 distinct value") as refused:
        coded(pl.DataFrame({"age": ["60-69"]}), pl.DataFrame({"age": [104]}), tmp_path)
    assert "104" not in str(refused.value)


def test_measurements_stay_numbers_and_a_suppressed_one_gets_a_code(tmp_path: Path) -> None:
    released = pl.DataFrame({"minutes": [*map(str, range(20)), "998", None]})
    originals = pl.DataFrame({"minutes": [*range(20), 20, None]})
    told, true = coded(released, originals, tmp_path)
    assert told["minutes"].to_list() == [*map(float, range(20)), None, None]
    assert told["minutes" + CODES].to_list() == [*[None] * 20, "998", None]
    assert true["minutes"].to_list() == [*map(float, range(21)), None]


def test_few_numbers_are_codes_and_read_alike_whole_or_not(tmp_path: Path) -> None:
    released = pl.DataFrame({"sex": ["1", "2", "998"]})
    originals = pl.DataFrame({"sex": [1.0, 2.0, 2.0]})
    told, true = coded(released, originals, tmp_path)
    assert told["sex"].to_list() == ["1", "2", "998"]
    assert true["sex"].to_list() == ["1", "2", "2"]


def test_a_gap_becomes_a_category_or_a_number_with_a_state() -> None:
    first = pl.DataFrame({"sex": ["F", None], "ph": [7.0, 7.2], "ph" + CODES: [None, None]})
    second = pl.DataFrame({"sex": ["M", "M"], "ph": [None, None], "ph" + CODES: ["998", None]})
    first, second = (t.cast({"ph": pl.Float64, "ph" + CODES: pl.String}) for t in (first, second))
    one, other = filled([first, second], codes=CODES)
    assert one.columns == other.columns == ["sex", "ph", "ph" + STATE]
    assert one["sex"].to_list() == ["F", MISSING]
    assert other["ph"].to_list() == [pytest.approx(7.1)] * 2
    assert one["ph" + STATE].to_list() == [THERE, THERE]
    assert other["ph" + STATE].to_list() == ["998", MISSING]
