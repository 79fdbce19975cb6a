"""Norwegian identifiers: what they are, whether they hold, and synthetic ones for tests."""

from hsr_privacy.identifiers.column import ColumnCheck, check_column, read_column
from hsr_privacy.identifiers.directories import HPR_NUMBER, ORGANIZATION_NUMBER, RESH_ID
from hsr_privacy.identifiers.kinds import Era, Kind, Profile, Reason
from hsr_privacy.identifiers.number import (
    InvalidIdentifier,
    compact,
    era,
    is_valid,
    kinds,
    possible_birth_dates,
    validate,
)
from hsr_privacy.identifiers.synthetic import make_national_ids

__all__ = [
    "HPR_NUMBER",
    "ORGANIZATION_NUMBER",
    "RESH_ID",
    "ColumnCheck",
    "Era",
    "InvalidIdentifier",
    "Kind",
    "Profile",
    "Reason",
    "check_column",
    "compact",
    "era",
    "is_valid",
    "kinds",
    "make_national_ids",
    "possible_birth_dates",
    "read_column",
    "validate",
]
