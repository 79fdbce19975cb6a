"""The codebook in rapwhale's columns: taken by its rules, and read back whole."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hsr_privacy.codebook import load_codebook
from hsr_privacy.dictionary import Dictionary, Field, Kind, Value, dictionary_of_register
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats import rapwhale_csv, read_rapwhale
from hsr_privacy.project.wording import unit_label
from tests.unit.formats.rapwhale_rules import COLUMNS, broken_rules
from tests.unit.formats.tables import DICTIONARY

TITLE = Label(nb="Register", en="Registry")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def row_of(text: str, name: str) -> dict[str, str]:
    return next(row for row in rows_of(text) if row["variabel_id"] == name)


def one(**about: object) -> Dictionary:
    field = Field("a", Label(nb="Noe", en="Something"), "integer")
    return Dictionary("t", TITLE, (replace(field, **about),))  # type: ignore[arg-type]


def without_echoes(dictionary: Dictionary) -> Dictionary:
    """A label that says only the value itself is none."""

    def plain(value: Value) -> Value:
        same = value.label == Label(nb=value.text, en=value.text)
        return replace(value, label=None) if same else value

    fields = (replace(f, values=tuple(map(plain, f.values))) for f in dictionary)
    return replace(dictionary, fields=tuple(fields))


def test_the_sample_is_taken_and_read_back_whole() -> None:
    text = rapwhale_csv(DICTIONARY)
    assert broken_rules(text) == []
    assert read_rapwhale(text) == without_echoes(DICTIONARY)


def test_the_whole_register_is_taken_and_read_back_whole() -> None:
    register = dictionary_of_register(load_codebook(), title=TITLE, unit=unit_label)
    text = rapwhale_csv(register)
    assert broken_rules(text) == []
    assert read_rapwhale(text) == without_echoes(register)


def test_a_coded_variable_has_a_row_per_value() -> None:
    rows = [row for row in rows_of(rapwhale_csv(DICTIONARY)) if row["variabel_id"] == "kjonn"]
    assert [(row["verdi"], row["verditekst"], row["manglande"]) for row in rows] == [
        ("1", "Mann", "nei"),
        ("2", "Kvinne", "nei"),
        ("999", "Ukjent", "ja"),
    ]
    assert {row["variabeltype"] for row in rows} == {"kategorisk"}
    assert "value-en: Man" in rows[0]["kommentar"]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("integer", "numerisk"),
        ("decimal", "numerisk"),
        ("text", "tekst"),
        ("date", "dato"),
        ("datetime", "dato_kl"),
    ],
)
def test_others_have_one_row_and_the_type_that_rapwhale_calls_it(kind: Kind, written: str) -> None:
    (row,) = rows_of(rapwhale_csv(one(kind=kind)))
    assert row["variabeltype"] == written
    assert row["desimalar"] == ("0" if kind == "integer" else "")


def test_limits_stand_in_their_columns_with_a_decimal_comma() -> None:
    limited = one(kind="decimal", minimum=0.5, maximum=20, plausible=(1, 7.25), unit=TITLE)
    row = row_of(rapwhale_csv(limited), "a")
    assert [row[n] for n in ("min", "maks", "min_rimeleg", "maks_rimeleg")] == [
        "0,5",
        "20",
        "1",
        "7,25",
    ]
    assert row["eining"] == "Register"


@pytest.mark.parametrize(
    "about",
    [
        {"minimum": 0, "maximum": 110, "values": (Value("999", TITLE, is_missing=True),)},
        {"minimum": 5, "maximum": 5},
        {"minimum": 5, "plausible": (1, None)},
        {"kind": "date", "minimum": 5},
        {"kind": "text", "unit": TITLE},
        {"values": (Value("1", TITLE), Value("2", TITLE)), "minimum": 1},
        {"values": (Value("1", TITLE),)},
        {"values": (Value("888", TITLE, is_missing=True), Value("999", is_missing=True))},
        {"kind": "text", "values": (Value("1"), Value("2"))},
        {"kind": "text", "values": (Value("=1", TITLE), Value("'2"), Value("|3\\: a", TITLE))},
        {"category": TITLE, "detail": TITLE, "description": TITLE, "note": TITLE, "pattern": "a|b"},
        {"label": Label(nb="=HYPERLINK()", en="| label-en: \\")},
    ],
)
def test_what_rapwhale_has_no_column_for_is_kept_in_the_comment(about: dict[str, object]) -> None:
    dictionary = one(**about)
    text = rapwhale_csv(dictionary)
    assert broken_rules(text) == []
    assert read_rapwhale(text) == dictionary


def test_codes_beyond_the_limits_keep_the_limits_out_of_their_columns() -> None:
    row = row_of(rapwhale_csv(DICTIONARY), "alder")
    assert (row["min"], row["maks"]) == ("", "")
    assert "min: 0 | max: 110" in row["kommentar"]
    assert row_of(rapwhale_csv(DICTIONARY), "min")["maks"] == "10080"


def test_categories_are_columns_only_where_every_variable_has_one() -> None:
    first = Field("a", TITLE, "text", category=Label(nb="Person", en="Person"))
    half = Dictionary("t", TITLE, (first, Field("b", TITLE, "text")))
    whole = Dictionary("t", TITLE, (first, Field("b", TITLE, "text", category=TITLE)))
    assert {row["kategori"] for row in rows_of(rapwhale_csv(half))} == {""}
    assert [row["kategori"] for row in rows_of(rapwhale_csv(whole))] == ["Person", "Register"]
    for dictionary in (half, whole):
        assert broken_rules(rapwhale_csv(dictionary)) == []
        assert read_rapwhale(rapwhale_csv(dictionary)) == dictionary


def test_a_name_that_rapwhale_does_not_take_is_spelled_and_read_back() -> None:
    dictionary = Dictionary("t", TITLE, (Field("Løpenr", TITLE, "text"),))
    text = rapwhale_csv(dictionary)
    assert row_of(text, "loepenr")["kommentar"].endswith("name: Løpenr | label-en: Registry")
    assert broken_rules(text) == []
    assert read_rapwhale(text) == dictionary


labels = st.builds(Label, nb=st.text("aå=|\\:;'\" ", min_size=1), en=st.text("b|\\: -", min_size=1))


@settings(max_examples=30)
@given(labels, labels, labels)
def test_whatever_the_labels_are_they_are_read_back(
    first: Label, second: Label, third: Label
) -> None:
    # pydantic takes blanks away from the ends, and a label of blanks alone is none.
    assume(all(text for label in (first, second, third) for text in (label.nb, label.en)))
    values = (Value("1", first), Value("2", second), Value("9", third, is_missing=True))
    dictionary = one(label=first, description=second, note=third, values=values)
    assert read_rapwhale(rapwhale_csv(dictionary)) == dictionary


def test_a_line_break_in_a_label_is_a_blank() -> None:
    text = rapwhale_csv(one(label=Label(nb="to\r\nlinjer", en="two\nlines")))
    assert len(text.splitlines()) == 2
    assert read_rapwhale(text)["a"].label == Label(nb="to linjer", en="two lines")


SPARSE = (
    "skjema_id;skjemanamn;variabel_id;variabeletikett;variabeltype;verdi;verditekst;desimalar;maks;"
    "kommentar;ekstra\n"
    "basis;Basisskjema;kjonn;Kjønn;kategorisk;1;Mann;;;;x\n"
    ";;;;;2;Kvinne;;;;x\n"
    ";;alder;Alder;numerisk;;;0;110;spør pårørende | ved behov;x\n"
    ";;vekt;;numerisk;;;1;0,5;;x\n"
    ";;dod;Død;boolsk;;;;;;x\n"
    ";;naar;Når;kl;;;;;;x\n"
)


def test_a_sparse_codebook_of_others_is_read() -> None:
    read = read_rapwhale("\ufeff" + SPARSE)
    assert read.name == "basis"
    assert read.title == Label(nb="Basisskjema", en="Basisskjema")
    assert [field.name for field in read] == ["kjonn", "alder", "vekt", "dod", "naar"]
    assert [field.kind for field in read] == ["integer", "integer", "decimal", "integer", "text"]
    assert read["kjonn"].values == (
        Value("1", Label(nb="Mann", en="Mann")),
        Value("2", Label(nb="Kvinne", en="Kvinne")),
    )
    assert read["alder"].maximum == 110
    assert read["alder"].note == Label(
        nb="spør pårørende | ved behov", en="spør pårørende | ved behov"
    )
    assert read["vekt"].maximum == 0.5
    assert read["vekt"].label.nb == "vekt"
    assert [value.text for value in read["dod"].values] == ["0", "1"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("variabeltype", "type", "line 1: the codebook has no column variabeltype"),
        ("boolsk", "flagg", "line 6: 'flagg' is no variabeltype"),
        ("0,5", "mye", "line 5: maks is no number"),
        (";;;;;2;Kvinne", ";;;;;;Kvinne", "line 3: a value of a coded variable has no verdi"),
        ("basis;Basisskjema;kjonn;", "basis;Basisskjema;;", "line 2: no variabel_id"),
        (";;alder", "annet;;alder", "the forms: basis, annet; name one"),
    ],
)
def test_what_cannot_be_is_told_by_its_line(old: str, new: str, told: str) -> None:
    assert SPARSE.count(old) == 1
    with pytest.raises(DataError, match=told):
        read_rapwhale(SPARSE.replace(old, new))


def test_one_form_of_several_can_be_read() -> None:
    several = SPARSE.replace(";;alder", "annet;;alder")
    assert [field.name for field in read_rapwhale(several, form="basis")] == ["kjonn"]
    assert read_rapwhale(several, form="annet").name == "annet"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("variabel_id;", "variabelid;", "columns"),
        (";tekst;;ja;ja;", ";streng;;ja;ja;", "variabeltype"),
        (";tekst;;ja;ja;", ";tekst;kg;ja;ja;", "a number's column filled for no number"),
        (";kategorisk;;nei;nei;1;Mann;", ";kategorisk;;nei;nei;2;Mann;", "verdi empty or twice"),
        (";Mann;", ";Kvinne;", "verditekst empty or twice"),
        (";Mann;nei;", ";Mann;no;", "ja and nei"),
        ("prove;Prøveuttrekk;;;alder;", "prove;Prøveuttrekk;;;Alder;", "variabel_id"),
        (";-10080;10080;", ";-10080;-20000;", "min < maks"),
        (";-720;720;", ";-720;20000;", "maks_rimeleg <= maks"),
        ("prove;Prøveuttrekk;;;lnr;", "prove;Annet;;;lnr;", "two names of a form"),
        (";Første rytme;;", ";Rytme;;", "two of variabeletikett"),
    ],
)
def test_the_rules_find_what_breaks_them(old: str, new: str, rule: str) -> None:
    text = rapwhale_csv(DICTIONARY)
    assert old in text
    assert rule in broken_rules(text.replace(old, new, 1))


def test_it_has_the_columns_in_their_order() -> None:
    assert rapwhale_csv(DICTIONARY).splitlines()[0].split(";") == COLUMNS
