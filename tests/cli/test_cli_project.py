"""`hsr project` and `hsr codebook` as their users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hsr_privacy.cli.main import root, run
from hsr_privacy.configs import shipped

SAMPLE = shipped("configs", "projects", "bystander-cpr-survival.yaml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "application.yaml"
    path.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> int:
    """Change the file in one place and give the line of it."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def call(*arguments: str) -> Result:
    return CliRunner().invoke(root, arguments, catch_exceptions=False)


def test_a_good_project_is_ok(project: Path) -> None:
    done = call("project", "check", str(project))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == f"{project}: OK"
    assert "28 variables, k = 5, at most 2% of the events removed" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("verb", ["check", "plan"])
def test_faults_have_their_lines_and_exit_code_10(
    project: Path, capfd: pytest.CaptureFixture[str], verb: str
) -> None:
    sex = change(project, "{name: kjonn,", "{name: kjnon,")
    place = change(project, "detail: health region", "detail: street")
    assert run(["project", verb, str(project)]) == 10
    told = capfd.readouterr()
    assert told.out == ""
    assert f"{project}:{sex}: variables[3].name:" in told.err
    assert "did you mean 'kjonn'?" in told.err
    assert f"{project}:{place}: variables[6].detail:" in told.err


@pytest.mark.parametrize("verb", ["check", "plan"])
def test_a_refusal_has_its_line_and_exit_code_20(
    project: Path, capfd: pytest.CaptureFixture[str], verb: str
) -> None:
    line = change(project, "type: research-institution", "type: insurance")
    assert run(["project", verb, str(project)]) == 20
    told = capfd.readouterr()
    assert told.out == ""
    assert f"{project}:{line}: recipient.type: data are never released to insurers" in told.err


def test_a_project_that_is_not_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["project", "check", str(tmp_path / "none.yaml")]) == 10
    assert "no such file" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Hvordan personene vernes"), ("en", "How persons are protected")],
)
def test_a_plan_is_told_in_either_language(project: Path, language: str, words: str) -> None:
    done = call("project", "plan", str(project), "--language", language)
    assert done.exit_code == 0
    assert words in done.stdout


def test_a_third_language_is_wrong_usage(project: Path) -> None:
    assert call("project", "plan", str(project), "--language", "nn").exit_code == 2


def test_the_codebook_lists_every_variable() -> None:
    done = call("codebook")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 117
    assert "Q  alder                       integer   Age at the event" in lines
    assert any(line.startswith("D  fnr ") for line in lines)


def test_a_variable_is_shown_with_its_codes_and_levels() -> None:
    done = call("codebook", "sted", "--language", "nb")
    assert done.exit_code == 0
    assert "sted: Sted for hjertestans" in done.stdout
    assert "777  Annet" in done.stdout
    assert "place group: steder i fem grupper" in done.stdout
    assert "home: " not in done.stdout
    age = call("codebook", "alder").stdout
    assert "999  missing" in age
    assert "85+ years" in age
    assert max(map(len, age.splitlines())) <= 100


def test_a_variable_that_is_not_there_is_wrong_usage() -> None:
    done = call("codebook", "aldr")
    assert done.exit_code == 2
    assert "the codebook has no variable 'aldr'; did you mean 'alder'?" in done.stderr


def test_the_codebook_for_machines() -> None:
    one = json.loads(call("codebook", "kjonn", "--json").stdout)
    assert one["label"] == {"nb": "Kjønn", "en": "Sex"}
    assert one["codes"][0] == {"code": 1, "nb": "Mann", "en": "Man"}
    every = json.loads(call("codebook", "--json").stdout)
    assert len(every) == 117
    assert one in every
