"""The codebook: what the register's variables are."""

from hsr_privacy.codebook.model import (
    Code,
    Codebook,
    CodeList,
    EventType,
    Range,
    Role,
    Source,
    Treatment,
    Type,
    Variable,
)
from hsr_privacy.codebook.reading import load_codebook

__all__ = [
    "Code",
    "CodeList",
    "Codebook",
    "EventType",
    "Range",
    "Role",
    "Source",
    "Treatment",
    "Type",
    "Variable",
    "load_codebook",
]
