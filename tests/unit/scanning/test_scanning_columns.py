"""What a column tells that no cell tells alone: lost zeros, numbers, split numbers, DUF-numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.scanning import ScanReport, scan
from hsr_privacy.scanning.national import holds_duf
from tests.unit.scanning.making import ONE, born_early, ids, of_series, scanned, told

SKATT = "synthetic-skatteetaten"


def written(table: pl.DataFrame, path: Path) -> ScanReport:
    table.write_parquet(path, statistics=False)
    return scan([path], shown=None)


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.UInt64, pl.Decimal(20, 0), pl.String])
def test_identifiers_in_a_column_of_numbers_are_found_without_their_zero(
    dtype: pl.DataType, tmp_path: Path
) -> None:
    numbers = [int(one) for one in [*born_early(3), *ids(3)]]
    table = pl.DataFrame({"a": [1, 2, 3, 4, 5, 6], "fnr": pl.Series(numbers).cast(dtype)})
    report = written(table, tmp_path / "t.parquet")
    assert sorted(told(report)[SKATT]) == [1, 2, 3, 4, 5, 6]
    assert {one.part for one in report.findings} == {"column 'fnr'"}


def test_ten_random_digits_are_no_identifier_though_some_hold_by_chance(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    table = pl.DataFrame({"sak": rng.integers(10**9, 10**10, 20_000)})
    assert written(table, tmp_path / "t.parquet").findings == ()


def test_one_lost_zero_among_whole_identifiers_is_found(tmp_path: Path) -> None:
    short = born_early(1)[0][1:]
    text = "n;fnr\n" + "".join(f"1;{one}\n" for one in [*ids(30), short])
    assert told(scanned(tmp_path, "a.csv", text))[SKATT] == list(range(1, 32))


def test_a_lost_zero_alone_on_a_line_of_text_is_found(tmp_path: Path) -> None:
    assert told(scanned(tmp_path, "a.txt", f"hei\n{born_early(1)[0][1:]}\n")) == {SKATT: [2]}


@pytest.mark.parametrize("series", [80, 65])
@pytest.mark.parametrize("as_date", [True, False])
def test_a_birth_date_beside_a_personal_number_is_an_identifier(
    series: int, *, as_date: bool, tmp_path: Path
) -> None:
    numbers = [of_series(series, day=day) for day in range(1, 21)]
    days = [dt.date(1950, 3, day) for day in range(1, 21)]
    left = pl.Series(days) if as_date else pl.Series([f"{day:%d.%m.%Y}" for day in days])
    right = pl.Series([int(one[6:]) for one in numbers])
    table = pl.DataFrame({"rad": range(20), "fodt": left, "nr": right, "alder": range(20)})
    report = written(table, tmp_path / "t.parquet")
    assert [(one.part, one.count, one.tier) for one in report.findings] == [
        ("column 'fodt' with column 'nr'", 20, "A")
    ]


def test_six_digits_beside_five_are_an_identifier_also_where_zeros_are_lost(tmp_path: Path) -> None:
    numbers = [*born_early(10), *ids(10)]
    text = "a;dato;nr\n" + "".join(f"x;{int(one[:6])};{int(one[6:])}\n" for one in numbers)
    finding = scanned(tmp_path, "a.csv", text).findings[0]
    assert (finding.part, finding.count) == ("column 'dato' with column 'nr'", 20)


def test_dates_beside_post_codes_or_prices_are_none(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    days = np.datetime64("1950-01-01") + rng.integers(0, 20_000, 5_000)
    table = pl.DataFrame(
        {
            "dag": pl.Series(days).cast(pl.Date),
            "pris": rng.integers(10_000, 99_999, 5_000),
            "seks": [f"{one:06}" for one in rng.integers(0, 10**6, 5_000)],
            "fem": [f"{one:05}" for one in rng.integers(0, 10**5, 5_000)],
        }
    )
    assert written(table, tmp_path / "t.parquet").findings == ()


def duf(count: int) -> list[str]:
    """Numbers of twelve digits that hold as DUF-numbers."""
    found = []
    for serial in range(100_000, 100_000 + count):
        for check in range(11):
            text = f"2015{serial}{check:02}"
            if holds_duf(np.array([list(map(int, text))], np.uint8))[0]:
                found.append(text)
    return found


def test_duf_numbers_are_found_where_most_of_a_column_holds_or_its_name_says_so(
    tmp_path: Path,
) -> None:
    report = scanned(tmp_path, "a.csv", "n;x\n" + "".join(f"1;{one}\n" for one in duf(20)))
    assert told(report) == {"duf": list(range(1, 21))}
    named = scanned(tmp_path, "b.csv", f"n;duf_nr\n1;{duf(1)[0]}\n2;\n")
    assert [(one.kind, one.tier, one.count) for one in named.findings] == [("duf", "B", 1)]


def test_times_of_twelve_digits_are_no_duf_numbers(tmp_path: Path) -> None:
    start = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
    times = [f"{start + dt.timedelta(minutes=7 * at):%Y%m%d%H%M}" for at in range(5_000)]
    table = pl.DataFrame({"tid": times, "tall": [int(one) for one in times]})
    assert written(table, tmp_path / "t.parquet").findings == ()


def test_lists_and_records_inside_of_columns_are_looked_into(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {"a": [["x"], [], ["y", f"fnr {ONE}"]], "b": [{"c": "z"}, {"c": ONE}, {"c": None}]}
    )
    report = written(table, tmp_path / "t.parquet")
    assert {one.part: one.first for one in report.findings} == {
        "column 'a'": (3,),
        "column 'b', field 1": (2,),
    }
