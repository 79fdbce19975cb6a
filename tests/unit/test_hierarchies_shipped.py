"""The shipped hierarchies cover the shipped codebook, and say what they stand for."""

from __future__ import annotations

import datetime as dt

import pytest

from hsr_privacy import load_codebook, load_hierarchies
from hsr_privacy.codebook import Codebook, Type, Variable
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import TOP, Hierarchy
from hsr_privacy.hierarchies.definition import Bands
from hsr_privacy.hierarchies.hierarchy import from_bands

HIERARCHIES = load_hierarchies()
CODEBOOK: Codebook = load_codebook(hierarchies=HIERARCHIES)
WITH_HIERARCHY = [variable for variable in CODEBOOK if variable.hierarchy is not None]
NO_COUNTY = {"21", "22", "23"}
"""First digits of Svalbard, Jan Mayen and the continental shelf."""
MISSING = {"888", "998", "999"}


def hierarchy_of(variable: Variable) -> Hierarchy:
    assert variable.hierarchy is not None
    return HIERARCHIES[variable.hierarchy]


def written_values(variable: Variable) -> list[str]:
    """Every value that the codebook allows, as far as it can be counted."""
    values = [str(code.code) for code in CODEBOOK.codes(variable)]
    values += [str(code) for code in variable.missing]
    span = variable.range
    if variable.type is Type.INTEGER and span is not None:
        assert span.min is not None
        assert span.max is not None
        last = min(int(span.max), 2032) if variable.name == "hendelse_aar" else int(span.max)
        values += [str(number) for number in range(int(span.min), last + 1)]
    if variable.type is Type.DECIMAL and span is not None:
        assert span.min is not None
        assert span.max is not None
        steps = range(round(span.min * 100), round(span.max * 100) + 1)
        values += [str(step / 100) for step in steps]
    return values


@pytest.mark.parametrize("variable", WITH_HIERARCHY, ids=lambda variable: variable.name)
def test_every_value_of_a_variable_has_a_place(variable: Variable) -> None:
    hierarchy = hierarchy_of(variable)
    assert not sorted(hierarchy.uncovered(written_values(variable)))
    hierarchy.table([*written_values(variable), None]).check()


@pytest.mark.parametrize("variable", WITH_HIERARCHY, ids=lambda variable: variable.name)
def test_kinds_of_missing_stay_apart_until_nothing_is_told(variable: Variable) -> None:
    hierarchy = hierarchy_of(variable)
    values = written_values(variable)
    table = hierarchy.table([*values, None])
    for level in range(table.levels - 1):
        label = {
            v: table.labels[level][n] for v, n in zip(table.values, table.nodes[level], strict=True)
        }
        for code in MISSING & set(values):
            assert label[code] == code
            assert [value for value in label if label[value] == code] == [code]
        assert [value for value in label if label[value] is None] == [None]
    assert table.labels[-1] == (TOP,)


@pytest.mark.parametrize("name", HIERARCHIES)
def test_a_hierarchy_has_names_and_ends_in_nothing(name: str) -> None:
    hierarchy = HIERARCHIES[name]
    assert hierarchy.level_names[-1] == TOP
    assert len(set(hierarchy.level_names)) == len(hierarchy.level_names)
    assert all(len(row) == len(hierarchy.level_names) for row in hierarchy.domain)
    assert {row[-1] for row in hierarchy.domain} <= {TOP}
    assert name in {variable.hierarchy for variable in CODEBOOK}


@pytest.mark.parametrize("name", HIERARCHIES)
def test_english_is_given_for_texts_that_are_released(name: str) -> None:
    hierarchy = HIERARCHIES[name]
    released = {text for row in hierarchy.domain for text in row[1:]}
    assert set(hierarchy.english) <= released
    texts = list(hierarchy.english.values())
    assert len(set(texts)) == len(texts)
    assert all(texts)


def test_ages_climb_as_decision_2_says() -> None:
    age = HIERARCHIES["age"]
    assert age.level_names[1:] == ("1 year, 95+", "5 years", "10 years", "age group", TOP)
    rows = {row[0]: row[1:] for row in age.domain}
    assert rows["17"] == ("17", "0-17 år", "0-17 år", "0-17 år", TOP)
    assert rows["18"] == ("18", "18-19 år", "18-24 år", "18-64 år", TOP)
    assert rows["64"] == ("64", "60-64 år", "55-64 år", "18-64 år", TOP)
    assert rows["65"] == ("65", "65-69 år", "65-74 år", "65-84 år", TOP)
    assert rows["84"] == ("84", "80-84 år", "75-84 år", "65-84 år", TOP)
    assert rows["95"] == ("95+ år", "90+ år", "85+ år", "85+ år", TOP)
    assert rows["999"] == ("999", "999", "999", "999", TOP)


@pytest.mark.parametrize(("width", "straddles"), [(10, "10-19"), (5, "15-19")])
def test_plain_bands_and_the_groups_of_ages_cannot_stand_in_one_tree(
    width: int, straddles: str
) -> None:
    levels = [{"name": "bands", "width": width}, {"name": "groups", "cuts": [0, 18, 65, 80]}]
    fields = {"name": "age", "kind": "bands", "min": 0, "max": 110, "unit": "år", "source": "x"}
    written = fields | {"label": {"nb": "x", "en": "x"}, "levels": levels}
    with pytest.raises(DataError, match=f"'{straddles} år' on level 1 .* has two parents"):
        from_bands(Bands.model_validate(written))


def test_no_released_age_tells_of_a_single_very_old_person() -> None:
    age = HIERARCHIES["age"]
    for level in range(1, len(age.level_names)):
        labels = {row[level] for row in age.domain if row[0] != "999" and int(row[0]) >= 95}
        assert len(labels) == 1


def test_shockable_is_what_the_rules_call_shockable() -> None:
    rhythm = {row[0]: row[1] for row in HIERARCHIES["rhythm"].domain}
    assert {code for code, group in rhythm.items() if group == "sjokkbar"} == {"1", "2", "5"}


def test_municipalities_of_every_year_have_one_county_of_today() -> None:
    place = HIERARCHIES["municipality"]
    assert place.level_names == (
        "municipality",
        "municipality 2024",
        "county",
        "health region",
        TOP,
    )
    rows = {row[0]: row for row in place.domain}
    # Halden under Østfold, then Viken, then Østfold again: one municipality.
    assert {rows[code][1:3] for code in ("0101", "3001", "3101")} == {("3101", "Østfold")}
    assert rows["0301"][1:] == ("0301", "Oslo", "Helse Sør-Øst", TOP)
    today = dt.date(2024, 6, 1)
    valid = [code for code in rows if is_valid(place, code, today) and code[:2] <= "56"]
    valid = [code for code in valid if code[:2] not in NO_COUNTY]
    assert len(valid) == 357
    assert {rows[code][1] for code in valid} == set(valid)
    assert len({rows[code][2] for code in valid}) == 15
    assert {rows[code][3] for code in valid} == {
        "Helse Sør-Øst",
        "Helse Vest",
        "Helse Midt-Norge",
        "Helse Nord",
    }


@pytest.mark.parametrize(
    ("year", "count"), [(2013, 428), (2017, 426), (2019, 422), (2021, 356), (2024, 357)]
)
def test_as_many_municipalities_are_valid_as_norway_had(year: int, count: int) -> None:
    place = HIERARCHIES["municipality"]
    day = dt.date(year, 6, 1)
    mainland = [row[0] for row in place.domain if not row[0].startswith(("21", "22", "23", "99"))]
    assert sum(is_valid(place, code, day) for code in mainland) == count


def test_only_a_split_municipality_lies_in_no_known_county() -> None:
    place = HIERARCHIES["municipality"]
    unknown = {row[0] for row in place.domain if row[2] == "Ukjent"}
    today = {code for code in unknown if is_valid(place, code, dt.date(2024, 6, 1))}
    assert today == {"2311", "2321", "9999"}  # the continental shelf, and not stated
    assert all(row[3] == "Ukjent" for row in place.domain if row[2] == "Ukjent")
    assert "1850" in unknown  # Tysfjord, split between Narvik and Hamarøy in 2020


def test_hospitals_and_trusts_agree_on_the_region() -> None:
    trusts = {row[0]: row[1] for row in HIERARCHIES["trust"].domain}
    assert len(trusts) == len(HIERARCHIES["trust"].domain)
    regions = {"Helse Sør-Øst", "Helse Vest", "Helse Midt-Norge", "Helse Nord"}
    assert regions < set(trusts.values())
    assert regions < {row[2] for row in HIERARCHIES["hospital"].domain}
    assert {row[1] for row in HIERARCHIES["amk_centre"].domain} == regions


def is_valid(place: Hierarchy, code: str, day: dt.date) -> bool:
    first, last = place.validity[code]
    return (first is None or first <= day) and (last is None or day <= last)


def test_numbers_of_places_have_names() -> None:
    assert HIERARCHIES["municipality"].names["0301"].startswith("Oslo")
    assert len(HIERARCHIES["hospital"].names) == len(HIERARCHIES["hospital"].domain)
    assert HIERARCHIES["trust"].names["883971752"] == "Sunnaas HF"
