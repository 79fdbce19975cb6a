"""All measures of a table at once: what they say, refuse, and never show."""

from __future__ import annotations

import json
import math
from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.risk import AttackRisk, PopulationTable, assess, measure

# Classes: (M, 70) persons a b c, (F, 70) person d twice, (F, None) persons e and a, (M, 998) person f.
TABLE: dict[str, list[Any]] = {
    "person": ["a", "b", "c", "d", "d", "e", "a", "f"],
    "sex": ["M", "M", "M", "F", "F", "F", "F", "M"],
    "age": ["70", "70", "70", "70", "70", None, None, "998"],
    "cause": [1, 1, 2, 3, 3, 4, None, 1],
}
ASKED: dict[str, Any] = {
    "quasi_identifiers": ["sex", "age"],
    "person": "person",
    "sensitive": ["cause"],
}


def test_both_readings_of_a_small_table() -> None:
    found = measure(pl.DataFrame(TABLE), **ASKED)
    assert (found.rows, found.persons, found.classes, found.wild_cells) == (8, 6, 4, 3)
    own, wild = found.own_category, found.wildcard
    assert (own.k, own.unique_persons) == (1, 2)
    assert own.prosecutor == AttackRisk(1.0, 4 / 7, 1.0)
    # d agrees with e and a; the three of (M, 70) with f.
    assert (wild.k, wild.unique_persons) == (3, 0)
    assert wild.prosecutor.maximum == 1 / 3
    assert wild.prosecutor.average == pytest.approx((3 / 4 + 1 / 3 + 2 / 3 + 1 / 4) / 7)
    assert [
        (one.least, one.classes, one.persons, one.rows) for one in wild.sizes if one.classes
    ] == [
        (3, 2, 3, 4),
        (4, 2, 4, 4),
    ]


def test_sensitive_columns_are_measured_by_both_readings() -> None:
    found = measure(pl.DataFrame(TABLE), **ASKED)
    own, wild = (one.sensitive["cause"] for one in (found.own_category, found.wildcard))
    assert (own.distinct_l, own.homogeneous_classes, own.persons_in_homogeneous) == (1, 2, 2)
    # Men: 1 1 2 1; women: 3 3 4 and one without a cause.
    assert (wild.distinct_l, wild.homogeneous_classes) == (2, 0)
    assert wild.alpha == 3 / 4
    assert own.order == "numbers"


def test_a_table_without_a_missing_cell_reads_one_way() -> None:
    whole = pl.DataFrame(TABLE).head(5)
    found = measure(whole, **ASKED)
    assert found.wild_cells == 0
    assert found.own_category == found.wildcard


def test_what_a_suppressed_cell_reads_is_said_by_the_caller() -> None:
    table = pl.DataFrame({"age": ["70", "70", "*"]})
    found = measure(table, quasi_identifiers=["age"], suppressed="*")
    assert (found.own_category.k, found.wildcard.k) == (1, 3)
    assert measure(table, quasi_identifiers=["age"], suppressed=None).wildcard.k == 1


def test_numbers_may_be_suppressed_by_a_code_too() -> None:
    for ages in ([70, 70, 998], [70.0, 70.0, 998.0], [70.5, 70.5, 998.0]):
        found = measure(pl.DataFrame({"age": ages}), quasi_identifiers=["age"])
        assert (found.wild_cells, found.own_category.k, found.wildcard.k) == (1, 1, 3)


def test_the_short_report_says_the_same() -> None:
    found, short = measure(pl.DataFrame(TABLE), **ASKED), assess(pl.DataFrame(TABLE), **ASKED)
    own = found.own_category
    assert (own.k, own.sizes, own.unique_persons) == (short.k, short.sizes, short.unique_persons)
    assert (own.prosecutor, own.journalist, own.marketer) == (
        short.prosecutor,
        short.journalist,
        short.marketer,
    )
    assert own.sensitive["cause"].distinct_l == short.distinct_l["cause"]


def test_a_mandatory_register_shows_the_journalist_what_it_shows_the_prosecutor() -> None:
    found = measure(pl.DataFrame(TABLE), **ASKED)
    assert found.sampling_fraction == 1
    for reading in (found.own_category, found.wildcard):
        assert reading.journalist == reading.prosecutor
    assert found.individual is not None
    assert found.individual.exact.average == pytest.approx(found.own_category.prosecutor.average)
    assert found.uniqueness.uniques == 2


def test_in_a_sample_the_journalist_is_less_sure() -> None:
    found = measure(pl.DataFrame(TABLE), **ASKED, sampling_fraction=0.5)
    for reading in (found.own_category, found.wildcard):
        assert reading.journalist.average < reading.prosecutor.average
        assert reading.marketer.average == reading.journalist.average
    assert found.own_category.journalist.maximum == pytest.approx(math.log(2))
    assert found.individual is not None
    assert found.individual.exact == found.own_category.journalist
    assert set(found.uniqueness.models) == {"pitman", "zayatz", "snb"}
    assert found.special_uniques is not None
    assert found.special_uniques.dis_fraction == 0.5


def test_dis_suda_may_have_a_fraction_of_its_own() -> None:
    found = measure(pl.DataFrame(TABLE), **ASKED, dis_fraction=0.01).special_uniques
    assert found is not None
    assert found.dis_fraction == 0.01
    assert found.dis == pytest.approx(2 * 0.01 / (2 * 0.01 + 2 * 0.99))


def test_a_population_is_compared_where_one_is_given() -> None:
    people = PopulationTable(
        pl.DataFrame({"sex": ["M", "F"], "age": ["70", "70"], "n": [40, 2]}), "n", "by hand"
    )
    found = measure(pl.DataFrame(TABLE), **ASKED, population=people).population
    assert found is not None
    assert (found.k, found.columns) == (2, ("sex", "age"))
    assert measure(pl.DataFrame(TABLE), **ASKED).population is None


def test_secrets_may_be_told_apart_on_a_coarser_level() -> None:
    causes = from_rows(
        "cause", [(str(n), "heart" if n < 4 else "other", "*") for n in (1, 2, 3, 4)]
    )
    asked = {**ASKED, "hierarchies": {"cause": causes}}
    fine = measure(pl.DataFrame(TABLE), **asked).own_category.sensitive["cause"]
    coarse = measure(pl.DataFrame(TABLE), **asked, secret_levels={"cause": 1})
    assert (fine.order, fine.homogeneous_classes) == ("hierarchy", 2)
    assert coarse.own_category.sensitive["cause"].homogeneous_classes == 3


def test_an_extract_brings_its_person_along() -> None:
    extract = Extract.of(pl.DataFrame(TABLE), person="person")
    assert measure(extract, quasi_identifiers=["sex"]).persons == 6
    assert measure(pl.DataFrame(TABLE), quasi_identifiers=["sex"]).persons == 8


def test_a_sensitive_quasi_identifier_is_known_in_every_class() -> None:
    found = measure(pl.DataFrame(TABLE), quasi_identifiers=["cause"], sensitive=["cause"])
    assert found.own_category.sensitive["cause"].homogeneous_classes == found.classes


def test_nobody_means_no_risk_and_nothing_to_rank() -> None:
    empty = pl.DataFrame(schema={"sex": pl.String, "age": pl.String, "cause": pl.Int64})
    found = measure(empty, quasi_identifiers=["sex", "age"], sensitive=["cause"])
    assert (found.rows, found.persons, found.classes) == (0, 0, 0)
    for reading in (found.own_category, found.wildcard):
        assert (reading.k, reading.prosecutor, reading.sensitive) == (0, AttackRisk(0, 0, 0), {})
    assert (found.individual, found.special_uniques, found.ranking) == (None, None, None)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False)) == found.to_json()


def test_everybody_alike_is_one_class() -> None:
    found = measure(
        pl.DataFrame({"sex": [None] * 4, "cause": ["x"] * 4}),
        quasi_identifiers=["sex"],
        sensitive=["cause"],
        sampling_fraction=0.2,
    )
    assert (found.classes, found.own_category.k, found.wildcard.k) == (1, 4, 4)
    assert found.own_category.sensitive["cause"].persons_in_homogeneous == 4
    assert found.uniqueness.chosen == "zayatz"
    assert found.uniqueness.uniques == 0


def test_one_row_is_one_unique_person() -> None:
    found = measure(pl.DataFrame({"sex": ["M"], "age": [None]}), quasi_identifiers=["sex", "age"])
    assert (found.own_category.k, found.own_category.unique_persons) == (1, 1)
    assert found.special_uniques is not None
    assert found.special_uniques.minimal == (2, 0)


@pytest.mark.parametrize("wrong", ["quasi_identifiers", "sensitive", "person"])
def test_a_column_that_does_not_exist_is_named(wrong: str) -> None:
    asked = {**ASKED, wrong: "alder" if wrong == "person" else ["alder"]}
    with pytest.raises(DataError, match="no column 'alder'"):
        measure(pl.DataFrame(TABLE), **asked)


def test_without_a_quasi_identifier_there_is_nothing_to_measure() -> None:
    with pytest.raises(DataError, match="no quasi-identifier"):
        measure(pl.DataFrame(TABLE), quasi_identifiers=[])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threshold", -0.1),
        ("threshold", math.nan),
        ("sampling_fraction", 0),
        ("dis_fraction", 0.0),
        ("dis_fraction", 2.0),
    ],
)
def test_a_share_that_is_none_is_refused(name: str, value: float) -> None:
    asked = {**ASKED, name: value}
    with pytest.raises(DataError, match=r"fraction|threshold"):
        measure(pl.DataFrame(TABLE), **asked)


def test_no_cell_is_in_the_result() -> None:
    data = pl.DataFrame(
        {
            "place": ["canary-1", "canary-2", "canary-1", None],
            "cause": ["canary-3", None, "canary-4", "canary-5"],
            "who": ["canary-6", "canary-7", "canary-8", "canary-9"],
        }
    )
    people = PopulationTable(
        pl.DataFrame({"place": ["canary-1"], "n": [5]}), "n", "Statistics Norway"
    )
    found = measure(
        data,
        quasi_identifiers=["place"],
        sensitive=["cause"],
        person="who",
        population=people,
        sampling_fraction=0.5,
    )
    text = json.dumps(found.to_json(), allow_nan=False)
    assert "canary" not in text + repr(found)
    assert json.loads(text)["own_category"]["sensitive"]["cause"]["distinct_l"] == 1
