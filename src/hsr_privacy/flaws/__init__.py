"""Flaws: faults that real deliveries have, planted in simulated ones, each told in a ledger."""

from hsr_privacy.flaws.kinds import KINDS
from hsr_privacy.flaws.ledger import LEDGER, counts, write_ledger
from hsr_privacy.flaws.plan import LEVELS, NONE, Dirt, FlawPlan, dirt_of, load_flaw_plan
from hsr_privacy.flaws.plant import Planting, plant_flaws
from hsr_privacy.flaws.sheet import Sheet

__all__ = [
    "KINDS",
    "LEDGER",
    "LEVELS",
    "NONE",
    "Dirt",
    "FlawPlan",
    "Planting",
    "Sheet",
    "counts",
    "dirt_of",
    "load_flaw_plan",
    "plant_flaws",
    "write_ledger",
]
