"""Masking: transformations value by value or row by row that no class is counted for.

None of them gives k-anonymity, and each says so in its step. `protect` refuses a quasi-identifier
whose values noise, chance or a mean have changed. Give an `Extract` where more is to follow: a bare
frame does not remember what was done to it.
"""

from hsr_privacy.masking.extremes import code_extremes, code_extremes_with_masking
from hsr_privacy.masking.microaggregate import microaggregate, microaggregate_with_masking
from hsr_privacy.masking.noise import add_noise, add_noise_with_masking
from hsr_privacy.masking.pram import pram, pram_with_masking
from hsr_privacy.masking.record import NO_K_ANONYMITY, Masking, Transition
from hsr_privacy.masking.rounding import round_values, round_values_with_masking
from hsr_privacy.masking.sample import sample, sample_with_masking
from hsr_privacy.masking.values import parse_numbers

__all__ = [
    "NO_K_ANONYMITY",
    "Masking",
    "Transition",
    "add_noise",
    "add_noise_with_masking",
    "code_extremes",
    "code_extremes_with_masking",
    "microaggregate",
    "microaggregate_with_masking",
    "parse_numbers",
    "pram",
    "pram_with_masking",
    "round_values",
    "round_values_with_masking",
    "sample",
    "sample_with_masking",
]
