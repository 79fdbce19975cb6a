"""The columns of an extract as a data dictionary."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.dictionary import MISSING, Dictionary, Value
from hsr_privacy.documents import Label
from hsr_privacy.extract import Extract
from hsr_privacy.formats import valid_names
from hsr_privacy.hierarchies import Hierarchy, load_hierarchies
from hsr_privacy.project import released_variables
from hsr_privacy.release.columns import Column, columns_of_extract
from hsr_privacy.release.dictionary import dictionary_of
from hsr_privacy.release.prepare import Prepared
from hsr_privacy.validation import with_removed

TITLE = Label(nb="Uttrekk", en="Extract")
APPROVED = [
    ("alder", "10 years"),
    ("kjonn", None),
    ("sted", "home, hospital or not"),
    ("hendelse_aar", None),
    ("t_rosc", "minutes"),
    ("laktat", None),
    ("bevitnet", None),
]


@pytest.fixture(scope="module")
def hierarchies() -> dict[str, Hierarchy]:
    return load_hierarchies()


@pytest.fixture(scope="module")
def codebook(hierarchies: dict[str, Hierarchy]) -> Codebook:
    return load_codebook(hierarchies=hierarchies)


@pytest.fixture(scope="module")
def columns(codebook: Codebook, hierarchies: dict[str, Hierarchy]) -> tuple[Column, ...]:
    approved = [one for one in APPROVED if one[0] in codebook]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    empty = pl.DataFrame({"a": [1]})
    return columns_of_extract(Prepared(empty, Extract.of(empty), variables, None), codebook)


@pytest.fixture(scope="module")
def extract(columns: tuple[Column, ...]) -> Dictionary:
    return dictionary_of(columns, title=TITLE)


def test_it_has_the_columns_in_their_order_and_the_event_as_key(
    extract: Dictionary, columns: tuple[Column, ...]
) -> None:
    assert [field.name for field in extract] == [column.name for column in columns]
    assert extract.key == ("event_lnr",)
    assert extract.name == "extract"
    assert extract["event_lnr"].unique
    assert extract["event_lnr"].required
    assert extract["event_lnr"].role == "pseudonym"
    assert not extract["person_lnr"].unique


def test_a_coarser_column_is_text_with_its_level_and_its_labels(extract: Dictionary) -> None:
    age = extract["alder"]
    assert age.kind == "text"
    assert age.detail == Label(nb="tiårsgrupper", en="ten-year bands")
    assert Value("25-34 år", Label(nb="25-34 år", en="25-34 years")) in age.codes
    assert (age.minimum, age.maximum, age.unit) == (None, None, None)
    home = next(value.label for value in extract["sted"].codes if value.text == "hjem")
    assert home == Label(nb="hjem", en="home")


def test_a_kept_column_is_what_the_codebook_says(extract: Dictionary) -> None:
    seen = extract["bevitnet"]
    assert seen.kind == "integer"
    assert seen.note == Label(nb="uendret", en="unchanged")
    assert Value("999", MISSING["999"], is_missing=True) in seen.missing


def test_minutes_are_whole_numbers_with_limits(extract: Dictionary) -> None:
    minutes = extract["t_rosc_min"]
    assert minutes.kind == "integer"
    assert minutes.unit is not None
    assert (minutes.minimum, minutes.maximum) == (-10_080, 10_080)
    assert minutes.plausible == (-720, 720)
    assert minutes.variable == "t_rosc"


def test_every_name_is_valid_in_every_program(extract: Dictionary) -> None:
    assert all(name == given for name, given in valid_names(extract).items())


def test_a_column_with_removed_cells_is_what_its_cells_are(columns: tuple[Column, ...]) -> None:
    column = next(one for one in columns if one.name == "t_rosc_min")
    assert column.rule is not None
    day = replace(column.rule, content="date", range=None)
    (field,) = dictionary_of((replace(column, rule=day),), title=TITLE)
    assert field.kind == "date"
    removed = replace(column, rule=with_removed(day, "998"))
    (field,) = dictionary_of((removed,), title=TITLE)
    assert field.kind == "text"
    assert field.pattern is not None
    assert field.pattern.endswith("|998")
