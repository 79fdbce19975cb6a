"""Recognize what stands in a column that is no identifier: a pseudonym, or a running number."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hsr_privacy.identifiers import ColumnCheck, Reason
from hsr_privacy.identifiers.normalization import as_text
from hsr_privacy.pseudonymization import running_number, text_form

PSEUDONYM: Final = "pseudonym"
NUMBER: Final = "running-number"
_MAY_BE: Final = (Reason.NOT_DIGITS, Reason.WRONG_LENGTH)


def recognize(values: Any, check: ColumnCheck) -> ColumnCheck:
    """Count pseudonyms and running numbers as what they are, among what is no identifier.

    Args:
        values: the column, see `identifiers.check_column`.
        check: what that said of it.

    Returns:
        The same, where these rows are valid and have a kind; a text of 22 symbols whose check
        symbols do not hold has a reason of its own.
    """
    rows = np.flatnonzero(np.isin(check.reason_codes, _MAY_BE))
    if not len(rows):
        return check
    texts = as_text(values)[0].take(pa.array(rows))
    written = text_form.are_valid(texts)
    numbers = np.array(running_number.are_valid(texts), dtype=bool)
    spoilt = text_form.look_like(texts) & ~written
    codes = check.reason_codes.copy()
    codes[rows[written | numbers]] = Reason.NONE
    codes[rows[spoilt]] = Reason.CHECK_SYMBOLS
    found = {PSEUDONYM: int(written.sum()), NUMBER: int(numbers.sum())}
    left = Counter(Reason(int(code)).label for code in codes if code)
    return replace(
        check,
        valid=check.valid + sum(found.values()),
        kinds={**check.kinds, **{kind: count for kind, count in found.items() if count}},
        reasons={one.label: left[one.label] for one in Reason if left[one.label]},
        reason_codes=codes,
    )
