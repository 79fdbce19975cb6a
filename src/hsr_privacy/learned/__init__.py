"""Learned sets: synthetic tables that a model drew after it saw real ones, each with its passport.

The simulator next door has never seen a patient and is the default. A set from here has, and is
attacked before anybody gets it.
"""

from hsr_privacy.learned.synthesizing import ALL_MODELS, Source, Wishes, synthesize_learned
from hsr_privacy.learned.verdict import Outcome

__all__ = ["ALL_MODELS", "Outcome", "Source", "Wishes", "synthesize_learned"]
