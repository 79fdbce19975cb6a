"""Read the rules: ``configs/rules.yaml``, checked against the codebook and against the logic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Document, check, nearest, read
from hsr_privacy.errors import ConfigError, Fault
from hsr_privacy.rules.cohort import COHORT
from hsr_privacy.rules.logic import LOGIC, columns_of_rule, parameters_of_rule
from hsr_privacy.rules.model import DAY, PERSON, Rule, Rules, RulesFile


def load_rules(path: Path | None = None, *, codebook: Codebook | None = None) -> Rules:
    """Read and check the rules of a register.

    Args:
        path: the shipped rules if left out.
        codebook: the register's variables; the shipped ones if left out.

    Raises:
        ConfigError: every fault with file and line: a rule that nothing judges, columns or limits
            other than those that its judgement uses, a column that the codebook lacks.
    """
    codebook = codebook or load_codebook()
    document = read(path or shipped("configs", "rules.yaml"))
    rules = check(document, RulesFile).rules
    faults = [
        fault
        for number, rule in enumerate(rules)
        for fault in _faults(document, number, rule, codebook)
    ]
    if faults:
        raise ConfigError(f"{document.path} has {len(faults)} fault(s)", faults)
    return Rules(rules)


def _faults(document: Document, number: int, rule: Rule, codebook: Codebook) -> Iterator[Fault]:
    where = ("rules", number)
    known = [*(variable.name for variable in codebook), DAY, PERSON]
    for column in rule.columns:
        if column not in known:
            problem = f"the codebook has no column '{column}'{nearest(column, known)}"
            yield document.fault((*where, "columns"), problem)
    if rule.judged_by == "gate":
        return
    if rule.id not in (*LOGIC, COHORT):
        yield document.fault((*where, "id"), f"nothing judges rule {rule.id}; remove it")
        return
    columns, limits = columns_of_rule(rule.id), parameters_of_rule(rule.id)
    if set(columns) != set(rule.columns):
        problem = f"the rule looks at other columns; write: {', '.join(columns)}"
        yield document.fault((*where, "columns"), problem)
    if set(limits) != set(rule.parameters):
        problem = f"the rule has other limits; write: {', '.join(limits) or 'none'}"
        yield document.fault((*where, "parameters"), problem)
