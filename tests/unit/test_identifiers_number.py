"""One identifier at a time: official examples, every kind, every reason; only public numbers."""

from __future__ import annotations

from datetime import date

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers import (
    HPR_NUMBER,
    ORGANIZATION_NUMBER,
    RESH_ID,
    Era,
    InvalidIdentifier,
    Reason,
    compact,
    era,
    is_valid,
    kinds,
    possible_birth_dates,
    validate,
)

# number, holds, first rule that it holds under, kind, every birth date it can mean
# Source: skatteetaten/folkeregisteret-api-dokumentasjon, nyttfnr2032.md and foedselsnummer.csv
OFFICIAL = """
    02013299997 | yes | 1964 | fodselsnummer                   | 2032-01-02
    30108299920 | yes | 1964 | fodselsnummer                   | 1982-10-30
    30108299939 | yes | 2032 | fodselsnummer                   | 1982-10-30 2082-10-30
    30908299902 | yes | 2032 | synthetic-skatteetaten          | 1982-10-30 2082-10-30
    20036914700 | yes | 1964 | fodselsnummer                   | 1969-03-20
    03851598730 | yes | 1964 | synthetic-skatteetaten          | 2015-05-03
    20036914712 | no  |      |                                 |
    29020073150 | yes | 1964 | fodselsnummer                   | 2000-02-29
    29020105729 | no  |      |                                 |
    55102499947 | yes | 2032 | d-number                        | 1924-10-15 2024-10-15
    41819077906 | yes | 2032 | synthetic-skatteetaten-d-number | 1990-01-01 2090-01-01
    41819077302 | yes | 1964 | synthetic-skatteetaten-d-number | 1990-01-01
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in OFFICIAL.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_official_examples_read_as_they_are_published(row: list[str]) -> None:
    number, holds, rule, kind, born = row
    assert is_valid(number, profile="test") == (holds == "yes")
    if holds == "no":
        return
    assert kinds(number, profile="test") == {kind}
    assert era(number, profile="test") == int(rule)
    dates = {date.fromisoformat(day) for day in born.split()}
    assert possible_birth_dates(number, profile="test") == dates


@pytest.mark.parametrize("number", ["30908299902", "03851598730", "41819077906", "41819077302"])
def test_production_refuses_every_synthetic_number(number: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        validate(number, profile="production")
    assert refused.value.reason is Reason.SYNTHETIC_NOT_ALLOWED


def with_check_digits(first_nine: str) -> str:
    """Append both digits of 1964 (the nine digits must be chosen so that they exist)."""
    d = [int(one) for one in first_nine]
    k1 = -sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), d, strict=True)) % 11
    k2 = -sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*d, k1], strict=True)) % 11
    assert k1 < 10, first_nine
    assert k2 < 10, first_nine
    return f"{first_nine}{k1}{k2}"


def first_that_exists(six: str, start: int = 0) -> str:
    for individual in range(start, start + 40):
        try:
            return with_check_digits(f"{six}{individual:03}")
        except AssertionError:
            continue
    raise AssertionError(six)


@pytest.mark.parametrize(
    ("six", "environment", "expected"),
    [
        ("158790", "test-skatt", {"synthetic-skatteetaten"}),
        ("558790", "test-skatt", {"synthetic-skatteetaten-d-number"}),
        ("157590", "test-nhn", {"synthetic-nhn"}),
        ("557590", "test-nhn", {"synthetic-nhn-d-number"}),
        ("156890", "test-nhn", {"synthetic-nhn"}),
        ("156890", "test-nav", {"synthetic-nav-npid"}),
        ("156890", "test", {"synthetic-nhn", "synthetic-nav-npid"}),
        ("154590", "test-nav", {"h-number", "synthetic-nav"}),
        ("154590", "production", {"h-number"}),
        ("554590", "test", {"h-number", "synthetic-nav-d-number"}),
        ("152590", "test-nav", {"nav-npid"}),
    ],
)
def test_the_kind_is_a_set_of_candidates_and_the_environment_decides(
    six: str, environment: str, expected: set[str]
) -> None:
    number = first_that_exists(six)
    assert kinds(number, profile=environment) == expected
    if not any(kind.startswith("h-") for kind in expected):
        assert not is_valid(number, profile="production")


def test_an_h_number_may_have_the_check_digits_of_the_number_it_was_made_from() -> None:
    """Vectors of the Institute of Public Health (FHIDev/Fhi.NINCheck)."""
    for number in ("17454026641", "22495314442"):
        assert kinds(number, profile="production") == {"h-number"}


def test_an_fh_number_has_no_date_and_the_check_digits_of_1964() -> None:
    number = first_that_exists("800001")
    assert kinds(number, profile="production") == {"fh-number"}
    assert possible_birth_dates(number, profile="production") == frozenset()
    assert not is_valid(number[:-1] + str((int(number[-1]) + 1) % 10), profile="production")


def test_a_duf_number_has_a_plausible_year_and_check_digits() -> None:
    weights = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)
    ten = "2001000001"
    check = sum(a * int(b) for a, b in zip(weights, ten, strict=True)) % 11
    number = f"{ten}{check:02}"
    assert kinds(number, profile="production") == {"duf"}
    assert era(number, profile="production") is Era.NONE
    assert possible_birth_dates(number, profile="production") == frozenset()
    assert not is_valid(f"{ten}{(check + 1) % 11:02}", profile="production")
    assert sum(a * int(b) for a, b in zip(weights, "1001000001", strict=True)) % 11 == 0
    with pytest.raises(InvalidIdentifier) as refused:
        validate("100100000100", profile="production")
    assert refused.value.reason is Reason.WRONG_LENGTH


def test_d_number_series_of_before_and_after_2021_are_both_possible() -> None:
    number = first_that_exists("418110", start=210)
    assert possible_birth_dates(number, profile="test") == {date(1910, 1, 1), date(2010, 1, 1)}


def test_a_d_number_of_the_series_since_2021_is_not_dated_to_1900() -> None:
    """The number that python-stdnum 2.2 dates a hundred years too early (made synthetic)."""
    number = first_that_exists("418100", start=218)
    assert date(2000, 1, 1) in possible_birth_dates(number, profile="test")


def test_a_leap_day_exists_in_2000_and_not_in_1900() -> None:
    in_2000 = first_that_exists("298200", start=500)
    assert possible_birth_dates(in_2000, profile="test") == {date(2000, 2, 29)}
    in_1900 = first_that_exists("298200")
    assert era(in_1900, profile="test") is Era.RULE_2032
    assert possible_birth_dates(in_1900, profile="test") == {date(2000, 2, 29)}
    with pytest.raises(InvalidIdentifier) as refused:
        validate(in_1900, profile="test", as_of=date(2026, 11, 23))
    assert refused.value.reason is Reason.NO_SUCH_INDIVIDUAL_NUMBER


def test_before_2032_a_number_of_the_rule_to_come_is_refused_when_a_day_is_stated() -> None:
    assert is_valid("30108299939", profile="production")
    assert is_valid("30108299939", profile="production", as_of=date(2032, 1, 1))
    assert not is_valid("30108299939", profile="production", as_of=date(2031, 12, 31))
    assert is_valid("30108299920", profile="production", as_of=date(2031, 12, 31))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.MISSING),
        (" \u00a0", Reason.MISSING),
        ("nan", Reason.PLACEHOLDER),
        ("None", Reason.PLACEHOLDER),
        ("0", Reason.PLACEHOLDER),
        ("00000000000", Reason.PLACEHOLDER),
        ("99999999999", Reason.PLACEHOLDER),
        ("000000 00000", Reason.PLACEHOLDER),
        ("Ukjent", Reason.PLACEHOLDER),
        ("---", Reason.PLACEHOLDER),
        ("3851598730.0", Reason.READ_AS_FLOAT),
        ("3.85159873e+09", Reason.READ_AS_FLOAT),
        ("0385159873O", Reason.NOT_DIGITS),
        ("０３８５１５９８７３０", Reason.NOT_DIGITS),
        ("٠٣٨٥١٥٩٨٧٣٠", Reason.NOT_DIGITS),
        ("+3851598730", Reason.NOT_DIGITS),
        ("03851598", Reason.WRONG_LENGTH),
        ("3851598730", Reason.LOST_LEADING_ZERO),
        ("3851598731", Reason.WRONG_LENGTH),
        ("03991598730", Reason.NO_SUCH_DATE),
        ("32851598730", Reason.NO_SUCH_DATE),
        ("29820105729", Reason.NO_SUCH_DATE),
        ("55258790000", Reason.NO_SUCH_DATE),  # NAV's own numbers have no D-numbers
        ("03851598731", Reason.CHECK_DIGITS),
    ],
)
def test_every_reason_has_its_case_and_no_message_repeats_the_value(
    text: str, reason: Reason
) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        validate(text, profile="test")
    assert refused.value.reason is reason
    assert reason.text in str(refused.value)
    assert len(text.strip()) < 4 or text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "038515 98730",
        "038515-98730",
        "03.85.15 98730",
        "\ufeff03851598730",
        "038515\u00a098730",
        "038515\u200998730",
        "038515\u200b98730",
        " 03851598730 ",
    ],
)
def test_separators_that_people_write_are_taken_off(text: str) -> None:
    assert compact(text) == "03851598730"
    assert validate(text, profile="test") == "03851598730"


def test_a_leading_zero_is_given_back_only_when_asked_for_and_proved() -> None:
    assert not is_valid("3851598730", profile="test")
    assert validate("3851598730", profile="test", repair_leading_zero=True) == "03851598730"
    with pytest.raises(InvalidIdentifier):
        validate("3851598731", profile="test", repair_leading_zero=True)


def test_an_environment_must_be_a_known_one() -> None:
    with pytest.raises(ValueError, match="'prod' is not a valid Profile"):
        is_valid("03851598730", profile="prod")


def test_organization_numbers_have_nine_digits_and_a_check_digit() -> None:
    assert ORGANIZATION_NUMBER.validate("974 760 673") == "974760673"  # Brønnøysundregistrene
    assert not ORGANIZATION_NUMBER.is_valid("974760674")
    assert not ORGANIZATION_NUMBER.is_valid("97476067")
    assert not ORGANIZATION_NUMBER.is_valid("")


def test_resh_and_hpr_have_a_length_and_no_check_digit() -> None:
    assert RESH_ID.validate("102966") == "102966"
    assert not RESH_ID.is_valid("10296")
    assert HPR_NUMBER.is_valid("1234567")
    assert not HPR_NUMBER.is_valid("1234567890")
    with pytest.raises(DataError, match="this is no HPR number: the value stands for"):
        HPR_NUMBER.validate("0")
