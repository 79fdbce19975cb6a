"""Where secrets may lie, how they are written, and what happens when the disk says no."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from hsr_privacy.errors import (
    KeyRingError,
    KeyRingExposed,
    KeyRingMissing,
    OutputExists,
    OutputFailed,
)
from hsr_privacy.keys.custody import check_folder, exclusively, read_private, write_private
from hsr_privacy.keys.passphrase import (
    generate_passphrase,
    read_passphrase_file,
    write_new_passphrase,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


def private(path: Path, content: bytes) -> Path:
    write_private(path, content, replace=False)
    return path


@posix_only
def test_what_is_written_is_for_the_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        private(tmp_path / "ring", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ring").stat().st_mode) == 0o600


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_file_that_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = private(tmp_path / "ring", b"x")
    path.chmod(mode)
    with pytest.raises(KeyRingExposed, match=f"mode {mode:04o}.*chmod 600"):
        read_private(path, "key ring")


@posix_only
def test_a_folder_that_anyone_may_write_to_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "ring", b"x")
    tmp_path.chmod(0o777)
    with pytest.raises(KeyRingExposed, match="chmod o-w"):
        read_private(path, "key ring")
    tmp_path.chmod(0o1777)  # the sticky bit keeps others from renaming it
    assert read_private(path, "key ring") == b"x"


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_git_work_tree_is_refused_however_deep(tmp_path: Path, kind: str) -> None:
    git = tmp_path / ".git"
    git.mkdir() if kind == "folder" else git.write_text("gitdir: elsewhere\n")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    with pytest.raises(KeyRingExposed, match="inside the git work tree"):
        check_folder(deep / "ring", "key ring")


@posix_only
def test_a_link_from_elsewhere_does_not_hide_the_work_tree(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    private(tree / "ring", b"x")
    (tmp_path / "link").symlink_to(tree / "ring")
    with pytest.raises(KeyRingExposed, match="inside the git work tree"):
        read_private(tmp_path / "link", "key ring")


@pytest.mark.parametrize("name", ["OneDrive - Sykehuset", "Dropbox", "Nextcloud"])
def test_a_folder_that_is_copied_to_a_cloud_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(KeyRingExposed, match="copied to a cloud"):
        check_folder(tmp_path / name / "ring", "key ring")


def test_a_folder_is_no_key_ring(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError):
        read_private(tmp_path, "key ring")


def test_a_taken_name_is_left_as_it_is(tmp_path: Path) -> None:
    path = private(tmp_path / "ring", b"first")
    with pytest.raises(OutputExists):
        write_private(path, b"second", replace=False)
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["ring"]


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = private(tmp_path / "ring", b"first")

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(call, full)
    with pytest.raises(OutputFailed, match="No space left"):
        write_private(path, b"second", replace=True)
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["ring"]


def test_an_interrupt_while_writing_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = private(tmp_path / "ring", b"first")

    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_private(path, b"second", replace=True)
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["ring"]


def test_who_cannot_get_the_lock_is_told_so(tmp_path: Path) -> None:
    path = private(tmp_path / "ring", b"x")
    with (
        exclusively(path),
        pytest.raises(KeyRingError, match="another process is changing"),
        exclusively(path, wait_seconds=0.05),
    ):
        pass
    with exclusively(path, wait_seconds=0.05):
        pass


def test_a_passphrase_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    path = private(tmp_path / "pass", "\ufeffblåbær og fløte\r\n".encode())
    assert read_passphrase_file(path).unsafe_bytes() == "blåbær og fløte".encode()


@posix_only
def test_a_passphrase_comes_through_a_pipe(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"from the password manager\n")
    os.close(writing)
    assert read_passphrase_file(f"/dev/fd/{reading}").unsafe_bytes() == b"from the password manager"
    os.close(reading)


@posix_only
def test_a_passphrase_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "pass", b"a passphrase\n")
    path.chmod(0o644)
    with pytest.raises(KeyRingExposed, match="passphrase file"):
        read_passphrase_file(path)


@pytest.mark.parametrize("content", [b"", b"\n", b"  \n", b"one\ntwo\n", b"\xff\xfe\n"])
def test_a_passphrase_file_that_is_not_one_line_of_text_is_refused(
    tmp_path: Path, content: bytes
) -> None:
    path = private(tmp_path / "pass", content)
    with pytest.raises(KeyRingError, match="passphrase file"):
        read_passphrase_file(path)


def test_a_missing_passphrase_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyRingMissing, match="no passphrase file at"):
        read_passphrase_file(tmp_path / "pass")


def test_a_drawn_passphrase_has_120_bits_and_no_letter_to_misread() -> None:
    drawn = {generate_passphrase() for _ in range(200)}
    assert len(drawn) == 200
    assert all(
        re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}", one) for one in drawn
    )
    assert len(set("".join(drawn))) == 33


def test_a_drawn_passphrase_is_written_once_and_reads_back(tmp_path: Path) -> None:
    drawn = write_new_passphrase(tmp_path / "pass")
    assert read_passphrase_file(tmp_path / "pass") == drawn
    with pytest.raises(OutputExists):
        write_new_passphrase(tmp_path / "pass")
    (tmp_path / ".git").mkdir()
    with pytest.raises(KeyRingExposed):
        write_new_passphrase(tmp_path / "other")
