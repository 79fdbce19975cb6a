"""Noise: add random numbers to columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, any_frame
from hsr_privacy.masking.randomness import told, uniforms
from hsr_privacy.masking.record import Masking, recorded, variance_lost
from hsr_privacy.masking.values import chosen, numbers_of, positive, rows_of, with_numbers

Floats = NDArray[np.float64]
Distribution: TypeAlias = Literal["normal", "laplace"]


@any_frame
def add_noise(
    extract: Extract,
    columns: str | Sequence[str],
    *,
    scale: float,
    seed: int | None,
    distribution: Distribution = "normal",
    relative: bool = False,
) -> Extract:
    """Add to every number of the columns a random number of its own.

    Missing values stay missing. The noise of one column tells nothing of another's. The noise is
    not bounded, so an age can become negative; cut with `code_extremes` where that hurts.

    This is no k-anonymity, and no differential privacy either: nothing was shown of how much one
    person's row may change a result.

    Args:
        extract: an extract, or a pandas or Polars frame; the same kind comes back.
        columns: columns of numbers.
        scale: in the unit of the columns: the standard deviation of normal noise; of Laplace noise
            the mean absolute deviation b, its standard deviation being b times the root of 2.
        seed: the same seed gives the same noise for the same order of rows; None draws one. Whoever
            knows or guesses the seed takes the noise off again: give a long one, keep it secret.
        distribution: of the noise.
        relative: the scale is in standard deviations of each column instead.

    Raises:
        DataError: a column does not exist or is not of numbers, the scale is not above 0, or is
            relative to a column that does not vary.

    Source: Brand 2002, Microdata protection through noise addition, doi:10.1007/3-540-47804-3_8.
    """
    return add_noise_with_masking(
        extract, columns, scale=scale, seed=seed, distribution=distribution, relative=relative
    )[0]


def add_noise_with_masking(
    extract: Extract,
    columns: str | Sequence[str],
    *,
    scale: float,
    seed: int | None,
    distribution: Distribution = "normal",
    relative: bool = False,
) -> tuple[Extract, Masking]:
    """Like `add_noise`, and tell with it what was done."""
    positive("scale", scale)
    if distribution not in {"normal", "laplace"}:
        raise DataError(f"distribution is '{distribution}'; there are normal and laplace")
    table = rows_of(extract)
    names = chosen(table, columns)
    before = {name: numbers_of(table, name) for name in names}
    unit = {name: _deviation(name, values) if relative else 1.0 for name, values in before.items()}
    draw = _normal if distribution == "normal" else _laplace
    after = {
        name: values + scale * unit[name] * draw(seed, values.size, f"noise in {name}")
        for name, values in before.items()
    }
    for name, values in after.items():
        table = with_numbers(table, name, values)
    masking = Masking(
        "add noise",
        names,
        {
            "distribution": distribution,
            "scale": scale,
            "relative": relative,
            "randomness": told(seed),
        },
        {"rows": table.height},
        {name: variance_lost(values, after[name]) for name, values in before.items()},
    )
    return recorded(extract, table, masking, misleads=True)


def _deviation(name: str, values: Floats) -> float:
    here = values[~np.isnan(values)]
    deviation = float(here.std(ddof=1)) if here.size > 1 else 0.0
    if deviation == 0.0:
        raise DataError(
            f"column '{name}' does not vary, so a relative scale is nothing; state the scale in the "
            "column's own unit"
        )
    return deviation


def _normal(seed: int | None, count: int, purpose: str) -> Floats:
    """Standard normal numbers, by Box and Muller's transform."""
    pairs = uniforms(seed, 2 * count, purpose=purpose).reshape(-1, 2)
    return np.asarray(np.sqrt(-2.0 * np.log(pairs[:, 0])) * np.cos(2.0 * np.pi * pairs[:, 1]))


def _laplace(seed: int | None, count: int, purpose: str) -> Floats:
    """Laplace numbers with b = 1, by the inverse of their distribution function."""
    centred = uniforms(seed, count, purpose=purpose) - 0.5
    return np.asarray(-np.sign(centred) * np.log1p(-2.0 * np.abs(centred)))
