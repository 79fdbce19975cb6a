"""Files are read as they lie, and every row keeps its number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.errors import DeliveryError
from hsr_privacy.quality import Quality
from hsr_privacy.quality.letters import decode
from hsr_privacy.registry import load_delivery_settings
from tests.unit.quality.conftest import Write, kinds_of

pytestmark = pytest.mark.once

Check = Callable[[Path], Quality]
GOOD = {"amis_hendelsesnr": "000123", "amk_sentral": "AMK Oslo", "hendelseskommune": "0301"}
CALL = GOOD | {"t_anrop": "2015-06-15T12:00:00"}
_CSV = load_delivery_settings().layout_of("amk.csv")
assert _CSV is not None
CSV = _CSV[0]


def test_a_folder_without_deliveries_is_an_error(check: Check, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="no such folder"):
        check(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(DeliveryError, match="no file of a known layout"):
        check(tmp_path)


def test_an_unknown_file_beside_known_ones_is_a_finding(check: Check, write: Write) -> None:
    folder = write("amk.csv", "amk", CALL)
    (folder / "notes.txt").write_text("nothing")
    found = check(folder)
    assert kinds_of(found, file="notes.txt") == [(None, "unknown-name")]
    assert kinds_of(found, file="amk.csv") == []


def test_a_ragged_row_is_told_and_the_rows_behind_it_keep_their_numbers(
    check: Check, write: Write
) -> None:
    folder = write("amk.csv", "amk", CALL, CALL | {"amis_hendelsesnr": "000124"})
    path = folder / "amk.csv"
    lines = path.read_text().splitlines()
    lines.insert(2, "one,cell,too,few")
    bad = lines[3].replace("0301", "9")
    path.write_text("\n".join([*lines[:3], bad]) + "\n")
    assert kinds_of(check(folder)) == [(3, "ragged-row"), (4, "wrong-form")]


def test_a_cell_of_several_lines_moves_no_row(check: Check, write: Write) -> None:
    folder = write(
        "amk.csv", "amk",
        CALL | {"fritekst_kommentar": '"one\ntwo\nthree"'},
        CALL | {"amis_hendelsesnr": "000124", "hastegrad": "42"},
        CALL | {"amis_hendelsesnr": "000125", "fritekst_kommentar": "blå"},
    )  # fmt: skip
    path = folder / "amk.csv"
    path.write_bytes(path.read_bytes().replace("blå".encode(), b"bl\xe5") + b"")
    assert kinds_of(check(folder)) == [(3, "code-outside-list"), (4, "other-encoding")]


def test_a_file_that_is_no_table_is_a_finding(check: Check, write: Write) -> None:
    folder = write("amk.csv", "amk", CALL)
    (folder / "hospital.csv").write_bytes(b"")
    (folder / "register.parquet").write_bytes(b"PAR1 and no more")
    found = check(folder)
    assert kinds_of(found, file="hospital.csv") == [(None, "unreadable")]
    assert kinds_of(found, file="register.parquet") == [(None, "unreadable")]


def test_the_columns_of_another_form_and_missing_ones_are_told(
    check: Check, write: Write, codebook: Codebook
) -> None:
    folder = write("amk.csv", "amk", CALL)
    (folder / "hospital.csv").write_bytes((folder / "amk.csv").read_bytes())
    names = [one.name for one in codebook.delivered_by(Source.AMK)]
    heading = ",".join([*names[:-1], "something"])
    (folder / "amk-2.csv").write_text(heading + "\n" + "," * (len(names) - 1) + "\n")
    found = check(folder)
    assert kinds_of(found, file="hospital.csv") == [(None, "other-form")]
    told = kinds_of(found, file="amk-2.csv")
    assert (None, "missing-column") in told
    assert (None, "unknown-column") in told


def test_a_heading_alone_and_line_endings_of_windows_are_no_faults(
    check: Check, write: Write
) -> None:
    folder = write("amk.csv", "amk")
    assert check(folder).records.height == 0
    path = write("amk.csv", "amk", CALL | {"hastegrad": "42"}) / "amk.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert kinds_of(check(folder)) == [(2, "code-outside-list")]


def test_identifiers_that_are_stored_as_numbers_are_of_the_wrong_type(
    check: Check, tmp_path: Path, codebook: Codebook
) -> None:
    columns = {one.name: [None, None] for one in codebook.delivered_by(Source.REGISTER)}
    table = pl.DataFrame(columns | {"fnr": [28887397386, 21873946951], "fodselsdato": [26904, 0]})
    table.write_parquet(tmp_path / "register.parquet")
    told = kinds_of(check(tmp_path))
    assert (2, "wrong-type") in told
    assert (2, "date-form") in told


def test_lines_in_windows_1252_are_told_one_by_one() -> None:
    told = decode("æ\nå\n".encode() + "ø\nb\n".encode("windows-1252"), CSV)
    assert told.content.decode() == "æ\nå\nø\nb\n"
    assert told.wrong_lines == (3,)
    assert not told.is_whole


def test_a_whole_file_in_windows_1252_is_told_once() -> None:
    told = decode("æ\nø\nå\nö\n".encode("windows-1252"), CSV)
    assert told.is_whole
    assert told.encoding == "windows-1252"
    assert told.content.decode() == "æ\nø\nå\nö\n"


def test_a_layout_that_allows_windows_1252_has_nothing_to_tell() -> None:
    known = load_delivery_settings().layout_of("hjertestans_amk_datadump_2026-03-01.csv")
    assert known is not None
    told = decode("æ\nø\n".encode("windows-1252"), known[0])
    assert (told.encoding, told.wrong_lines, told.is_whole) == ("windows-1252", (), False)
    assert decode("æ\n".encode() + b"\xf8\n", known[0]).wrong_lines == (2,)
