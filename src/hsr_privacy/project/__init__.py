"""The approved application: what may leave the house."""

from hsr_privacy.project.analyses import (
    Analysis,
    Answers,
    LogisticAnalysis,
    OddsAnalysis,
    Predictor,
    ProportionAnalysis,
    SurvivalAnalysis,
    YesOrNo,
    in_columns,
    variables_of,
)
from hsr_privacy.project.applied import AppliedFor, applied_for, detail_label
from hsr_privacy.project.attacks import AttackLimits, AttackPlan
from hsr_privacy.project.checking import EVENT, PERSON, load_project
from hsr_privacy.project.deciding import MISSING, Answer, answer_of, answers_of
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
    "MISSING",
    "ORIGIN",
    "PERSON",
    "PURPOSES",
    "Analysis",
    "Answer",
    "Answers",
    "AppliedFor",
    "ApprovedVariable",
    "AttackLimits",
    "AttackPlan",
    "Choice",
    "Cohort",
    "Condition",
    "Form",
    "LogisticAnalysis",
    "OddsAnalysis",
    "Predictor",
    "PrivacyLimits",
    "Project",
    "ProportionAnalysis",
    "Purpose",
    "RecipientType",
    "ReleasedVariable",
    "SurvivalAnalysis",
    "YesOrNo",
    "answer_of",
    "answers_of",
    "applied_for",
    "detail_label",
    "in_columns",
    "load_project",
    "released_variables",
    "variables_of",
]
