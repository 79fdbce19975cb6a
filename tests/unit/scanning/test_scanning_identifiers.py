"""National identifiers are found however they are written, and nothing that only looks like one."""

from __future__ import annotations

import base64
import hashlib
import uuid
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.identifiers import ORGANIZATION_NUMBER
from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.looking import Context, look
from tests.unit.scanning.making import ONE, OTHER, ids, of_series, one_finding, scanned, told

SKATT = "synthetic-skatteetaten"


def found(text: str | bytes, *, strict: bool = False) -> list[tuple[str, str | None]]:
    data = text.encode() if isinstance(text, str) else text
    hits = look(Block.of_lines(data), Context(strict=strict)).hits
    return [(one.kind, one.tier) for one, numbers in hits for _ in numbers]


@pytest.mark.parametrize(
    ("number", "kind", "tier"),
    [
        (ONE, SKATT, "A"),
        ("41819077302", "synthetic-skatteetaten-d-number", "A"),
        (of_series(65, day=15), "synthetic-nhn or synthetic-nav-npid", "A"),
        ("20036914700", "fodselsnummer", "A"),
        ("41010021861", "d-number", "A"),
        ("17454026641", "h-number", "B"),
        (of_series(60), "synthetic-nav-npid", "B"),
        (of_series(20), "nav-npid", "B"),
        ("30108299939", "fodselsnummer (rule of 2032)", "B"),
        ("55102499947", "d-number (rule of 2032)", "B"),
        (ONE[:-1] + str((int(ONE[-1]) + 1) % 10), "eleven digits", "C"),
    ],
)
def test_each_series_has_its_kind_and_its_tier(number: str, kind: str, tier: str) -> None:
    assert found(f"x {number} y") == [(kind, tier)]


@pytest.mark.parametrize(
    "written",
    [
        "{0}",
        "{0}.",
        "fnr{0}",
        "fnr:{0},",
        "pasient_{0}_kopi",
        "{6} {5}",
        "{6}-{5}",
        "{6}.{5}",
        "{6}/{5}",
        "{6} - {5}",
        "{6}\u00a0{5}",
        "{6}\u2013{5}",
        "{6}\u2009{5}",
        "{2} {2b} {2c} {5}",
        "{2}.{2b}.{2c}-{5}",
        "{6} {3} {2d}",
        "{invisible}",
        "{full}",
        "{arabic}",
        "%20{percent}",
        "{entities}",
        "{hexes}",
        "{6}&nbsp;{5}",
        "{base64}",
        "id={base64url}&x",
        "a;{0};b",
        "{0}.0",
    ],
)
def test_an_identifier_is_found_however_it_is_written(written: str) -> None:
    forms = {
        "{0}": ONE,
        "{6}": ONE[:6],
        "{5}": ONE[6:],
        "{2}": ONE[:2],
        "{2b}": ONE[2:4],
        "{2c}": ONE[4:6],
        "{3}": ONE[6:9],
        "{2d}": ONE[9:],
        "{invisible}": ONE[:3] + "\u200b" + ONE[3:8] + "\u00ad" + ONE[8:],
        "{full}": "".join(chr(0xFF10 + int(sign)) for sign in ONE),
        "{arabic}": "".join(chr(0x660 + int(sign)) for sign in ONE),
        "{percent}": "".join(f"%3{sign}" for sign in ONE),
        "{entities}": "".join(f"&#{48 + int(sign)};" for sign in ONE),
        "{hexes}": "".join(f"&#x3{sign};" for sign in ONE),
        "{base64}": base64.b64encode(f"fnr={ONE}".encode()).decode(),
        "{base64url}": base64.urlsafe_b64encode(f"p:{ONE};".encode()).decode(),
    }
    for name, form in forms.items():
        written = written.replace(name, form)
    assert found(f"Hun sa {written} i telefonen") == [(SKATT, "A")]


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_base64_is_seen_through_at_every_offset(offset: int) -> None:
    packed = base64.b64encode(b"x" * offset + ONE.encode() + b"yz").decode()
    assert found(f"token {packed} end") == [(SKATT, "A")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    text = f"Første linje på norsk\nPasienten: {ONE[:6]}\u00a0{ONE[6:]} ble kjørt hjem\n"
    report = scanned(tmp_path, "notes.txt", text.encode(encoding))
    assert told(report) == {SKATT: [2]}


def test_utf_16_inside_of_unknown_bytes_is_read(tmp_path: Path) -> None:
    data = bytes(range(256)) + f" {ONE} ".encode("utf-16-le") + b"\0\1\2" * 50
    finding = one_finding(scanned(tmp_path, "dump.bin", data))
    assert (finding.kind, finding.unit) == (SKATT, "byte")
    assert data[finding.first[0] : finding.first[0] + 22] == ONE.encode("utf-16-le")


@pytest.mark.parametrize(
    "text",
    [
        "1" + ONE,
        ONE + "1",
        f"0.{ONE}",
        f"0,{ONE}",
        f"{ONE}.25",
        f"+{ONE}",
        f"ab{ONE}cd0123456789ab",
        f"{ONE}f",
        f"7{ONE}X9",
        f"{ONE[:6]}{ONE[6:8]} {ONE[8:]}",
        "20250301060000",
        "2025-03-01T06:00:00.123456",
        "00000000000",
        "99999999999",
        "31536000000",
        "974 760 673",
        "NO93 8601 1117 947",
        "1234.56.78903",
    ],
)
def test_what_is_no_identifier_of_its_own_is_not_found(text: str) -> None:
    assert found(f"x {text} y") == []


def test_digests_uuids_pseudonyms_and_organization_numbers_are_not_found() -> None:
    rng = np.random.default_rng(3)
    symbols = np.array(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    count = 20_000
    rows = [
        *(hashlib.sha256(str(at).encode()).hexdigest() for at in range(count)),
        *(str(uuid.UUID(bytes=rng.bytes(16))) for _ in range(count)),
        *("".join(row) for row in rng.choice(symbols, (count, 22))),
        *(base64.b64encode(rng.bytes(24)).decode() for _ in range(count)),
        *(repr(one) for one in rng.normal(size=count) * 1e3),
        *(f"{one:.11f}" for one in rng.random(count)),
    ]
    organizations = [f"{one}" for one in range(974_760_000, 974_765_000)]
    assert ORGANIZATION_NUMBER.is_valid("974760673")
    assert "974760673" in organizations
    assert found("\n".join(rows + organizations)) == []


def test_program_text_is_not_searched_for_bare_eleven_digits() -> None:
    wrong = ONE[:-1] + str((int(ONE[-1]) + 1) % 10)
    assert found(f"var epoch = {wrong};") == [("eleven digits", "C")]
    assert found(f"var epoch = {wrong};", strict=True) == []
    assert found(f"var id = {ONE};", strict=True) == [(SKATT, "A")]


def test_an_identifier_in_two_rows_is_none(tmp_path: Path) -> None:
    report = scanned(tmp_path, "a.csv", f"a;b\n1;{ONE[:6]}\n2;{ONE[6:]}\n")
    assert report.findings == ()


def test_each_row_of_a_block_keeps_its_number() -> None:
    rows = ["nothing", f"a {ONE}", "", f"{OTHER} and {ONE[:6]} {ONE[6:]}"]
    seen = look(Block.of_texts(rows, [5, 9, 12, 40]), Context())
    assert sorted(at for _, numbers in seen.hits for at in numbers.tolist()) == [9, 40, 40]


@settings(max_examples=60)
@given(
    before=st.text(alphabet="abc æøå,;\n()", max_size=12),
    behind=st.text(alphabet="xyz æøå,;\n()", max_size=12),
    which=st.integers(0, 49),
    sign=st.sampled_from(["", " ", "-", ".", "\u00a0"]),
)
def test_an_identifier_between_words_is_always_found(
    before: str, behind: str, which: int, sign: str
) -> None:
    number = ids(50)[which]
    text = f"{before} {number[:6]}{sign}{number[6:]} {behind}"
    assert found(text) == [(SKATT, "A")]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_numbers_of_up_to_nine_digits_hold_nothing(numbers: list[int]) -> None:
    assert [one for one in found(";".join(map(str, numbers))) if one[1]] == []
