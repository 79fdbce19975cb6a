"""Sealing: only the recipient opens it, the same bytes are sealed each time, and nothing else stays."""

from __future__ import annotations

import io
import stat
import subprocess
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pyzipper

from hsr_privacy.errors import (
    DataError,
    HsrError,
    KeyRingError,
    LeaksFound,
    NotSignedFor,
    OutputExists,
    OutputFailed,
    PackageBroken,
)
from hsr_privacy.keys import read_passphrase_file
from hsr_privacy.keys.recipients import open_sealed, recipient_fingerprint
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.packaging import read_package, read_receipt, seal, seal_zip, write_statement
from hsr_privacy.packaging.archive import Reader, tar_pieces
from tests.packages import FACTS, PREDICATE, People, draft, files_in, prepared


def sealing(people: People, **changes: Any) -> dict[str, Any]:
    return {
        "recipients": [people.recipient],
        "name": "test-2026-1",
        "receipt": FACTS,
        "signer": people.producer,
        **changes,
    }


def test_the_recipient_unpacks_the_very_files_with_plain_tools(
    sealed: Path, original: Path, people: People, tmp_path: Path
) -> None:
    tar = open_sealed(sealed.read_bytes(), people.identity)
    subprocess.run(["tar", "-x", "-C", tmp_path], input=tar, check=True)
    assert files_in(tmp_path / "test-2026-1") == files_in(original)
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        listed = opened.getmembers()
    assert [one.name for one in listed] == sorted(
        f"test-2026-1/{name}" for name in files_in(original)
    )
    assert {(one.uid, one.gid, one.uname, one.mode, one.mtime) for one in listed} == {
        (0, 0, "", 0o644, 1_772_409_600)
    }


def test_the_same_package_is_the_same_tar(
    sealed: Path, original: Path, people: People, tmp_path: Path
) -> None:
    again = seal(read_package(original), tmp_path / "again", **sealing(people))
    one, two = (open_sealed(file.read_bytes(), people.identity) for file in (sealed, again.file))
    assert one == two
    assert sealed.read_bytes() != again.file.read_bytes()


def test_no_byte_of_the_files_stands_outside_the_seal(
    original: Path, people: People, tmp_path: Path
) -> None:
    out = seal(read_package(original), tmp_path / "out", **sealing(people))
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "test-2026-1.receipt.json",
        "test-2026-1.tar.age",
    ]
    for content in files_in(tmp_path).values():
        assert b"40-49" not in content
        assert b"ustar" not in content
    assert out.bytes == out.file.stat().st_size
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_the_receipt_says_by_digests_what_went_to_whom(
    sealed: Path, original: Path, people: People
) -> None:
    package = read_package(original)
    receipt = read_receipt(sealed.with_name("test-2026-1.receipt.json"))
    assert receipt.release == "test-2026-1"
    assert receipt.sealed_name == sealed.name
    assert receipt.statement == package.digest
    assert receipt.manifest == package.digests["manifest-sha512.txt"]
    assert receipt.recipients == (recipient_fingerprint(people.recipient),)
    assert receipt.producer == fingerprint(people.producer.public_key)
    assert receipt.approver == fingerprint(people.approver.public_key)
    assert receipt.signer.public_key == people.producer.public_key
    assert receipt.facts == FACTS


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "../out"}, DataError),
        ({"name": ""}, DataError),
        ({"recipients": []}, KeyRingError),
        ({"recipients": ["age1x"]}, KeyRingError),
        ({"receipt": {**FACTS, "contact": "Kari Nordmann"}}, DataError),
        ({"receipt": {**FACTS, "day": "today"}}, DataError),
        ({"receipt": {**FACTS, "audit": {"number": 7}}}, DataError),
        ({"receipt": {**FACTS, "software": {"x": 1}}}, DataError),
        ({"receipt": {**FACTS, "case_number": "15846012345"}}, LeaksFound),
        ({"receipt": {"day": "2026-03-02"}}, DataError),
    ],
)
def test_what_cannot_be_sealed_leaves_nothing(
    original: Path, people: People, tmp_path: Path, change: dict[str, Any], error: type[HsrError]
) -> None:
    with pytest.raises(error):
        seal(read_package(original), tmp_path / "out", **sealing(people, **change))
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_not_as_stated_or_not_signed_is_not_sealed(
    package: Path, people: People, tmp_path: Path
) -> None:
    unsigned = draft(tmp_path / "unsigned")
    write_statement(unsigned, predicate=PREDICATE)
    with pytest.raises(NotSignedFor, match="whoever produced it"):
        seal(read_package(unsigned), tmp_path / "out", **sealing(people))
    (package / "data/extract.csv").write_text("changed")
    with pytest.raises(PackageBroken, match=r"data/extract\.csv: it is changed"):
        seal(read_package(package), tmp_path / "out", **sealing(people))
    assert not (tmp_path / "out").exists()


def test_a_review_of_another_release_is_not_sealed_with_it(
    package: Path, people: People, tmp_path: Path
) -> None:
    other = prepared(tmp_path / "other", people.producer, predicate={**PREDICATE, "title": "x"})
    review = next((package / "signatures").glob("review-*"))
    (other / "signatures" / review.name).write_bytes(review.read_bytes())
    with pytest.raises(NotSignedFor, match="1 signature"):
        seal(read_package(other), tmp_path / "out", **sealing(people))


def test_a_file_that_changes_while_it_is_sealed_leaves_nothing(
    package: Path, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*given: Any) -> Any:
        (package / "report.html").write_text("<p>ko</p>\n")
        return tar_pieces(*given)

    monkeypatch.setattr("hsr_privacy.packaging.sealing.tar_pieces", late)
    with pytest.raises(PackageBroken, match=r"report\.html: it changed while it was sealed"):
        seal(read_package(package), tmp_path / "out", **sealing(people))
    assert sorted(tmp_path.iterdir()) == [package]


def test_a_full_disk_leaves_nothing(
    original: Path, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hsr_privacy.packaging.sealing.seal_stream", full)
    with pytest.raises(OutputFailed, match="No space left"):
        seal(read_package(original), tmp_path / "out", **sealing(people))
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_overwritten(original: Path, people: People, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputExists):
        seal(read_package(original), tmp_path / "out", **sealing(people))


def zip_of(original: Path, people: People, folder: Path) -> tuple[Any, Path]:
    given = sealing(people)
    del given["recipients"]
    word = folder / "word"
    return seal_zip(read_package(original), folder / "out", passphrase_file=word, **given), word


def test_a_zip_is_sealed_with_aes_256_and_a_drawn_passphrase(
    original: Path, people: People, tmp_path: Path
) -> None:
    sealed, word = zip_of(original, people, tmp_path)
    assert stat.S_IMODE(word.stat().st_mode) == 0o600
    passphrase = read_passphrase_file(word).unsafe_bytes()
    assert len(passphrase.replace(b"-", b"")) * 5 >= 100  # bits, of an alphabet of 32
    with pyzipper.AESZipFile(sealed.file) as archive:
        archive.setpassword(passphrase)
        entries = archive.infolist()
        unpacked = {one.filename.partition("/")[2]: archive.read(one) for one in entries}
    assert unpacked == files_in(original)
    # The third strength is 256 bits; the second version has no checksum of the plain bytes.
    assert {(one.wz_aes_strength, one.wz_aes_version, one.CRC) for one in entries} == {(3, 2, 0)}
    assert {one.date_time for one in entries} == {(2026, 3, 2, 0, 0, 0)}
    assert b"40-49" not in sealed.file.read_bytes()
    assert "age" in sealed.warnings[0].nb
    assert "age" in sealed.warnings[0].en
    assert passphrase not in sealed.receipt.read_bytes() + sealed.file.read_bytes()
    assert read_receipt(sealed.receipt).sealed_with == "zip"


def test_a_zip_that_fails_leaves_no_passphrase(
    original: Path, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hsr_privacy.packaging.sealing._write_zip", full)
    with pytest.raises(OutputFailed):
        zip_of(original, people, tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "word").write_text("taken")
    with pytest.raises(OutputExists):
        zip_of(original, people, tmp_path)
    assert (tmp_path / "word").read_text() == "taken"


def test_a_tar_holds_its_files_whatever_their_lengths() -> None:
    contents = {f"f{length}": bytes([65]) * length for length in (0, 1, 511, 512, 513, 70_000)}
    files = ((name, len(content), iter([content])) for name, content in contents.items())
    tar = b"".join(tar_pieces("top", files, date(2026, 3, 2)))
    assert len(tar) % 10_240 == 0
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        read = {one.name: opened.extractfile(one).read() for one in opened}  # type: ignore[union-attr]
    assert read == {f"top/{name}": content for name, content in contents.items()}


def test_a_reader_gives_no_more_than_was_asked() -> None:
    reader = Reader(iter([b"abc", b"", b"defgh"]))
    assert [reader.read(2) for _ in range(6)] == [b"ab", b"c", b"de", b"fg", b"h", b""]
    assert Reader(iter([b"abc"])).read() == b"abc"
