"""What follows from attacks for a learned set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.learned import Source, Wishes, synthesize_learned
from hsr_privacy.learned.verdict import Outcome, judge
from hsr_privacy.probing import Attack, AttackKind


@pytest.mark.parametrize(
    ("hits", "baseline", "outcome"),
    [
        (400, 0.15, Outcome.RELEASABLE),
        (1000, 0.15, Outcome.INTERNAL_ONLY),
        (400, 0.5, Outcome.CANNOT_TELL),
    ],
)
def test_a_set_may_leave_only_if_it_passes(hits: int, baseline: float, outcome: Outcome) -> None:
    attack = Attack(
        kind=AttackKind.INFERENCE,
        secret="arsak",
        columns=("kjonn",),
        tried=2000,
        hits=hits,
        control_tried=2000,
        control_hits=400,
        baseline=baseline,
        limit=0.1,
    )
    verdict = judge([attack])
    assert verdict.outcome is outcome
    assert len(verdict.reasons) == 1


@pytest.mark.parametrize("limit", [float("nan"), float("inf"), 0.0, 1.0])
def test_a_limit_that_is_none_is_refused_before_anything_is_read(
    tmp_path: Path, limit: float
) -> None:
    source, wishes = Source(tmp_path / "none.csv"), Wishes("gaussian-copula", rows=9, seed=1)
    with pytest.raises(DataError, match="risk limit must lie between 0 and 1"):
        synthesize_learned(source, replace(wishes, risk_limit=limit), out=tmp_path / "out")
    with pytest.raises(DataError, match=r"control share must lie between 0\.1 and 0\.5"):
        synthesize_learned(source, replace(wishes, control_share=limit), out=tmp_path / "out")
