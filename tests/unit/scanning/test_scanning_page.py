"""The page on scanning runs, command by command and block by block, and states true figures."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.scanning.national import in_tier_a, judge

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "scan-for-leaks.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if "samples" in line]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_runs(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert run(shlex.split(line)[1:]) == 26


def test_the_python_block_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [block] = blocks("python")
    exec(compile(block, "scan-for-leaks.md", "exec"), {})


def test_the_shares_of_random_numbers_are_those_of_the_page() -> None:
    digits = np.random.default_rng(1).integers(0, 10, (1_000_000, 11)).astype(np.uint8)
    verdict = judge(digits)
    assert "one in 600 falls into tier A and one in 60" in PAGE
    assert 1 / in_tier_a(verdict).mean() == pytest.approx(600, rel=0.1)
    assert 1 / (verdict.kinds != 0).mean() == pytest.approx(60, rel=0.1)
