"""Details of a line of the audit log: short texts and counts, and nothing that names a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from hsr_privacy.errors import DataError
from hsr_privacy.keys.audit_lines import Detail

LONGEST: Final = 500
"""Characters of a text."""

_LARGEST: Final = 10**9 - 1  # an identifier written as a number has ten digits at least
_DIGEST: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{128})(?![0-9A-Za-z])")
_RUN: Final = re.compile(r"\d{11}|(?<!\d)\d{6}[\s.-]\d{5}(?!\d)")
_PLACE: Final = re.compile(r"^(?:/|~|[A-Za-z]:[\\/]|file:)")


class UnfitDetail(DataError, ValueError):
    """A detail has no place in the audit log."""


def check_details(details: Mapping[str, Detail]) -> None:
    """Refuse what must not be written down.

    A digest in hexadecimal may hold eleven digits by chance and is let through.

    Raises:
        UnfitDetail: a text is longer than 500 characters, holds eleven digits as an identifier
            does, or is the place of a file; or a number is as large as an identifier.
    """
    for name, value in details.items():
        wrong = _wrong(value) or _wrong(name)
        if wrong:
            raise UnfitDetail(f"a detail of an audit record is {wrong}; leave it out of the record")


def _wrong(value: Detail) -> str | None:
    if isinstance(value, int):
        return "a number as large as an identifier" if abs(value) > _LARGEST else None
    if len(value) > LONGEST:
        return f"too long: at most {LONGEST} characters"
    if _RUN.search(_DIGEST.sub(" ", value)):
        return "a text with eleven digits, as an identifier has"
    return "the place of a file" if _PLACE.match(value) else None
