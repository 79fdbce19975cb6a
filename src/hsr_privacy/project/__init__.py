"""The approved application: what may leave the house."""

from hsr_privacy.project.checking import EVENT, MINUTES, PERSON, load_project
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

__all__ = [
    "EVENT",
    "MINUTES",
    "PERSON",
    "PURPOSES",
    "ApprovedVariable",
    "Choice",
    "Cohort",
    "Condition",
    "PrivacyLimits",
    "Project",
    "Purpose",
    "RecipientType",
    "load_project",
]
