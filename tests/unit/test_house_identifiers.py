"""No file of the project holds a number that could be a living person's."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from scripts import no_real_identifiers as scanner

ROOT = Path(__file__).parents[2]
ALLOWED = scanner.official_examples()


def number(first_nine: str, *, k1_remainder: int = 0) -> str:
    """Put the check digits behind; made at run time, for such a number may not stand here.

    Where the first nine digits have none (a check digit would be 10), the next nine are taken.
    """
    digits = [int(digit) for digit in first_nine]
    k1 = (k1_remainder - weighted((3, 7, 6, 1, 8, 9, 4, 5, 2), digits)) % 11
    k2 = -weighted((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*digits, k1]) % 11
    if k1 == 10 or k2 == 10:
        return number(f"{int(first_nine) + 1:09}", k1_remainder=k1_remainder)
    return "".join(map(str, [*digits, k1, k2]))


def weighted(weights: tuple[int, ...], digits: list[int]) -> int:
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True))


BORN_1950 = number("150350451")


def found(data: bytes) -> list[tuple[int, str]]:
    return [(hit.line, hit.kind) for hit in scanner.scan("x", data)]


def test_no_file_that_git_follows_holds_a_number_that_could_be_a_living_persons() -> None:
    hits = [
        str(hit)
        for name in scanner.tracked()
        for hit in scanner.scan(name, (ROOT / name).read_bytes(), allowed=ALLOWED)
    ]
    assert hits == []


@pytest.mark.parametrize(
    ("first_nine", "kind"),
    [
        ("150350451", "fødselsnummer"),
        ("290200553", "fødselsnummer"),
        ("550350455", "D-number (fødselsnummer)"),
        ("154350451", "H-number"),
        ("152350452", "NAV number"),
        ("812345678", "joint help number"),
    ],
)
def test_each_real_series_is_recognized(first_nine: str, kind: str) -> None:
    assert scanner.kind_of(number(first_nine).encode()) == kind


def test_a_number_of_the_rule_of_2032_is_recognized() -> None:
    assert scanner.kind_of(number("150350456", k1_remainder=3).encode()) == "fødselsnummer"


@pytest.mark.parametrize("first_nine", ["158350452", "558350452", "156850450", "156350450"])
def test_a_number_of_a_test_series_may_stand(first_nine: str) -> None:
    assert scanner.kind_of(number(first_nine).encode()) is None


def test_a_hospitals_number_with_the_check_digits_of_the_plain_birth_number_is_recognized() -> None:
    plain = BORN_1950
    assert scanner.kind_of((plain[:2] + "43" + plain[4:]).encode()) == "H-number"


def test_a_date_that_does_not_exist_makes_no_number() -> None:
    assert scanner.kind_of(number("300250450").encode()) is None
    assert scanner.kind_of(number("290201450").encode()) is None


def test_a_wrong_check_digit_makes_no_number() -> None:
    assert scanner.kind_of((BORN_1950[:10] + str((int(BORN_1950[10]) + 1) % 10)).encode()) is None


def test_the_line_and_the_kind_are_told_and_never_the_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hits = list(scanner.scan("notes.txt", f"first\nfnr;{BORN_1950};x\n".encode()))
    assert [str(hit) for hit in hits] == ["notes.txt:2: could be a living person's fødselsnummer"]
    assert BORN_1950 not in repr(hits)


@pytest.mark.parametrize("separator", [" ", "-", ".", "\t"])
def test_six_and_five_digits_are_one_number(separator: str) -> None:
    assert found((BORN_1950[:6] + separator + BORN_1950[6:]).encode())


def test_digits_within_a_longer_number_are_not_a_number() -> None:
    assert found(f"1{BORN_1950} {BORN_1950}1".encode()) == []


def test_digits_within_a_digest_are_not_a_number() -> None:
    assert found(f"sha256:{'ab' * 10}{BORN_1950}{'c' * 33}".encode()) == []
    assert found(f"sha256:{'ab' * 10} {BORN_1950} {'c' * 33}".encode()) != []


def test_gzip_zip_and_utf_16_are_looked_into() -> None:
    text = f"fnr\n{BORN_1950}\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", text)
    assert found(gzip.compress(text))
    assert found(packed.getvalue())
    assert found(text.decode().encode("utf-16"))


@pytest.mark.parametrize("column", [[BORN_1950], [int(BORN_1950)], [[BORN_1950]]])
def test_parquet_is_looked_into(column: list[object], tmp_path: Path) -> None:
    file = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"fnr": column}), file, compression="zstd")
    assert found(file.read_bytes())


def test_an_official_example_may_stand_and_only_where_it_is_listed() -> None:
    example = next(one for one in ALLOWED if scanner.kind_of(one))
    assert list(scanner.scan("x", example, allowed=ALLOWED)) == []
    assert list(scanner.scan("x", example)) != []


def test_every_official_example_says_where_it_is_published() -> None:
    lines = scanner.EXAMPLES.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") or len(line.split(maxsplit=1)) == 2 for line in lines)


def test_the_exit_code_refuses_the_commit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(BORN_1950, encoding="utf-8")
    assert scanner.main([str(file)]) == 1
    assert BORN_1950 not in capsys.readouterr().err
    file.write_text(number("158350452"), encoding="utf-8")
    assert scanner.main([str(file)]) == 0
