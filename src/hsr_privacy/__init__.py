"""From identified health-registry data to a research extract that may leave the house.

Every verb is a function that takes a pandas, Polars or Spark frame and gives the same kind back:
`select`, `pseudonymize`, `generalize`, `minutes_since`, `protect`, `anonymize`; `validate` and
`assess` judge a frame, `release_extract` does the whole. Names are imported when they are first used, so
that a program which needs one of them does not wait for all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hsr_privacy.anonymity.anonymize import Anonymized, anonymize
    from hsr_privacy.anonymity.generalize import generalize
    from hsr_privacy.anonymity.minutes import minutes_since
    from hsr_privacy.anonymity.plan import Population, PrivacyPlan, SensitiveLevel
    from hsr_privacy.anonymity.protect import protect
    from hsr_privacy.codebook import Codebook, Variable, load_codebook
    from hsr_privacy.errors import HsrError
    from hsr_privacy.extract import Extract, Step
    from hsr_privacy.hierarchies import Hierarchy, load_for_columns, load_hierarchies
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.keys import KeyRing
    from hsr_privacy.models import DistinctLDiversity, KAnonymity
    from hsr_privacy.project import Project, load_project
    from hsr_privacy.pseudonymization.date_shift import shift_dates
    from hsr_privacy.pseudonymization.identifiers import pseudonymize_identifiers
    from hsr_privacy.pseudonymization.pseudonymize import pseudonymize
    from hsr_privacy.registry import Register, build_register, select
    from hsr_privacy.release import Released, release_extract
    from hsr_privacy.risk import RiskReport, assess
    from hsr_privacy.synthesis import synthesize_register
    from hsr_privacy.validation import ValidationReport, validate

_HOME: Final = {
    "Anonymized": "anonymity.anonymize",
    "Codebook": "codebook",
    "DistinctLDiversity": "models",
    "Extract": "extract",
    "Hierarchy": "hierarchies",
    "HsrError": "errors",
    "IdentityStore": "identities",
    "KAnonymity": "models",
    "KeyRing": "keys",
    "Population": "anonymity.plan",
    "PrivacyPlan": "anonymity.plan",
    "Project": "project",
    "Register": "registry",
    "Released": "release",
    "RiskReport": "risk",
    "SensitiveLevel": "anonymity.plan",
    "Step": "extract",
    "ValidationReport": "validation",
    "Variable": "codebook",
    "anonymize": "anonymity.anonymize",
    "assess": "risk",
    "build_register": "registry",
    "generalize": "anonymity.generalize",
    "load_codebook": "codebook",
    "load_for_columns": "hierarchies",
    "load_hierarchies": "hierarchies",
    "load_project": "project",
    "minutes_since": "anonymity.minutes",
    "protect": "anonymity.protect",
    "pseudonymize": "pseudonymization.pseudonymize",
    "pseudonymize_identifiers": "pseudonymization.identifiers",
    "release_extract": "release",
    "select": "registry",
    "shift_dates": "pseudonymization.date_shift",
    "synthesize_register": "synthesis",
    "validate": "validation",
}

__all__ = [
    "Anonymized",
    "Codebook",
    "DistinctLDiversity",
    "Extract",
    "Hierarchy",
    "HsrError",
    "IdentityStore",
    "KAnonymity",
    "KeyRing",
    "Population",
    "PrivacyPlan",
    "Project",
    "Register",
    "Released",
    "RiskReport",
    "SensitiveLevel",
    "Step",
    "ValidationReport",
    "Variable",
    "anonymize",
    "assess",
    "build_register",
    "generalize",
    "load_codebook",
    "load_for_columns",
    "load_hierarchies",
    "load_project",
    "minutes_since",
    "protect",
    "pseudonymize",
    "pseudonymize_identifiers",
    "release_extract",
    "select",
    "shift_dates",
    "synthesize_register",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Import a name from the room where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module 'hsr_privacy' has no attribute {name!r}")
    return getattr(importlib.import_module(f"hsr_privacy.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
