"""Record: what a masking did, in numbers, and why it is no k-anonymity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.extract import Extract, Step
from hsr_privacy.frames import as_frame

Floats = NDArray[np.float64]

NO_K_ANONYMITY: Final = (
    "masking works on values or rows and looks at no equivalence class, so it says nothing of how "
    "many persons share a combination of values"
)


@dataclass(frozen=True)
class Transition:
    """The chances by which post-randomization changed categories.

    Attributes:
        categories: their names in the order of the matrix, if the caller named them; else None,
            and they stand by how often they occur, the commonest first.
        matrix: row by row, the chance (0-1) that a category becomes each of them.
    """

    categories: tuple[str, ...] | None
    matrix: tuple[tuple[float, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """For machines; categories without a name are numbered from 1."""
        numbers = range(1, len(self.matrix) + 1)
        return {
            "categories": list(self.categories or numbers),
            "matrix": [list(row) for row in self.matrix],
        }


@dataclass(frozen=True)
class Masking:
    """What one masking did.

    Attributes:
        method: the verb.
        columns: what it was done to; none where rows were drawn.
        parameters: what was asked for; never the seed.
        counts: what was counted.
        lost: per column of numbers, the squared changes as a share of the variance before; 0 is
            nothing, noise can lose more than 1, None is a change where there was no variance.
        transition: of post-randomization.
        k_anonymity: None; no masking gives it.
        k_anonymity_reason: why.
    """

    method: str
    columns: tuple[str, ...]
    parameters: Mapping[str, Any]
    counts: Mapping[str, int]
    lost: Mapping[str, float | None] = field(default_factory=dict)
    transition: Transition | None = None
    k_anonymity: None = field(default=None, init=False)
    k_anonymity_reason: str = field(default=NO_K_ANONYMITY, init=False)

    @property
    def information_lost(self) -> float | None:
        """Mean of what the columns lost; None where there is no such number."""
        shares = [share for share in self.lost.values() if share is not None]
        return sum(shares) / len(shares) if shares and len(shares) == len(self.lost) else None

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        told: dict[str, Any] = {
            "method": self.method,
            "columns": list(self.columns),
            "parameters": dict(self.parameters),
            "counts": dict(self.counts),
            "information_lost": self.information_lost,
            "information_lost_per_column": dict(self.lost),
        }
        if self.transition is not None:
            told["transition"] = self.transition.as_json()
        return told | {
            "k_anonymity": self.k_anonymity,
            "k_anonymity_reason": self.k_anonymity_reason,
        }


def recorded(
    extract: Extract, table: pl.DataFrame, masking: Masking, *, misleads: bool
) -> tuple[Extract, Masking]:
    """The extract with its masked rows and the step that says so, and what was done.

    Args:
        misleads: the values were moved away from what is true of the person.
    """
    notes = {name: str(value) for name, value in masking.parameters.items() if value is not None}
    if masking.columns:
        notes["columns"] = ", ".join(masking.columns)
    if masking.transition is not None:
        rows = masking.transition.matrix
        notes["matrix"] = "; ".join(" ".join(f"{chance:.6g}" for chance in row) for row in rows)
        if masking.transition.categories is not None:
            notes["categories"] = ", ".join(masking.transition.categories)
    notes["k-anonymity"] = f"none: {masking.k_anonymity_reason}"
    masked = masking.columns if misleads else ()
    step = Step(masking.method, masking.counts, notes, masked)
    return extract.then(as_frame(table), step), masking


def variance_lost(before: Floats, after: Floats) -> float | None:
    """Squared changes as a share of the squared distances from the mean; NaN takes no part."""
    here = ~np.isnan(before)
    values, changed = before[here], after[here]
    if not values.size:
        return 0.0
    errors = float(np.square(changed - values).sum())
    total = float(np.square(values - values.mean()).sum())
    if total == 0.0:
        return 0.0 if errors == 0.0 else None
    return errors / total
