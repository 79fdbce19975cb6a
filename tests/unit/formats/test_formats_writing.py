"""All formats at once: the same everywhere, the same again, and nothing in them that names a person."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from hsr_privacy.dictionary import Dictionary, Field
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats import FILES, write_all, write_parquet
from hsr_privacy.scanning import scan
from tests.unit.formats.tables import DICTIONARY, TABLE

DAY = dt.date(2026, 3, 1)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("all")
    paths = write_all(TABLE, DICTIONARY, out, written=DAY)
    assert tuple(path.relative_to(out).name for path in paths) == FILES
    return out


def test_every_format_is_written_and_nothing_else(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == set(FILES)


def test_same_table_dictionary_and_day_same_bytes(folder: Path, tmp_path: Path) -> None:
    time.sleep(1.05)
    write_all(TABLE, DICTIONARY, tmp_path, written=DAY)
    assert digests(tmp_path) == digests(folder)


def test_another_day_changes_what_bears_a_day_and_no_data(folder: Path, tmp_path: Path) -> None:
    write_all(TABLE, DICTIONARY, tmp_path, written=dt.date(2026, 3, 2))
    first, second = digests(folder), digests(tmp_path)
    assert {name for name in FILES if first[name] != second[name]} == {
        "extract.dta",
        "extract.sav",
        "codebook.xlsx",
    }


def test_the_search_for_identifiers_looks_into_every_file_and_finds_nothing(folder: Path) -> None:
    report = scan([folder])
    assert not report.findings
    assert not report.unread
    assert report.files >= len(FILES)


def test_the_search_would_find_one(tmp_path: Path) -> None:
    table = TABLE.with_columns(merknad=pl.lit("ring 912 34 567"))
    write_all(table, DICTIONARY, tmp_path, written=DAY)
    found = {Path(finding.file).name for finding in scan([tmp_path]).findings}
    assert found == {"extract.parquet", "extract.csv", "extract.dta", "extract.sav"}


def test_parquet_keeps_the_table_and_says_what_its_columns_are(folder: Path) -> None:
    path = folder / "extract.parquet"
    assert pl.read_parquet(path).equals(TABLE)
    assert pl.read_parquet(path).schema == TABLE.schema
    schema = pq.read_schema(path)
    assert schema.metadata[b"title:en"] == b"Sample extract"
    told = {key.decode(): text.decode() for key, text in schema.field("kjonn").metadata.items()}
    assert told["label:nb"] == "Kjønn"
    assert told["label:en"] == "Sex"
    assert json.loads(told["values"])[0] == {"value": "1", "nb": "Mann", "en": "Man"}
    assert json.loads(told["missing"]) == [{"value": "999", "nb": "Ukjent", "en": "Unknown"}]
    band = schema.field("band").metadata
    assert band[b"detail:en"] == b"ten-year bands"
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_parquet_of_a_table_without_rows(tmp_path: Path) -> None:
    write_parquet(TABLE.head(0), DICTIONARY, tmp_path / "t.parquet")
    assert pl.read_parquet(tmp_path / "t.parquet").schema == TABLE.schema


def test_a_table_that_is_not_the_described_one_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not those of the dictionary 'prove'"):
        write_all(TABLE.drop("tom"), DICTIONARY, tmp_path, written=DAY)
    assert not list(tmp_path.iterdir())


def test_no_cell_stands_in_an_error(tmp_path: Path) -> None:
    label = Label(nb="Noe", en="Something")
    dictionary = Dictionary("t", label, (Field("a", label, "text"),))
    for cells in (["SECRET" * 400], [2**60 + 7], [{"x": "SECRET"}]):
        with pytest.raises(DataError) as refused:
            write_all(pl.DataFrame({"a": cells}), dictionary, tmp_path, written=DAY)
        assert "SECRET" not in str(refused.value)
        assert str(2**60 + 7) not in str(refused.value)
        assert refused.value.__cause__ is None
