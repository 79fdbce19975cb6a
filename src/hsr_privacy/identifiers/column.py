"""Check a whole column of identifiers at once, and tell counts and row numbers, never values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hsr_privacy.identifiers.check_digits import Digits
from hsr_privacy.identifiers.kinds import (
    ASSIGNER_BOUND,
    Era,
    Profile,
    Reason,
    candidates_name,
)
from hsr_privacy.identifiers.normalization import NORMALIZATION, Normalized, as_text, normalize
from hsr_privacy.identifiers.rules import Verdict, judge_duf, judge_eleven

_CHUNK: Final = 65_536
_ZERO: Final = np.uint8(ord("0"))


@dataclass(frozen=True)
class ColumnCheck:
    """What a column of identifiers holds, in counts, codes and row numbers.

    Attributes:
        rows: n, all rows.
        valid: rows that hold an identifier which the environment allows.
        kinds: valid rows by kind; a row of several candidates counts as ``"a or b"``.
        eras: valid rows by the first rule under which they hold, ``"1964"`` or ``"2032"``;
            DUF-numbers have none.
        reasons: invalid rows by reason.
        changed: rows from which separators were removed.
        repaired: rows that were given back their leading zero.
        assigner_bound: valid rows that mean somebody inside one enterprise only (H-numbers).
        profile: the environment that was stated.
        normalization: name of what may be removed.
        kind_codes: n masks of `Kind`, 0 where invalid.
        era_codes: n values of `Era`.
        reason_codes: n codes of `Reason`, 0 where valid.
    """

    rows: int
    valid: int
    kinds: Mapping[str, int]
    eras: Mapping[str, int]
    reasons: Mapping[str, int]
    changed: int
    repaired: int
    assigner_bound: int
    profile: str
    normalization: str
    kind_codes: NDArray[np.uint16] = field(repr=False, compare=False)
    era_codes: NDArray[np.uint16] = field(repr=False, compare=False)
    reason_codes: NDArray[np.uint8] = field(repr=False, compare=False)

    @property
    def invalid(self) -> int:
        """Rows without a usable identifier."""
        return self.rows - self.valid

    @property
    def linkable(self) -> NDArray[np.bool_]:
        """Rows whose identifier means the same person everywhere: n, true or false."""
        bound: NDArray[np.bool_] = self.kind_codes & np.uint16(ASSIGNER_BOUND) != 0
        valid: NDArray[np.bool_] = self.kind_codes != 0
        return np.logical_and(valid, ~bound)

    def rows_with(self, reason: Reason) -> NDArray[np.int64]:
        """Numbers of the rows with a reason; the first row of data is 1."""
        return np.flatnonzero(self.reason_codes == reason) + 1

    def as_json(self) -> dict[str, Any]:
        """What ``hsr ids check --json`` prints."""
        return {
            "valid": self.valid,
            "invalid": self.invalid,
            "kinds": dict(self.kinds),
            "eras": dict(self.eras),
            "reasons": dict(self.reasons),
        }


def check_column(
    values: Any,
    *,
    profile: Profile | str,
    as_of: date | None = None,
    repair_leading_zero: bool = False,
) -> ColumnCheck:
    """Say what a column of identifiers holds.

    Args:
        values: n values: an Arrow, pandas, Polars or numpy column, or a sequence.
        profile: the environment: ``production``, ``test``, ``test-skatt``, ``test-nhn`` or
            ``test-nav``.
        as_of: before 2032-01-01, numbers that hold under the rule of 2032 only are refused;
            None accepts both rules.
        repair_leading_zero: take ten digits as eleven where the check digits then hold.

    Raises:
        DataError: the column holds something other than text and numbers.
    """
    _, check = read_column(
        values, profile=profile, as_of=as_of, repair_leading_zero=repair_leading_zero
    )
    return check


def read_column(
    values: Any,
    *,
    profile: Profile | str,
    as_of: date | None = None,
    repair_leading_zero: bool = False,
) -> tuple[Any, ColumnCheck]:
    """Read a column of identifiers into the one way to write them.

    Arguments and errors are those of `check_column`.

    Returns:
        n texts of digits (Arrow ``large_string``), null where there is a reason; and the check.
    """
    stated = Profile(profile)
    text, known = as_text(values)

    def judge(digits: Digits) -> Verdict:
        return judge_eleven(digits, stated, as_of=as_of)

    read = [
        _read(
            text.slice(at, _CHUNK),
            known[at : at + _CHUNK],
            judge,
            profile=stated,
            repair=repair_leading_zero,
        )
        for at in range(0, len(text), _CHUNK)
    ]
    numbers = pa.chunked_array([part.text for part in read], type=pa.large_string())
    kinds = np.concatenate([part.verdict.kinds for part in read] or [np.empty(0, np.uint16)])
    eras = np.concatenate([part.verdict.eras for part in read] or [np.empty(0, np.uint16)])
    reasons = np.concatenate([part.verdict.reasons for part in read] or [np.empty(0, np.uint8)])
    check = ColumnCheck(
        rows=len(text),
        valid=int((reasons == 0).sum()),
        kinds={candidates_name(mask): n for mask, n in _counts(kinds).items()},
        eras={str(int(Era(era))): n for era, n in _counts(eras).items()},
        reasons={Reason(code).label: n for code, n in _counts(reasons).items()},
        changed=sum(part.changed for part in read),
        repaired=sum(part.repaired for part in read),
        assigner_bound=int((kinds & np.uint16(ASSIGNER_BOUND) != 0).sum()),
        profile=stated.value,
        normalization=NORMALIZATION,
        kind_codes=kinds,
        era_codes=eras,
        reason_codes=reasons,
    )
    return numbers, check


@dataclass(frozen=True)
class _Part:
    text: Any
    verdict: Verdict
    changed: int
    repaired: int


def _read(
    text: Any,
    known: NDArray[np.uint8],
    judge: Callable[[Digits], Verdict],
    *,
    profile: Profile,
    repair: bool,
) -> _Part:
    """Read one part of the column: eleven plain digits at once, the rest after normalization."""
    digits, clean = _digits(text, 11)
    rows = np.flatnonzero(clean)
    plain = digits if clean.all() else digits[clean]
    verdict = Verdict(
        np.zeros(len(text), dtype=np.uint16), np.zeros(len(text), dtype=np.uint16), known.copy()
    )
    _put(verdict, rows, judge(plain))
    _put_reason(verdict, rows[(plain == plain[:, :1]).all(axis=1)], Reason.PLACEHOLDER)
    changed = repaired = 0
    rest = np.flatnonzero(~clean)
    if len(rest):
        seen = normalize(text.take(pa.array(rest)), known[rest])
        seen, repaired = _judge_normalized(
            verdict, rest, seen, judge, profile=profile, repair=repair
        )
        changed = int((seen.changed & (verdict.reasons[rest] == 0)).sum())
        text = pc.replace_with_mask(text, pa.array(~clean), seen.text)
    valid = pa.array(verdict.reasons == 0)
    # Not a null scalar: with a sliced column, Arrow 21 then writes offsets beyond its buffer.
    written = pc.if_else(valid, text, pa.nulls(len(text), type=pa.large_string()))
    return _Part(written, verdict, changed, repaired)


def _judge_normalized(
    verdict: Verdict,
    rows: NDArray[np.int64],
    seen: Normalized,
    judge: Callable[[Digits], Verdict],
    *,
    profile: Profile,
    repair: bool,
) -> tuple[Normalized, int]:
    """Put what ten, eleven and twelve digits are into the verdict; give back lost zeros if asked.

    Returns:
        The column with the zeros given back, and how many.
    """
    lengths = np.asarray(pc.binary_length(seen.text))
    verdict.reasons[rows] = np.where(seen.reasons, seen.reasons, Reason.WRONG_LENGTH)
    here = {
        length: np.flatnonzero((seen.reasons == 0) & (lengths == length)) for length in (10, 11, 12)
    }
    ten, eleven, twelve = (
        _digits(seen.text.take(pa.array(places)), length)[0] for length, places in here.items()
    )
    _put(verdict, rows[here[11]], judge(eleven))
    _put(verdict, rows[here[12]], judge_duf(twelve, profile))
    whole = judge(np.pad(ten, ((0, 0), (1, 0))))
    holds = whole.reasons == 0
    lost = here[10][holds]
    if not repair:
        _put_reason(verdict, rows[lost], Reason.LOST_LEADING_ZERO)
        return seen, 0
    _put(verdict, rows[lost], Verdict(whole.kinds[holds], whole.eras[holds], whole.reasons[holds]))
    short = np.zeros(len(rows), dtype=bool)
    short[lost] = True
    zero, nothing = (pa.scalar(text, type=pa.large_string()) for text in ("0", ""))
    with_zero = pc.binary_join_element_wise(zero, seen.text, nothing)
    return replace(seen, text=pc.if_else(pa.array(short), with_zero, seen.text)), len(lost)


def _digits(text: Any, width: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Each text's first ``width`` bytes as digits, and which texts are exactly that.

    Returns:
        Shape (n, width), zeros where a text is something else; and shape (n,).
    """
    count = len(text)
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int64)[
        text.offset : text.offset + count + 1
    ]
    data = np.frombuffer(text.buffers()[2] or b"", dtype=np.uint8)
    fits: NDArray[np.bool_] = np.diff(offsets) == width
    if fits.all():
        digits = data[offsets[0] : offsets[0] + count * width].reshape(count, width) - _ZERO
    else:
        digits = np.zeros((count, width), dtype=np.uint8)
        digits[fits] = data[offsets[:-1][fits, None] + np.arange(width)] - _ZERO
    fits &= (digits <= 9).all(axis=1)  # what is below "0" has wrapped around
    if not fits.all():
        digits[~fits] = 0
    return digits, fits


def _put(verdict: Verdict, rows: NDArray[np.int64], found: Verdict) -> None:
    verdict.kinds[rows] = found.kinds
    verdict.eras[rows] = found.eras
    verdict.reasons[rows] = found.reasons


def _put_reason(verdict: Verdict, rows: NDArray[np.int64], reason: Reason) -> None:
    verdict.kinds[rows] = 0
    verdict.eras[rows] = Era.NONE
    verdict.reasons[rows] = reason


def _counts(codes: NDArray[Any]) -> dict[int, int]:
    """How often each code but 0 occurs, in order of code."""
    found = np.bincount(codes) if len(codes) else np.empty(0, dtype=np.int64)
    return {int(code): int(found[code]) for code in np.flatnonzero(found) if code}
