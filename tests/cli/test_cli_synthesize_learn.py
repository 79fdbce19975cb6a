"""`hsr synthesize learn` as its users run it: what needs no SDV, and one whole run."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.keys.recipients import write_new_identity
from tests.unit.learned.events import arrests

ASKED = ["--model", "gaussian-copula", "--rows", "200", "--seed", "1", "--out", "out"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table of arrests in a folder that only we can read."""
    tmp_path.chmod(0o700)
    arrests(600).write_csv(tmp_path / "data.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def learn(*more: str) -> int:
    return run(["synthesize", "learn", "data.csv", *ASKED, *more])


def test_help_says_what_it_is_and_under_which_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["synthesize", "learn", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Business Source License 1.1" in told
    assert "has never seen a patient and is the default" in told
    assert "every other is written as internal-only" in told


@pytest.mark.parametrize(
    "more",
    [
        ["--rows", "0"],
        ["--model", "gan"],
        ["--where", "kjonn"],
        ["--where", "=2"],
        ["--where", "kjonn=1", "--where", "kjonn=2"],
        ["--risk-limit", "1"],
        ["--risk-limit", "0"],
        ["--risk-limit", "nan"],
        ["--risk-limit", "inf"],
        ["--control-share", "nan"],
        ["--control-share", "0.9"],
        ["--epochs", "0"],
        ["--seed", "-1"],
    ],
)
def test_wrong_usage_exits_with_2(desk: Path, more: list[str]) -> None:
    assert learn(*more) == 2
    assert not (desk / "out").exists()


def test_epochs_for_a_model_without_any_are_told_to_have_no_effect(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "data.csv").unlink()
    told = []
    for more in (["--epochs", "300"], ["--epochs", "9", "--model", "hma"], []):
        assert learn(*more) in {12, 40}  # there are no data, and SDV may not be there
        told.append(capsys.readouterr().err)
    assert "--epochs has no effect on gaussian-copula" in told[0]
    assert "--epochs has no effect on hma" in told[1]
    assert "--epochs" not in told[2]


def test_a_model_needs_a_recipient_and_a_place_outside_the_set(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipient = write_new_identity(desk / "me")
    assert learn("--save-model", "model.age") == 12
    assert "name who may open it by --recipient" in capsys.readouterr().err
    assert learn("--recipient", recipient) == 12
    assert "name its file by --save-model" in capsys.readouterr().err
    assert learn("--save-model", "out/model.age", "--recipient", recipient) == 12
    assert "a model is never given away" in capsys.readouterr().err
    assert learn("--save-model", "model.age", "--recipient", "age1no") == 13
    (desk / "model.age").write_text("mine")
    assert learn("--save-model", "model.age", "--recipient", recipient) == 31
    assert (desk / "model.age").read_text() == "mine"


def test_without_sdv_the_extra_is_named_before_anything_is_read(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    (desk / "data.csv").unlink()
    known = importlib.metadata.version

    def version(name: str) -> str:
        if name in {"sdv", "anonymeter"}:
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr("hsr_privacy.learned.synthesizing.version", version)
    monkeypatch.setitem(sys.modules, "anonymeter", None)
    monkeypatch.setitem(sys.modules, "sdv", None)
    assert learn() == 40
    assert "pip install 'hsr-privacy[attacks]'" in capsys.readouterr().err


@pytest.mark.full
def test_a_set_that_may_not_leave_is_written_as_such_and_exits_with_21_where_that_was_asked(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert learn("--json", "--attacks", "100", "--require-releasable") == 21
    told = capsys.readouterr()
    passport = json.loads(told.out)
    assert passport["verdict"] in {"internal only", "cannot tell"}
    assert "must not leave the house" in told.err
    assert passport["reasons"][0]["en"] in told.err
    assert (desk / "out" / "internal-only.csv").exists()
    assert set(passport["files"]) == {"INTERNAL-ONLY.txt", "internal-only.csv"}
