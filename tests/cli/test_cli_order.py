"""The order of the rows that `hsr anonymize` writes tells nothing, whatever order they came in."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.anonymity import anonymize
from hsr_privacy.attacking import order
from hsr_privacy.cli.main import run
from hsr_privacy.hierarchies import load_for_columns

ROWS = 2_000


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register that was filled year by year, and the hierarchies of its quasi-identifiers."""
    (tmp_path / "h").mkdir()
    years = "".join(f"{year};{year // 10 * 10}s;*\n" for year in range(1980, 2020))
    (tmp_path / "h" / "year.csv").write_text(years)
    (tmp_path / "h" / "town.csv").write_text("Oslo;NO;*\nVoss;NO;*\nLund;SE;*\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def register() -> pl.DataFrame:
    draw = random.Random(1)
    return pl.DataFrame(
        {
            "year": [str(1980 + n * 40 // ROWS) for n in range(ROWS)],
            "town": draw.choices(["Oslo", "Voss", "Lund"], [6, 3, 1], k=ROWS),
            "outcome": draw.choices(["alive", "dead"], [1, 9], k=ROWS),
        }
    )


def anonymized(table: pl.DataFrame, *, data: str, out: str) -> bytes:
    """The bytes that the command writes for rows in this order."""
    table.write_parquet(data) if data.endswith("parquet") else table.write_csv(data, separator=";")
    asked = ["-q", "year,town", "--hierarchies", "h", "--k", "30", "--max-suppressed", "0.05"]
    assert run(["anonymize", data, *asked, "--out", out]) == 0
    return Path(out).read_bytes()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_shuffled_input_gives_the_same_bytes(ending: str) -> None:
    table = register()
    expected = anonymized(table, data=f"data.{ending}", out=f"out.{ending}")
    for seed in range(3):
        mixed = table.sample(fraction=1, shuffle=True, seed=seed)
        assert not mixed.equals(table)
        assert anonymized(mixed, data=f"mixed.{ending}", out=f"mixed-2.{ending}") == expected


@pytest.mark.usefixtures("desk")
def test_the_written_rows_stand_in_an_order_that_they_say_themselves() -> None:
    anonymized(register(), data="data.parquet", out="out.parquet")
    released = pl.read_parquet("out.parquet")
    assert released.height > ROWS * 0.9
    assert order(released, released).by_content


def test_rows_that_are_not_sorted_would_tell_when_they_were_registered(desk: Path) -> None:
    """The attack sees what the command's sorting takes away."""
    table = register().with_row_index("row")
    done = anonymize(
        table,
        quasi_identifiers=["year", "town"],
        hierarchies=load_for_columns(desk / "h", ["year", "town"]),
        k=30,
        max_suppressed=0.05,
    )
    originals, released = done.data.select("row"), done.data.drop("row")
    assert order(released, originals).flagged == ("row",)
    both = done.data.sort(released.columns)
    assert order(both.drop("row"), both.select("row")).flagged == ()
