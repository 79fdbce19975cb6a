"""The page on masking runs, command by command and block by block."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "mask-a-column.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_runs(folder: Path, line: str) -> None:
    words = shlex.split(line)
    assert run(words[1:]) == 0
    assert (folder / words[words.index("--out") + 1]).stat().st_size > 0


def test_the_page_shows_every_method() -> None:
    shown = {shlex.split(line)[2] for line in COMMANDS}
    assert shown == {"microaggregate", "round", "code", "noise", "pram", "sample"}


def test_the_python_block_of_the_page_runs(folder: Path) -> None:
    found = blocks("python")
    assert found
    for block in found:
        exec(compile(block, "mask-a-column.md", "exec"), {})
