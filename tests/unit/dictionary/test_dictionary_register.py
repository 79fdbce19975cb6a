"""The register's codebook as a data dictionary."""

from __future__ import annotations

import pytest

from hsr_privacy.codebook import Codebook, Treatment, load_codebook
from hsr_privacy.dictionary import MISSING, Dictionary, Value, dictionary_of_register
from hsr_privacy.documents import Label

TITLE = Label(nb="Register", en="Registry")


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="module")
def register(codebook: Codebook) -> Dictionary:
    return dictionary_of_register(
        codebook, title=TITLE, unit=lambda unit: Label(nb=unit, en=unit.upper())
    )


def test_every_variable_is_there_in_the_codebooks_order(
    register: Dictionary, codebook: Codebook
) -> None:
    assert [field.name for field in register] == [variable.name for variable in codebook]
    assert register.title == TITLE


def test_codes_have_labels_and_kinds_of_missing_are_marked(register: Dictionary) -> None:
    sex = register["kjonn"]
    assert sex.kind == "integer"
    assert sex.codes[0] == Value("1", Label(nb="Mann", en="Man"))
    assert sex.missing == (Value("999", MISSING["999"], is_missing=True),)
    assert all(value.text != "777" for field in register for value in field.missing)


def test_numbers_have_units_limits_and_their_own_kinds_of_missing(register: Dictionary) -> None:
    age = register["alder"]
    assert (age.minimum, age.maximum) == (0, 110)
    assert age.unit == Label(nb="år", en="ÅR")
    assert age.missing == (Value("999", MISSING["999"], is_missing=True),)
    assert age.codes == ()


def test_what_a_variable_can_do_to_privacy_is_told(
    register: Dictionary, codebook: Codebook
) -> None:
    assert register["fnr"].role == "direct-identifier"
    assert register["alder"].role == "quasi-identifier"
    pseudonyms = {v.name for v in codebook if v.treatment is Treatment.PSEUDONYM}
    assert {field.name for field in register if field.role == "pseudonym"} == pseudonyms


def test_doubtful_descriptions_say_so_in_both_languages(
    register: Dictionary, codebook: Codebook
) -> None:
    for variable in codebook:
        note = register[variable.name].note
        assert note is not None
        assert note.nb.endswith("(ikke bekreftet)") is not variable.verified
        assert note.en.endswith("(not verified)") is not variable.verified
