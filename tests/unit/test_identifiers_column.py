"""A column of identifiers: counts, codes and row numbers, whatever holds the column."""

from __future__ import annotations

import itertools
import time
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers import (
    Kind,
    Reason,
    check_column,
    make_national_ids,
    read_column,
)
from hsr_privacy.identifiers.centuries import BORN_18, BORN_19, BORN_20
from hsr_privacy.identifiers.rules import D_NUMBER_CENTURIES, FODSELSNUMMER_CENTURIES

MIXED = [
    "03851598730",
    None,
    "41819077302",
    "038515 98730",
    "3851598730",
    "",
    "17454026641",
    "30108299939",
    "03851598731",
    "00000000000",
    "Olsen",
]


def synthetic(count: int, *, seed: int = 3) -> list[str]:
    rng = np.random.default_rng(seed)
    born = np.datetime64("1915-01-01") + rng.integers(0, 39_000, count)
    d_number = rng.random(count) < 0.05
    made: list[str] = make_national_ids(
        born, rng.integers(1, 3, count), rng=rng, d_number=d_number
    ).tolist()
    return made


def test_a_column_is_counted_by_kind_era_and_reason() -> None:
    check = check_column(MIXED, profile="test-skatt")
    assert check.as_json() == {
        "valid": 5,
        "invalid": 6,
        "kinds": {
            "fodselsnummer": 1,
            "h-number": 1,
            "synthetic-skatteetaten": 2,
            "synthetic-skatteetaten-d-number": 1,
        },
        "eras": {"1964": 4, "2032": 1},
        "reasons": {
            "missing": 2,
            "placeholder": 1,
            "not-digits": 1,
            "lost-leading-zero": 1,
            "check-digits": 1,
        },
    }
    assert (check.rows, check.changed, check.repaired, check.assigner_bound) == (11, 1, 0, 1)


def test_row_numbers_begin_at_one() -> None:
    check = check_column(MIXED, profile="test-skatt")
    assert check.rows_with(Reason.MISSING).tolist() == [2, 6]
    assert check.rows_with(Reason.CHECK_DIGITS).tolist() == [9]


def test_an_assigner_bound_number_is_valid_and_not_linkable() -> None:
    check = check_column(MIXED, profile="test-skatt")
    assert check.kind_codes[6] == Kind.H_NUMBER
    assert np.flatnonzero(check.linkable).tolist() == [0, 2, 3, 7]


def test_production_counts_the_synthetic_as_refused() -> None:
    check = check_column(MIXED, profile="production", as_of=date(2026, 11, 23))
    assert (check.valid, check.reasons["synthetic-not-allowed"]) == (1, 3)
    assert check.reasons["rule-not-in-force"] == 1


def test_the_numbers_come_back_in_the_one_way_to_write_them() -> None:
    numbers, _ = read_column(MIXED, profile="test-skatt")
    a, h, new = "03851598730", "17454026641", "30108299939"
    expected = [a, None, "41819077302", a, None, None, h, new, None, None, None]
    assert numbers.to_pylist() == expected
    repaired, check = read_column(MIXED, profile="test-skatt", repair_leading_zero=True)
    assert repaired.to_pylist() == [*expected[:4], a, *expected[5:]]
    assert (check.repaired, check.valid) == (1, 6)


HOLDERS: list[Any] = [
    pa.array,
    lambda values: pa.array(values).cast(pa.large_string()),
    lambda values: pa.array(values).cast(pa.string_view()),
    lambda values: pa.array(values).dictionary_encode(),
    lambda values: pa.array(["x", "y", *values, "z"]).slice(2, len(values)),
    lambda values: pa.chunked_array([values[:3], values[3:]]),
    lambda values: pd.Series(values, dtype=object),
    lambda values: pd.Series(values, dtype="string"),
    lambda values: np.array(values, dtype=object),
    pl.Series,
    tuple,
]


@pytest.mark.parametrize("holder", HOLDERS)
def test_it_does_not_matter_what_holds_the_column(holder: Any) -> None:
    values = MIXED * 3
    expected_numbers, expected = read_column(values, profile="test")
    numbers, check = read_column(holder(values), profile="test")
    assert check == expected
    assert check.reason_codes.tolist() == expected.reason_codes.tolist()
    assert numbers.to_pylist() == expected_numbers.to_pylist()


def test_parts_of_a_long_column_are_put_together_in_order() -> None:
    values = [*synthetic(70_000), "wrong", *synthetic(10, seed=9)]
    check = check_column(values, profile="test")
    assert (check.rows, check.valid) == (70_011, 70_010)
    assert check.rows_with(Reason.NOT_DIGITS).tolist() == [70_001]


def test_whole_numbers_have_lost_their_zero_and_decimals_are_refused() -> None:
    assert check_column([3851598730, 41819077302], profile="test").reasons == {
        "lost-leading-zero": 1
    }
    assert check_column([3851598730.0, None], profile="test").reasons == {
        "missing": 1,
        "read-as-float": 1,
    }
    assert check_column(pd.Series([3851598730, None]), profile="test").reasons == {
        "missing": 1,
        "read-as-float": 1,
    }


def test_a_decimal_that_would_pass_without_its_point_does_not() -> None:
    """3851598730.0 without its point has eleven digits, which hold once in about a hundred."""
    lost = [str(int(one)) for one in synthetic(3_000) if one.startswith("0")]
    check = check_column([f"{one}.0" for one in lost], profile="test")
    assert len(lost) > 500
    assert check.reasons == {"read-as-float": len(lost)}


def test_an_empty_column_and_a_column_of_nothing_hold_nothing() -> None:
    empty: list[Any] = [[], pa.array([], pa.string()), pa.chunked_array([], pa.string())]
    for nothing in empty:
        check = check_column(nothing, profile="test")
        assert (check.rows, check.valid, check.as_json()["reasons"]) == (0, 0, {})
    assert check_column([None, None], profile="test").reasons == {"missing": 2}


@pytest.mark.parametrize("values", [[date(2020, 1, 1)], [True], [b"03851598730"], ["a", 1]])
def test_a_column_of_something_else_is_refused(values: list[Any]) -> None:
    with pytest.raises(DataError, match=r"read (them|it) as text"):
        check_column(values, profile="test")


def test_a_report_shows_no_value() -> None:
    check = check_column(MIXED, profile="test")
    for value in (one for one in MIXED if one and len(one) > 4):
        assert value not in repr(check) + str(check.as_json())


SERIES: dict[int, list[tuple[Kind, Kind | None]]] = {
    0: [(Kind.FODSELSNUMMER, Kind.D_NUMBER)],
    20: [(Kind.NPID, None)],
    40: [(Kind.H_NUMBER, Kind.H_NUMBER), (Kind.NAV, Kind.NAV_D)],
    60: [(Kind.NAV_NPID, None)],
    65: [(Kind.NHN, Kind.NHN_D)],
    80: [(Kind.SKATTEETATEN, Kind.SKATTEETATEN_D)],
}
# Is it a D-number of the new series only, individual number, two-digit year, century.
CENTURIES = [
    (False, range(500), range(100), 1900),
    (False, range(900, 1000), range(40, 100), 1900),
    (False, range(500, 750), range(54, 100), 1800),
    (False, range(500, 1000), range(40), 2000),
    (True, range(600, 1000), range(40, 100), 1900),
    (True, range(200, 1000), range(40), 2000),
    (True, range(500, 600), range(58, 100), 1800),
]


def slow_sums(digits: list[int]) -> tuple[bool, bool]:
    """Whether the check digits hold under the rule of 1964, and of 2032."""
    w1, w2 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    r1 = sum(a * b for a, b in zip(w1, digits[:10], strict=True)) % 11
    r2 = sum(a * b for a, b in zip(w2, digits, strict=True)) % 11
    return r1 == r2 == 0, r1 in {0, 1, 2, 3} and r2 == 0


def slow_exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def slow_judge(text: str) -> tuple[int, int]:
    """The rules written out for one number: candidates, and the first rule that holds."""
    d = [int(one) for one in text]
    day, month, year, individual = int(text[:2]), int(text[2:4]), int(text[4:6]), int(text[6:9])
    is_d = 41 <= day <= 71
    day -= 40 * is_d
    centuries = [
        century
        for since_2021, individuals, years, century in CENTURIES
        if individual in individuals and year in years and (is_d or not since_2021)
    ]
    kinds, first_rule = 0, 0
    for offset, plain, with_d in ((o, *pair) for o, pairs in SERIES.items() for pair in pairs):
        kind = with_d if is_d else plain
        tries = [d]
        if plain is Kind.H_NUMBER and 40 < month <= 52:
            tries.append([*d[:2], d[2] - 4, *d[3:]])
        old, new = (any(held) for held in zip(*map(slow_sums, tries), strict=True))
        if kind is None:
            continue
        if old and any(slow_exists(c + year, month - offset, day) for c in centuries):
            kinds, first_rule = kinds | kind, 1964
        elif new and any(slow_exists(c + year, month - offset, day) for c in (1900, 2000)):
            kinds, first_rule = kinds | kind, first_rule or 2032
    if d[0] >= 8 and slow_sums(d)[0]:
        kinds, first_rule = kinds | Kind.FH_NUMBER, 1964
    return int(kinds), first_rule


def test_the_century_tables_are_those_of_the_regulation_for_every_number_and_year() -> None:
    bits = {1800: BORN_18, 1900: BORN_19, 2000: BORN_20}
    for is_d, table in ((False, FODSELSNUMMER_CENTURIES), (True, D_NUMBER_CENTURIES)):
        expected = np.zeros((1000, 100), dtype=np.uint8)
        for since_2021, individuals, years, century in CENTURIES:
            if is_d or not since_2021:
                expected[np.ix_(individuals, years)] |= bits[century]
        assert table.reshape(1000, 100).tolist() == expected.tolist()


def test_the_column_agrees_with_the_rules_written_out_for_one_number() -> None:
    rng = np.random.default_rng(17)
    days = [f"{day:02}" for day in (0, 1, 28, 29, 30, 31, 32, 40, 41, 69, 71, 72, 80, 99)]
    months = [f"{month:02}" for month in range(100)]
    sixes = [a + b for a, b in itertools.product(days, months)]
    numbers = [
        f"{six}{rng.integers(0, 100):02}{rng.integers(0, 1000):03}{rng.integers(0, 100):02}"
        for six in sixes * 12
    ]
    held = synthetic(500)
    shifted = [f"{one[:2]}{int(one[2:4]) - 40:02}{one[4:]}" for one in held]
    numbers = [one for one in numbers + held + shifted if len(set(one)) > 1]
    check = check_column(numbers, profile="test")
    expected = [slow_judge(one) for one in numbers]
    # an era is that of the first rule under which any candidate holds
    assert check.kind_codes.tolist() == [kinds for kinds, _ in expected]
    assert check.era_codes.tolist() == [rule for _, rule in expected]
    assert check.valid > 700


def test_python_stdnum_agrees_on_the_rule_of_1964_where_it_knows_it() -> None:
    """It knows neither synthetic series nor 2032: made with month - 80, so compared unwritten."""
    stdnum = pytest.importorskip("stdnum.no.fodselsnummer")
    rng = np.random.default_rng(23)
    numbers = [
        f"{rng.integers(1, 32):02}{rng.integers(1, 13):02}{rng.integers(40, 100):02}"
        f"{rng.integers(0, 500):03}{rng.integers(0, 100):02}"
        for _ in range(20_000)
    ]
    ours = check_column(numbers, profile="production", as_of=date(2026, 11, 23))
    assert ours.valid > 50
    assert (ours.reason_codes == 0).tolist() == [stdnum.is_valid(one) for one in numbers]


def test_one_wrong_digit_and_any_swap_of_neighbours_is_found_under_both_rules() -> None:
    for number in ("03851598730", "30908299902", "41819077906"):
        wrong = [
            number[:place] + digit + number[place + 1 :]
            for place in range(11)
            for digit in "0123456789"
            if digit != number[place]
        ]
        swapped = [
            number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            for place in range(10)
            if number[place] != number[place + 1]
        ]
        assert check_column(wrong + swapped, profile="test-skatt").valid == 0


@pytest.mark.slow
def test_two_million_identifiers_a_second() -> None:
    column = pa.array(synthetic(500_000))
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        check_column(column, profile="test")
        best = min(best, time.process_time() - start)
    assert len(column) / best > 2_000_000


def test_a_column_of_several_parts_is_whole_arrow_text() -> None:
    count = 150_000  # more than two parts
    numbers = make_national_ids(
        np.full(count, "1950-06-15", dtype="datetime64[D]") + np.arange(count) % 20_000,
        np.full(count, 999),
        rng=np.random.default_rng(1),
    )
    texts, _ = read_column(numbers.tolist(), profile="test")
    texts.validate(full=True)
    assert texts.to_pylist() == numbers.tolist()
