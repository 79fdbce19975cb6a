"""Deliveries: the layouts that the sector uses, and every fault by file, column and row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.errors import ConfigError, DeliveryError
from hsr_privacy.registry import Deliveries, load_delivery_settings, read_deliveries

Deliver = Callable[..., Path]
SETTINGS = load_delivery_settings()
CANARY = "05815099999"  # a +80 month: it belongs to nobody


def read(folder: Path, codebook: Codebook) -> Deliveries:
    return read_deliveries(folder, codebook=codebook, settings=SETTINGS)


def refused(folder: Path, codebook: Codebook) -> str:
    with pytest.raises(DeliveryError) as caught:
        read(folder, codebook)
    text = str(caught.value)
    assert CANARY not in text
    return text


def columns(codebook: Codebook, form: str) -> list[str]:
    return [variable.name for variable in codebook.delivered_by(Source(form))]


def line(codebook: Codebook, form: str, delimiter: str, **cells: str) -> str:
    return delimiter.join(cells.get(name, "") for name in columns(codebook, form))


def test_an_mrs_dump_is_read(tmp_path: Path, codebook: Codebook) -> None:
    folder = tmp_path / "2024-01-15"
    folder.mkdir()
    heading = ";".join(columns(codebook, "ambulance"))
    cells = {
        "fnr": "05815012345",
        "t_stans": "01.03.2022 09:57:00",
        "sted": "Velg verdi",
        "adrenalin_mg": "3,5",
        "amb_hf": "983974724",
        "amk_sentral": '"Øst; Åse"',
        "navn": "Kari",
    }
    text = f"{heading};\r\n{line(codebook, 'ambulance', ';', **cells)};\r\n"
    path = folder / "DataDump_QA_Ambulanse_2024-01-15_0730.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    delivered = read(tmp_path, codebook)
    row = delivered.tables[Source.AMBULANCE].row(0, named=True)
    assert (row["fnr"], row["amk_sentral"], row["sted"]) == ("05815012345", "Øst; Åse", None)
    assert row["adrenalin_mg"] == 3.5
    assert "navn" not in row
    assert row["t_stans"].isoformat() == "2022-03-01T09:57:00"
    file = delivered.files[0]
    assert (file.form, file.layout, file.encoding, file.rows) == ("ambulance", "mrs", "utf-8", 1)
    assert file.path == "2024-01-15/DataDump_QA_Ambulanse_2024-01-15_0730.csv"


def test_an_oqr_dump_is_read_in_both_encodings(tmp_path: Path, codebook: Codebook) -> None:
    for place, encoding in (("ahus", "utf-8"), ("oslo", "windows-1252")):
        heading = ";".join(f'"{name}"' for name in columns(codebook, "hospital"))
        cells = {"opphold_id": '"Øst"', "ph": '"7,05"', "t_stans": '"2022-03-01 09:57:00"'}
        text = f"{heading}\n{line(codebook, 'hospital', ';', **cells)}\n"
        path = tmp_path / f"hjertestans_sykehus_datadump_2024-01-15_{place}.csv"
        path.write_bytes(text.encode(encoding))
    delivered = read(tmp_path, codebook)
    assert delivered.tables[Source.HOSPITAL]["opphold_id"].to_list() == ["Øst", "Øst"]
    assert delivered.tables[Source.HOSPITAL]["ph"].to_list() == [7.05, 7.05]
    assert [file.encoding for file in delivered.files] == ["utf-8", "windows-1252"]


def test_parquet_keeps_its_types_and_numbers_are_no_identifiers(
    tmp_path: Path, codebook: Codebook, deliver: Deliver
) -> None:
    folder = deliver(ambulance=[{"t_stans": "2022-03-01T09:57:00", "fnr": "05815012345"}])
    table = read(folder, codebook).tables[Source.AMBULANCE]
    (folder / "ambulance.csv").unlink()
    names = [pl.lit(None, pl.String).alias(name) for name in columns(codebook, "ambulance")]
    whole = table.with_columns(
        name for name in names if name.meta.output_name() not in table.columns
    )
    whole.write_parquet(folder / "ambulance.parquet")
    assert read(folder, codebook).tables[Source.AMBULANCE].equals(table)
    whole.with_columns(pl.col("fnr").cast(pl.Int64)).write_parquet(folder / "ambulance.parquet")
    assert "fnr: 1 cell(s) stored as Int64, not as String: row 2" in refused(folder, codebook)


def test_all_faults_are_told_at_once_by_column_and_row(
    codebook: Codebook, deliver: Deliver
) -> None:
    good = {"t_stans": "2022-03-01T09:57:00", "sted": "1"}
    folder = deliver(
        ambulance=[
            good,
            good | {"t_stans": CANARY},
            good | {"sted": "55", "antall_sjokk": "mange"},
            good | {"t_stans": "2022-02-30T00:00:00", "antall_sjokk": "41", "adrenalin_mg": "1,5"},
        ],
        register=[{"fodselsdato": "15.06.1950", "bostedskommune": "301"}],
    )
    text = refused(folder, codebook)
    assert "has 7 fault(s)" in text
    assert "ambulance.csv:3: t_stans: 2 cell(s) not a date and clock time" in text
    assert "row 3, 5" in text
    assert "ambulance.csv:4: sted: 1 cell(s) not in code list 'place': row 4" in text
    assert "ambulance.csv:4: antall_sjokk: 1 cell(s) not a whole number: row 4" in text
    assert "ambulance.csv:5: antall_sjokk: 1 cell(s) outside 0..40: row 5" in text
    assert "ambulance.csv:5: adrenalin_mg: 1 cell(s) not a number: row 5" in text
    assert "register.csv:2: fodselsdato: 1 cell(s) not a date" in text
    assert "register.csv:2: bostedskommune: 1 cell(s) not of the form [0-9]{4}: row 2" in text


def test_unknown_missing_and_duplicate_columns(codebook: Codebook, deliver: Deliver) -> None:
    folder = deliver(ambulance=[{"sted": "1"}])
    path = folder / "ambulance.csv"
    text = path.read_text().replace(",sted,", ",stde,").replace(",bevitnet,", ",luftvei,")
    path.write_text(text)
    told = refused(folder, codebook)
    assert "stde: unknown column for form 'ambulance'; did you mean 'sted'?" in told
    assert "sted: this column of form 'ambulance' is missing" in told
    assert "luftvei: this column stands twice" in told
    assert "bevitnet: this column of form 'ambulance' is missing" in told


def test_a_file_of_the_wrong_form(codebook: Codebook, deliver: Deliver) -> None:
    folder = deliver(ambulance=[{"sted": "1"}])
    (folder / "ambulance.csv").rename(folder / "hospital.csv")
    told = refused(folder, codebook)
    assert "its columns are those of form 'ambulance', its name says 'hospital'" in told
    assert "has 1 fault(s)" in told


def test_a_data_row_in_place_of_the_heading_is_not_shown(
    codebook: Codebook, deliver: Deliver
) -> None:
    folder = deliver(ambulance=[{"sted": "1"}])
    (folder / "ambulance.csv").write_text(f"{CANARY},Kari Nordmann\n")
    assert "Nordmann" not in refused(folder, codebook)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (
            b"fnr,navn\n1,\xe5se\n",
            "not utf-8, as layout 'csv' asks; 1 row(s) cannot be read: row 2",
        ),
        (b"PK\x03\x04\x00\x00", "not readable as a table"),
    ],
)
def test_an_unreadable_file(tmp_path: Path, codebook: Codebook, content: bytes, told: str) -> None:
    (tmp_path / "ambulance.csv").write_bytes(content)
    assert told in refused(tmp_path, codebook)


def test_ragged_rows(codebook: Codebook, deliver: Deliver) -> None:
    folder = deliver(ambulance=[{"sted": "1"}, {"sted": "2"}])
    path = folder / "ambulance.csv"
    path.write_text(path.read_text() + f"1,{CANARY}\n")
    assert "1 row(s) do not have the" in refused(folder, codebook)
    assert "row 4" in refused(folder, codebook)


def test_a_broken_parquet_file(tmp_path: Path, codebook: Codebook) -> None:
    (tmp_path / "ambulance.parquet").write_bytes(b"PAR1 not really")
    assert "not readable as Parquet" in refused(tmp_path, codebook)


def test_a_file_that_no_layout_knows_is_told(codebook: Codebook, deliver: Deliver) -> None:
    folder = deliver(ambulance=[{"sted": "1"}])
    (folder / "ambulanse.xlsx").write_bytes(b"x")
    assert "ambulanse.xlsx: its name belongs to no layout" in refused(folder, codebook)


def test_no_folder_no_file_and_nobody_who_confirms(
    tmp_path: Path, codebook: Codebook, deliver: Deliver
) -> None:
    assert "no such folder" in refused(tmp_path / "nowhere", codebook)
    (tmp_path / "empty").mkdir()
    assert "holds no file of a known layout" in refused(tmp_path / "empty", codebook)
    folder = deliver(amk=[{"hastegrad": "1"}])
    assert "neither ambulance nor hospital" in refused(folder, codebook)


def test_several_files_of_one_form_are_one_table(codebook: Codebook, deliver: Deliver) -> None:
    folder = deliver(hospital=[{"ph": "7.1"}])
    (folder / "hospital.csv").rename(folder / "hospital-ahus.csv")
    deliver(hospital=[{"ph": "7.2"}, {"ph": "7.3"}])
    delivered = read(folder, codebook)
    assert sorted(delivered.tables[Source.HOSPITAL]["ph"].to_list()) == [7.1, 7.2, 7.3]
    assert [file.rows for file in delivered.files] == [1, 2]


def test_faults_of_the_settings_have_lines(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.yaml"
    path.write_text("layouts:\n  - name: x\n    knid: csv\nlinkage: {}\n")
    with pytest.raises(ConfigError, match=r"deliveries.yaml:3: layouts\[0\].knid: unknown key"):
        load_delivery_settings(path)
