"""`hsr verify` as its users run it: what it prints, what it refuses, and what it never shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.cli.main import run

ROOT = Path(__file__).parents[2]
ADULT = ROOT / "examples" / "adult"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table of two classes: three rows of m, two of f; the canary stands in its cells."""
    (tmp_path / "data.csv").write_text(
        "who;sex;ill\np1;m-canary;x\np2;m-canary;y-canary\np2;m-canary;x\np3;f;x\np4;f;x\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_model_is_printed_and_every_demand_judged(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--sensitive", "ill", "--k", "2", "--l", "1", "--t", "0.5"]
    assert run(["verify", "data.csv", "-q", "sex", *arguments]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines() == [
        "data.csv: 5 row(s) in 2 class(es), k = 2",
        "  average class size: 2.5",
        "  largest risk: 0.5; average: 0.4",
        "ill:",
        "  distinct l: 1",
        "  entropy l: 1",
        "  recursive (c, 1): for every c above 1",
        "  t, equal distance: 0.2",
        "  t, ordered distance: 0.2",
        "  alpha: 1",
        "  beta, basic: 0.666667",
        # x has 4/5 of all rows, and all of f: a gain of 0.25, above -ln 4/5.
        "  beta, enhanced: 0.666667 (a value gains more than its bound: no beta is enough)",
        "  delta: infinite; 0.510826 over the values that occur; 1 class(es) lack a value",
        "  homogeneous classes: 1",
        "holds: k: wanted at least 2, found 2",
        "holds: l of 'ill': wanted at least 1, found 1",
        "holds: t of 'ill': wanted at most 0.5, found 0.2",
    ]


def test_what_does_not_hold_exits_with_23_and_says_how_many_fail(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["-q", "sex", "--sensitive", "ill", "--k", "3", "--l", "2", "--alpha", "1"]
    assert run(["verify", "data.csv", *arguments]) == 23
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        (
            "hsr: data.csv is not as claimed: 2 of 3 demand(s) do not hold over 2 class(es) with 5 "
            "row(s); do not pass it on as it is"
        ),
        "  k: wanted at least 3, found 2; 1 class(es) with 2 row(s) fail",
        "  l of 'ill': wanted at least 2, found 1; 1 class(es) with 2 row(s) fail",
    ]
    assert "DOES NOT HOLD: k: wanted at least 3" in said.out
    assert "holds: alpha of 'ill'" in said.out
    assert "canary" not in said.out + said.err


def test_machines_get_every_number_and_null_for_infinite(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["-q", "sex", "--person", "who", "--sensitive", "ill", "--delta", "3", "--l", "2"]
    assert run(["verify", "data.csv", *arguments, "--json"]) == 23
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["k"], told["rows"], told["classes"]) == (2, 5, 2)
    assert told["average_class_size"] == 2
    learned = told["sensitive"][0]
    assert (learned["column"], learned["distinct_l"], learned["l"]) == ("ill", 1, 2)
    assert learned["delta"] is None
    assert learned["c"] is None
    assert learned["lacking_classes"] == 1
    assert told["judgements"][1] == {
        "model": "delta",
        "column": "ill",
        "wanted": 3.0,
        "found": None,
        "holds": False,
        "failing_classes": 1,
        "failing_rows": 2,
    }
    assert "canary" not in said.out + said.err


def test_nothing_demanded_is_said(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "data.csv", "-q", "sex"]) == 0
    assert capsys.readouterr().out.endswith("nothing was demanded\n")


def test_wildcards_are_said_to_be_counted(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "t.csv").write_text("sex\tage\nm\t1\n?\t1\n")
    asked = ["-q", "sex,age", "--k", "2", "--suppressed", "?", "--delimiter", r"\t"]
    assert run(["verify", "t.csv", *asked]) == 23
    assert run(["verify", "t.csv", *asked, "--reading", "wildcard"]) == 0
    assert "k counts a suppressed cell as any value" in capsys.readouterr().out


def test_an_order_may_be_listed_or_natural(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{sex};{grade}\n" for sex, grade in ("m1", "m2", "f2", "f3"))
    (desk / "t.csv").write_text("sex;grade\n" + rows)
    asked = ["verify", "t.csv", "-q", "sex", "--sensitive", "grade", "--t", "0.25"]
    assert run([*asked, "--order", "grade"]) == 0
    assert run([*asked, "--order", "grade=1,2,3"]) == 0
    assert run([*asked[:-1], "0.2", "--order", "grade=2,1,3"]) == 0
    assert run([*asked[:-1], "0.2", "--order", "grade"]) == 23
    assert run([*asked[:-1], "0.2"]) == 23
    assert run([*asked, "--order", "grade=1,2"]) == 12
    assert "leaves out 1 of its 3 values" in capsys.readouterr().err


def test_what_anonymize_writes_is_as_it_says(desk: Path) -> None:
    keys = "sex,age,race"
    command = f"--hierarchies {ADULT}/hierarchies --k 5 --max-suppressed 0.01 --out out.csv"
    made = ["--quasi-identifiers", keys, *command.split(), "--sensitive", "occupation", "--l", "4"]
    assert run(["anonymize", str(ADULT / "adult.csv"), *made]) == 0
    demanded = ["--k", "5", "--sensitive", "occupation", "--l", "4", "--max-risk", "0.2"]
    assert run(["verify", "out.csv", "-q", keys, *demanded]) == 0
    assert run(["verify", str(ADULT / "adult.csv"), "-q", keys, *demanded]) == 23


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["-q", "sex", "--k", "0"], 2, "0 is not in the range x>=1"),
        (["-q", "sex", "--t", "1.1"], 2, "1.1 is not in the range 0<=x<=1"),
        (["-q", "sex", "--t", "nan", "--sensitive", "ill"], 12, "t is nan; it must be from 0 to 1"),
        (["-q", "sex", "--delimiter", ";;"], 2, "give one character"),
        (["-q", "sex", "--reading", "magic"], 2, "'magic' is not one of"),
        (["--k", "2"], 2, "Missing option '--quasi-identifiers'"),
        (["-q", ","], 12, "there is no quasi-identifier"),
        (["-q", "sexx"], 12, "no column 'sexx'; did you mean 'sex'?"),
        (["-q", "sex", "--sensitive", "il"], 12, "no column 'il'; did you mean 'ill'?"),
        (["-q", "sex", "--person", "whom"], 12, "no column 'whom'; did you mean 'who'?"),
        (["-q", "sex", "--l", "2"], 12, "no sensitive column is named"),
        (["-q", "sex", "--order", "ill=x"], 12, "an order for 'ill', which is not named sensitive"),
        (["-q", "sex,ill", "--delimiter", ","], 12, "no column 'sex'"),
    ],
)
def test_a_refusal_says_why_and_shows_no_cell(
    desk: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    text: str,
) -> None:
    assert run(["verify", "data.csv", *arguments]) == code
    said = capsys.readouterr()
    assert text in said.err
    assert said.out == ""
    assert "canary" not in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("none.csv", None, "none.csv: no such file"),
        ("t.csv", b"", "the file is empty"),
        ("t.csv", b"sex;ill\nm;canary\nm\n", "do not have the 2 field(s) of line 1 (line 3)"),
        ("t.csv", b"\x00\xff\x00canary", "not UTF-8"),
        ("t.parquet", b"canary", "not readable as Parquet"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_without_its_cells(
    desk: Path, capsys: pytest.CaptureFixture[str], name: str, content: Any, text: str
) -> None:
    if content is not None:
        (desk / name).write_bytes(content)
    assert run(["verify", name, "-q", "sex"]) == 12
    said = capsys.readouterr()
    assert text in said.err
    assert "canary" not in said.err + said.out


def test_an_empty_table_has_k_0_and_no_claim_holds_of_it(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pl.DataFrame({"sex": [], "ill": []}, schema={"sex": pl.String, "ill": pl.Int8}).write_parquet(
        desk / "t.parquet"
    )
    assert run(["verify", "t.parquet", "-q", "sex", "--sensitive", "ill"]) == 0
    assert "0 row(s) in 0 class(es), k = 0" in capsys.readouterr().out
    assert run(["verify", "t.parquet", "-q", "sex", "--k", "1"]) == 12
    assert "t.parquet has no rows" in capsys.readouterr().err
