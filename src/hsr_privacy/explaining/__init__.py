"""Explaining: what a release cost, why, whom it fell on, and what else it could have been."""

from hsr_privacy.explaining.bars import columns_picture, subgroups_picture
from hsr_privacy.explaining.explain import explain
from hsr_privacy.explaining.explanation import Explanation
from hsr_privacy.explaining.frontier_picture import frontier_picture
from hsr_privacy.explaining.page import explanation_page, explanation_sections
from hsr_privacy.explaining.text import explanation_text

__all__ = [
    "Explanation",
    "columns_picture",
    "explain",
    "explanation_page",
    "explanation_sections",
    "explanation_text",
    "frontier_picture",
    "subgroups_picture",
]
