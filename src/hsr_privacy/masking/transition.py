"""Transition: matrices of chances, row by row from a category to each category."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import ConfigError, DataError, Fault
from hsr_privacy.tables import DELIMITERS

Floats = NDArray[np.float64]
_NEAR: Final = 1e-9


def checked_matrix(matrix: Sequence[Sequence[float]], size: int) -> Floats:
    """A matrix of chances that somebody wrote; sums that miss 1 by rounding are brought to 1.

    Raises:
        DataError: not square, of another size than the categories, a chance below 0, or a row
            that does not sum to 1; by number of row.
    """
    if len(matrix) != size or any(len(row) != size for row in matrix):
        raise DataError(
            f"the matrix must have {size} rows of {size} chances, one for each category"
        )
    chances = np.array([list(map(float, row)) for row in matrix])
    for number, row in enumerate(chances, 1):
        if not np.isfinite(row).all() or (row < 0).any():
            raise DataError(f"row {number} of the matrix holds what is no chance; 0 is the least")
        if abs(row.sum() - 1.0) > _NEAR:
            raise DataError(f"row {number} of the matrix sums to {row.sum():.9g}; it must be 1")
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def staying_matrix(stay: float | None, size: int) -> Floats:
    """Every category stays by one chance, and the others share the rest.

    Raises:
        DataError: not 0 or more and below 1.
    """
    if stay is None or not 0 <= stay < 1:
        raise DataError(f"stay is {stay}; it is a chance, 0 or more and below 1")
    chances = np.full((size, size), (1.0 - stay) / (size - 1))
    np.fill_diagonal(chances, stay)
    return chances


def invariant_matrix(first: Floats, frequencies: NDArray[np.int64]) -> Floats:
    """The chances of two stages, of which the second undoes on average what the first does.

    The second stage is Bayes' rule: the chance that what now reads as one category was another.
    Frequencies times this matrix are the frequencies.

    Args:
        first: chances of the first stage, shape (categories, categories).
        frequencies: how often each category occurs.

    Source: Gouweleeuw et al. 1998, two-stage PRAM.
    """
    shares = frequencies / max(int(frequencies.sum()), 1)
    joint = shares[:, None] * first
    reached = joint.sum(axis=0)
    back = np.eye(len(first))
    back[reached > 0] = (joint[:, reached > 0] / reached[reached > 0]).T
    both = first @ back
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def read_matrix(file: Path) -> tuple[tuple[float, ...], ...]:
    """A matrix that somebody wrote as a CSV: one row a line, numbers only, no heading.

    Raises:
        ConfigError: no such file, or a line that does not hold numbers; by line.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{file}: not readable as a CSV in UTF-8") from None
    delimiter = max(DELIMITERS, key=lines[0].count) if lines else ";"
    rows: list[tuple[float, ...]] = []
    faults = []
    for number, fields in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        try:
            rows.append(tuple(map(float, fields)))
        except ValueError:
            problem = "not all fields are numbers; write chances with a decimal point, no heading"
            faults.append(Fault(str(file), number, "", problem))
    if faults:
        raise ConfigError(f"{file}: the matrix has faults", faults)
    return tuple(rows)
