"""What is taken off an identifier before it is read, by a profile with a version.

Removed are exactly: space, no-break space, thin space, hyphen, full stop, zero-width space,
joiner and non-joiner, and the byte order mark. Nothing is converted: full-width and
Arabic-Indic digits are not digits here, though Python's ``isdigit`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.kinds import Reason

NORMALIZATION: Final = "hsr-ids/v1"
"""Named in the manifest; another set of characters is another name."""

REMOVED: Final = " \u00a0\u2009-.\u200b\u200c\u200d\ufeff"
PLACEHOLDERS: Final = (
    *("nan", "none", "null", "na", "n/a", "nil", "nat", "<na>", "0", "-", "--", "---", ".", "?"),
    *("x", "ukjent", "unknown", "mangler", "ikke valgt", "velg verdi"),
)
"""Values, in lower case, that stand for a missing one; digits all alike do so too."""

_REMOVED_PATTERN: Final = f"[{REMOVED.replace('-', '')}\\-]+"
_FLOAT_PATTERN: Final = r"^\s*[0-9]+\.0+\s*$|^\s*[0-9.]+[eE]\+?[0-9]+\s*$"
_ALIKE_PATTERN: Final = r"^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$"


@dataclass(frozen=True)
class Normalized:
    """A column after normalization.

    Attributes:
        text: n texts, ``large_string``; empty where there is a reason.
        reasons: n codes of `Reason`; 0 where the text may be an identifier.
        changed: n, true where something was removed.
    """

    text: Any
    reasons: NDArray[np.uint8]
    changed: NDArray[np.bool_]


def as_text(values: Any) -> tuple[Any, NDArray[np.uint8]]:
    """A column of whatever kind as Arrow text, and a reason where it cannot be text any more.

    Args:
        values: an Arrow, pandas, Polars or numpy column, or a sequence.

    Returns:
        n texts, ``large_string`` without nulls, empty wherever there is a reason; n codes of
        `Reason`.

    Raises:
        DataError: the column holds something other than text and numbers.
    """
    array = _as_arrow(values)
    reasons = np.zeros(len(array), dtype=np.uint8)
    if pa.types.is_floating(array.type):
        missing = np.asarray(pc.is_null(array, nan_is_null=True))
        reasons[:] = np.where(missing, Reason.MISSING, Reason.READ_AS_FLOAT)
        return pa.array([""] * len(array), type=pa.large_string()), reasons
    readable = (
        pa.types.is_string(array.type)
        or pa.types.is_large_string(array.type)
        or pa.types.is_string_view(array.type)
        or pa.types.is_integer(array.type)
        or pa.types.is_null(array.type)
    )
    if not readable:
        raise DataError(f"a column of type {array.type} holds no identifiers; read them as text")
    if array.null_count:
        reasons[np.asarray(array.is_null())] = Reason.MISSING
    text = array.cast(pa.large_string())
    return (text.fill_null("") if array.null_count else text), reasons


def normalize(text: Any, reasons: NDArray[np.uint8]) -> Normalized:
    """Take off what the profile removes, and say which values stand for nothing.

    Args:
        text: n texts, ``large_string`` without nulls.
        reasons: n codes; rows that have one already are left alone.
    """
    trimmed = pc.replace_substring_regex(text, _REMOVED_PATTERN, "")
    found = reasons.copy()
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(text))
    alike = pc.match_substring_regex(trimmed, _ALIKE_PATTERN)
    stands_for_nothing = pc.or_(pc.is_in(lowered, pa.array(PLACEHOLDERS, text.type)), alike)
    checks = (
        (Reason.MISSING, pc.equal(lowered, "")),
        (Reason.PLACEHOLDER, stands_for_nothing),
        (Reason.READ_AS_FLOAT, pc.match_substring_regex(text, _FLOAT_PATTERN)),
        (Reason.MISSING, pc.equal(trimmed, "")),
        (Reason.NOT_DIGITS, pc.invert(pc.match_substring_regex(trimmed, "^[0-9]+$"))),
    )
    for reason, applies in checks:
        found[(found == 0) & np.asarray(applies)] = reason
    changed = np.asarray(pc.not_equal(trimmed, text)) & (found == 0)
    return Normalized(trimmed, found, changed)


def _as_arrow(values: Any) -> Any:
    if hasattr(values, "to_arrow"):  # a Polars series
        values = values.to_arrow()
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        try:
            values = pa.array(values, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            raise DataError("a column mixes text with other things; read it as text") from None
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.ChunkedArray):  # older versions keep an empty column in chunks
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
