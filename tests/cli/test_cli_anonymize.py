"""`hsr anonymize` as its users run it: the known optima, and every refusal with its exit code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from hsr_privacy.cli.main import root, run

ROOT = Path(__file__).parents[2]
ADULT = ROOT / "examples" / "adult"
HSR = Path(sys.executable).with_name("hsr")
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
KEYS = {
    *("levels", "loss", "suppressed_rows", "classes", "k"),
    *("granularity", "bound", "gap", "suppressed_cells", "nodes_checked", "seconds"),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table, its hierarchies, and the canary that no message may show."""
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "degree.csv").write_text("1;low;*\n2;low;*\n3;high;*\n")
    (tmp_path / "h" / "town.csv").write_text("Oslo;NO;*\nVoss;NO;*\nLund;SE;*\n")
    (tmp_path / "data.csv").write_text(
        "who;degree;town;ill\n"
        "p1;1;Oslo;x\np2;1;Oslo;y\np3;2;Voss;x\np4;2;Voss;y\np5;3;Lund;canary\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def arguments(**changes: str | None) -> list[str]:
    asked: dict[str, str | None] = {
        "data": "data.csv",
        "quasi-identifiers": "degree,town",
        "hierarchies": "h",
        "k": "2",
        "max-suppressed": "0.2",
        "out": "out.csv",
    }
    given = asked | {name.replace("_", "-"): value for name, value in changes.items()}
    options = [f"--{name}={value}" for name, value in given.items() if name != "data" and value]
    return ["anonymize", str(given["data"]), *options]


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def read(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def plain_loss(rows: list[dict[str, str]], before: int, levels: dict[str, int]) -> float:
    """The loss as its definition says, from the released rows and the hierarchy files alone."""
    losses = []
    for column, level in levels.items():
        with (ADULT / "hierarchies" / f"{column}.csv").open(encoding="utf-8") as file:
            leaves = list(csv.reader(file, delimiter=";"))
        covers = Counter(leaf[level] for leaf in leaves)
        shares = sum(covers[row[column]] / len(leaves) for row in rows) + (before - len(rows))
        least = before / len(leaves)
        losses.append((shares - least) / (before - least))
    return sum(losses) / len(losses)


@pytest.mark.parametrize(
    ("max_suppressed", "levels", "loss", "suppressed"),
    [
        ("0", (0, 4, 1, 1, 3, 2, 2, 1, 0), 0.635543846689, 0),
        ("0.02", (0, 3, 0, 2, 2, 1, 1, 2, 0), 0.357482489867, 506),
        ("0.05", (0, 3, 0, 0, 2, 1, 1, 2, 0), 0.269634662756, 1_346),
        ("1", (0, 3, 0, 0, 2, 1, 1, 1, 0), 0.227700323189, 2_553),
    ],
)
def test_the_known_optima_of_adult_are_found_and_told(
    tmp_path: Path, max_suppressed: str, levels: tuple[int, ...], loss: float, suppressed: int
) -> None:
    out = tmp_path / "adult-5.csv"
    asked = arguments(
        data=str(ADULT / "adult.csv"),
        quasi_identifiers=",".join(COLUMNS),
        hierarchies=str(ADULT / "hierarchies"),
        k="5",
        max_suppressed=max_suppressed,
        out=str(out),
    )
    done = CliRunner().invoke(root, [*asked, "--json"])
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert set(told) == KEYS
    assert tuple(told["levels"].items()) == tuple(zip(COLUMNS, levels, strict=True))
    assert told["loss"] == pytest.approx(loss, abs=1e-9)
    assert told["suppressed_rows"] == suppressed

    rows = read(out)
    assert len(rows) == 30_162 - suppressed
    sizes = Counter(tuple(row[name] for name in COLUMNS) for row in rows)
    assert (told["k"], told["classes"]) == (min(sizes.values()), len(sizes))
    assert told["k"] >= 5
    assert (told["bound"], told["gap"]) == (told["loss"], 0)
    assert told["granularity"] == pytest.approx(1 - told["loss"])
    assert told["suppressed_cells"] == 0
    assert 0 < told["nodes_checked"] < 12_960
    assert told["loss"] == pytest.approx(plain_loss(rows, 30_162, told["levels"]), abs=1e-12)


def test_the_command_of_the_readme_runs_and_reads_well(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    start = text.index("hsr anonymize examples/adult")
    command = text[start : text.index("```", start)].replace("\\\n", " ").split()
    where = command.index("--out") + 1
    out = tmp_path / command[where]
    command[where] = str(out)
    done = subprocess.run(
        [HSR, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    columns = command[command.index("--quasi-identifiers") + 1].split(",")
    sizes = Counter(tuple(row[name] for name in columns) for row in read(out))
    first, second, *levels = done.stdout.splitlines()
    shown = f"{sum(sizes.values())} rows in {len(sizes)} classes, k = {min(sizes.values())}"
    assert first == f"{out}: {shown}"
    assert second.startswith(f"removed: {30_162 - sum(sizes.values())} rows; loss 0.")
    assert [line.split(":")[0].strip() for line in levels] == columns
    assert list(tmp_path.iterdir()) == [out]


def test_what_is_asked_is_done_and_nothing_else_is_touched(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(desk)
    assert run([*arguments(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    # Lund's only row is removed: 4 of 5 rows keep their town and degree, a third of each hierarchy.
    assert told["levels"] == {"degree": 0, "town": 0}
    assert told["loss"] == pytest.approx((4 / 3 + 1 - 5 / 3) / (5 - 5 / 3))
    assert (told["suppressed_rows"], told["classes"], told["k"]) == (1, 2, 2)
    after = everything(desk)
    assert after.pop("out.csv") == (
        b"who;degree;town;ill\np1;1;Oslo;x\np2;1;Oslo;y\np3;2;Voss;x\np4;2;Voss;y\n"
    )
    assert after == before


def test_every_class_is_diverse_where_that_is_asked(desk: Path) -> None:
    assert run(arguments(sensitive="ill", l="2")) == 0
    classes: dict[tuple[str, str], set[str]] = {}
    for row in read(desk / "out.csv"):
        classes.setdefault((row["degree"], row["town"]), set()).add(row["ill"])
    assert classes
    assert all(len(values) >= 2 for values in classes.values())


def test_persons_are_counted_where_a_column_tells_them_apart(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = desk / "data.csv"
    data.write_text(data.read_text().replace("p2", "p1"))
    assert run([*arguments(person="who", max_suppressed="0"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    persons: dict[tuple[str, str], set[str]] = {}
    for row in read(desk / "out.csv"):
        persons.setdefault((row["degree"], row["town"]), set()).add(row["who"])
    assert told["k"] == min(map(len, persons.values())) >= 2
    assert told["suppressed_rows"] == 0


def test_the_ending_says_how_the_result_is_written(desk: Path) -> None:
    pl.read_csv(desk / "data.csv", separator=";").write_parquet(desk / "data.parquet")
    assert run(arguments(data="data.parquet", out="out.parquet")) == 0
    assert pl.read_parquet(desk / "out.parquet")["degree"].to_list() == [1, 1, 2, 2]
    assert run(arguments(data="data.parquet", out="out.csv")) == 0
    assert read(desk / "out.csv") == read(desk / "data.csv")[:4]
    text = (desk / "data.csv").read_text().replace(";", "\t")
    (desk / "tabs.csv").write_text(text)
    assert run(arguments(data="tabs.csv", out="tabs-2.csv", delimiter=r"\t")) == 0
    assert read(desk / "tabs-2.csv", "\t") == read(desk / "data.csv")[:4]


def test_an_older_result_is_replaced_whole(desk: Path) -> None:
    (desk / "out.csv").write_text("old")
    assert run(arguments()) == 0
    assert len(read(desk / "out.csv")) == 4


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"k": "0"}, 2, "0 is not in the range x>=1"),
        ({"k": "two"}, 2, "'two' is not a valid integer"),
        ({"max_suppressed": "1.1"}, 2, "1.1 is not in the range 0<=x<=1"),
        ({"max_suppressed": "-0.1"}, 2, "-0.1 is not in the range 0<=x<=1"),
        ({"max_suppressed": "nan"}, 12, "max_suppressed is nan; it is a share of rows"),
        ({"l": "0"}, 2, "0 is not in the range x>=1"),
        ({"delimiter": ";;"}, 2, "give one character"),
        ({"out": None}, 2, "Missing option '--out'"),
        ({"hierarchies": "nowhere"}, 10, "nowhere: no such folder of hierarchies"),
        ({"quasi_identifiers": "degree,ill"}, 10, "ill.csv: ill: no hierarchy; add this file"),
        ({"quasi_identifiers": "degre"}, 12, "no column 'degre'; did you mean 'degree'?"),
        ({"quasi_identifiers": ","}, 12, "there is no quasi-identifier"),
        ({"person": "whom"}, 12, "no column 'whom'; did you mean 'who'?"),
        ({"sensitive": "illness", "l": "2"}, 12, "no column 'illness'"),
        ({"sensitive": "ill"}, 12, "a sensitive column and l belong together"),
        ({"sensitive": "town", "l": "2"}, 12, "both a quasi-identifier and sensitive"),
        ({"sensitive": "ill", "l": "4"}, 12, "column 'ill' has only 3 distinct value(s)"),
        ({"k": "6"}, 12, "the table has only 5 person(s)"),
        ({"data": "nothing.csv"}, 12, "nothing.csv: no such file"),
        ({"out": "data.csv"}, 12, "data.csv is the input"),
        ({"out": "./h/../data.csv"}, 12, "is the input"),
        ({"out": "h/town.csv"}, 12, "lies among the hierarchies"),
        ({"out": "nowhere/out.csv"}, 12, "nowhere: no such folder to write in"),
        ({"out": "h"}, 32, "could not be written: Is a directory"),
    ],
)
def test_a_refusal_says_why_and_leaves_everything_as_it_was(
    desk: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    code: int,
    text: str,
) -> None:
    before = everything(desk)
    assert run([*arguments(**changes), "--json"]) == code
    said = capsys.readouterr()
    assert text in said.err
    assert said.out == ""
    assert "canary" not in said.err
    assert "Traceback" not in said.err
    assert everything(desk) == before


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "the file is empty"),
        (b"degree;town\n1;Oslo\n1;Oslo;canary\n", "do not have the 2 fields of line 1 (line 3)"),
        ("degree;town\n1;Troms\xf8 canary\n".encode("latin-1"), "not UTF-8; save it as UTF-8"),
        (b"degree;degree;town\n1;1;Oslo\n", "column 'degree' stands twice"),
        (b"degree;town\n1;canary\n2;canary\n", "column 'town': 1 distinct value(s) in 2 row(s)"),
        (b"\x00\xff\x00canary", "not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_without_its_cells(
    desk: Path, capsys: pytest.CaptureFixture[str], content: bytes, text: str
) -> None:
    (desk / "data.csv").write_bytes(content)
    before = everything(desk)
    assert run(arguments(k="1")) == 12
    said = capsys.readouterr()
    assert text in said.err
    assert "canary" not in said.err + said.out
    assert everything(desk) == before


def test_a_hierarchy_with_a_fault_is_told_by_line(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "h" / "town.csv").write_text("Oslo;NO;*\nVoss;NO;*\nOslo;SE;*\n")
    before = everything(desk)
    assert run(arguments()) == 10
    assert "town.csv:3: the value stands on line 1 too" in capsys.readouterr().err
    assert everything(desk) == before


def test_the_order_of_the_rows_tells_nothing_and_the_same_table_gives_the_same_file(
    desk: Path,
) -> None:
    heading, *rows = (desk / "data.csv").read_text().splitlines(keepends=True)
    (desk / "mixed.csv").write_text(heading + "".join(reversed(rows)))
    assert run(arguments()) == 0
    assert run(arguments(data="mixed.csv", out="mixed-2.csv")) == 0
    assert (desk / "out.csv").read_bytes() == (desk / "mixed-2.csv").read_bytes()


def test_a_full_disk_leaves_no_file_behind(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (desk / "out.csv").write_text("old")
    before = everything(desk)
    assert run(arguments()) == 32
    assert "No space left on device; nothing was left behind" in capsys.readouterr().err
    assert everything(desk) == before
