"""Sample: keep a random share of the persons, or of the rows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, any_frame
from hsr_privacy.masking.randomness import told, uniforms
from hsr_privacy.masking.record import Masking, recorded
from hsr_privacy.masking.values import chosen, rows_of

_NUMBER = "__number"


@any_frame
def sample(
    extract: Extract, *, share: float, seed: int | None, person: str | None = None
) -> Extract:
    """Keep a simple random sample of persons with all their rows, or of rows if none is named.

    Exactly the whole part of share times persons are kept, in the order in which they stood. Rows
    without a person are one person together.

    This is no k-anonymity: who is in the sample stands there as before, and only whether somebody
    is in it became less certain.

    Args:
        extract: an extract, or a pandas or Polars frame; the same kind comes back.
        share: of the persons, above 0 and at most 1; 0.1 of 30 is 3.
        seed: the same seed draws the same persons for the same order of rows; None draws one.
            Whoever knows the seed knows where the kept rows stood; keep it secret.
        person: column that tells persons apart; that of the extract if left out.

    Raises:
        DataError: the share is not in its bounds, or the column does not exist.
    """
    return sample_with_masking(extract, share=share, seed=seed, person=person)[0]


def sample_with_masking(
    extract: Extract, *, share: float, seed: int | None, person: str | None = None
) -> tuple[Extract, Masking]:
    """Like `sample`, and tell with it what was done."""
    if not 0 < share <= 1:
        raise DataError(f"share is {share:g}; it is a share of the persons, above 0 and at most 1")
    table = rows_of(extract)
    person = person if person is not None else extract.person
    numbers = _persons(table, person)
    persons = int(numbers.max()) + 1 if numbers.size else 0
    kept = int(Fraction(str(share)) * persons)
    drawn = np.zeros(persons, np.bool_)
    drawn[np.argsort(uniforms(seed, persons, purpose="sample"), kind="stable")[:kept]] = True
    sampled = table.filter(pl.Series(drawn[numbers], dtype=pl.Boolean))
    counts = {"rows in": table.height, "rows kept": sampled.height}
    if person is not None:
        counts |= {"persons in": persons, "persons kept": kept}
    masking = Masking(
        "sample", (), {"share": share, "person": person, "randomness": told(seed)}, counts
    )
    return recorded(extract, sampled, masking, misleads=False)


def _persons(table: pl.DataFrame, person: str | None) -> NDArray[np.int64]:
    """Per row the number of its person, as they are met."""
    if person is None:
        return np.arange(table.height)
    names = table.select(chosen(table, person))
    numbered = names.unique(maintain_order=True).with_row_index(_NUMBER)
    joined = names.join(numbered, on=person, how="left", nulls_equal=True, maintain_order="left")
    return joined[_NUMBER].to_numpy().astype(np.int64)
