"""`hsr anonymize --explain` and `--report`: why it came out so, in words, for machines and as a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run

ROOT = Path(__file__).parents[2]
ADULT = ROOT / "examples" / "adult"
FIVE = "sex,age,race,marital-status,education"


def words(out: Path, *more: str) -> list[str]:
    return [
        *("anonymize", str(ADULT / "adult.csv"), "-q", FIVE, "--k", "5"),
        *("--hierarchies", str(ADULT / "hierarchies"), "--max-suppressed", "0.01"),
        *("--out", str(out), *more),
    ]


@pytest.mark.parametrize("method", ["full-domain", "joint", "cells", "local"])
def test_every_method_can_be_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    out, page = tmp_path / "out.csv", tmp_path / "why.html"
    assert run(words(out, "--method", method, "--explain", "--report", str(page))) == 0
    said = capsys.readouterr().out
    assert "The release keeps" in said
    assert "what drives it:" in said
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|<link|<img", html)
    assert 'lang="nb"' in html
    assert 'lang="en"' in html


def test_machines_get_the_same_explanation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words(tmp_path / "out.csv", "--explain", "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    why = told["explanation"]
    assert [one["name"] for one in why["columns"]] == FIVE.split(",")
    assert why["suppressed_rows"] == told["suppressed_rows"]
    parts = ("loss_generalized", "loss_cells", "loss_rows")
    shares = sum(one[part] for one in why["columns"] for part in parts)
    assert shares == pytest.approx(told["loss"])


def test_without_the_option_nothing_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words(tmp_path / "out.csv", "--json")) == 0
    assert "explanation" not in json.loads(capsys.readouterr().out)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("why.txt", "does not end in .html"),
        ("nowhere/why.html", "no such folder to write in"),
    ],
)
def test_a_page_that_cannot_be_written_is_told_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    assert run(words(tmp_path / "out.csv", "--report", str(tmp_path / name))) == 12
    assert text in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
