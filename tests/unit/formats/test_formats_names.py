"""Names of columns: kept where every program allows them, and otherwise spelled so that all do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.codebook import load_codebook
from hsr_privacy.dictionary import Dictionary, Field
from hsr_privacy.documents import Label
from hsr_privacy.formats import told, valid_names
from hsr_privacy.formats.names import LONGEST, RESERVED, is_valid


def called(*names: str) -> Dictionary:
    label = Label(nb="Noe", en="Something")
    return Dictionary("t", label, tuple(Field(name, label, "text") for name in names))


def test_every_variable_of_the_register_keeps_its_name() -> None:
    names = [variable.name for variable in load_codebook()]
    minutes = [f"{name}_min"[:LONGEST] for name in names if name.startswith("t_")]
    assert list(valid_names(called(*names, *minutes)).values()) == [*names, *minutes]


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("Løpenr.", "Loepenr"),
        ("år", "aar"),
        ("Ærfugl", "Aerfugl"),
        ("café au lait", "cafe_au_lait"),
        ("2024", "v_2024"),
        ("_pred", "pred"),
        ("if", "v_if"),
        ("WITH", "v_WITH"),
        ("str12", "v_str12"),
        ("a" * 40, "a" * 32),
        ("日本", "v"),
        ("=1+1", "v_1_1"),
        ("slutt_", "slutt"),
    ],
)
def test_others_are_spelled_with_what_is_allowed(name: str, becomes: str) -> None:
    assert valid_names(called(name)) == {name: becomes}


def test_names_that_differ_by_case_alone_are_numbered() -> None:
    assert valid_names(called("alder", "Alder", "ALDER")) == {
        "alder": "alder",
        "Alder": "Alder_2",
        "ALDER": "ALDER_3",
    }


def test_a_valid_name_is_kept_beside_one_that_would_become_it() -> None:
    assert valid_names(called("år", "aar")) == {"år": "aar_2", "aar": "aar"}


@settings(max_examples=50)
@given(st.lists(st.text(max_size=50), unique=True, max_size=12))
def test_whatever_the_names_are_each_gets_one_that_is_valid_and_its_own(names: list[str]) -> None:
    given_names = valid_names(called(*names))
    assert list(given_names) == names
    assert all(map(is_valid, given_names.values()))
    assert len({name.lower() for name in given_names.values()}) == len(names)
    assert not {name.lower() for name in given_names.values()} & RESERVED
    assert all(
        given_names[name] == name
        or not is_valid(name)
        or name.lower() in {other.lower() for other in names if other != name}
        for name in names
    )


def test_a_new_name_is_told_in_the_note() -> None:
    first, second = told(called("if", "alder"))
    assert first.note == Label(
        nb="Heter v_if i Stata og SPSS.", en="Called v_if in Stata and SPSS."
    )
    assert second.note is None
