"""The page on making a register is true: its block runs, and it names every kind of flaw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hsr_privacy.flaws import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "make-a-register.md").read_text(encoding="utf-8")


def test_the_python_block_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [block] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, "make-a-register.md", "exec"), names)
    planted = names["planted"]
    assert isinstance(planted, set)
    assert len(planted) > 5


def test_the_page_names_every_kind_of_flaw() -> None:
    named = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    kinds = {kind.name for kind in KINDS}
    alike = {name for name in kinds if name.startswith("contradicts_")}
    assert kinds - alike <= named
    assert "contradicts_r05" in named
