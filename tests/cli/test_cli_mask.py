"""`hsr mask` as its users run it: each method, what it prints, and every refusal."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.cli.main import run

SEED = "918273645918273645"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table, a seed of one's own, and the canary that no message may show."""
    (tmp_path / "data.csv").write_text(
        "who;age;ph;town\n"
        "p1;41;7.10;Oslo\np2;95;7.21;Voss\np3;42;;Oslo\np4;97;7.39;Oslo\np5;;7.4;canary\n"
    )
    (tmp_path / "seed").write_text(SEED + "\n")
    (tmp_path / "seed").chmod(0o600)
    (tmp_path / "matrix.csv").write_text("0,1,0\n1,0,0\n0,0,1\n")
    (tmp_path / "wrong.csv").write_text("0,1,0\ncanary,0,0\n0,0,1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def masked(method: str, *options: str, data: str = "data.csv", out: str = "out.csv") -> list[str]:
    return ["mask", method, data, *options, "--out", out]


METHODS = {
    "microaggregate": ["--columns=age", "--size=2"],
    "round": ["--column=age", "--base=10"],
    "noise": ["--columns=age,ph", "--scale=2"],
    "pram": ["--column=town", "--stay=0.5"],
    "sample": ["--share=0.4"],
    "code": ["--column=age", "--top=90"],
}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_tells_what_it_did_and_that_it_is_no_k_anonymity(
    desk: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    before = everything(desk)
    assert run([*masked(method, *METHODS[method]), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["k_anonymity"] is None
    assert "looks at no equivalence class" in told["k_anonymity_reason"]
    assert {"method", "columns", "parameters", "counts", "information_lost"} < set(told)
    assert run(masked(method, *METHODS[method], out="again.csv")) == 0
    said = capsys.readouterr().out
    assert said.startswith("again.csv: ")
    assert "k-anonymity: none; masking works on values or rows" in said
    after = everything(desk)
    del after["out.csv"], after["again.csv"]
    assert after == before


def test_rows_keep_their_order_and_other_columns_their_text(desk: Path) -> None:
    assert run(masked("microaggregate", "--columns=age", "--size=2")) == 0
    before, after = read(desk / "data.csv"), read(desk / "out.csv")
    assert [row["age"] for row in after] == ["41.5", "96.0", "41.5", "96.0", ""]
    for name in ("who", "ph", "town"):
        assert [row[name] for row in after] == [row[name] for row in before]


def test_the_share_of_variance_lost_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*masked("microaggregate", "--columns=age", "--size=2"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    ages = [41, 95, 42, 97]
    variance = sum((age - sum(ages) / 4) ** 2 for age in ages)
    assert told["information_lost"] == pytest.approx((0.5 + 2) / variance)
    assert told["parameters"] == {"size": 2, "grouping": "optimal"}
    assert told["columns"] == ["age"]


@pytest.mark.parametrize(
    ("method", "options", "column", "values"),
    [
        ("round", ["--column=age", "--base=10"], "age", ["40", "100", "40", "100", ""]),
        ("round", ["--column=ph", "--base=0.1"], "ph", ["7.1", "7.2", "", "7.4", "7.4"]),
        ("code", ["--column=age", "--top=90"], "age", ["41", "90", "42", "90", ""]),
        ("code", ["--column=age", "--bottom=95", "--mean"], "age", ["59.333333333333336"]),
    ],
)
def test_numbers_are_read_from_text_and_written_back(
    desk: Path, method: str, options: list[str], column: str, values: list[str]
) -> None:
    assert run(masked(method, *options)) == 0
    assert [row[column] for row in read(desk / "out.csv")][: len(values)] == values


def test_a_seed_in_a_private_file_repeats_a_result_and_is_printed_nowhere(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for method in ("noise", "pram", "sample"):
        options = [*METHODS[method], "--seed-file=seed", "--json"]
        assert run(masked(method, *options)) == 0
        assert run(masked(method, *options, out="again.csv")) == 0
        assert (desk / "out.csv").read_bytes() == (desk / "again.csv").read_bytes()
        said = capsys.readouterr()
        assert SEED not in said.out + said.err
        assert run(masked(method, *METHODS[method], out="anew.csv")) == 0
    written = {name: held for name, held in everything(desk).items() if name != "seed"}
    assert written
    assert not any(SEED.encode() in held for held in written.values())


def test_categories_are_numbered_by_rank_unless_they_are_named(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*masked("pram", *METHODS["pram"]), "--json"]) == 0
    said = capsys.readouterr().out
    assert json.loads(said)["transition"]["categories"] == [1, 2, 3]
    assert "Oslo" not in said
    assert run([*masked("pram", *METHODS["pram"], "--categories=canary,Oslo,Voss"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["transition"]
    assert told["categories"] == ["canary", "Oslo", "Voss"]
    assert [sum(row) for row in told["matrix"]] == pytest.approx([1, 1, 1])


def test_a_matrix_from_a_file_is_followed(desk: Path) -> None:
    options = ["--matrix=matrix.csv", "--categories=Oslo,Voss,canary", "--one-stage"]
    assert run(masked("pram", "--column=town", *options)) == 0
    towns = [row["town"] for row in read(desk / "out.csv")]
    assert towns == ["Voss", "Oslo", "Voss", "Voss", "canary"]


def test_persons_are_drawn_with_all_their_rows(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*masked("sample", "--share=0.4", "--person=town"), "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)["counts"]
    rows = read(desk / "out.csv")
    assert (counts["persons in"], counts["persons kept"]) == (3, 1)
    assert counts["rows kept"] == len(rows) == {"Oslo": 3}.get(rows[0]["town"], 1)


def test_the_ending_says_how_the_result_is_written(desk: Path) -> None:
    pl.read_csv(desk / "data.csv", separator=";").write_parquet(desk / "data.parquet")
    options = ("--column=age", "--base=10")
    assert run(masked("round", *options, data="data.parquet", out="out.parquet")) == 0
    assert pl.read_parquet(desk / "out.parquet")["age"].to_list() == [40, 100, 40, 100, None]
    assert run(masked("round", *options, data="data.parquet", out="out.csv")) == 0
    assert [row["age"] for row in read(desk / "out.csv")] == ["40", "100", "40", "100", ""]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (masked("round", "--column=town", "--base=5"), 12, "'town': 5 row(s) hold no number"),
        (masked("round", "--column=agee", "--base=5"), 12, "did you mean 'age'?"),
        (masked("round", "--column=age", "--base=0"), 12, "base is 0; it must be a number above"),
        (masked("microaggregate", "--columns=age", "--size=1"), 2, "1 is not in the range x>=2"),
        (masked("microaggregate", "--columns=age", "--size=5"), 12, "fewer than 5 values"),
        (masked("microaggregate", "--columns=age,ph", "--size=3"), 12, "2 row(s) have a value in"),
        (masked("microaggregate", "--columns=,", "--size=3"), 12, "there is no column to mask"),
        (masked("noise", "--columns=age", "--scale=-1"), 12, "scale is -1"),
        (masked("noise", "--columns=age", "--scale=1", "--distribution=even"), 2, "'even'"),
        (masked("noise", "--columns=age", "--scale=1", "--seed-file=no"), 13, "no seed file at no"),
        (masked("noise", "--columns=age", "--scale=1", "--seed-file=open"), 14, "seed file open"),
        (masked("noise", "--columns=age", "--scale=1", "--seed-file=odd"), 12, "one whole number"),
        (masked("pram", "--column=town"), 12, "give a matrix, or the chance to stay"),
        (masked("pram", "--column=town", "--stay=1"), 2, "1.0 is not in the range 0<=x<1"),
        (masked("pram", "--column=town", "--matrix=matrix.csv"), 12, "needs the categories"),
        (
            masked("pram", "--column=town", "--matrix=wrong.csv", "--categories=a,b,c"),
            10,
            "wrong.csv:2: not all fields are numbers",
        ),
        (masked("pram", "--column=town", "--matrix=gone", "--categories=a,b"), 10, "gone: not"),
        (
            masked("pram", "--column=town", "--stay=0.5", "--categories=Oslo,Voss"),
            12,
            "1 row(s) hold a value that is not among the categories",
        ),
        (masked("sample", "--share=0"), 2, "0.0 is not in the range 0<x<=1"),
        (masked("sample", "--share=0.5", "--person=whom"), 12, "did you mean 'who'?"),
        (masked("code", "--column=age"), 12, "there is no bound"),
        (masked("code", "--column=age", "--top=95", "--mean"), 12, "fewer than 3 values"),
        (masked("round", "--column=age", "--base=5", out="data.csv"), 12, "data.csv is the input"),
        (masked("round", "--column=age", "--base=5", out="no/out.csv"), 12, "no such folder"),
        (masked("round", "--column=age", "--base=5", data="no.csv"), 12, "no.csv: no such file"),
    ],
)
def test_a_refusal_says_why_and_leaves_everything_as_it_was(
    desk: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    text: str,
) -> None:
    (desk / "odd").write_text("canary")
    (desk / "odd").chmod(0o600)
    (desk / "open").write_text("1")
    (desk / "open").chmod(0o644)
    before = everything(desk)
    assert run([*arguments, "--json"]) == code
    said = capsys.readouterr()
    assert text in said.err
    assert said.out == ""
    assert "canary" not in said.err
    assert "Traceback" not in said.err
    assert everything(desk) == before


def test_a_full_disk_leaves_no_file_behind(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = everything(desk)
    assert run(masked("round", "--column=age", "--base=5")) == 32
    assert "nothing was left behind" in capsys.readouterr().err
    assert everything(desk) == before
