"""Validation: whether a table is what the codebook and the project say it is."""

from hsr_privacy.validation.generating import codebook_suite, extract_suite
from hsr_privacy.validation.judging import validate
from hsr_privacy.validation.report import Finding, ValidationReport
from hsr_privacy.validation.rules import (
    ColumnRule,
    generalized_rule,
    kept_rule,
    mask_rule,
    minutes_rule,
    pseudonym_rule,
    with_removed,
)
from hsr_privacy.validation.suite import Expectation, Suite

__all__ = [
    "ColumnRule",
    "Expectation",
    "Finding",
    "Suite",
    "ValidationReport",
    "codebook_suite",
    "extract_suite",
    "generalized_rule",
    "kept_rule",
    "mask_rule",
    "minutes_rule",
    "pseudonym_rule",
    "validate",
    "with_removed",
]
