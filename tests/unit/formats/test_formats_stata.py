"""The .dta file, read by two readers that are not ours."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyreadstat
import pytest

from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats import Language, write_stata
from tests.unit.formats.tables import DICTIONARY, TABLE, alone

WRITTEN = dt.datetime.fromisoformat("2026-03-01T12:30:00")


def read(path: Path) -> tuple[pl.DataFrame, Any]:
    return pyreadstat.read_dta(path, output_format="polars", user_missing=True)


def write(
    path: Path,
    table: pl.DataFrame = TABLE,
    dictionary: Dictionary = DICTIONARY,
    language: Language = "en",
) -> Path:
    write_stata(table, dictionary, path, language=language, written=WRITTEN)
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("stata") / "t.dta")


def characteristics(path: Path) -> dict[tuple[str, str], str]:
    """The texts beside the variables, by owner and name, read by the layout of the format."""
    found = {}
    whole = path.read_bytes()
    part = whole[whole.index(b"<characteristics>") : whole.index(b"</characteristics>")]
    for entry in re.finditer(rb"<ch>(....)", part, re.DOTALL):
        size = int.from_bytes(entry[1], "little")
        content = part[entry.end() : entry.end() + size]
        assert part[entry.end() + size :].startswith(b"</ch>")
        owner, name = (content[at : at + 129].split(b"\0")[0].decode() for at in (0, 129))
        found[owner, name] = content[258:].rstrip(b"\0").decode()
    return found


def test_cells_come_back_as_they_were(file: Path) -> None:
    table, _ = read(file)
    assert table.columns == TABLE.columns
    assert table["lnr"].to_list() == TABLE["lnr"].to_list()
    assert table["merknad"].to_list() == ['blåbær; "søt"', "linje\nto", "", ""]
    assert table["dag"].to_list() == TABLE["dag"].to_list()
    assert table["tid"].to_list() == TABLE["tid"].to_list()
    assert table["stor"].to_list() == TABLE["stor"].to_list()


def test_kinds_of_missing_are_letters_and_an_empty_cell_is_none(file: Path) -> None:
    table, about = read(file)
    assert table["kjonn"].to_list() == [1, 2, "c", None]
    assert table["alder"].to_list() == [67, "b", 3, None]
    assert table["min"].to_list() == [-12, 0, "a", "c"]
    assert table["laktat"].to_list() == [1.25, None, "b", 0.5]
    assert table["band"].to_list() == ["60-69 år", "998", "0-9 år", ""]
    assert table["uten"].to_list() == [None] * 4
    assert about.variable_value_labels["min"] == {
        "a": "Not applicable",
        "b": "Removed for disclosure control",
        "c": "Unknown",
    }


def test_a_second_reader_says_the_same(file: Path) -> None:
    table = pd.read_stata(
        file, convert_categoricals=False, convert_missing=True, convert_dates=False
    )
    assert [str(cell) for cell in table["alder"]] == ["67", ".b", "3", "."]
    assert [str(cell) for cell in table["laktat"]] == ["1.25", ".", ".b", "0.5"]
    assert table["dag"][0] == (dt.date(2024, 2, 29) - dt.date(1960, 1, 1)).days
    with pd.read_stata(file, iterator=True) as reader:
        assert reader.data_label == "Sample extract"
        assert reader.variable_labels()["kjonn"] == "Sex"
        labels = reader.value_labels()
    assert b"<timestamp>\x1101 Mar 2026 12:30</timestamp>" in file.read_bytes()
    assert labels["kjonn_nb"] == {1: "Mann", 2: "Kvinne", 2_147_483_624: "Ukjent"}
    assert labels["kjonn_en"] == {1: "Man", 2: "Woman", 2_147_483_624: "Unknown"}


def test_labels_of_the_other_language_wait_for_label_language(file: Path, tmp_path: Path) -> None:
    beside = characteristics(file)
    assert beside["_dta", "_lang_list"] == "en nb"
    assert beside["_dta", "_lang_c"] == "en"
    assert beside["_dta", "_lang_v_nb"] == "Prøveuttrekk"
    assert beside["kjonn", "_lang_v_nb"] == "Kjønn"
    assert beside["kjonn", "_lang_l_nb"] == "kjonn_nb"
    assert ("band", "_lang_l_nb") not in beside
    turned = characteristics(write(tmp_path / "nb.dta", language="nb"))
    assert turned["_dta", "_lang_list"] == "nb en"
    assert turned["kjonn", "_lang_v_en"] == "Sex"
    assert turned["kjonn", "_lang_l_en"] == "kjonn_en"
    _, about = read(tmp_path / "nb.dta")
    assert about.column_names_to_labels["kjonn"] == "Kjønn"
    assert about.variable_value_labels["kjonn"] == {1: "Mann", 2: "Kvinne", "c": "Ukjent"}


def test_labels_that_are_too_long_are_cut_at_a_word_and_whole_in_the_notes(file: Path) -> None:
    beside = characteristics(file)
    label = beside["min", "_lang_v_nb"]
    assert label == "Minutter fra anrop til en ambulanse er framme Minutter fra anrop til en…"
    assert len(label) <= 80
    assert " ".join(DICTIONARY["min"].label.nb.split()) in beside["min", "note1"]
    assert beside["min", "note2"] == "Unit / Enhet: minutes / minutter"
    assert beside["min", "note0"] == "2"
    assert beside["rytme", "note1"] == (
        "ikke sjokkbar = not shockable; sjokkbar = shockable; 999 = Unknown / Ukjent"
    )


def test_numbers_take_the_smallest_type_that_holds_them(file: Path) -> None:
    _, about = read(file)
    types = about.readstat_variable_types
    assert types["kjonn"] == types["alder"] == types["min"] == "int8"
    assert types["stor"] == "double"
    assert types["dag"] == "int16"
    assert about.original_variable_types["dag"] == "%tdCCYY-NN-DD"


@pytest.mark.parametrize("most", [100, 101, 32_740, 32_741, 2_147_483_620, 2_147_483_621, 2**53])
@pytest.mark.parametrize("sign", [1, -1])
def test_every_number_is_kept_beside_a_removed_one(most: int, sign: int, tmp_path: Path) -> None:
    table = pl.DataFrame({"alder": [sign * most, 998, None]}, {"alder": pl.Int64})
    _, dictionary = alone("alder")
    read_back, _ = read(write(tmp_path / "t.dta", table, dictionary))
    assert read_back["alder"].to_list() == [sign * most, "b", None]


def test_no_rows_are_no_rows(tmp_path: Path) -> None:
    table, about = read(write(tmp_path / "t.dta", TABLE.head(0)))
    assert table.height == 0
    assert about.column_names == TABLE.columns
    assert about.variable_value_labels["kjonn"][1] == "Man"


def test_more_rows_than_are_written_at_a_time(tmp_path: Path) -> None:
    table = pl.DataFrame({"alder": range(70_000), "band": [f"å{n}" for n in range(70_000)]})
    dictionary = Dictionary("t", DICTIONARY.title, (DICTIONARY["alder"], DICTIONARY["band"]))
    read_back = pl.from_pandas(
        pd.read_stata(write(tmp_path / "t.dta", table, dictionary), convert_categoricals=False)
    )
    assert read_back["band"].to_list() == table["band"].to_list()
    assert read_back["alder"].null_count() == 1  # 998 is a kind of missing here
    assert read_back["alder"].sum() == sum(range(70_000)) - 998


def test_the_header_bears_the_given_moment_and_not_the_clock(tmp_path: Path) -> None:
    first = write(tmp_path / "first.dta").read_bytes()
    time.sleep(1.05)
    assert write(tmp_path / "second.dta").read_bytes() == first


def test_further_kinds_of_missing_get_further_letters(tmp_path: Path) -> None:
    label = Label(nb="Annet", en="Other")
    values = tuple(Value(text, label, is_missing=True) for text in ("997", "998", "-9"))
    dictionary = Dictionary("t", label, (Field("a", label, "integer", values=values),))
    table, _ = read(write(tmp_path / "t.dta", pl.DataFrame({"a": [997, 998, -9, 5]}), dictionary))
    assert table["a"].to_list() == ["d", "b", "e", 5]


def test_more_kinds_of_missing_than_letters_are_refused(tmp_path: Path) -> None:
    label = Label(nb="Annet", en="Other")
    values = tuple(Value(str(code), label, is_missing=True) for code in range(900, 924))
    dictionary = Dictionary("t", label, (Field("a", label, "integer", values=values),))
    with pytest.raises(DataError, match="24 kinds of missing"):
        write(tmp_path / "t.dta", pl.DataFrame({"a": [900]}), dictionary)


def test_names_are_those_that_stata_allows(tmp_path: Path) -> None:
    label = Label(nb="Noe", en="Something")
    dictionary = Dictionary("t", label, (Field("år", label, "integer"), Field("if", label, "text")))
    path = write(tmp_path / "t.dta", pl.DataFrame({"år": [1], "if": ["x"]}), dictionary)
    assert read(path)[1].column_names == ["aar", "v_if"]
    assert "Called v_if in Stata" in characteristics(path)["v_if", "note1"]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([2**53 + 1], "more than 15 digits"),
        ([float("inf")], "infinity"),
        ([[1, 2]], "no type for"),
        (["x" * 2046], "2,045 bytes"),
    ],
)
def test_what_stata_cannot_hold_is_refused_by_the_name_of_the_column(
    cells: list[Any], why: str, tmp_path: Path
) -> None:
    label = Label(nb="Noe", en="Something")
    dictionary = Dictionary("t", label, (Field("a", label, "text"),))
    with pytest.raises(DataError, match=why) as refused:
        write(tmp_path / "t.dta", pl.DataFrame({"a": cells}), dictionary)
    assert "'a'" in str(refused.value)
    assert not list(tmp_path.iterdir())
