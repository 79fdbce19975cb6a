"""What is sealed is what was read and judged, and what is internal stays behind."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest

from hsr_privacy.errors import DataError, PackageBroken
from hsr_privacy.keys.recipients import open_sealed
from hsr_privacy.packaging import (
    Package,
    Review,
    read_package,
    seal,
    seal_zip,
    sign_review,
    statement_of,
    verify_package,
    write_tag_manifest,
)
from hsr_privacy.packaging.archive import tar_pieces
from tests.packages import FACTS, FILES, NOW, PREDICATE, People, approved, draft, prepared

KEPT = {**PREDICATE, "internal": ["report.html", "risk.json"]}
WITH_KEPT = {**FILES, "risk.json": '{"smallest": "canary"}\n'}
Way = Callable[[Package, Path, People], Any]


def by_age(package: Package, folder: Path, people: People, **changes: Any) -> Any:
    given = {"name": "p", "receipt": FACTS, "signer": people.producer, **changes}
    return seal(package, folder / "out", recipients=[people.recipient], **given)


def by_zip(package: Package, folder: Path, people: People) -> Any:
    given: dict[str, Any] = {"name": "p", "receipt": FACTS, "signer": people.producer}
    return seal_zip(package, folder / "out", passphrase_file=folder / "word", **given)


def touched(name: str) -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        (path,) = folder.glob(name)
        path.write_bytes(path.read_bytes()[:-2] + b"x\n")

    return touch


def added(folder: Path) -> None:
    (folder / "signatures/review-00000000.json").write_text("{}")


def removed(folder: Path) -> None:
    (folder / "signatures/approval.json").unlink()


def linked(folder: Path) -> None:
    (folder / "data/link.csv").symlink_to("extract.csv")


@pytest.mark.parametrize("way", [by_age, by_zip])
@pytest.mark.parametrize("is_measured", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        added,
        removed,
        linked,
        *map(
            touched,
            [
                "release.json",
                "tagmanifest-sha512.txt",
                "signatures/producer.json",
                "signatures/review-*.json",
                "signatures/approval.json",
                "data/extract.csv",
                "report.html",
                "bag-info.txt",
            ],
        ),
    ],
)
def test_nothing_is_sealed_that_is_not_as_it_was_judged(
    package: Path,
    people: People,
    tmp_path: Path,
    change: Callable[[Path], None],
    is_measured: bool,
    way: Way,
) -> None:
    judged = read_package(package)
    if is_measured:
        assert judged.changed() == ()
    change(package)
    with pytest.raises(PackageBroken):
        way(judged, tmp_path, people)
    assert sorted(tmp_path.iterdir()) == [package]


@pytest.mark.parametrize("name", ["signatures/approval.json", "tagmanifest-sha512.txt"])
@pytest.mark.parametrize("is_gone", [True, False])
def test_a_document_that_changes_at_the_last_moment_is_not_sealed(
    package: Path,
    people: People,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_gone: bool,
) -> None:
    def late(*given: Any) -> Any:
        (package / name).unlink() if is_gone else touched(name)(package)
        return tar_pieces(*given)

    judged = read_package(package)
    monkeypatch.setattr("hsr_privacy.packaging.sealing.tar_pieces", late)
    with pytest.raises(PackageBroken, match=f"{name}: it changed while it was sealed"):
        by_age(judged, tmp_path, people)
    assert sorted(tmp_path.iterdir()) == [package]


def test_another_whole_package_in_its_place_is_not_sealed(
    package: Path, people: People, tmp_path: Path
) -> None:
    """An approval that is good in itself, by another key than the one that was judged."""
    judged = read_package(package)
    (package / "signatures/approval.json").unlink()
    sign_review(package, Review("approval", "approve"), people.stranger, now=NOW)
    with pytest.raises(PackageBroken, match=r"signatures/approval\.json: it changed"):
        by_age(judged, tmp_path, people)


def test_what_verification_would_refuse_is_not_sealed(
    package: Path, people: People, tmp_path: Path
) -> None:
    (package / "tagmanifest-sha512.txt").unlink()
    with pytest.raises(PackageBroken, match=r"tagmanifest-sha512\.txt: it is not what"):
        by_age(read_package(package), tmp_path, people)
    unbagged = draft(tmp_path / "unbagged")
    (unbagged / "release.json").write_bytes(statement_of(unbagged, predicate=PREDICATE))
    write_tag_manifest(unbagged)
    assert {one.file for one in verify_package(unbagged).faults} == {
        "bagit.txt",
        "manifest-sha512.txt",
    }


def test_a_folder_that_is_gone_is_not_sealed(package: Path, people: People, tmp_path: Path) -> None:
    judged = read_package(package)
    package.rename(tmp_path / "elsewhere")
    with pytest.raises(PackageBroken):
        by_age(judged, tmp_path, people)


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ({"deletion_date": "2030-12-31"}, {}),
        ({"case_number": "2026/1"}, {"case_number": "2026/2"}),
        ({"environment": "production"}, {"environment": "test"}),
    ],
)
def test_a_receipt_that_contradicts_the_application_is_not_given(
    people: People, tmp_path: Path, said: dict[str, str], given: dict[str, str]
) -> None:
    folder = approved(tmp_path / "p", people, predicate={**PREDICATE, "application": said})
    (name,) = said
    with pytest.raises(DataError, match=f"the receipt says another {name}"):
        by_age(read_package(folder), tmp_path, people, receipt={**FACTS, **given})
    assert sorted(tmp_path.iterdir()) == [folder]


# What is internal.


def test_what_is_internal_stays_behind_and_the_rest_is_whole(
    people: People, tmp_path: Path
) -> None:
    folder = approved(tmp_path / "p", people, files=WITH_KEPT, predicate=KEPT)
    assert verify_package(folder).holds
    assert bagit.Bag(str(folder)).validate()
    sealed = by_age(read_package(folder), tmp_path, people).file
    found = verify_package(sealed, identity=people.identity, keys=people.told)
    assert (found.holds, found.files) == (True, 11)
    tar = open_sealed(sealed.read_bytes(), people.identity)
    assert b"canary" not in tar
    subprocess.run(["tar", "-x", "-C", tmp_path], input=tar, check=True)
    got = tmp_path / "test-2026-1"
    assert not (got / "report.html").exists()
    assert bagit.Bag(str(got)).validate()
    check = ["sha512sum", "--check", "--strict", "--quiet", "tagmanifest-sha512.txt"]
    subprocess.run(check, cwd=got, check=True)
    assert verify_package(got).holds


def test_a_zip_leaves_it_behind_too(people: People, tmp_path: Path) -> None:
    import pyzipper

    folder = approved(tmp_path / "p", people, files=WITH_KEPT, predicate=KEPT)
    sealed = by_zip(read_package(folder), tmp_path, people).file
    with pyzipper.AESZipFile(sealed) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert len(names) == 11
    assert names & {"report.html", "risk.json"} == set()


def test_what_is_internal_is_checked_where_it_is_there(people: People, tmp_path: Path) -> None:
    folder = approved(tmp_path / "p", people, files=WITH_KEPT, predicate=KEPT)
    (folder / "risk.json").unlink()
    (folder / "report.html").write_text("<p>ko</p>\n")
    assert {one.file: one.problem for one in verify_package(folder).faults} == {
        "report.html": "it is changed; ask for the package again"
    }
    with pytest.raises(PackageBroken, match=r"report\.html: it is changed"):
        by_age(read_package(folder), tmp_path, people)


def test_an_internal_manifest_takes_the_line_of_the_log_with_it(
    people: People, tmp_path: Path
) -> None:
    predicate = {**PREDICATE, "internal": ["manifest.json"]}
    folder = approved(tmp_path / "p", people, predicate=predicate)
    assert verify_package(folder).holds
    (folder / "manifest.json").unlink()
    assert verify_package(folder).holds


@pytest.mark.parametrize(
    "internal",
    [
        ["data/extract.csv"],
        ["bagit.txt"],
        ["manifest-sha512.txt"],
        ["bag-info.txt"],
        ["release.json"],
        ["tagmanifest-sha512.txt"],
        ["signatures/producer.json"],
        ["report.html", "report.html"],
        "report.html",
        [1],
        None,
    ],
)
def test_what_travels_cannot_be_internal(tmp_path: Path, internal: Any) -> None:
    with pytest.raises(DataError, match="'internal' must name files beside data/"):
        statement_of(draft(tmp_path / "p"), predicate={**PREDICATE, "internal": internal})


def test_what_is_not_stated_cannot_be_internal(people: People, tmp_path: Path) -> None:
    with pytest.raises(PackageBroken, match=r"risk\.json: it is said to be internal, and is not"):
        statement_of(draft(tmp_path / "p"), predicate=KEPT)
    folder = prepared(tmp_path / "q", people.producer, files=WITH_KEPT, predicate=KEPT)
    path = folder / "release.json"
    path.write_bytes(path.read_bytes().replace(b'["report.html","risk.json"]', b'["other.html"]'))
    (only,) = verify_package(folder).faults
    assert only.problem.startswith("it says that a file is internal, and does not state it")


def test_a_tag_manifest_comes_after_the_statement(tmp_path: Path) -> None:
    folder = draft(tmp_path / "p")
    with pytest.raises(PackageBroken, match=r"release\.json: .*write it before the tag manifest"):
        write_tag_manifest(folder)
    (folder / "release.json").write_text("{}")
    with pytest.raises(PackageBroken, match=r"release\.json: .*write it before the tag manifest"):
        write_tag_manifest(folder)


def test_nothing_in_the_tar_is_a_folder(sealed: Path, people: People) -> None:
    """So that an entry which is no plain file is none of ours."""
    tar = open_sealed(sealed.read_bytes(), people.identity)
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        assert {one.type for one in opened} == {tarfile.REGTYPE}
