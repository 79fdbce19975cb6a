"""`hsr hierarchy` as its users run it: suggest, check, draw, and every refusal with its exit code."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.hierarchies import load_for_columns

ROOT = Path(__file__).parents[2]
ADULT = ROOT / "examples" / "adult" / "adult.csv"
COLUMNS = [
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
    "salary-class",
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table with a canary in it, and hierarchies for two of its columns."""
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "degree.csv").write_text("1;low;*\n2;low;*\n3;high;*\n")
    (tmp_path / "h" / "town.csv").write_text("Oslo;NO;*\nVoss;NO;*\nLund;SE;*\n")
    rows = "1;Oslo;2021-03-01;x\n" * 6 + "2;Voss;2021-04-01;x\n" * 6 + "3;Lund;;canary\n"
    (tmp_path / "data.csv").write_text("degree;town;day;ill\n" + rows)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def test_all_columns_of_adult_get_a_hierarchy_and_can_be_anonymized_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "h"
    for column in COLUMNS:
        assert run(["hierarchy", "suggest", str(ADULT), column, "--out", str(folder)]) == 0
    assert sorted(path.stem for path in folder.iterdir()) == sorted(COLUMNS)
    assert run(["hierarchy", "check", str(folder), "--data", str(ADULT)]) == 0
    capsys.readouterr()
    out = tmp_path / "adult-5.csv"
    asked = ["-q", ",".join(COLUMNS), "--hierarchies", str(folder), "--k", "5"]
    limit = ["--max-suppressed", "0.05", "--out", str(out), "--json"]
    assert run(["anonymize", str(ADULT), *asked, *limit]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["k"] >= 5
    # Those that people made for this table reach 0.2696; bare values and * only would reach 0.38.
    assert told["loss"] < 0.3
    sizes = pl.read_csv(out, separator=";", infer_schema=False).group_by(COLUMNS).len()
    assert sizes["len"].min() == told["k"]


def test_a_suggestion_is_printed_or_written_as_a_file_that_is_read_right_away(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hierarchy", "suggest", "data.csv", "day"]) == 0
    printed = capsys.readouterr().out
    assert run(["hierarchy", "suggest", "data.csv", "day", "--out", "own"]) == 0
    said = capsys.readouterr()
    assert (desk / "own" / "day.yaml").read_text() == printed
    assert said.out == "own/day.yaml: dates; levels: day, *\n"
    assert load_for_columns(desk / "own", ["day"])["day"].climb("2021-03-01") is not None


def test_rare_values_are_counted_in_a_warning_and_not_named_there(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hierarchy", "suggest", "data.csv", "ill", "--out", "own"]) == 0
    said = capsys.readouterr()
    assert "names 2 value(s) of the data, and 1 of them stand(s) in fewer than 5 rows" in said.err
    assert "canary" not in said.out + said.err
    assert "canary" in (desk / "own" / "ill.yaml").read_text()


def test_a_suggestion_for_machines_says_what_was_chosen(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hierarchy", "suggest", "data.csv", "degree", "--out", "own", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == "own/degree.yaml"
    assert (told["kind"], told["levels"][0], told["levels"][-1]) == ("bands", "value", "*")
    assert (told["named_values"], told["rare_values"], told["text"]) == (0, 0, None)


def test_parquet_is_read_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pl.DataFrame(
        {
            "age": [10.0, 20.0, None],
            "bmi": [20.5, float("nan"), 31.25],
            "day": [dt.date(2021, 3, 1), None, dt.date(2023, 1, 1)],
            "yes": [True, False, None],
            "list": [[1], [2], [3]],
        }
    ).write_parquet("data.parquet")
    for column, kind in {"age": "bands", "bmi": "bands", "day": "dates", "yes": "groups"}.items():
        assert run(["hierarchy", "suggest", "data.parquet", column, "--out", "own"]) == 0
        assert f"{column}.yaml: {kind};" in capsys.readouterr().out
    assert run(["hierarchy", "check", "own", "--data", "data.parquet"]) == 0
    assert run(["hierarchy", "suggest", "data.parquet", "list"]) == 12
    assert "holds neither text nor numbers nor dates" in capsys.readouterr().err


def test_a_check_counts_what_every_level_holds(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hierarchy", "check", "h", "--data", "data.csv", "--json"]) == 0
    degree, town = json.loads(capsys.readouterr().out)
    assert (degree["name"], town["name"]) == ("degree", "town")
    assert [level["nodes"] for level in degree["levels"]] == [3, 2, 1]
    assert [level["fewest_rows"] for level in degree["levels"]] == [1, 1, 13]
    assert run(["hierarchy", "check", "h/town.csv"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "town: OK, 3 values"


def test_a_level_that_merges_nothing_is_a_warning(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "h" / "town.csv").write_text("Oslo;a;*\nVoss;b;*\n")
    assert run(["hierarchy", "check", "h/town.csv"]) == 0
    assert "warning: level 'level 1' merges nothing" in capsys.readouterr().err


def test_a_picture_is_written_whole_and_is_well_formed(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "tree.svg").write_text("old")
    assert run(["hierarchy", "draw", "h", "town", "--out", "tree.svg"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("tree.svg: 3 levels over 3 values\n", "")
    assert ET.parse(desk / "tree.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    run(["hierarchy", "suggest", "data.csv", "day", "--out", "own"])
    asked = ["hierarchy", "draw", "own", "day", "--out", "day.svg"]
    assert run(asked) == 12
    assert not (desk / "day.svg").exists()
    assert run([*asked, "--data", "data.csv"]) == 0
    assert "2021-04-01" in (desk / "day.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ("suggest data.csv degre", 12, "no column 'degre'; did you mean 'degree'?"),
        ("suggest nothing.csv degree", 12, "nothing.csv: no such file"),
        ("suggest data.csv ill --kind dates", 12, "2 distinct value(s) in 13 row(s) are no dates"),
        ("suggest data.csv ill --kind trees", 2, "'trees' is not one of"),
        ("suggest data.csv ill --levels 0", 2, "0 is not in the range"),
        ("suggest data.csv ill --k 0", 2, "0 is not in the range"),
        ("suggest data.csv ill --delimiter ;;", 2, "give one character"),
        ("suggest data.csv degree --out h", 31, "has a hierarchy for this column already"),
        ("suggest data.csv ill --out no/where", 12, "no/where: no such folder to write in"),
        ("suggest data.csv ill --out data.csv", 12, "data.csv: no such folder to write in"),
        ("check nowhere", 10, "nowhere: no such file or folder of hierarchies"),
        ("check h --column towm", 10, "no hierarchy 'towm'; did you mean 'town'?"),
        ("check bad --data data.csv", 10, "'low' has another parent on line 1"),
        ("check short --data data.csv", 12, "column 'ill': 1 distinct value(s) in 1 row(s)"),
        ("check twice", 10, "two levels are named 'a'; rename one"),
        ("check h/town.csv --data data.csv --column town --delimiter ,", 12, "no column 'town'"),
        ("draw h town --out tree.png", 12, "tree.png does not end in .svg"),
        ("draw h town --out no/tree.svg", 12, "no: no such folder to write in"),
        ("draw h ill --out tree.svg", 10, "h has no hierarchy 'ill'"),
        ("draw short ill --data data.csv --out tree.svg", 12, "1 distinct value(s) are not in"),
    ],
)
def test_a_refusal_says_why_and_leaves_everything_as_it_was(
    desk: Path, capsys: pytest.CaptureFixture[str], arguments: str, code: int, text: str
) -> None:
    for name in ("bad", "short", "twice"):
        (desk / name).mkdir()
    (desk / "bad" / "degree.csv").write_text("1;low;a;*\n2;low;b;*\n")
    (desk / "short" / "ill.csv").write_text("x;*\n")
    (desk / "twice" / "own.yaml").write_text(
        "hierarchies:\n- {name: ill, label: {nb: x, en: x}, source: x, kind: groups, levels: "
        "[{name: a, groups: {x: [x, y]}}, {name: a, groups: {z: [x, y]}}]}\n"
    )
    before = everything(desk)
    assert run(["hierarchy", *arguments.split()]) == code
    said = capsys.readouterr()
    assert text in said.err
    assert said.out == ""
    assert "canary" not in said.err
    assert everything(desk) == before


def test_a_column_that_another_file_defines_is_not_defined_twice(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hierarchy", "suggest", "data.csv", "day", "--out", "own"]) == 0
    (desk / "own" / "day.yaml").rename(desk / "own" / "all.yaml")
    assert run(["hierarchy", "suggest", "data.csv", "day", "--out", "own"]) == 31
    assert "(another file)" in capsys.readouterr().err
    assert [path.name for path in (desk / "own").iterdir()] == ["all.yaml"]


def test_a_folder_made_for_a_file_goes_again_if_it_cannot_be_written(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_path: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert run(["hierarchy", "suggest", "data.csv", "day", "--out", "own"]) == 32
    assert "No space left on device" in capsys.readouterr().err
    assert not (desk / "own").exists()


def test_the_definition_in_the_guide_is_one_that_is_read(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "how-to" / "make-a-hierarchy.md").read_text(encoding="utf-8")
    start = page.index("```yaml\n") + len("```yaml\n")
    (desk / "grade.yaml").write_text(page[start : page.index("```", start)], encoding="utf-8")
    assert run(["hierarchy", "check", "grade.yaml", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [level["nodes"] for level in told["levels"]] == [10, 3, 1]
