"""Every byte counts: whichever one is changed, verification finds it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.errors import HsrError, KeyRingLocked, PackageBroken
from hsr_privacy.keys import Secret
from hsr_privacy.packaging import read_package, seal_zip, verify_package
from tests.packages import FACTS, People, copy_of

pytestmark = pytest.mark.once

SEED = 20260302


def places(folder: Path) -> list[tuple[Path, int]]:
    """Every byte of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path, place) for path in files for place in range(path.stat().st_size)]


def flips(folder: Path, count: int) -> Iterator[tuple[Path, int]]:
    """Change one bit or one byte at a time, drawn over all bytes, and put it back."""
    drawn = random.Random(SEED)
    for path, place in drawn.sample(places(folder), count):
        before = path.read_bytes()
        altered = bytearray(before)
        altered[place] ^= drawn.choice([1 << drawn.randrange(8), drawn.randrange(1, 256)])
        path.write_bytes(altered)
        yield path, place
        path.write_bytes(before)


def is_found(path: Path, **given: Path | Secret | None) -> bool:
    try:
        return bool(verify_package(path, **given).faults)  # type: ignore[arg-type]
    except (PackageBroken, KeyRingLocked):
        return True


def test_100_of_100_random_changes_of_a_package_are_found(package: Path) -> None:
    missed = [
        f"{path.relative_to(package)}:{place}"
        for path, place in flips(package, 100)
        if not is_found(package)
    ]
    assert missed == []
    assert verify_package(package).holds


def test_each_file_of_a_package_is_covered(package: Path) -> None:
    for path in sorted(one for one in package.rglob("*") if one.is_file()):
        before = path.read_bytes()
        for place in (0, len(before) // 2, len(before) - 1):
            altered = bytearray(before)
            altered[place] ^= 1
            path.write_bytes(altered)
            assert is_found(package), f"{path.name}:{place}"
        path.write_bytes(before)


def test_100_of_100_random_changes_of_a_sealed_file_and_its_receipt_are_found(
    sealed: Path, tmp_path: Path
) -> None:
    out = copy_of(sealed.parent, tmp_path / "out")
    missed = [
        f"{path.name}:{place}" for path, place in flips(out, 100) if not is_found(out / sealed.name)
    ]
    assert missed == []
    assert verify_package(out / sealed.name).holds


def test_a_changed_sealed_file_does_not_open_even_without_a_receipt(
    sealed: Path, tmp_path: Path, people: People
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(sealed, alone)
    missed = [
        place
        for _path, place in flips(alone, 60)
        if not is_found(alone / sealed.name, identity=people.identity)
    ]
    assert missed == []


def test_a_changed_zip_is_found_by_its_receipt_and_never_breaks_the_reader(
    original: Path, tmp_path: Path, people: People
) -> None:
    """A zip has bytes that say nothing of its files; without the receipt these may differ."""
    word = tmp_path / "word"
    given: dict[str, Any] = {"receipt": FACTS, "signer": people.producer, "name": "z"}
    file = seal_zip(read_package(original), tmp_path / "out", passphrase_file=word, **given).file
    passphrase = Secret.of_text(word.read_text().strip())
    for path, place in flips(file.parent, 40):
        assert is_found(file), f"{path.name}:{place}"
    (file.parent / "z.receipt.json").unlink()
    for path, place in flips(file.parent, 40):
        try:
            found = verify_package(file, passphrase=passphrase)
        except HsrError:
            continue
        assert found.faults or found.files == 12, f"{path.name}:{place}"


@pytest.mark.slow
def test_every_byte_of_a_package_counts(package: Path) -> None:
    missed = []
    for path, place in places(package):
        before = path.read_bytes()
        altered = bytearray(before)
        altered[place] ^= 1 << place % 8
        path.write_bytes(altered)
        if not is_found(package):
            missed.append(f"{path.relative_to(package)}:{place}")
        path.write_bytes(before)
    assert missed == []


@pytest.mark.slow
def test_3000_of_3000_changes_of_a_sealed_file_are_found(
    sealed: Path, tmp_path: Path, people: People
) -> None:
    out = copy_of(sealed.parent, tmp_path / "out")
    file, receipt = out / sealed.name, out / "test-2026-1.receipt.json"
    missed = [f"{path.name}:{place}" for path, place in flips(out, 3000) if not is_found(file)]
    receipt.unlink()
    missed += [
        f"alone:{place}"
        for _path, place in flips(out, 3000)
        if not is_found(file, identity=people.identity)
    ]
    assert missed == []
