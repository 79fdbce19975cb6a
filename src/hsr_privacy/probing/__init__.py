"""Probing: attackers who try what they can, and how often they are right."""

from hsr_privacy.probing.attack import FEWEST_ATTACKS, Attack, AttackKind, Criterion, Says
from hsr_privacy.probing.attackers import attack_all
from hsr_privacy.probing.probe import Probed, probe
from hsr_privacy.probing.registration import (
    Registration,
    earlier_plans,
    plan_digest,
    remember_run,
)
from hsr_privacy.probing.scene import (
    MISSING,
    STATE,
    THERE,
    Scene,
    filled,
    halved,
    held_out,
    one_row_each,
)
from hsr_privacy.probing.verdict import IN_SHORT, KINDS, SAYS, Outcome, Verdict, judge

__all__ = [
    "FEWEST_ATTACKS",
    "IN_SHORT",
    "KINDS",
    "MISSING",
    "SAYS",
    "STATE",
    "THERE",
    "Attack",
    "AttackKind",
    "Criterion",
    "Outcome",
    "Probed",
    "Registration",
    "Says",
    "Scene",
    "Verdict",
    "attack_all",
    "earlier_plans",
    "filled",
    "halved",
    "held_out",
    "judge",
    "one_row_each",
    "plan_digest",
    "probe",
    "remember_run",
]
