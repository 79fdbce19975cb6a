"""What is learned from, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DataError
from hsr_privacy.learned.columns import Kind
from hsr_privacy.learned.reading import Original, read_original
from hsr_privacy.synthesis import synthesize_register
from tests.unit.learned.events import arrests


def original(folder: Path, table: pl.DataFrame, codebook: Codebook, **asked: Any) -> Original:
    path = folder / "events.csv"
    table.write_csv(path)
    return read_original(path, codebook=codebook, **asked)


def refusal(folder: Path, table: pl.DataFrame, codebook: Codebook, **asked: Any) -> str:
    with pytest.raises(DataError) as refused:
        original(folder, table, codebook, **asked)
    return str(refused.value)


def test_a_csv_and_a_parquet_of_the_same_rows_read_the_same(
    tmp_path: Path, codebook: Codebook
) -> None:
    table = arrests()
    table.write_parquet(tmp_path / "events.parquet")
    one = original(tmp_path, table, codebook)
    other = read_original(tmp_path / "events.parquet", codebook=codebook)
    assert one.table.equals(other.table)
    assert [c.kind for c in one.columns] == [c.kind for c in other.columns]


def test_every_column_is_what_the_codebook_says(tmp_path: Path, codebook: Codebook) -> None:
    read = original(tmp_path, arrests(), codebook)
    kinds = {c.name: c.kind for c in read.columns}
    assert kinds["kjonn"] is Kind.CATEGORY
    assert kinds["alder"] is Kind.NUMBER
    assert kinds["t_rosc"] is Kind.TIME
    assert read.named("alder").codes == ("999",)
    assert 999 not in read.table["alder"].to_list()
    assert read.ids == ("person_lnr",)


def test_bands_of_an_extract_are_categories(tmp_path: Path, codebook: Codebook) -> None:
    bands = arrests().with_columns(
        pl.when(pl.col("alder") < 65)
        .then(pl.lit("0-64 år"))
        .otherwise(pl.lit("65+ år"))
        .alias("alder")
    )
    column = original(tmp_path, bands, codebook).named("alder")
    assert (column.kind, column.generalized) == (Kind.CATEGORY, True)


def test_faults_are_told_at_once_by_column_and_never_by_cell(
    tmp_path: Path, codebook: Codebook
) -> None:
    table = arrests().with_columns(
        pl.lit("Canary Nordmann").alias("navn"),
        pl.lit("canary text").alias("fritekst_kommentar"),
        pl.lit(1).alias("kjon"),
        pl.lit(1).alias("sjokk_gitt"),
        pl.lit(None, dtype=pl.Int64).alias("amiodaron"),
        pl.lit(4711).alias("sivilstand"),
        pl.int_range(pl.len()).cast(pl.String).str.zfill(11).alias("dgn_icd10"),
    )
    told = refusal(tmp_path, table, codebook)
    assert "7 column(s) cannot be learned" in told
    assert "'navn' identifies persons or is free text" in told
    assert "'fritekst_kommentar' identifies persons or is free text" in told
    assert "'kjon' is not in the codebook; did you mean 'kjonn'?" in told
    assert "'sjokk_gitt': has the same value in every row" in told
    assert "'amiodaron': has no value in any row" in told
    assert f"'sivilstand': {table.height} cell(s) hold codes that the code list" in told
    assert "'dgn_icd10'" in told
    assert "national identifiers" in told
    assert "anary" not in told
    assert "4711" not in told


def test_a_text_that_is_different_in_every_row_is_no_category(
    tmp_path: Path, codebook: Codebook
) -> None:
    table = arrests().with_columns(
        ("note " + pl.int_range(pl.len()).cast(pl.String)).alias("amk_sentral")
    )
    assert "free text or an identifier" in refusal(tmp_path, table, codebook)


def test_a_column_can_be_left_out(tmp_path: Path, codebook: Codebook) -> None:
    table = arrests().with_columns(pl.lit(1).alias("sjokk_gitt"))
    read = original(tmp_path, table, codebook, leave_out=["sjokk_gitt"])
    assert "sjokk_gitt" not in read.order
    told = refusal(tmp_path, table, codebook, leave_out=["sjok_gitt"])
    assert "no column 'sjok_gitt' to leave out; did you mean 'sjokk_gitt'?" in told


def test_whoever_chose_to_be_left_out_is_with_all_rows(tmp_path: Path, codebook: Codebook) -> None:
    table = arrests().with_row_index()
    twice = table.filter(pl.col("person_lnr").is_duplicated())["person_lnr"][0]
    first = table.filter(pl.col("person_lnr") == twice)["index"][0]
    flagged = table.with_columns((pl.col("index") == first).cast(pl.Int8).alias("reservasjon"))
    read = original(tmp_path, flagged.drop("index"), codebook)
    assert read.rows_left_out == 2
    assert read.table.height == table.height - 2
    assert "reservasjon" not in read.order


@pytest.mark.parametrize(
    ("yes", "no"),
    [(1, 0), (1.0, 0.0), (True, False), ("1", "0"), ("1.0", " 0 "), (Decimal(1), Decimal(0))],
)
@pytest.mark.parametrize("column", ["reservasjon", "sperret", "slettet"])
def test_a_choice_counts_however_its_code_is_written(
    tmp_path: Path, codebook: Codebook, column: str, yes: Any, no: Any
) -> None:
    table = arrests()
    said = [yes if n < 50 else None if n < 60 else no for n in range(table.height)]
    flagged = table.drop("person_lnr").with_columns(pl.Series(column, said))
    flagged.write_parquet(tmp_path / "a.parquet")
    read = read_original(tmp_path / "a.parquet", codebook=codebook, rows_are_persons=True)
    assert read.rows_left_out == 50


@pytest.mark.parametrize("no", [0.0, False, "0.0", 0])
def test_who_did_not_consent_is_left_out_and_who_was_not_asked_is_kept(
    tmp_path: Path, codebook: Codebook, no: Any
) -> None:
    table = arrests().drop("person_lnr")
    said = pl.Series("samtykke", [no if n < 50 else None for n in range(table.height)])
    table.with_columns(said).write_parquet(tmp_path / "a.parquet")
    read = read_original(tmp_path / "a.parquet", codebook=codebook, rows_are_persons=True)
    assert (read.rows_left_out, read.table.height) == (50, 850)


@pytest.mark.parametrize(
    "said", ["Ja", "true", "1,0", "x", "01017012345", 7, 0.5, dt.date(2020, 1, 1), [1]]
)
def test_a_choice_that_cannot_be_read_stops_the_work_and_is_not_shown(
    tmp_path: Path, codebook: Codebook, said: Any
) -> None:
    table = arrests()
    cells = pl.Series("reservasjon", [said if n < 3 else None for n in range(table.height)])
    table.with_columns(cells).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError) as refused:
        read_original(tmp_path / "a.parquet", codebook=codebook)
    told = str(refused.value).removeprefix(str(tmp_path))
    assert "column 'reservasjon': 3 cell(s)" in told
    assert "Ja" not in told
    assert "01017012345" not in told


def test_leaving_out_the_column_of_a_choice_or_of_persons_does_not_undo_it(
    tmp_path: Path, codebook: Codebook
) -> None:
    table = arrests().with_row_index()
    twice = table.filter(pl.col("person_lnr").is_duplicated())["person_lnr"][0]
    first = table.filter(pl.col("person_lnr") == twice)["index"][0]
    flagged = table.with_columns((pl.col("index") == first).cast(pl.Int8).alias("reservasjon"))
    flagged = flagged.drop("index")
    read = original(tmp_path, flagged, codebook, leave_out=["reservasjon"])
    assert (read.rows_left_out, read.table.height) == (2, table.height - 2)
    alone = original(tmp_path, flagged, codebook, leave_out=["person_lnr"], rows_are_persons=True)
    assert alone.rows_left_out == 2


def test_a_table_without_a_heading_shows_no_cell_of_its_first_patient(
    tmp_path: Path, codebook: Codebook
) -> None:
    path = tmp_path / "events.csv"
    for first in ("01017012345,canary,71,2020-01-01T03:04:05,8", "kjon,canary,Canary_nordmann"):
        path.write_text(f"{first}\n{first}\n", encoding="utf-8")
        told = []
        for asked in ({"rows_are_persons": True}, {"person": "canarx"}, {"leave_out": ["kjox"]}):
            with pytest.raises(DataError) as refused:
                read_original(path, codebook=codebook, **asked)
            told.append(str(refused.value).replace(str(path), ""))
        assert all("is the heading missing?" in one for one in told)
        assert "column 1 is not in the codebook" in told[0]
        assert not [cell for cell in first.split(",") if len(cell) > 1 and cell in "".join(told)]


def test_an_unknown_column_is_named_only_if_it_looks_like_a_name(
    tmp_path: Path, codebook: Codebook
) -> None:
    table = arrests().rename({"arsak": "01017012345"}).with_columns(pl.lit(1).alias("kjon"))
    told = refusal(tmp_path, table, codebook)
    assert "column 13 is not in the codebook" in told
    assert "column 'kjon' is not in the codebook; did you mean 'kjonn'?" in told
    assert "01017012345" not in told
    assert "heading" not in told


def test_without_persons_nobody_can_be_held_out(tmp_path: Path, codebook: Codebook) -> None:
    table = arrests().drop("person_lnr")
    assert "no column tells persons apart" in refusal(tmp_path, table, codebook)
    read = original(tmp_path, table, codebook, rows_are_persons=True)
    assert read.persons.n_unique() == table.height


def test_too_few_persons_are_refused_with_the_number_that_is_needed(
    tmp_path: Path, codebook: Codebook
) -> None:
    assert "290 persons, and 300 are needed" in refusal(tmp_path, arrests(319), codebook)


def test_a_folder_of_persons_and_events_is_joined(tmp_path: Path, codebook: Codebook) -> None:
    table = arrests()
    people = table.select("person_lnr", "kjonn", "sentralitet").unique("person_lnr", keep="first")
    people.write_csv(tmp_path / "persons.csv")
    table.drop("kjonn", "sentralitet").write_csv(tmp_path / "events.csv")
    read = read_original(tmp_path, codebook=codebook)
    assert read.two_tables
    assert read.table.height == table.height
    assert {"kjonn", "sentralitet", "arsak"} <= set(read.order)
    people.head(10).write_csv(tmp_path / "persons.csv")
    with pytest.raises(DataError, match=r"event\(s\) have no person"):
        read_original(tmp_path, codebook=codebook)
    (tmp_path / "persons.csv").unlink()
    with pytest.raises(DataError, match=r"there is no persons\.csv"):
        read_original(tmp_path, codebook=codebook)


def test_deliveries_are_linked_and_name_nobody(codebook: Codebook, tmp_path: Path) -> None:
    synthesize_register(
        tmp_path / "deliveries", events=900, first_year=2013, last_year=2025, seed=1, layout="oqr"
    )
    read = read_original(tmp_path / "deliveries", codebook=codebook)
    assert 800 <= read.table.height <= 900
    assert read.person == "person_key"
    names = {column.name for column in read.columns}
    assert {"alder", "t_anrop", "overlevd_30d", "forste_rytme"} <= names
    assert not names & {"fnr", "navn", "amis_hendelsesnr", "fritekst_kommentar"}
