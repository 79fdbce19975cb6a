"""What an attack says, and what follows for the set."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.learned import Source, Wishes, synthesize_learned
from hsr_privacy.learned.attack import Attack, AttackKind, Says
from hsr_privacy.learned.attacking import guessed_by_chance, linked_by_chance
from hsr_privacy.learned.rates import rate, risk
from hsr_privacy.learned.verdict import Outcome, judge

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
    ],
)
def test_an_attack_says(other: dict[str, Any], says: Says) -> None:
    assert attack(**other).says is says


def test_the_upper_end_decides_and_not_the_estimate() -> None:
    one = attack(tried=300, hits=60, control_tried=300, control_hits=60, limit=0.05)
    assert one.risk is not None
    assert one.risk.value < 0.05 < one.risk.high
    assert judge([one]).outcome is Outcome.CANNOT_TELL


def test_all_under_the_limit_is_releasable() -> None:
    assert judge([attack(), attack(kind=AttackKind.COPY)]).outcome is Outcome.RELEASABLE


def test_one_leak_keeps_a_set_in_the_house_and_is_named_first() -> None:
    verdict = judge([attack(), attack(baseline=0.5), attack(hits=1000, secret="cpc_utskr")])
    assert verdict.outcome is Outcome.INTERNAL_ONLY
    assert "cpc_utskr" in verdict.reasons[0].en
    assert "cpc_utskr" in verdict.reasons[0].nb


def test_an_attack_that_does_not_beat_guessing_is_no_evidence() -> None:
    assert judge([attack(), attack(baseline=0.3)]).outcome is Outcome.CANNOT_TELL


def test_without_an_inference_attack_nothing_is_released() -> None:
    assert judge([attack(kind=AttackKind.COPY)]).outcome is Outcome.CANNOT_TELL


def test_rare_things_that_are_not_there_do_not_hold_a_set_back() -> None:
    few = {"tried": 3, "hits": 0, "control_tried": 3, "control_hits": 0, "baseline": None}
    absent = [attack(kind=kind, **few) for kind in (AttackKind.UNIVARIATE, AttackKind.RARE)]
    assert judge([attack(), *absent]).outcome is Outcome.RELEASABLE
    few_links = attack(kind=AttackKind.LINKABILITY, **few)
    assert judge([attack(), few_links]).outcome is Outcome.CANNOT_TELL


def test_guessing_is_reckoned_and_not_drawn() -> None:
    import polars as pl

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


@pytest.mark.parametrize("limit", [float("nan"), float("inf"), 0.0, 1.0])
def test_a_limit_that_is_none_is_refused_before_anything_is_read(
    tmp_path: Path, limit: float
) -> None:
    source, wishes = Source(tmp_path / "none.csv"), Wishes("gaussian-copula", rows=9, seed=1)
    with pytest.raises(DataError, match="risk limit must lie between 0 and 1"):
        synthesize_learned(source, replace(wishes, risk_limit=limit), out=tmp_path / "out")
    with pytest.raises(DataError, match=r"control share must lie between 0\.1 and 0\.5"):
        synthesize_learned(source, replace(wishes, control_share=limit), out=tmp_path / "out")
