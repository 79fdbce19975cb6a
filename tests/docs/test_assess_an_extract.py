"""The page on assessing is true: its example on Adult runs, and its answers are those that it says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "assess-an-extract.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """The words of each command on the page that is about Adult, in their order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line for one in blocks for line in one.replace("\\\n", " ").splitlines()]
    return [words[1:] for words in map(shlex.split, lines) if "adult-5.csv" in words]


def test_the_example_on_adult_runs_and_answers_cannot_tell_no_and_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    [block] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(block, "assess-an-extract.md", "exec"), {})

    assert [run(words) for words in commands()] == [0, 25, 24, 0]

    risk = json.loads((tmp_path / "risk.json").read_text(encoding="utf-8"))
    [colleague] = risk["scenarios"]
    assert colleague["scenario"] == "colleague"
    before, after = (colleague[key]["right"]["value"] for key in ("before", "released"))
    assert before > 2 * after > 0
    assert (tmp_path / "adult-5.html").stat().st_size > 10_000


def test_the_page_names_the_exit_codes_of_its_answers() -> None:
    from hsr_privacy.errors import RiskNotKnown, RiskTooHigh

    told = dict(re.findall(r"^\| (yes|no|cannot tell) \| (\d+) \|", PAGE, re.MULTILINE))
    expected = {"yes": 0, "no": RiskTooHigh.exit_code, "cannot tell": RiskNotKnown.exit_code}
    assert {name: str(code) for name, code in expected.items()} == told
