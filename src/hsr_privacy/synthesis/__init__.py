"""Synthesis: registers that belong to nobody."""

from hsr_privacy.synthesis.files import LAYOUTS, Layout
from hsr_privacy.synthesis.parameters import Parameters, load_parameters
from hsr_privacy.synthesis.synthesize import (
    Synthesized,
    synthesize_register,
    synthesize_with_account,
)

__all__ = [
    "LAYOUTS",
    "Layout",
    "Parameters",
    "Synthesized",
    "load_parameters",
    "synthesize_register",
    "synthesize_with_account",
]
