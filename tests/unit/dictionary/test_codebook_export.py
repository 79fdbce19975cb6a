"""`hsr codebook export`, and the codebook's older ways to be asked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.codebook import load_codebook
from hsr_privacy.formats import read_rapwhale
from hsr_privacy.scanning import scan
from tests.unit.formats.rapwhale_rules import broken_rules


def test_rapwhale_gets_a_codebook_that_it_takes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "codebook.csv"
    assert run(["codebook", "export", "--format", "rapwhale", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert broken_rules(text) == []
    names = [variable.name for variable in load_codebook()]
    assert [field.name for field in read_rapwhale(text)] == names
    assert f"{len(names)} variables" in capfd.readouterr().err


def test_people_get_a_workbook_without_anybody_in_it(tmp_path: Path) -> None:
    out = tmp_path / "codebook.xlsx"
    assert run(["codebook", "export", "--format", "xlsx", "--out", str(out)]) == 0
    assert len(openpyxl.load_workbook(out).sheetnames) == 3
    assert not scan([out]).findings


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none" / "codebook.csv"
    assert run(["codebook", "export", "--format", "rapwhale", "--out", str(out)]) == 32
    assert "could not be written" in capfd.readouterr().err


def test_a_variable_is_shown_with_show_and_without(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["codebook", "kjonn", "--language", "nb"]) == 0
    short = capfd.readouterr().out
    assert run(["codebook", "show", "kjonn", "--language", "nb"]) == 0
    assert capfd.readouterr().out == short
    assert short.startswith("kjonn: Kjønn")
    assert run(["codebook", "--language", "nb"]) == 0
    assert "Kjønn" in capfd.readouterr().out
