"""The .sav file, read back by a reader that is not ours."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats import write_spss
from tests.unit.formats.tables import DICTIONARY, TABLE

WRITTEN = dt.datetime.fromisoformat("2026-03-01T12:30:00")


def read(path: Path) -> tuple[pl.DataFrame, Any]:
    return pyreadstat.read_sav(path, output_format="polars", user_missing=True)


def write(
    path: Path, table: pl.DataFrame = TABLE, dictionary: Dictionary = DICTIONARY
) -> tuple[pl.DataFrame, Any]:
    write_spss(table, dictionary, path, written=WRITTEN)
    return read(path)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, Any]:
    return write(tmp_path_factory.mktemp("spss") / "t.sav")


def test_cells_come_back_as_they_were(file: tuple[pl.DataFrame, Any]) -> None:
    table, _ = file
    assert table.columns == TABLE.columns
    for name in ("lnr", "kjonn", "alder", "min", "laktat", "dag", "tid", "stor", "uten"):
        assert table[name].to_list() == TABLE[name].to_list(), name
    for name in ("band", "rytme", "merknad", "tom"):
        assert table[name].to_list() == TABLE[name].fill_null("").to_list(), name


def test_labels_say_both_languages(file: tuple[pl.DataFrame, Any]) -> None:
    _, about = file
    assert about.column_names_to_labels["kjonn"] == "Kjønn / Sex"
    assert about.column_names_to_labels["laktat"] == "Laktat / Lactate"
    assert about.variable_value_labels["kjonn"] == {
        1: "Mann / Man",
        2: "Kvinne / Woman",
        999: "Ukjent / Unknown",
    }
    assert about.variable_value_labels["band"]["60-69 år"] == "60-69 år / 60-69 years"
    assert about.file_label == "Prøveuttrekk"


def test_the_other_language_may_stand_first(tmp_path: Path) -> None:
    write_spss(TABLE, DICTIONARY, tmp_path / "t.sav", language="en", written=WRITTEN)
    _, about = read(tmp_path / "t.sav")
    assert about.column_names_to_labels["kjonn"] == "Sex / Kjønn"
    assert about.file_label == "Sample extract"


def test_kinds_of_missing_are_user_missing_in_texts_too(file: tuple[pl.DataFrame, Any]) -> None:
    _, about = file

    def codes(name: str) -> list[Any]:
        return [one["lo"] for one in about.missing_ranges[name] if one["lo"] == one["hi"]]

    assert codes("min") == [888, 998, 999]
    assert codes("kjonn") == [999]
    assert codes("alder") == codes("uten") == [998]
    assert codes("band") == codes("tom") == ["998"]


def test_a_reader_that_takes_user_missing_for_missing_finds_none_of_the_codes(
    tmp_path: Path,
) -> None:
    write(tmp_path / "t.sav")
    table, _ = pyreadstat.read_sav(tmp_path / "t.sav", output_format="polars")
    assert table["min"].to_list() == [-12, 0, None, None]
    assert table["alder"].to_list() == [67, None, 3, None]


def test_measures_widths_and_formats_are_told(file: tuple[pl.DataFrame, Any]) -> None:
    _, about = file
    assert about.variable_measure["kjonn"] == "nominal"
    assert about.variable_measure["band"] == "nominal"
    assert about.variable_measure["alder"] == about.variable_measure["dag"] == "scale"
    assert (
        about.original_variable_types["merknad"] == "A16"
    )  # bytes of UTF-8: three letters have two
    assert about.original_variable_types["laktat"] == "F10.2"
    assert about.original_variable_types["alder"] == "F8.0"
    assert about.original_variable_types["dag"] == "SDATE10"
    assert about.original_variable_types["tid"] == "DATETIME20"


def test_what_has_no_place_in_a_label_stands_in_the_documents(tmp_path: Path) -> None:
    long = Label(nb="ørret " * 12, en="trout " * 12)
    field = Field(
        "a", Label(nb="fjord " * 30, en="fiord " * 30), "integer", values=(Value("1", long),)
    )
    dictionary = Dictionary("t", Label(nb="Tittel", en="Title"), (field,))
    _, about = write(tmp_path / "t.sav", pl.DataFrame({"a": [1]}), dictionary)
    assert about.column_labels == [" ".join(["fjord"] * 30)]
    assert about.variable_value_labels["a"][1].startswith("ørret ørret")
    assert all(len(line.encode()) <= 80 for line in about.notes)
    text = " ".join(about.notes)
    assert f"a: 1 = {' '.join(['ørret'] * 12)} / {' '.join(['trout'] * 12)}" in " ".join(
        text.split()
    )
    assert "fiord fiord" in text
    assert "998 removed for disclosure control" in text


def test_a_hard_word_is_broken_and_others_are_not(file: tuple[pl.DataFrame, Any]) -> None:
    text = " ".join(file[1].notes)
    assert "min: Enhet / Unit: minutter / minutes" in text
    assert "band: Detaljnivå / Level of detail: tiårsgrupper / ten-year bands" in text


def test_no_rows_are_no_rows(tmp_path: Path) -> None:
    table, about = write(tmp_path / "t.sav", TABLE.head(0))
    assert table.height == 0
    assert about.column_names == TABLE.columns


def test_long_texts_come_back_whole(tmp_path: Path) -> None:
    texts = ["æ" * 300, "b" * 255, "c" * 256, "998"]
    dictionary = Dictionary("t", DICTIONARY.title, (DICTIONARY["band"],))
    table, _ = write(tmp_path / "t.sav", pl.DataFrame({"band": texts}), dictionary)
    assert table["band"].to_list() == texts


def test_the_header_bears_the_given_moment_and_not_the_clock(tmp_path: Path) -> None:
    _, about = write(tmp_path / "first.sav")
    assert about.creation_time == WRITTEN
    time.sleep(1.05)
    write(tmp_path / "second.sav")
    assert (tmp_path / "first.sav").read_bytes() == (tmp_path / "second.sav").read_bytes()


def test_four_kinds_of_missing_are_one_too_many(tmp_path: Path) -> None:
    label = Label(nb="Noe", en="Something")
    values = tuple(Value(str(code), label, is_missing=True) for code in range(996, 1000))
    dictionary = Dictionary("t", label, (Field("a", label, "integer", values=values),))
    with pytest.raises(DataError, match="column 'a' has 4 kinds of missing"):
        write(tmp_path / "t.sav", pl.DataFrame({"a": [1]}), dictionary)
    assert not list(tmp_path.iterdir())


def test_a_clock_time_with_a_zone_is_written_in_utc(tmp_path: Path) -> None:
    label = Label(nb="Tid", en="Time")
    dictionary = Dictionary("t", label, (Field("a", label, "datetime"),))
    cells = pl.Series("a", [dt.datetime.fromisoformat("2024-07-01T10:00:00")]).dt.replace_time_zone(
        "Europe/Oslo"
    )
    table, _ = write(tmp_path / "t.sav", cells.to_frame(), dictionary)
    assert table["a"].to_list() == [dt.datetime.fromisoformat("2024-07-01T08:00:00")]
