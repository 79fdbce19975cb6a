"""National identifiers in rows of text, by tier: valid today, valid otherwise, eleven digits only.

Tier A blocks: a fødselsnummer, D-number or number of the synthetic series of Skatteetaten (month + 80) or
NHN (month + 65) whose check digits hold under the rule of 1964. Tier B: H-numbers, NAV's and joint help
numbers, DUF-numbers, and whatever holds under the rule of 2032 only. Tier C: eleven digits that are none
of these. Of random numbers of eleven digits one in 600 is in tier A, one in 60 in A or B.

Source: see `hsr_privacy.identifiers.rules`, which judges them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from hsr_privacy.identifiers import Era, Kind, Profile, Reason
from hsr_privacy.identifiers.kinds import candidates_name
from hsr_privacy.identifiers.rules import Verdict, judge_duf, judge_eleven
from hsr_privacy.scanning.blocks import Block, Bools, Bytes, Hits, Int64s
from hsr_privacy.scanning.known import Known
from hsr_privacy.scanning.runs import (
    Numbers,
    Runs,
    byte_at,
    numbers,
    stands_alone,
    stands_bare,
)

TIER_A: Final = (
    Kind.FODSELSNUMMER
    | Kind.D_NUMBER
    | Kind.SKATTEETATEN
    | Kind.SKATTEETATEN_D
    | Kind.NHN
    | Kind.NHN_D
)
KNOWN: Final = "known"
NUMBER: Final = "eleven digits"
DUF: Final = "duf"

_PATTERNS: Final = ((11,), (6, 5), (2, 2, 2, 5), (6, 3, 2), (2, 2, 2, 3, 2))
_WITH_CENTURY: Final = ((8, 5), (2, 2, 4, 5))
_WITHOUT_CENTURY: Final = (0, 1, 2, 3, *range(6, 13))
_FEWEST_DIFFERENT: Final = 3
_ROUND: Final = 10_000


def find_national(block: Block, runs: Runs, *, known: Known | None, strict: bool) -> list[Hits]:
    """Find the national identifiers of a block.

    Args:
        block: rows of text.
        runs: its runs of digits.
        known: identifiers that are looked up; what they hold is told as ``known``.
        strict: leave out tier C, because constants of a program stand here.
    """
    found = []
    for pattern in (*_PATTERNS, *_WITH_CENTURY):
        written = numbers(block.data, runs, pattern)
        if not len(written):
            continue
        if pattern in _WITH_CENTURY:
            real = np.isin(written.digits[:, 4] * 10 + written.digits[:, 5], (19, 20))
            written = Numbers(written.digits[:, _WITHOUT_CENTURY], written.starts, written.ends).of(
                real
            )
        held = known.holds(written.digits) if known else np.zeros(len(written), bool)
        found += _hits(written.of(held), KNOWN, "A")
        written = written.of(~held)
        written = written.of(stands_alone(block, written))
        found += tell(written)
        if not strict:
            found += _look_like_it(block, written, pattern)
    if known:
        found += _known_of_other_length(block, runs, known)
    return found


def judge(digits: Bytes) -> Verdict:
    """What eleven digits can be in any environment.

    Args:
        digits: shape (n, 11), values 0-9.
    """
    return judge_eleven(digits, Profile.TEST)


def in_tier_a(verdict: Verdict) -> Bools:
    """Which of the judged are in tier A."""
    found: Bools = (verdict.kinds & np.uint16(TIER_A) != 0) & (verdict.eras == Era.RULE_1964)
    return found


def tell(written: Numbers) -> list[Hits]:
    """Tiers A and B of numbers of eleven digits, by kind."""
    if not len(written):
        return []
    verdict = judge(written.digits)
    codes = verdict.kinds.astype(np.int64) * 2 + (verdict.eras == Era.RULE_2032)
    tiers = in_tier_a(verdict)
    found = []
    for code in np.unique(codes[verdict.kinds != 0]).tolist():
        chosen = codes == code
        later = " (rule of 2032)" if code % 2 else ""
        tier = "A" if tiers[chosen][0] else "B"
        found += _hits(written.of(chosen), candidates_name(code // 2) + later, tier)
    return found


def holds_duf(digits: Bytes) -> Bools:
    """Which numbers of twelve digits hold as DUF-numbers, shape (n,)."""
    holds: Bools = judge_duf(digits, Profile.TEST).kinds != 0
    return holds


def _look_like_it(block: Block, written: Numbers, pattern: tuple[int, ...]) -> list[Hits]:
    """Tier C: eleven digits in a row, or a date and five digits whose check digits do not hold."""
    if pattern not in {(11,), (6, 5)} or not len(written):
        return []
    digits = written.digits
    verdict = judge(digits)
    fits = (verdict.kinds == 0) & stands_bare(block, written)
    if pattern == (11,):
        fits &= written.values() % _ROUND != 0
        fits &= (np.diff(np.sort(digits, axis=1), axis=1) != 0).sum(axis=1) >= _FEWEST_DIFFERENT - 1
    else:
        month = digits[:, 2] * 10 + digits[:, 3]
        fits &= (digits[:, 0] < 8) & (verdict.reasons == Reason.CHECK_DIGITS)
        fits &= ((month >= 1) & (month <= 12)) | ((month >= 81) & (month <= 92))
        sign = byte_at(block.data, written.starts + 6)
        fits &= ((sign == ord(" ")) | (sign == ord("-"))) & (written.ends - written.starts == 12)
    return _hits(written.of(fits), NUMBER, "C")


def _known_of_other_length(block: Block, runs: Runs, known: Known) -> list[Hits]:
    """Known numbers that have not eleven digits."""
    found = []
    for width in sorted(known.widths - {11}):
        written = numbers(block.data, runs, (width,))
        found += _hits(written.of(known.holds(written.digits)), KNOWN, "A")
    return found


def _hits(written: Numbers, kind: str, tier: str) -> list[Hits]:
    if not len(written):
        return []
    marks: Int64s = written.values() if written.digits.shape[1] <= 18 else written.starts
    return [Hits(kind, tier, written.starts, marks)]
