"""Charts: pictures of numbers, drawn by Vega-Lite when a page is written.

Every picture is made from plain numbers and names, in one language, and comes as an ``<svg>`` element
for a page that has `RULES` beside the house's style.
"""

from hsr_privacy.charts.analyses import forest
from hsr_privacy.charts.contributions import contributions
from hsr_privacy.charts.drawing import draw
from hsr_privacy.charts.frontier import frontier
from hsr_privacy.charts.places import NARROW, RULES, WIDE, Place, for_page
from hsr_privacy.charts.remaining import remaining_candidates
from hsr_privacy.charts.scenarios import risk_by_scenario
from hsr_privacy.charts.sizes import class_sizes
from hsr_privacy.charts.subgroups import suppression_by_subgroup
from hsr_privacy.charts.values import (
    Bin,
    Change,
    Contribution,
    Group,
    Interval,
    Named,
    Option,
    Remaining,
)

__all__ = [
    "NARROW",
    "RULES",
    "WIDE",
    "Bin",
    "Change",
    "Contribution",
    "Group",
    "Interval",
    "Named",
    "Option",
    "Place",
    "Remaining",
    "class_sizes",
    "contributions",
    "draw",
    "for_page",
    "forest",
    "frontier",
    "remaining_candidates",
    "risk_by_scenario",
    "suppression_by_subgroup",
]
