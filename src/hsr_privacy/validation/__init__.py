"""Validation: whether a table is what the codebook, the rules and the project say it is."""

from hsr_privacy.validation.deliveries import Delivered, read_forms
from hsr_privacy.validation.generating import extract_suite
from hsr_privacy.validation.judging import validate
from hsr_privacy.validation.opening import (
    SUITES,
    Opened,
    ValidationEngine,
    open_suite,
    open_tables,
    read_suite,
)
from hsr_privacy.validation.own import own_expectations, own_faults
from hsr_privacy.validation.project_suite import columns_of_project, project_suite, require_own
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
from hsr_privacy.validation.suite import Expectation, Suite, suite_of_json
from hsr_privacy.validation.suites import codebook_suite, delivery_suite, synthetic_suite

__all__ = [
    "SUITES",
    "ColumnRule",
    "Delivered",
    "Expectation",
    "Finding",
    "Opened",
    "Suite",
    "ValidationEngine",
    "ValidationReport",
    "codebook_suite",
    "columns_of_project",
    "delivery_suite",
    "extract_suite",
    "generalized_rule",
    "kept_rule",
    "mask_rule",
    "minutes_rule",
    "open_suite",
    "open_tables",
    "own_expectations",
    "own_faults",
    "project_suite",
    "pseudonym_rule",
    "read_forms",
    "read_suite",
    "require_own",
    "suite_of_json",
    "synthetic_suite",
    "validate",
    "with_removed",
]
