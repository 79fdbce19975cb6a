"""Telephone numbers, e-mail addresses and coordinates, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.looking import Context, look
from tests.pipe_tables import cells
from tests.unit.scanning.making import scanned, told

FOUND = """
Pårørende har tlf. 00691188.            | phone
Pårørende har tlf. 02 27 87 69.         | phone
tlf: 035 43 526                         | phone
ring 92222222                           | phone
Mobil nr. 922 22 222                    | phone
telefonnummer=22222222                  | phone
+47 08222916                            | phone
+4722222222                             | phone
0047 22 22 22 22                        | phone
004722222222                            | phone
(+47) 22 22 22 22                       | phone
nås på 22 22 22 22 i dag                | phone
nås på 922 22 222                       | phone
Svar til ola.n@epost.example takk       | e-mail
mailto:Kåre.Sæther@sykehus.example?x=1  | e-mail
Posisjon 60.39299 N, 5.32415 Ø          | coordinates
60.39299, 5.32415                       | coordinates
5.32415;60.39299                        | coordinates
lat 60,39299 lon 5,32415                | coordinates
60°23'34"N 5°19'27"Ø                    | coordinates
UTM33 341739 Ø 6485227 N                | coordinates
sone 32: 297123.5 6700321.2             | coordinates
N: 6700321 E: 297123                    | coordinates
32V KN 97123 00321                      | coordinates
"""

NOT_FOUND = """
20250301
22222222
den 22.03.2025 kl 10.15
den 22 03 20 25 kom hun
klokka 22:22:22:22
22.22.22.22
blodtrykk 922 22 222 333
verdiene 22 33 44 55 66 og 77
IBAN NO93 8601 1117 947
0.0047123456781
0.004722222222
5be7-004722222222
974 760 673
+46 70 123 45 67
pakke@5.33.0
bilde@2x.png
@media screen
a @ b
60.39299
60.3, 5.3
51.50722, 0.12750
12.34567, 45.67890
temperatur 33°C og 60°
2025, 6485227
doi:10.1109/69.971193
"""


def found(text: str, *, strict: bool = False, phones: bool = False) -> list[str]:
    hits = look(Block.of_texts([text]), Context(strict=strict, phones=phones)).hits
    return [one.kind for one, numbers in hits for _ in numbers]


@pytest.mark.parametrize(("text", "kind"), cells(FOUND))
def test_what_reaches_or_places_a_person_is_found_once(text: str, kind: str) -> None:
    assert found(text) == [kind]


@pytest.mark.parametrize("text", NOT_FOUND.strip().splitlines())
def test_other_numbers_and_signs_are_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "drawn", ["M22 34 56 78L12 45 32 21", "22 34 56 78", "60.12345,5.43210", "M60.12345,5.43210z"]
)
def test_drawings_hold_neither_phones_nor_places(drawn: str) -> None:
    assert found(drawn, strict=True) == []


def test_in_a_drawing_what_says_so_is_found_all_the_same() -> None:
    assert found("tel:+4722222222", strict=True) == ["phone"]
    assert found("N60.39299, E5.32415", strict=True) == ["coordinates"]


@pytest.mark.parametrize("name", ["telefon_innringer", "Tlf", "mobilnr", "pårørende_telefon"])
def test_the_name_of_a_column_says_that_it_holds_phones(name: str, tmp_path: Path) -> None:
    rows = ["03242702", "2177493", "22222222", "+47 08222916", "22 22 22 22", "", "ukjent"]
    text = f"n;{name}\n" + "".join(f"{at};{one}\n" for at, one in enumerate(rows))
    assert told(scanned(tmp_path, "a.csv", text)) == {"phone": [1, 2, 3, 4, 5]}


def test_eight_digits_in_another_column_are_no_phone(tmp_path: Path) -> None:
    text = "n;mobilisert;dag\n1;22222222;20250301\n2;92222222;20250302\n"
    assert scanned(tmp_path, "a.csv", text).findings == ()


def test_the_name_of_a_column_says_that_it_holds_coordinates(tmp_path: Path) -> None:
    text = (
        "koordinat_ost;koordinat_nord;lat;lon;alder\n"
        "273001,2;6584773,7;60,39299;5,32415;60\n"
        "12;6584;60;5;61\n"
        ";;;;62\n"
    )
    report = scanned(tmp_path, "a.csv", text)
    by_part = {one.part: (one.kind, one.first) for one in report.findings}
    assert by_part == {
        f"column '{name}'": ("coordinates", (1,))
        for name in ("koordinat_ost", "koordinat_nord", "lat", "lon")
    }
