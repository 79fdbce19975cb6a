"""The register's rules: what must hold between the variables of an arrest, from one source.

Whoever asks whether data are right asks here: the tests of the simulator, the passport of a learnt
set, and validation.
"""

from hsr_privacy.rules.counts import RuleCount, Unjudged
from hsr_privacy.rules.judging import judge_rules, violating_rows
from hsr_privacy.rules.model import Form, Rule, Rules, Severity
from hsr_privacy.rules.reading import load_rules

__all__ = [
    "Form",
    "Rule",
    "RuleCount",
    "Rules",
    "Severity",
    "Unjudged",
    "judge_rules",
    "load_rules",
    "violating_rows",
]
