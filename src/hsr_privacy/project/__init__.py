"""The approved application: what may leave the house."""

from hsr_privacy.project.checking import EVENT, PERSON, load_project
from hsr_privacy.project.model import (
    PURPOSES,
    ApprovedVariable,
    Choice,
    Cohort,
    Condition,
    PrivacyLimits,
    Project,
    Purpose,
    RecipientType,
)
from hsr_privacy.project.treatment import (
    MINUTES,
    MINUTES_SUFFIX,
    ORIGIN,
    Form,
    ReleasedVariable,
    released_variables,
)

__all__ = [
    "EVENT",
    "MINUTES",
    "MINUTES_SUFFIX",
    "ORIGIN",
    "PERSON",
    "PURPOSES",
    "ApprovedVariable",
    "Choice",
    "Cohort",
    "Condition",
    "Form",
    "PrivacyLimits",
    "Project",
    "Purpose",
    "RecipientType",
    "ReleasedVariable",
    "load_project",
    "released_variables",
]
