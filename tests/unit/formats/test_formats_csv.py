"""The CSV: read by spreadsheets and by us, and never carried out."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.dictionary import Dictionary, Field
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats import write_csv
from hsr_privacy.formats.delimited import defused_texts, restored
from hsr_privacy.tables import read_table
from tests.unit.formats.tables import DICTIONARY, TABLE


def of(table: pl.DataFrame) -> Dictionary:
    label = Label(nb="Noe", en="Something")
    return Dictionary("t", label, tuple(Field(name, label, "text") for name in table.columns))


def written(table: pl.DataFrame, path: Path, **options: bool) -> list[list[str]]:
    write_csv(table, of(table), path, **options)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


FORMULAS = [
    "=1+1",
    "+47 22",
    "-A1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\ufeff=1",
    "＝1",
    "=cmd|' /C calc'!A0",
    "'quoted",
    "-1+1",
    "--1",
    "-",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_could_carry_out_has_an_apostrophe_before_it(
    text: str, tmp_path: Path
) -> None:
    table = pl.DataFrame({text: [text]})
    assert written(table, tmp_path / "t.csv") == [["'" + text], ["'" + text]]


@pytest.mark.parametrize("text", ["0301", "-5", "-1,25", "-0.5", "A=1", "1-2", "år", " blank", ""])
def test_other_texts_stand_as_they_are(text: str, tmp_path: Path) -> None:
    assert written(pl.DataFrame({"a": [text, "x"]}), tmp_path / "t.csv")[1:] == [[text], ["x"]]


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8)))
def test_one_apostrophe_less_and_every_text_is_as_it_was(texts: list[str]) -> None:
    defused = pl.DataFrame({"a": defused_texts(texts)}, {"a": pl.String})
    assert defused.select(restored(pl.col("a")))["a"].to_list() == texts


def test_numbers_stay_numbers_and_missing_cells_are_empty(tmp_path: Path) -> None:
    table = pl.DataFrame({"a": [-5, None], "b": [-1.5, 0.25], "c": [None, "x"]})
    path = tmp_path / "t.csv"
    assert written(table, path)[1:] == [["-5", "-1,5", ""], ["", "0,25", "x"]]
    assert written(table, path, decimal_comma=False)[1:] == [["-5", "-1.5", ""], ["", "0.25", "x"]]


def test_lines_end_alike_and_the_mark_stands_first_where_it_is_asked_for(tmp_path: Path) -> None:
    table, path = pl.DataFrame({"a": ["å", "b"]}), tmp_path / "t.csv"
    written(table, path)
    assert path.read_bytes() == "a\nå\nb\n".encode()
    written(table, path, bom=True)
    assert path.read_bytes() == "\ufeffa\nå\nb\n".encode()


def test_quotes_separators_and_line_ends_are_read_back(tmp_path: Path) -> None:
    texts = ["a;b", 'say "x"', "two\nlines", "return\rhere", "comma, here"]
    rows = written(pl.DataFrame({"a": texts, "b": ["z"] * 5}), tmp_path / "t.csv")
    assert [row[0] for row in rows[1:]] == texts


def test_our_own_commands_read_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_csv(TABLE, DICTIONARY, path)
    table, form = read_table(path)
    assert form.delimiter == ";"
    assert table.columns == TABLE.columns
    assert table["kjonn"].to_list() == ["1", "2", "999", None]
    assert table["laktat"].to_list() == ["1,25", None, "998,0", "0,5"]
    assert table["lnr"].to_list() == ["00A1", "0B22", "'-C33", "'=D44"]
    assert table["merknad"].to_list() == ['blåbær; "søt"', "linje\nto", "", None]
    assert table["dag"].to_list()[0] == "2024-02-29"


def test_it_is_what_releases_have_written_so_far(tmp_path: Path) -> None:
    plain = TABLE.drop("lnr")
    kept = Dictionary("t", DICTIONARY.title, tuple(f for f in DICTIONARY if f.name != "lnr"))
    write_csv(plain, kept, tmp_path / "new.csv")
    plain.write_csv(tmp_path / "old.csv", separator=";", decimal_comma=True)
    assert (tmp_path / "new.csv").read_bytes() == (tmp_path / "old.csv").read_bytes()


def test_a_table_that_is_not_the_described_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not described: \[\], not there: \['stor'\]"):
        write_csv(TABLE.drop("stor"), DICTIONARY, tmp_path / "t.csv")
    with pytest.raises(DataError, match="the order"):
        write_csv(TABLE.select(reversed(TABLE.columns)), DICTIONARY, tmp_path / "t.csv")
    assert not list(tmp_path.iterdir())
