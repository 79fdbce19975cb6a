"""Elimination: which sums of a matrix's rows leave a single column, or none.

The field is that of the integers modulo the prime 2^61 - 1, so that no number grows. What comes out
is lifted back to fractions and multiplied out with whole numbers, so that nothing rests on the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_PRIME: Final = (1 << 61) - 1
MOST_ROWS: Final = 6
# A matrix of 0 and 1 with six rows has no determinant above 9 (Hadamard's maximal determinants,
# OEIS A003432), so that no numerator and no denominator of what is found is greater.
_GREATEST: Final = 9


@dataclass(frozen=True)
class Combination:
    """Rows of a matrix, each taken by its coefficient; the sum is the divisor in one column or none.

    Attributes:
        coefficients: one per row.
        divisor: positive.
        column: the only one that is left; None if none is.
    """

    coefficients: tuple[int, ...]
    divisor: int
    column: int | None


def combinations_that_cancel(matrix: Sequence[Sequence[int]]) -> list[Combination]:
    """Every column that some sum of rows leaves alone, with such a sum; and sums that leave nothing.

    Args:
        matrix: rows of 0 and 1, at most six, of equal length.
    """
    rows, columns = len(matrix), len(matrix[0])
    assert rows <= MOST_ROWS, "more rows could have greater determinants"
    reduced = _reduced(
        [[*row, *(int(r == own) for own in range(rows))] for r, row in enumerate(matrix)], columns
    )
    found = []
    for row in reduced:
        left = [column for column in range(columns) if row[column]]
        if len(left) <= 1:
            column = left[0] if left else None
            found.append(_lifted(row[columns:], column, matrix))
    return found


def _reduced(rows: list[list[int]], columns: int) -> list[list[int]]:
    """Gauss and Jordan over the first columns: every row begins with a 1 that stands alone."""
    done = 0
    for column in range(columns):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        inverse = pow(rows[done][column], -1, _PRIME)
        rows[done] = [one * inverse % _PRIME for one in rows[done]]
        for r, row in enumerate(rows):
            factor = row[column]
            if r != done and factor:
                rows[r] = [
                    (one - factor * other) % _PRIME
                    for one, other in zip(row, rows[done], strict=True)
                ]
        done += 1
    return rows


def _lifted(
    residues: Sequence[int], column: int | None, matrix: Sequence[Sequence[int]]
) -> Combination:
    """The least whole numbers that these are modulo the prime, over the least divisor."""
    for divisor in range(1, _GREATEST + 1):
        numbers = [_nearest(one * divisor % _PRIME) for one in residues]
        sums = [
            sum(one * row[place] for one, row in zip(numbers, matrix, strict=True))
            for place in range(len(matrix[0]))
        ]
        wanted = [divisor * int(place == column) for place in range(len(sums))]
        if max(map(abs, numbers)) <= _GREATEST and sums == wanted:
            return Combination(tuple(numbers), divisor, column)
    # Cramer's rule: there is a divisor that is a determinant of part of the matrix.
    raise AssertionError("a solution has no small divisor")  # pragma: no cover


def _nearest(residue: int) -> int:
    return residue if residue <= _PRIME // 2 else residue - _PRIME
