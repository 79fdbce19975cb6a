"""Models: what the equivalence classes of a release must satisfy before it may leave."""

from hsr_privacy.models.closeness import BetaLikeness, DeltaDisclosure, Distance, TCloseness
from hsr_privacy.models.diversity import (
    AlphaAnonymity,
    DistinctLDiversity,
    EntropyLDiversity,
    RecursiveDiversity,
    SecondEntity,
)
from hsr_privacy.models.model import Merging, PrivacyModel, Verdict, failing, verdicts
from hsr_privacy.models.projections import AllSubsets, Scenario
from hsr_privacy.models.scenarios import Attacker, fitting, load_attackers, load_scenarios
from hsr_privacy.models.size import AverageRisk, JournalistRisk, KAnonymity, KMap, MaximumRisk

__all__ = [
    "AllSubsets",
    "AlphaAnonymity",
    "Attacker",
    "AverageRisk",
    "BetaLikeness",
    "DeltaDisclosure",
    "Distance",
    "DistinctLDiversity",
    "EntropyLDiversity",
    "JournalistRisk",
    "KAnonymity",
    "KMap",
    "MaximumRisk",
    "Merging",
    "PrivacyModel",
    "RecursiveDiversity",
    "Scenario",
    "SecondEntity",
    "TCloseness",
    "Verdict",
    "failing",
    "fitting",
    "load_attackers",
    "load_scenarios",
    "verdicts",
]
