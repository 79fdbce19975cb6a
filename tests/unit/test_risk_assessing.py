"""The risk report on tables small enough to count by hand."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.risk import AttackRisk, RiskReport, SensitiveRisk, assess

# Classes: (M, 70) persons a b c, (F, 70) person d twice, (F, None) persons e and a.
TABLE: dict[str, list[Any]] = {
    "person": ["a", "b", "c", "d", "d", "e", "a"],
    "sex": ["M", "M", "M", "F", "F", "F", "F"],
    "age": [70, 70, 70, 70, 70, None, None],
    "cause": [1, 1, 2, 3, 3, 4, None],
}


@pytest.fixture
def report() -> RiskReport:
    return assess(
        pl.DataFrame(TABLE), quasi_identifiers=["sex", "age"], person="person", sensitive=["cause"]
    )


def test_k_counts_persons_and_not_rows(report: RiskReport) -> None:
    assert (report.rows, report.persons, report.classes, report.k) == (7, 5, 3, 1)
    by_rows = assess(pl.DataFrame(TABLE), quasi_identifiers=["sex", "age"])
    assert (by_rows.persons, by_rows.k) == (7, 2)


def test_an_attacker_of_one_person_is_right_once_in_a_class(report: RiskReport) -> None:
    # Six memberships: three at 1/3, one at 1, two at 1/2; all above 0.2.
    assert report.prosecutor == AttackRisk(1.0, 0.5, 1.0)
    assert report.unique_persons == 1


def test_only_risks_above_the_threshold_are_counted() -> None:
    high = assess(
        pl.DataFrame(TABLE), quasi_identifiers=["sex", "age"], person="person", threshold=0.5
    )
    assert high.prosecutor.share_above == pytest.approx(1 / 6)
    five = pl.DataFrame({"sex": ["M"] * 5 + ["F"] * 4})
    assert assess(five, quasi_identifiers=["sex"]).prosecutor.share_above == pytest.approx(4 / 9)


def test_a_mandatory_register_shows_the_journalist_what_it_shows_the_prosecutor(
    report: RiskReport,
) -> None:
    assert report.journalist == report.prosecutor


def test_the_marketer_has_an_average_and_no_victim(report: RiskReport) -> None:
    assert report.marketer == AttackRisk(None, 0.5, None)


def test_a_class_that_agrees_gives_its_persons_away(report: RiskReport) -> None:
    assert report.distinct_l == {"cause": 1}
    assert report.sensitive == {"cause": SensitiveRisk(1, 1, 1)}


def test_class_sizes_fall_into_their_bins() -> None:
    sizes = [1, 2, 3, 4, 5, 9, 10, 19, 20, 49, 50, 99, 100, 101]
    rows = [name for name, size in enumerate(sizes) for _ in range(size)]
    report = assess(pl.DataFrame({"class": rows}), quasi_identifiers=["class"])
    assert [size.classes for size in report.sizes] == [1, 1, 1, 1, 2, 2, 2, 2, 2]
    assert [size.persons for size in report.sizes] == [1, 2, 3, 4, 14, 29, 69, 149, 201]
    assert sum(size.rows for size in report.sizes) == len(rows)
    assert [(size.least, size.most) for size in report.sizes][-2:] == [(50, 99), (100, None)]


def test_nobody_means_no_risk_and_no_k() -> None:
    empty = pl.DataFrame(schema={"sex": pl.String, "cause": pl.Int64})
    report = assess(empty, quasi_identifiers=["sex"], sensitive=["cause"])
    assert (report.rows, report.persons, report.classes, report.k) == (0, 0, 0, 0)
    assert report.prosecutor == AttackRisk(0.0, 0.0, 0.0)
    assert report.distinct_l == {"cause": 0}


def test_one_row_is_one_unique_person() -> None:
    report = assess(pl.DataFrame({"sex": ["M"]}), quasi_identifiers=["sex"])
    assert (report.k, report.unique_persons, report.prosecutor.maximum) == (1, 1, 1.0)


def test_without_quasi_identifiers_all_rows_are_one_class() -> None:
    report = assess(pl.DataFrame(TABLE), quasi_identifiers=[], person="person", sensitive=["cause"])
    assert (report.classes, report.k, report.distinct_l["cause"]) == (1, 5, 5)
    assert report.marketer.average == pytest.approx(1 / 5)


def test_a_column_of_nothing_but_missing_is_one_class() -> None:
    data = pl.DataFrame({"sex": [None] * 4, "cause": [None] * 4})
    report = assess(data, quasi_identifiers=["sex"], sensitive=["cause"])
    assert (report.classes, report.k) == (1, 4)
    assert report.sensitive["cause"] == SensitiveRisk(1, 1, 4)


def test_a_sensitive_quasi_identifier_is_known_in_every_class() -> None:
    report = assess(pl.DataFrame(TABLE), quasi_identifiers=["cause"], sensitive=["cause"])
    assert report.sensitive["cause"] == SensitiveRisk(1, 5, 7)


def test_an_extract_brings_its_person_along() -> None:
    extract = Extract.of(pl.DataFrame(TABLE), person="person")
    assert assess(extract, quasi_identifiers=["sex", "age"]).k == 1


@pytest.mark.parametrize("wrong", ["quasi_identifiers", "sensitive", "person"])
def test_a_column_that_does_not_exist_is_named(wrong: str) -> None:
    asked: dict[str, Any] = {"quasi_identifiers": ["sex"]}
    asked[wrong] = "alder" if wrong == "person" else ["alder"]
    with pytest.raises(DataError, match="no column 'alder'"):
        assess(pl.DataFrame(TABLE), **asked)


def test_a_column_named_like_a_count_is_refused() -> None:
    with pytest.raises(DataError, match="rename"):
        assess(pl.DataFrame({"rows": [1]}), quasi_identifiers=["rows"])


@pytest.mark.parametrize("threshold", [-0.1, 1.5, float("nan")])
def test_a_threshold_is_a_probability(threshold: float) -> None:
    with pytest.raises(DataError, match="between 0 and 1"):
        assess(pl.DataFrame(TABLE), quasi_identifiers=["sex"], threshold=threshold)


def test_the_json_holds_numbers_and_names_of_columns_and_no_cell() -> None:
    data = pl.DataFrame({"place": ["canary-1", "canary-2"], "cause": ["canary-3", None]})
    report = assess(data, quasi_identifiers=["place"], sensitive=["cause"])
    text = json.dumps(report.to_json())
    assert "canary" not in text + repr(report)
    assert json.loads(text)["sensitive"]["cause"]["distinct_l"] == 1
    assert json.loads(text)["k"] == 1
