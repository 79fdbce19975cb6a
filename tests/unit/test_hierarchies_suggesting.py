"""A hierarchy drawn from a column: its kind, its levels, and what its reader is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.hierarchies.recognizing import in_order, kind_of
from hsr_privacy.hierarchies.suggesting import Suggestion, suggest
from hsr_privacy.hierarchies.writing import definition_text, file_name

WEEK = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
YEAR = [
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
]


def suggested(values: Iterable[str], **asked: Any) -> Suggestion:
    return suggest("c", Counter(values), **({"k": 2} | asked))


def climbed(found: Suggestion, value: str) -> tuple[str, ...]:
    table = found.hierarchy.table([value])
    leaf = table.leaf_index[value]
    return tuple(
        str(table.labels[level][table.nodes[level, leaf]]) for level in range(table.levels)
    )


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bands", ["17", "18", "90"]),
        ("bands", ["1.5", "-2", "3e1"]),
        ("bands", [*map(str, range(20)), "ukjent"]),
        ("dates", ["2021-03-01", "2020-02-29"]),
        ("prefixes", ["I21.4", "I21.0", "J45"]),
        ("prefixes", ["0301", "5001", "5006"]),
        ("prefixes", ["2021-03-01T10:33", "2021-03-02 11:00"]),
        ("order", ["20-29", "10-19", "<10", "30+"]),
        ("order", WEEK),
        ("order", YEAR),
        ("order", ["II", "IV", "I"]),
        ("order", ["3. trinn", "10. trinn", "1. trinn"]),
        ("order", ["høy", "lav", "middels"]),
        ("groups", ["red", "green", "blue"]),
        ("groups", ["2021-02-30", "2021-03-01"]),
        ("groups", ["Oslo"]),
    ],
)
def test_the_kind_is_read_from_the_values(kind: str, values: list[str]) -> None:
    assert kind_of(Counter(values)) == kind


@pytest.mark.parametrize(
    ("expected", "mixed"),
    [
        (["<10", "10-19", "20-29", "100+"], ["100+", "20-29", "<10", "10-19"]),
        (["1. trinn", "3. trinn", "10. trinn"], ["10. trinn", "1. trinn", "3. trinn"]),
        (["jan", "Feb", "MAR"], ["MAR", "jan", "Feb"]),
        (["A", "B", "D"], ["D", "A", "B"]),
        (None, ["a", "z", "x"]),
        (None, ["room 1", "1 cat", "the 2", "3 of us", "x-4"]),
    ],
)
def test_an_order_is_known_where_values_tell_it(
    expected: list[str] | None, mixed: list[str]
) -> None:
    assert in_order(mixed) == expected


def test_ages_get_nested_round_bands() -> None:
    found = suggested([str(age) for age in range(17, 91) for _ in range(5)])
    assert found.hierarchy.level_names == ("value", "bands of 5", "bands of 10", "bands of 20", "*")
    assert climbed(found, "47") == ("47", "45-49", "40-49", "40-59", "*")
    assert found.named == 0


def test_thin_ends_of_numbers_are_coded_together_on_every_level() -> None:
    ages = [str(age) for age in range(20, 80) for _ in range(10)] + ["3", "101", "104"]
    found = suggested(ages, k=5)
    assert climbed(found, "3")[1:4] == ("0-24", "0-29", "0-39")
    assert climbed(found, "104")[1:4] == ("75+", "70+", "60+")
    assert climbed(found, "50")[1:4] == ("50-54", "50-59", "40-59")


def test_an_end_that_is_coded_stays_open_further_up() -> None:
    ages = [str(age) for age in range(20, 85) for _ in range(10)] + ["14", "86"]
    found = suggested(ages, k=5)
    assert climbed(found, "86")[1:3] == ("80+", "80+")
    assert climbed(found, "14")[1:3] == ("0-24", "0-29")


def test_full_ends_of_numbers_are_not_coded() -> None:
    found = suggested([str(age) for age in range(100) for _ in range(5)], k=5)
    assert climbed(found, "0")[1] == "0-4"
    assert climbed(found, "99")[1] == "95-99"


def test_a_few_texts_among_numbers_stay_apart() -> None:
    found = suggested([*map(str, range(50)), "ukjent", "ukjent"])
    assert climbed(found, "ukjent")[-2:] == ("ukjent", "*")
    assert found.named == 1
    assert any("no numbers" in note for note in found.notes)


def test_numbers_far_apart_are_grouped_in_bands_without_a_domain() -> None:
    found = suggested([str(n * 7_919) for n in range(300)])
    assert found.definition.kind == "groups"
    assert climbed(found, "15838") == ("15838", "0-99999", "0-499999", "0-999999", "*")
    assert len(found.hierarchy.domain) == 300


def test_codes_lose_their_ends_but_never_end_in_a_point() -> None:
    found = suggested(["I21.4", "I21.0", "I48", "J45.9", "J45.1"])
    assert found.hierarchy.level_names == ("code", "first 3", "first 1", "*")


def test_dates_keep_only_levels_that_merge_something() -> None:
    days = [f"2021-{month:02}-{day:02}" for month in (1, 2, 5) for day in (3, 7)]
    assert suggested(days).hierarchy.level_names == ("day", "month", "quarter", "*")


def test_a_week_is_split_at_its_end_and_a_year_in_quarters() -> None:
    assert climbed(suggested(reversed(WEEK)), "onsdag")[1] == "mandag - fredag"
    assert climbed(suggested(reversed(YEAR)), "mai")[1:3] == ("april - juni", "januar - juni")


def test_rare_categories_are_merged_first_until_k_rows_are_together() -> None:
    found = suggested([*["x"] * 50, *["y"] * 30, *["z"] * 7, "q"], k=5)
    assert climbed(found, "q")[1] == climbed(found, "z")[1] == "other"
    assert [climbed(found, value)[1] for value in "xy"] == ["x", "y"]
    assert (found.named, found.rare) == (4, 1)


def test_a_value_called_other_is_not_mixed_with_the_rare_ones() -> None:
    found = suggested([*["Other"] * 50, *["b"] * 30, "c", "d"], k=2)
    assert climbed(found, "Other")[1] == "Other"
    assert climbed(found, "c")[1] == "other values"


def test_no_more_levels_are_given_than_asked_for() -> None:
    ages = [str(age) for age in range(100) for _ in range(5)]
    for wanted in (1, 2, 3):
        assert len(suggested(ages, levels=wanted).hierarchy.level_names) == wanted + 2
    assert suggested(YEAR, levels=1).hierarchy.level_names == ("value", "6 together", "*")
    many = [value for n, value in enumerate("abcdef") for _ in range(4**n)]
    assert len(suggested(many, levels=1).hierarchy.level_names) == 3


def test_a_kind_may_be_asked_for() -> None:
    assert suggested(["1101", "1103", "3001"], kind="prefixes").definition.kind == "prefixes"
    assert suggested(["1", "2", "3"], kind="groups").definition.kind == "groups"
    ordered = suggested(["10", "9", "8"], kind="order")
    assert [row[0] for row in ordered.hierarchy.domain] == ["8", "9", "10"]


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        (["canary", "1", "canary"], "dates", "2 distinct value(s) in 3 row(s) are no dates"),
        (["canary"], "bands", "1 distinct value(s) in 1 row(s) are no numbers"),
        (["", "I21"], "prefixes", "1 distinct value(s) in 1 row(s) are no codes"),
        ([], None, "holds no value"),
    ],
)
def test_values_that_are_not_of_the_kind_are_counted_and_not_shown(
    values: list[str], kind: Any, text: str
) -> None:
    with pytest.raises(DataError) as caught:
        suggested(values, kind=kind)
    assert text in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_name_that_a_definition_would_change_is_refused() -> None:
    with pytest.raises(DataError, match="begins or ends with a blank"):
        suggest(" c", {"a": 1}, k=1)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([f"{n:011}" for n in range(0, 4_000, 37)], "a value of its own"),
        (["1", "2", "2"], "If they are codes"),
        (["01.03.2021", "17.05.2021"], "Written as 2021-03-01"),
        (["1,5", "2,5", "3,25"], "Written with a point"),
    ],
)
def test_what_must_be_looked_at_is_said(values: list[str], text: str) -> None:
    assert text in " ".join(suggested(values).notes)


@pytest.mark.parametrize(
    "values",
    [
        [" a", "a", "a "],
        ["NO", "null", "~", "0301x", "yes", "*"],
        ["æ: ø", "#å", "- x", '"q"', "'", "\n", "\x85", "\u2028x", "\x00", "\ufeff", "🙂", "\t"],
        ["other", "Other ", "x"],
        ["other", "a", "a", "a", "b"],
        ["1e400", "2", "3"],
        ["12345678901234567890", "3", "9"],
        ["nan", "inf", "1"],
        ["007", "7", "7.0"],
    ],
)
def test_odd_values_come_through_the_file_as_they_are(values: list[str], tmp_path: Path) -> None:
    found = suggested(values)
    (tmp_path / "c.yaml").write_text(definition_text(found.definition), encoding="utf-8")
    read = load_hierarchies(tmp_path)["c"]
    assert read.uncovered(values) == frozenset()
    assert read.level_names == found.hierarchy.level_names


@pytest.mark.parametrize(
    ("expected", "column"),
    [
        ("kjønn.yaml", "kjønn"),
        ("marital-status.yaml", "marital-status"),
        ("___a_b.yaml", "../a/b"),
        (f"{'ø' * 100}.yaml", "ø" * 300),
    ],
)
def test_a_file_is_named_after_its_column(expected: str, column: str) -> None:
    assert file_name(column) == expected
