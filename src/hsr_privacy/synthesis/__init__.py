"""Synthesis: registers that belong to nobody."""

from hsr_privacy.synthesis.parameters import Parameters, load_parameters
from hsr_privacy.synthesis.synthesize import synthesize_register

__all__ = ["Parameters", "load_parameters", "synthesize_register"]
