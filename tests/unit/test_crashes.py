"""The harness of crashes: it dies where it was told to, and the disk is as it was until then."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from hsr_privacy.keys import AuditLog, KeyRing
from tests.crashes import HSR, KILLED, changes_of, full_disk, killed_at

pytestmark = pytest.mark.once

SCRIPT = """
import os, pathlib, shutil, sys
folder = pathlib.Path(sys.argv[1])
(folder / "new").mkdir()                                     # 1
(folder / "new" / "text").write_text("0123456789" * 2)       # 2 open, 3 write
with open(folder / "raw", "wb", buffering=0) as file:        # 4 open
    file.write(b"abcd")                                      # 5 write
    os.fsync(file.fileno())                                  # 6 sync
os.replace(folder / "raw", folder / "kept")                  # 7 rename
shutil.rmtree(folder / "new")                                # 8, 9 removed
pathlib.Path(sys.argv[2]).write_text("elsewhere")
print("done")
"""


def command(tmp_path: Path) -> list[str]:
    (tmp_path / "here").mkdir(exist_ok=True)
    return [sys.executable, "-c", SCRIPT, str(tmp_path / "here"), str(tmp_path / "there")]


def there(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "here"
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_change_below_the_folder_is_counted_and_none_elsewhere(tmp_path: Path) -> None:
    assert changes_of(command(tmp_path), below=tmp_path / "here") == 9
    assert there(tmp_path) == {"kept": "abcd"}


@pytest.mark.parametrize(
    ("at", "torn", "left"),
    [
        (1, False, {}),
        (3, False, {"new/text": ""}),
        (3, True, {"new/text": "0123456789"}),
        (5, True, {"new/text": "0123456789" * 2, "raw": "ab"}),
        (7, False, {"new/text": "0123456789" * 2, "raw": "abcd"}),
        (9, False, {"kept": "abcd"}),
    ],
)
def test_it_dies_before_the_change_that_was_named(
    tmp_path: Path, at: int, torn: bool, left: dict[str, str]
) -> None:
    ran = killed_at(command(tmp_path), after_writes=at, torn=torn, below=tmp_path / "here")
    assert ran.returncode == KILLED
    assert there(tmp_path) == left
    assert not (tmp_path / "there").exists()


def test_what_has_fewer_changes_ends_by_itself(tmp_path: Path) -> None:
    ran = killed_at(command(tmp_path), after_writes=10, below=tmp_path / "here")
    assert (ran.returncode, ran.stdout) == (0, "done\n")


def test_it_dies_at_a_moment(tmp_path: Path) -> None:
    ran = killed_at([sys.executable, "-c", "import time; time.sleep(60)"], moment=0.2)
    assert ran.returncode == KILLED


def test_a_full_disk_takes_half_a_write_and_then_nothing(tmp_path: Path) -> None:
    ran = full_disk(command(tmp_path), after_writes=2, below=tmp_path / "here")
    assert ran.returncode == 1
    assert "No space left on device" in ran.stderr
    assert there(tmp_path) == {"new/text": "0123456789"}
    ran = full_disk(command(tmp_path / "here"), room=5)
    assert "File too large" in ran.stderr


def test_a_key_ring_that_was_changed_is_in_the_log_wherever_it_died(
    ring: KeyRing, tmp_path: Path
) -> None:
    passphrase = "correct horse battery staple"
    word = ring.path.parent / "word"
    word.write_text(passphrase)
    word.chmod(0o600)
    rekey = [HSR, "keys", "rekey", ring.path, "--passphrase-file", word]
    before = tmp_path / "before"
    shutil.copytree(ring.path.parent, before)
    many = changes_of(rekey, below=ring.path.parent)
    seen = set()
    for number in range(1, many + 1):
        shutil.rmtree(ring.path.parent)
        shutil.copytree(before, ring.path.parent)
        ran = killed_at(rekey, after_writes=number, below=ring.path.parent)
        assert ran.returncode == KILLED
        opened = KeyRing.open(ring.path, passphrase)
        log = AuditLog(opened)
        lines = [(one.act, one.step) for one in log.entries()]
        is_changed = len(opened.contents.master_keys) == 2
        seen.add((is_changed, len(lines), len(log.unfinished())))
        assert set(lines) <= {("keys.rekey", "begun"), ("keys.rekey", "committed")}
        assert lines or not is_changed
    assert {(False, 0, 0), (False, 1, 1), (True, 1, 1), (True, 2, 0)} >= seen
    assert (True, 1, 1) in seen  # changed, and the log says that somebody was at it
