"""The letter in a package is about that package."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pyreadstat
import pytest

from hsr_privacy.letters.wording import FILES
from hsr_privacy.release.packing import INTERNAL
from tests.desk import Desk
from tests.reading_pages import shown


@pytest.fixture(scope="module")
def page(released: Desk) -> str:
    return (released.out / "letter.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def manifest(released: Desk) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((released.out / "manifest.json").read_text(encoding="utf-8"))
    return made


def test_it_names_every_file_of_the_package_and_no_other(released: Desk, page: str) -> None:
    names = {
        path.relative_to(released.out).as_posix()
        for path in released.out.rglob("*")
        if path.is_file()
    }
    named = {
        "".join(cell.itertext())
        for cell in ET.fromstring(page).iter("th")
        if "mono" in cell.get("class", "").split()
    } & set(FILES)
    signatures = {name for name in names if name.startswith("signatures/")}
    assert named == (names - signatures - set(INTERNAL)) | {"signatures/"}


def test_it_tells_the_counts_of_the_manifest(page: str, manifest: dict[str, Any]) -> None:
    gates = {gate["id"]: gate["evidence"] for gate in manifest["gates"]}
    events, persons = (f"{gates['G7'][name]:,}".replace(",", " ") for name in ("events", "persons"))
    assert f"{events} cardiac arrests of {persons} persons" in shown(page, "en")


def test_it_says_what_each_variable_lost_as_the_manifest_does(
    page: str, manifest: dict[str, Any]
) -> None:
    text = shown(page, "en")
    by_name = {one["variable"]: one for one in manifest["variables"]}
    assert len(by_name) == 30
    less = [one for one in by_name.values() if one["verdict"] != "as approved" or one["reduced"]]
    assert {"alder", "bostedskommune", "t_anrop", "dodsdato"} <= {one["variable"] for one in less}
    for one in less:
        assert f"({one['column'] or one['variable']})" in text
        if one["because"]:
            told = one["because"]["en"].replace("\u202f", " ")
            assert told[:1].upper() + told[1:] in text
    assert f"{len(by_name) - len(less)} variables approved and delivered as applied for" in text


def test_it_has_the_registered_analyses_and_the_commands_of_this_release(
    page: str, manifest: dict[str, Any]
) -> None:
    text = shown(page, "nb")
    assert "I live etter 30 dager." in text
    assert f"hsr verify {manifest['release']}.tar.age --keys KEYS.txt" in text
    assert "Alt skal være slettet innen 30. juni 2037." in text
    assert "Norsk hjertestansregister, seksjon for uttrekk" in text


def test_it_tells_no_figure_of_the_full_data(page: str) -> None:
    text = shown(page, "en")
    assert "Cannot be run any more." in text
    assert "(was " not in text
    assert "in full detail" not in text


def test_the_letters_of_stata_are_those_in_the_stata_file(released: Desk, page: str) -> None:
    _, about = pyreadstat.read_dta(
        str(released.out / "data/extract.dta"), user_missing=True, metadataonly=True
    )
    in_file = {
        label: f".{letter}"
        for labels in about.variable_value_labels.values()
        for letter, label in labels.items()
        if isinstance(letter, str)
    }
    assert len(in_file) == len(set(in_file.values())) == 3
    rows = [
        ["".join(cell.itertext()) for cell in row.iter("td")]
        for row in ET.fromstring(page).iter("tr")
    ]
    told = {row[0]: row[1] for row in rows if len(row) == 2 and row[0] in in_file.values()}
    assert set(told) == set(in_file.values())
    for label, letter in in_file.items():
        assert label in told[letter]
