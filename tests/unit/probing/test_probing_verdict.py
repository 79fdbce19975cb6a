"""What an attack says, and what follows for the data."""

from __future__ import annotations

import warnings
from typing import Any

import polars as pl
import pytest

from hsr_privacy.estimates import rate, risk
from hsr_privacy.probing import Attack, AttackKind, Criterion, Outcome, Says, judge
from hsr_privacy.probing.attackers import guessed_by_chance, linked_by_chance

SAFE: dict[str, Any] = {
    "kind": AttackKind.INFERENCE,
    "secret": "arsak",
    "columns": ("kjonn",),
    "tried": 2000,
    "hits": 400,
    "control_tried": 2000,
    "control_hits": 400,
    "baseline": 0.15,
    "limit": 0.1,
}


def attack(**other: Any) -> Attack:
    return Attack(**(SAFE | other))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({}, Says.SAFE),
        ({"hits": 1000}, Says.LEAKS),
        ({"hits": 1000, "baseline": 0.9}, Says.LEAKS),
        ({"baseline": 0.2}, Says.WEAK),
        ({"tried": 150, "hits": 30, "control_tried": 150, "control_hits": 30}, Says.UNSURE),
        ({"tried": 29, "hits": 0, "control_tried": 29, "control_hits": 0}, Says.FEW),
        ({"tried": 0, "hits": 0, "control_tried": 0, "control_hits": 0}, Says.FEW),
        ({"tried": 20, "hits": 18, "control_tried": 20, "control_hits": 1}, Says.LEAKS),
        ({"hits": 440}, Says.SAFE),
        ({"baseline": None}, Says.SAFE),
        ({"tried": 0, "hits": 0, "control_tried": 0, "nobody_alone": True}, Says.NOBODY),
    ],
)
def test_an_attack_says(other: dict[str, Any], says: Says) -> None:
    assert attack(**other).says is says


def test_the_upper_end_decides_and_not_the_estimate() -> None:
    one = attack(tried=300, hits=60, control_tried=300, control_hits=60, limit=0.05)
    assert one.risk is not None
    assert one.risk.value < 0.05 < one.risk.high
    assert judge([one]).outcome is Outcome.CANNOT_TELL


def test_all_under_the_limit_pass() -> None:
    assert judge([attack(), attack(kind=AttackKind.COPY)]).outcome is Outcome.PASS


def test_one_leak_fails_and_is_named_first() -> None:
    verdict = judge([attack(), attack(baseline=0.5), attack(hits=1000, secret="cpc_utskr")])
    assert verdict.outcome is Outcome.FAIL
    assert "cpc_utskr" in verdict.reasons[0].en
    assert "cpc_utskr" in verdict.reasons[0].nb


def test_an_attack_that_does_not_beat_guessing_is_no_evidence() -> None:
    assert judge([attack(), attack(baseline=0.3)]).outcome is Outcome.CANNOT_TELL


def test_without_an_inference_attack_nothing_passes() -> None:
    assert judge([attack(kind=AttackKind.COPY)]).outcome is Outcome.CANNOT_TELL


def test_rare_things_that_are_not_there_do_not_leave_the_verdict_open() -> None:
    few = {"tried": 3, "hits": 0, "control_tried": 3, "control_hits": 0, "baseline": None}
    absent = [attack(kind=kind, **few) for kind in (AttackKind.UNIVARIATE, AttackKind.RARE)]
    assert judge([attack(), *absent]).outcome is Outcome.PASS
    few_links = attack(kind=AttackKind.LINKABILITY, **few)
    assert judge([attack(), few_links]).outcome is Outcome.CANNOT_TELL


def test_that_nobody_can_be_singled_out_is_no_reason_to_doubt() -> None:
    none = {"tried": 0, "hits": 0, "control_tried": 0, "control_hits": 0, "baseline": None}
    counted = attack(kind=AttackKind.MULTIVARIATE, nobody_alone=True, **none)
    not_found = attack(kind=AttackKind.MULTIVARIATE, **none)
    assert judge([attack(), counted]).outcome is Outcome.PASS
    assert judge([attack(), not_found]).outcome is Outcome.CANNOT_TELL


def test_every_attack_answers_one_of_the_three_questions() -> None:
    asked = {kind: kind.criterion for kind in AttackKind}
    assert asked[AttackKind.LINKABILITY] is Criterion.LINKABILITY
    assert asked[AttackKind.INFERENCE] is Criterion.INFERENCE
    assert asked[AttackKind.COPY] is asked[AttackKind.UNIVARIATE] is Criterion.SINGLING_OUT


def test_an_attack_in_numbers_has_no_number_that_is_none() -> None:
    none = attack(tried=0, hits=0, control_tried=0, control_hits=0, baseline=None).to_json()
    assert none["risk"] is none["risk_low"] is none["risk_high"] is none["baseline_rate"] is None
    told = attack().to_json()
    assert (told["limit"], told["criterion"], told["says"]) == (0.1, "inference", "under the limit")


def test_guessing_is_reckoned_and_not_drawn() -> None:
    drawn_from = pl.Series(["a"] * 3 + ["b"])
    assert guessed_by_chance(drawn_from, pl.Series(["a", "b", "b", "c"])) == pytest.approx(1.25 / 4)
    assert linked_by_chance(10, 1) == pytest.approx(0.1)
    assert linked_by_chance(5, 3) == 1
    assert linked_by_chance(4, 2) == pytest.approx(1 - (2 * 1) / (4 * 3))


@pytest.mark.full
@pytest.mark.parametrize(("hits", "control"), [(120, 100), (0, 0), (499, 10), (3, 400)])
def test_rates_are_anonymeters(hits: int, control: int) -> None:
    confidence = pytest.importorskip("anonymeter.stats.confidence")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the attack does not beat the baseline
        theirs = confidence.EvaluationResults(
            n_attacks=(500, 500, 450), n_success=hits, n_baseline=0, n_control=control
        ).risk()
    ours = risk(rate(hits, 500), rate(control, 450))
    assert (ours.value, ours.low, ours.high) == pytest.approx((theirs.value, *theirs.ci), abs=1e-9)
