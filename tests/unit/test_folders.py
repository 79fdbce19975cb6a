"""The result folder appears whole or not at all."""

from __future__ import annotations

import errno
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
