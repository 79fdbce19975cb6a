"""Disclosure risk: what somebody with a name in mind could learn from an extract.

`assess` is the short report that a release is judged by, `measure` all measures for the audit.
"""

from hsr_privacy.risk.assessing import assess
from hsr_privacy.risk.individual import IndividualRisk
from hsr_privacy.risk.inferring import InferenceRisk
from hsr_privacy.risk.measure import measure
from hsr_privacy.risk.measures import Measures, ReadingRisk
from hsr_privacy.risk.population import PopulationRisk, PopulationTable, load_population
from hsr_privacy.risk.ranking import ColumnRisk, Ranking
from hsr_privacy.risk.report import AttackRisk, RiskReport, SensitiveRisk, SizeBin
from hsr_privacy.risk.subsets import Subset
from hsr_privacy.risk.suda import Scores, SpecialUniques
from hsr_privacy.risk.uniqueness import Estimate, Uniqueness

__all__ = [
    "AttackRisk",
    "ColumnRisk",
    "Estimate",
    "IndividualRisk",
    "InferenceRisk",
    "Measures",
    "PopulationRisk",
    "PopulationTable",
    "Ranking",
    "ReadingRisk",
    "RiskReport",
    "Scores",
    "SensitiveRisk",
    "SizeBin",
    "SpecialUniques",
    "Subset",
    "Uniqueness",
    "assess",
    "load_population",
    "measure",
]
