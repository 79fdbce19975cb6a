"""The data dictionary: what the columns of one table are, for whoever writes or describes it."""

from hsr_privacy.dictionary.missing import MISSING
from hsr_privacy.dictionary.model import Dictionary, Field, Kind, Value
from hsr_privacy.dictionary.register import KINDS, dictionary_of_register, role_of

__all__ = [
    "KINDS",
    "MISSING",
    "Dictionary",
    "Field",
    "Kind",
    "Value",
    "dictionary_of_register",
    "role_of",
]
