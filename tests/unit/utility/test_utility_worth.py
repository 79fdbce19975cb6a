"""The worth of an extract: with and without originals, what is refused, and no cell anywhere."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.project import ProportionAnalysis, YesOrNo, released_variables
from hsr_privacy.utility import (
    NO_ORIGINAL,
    NOT_ALIGNED,
    OWN,
    Words,
    own_analyses,
    words_of,
    worth,
)
from tests.unit.utility.tables import TREES, drawn, told


def plain(value: Any) -> bool:
    """Whether JSON has it, all through."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return value is None or isinstance(value, str | int | float | bool)


def protected(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with some removed and some cells suppressed."""
    number = pl.col("event").str.slice(1).cast(pl.Int64)
    hidden = pl.when(number % 11 == 0).then(pl.lit("998"))
    return rows.with_columns(town=hidden.otherwise(pl.col("town"))).filter(number % 13 != 0)


@pytest.mark.parametrize("original", [True, False])
def test_everything_is_plain_numbers_lists_and_names(original: bool) -> None:
    rows = drawn(600)
    found = told(protected(rows), rows if original else None, person="person").to_json()
    assert plain(found)
    json.dumps(found, allow_nan=False)
    assert set(found) == {
        "losses", "distances", "suppression", "analyses", "registered", "reason",
    }  # fmt: skip
    assert (found["distances"] is None) is not original
    assert found["losses"]["granularity"] == pytest.approx(1 - found["losses"]["loss"], abs=1e-6)


def test_without_originals_the_rest_says_why() -> None:
    found = told(protected(drawn(300)), None)
    assert found.reason == NO_ORIGINAL
    assert found.distances is None
    assert found.losses.suppressed_cells > 0


def test_rows_that_nothing_tells_apart_are_aligned_only_if_they_are_as_many() -> None:
    rows = drawn(300).drop("event")
    assert told(rows, rows).reason == ""
    found = told(rows.head(200), rows)
    assert found.reason == NOT_ALIGNED
    assert found.losses.suppressed_rows == pytest.approx(1 / 3)
    assert found.suppression.rows is None


def test_a_released_row_without_an_original_is_refused() -> None:
    rows = drawn(50)
    with pytest.raises(DataError, match=r"3 released row\(s\) have no original"):
        told(rows, rows.head(47))


@pytest.mark.parametrize("side", ["released", "before"])
def test_an_event_that_stands_twice_is_refused(side: str) -> None:
    rows = drawn(50)
    twice = pl.concat([rows, rows.head(1)])
    with pytest.raises(DataError, match="'event' has a value twice"):
        told(*((twice, rows) if side == "released" else (rows, twice)))


def test_a_quasi_identifier_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataError, match="no column 'income'"):
        told(drawn(20), None, quasi_identifiers=["income"])


@pytest.mark.parametrize("original", [True, False])
def test_an_extract_without_rows_is_worth_nothing(original: bool) -> None:
    rows = drawn(40)
    found = told(rows.head(0), rows if original else None)
    json.dumps(found.to_json(), allow_nan=False)
    assert found.losses.classes == 0
    assert found.losses.loss == (1 if original else 0)


def test_extras_of_the_originals_are_no_matter() -> None:
    rows = drawn(300)
    more = rows.with_columns(owner_key=pl.lit(b"\x00\x01"), note=pl.lit("x"))
    assert told(protected(rows), more).to_json() == told(protected(rows), rows).to_json()


def test_the_register_runs_its_own_where_none_is_registered() -> None:
    rng = np.random.default_rng(1)
    rows = pl.DataFrame(
        {
            "event_type": rng.integers(1, 3, 500),
            "overlevd_30d": rng.integers(0, 2, 500),
            "tilskuer_hlr": rng.integers(0, 4, 500),
        }
    )
    found = worth(rows, rows, quasi_identifiers=["event_type"], hierarchies={}, levels={})
    assert not found.registered
    assert [one.name for one in found.analyses] == [
        "survival_30d", "survival_30d_outside", "survival_30d_inside", "bystander_cpr",
    ]  # fmt: skip
    assert len(own_analyses(["overlevd_30d"])) == 1
    assert len({one.name for one in OWN}) == len(OWN)


def test_registered_analyses_are_said_to_be_so() -> None:
    rows = drawn(100)
    one = ProportionAnalysis(
        name="one", label=Label(nb="x", en="x"), outcome=YesOrNo(variable="alive", values=("1",))
    )
    found = told(rows, rows, analyses=[one])
    assert found.registered
    assert [run.name for run in found.analyses] == ["one"]


def test_the_register_names_its_columns_codes_and_numbers(codebook: Codebook) -> None:
    trees = load_hierarchies()
    variables = released_variables(
        [("kjonn", None), ("bostedskommune", "health region"), ("t_rosc", "minutes")],
        codebook=codebook,
        hierarchies=trees,
    )
    words = words_of(variables, codebook)
    assert words.column("kjonn") == Label(nb="Kjønn", en="Sex")
    assert words.value("kjonn", "2") == Label(nb="Kvinne", en="Woman")
    assert words.value("bostedskommune", "Helse Nord", 3) is not None
    assert words.value("bostedskommune", "Atlantis", 3) is None
    assert words.numbers == frozenset({"t_rosc_min"})


def test_where_values_are_not_listed_only_coarse_ones_have_names() -> None:
    words = Words(hierarchies={"day": load_hierarchies()["event_date"]})
    assert words.value("day", "2020-03-01", 0) is None
    assert words.value("day", "2020-03", 1) is not None
    assert words.value("day", "2020-03", 2) is None


CANARY = "kanari-83"


@pytest.mark.parametrize("where", ["released", "both", "many"])
@pytest.mark.parametrize("column", ["town", "sex", "helped", "alive", "person", "age"])
def test_no_cell_gets_into_what_is_told(where: str, column: str) -> None:
    """A text that no code list has, in one cell or in every third, before and after."""
    rows = drawn(900).with_columns(pl.col("age", "helped", "alive").cast(pl.String))
    every = 3 if where == "many" else 400
    number = pl.col("event").str.slice(1).cast(pl.Int64)
    hit = pl.when(number % every == 1).then(pl.lit(CANARY)).otherwise(pl.col(column))
    spoilt = rows.with_columns(hit.alias(column))
    alive = YesOrNo(variable="alive", values=("1",))
    analyses = [
        ProportionAnalysis(
            name="one", label=Label(nb="x", en="x"), outcome=alive, by=("town", "sex", "helped")
        ).model_copy()
    ]
    before = rows if where == "released" else spoilt
    found = told(
        protected(spoilt), before, person="person", analyses=analyses, subgroups=list(TREES)
    )
    text = json.dumps(found.to_json(), ensure_ascii=False) + repr(found)
    assert CANARY not in text
    assert "e17" not in json.dumps(found.to_json()).replace("e-17", "")


def test_what_few_have_is_no_name() -> None:
    rows = drawn(600)
    rare = rows.with_columns(
        town=pl.when(pl.col("event").is_in(["e1", "e2", "e3"]))
        .then(pl.lit("d"))
        .otherwise(pl.col("town").replace("d", "c"))
    )
    alive = YesOrNo(variable="alive", values=("1",))
    one = ProportionAnalysis(name="one", label=Label(nb="x", en="x"), outcome=alive, by=("town",))
    found = told(rare, rare, analyses=[one])
    (figure,) = [f for f in found.analyses[0].figures if f.name == "group:town:d"]
    assert (figure.before, figure.after) == (None, None)
