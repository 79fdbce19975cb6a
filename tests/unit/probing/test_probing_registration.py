"""What was registered binds, and what was tried is remembered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hsr_privacy.codebook import load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError, OutputFailed
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.probing import Outcome, Verdict, earlier_plans, plan_digest, remember_run
from hsr_privacy.probing.registration import registration
from hsr_privacy.project import load_project
from tests.unit.probing.people import plan

PASSED = Verdict(Outcome.PASS, (Label(nb="bra", en="fine"),))
FAILED = Verdict(Outcome.FAIL, (Label(nb="ille", en="bad"),))
DAY = dt.date(2026, 11, 28)


def test_what_was_registered_and_tried_as_such_passes() -> None:
    found = registration(plan(), plan(), ())
    assert (found.differs, found.run, found.other_plans) == ((), 1, 0)
    assert found.bound(PASSED) == PASSED


def test_other_settings_than_registered_let_nothing_pass() -> None:
    found = registration(plan(seed=8, attacks=500), plan(), ())
    assert found.differs == ("seed", "attacks")
    bound = found.bound(PASSED)
    assert bound.outcome is Outcome.CANNOT_TELL
    assert "seed, attacks" in bound.reasons[0].en
    assert "seed, attacks" in bound.reasons[0].nb


def test_without_a_registration_nothing_passes() -> None:
    bound = registration(plan(), None, ()).bound(PASSED)
    assert bound.outcome is Outcome.CANNOT_TELL
    assert bound.reasons[1:] == PASSED.reasons


def test_a_failure_is_one_however_it_was_found() -> None:
    assert registration(plan(seed=8), plan(), ()).bound(FAILED) == FAILED
    assert registration(plan(), None, ()).bound(FAILED) == FAILED


def test_more_runs_are_told() -> None:
    mine, other = plan_digest(plan()), plan_digest(plan(seed=8))
    assert mine != other
    found = registration(plan(), plan(), [other, mine, other])
    assert (found.run, found.other_plans) == (4, 1)
    bound = found.bound(PASSED)
    assert bound.outcome is Outcome.PASS
    assert "run number 4" in bound.reasons[-1].en
    assert found.to_json() == {"registered": True, "differs": [], "run": 4, "other_plans": 1}


def test_runs_are_remembered_by_extract(tmp_path: Path) -> None:
    runs = tmp_path / "attacks.jsonl"
    assert earlier_plans(runs, "one") == ()
    remember_run(runs, "one", plan(), day=DAY)
    remember_run(runs, "two", plan(), day=DAY)
    remember_run(runs, "one", plan(seed=8), day=DAY)
    assert earlier_plans(runs, "one") == (plan_digest(plan()), plan_digest(plan(seed=8)))
    assert earlier_plans(runs, "two") == (plan_digest(plan()),)
    assert runs.stat().st_mode & 0o777 == 0o600


def test_a_run_that_cannot_be_remembered_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="no attack was tried"):
        remember_run(tmp_path / "nowhere" / "attacks.jsonl", "one", plan(), day=DAY)


@pytest.mark.parametrize("line", ["{", "[]", '{"extract": "one"}'])
def test_a_broken_list_of_runs_is_refused_by_its_line(tmp_path: Path, line: str) -> None:
    runs = tmp_path / "attacks.jsonl"
    remember_run(runs, "one", plan(), day=DAY)
    with runs.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(DataError, match=r"attacks\.jsonl:2"):
        earlier_plans(runs, "one")


def test_the_sample_registers_its_attacks_as_soon_as_the_signs_are_taken_away(
    tmp_path: Path,
) -> None:
    sample = shipped("configs", "projects", "bystander-cpr-survival.yaml").read_text("utf-8")
    before, section, after = sample.partition("# attacks:\n")
    assert section
    lines, blank, rest = after.partition("\n\n")
    asked = "".join(line.removeprefix("# ") + "\n" for line in lines.splitlines())
    file = tmp_path / "application.yaml"
    file.write_text(f"{before}attacks:\n{asked}{blank}{rest}", "utf-8")
    trees = load_hierarchies()
    codebook = load_codebook(hierarchies=trees)
    project = load_project(file, codebook=codebook, hierarchies=trees, today=DAY)
    assert project.attacks is not None
    assert project.attacks.limits.inference == 1 / project.privacy.k
    assert project.attacks.known == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"attacks": 99},
        {"control_share": 0.6},
        {"limits": {"singling_out": 0.1, "linkability": 0.1, "inference": 1}},
        {"limits": {"singling_out": 0.1, "linkability": 0.1}},
        {"known": [""]},
        {"seeds": 1},
    ],
)
def test_a_plan_that_says_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        plan(**wrong)
