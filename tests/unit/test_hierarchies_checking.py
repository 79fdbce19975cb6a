"""What a check of a hierarchy finds, and that a folder is read whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.errors import ConfigError
from hsr_privacy.hierarchies.checking import check_hierarchy
from hsr_privacy.hierarchies.definition import Bands, Dates
from hsr_privacy.hierarchies.hierarchy import from_bands, from_dates, from_rows
from hsr_privacy.hierarchies.reading import load_written

HEAD: dict[str, Any] = {"name": "h", "label": {"nb": "x", "en": "x"}, "source": "test"}
ROWS: list[tuple[str, ...]] = [("1", "low", "*"), ("2", "low", "*"), ("3", "high", "*")]


def test_levels_are_counted_in_nodes_values_and_rows() -> None:
    found = check_hierarchy(from_rows("h", ROWS), {"1": 4, "3": 2})
    assert found.leaves == 3
    assert [(one.nodes, one.smallest, one.largest, one.fewest_rows) for one in found.levels] == [
        (3, 1, 1, 2),
        (2, 1, 2, 2),
        (1, 3, 3, 6),
    ]
    assert (found.faults, found.warnings, found.infos) == ((), (), ())


def test_values_without_a_place_are_counted_with_their_rows() -> None:
    found = check_hierarchy(from_rows("h", ROWS), {"1": 4, "canary": 2, "x": 3})
    assert (found.uncovered_values, found.uncovered_rows) == (2, 5)
    assert "canary" not in repr(found)


def test_a_level_that_merges_nothing_is_warned_of_and_so_is_one_that_merges_all() -> None:
    rows: list[tuple[str, ...]] = [("1", "a", "all", "*"), ("2", "b", "all", "*")]
    found = check_hierarchy(from_rows("h", rows, ("v", "same", "one", "*")))
    assert found.warnings == (
        "level 'same' merges nothing; take it out",
        "level 'one' has one node and tells no more than *; take it out",
    )


def test_an_uneven_level_is_told() -> None:
    rows: list[tuple[str, ...]] = [(str(n), "few" if n < 2 else "many", "*") for n in range(9)]
    found = check_hierarchy(from_rows("h", rows, ("v", "two", "*")))
    assert found.infos == ("level 'two' is uneven: its nodes hold from 2 to 7 values",)


def test_two_levels_of_one_name_are_a_fault() -> None:
    found = check_hierarchy(from_rows("h", ROWS, ("v", "v", "*")))
    assert found.faults == ("two levels are named 'v'; rename one",)


def test_bands_that_part_between_whole_numbers_are_a_fault_where_data_lie_there() -> None:
    levels = [{"name": "a", "width": 1}, {"name": "b", "width": 2}]
    bands = from_bands(
        Bands.model_validate(
            HEAD | {"kind": "bands", "min": 0, "max": 3, "unit": "", "levels": levels}
        )
    )
    assert check_hierarchy(bands, {"0.5": 1}).faults == ()


def test_a_rule_without_data_says_that_it_cannot_be_counted() -> None:
    dates = from_dates(Dates.model_validate(HEAD | {"kind": "dates", "levels": ["month"]}))
    assert check_hierarchy(dates).levels == ()
    assert "give data" in check_hierarchy(dates).infos[0]
    assert [one.nodes for one in check_hierarchy(dates, {"2021-03-01": 1}).levels] == [1, 1, 1]


YAML = """\
hierarchies:
  - {name: town, label: {nb: x, en: x}, source: t, kind: table, file: towns.csv, levels: [a, b]}
"""


def test_a_folder_holds_definitions_and_files_of_columns_but_not_their_tables_twice(
    tmp_path: Path,
) -> None:
    (tmp_path / "own.yaml").write_text(YAML)
    (tmp_path / "towns.csv").write_text("a;b\n1;x\n2;x\n")
    (tmp_path / "degree.csv").write_text("1;low;*\n")
    assert sorted(load_written(tmp_path)) == ["degree", "town"]
    assert list(load_written(tmp_path / "own.yaml")) == ["town"]
    assert list(load_written(tmp_path / "degree.csv")) == ["degree"]


def test_two_parents_are_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "degree.csv").write_text("1;low;a;*\n2;low;b;*\n")
    for path in (tmp_path, tmp_path / "degree.csv"):
        with pytest.raises(ConfigError) as caught:
            load_written(path)
        assert [(Path(f.file).name, f.line) for f in caught.value.faults] == [("degree.csv", 2)]


@pytest.mark.parametrize(
    ("name", "text"), [("nothing", "no such file or folder"), ("empty", "no hierarchies here")]
)
def test_a_path_without_hierarchies_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=text):
        load_written(tmp_path / name)
