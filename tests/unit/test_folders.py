"""The result folder appears whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from hsr_privacy.errors import OutputExists, OutputFailed
from hsr_privacy.folders import whole_folder


def test_what_was_written_appears_under_the_wanted_name(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "deep" / "out") as staging:
        (staging / "a.txt").write_text("a", encoding="utf-8")
        assert not (tmp_path / "deep" / "out").exists()
    assert (tmp_path / "deep" / "out" / "a.txt").read_text(encoding="utf-8") == "a"
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
def test_an_interrupt_leaves_nothing_not_even_new_parents(
    tmp_path: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error), whole_folder(tmp_path / "deep" / "out") as staging:
        (staging / "a.txt").write_text("a", encoding="utf-8")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputFailed, match="No space left"),
        whole_folder(tmp_path / "out") as staging,
    ):
        (staging / "a.txt").write_text("a", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_a_path_that_is_taken_is_refused_and_left_alone(tmp_path: Path, kind: str) -> None:
    taken = tmp_path / "out"
    if kind == "folder":
        taken.mkdir()
    elif kind == "file":
        taken.write_text("mine", encoding="utf-8")
    else:
        taken.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputExists), whole_folder(taken):
        pytest.fail("must not be entered")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_path_that_is_taken_meanwhile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputExists), whole_folder(tmp_path / "out"):
        (tmp_path / "out").mkdir()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(os.name == "nt", reason="Windows brings no folders to the disk")
def test_names_are_on_the_disk_too_those_inside_before_the_folder_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut, what another file says has appeared must be there."""
    out = tmp_path / "deep" / "deeper" / "out"
    synced: list[tuple[int, bool]] = []
    real = os.fsync

    def noted(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, out.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    with whole_folder(out) as staging:
        (staging / "data" / "raw").mkdir(parents=True)
        (staging / "data" / "raw" / "a.txt").write_text("a", encoding="utf-8")
    inside = [out, out / "data", out / "data" / "raw", out / "data" / "raw" / "a.txt"]
    before = [node for node, appeared in synced if not appeared]
    after = [node for node, appeared in synced if appeared]
    assert sorted(before) == sorted(path.stat().st_ino for path in inside)
    # The parents that were made are names in folders themselves.
    assert after == [path.stat().st_ino for path in (out.parent, out.parent.parent, tmp_path)]
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows brings no folders to the disk")
@pytest.mark.parametrize(
    ("fault", "is_there"),
    [(errno.EIO, False), (errno.EINVAL, True), (errno.ENOTSUP, True)],
)
def test_a_disk_that_fails_at_the_end_leaves_nothing_and_one_that_cannot_say_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int, is_there: bool
) -> None:
    out = tmp_path / "deep" / "out"
    real = os.fsync

    def failing(handle: int) -> None:
        if out.exists():
            raise OSError(fault, os.strerror(fault))
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    if is_there:
        with whole_folder(out):
            pass
        assert out.is_dir()
        return
    with pytest.raises(OutputFailed, match="nothing was left behind"), whole_folder(out):
        pass
    assert list(tmp_path.iterdir()) == []
