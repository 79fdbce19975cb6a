"""The letter to whoever receives an extract: what it is, what it is not, and what goes with it."""

from hsr_privacy.letters.consequences import Became, became_of, consequence
from hsr_privacy.letters.content import (
    LetterAnalysis,
    LetterCommand,
    LetterContent,
    LetterDecision,
    LetterFile,
    LetterMissing,
    LetterRows,
    LetterVariable,
)
from hsr_privacy.letters.page import letter_page
from hsr_privacy.letters.text import letter_text

__all__ = [
    "Became",
    "LetterAnalysis",
    "LetterCommand",
    "LetterContent",
    "LetterDecision",
    "LetterFile",
    "LetterMissing",
    "LetterRows",
    "LetterVariable",
    "became_of",
    "consequence",
    "letter_page",
    "letter_text",
]
