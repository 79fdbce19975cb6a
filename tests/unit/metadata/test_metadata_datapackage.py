"""Frictionless reads the description, and finds what does not fit it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.metadata import DataFile, datapackage, table_schema
from tests.desk import Desk
from tests.unit.metadata.extracts import CSV, DICTIONARY, Package, label, package

pytestmark = pytest.mark.usefixtures("no_network")


def problems(folder: Path) -> set[tuple[str, str]]:
    """What Frictionless says is wrong: the column and the kind."""
    report = frictionless.validate(str(folder / "data" / "datapackage.json"))
    return {(field or "", kind) for field, kind in report.flatten(["fieldName", "type"])}


def test_a_package_that_fits_is_valid(laid: Package, tmp_path: Path) -> None:
    assert problems(laid.lay(tmp_path)) == set()


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("ABC;e1", "abc;e1", ("person_lnr", "constraint-error")),
        ("ABC;e2", "ABC;e1", ("event_lnr", "unique-error")),
        ("ABC;e2", "ABC;", ("event_lnr", "constraint-error")),
        (";999;50+", ";3;50+", ("kjonn", "constraint-error")),
        (";999;50+", ";man;50+", ("kjonn", "type-error")),
        ("18-49 år", "18-50 år", ("alder", "constraint-error")),
        ("'+2 eller mer", "+3", ("endring", "constraint-error")),
        ("36,5", "45,6", ("temp", "constraint-error")),
        ("36,5", "36.5", ("temp", "type-error")),
        (";998;", ";999;", ("minutter", "constraint-error")),
        ("2020-02-03", "3.2.2020", ("dag", "type-error")),
        ("T03:04", "T27:04", ("tid", "type-error")),
        ("kjonn;alder", "alder;kjonn", ("kjonn", "incorrect-label")),
    ],
)
def test_a_cell_that_is_wrong_is_found(
    tmp_path: Path, right: str, wrong: str, said: tuple[str, str]
) -> None:
    assert CSV.count(right) == 1
    assert said in problems(package(CSV.replace(right, wrong)).lay(tmp_path))


def test_a_row_that_was_cut_off_is_found(laid: Package, tmp_path: Path) -> None:
    assert ("", "byte-count") in problems(laid.lay(tmp_path, extract=CSV[:-10].encode()))


def test_a_kind_of_missing_is_no_value_in_its_own_column_alone(
    laid: Package, tmp_path: Path
) -> None:
    package = frictionless.Package(str(laid.lay(tmp_path) / "data" / "datapackage.json"))
    rows = package.get_resource("extract").read_rows()
    assert [row["kjonn"] for row in rows] == [1, None, 2]
    assert [row["temp"] and float(row["temp"]) for row in rows] == [36.5, None, None]
    assert [row["minutter"] for row in rows] == [998, 0, None]


def test_labels_stand_in_both_languages(laid: Package) -> None:
    fields = {one["name"]: one for one in table_schema(DICTIONARY)["fields"]}
    assert fields["kjonn"]["title"] == "Kjønn"
    assert fields["kjonn"]["labels"] == {"nb": "Kjønn", "en": "Sex"}
    assert fields["kjonn"]["categories"][1] == {
        "value": 2,
        "label": "Kvinne",
        "labels": {"nb": "Kvinne", "en": "Woman"},
    }
    assert fields["kjonn"]["missingValues"][1] == {
        "value": "999",
        "label": "Ukjent",
        "labels": {"nb": "Ukjent", "en": "Unknown"},
    }
    assert fields["alder"]["descriptions"] == {
        "nb": 'I tiår.\n"Fylte" år \\ hele',
        "en": 'In decades.\n"Completed" years \\ whole',
    }
    assert datapackage(laid.dataset)["titles"]["en"].startswith("Synthetic extract from the")


def test_the_digest_and_the_size_are_those_of_the_file(laid: Package) -> None:
    table = datapackage(laid.dataset)["resources"][0]
    assert table["hash"] == f"sha512:{hashlib.sha512(CSV.encode()).hexdigest()}"
    assert table["bytes"] == len(CSV.encode())


def test_without_a_comma_decimals_have_a_point() -> None:
    schema = table_schema(DICTIONARY, decimal_comma=False)
    field: dict[str, Any] = next(one for one in schema["fields"] if one["name"] == "temp")
    assert "decimalChar" not in field
    assert [one["value"] for one in field["missingValues"]] == ["", "999", "999.0"]


def test_a_data_set_without_a_csv_has_no_data_package(laid: Package) -> None:
    with pytest.raises(DataError, match=r"data/extract\.csv"):
        datapackage(replace(laid.dataset, files=()))


@pytest.mark.parametrize(
    "path", ["/etc/extract.csv", "data/../../extract.csv", "data\\extract.csv"]
)
def test_a_file_outside_of_the_package_is_refused(path: str) -> None:
    with pytest.raises(DataError, match="inside the package"):
        DataFile(path, "text/csv", 1, "0" * 128, label("a", "a"))


def test_something_that_is_no_digest_is_refused() -> None:
    with pytest.raises(DataError, match="128"):
        DataFile("data/extract.csv", "text/csv", 1, "0" * 64, label("a", "a"))


def test_a_real_extract_is_what_its_description_says(released: Desk, tmp_path: Path) -> None:
    data = next(released.out.rglob("datapackage.json")).parent
    told = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    fields = told["resources"][0]["schema"]["fields"]
    assert all(one["labels"].keys() == {"nb", "en"} for one in fields)
    assert problems(data.parent) == set()

    # A code that no list has, in the first column that has a list.
    place = next(n for n, one in enumerate(fields) if one.get("categories"))
    lines = (data / "extract.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(";")
    cells[place] = "77777"
    lines[1] = ";".join(cells)
    copy = tmp_path / "data"
    copy.mkdir()
    (copy / "extract.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (copy / "datapackage.json").write_bytes((data / "datapackage.json").read_bytes())
    assert (fields[place]["name"], "constraint-error") in problems(tmp_path)
