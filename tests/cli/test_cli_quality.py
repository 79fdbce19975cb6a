"""`hsr quality`: the reports, and what it says no to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run

pytestmark = pytest.mark.once

SAMPLES = Path(__file__).parents[2] / "synthetic" / "samples"


def asked(*words: str | Path) -> list[str]:
    return ["quality", *map(str, words), "--today", "2026-06-01"]


def test_dirty_deliveries_are_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(asked(SAMPLES / "csv-dirty", "--out", out, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == 8
    assert {one["trust"]["number"] for one in told["trusts"]} == {
        path.name for path in out.iterdir() if path.is_dir()
    }
    assert sum(one["wrong"] for one in told["trusts"]) > 100


def test_one_trust_gets_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = asked(SAMPLES / "oqr-dirty", "--out", out, "--trust", "993467049")
    assert run(words) == 0
    assert [path.name for path in out.iterdir()] == ["993467049"]
    assert "OUS HF" in capsys.readouterr().out


def test_what_it_says_no_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "empty").mkdir()
    dirty = SAMPLES / "csv-dirty"
    for words, code, text in (
        ((dirty, "--out", tmp_path / "taken"), 31, "nothing is overwritten"),
        ((tmp_path / "empty", "--out", tmp_path / "out"), 11, "no file of a known layout"),
        ((tmp_path / "nowhere", "--out", tmp_path / "out"), 11, "no such folder"),
        ((dirty, "--out", tmp_path / "out", "--trust", "99346704"), 12, "'993467049'"),
        ((dirty, "--out", dirty / "out"), 12, "among the deliveries"),
    ):
        assert run(asked(*words)) == code
        assert text in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "taken"]
