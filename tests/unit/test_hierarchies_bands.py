"""Bands, dates, prefixes and groups: what a value climbs to."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import TOP, Hierarchy
from hsr_privacy.hierarchies.definition import Bands, Dates, Definition, Groups, Prefixes
from hsr_privacy.hierarchies.hierarchy import (
    from_bands,
    from_dates,
    from_groups,
    from_prefixes,
    from_rows,
)

HEAD = {"name": "h", "label": {"nb": "x", "en": "x"}, "source": "test"}


def written(**fields: Any) -> Any:
    adapter: TypeAdapter[Any] = TypeAdapter(Definition)
    return adapter.validate_python(HEAD | fields)


def bands(*levels: dict[str, Any], **fields: Any) -> Hierarchy:
    named = [{"name": f"l{n}"} | level for n, level in enumerate(levels)]
    definition = written(
        **{"kind": "bands", "min": 0, "max": 110, "unit": "år", "levels": named} | fields
    )
    assert isinstance(definition, Bands)
    return from_bands(definition)


def labels(hierarchy: Hierarchy, *values: str) -> list[str | None]:
    """The label of each value on the level under ``*``."""
    rows = [hierarchy.climb(value) for value in values]
    return [row[-2] if row is not None else None for row in rows]


def test_bands_of_a_width_begin_at_zero() -> None:
    five = bands({"width": 5})
    assert labels(five, "0", "4", "5", "9", "110") == [
        "0-4 år",
        "0-4 år",
        "5-9 år",
        "5-9 år",
        "110-114 år",
    ]
    assert five.level_names == ("value", "l0", TOP)


def test_bands_between_cuts_end_open() -> None:
    cut = bands({"cuts": [0, 18, 65, 85]})
    assert labels(cut, "0", "17", "18", "64", "65", "84", "85", "110") == [
        "0-17 år",
        "0-17 år",
        "18-64 år",
        "18-64 år",
        "65-84 år",
        "65-84 år",
        "85+ år",
        "85+ år",
    ]


def test_what_lies_below_all_cuts_is_a_band() -> None:
    cut = bands({"cuts": [10, 20]})
    assert labels(cut, "0", "9", "10", "20") == ["0-9 år", "0-9 år", "10-19 år", "20+ år"]


def test_the_top_is_one_band() -> None:
    top = bands({"width": 10, "top": 90})
    assert labels(top, "89", "90", "110") == ["80-89 år", "90+ år", "90+ år"]


def test_a_top_inside_a_band_cuts_it() -> None:
    assert labels(bands({"width": 10, "top": 95}), "90", "94", "95") == [
        "90-94 år",
        "90-94 år",
        "95+ år",
    ]


def test_the_bottom_is_one_band_and_cuts_the_next() -> None:
    bottom = bands({"width": 10, "bottom": 17})
    assert labels(bottom, "0", "17", "17.9", "18", "20") == [
        "0-17 år",
        "0-17 år",
        "0-17 år",
        "18-19 år",
        "20-29 år",
    ]


def test_single_numbers_have_no_unit_so_that_they_read_as_the_value_does() -> None:
    ones = bands({}, {"width": 1, "top": 95})
    assert labels(ones, "94", "95", "110") == ["94", "95+ år", "95+ år"]


def test_a_cut_of_one_number_is_written_as_that_number() -> None:
    assert labels(bands({"cuts": [0, 1, 3]}), "0", "1", "2") == ["0 år", "1-2 år", "1-2 år"]


def test_decimals_lie_below_the_next_bound() -> None:
    tenth = bands({"width": 0.1}, {"width": 0.2}, min=6, max=8, unit="")
    assert tenth.climb("7.25") == ("7.25", "7.2-<7.3", "7.2-<7.4", TOP)
    assert tenth.climb("6.3") == ("6.3", "6.3-<6.4", "6.2-<6.4", TOP)
    assert tenth.climb("7") == ("7", "7-<7.1", "7-<7.2", TOP)
    whole = bands({"width": 1}, {"cuts": [0, 1, 4]}, unit="mg")
    assert whole.climb("3.5") == ("3.5", "3", "1-3 mg", TOP)


def test_a_broken_cut_is_no_whole_number() -> None:
    assert labels(bands({"cuts": [0, 0.5, 1.5]}), "0.4", "0.5", "1", "1.5") == [
        "0-<0.5 år",
        "0.5-<1.5 år",
        "0.5-<1.5 år",
        "1.5+ år",
    ]


def test_large_numbers_are_written_out_so_that_two_bands_never_share_a_text() -> None:
    income = bands({"width": 1000}, min=1_234_000, max=1_237_000, unit="kr")
    assert labels(income, "1234567", "1235567") == ["1234000-1234999 kr", "1235000-1235999 kr"]


def test_missing_codes_stay_apart_until_nothing_is_told() -> None:
    both = bands({}, {"width": 10}, {"width": 50}, missing=["888", "999"])
    assert both.climb("999") == ("999", "999", "999", TOP)
    assert both.climb("888") == ("888", "888", "888", TOP)
    table = both.table(["999", "888", "50", None])
    assert table.labels[-2] == ("0-49 år", "50-99 år", "100-149 år", "888", "999", None)
    assert table.labels[-1] == (TOP,)


def test_a_missing_code_among_decimals_is_that_code() -> None:
    drug = bands({"width": 1}, {"width": 5}, max=30, missing=["999"])
    assert drug.climb("999.0") == ("999.0", "999", "999", TOP)
    assert drug.uncovered(["1.5", "999.0", "999"]) == frozenset()


@pytest.mark.parametrize("value", ["-1", "111", "110.5", "ung", "", "nan", "inf", "7,5", "998"])
def test_what_lies_outside_the_domain_has_no_band(value: str) -> None:
    age = bands({"width": 10}, missing=["999"])
    assert age.climb(value) is None
    assert age.uncovered([value, "50", None]) == {value}


def test_uncovered_values_are_counted_and_never_shown() -> None:
    with pytest.raises(
        DataError, match=r"2 distinct value\(s\) are not in hierarchy 'h'"
    ) as caught:
        bands({"width": 10}).table(["canary-1", "canary-2", "50"])
    assert "canary" not in str(caught.value)


def test_values_outside_the_written_domain_are_leaves_of_their_own() -> None:
    table = bands({"width": 10}, max=19).table(["3.5", None])
    assert table.leaves == 22
    assert table.labels[1] == ("0-9 år", "10-19 år", None)


@pytest.mark.parametrize(
    "levels",
    [
        ({"width": 5}, {"cuts": [0, 18, 65]}),
        ({"width": 10}, {"width": 25}),
        ({"width": 10, "top": 90}, {"width": 10, "top": 95}),
        ({"width": 10}, {"width": 20, "bottom": 17}),
        ({"width": 0.1}, {"width": 0.25}),
        ({"width": 2}, {"cuts": [0, 2.5]}),
        ({"width": 2}, {"width": 4, "top": 6.5}),
    ],
)
def test_a_band_that_straddles_two_coarser_ones_is_refused(levels: Any) -> None:
    with pytest.raises(DataError, match=r"has two parents on level 2 \(l1\)"):
        bands(*levels)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"levels": [{"name": "a", "width": 5, "cuts": [0]}]}, "give either 'width' or 'cuts'"),
        ({"levels": [{"name": "a", "cuts": [5, 0]}]}, "'cuts' must ascend"),
        ({"levels": [{"name": "a", "width": 0}]}, "greater than 0"),
        ({"levels": [{"name": "a", "width": 5, "bottom": 1.5}]}, "valid integer"),
        ({"levels": [{"name": "a", "width": 5}, {"name": "b"}]}, "only the first level"),
        ({"levels": []}, "at least 1 item"),
    ],
)
def test_bands_that_mean_nothing_are_refused(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        written(**{"kind": "bands", "min": 0, "max": 9, "unit": ""} | fields)


def dates(*levels: str) -> Hierarchy:
    definition = written(kind="dates", levels=levels)
    assert isinstance(definition, Dates)
    return from_dates(definition)


def test_a_date_climbs_as_iso_8601_writes_it() -> None:
    all_levels = dates("day", "month", "quarter", "year", "2 years", "4 years")
    assert all_levels.climb("2023-11-30") == (
        "2023-11-30",
        "2023-11",
        "2023-Q4",
        "2023",
        "2022-2023",
        "2020-2023",
        TOP,
    )
    assert all_levels.climb("0987-01-05") == (
        "0987-01-05",
        "0987-01",
        "0987-Q1",
        "0987",
        "0986-0987",
        "0984-0987",
        TOP,
    )


@pytest.mark.parametrize("value", ["", "30.11.2023", "2023-13-01", "2023-02-29", "2023"])
def test_what_is_no_date_has_no_place(value: str) -> None:
    assert dates("day", "month").climb(value) is None


@pytest.mark.parametrize("levels", [["year", "month"], ["month", "month"], ["4 years", "2 years"]])
def test_date_levels_grow_coarser(levels: list[str]) -> None:
    with pytest.raises(ValidationError, match="levels must grow coarser"):
        written(kind="dates", levels=levels)


def test_nodes_of_dates_are_known_without_their_values() -> None:
    some = dates("day", "month", "year", "2 years")
    texts = ["2023-11-30", "2023-11", "2023-Q4", "2023", "2022-2023", "2020-2023", TOP, "x"]
    assert some.nodes_from(0, texts) == {texts[i] for i in (0, 1, 3, 4, 6)}
    assert some.nodes_from(2, texts) == {"2023", "2022-2023", TOP}
    assert some.nodes_from(4, texts) == {TOP}


def prefixes(*lengths: int) -> Hierarchy:
    levels = [{"name": f"{length}", "length": length} for length in lengths]
    definition = written(kind="prefixes", levels=levels)
    assert isinstance(definition, Prefixes)
    return from_prefixes(definition)


def test_a_code_climbs_by_its_beginning() -> None:
    icd = prefixes(3, 1)
    assert icd.climb("I46.9") == ("I46.9", "I46", "I", TOP)
    assert icd.climb("I4") == ("I4", "I4", "I", TOP)
    assert icd.climb("") is None
    assert icd.nodes_from(1, ["I46.9", "I46", "I", TOP]) == {"I46", "I", TOP}
    assert icd.nodes_from(3, ["I46.9", "I46", "I", TOP]) == {TOP}


@pytest.mark.parametrize("lengths", [(1, 3), (3, 3)])
def test_a_longer_beginning_is_no_coarser_level(lengths: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="lengths must fall from level to level"):
        prefixes(*lengths)


def test_a_column_of_unknown_values_has_the_values_as_its_leaves() -> None:
    table = prefixes(3, 1).table(["I46.9", "I46.0", "J44", None])
    assert table.values == ("I46.0", "I46.9", "J44", None)
    assert table.labels[1] == ("I46", "J44", None)
    assert table.labels[-1] == (TOP,)


def test_a_column_of_nothing_but_missing_has_one_leaf() -> None:
    table = prefixes(3, 1).table([None])
    assert table.values == (None,)
    assert table.labels == ((None,), (None,), (None,), (TOP,))


def groups(*levels: dict[str, list[str]], **fields: Any) -> Hierarchy:
    named = [{"name": f"l{n}", "groups": level} for n, level in enumerate(levels)]
    definition = written(**{"kind": "groups", "levels": named} | fields)
    assert isinstance(definition, Groups)
    return from_groups(definition)


def test_groups_hold_every_value_once() -> None:
    place = groups(
        {"home": ["0"], "public": ["1", "3"], "999": ["999"]},
        {"known": ["0", "1", "3"], "999": ["999"]},
    )
    assert place.domain == (
        ("0", "home", "known", TOP),
        ("1", "public", "known", TOP),
        ("3", "public", "known", TOP),
        ("999", "999", "999", TOP),
    )
    assert place.level_names == ("code", "l0", "l1", TOP)


def test_values_without_groups_have_themselves_and_nothing() -> None:
    assert groups(values=["1", "2"]).domain == (("1", TOP), ("2", TOP))


@pytest.mark.parametrize(
    "fields",
    [
        {"levels": [{"name": "l", "groups": {"a": ["1"], "b": ["1", "2"]}}], "values": ["1", "2"]},
        {"levels": [{"name": "l", "groups": {"a": ["1"]}}], "values": ["1", "2"]},
        {
            "levels": [
                {"name": "l", "groups": {"a": ["1"], "b": ["2"]}},
                {"name": "m", "groups": {"a": ["1"]}},
            ]
        },
    ],
)
def test_a_value_in_no_group_or_in_two_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="must hold every value exactly once"):
        written(kind="groups", **fields)
    with pytest.raises(ValidationError, match="give 'values' or 'levels'"):
        written(kind="groups")


def test_groups_that_cross_are_refused() -> None:
    with pytest.raises(DataError, match=r"'a' on level 1 \(l0\) has two parents"):
        groups({"a": ["1", "2"], "b": ["3"]}, {"c": ["1"], "d": ["2", "3"]})


def test_the_level_that_tells_nothing_is_added_where_it_is_not_written() -> None:
    assert from_rows("h", [("1", "low"), ("3", "high")]).level_names == (
        "level 0",
        "level 1",
        "level 2",
    )
    assert from_rows("h", [("1", TOP), ("3", TOP)]).level_names == ("level 0", "level 1")
    with pytest.raises(KeyError):
        from_rows("h", [("1", TOP)]).level("level 7")
