"""The bag is one that other people's tools read, and says nothing that is not so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import bagit
import pytest

from hsr_privacy.errors import DataError, OutputExists, PackageBroken
from hsr_privacy.packaging import write_bag
from tests.packages import FILES, draft, files_in

INFO = {"External-Identifier": "test-2026-1", "Bagging-Date": "2026-03-02", "Contact-Name": "Ås"}


def test_the_library_of_congress_finds_the_bag_valid(package: Path) -> None:
    bag = bagit.Bag(str(package))
    assert bag.validate()
    assert bag.info["External-Identifier"] == "test-2026-1"
    assert set(bag.tagfile_entries()) == {
        "bag-info.txt",
        "bagit.txt",
        "manifest-sha512.txt",
        "manifest.json",
        "release.json",
        "report.html",
    }
    (package / "data/extract.csv").write_text("changed")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(package)).validate()


@pytest.mark.parametrize("manifest", ["manifest-sha512.txt", "tagmanifest-sha512.txt"])
def test_sha512sum_checks_both_manifests(package: Path, manifest: str) -> None:
    command = ["sha512sum", "--check", "--strict", "--quiet", manifest]
    assert subprocess.run(command, cwd=package, check=False).returncode == 0
    name = "data/extract.csv" if manifest.startswith("manifest") else "report.html"
    (package / name).write_text("changed")
    done = subprocess.run(command, cwd=package, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"{name}: FAILED" in done.stdout


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_bag(draft(tmp_path / name), INFO)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    payload = [text.encode() for name, text in FILES.items() if name.startswith("data/")]
    assert (tmp_path / "one" / "bag-info.txt").read_text(encoding="utf-8") == (
        "External-Identifier: test-2026-1\nBagging-Date: 2026-03-02\nContact-Name: Ås\n"
        f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}\n"
    )


def test_what_lies_there_stays_and_a_bag_is_not_made_twice(tmp_path: Path) -> None:
    folder = draft(tmp_path / "bag")
    before = files_in(folder)
    write_bag(folder, INFO)
    after = files_in(folder)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"bag-info.txt", "bagit.txt", "manifest-sha512.txt"}
    with pytest.raises(OutputExists):
        write_bag(folder, INFO)
    assert files_in(folder) == after


@pytest.mark.parametrize(
    "info",
    [
        {},
        {"Bagging-Date": "2 March"},
        {"Bagging-Date": "2026-03-02", "Payload-Oxum": "1.1"},
        {"Bagging-Date": "2026-03-02", "Contact: Name": "x"},
        {"Bagging-Date": "2026-03-02", "Contact-Name": "x\nBag-Size: 1"},
        {"Bagging-Date": "2026-03-02", "Contact-Name": " "},
    ],
)
def test_an_entry_that_cannot_stand_in_the_file_is_refused(
    tmp_path: Path, info: dict[str, str]
) -> None:
    folder = draft(tmp_path / "bag")
    before = files_in(folder)
    with pytest.raises(DataError):
        write_bag(folder, info)
    assert files_in(folder) == before


def test_a_folder_without_payload_or_with_odd_things_is_refused(tmp_path: Path) -> None:
    bare = draft(tmp_path / "bare", files={"report.html": "x"})
    with pytest.raises(PackageBroken, match="nothing lies in data/"):
        write_bag(bare, INFO)
    linked = draft(tmp_path / "linked")
    (linked / "data" / "link").symlink_to("extract.csv")
    with pytest.raises(PackageBroken, match="data/link: it is a link"):
        write_bag(linked, INFO)
