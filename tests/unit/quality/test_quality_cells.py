"""Each wrong cell is told by what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.quality import Quality
from hsr_privacy.quality.cells import kind_of
from tests.unit.quality.conftest import Write, kinds_of

pytestmark = pytest.mark.once

WRONG = [
    ("hastegrad", "akutt nå", "no-code"),
    ("kjonn", "Mann", "code-label"),
    ("kjonn", "woman", "code-label"),
    ("kjonn", "77", "code-outside-list"),
    ("bevitnet", "9", "old-code"),
    ("arsak", "1", "old-code"),
    ("alder", "150", "out-of-range"),
    ("alder", "-3", "negative"),
    ("alder", "old", "no-number"),
    ("laktat", "85", "other-unit"),
    ("laktat", "850", "out-of-range"),
    ("ph", "7,1", "decimal-sign"),
    ("ph", "71.2", "other-unit"),
    ("t_stans", "15/06/2015 12:00", "date-form"),
    ("fodselsdato", "28.08.73", "date-form"),
    ("fodselsdato", "26904", "date-form"),
    ("fodselsdato", "yesterday", "no-date"),
    ("hendelseskommune", "301", "lost-zero"),
    ("hendelseskommune", "Oslo", "wrong-form"),
    ("dgn_icd10", "i46.9", "letter-case"),
]


@pytest.mark.parametrize(("column", "text", "kind"), WRONG)
def test_a_wrong_cell_is_told_by_what_is_wrong(
    column: str, text: str, kind: str, codebook: Codebook
) -> None:
    variable = codebook[column]
    codes = {one.code: (one.nb, one.en) for one in codebook.codes(variable)}
    assert kind_of(text, variable, codes).name == kind


ROWS = [
    ({"t_stans": "2015-06-15T12:00:00", "alder": " 50"}, "blanks"),
    ({"t_stans": "0015-06-15T12:00:00"}, "ancient-date"),
    ({"t_stans": "2099-06-15T12:00:00"}, "future-date"),
    ({"adrenalin_mg": "20"}, "unlikely-dose"),
    ({"adrenalin_mg": "15"}, None),
    ({"amk_sentral": "AMK OSLO"}, "letter-case"),
    ({"amk_sentral": "AMK Atlantis"}, "unknown-centre"),
    ({"amis_hendelsesnr": ""}, "missing-number"),
    ({"navn": "Kari Normann"}, "missing-identifier"),
    ({"navn": "Ukjent"}, None),
    ({"fnr": "1.23456E+10"}, "scientific-number"),
    ({"fnr": "28887397385"}, "invalid-identifier"),
    ({"rosc_20": "1", "rosc_noen": "0"}, "R09"),
    ({"fritekst_kommentar": "Ring pårørende på tlf. 09 04 47 87."}, "phone-in-comment"),
    ({"fritekst_kommentar": "Skriv til kari@epost.example"}, "email-in-comment"),
    ({"fritekst_kommentar": "Posisjon 59.91273 N 10.74609 Ø"}, "coordinates-in-comment"),
    ({"fritekst_kommentar": "Meldt av Ola Bakken over telefon."}, "like-a-name-in-comment"),
    ({"fritekst_kommentar": "Pågående HLR. Stans på vei inn."}, None),
]


def test_each_row_is_told_by_what_is_wrong_in_it(
    write: Write, check: Callable[[Path], Quality]
) -> None:
    usual = {"amis_hendelsesnr": "000123", "amb_oppdragsnr": "A000123", "amb_hf": "993467049"}
    folder = write("ambulance.csv", "ambulance", *(usual | cells for cells, _ in ROWS))
    wanted = [(row, kind) for row, (_, kind) in enumerate(ROWS, start=2) if kind]
    assert kinds_of(check(folder)) == wanted


def test_a_patients_name_in_another_form_is_a_name_for_certain(
    write: Write, check: Callable[[Path], Quality]
) -> None:
    write("ambulance.csv", "ambulance", {"navn": "Hårmod A. Lyngholtvik", "amis_hendelsesnr": "000123", "amb_oppdragsnr": "A1", "fnr": "06907221987"})  # fmt: skip
    folder = write("amk.csv", "amk", {"amis_hendelsesnr": "000123", "fritekst_kommentar": "Pasienten heter Hårmod A. Lyngholtvik."})  # fmt: skip
    assert kinds_of(check(folder), file="amk.csv") == [(2, "name-in-comment")]


def test_numbers_without_their_zeros_are_shorter_than_the_others(
    write: Write, check: Callable[[Path], Quality]
) -> None:
    calls = [{"amis_hendelsesnr": f"{n:06d}", "telefon_innringer": f"0{n:07d}"} for n in range(12)]
    calls[3] = {"amis_hendelsesnr": "3", "telefon_innringer": "3000000"}
    calls[2] |= {"fritekst_kommentar": "To på stedet"}
    folder = write("amk.csv", "amk", *calls)
    assert kinds_of(check(folder)) == [(5, "lost-zero"), (5, "lost-zero")]
