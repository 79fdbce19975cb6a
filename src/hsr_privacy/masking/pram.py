"""PRAM, post-randomization: change categories by chance, with chances that are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, any_frame
from hsr_privacy.masking.randomness import told, uniforms
from hsr_privacy.masking.record import Masking, Transition, recorded
from hsr_privacy.masking.transition import checked_matrix, invariant_matrix, staying_matrix
from hsr_privacy.masking.values import chosen, rows_of

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Matrix = Sequence[Sequence[float]]
LARGEST: Final = 200
"""Most categories; a column with more is text or a number, and its matrix would be unreadable."""


@any_frame
def pram(
    extract: Extract,
    column: str,
    *,
    matrix: Matrix | None = None,
    stay: float | None = None,
    invariant: bool = True,
    categories: Sequence[str] | None = None,
    seed: int | None,
) -> Extract:
    """Change the categories of a column by chance, row by row.

    The chances stand in the step, so that who analyses the data can allow for them. Invariant PRAM
    changes in two stages, of which the second undoes on average what the first did: every category
    is expected as often as before. Its matrix follows from how often each category occurs, and so
    tells that; where this is too much, do without it. Missing values stay missing.

    This is no k-anonymity: a row that reads as one person's may be another's, and the reverse.

    Args:
        extract: an extract, or a pandas or Polars frame; the same kind comes back.
        column: of text, whole numbers or true and false.
        matrix: row by row, the chance that a category becomes each of ``categories``; needs them.
        stay: instead of a matrix, the chance (0-1) that a category stays; the others share the rest.
        invariant: the matrix or ``stay`` is the first stage of two; else it is all that happens.
        categories: what can stand in the column, as text. The step names them then; without them
            they are numbered, the commonest first.
        seed: the same seed gives the same result for the same order of rows; None draws one. Whoever
            knows the seed knows who was changed; give a long one, keep it secret.

    Raises:
        DataError: the column does not exist or is no column of categories, values are not among the
            categories, or the matrix is none of chances.

    Source: Gouweleeuw, Kooiman, Willenborg & de Wolf 1998, Post randomisation for statistical
        disclosure control, Journal of Official Statistics 14(4), 463-478.
    """
    return pram_with_masking(
        extract,
        column,
        matrix=matrix,
        stay=stay,
        invariant=invariant,
        categories=categories,
        seed=seed,
    )[0]


def pram_with_masking(
    extract: Extract,
    column: str,
    *,
    matrix: Matrix | None = None,
    stay: float | None = None,
    invariant: bool = True,
    categories: Sequence[str] | None = None,
    seed: int | None,
) -> tuple[Extract, Masking]:
    """Like `pram`, and tell with it what was done, with the whole matrix."""
    if (matrix is None) == (stay is None):
        raise DataError("give a matrix, or the chance to stay, and not both")
    if matrix is not None and categories is None:
        raise DataError("a matrix needs the categories in the order of its rows; name them")
    table = rows_of(extract)
    names = chosen(table, column)
    coded = _code(table[column], categories)
    size = coded.palette.len()
    first = checked_matrix(matrix, size) if matrix is not None else staying_matrix(stay, size)
    here = coded.codes >= 0
    frequencies = np.bincount(coded.codes[here], minlength=size)
    chances = invariant_matrix(first, frequencies) if invariant else first
    codes = coded.codes.copy()
    codes[here] = _changed(coded.codes, chances, seed, column)[here]
    table = table.with_columns(_decode(codes, coded.palette, table[column]))
    transition = Transition(
        None if categories is None else tuple(categories),
        tuple(tuple(map(float, row)) for row in chances),
    )
    masking = Masking(
        "pram",
        names,
        {"stay": stay, "invariant": invariant, "randomness": told(seed)},
        {
            "rows": table.height,
            "categories": size,
            "values changed": int((codes != coded.codes).sum()),
        },
        transition=transition,
    )
    return recorded(extract, table, masking, misleads=True)


@dataclass(frozen=True)
class _Coded:
    """A column as numbers of its categories, -1 where it is missing, and what they stand for."""

    codes: Int64s
    palette: pl.Series


def _code(values: pl.Series, categories: Sequence[str] | None) -> _Coded:
    """Number the categories, as they were given or by how often they occur.

    Raises:
        DataError: no column of categories, too many or too few, or a value that is not among them.
    """
    column = values.name
    if not (values.dtype in {pl.String, pl.Boolean} or values.dtype.is_integer()):
        raise DataError(
            f"column '{column}' is no column of categories; make it text, by bands for a number"
        )
    if categories is None:
        counted = values.drop_nulls().value_counts(name="__count")
        palette = counted.sort(["__count", column], descending=[True, False])[column]
    else:
        palette = _palette(values, categories)
    if not 2 <= palette.len() <= LARGEST:
        raise DataError(
            f"column '{column}' has {palette.len()} categories; post-randomization needs 2 to "
            f"{LARGEST}, so generalize it first, or leave it as it is"
        )
    numbered = pl.DataFrame({column: palette, "__code": np.arange(palette.len())})
    joined = values.to_frame().join(numbered, on=column, how="left", maintain_order="left")
    codes = joined["__code"]
    if strange := int((codes.is_null() & values.is_not_null()).sum()):
        raise DataError(
            f"column '{column}': {strange} row(s) hold a value that is not among the categories; "
            "name every category, or correct the data"
        )
    return _Coded(codes.fill_null(-1).to_numpy().astype(np.int64), palette)


def _palette(values: pl.Series, categories: Sequence[str]) -> pl.Series:
    """The named categories as values of the column."""
    names: list[Any] = list(categories)
    try:
        if values.dtype == pl.Boolean:
            names = [{"true": True, "false": False}[name.lower()] for name in names]
        palette = pl.Series(values.name, names).cast(values.dtype)
    except (KeyError, pl.exceptions.PolarsError):
        raise DataError(
            f"column '{values.name}' is of another type than the categories that were named; write "
            "them as they stand in the column"
        ) from None
    if palette.n_unique() != palette.len():
        raise DataError("a category is named twice; name each once")
    return palette


def _changed(codes: Int64s, chances: Floats, seed: int | None, column: str) -> Int64s:
    """For every row one draw, whether its value is missing or not."""
    draws = uniforms(seed, codes.size, purpose=f"pram of {column}")
    changed = codes.copy()
    for code, row in enumerate(chances):
        rows = np.flatnonzero(codes == code)
        ends = np.cumsum(row)
        ends[np.flatnonzero(row)[-1] :] = 1.0
        changed[rows] = np.searchsorted(ends, draws[rows], side="right")
    return changed


def _decode(codes: Int64s, palette: pl.Series, like: pl.Series) -> pl.Series:
    places = pl.Series(codes).replace(-1, None)
    return palette.gather(places).alias(like.name)
