"""Assess: from a table to its risk report, by way of the counts per equivalence class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import PERSONS, ROWS, Frame, class_counts, columns_of
from hsr_privacy.risk.report import AttackRisk, RiskReport, SensitiveRisk, SizeBin

Int64s = NDArray[np.int64]

BINS: Final = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))
"""Smallest and largest number of persons of each bin of class sizes."""

_DISTINCT: Final = "__distinct"


def assess(
    data: Any,
    *,
    quasi_identifiers: Sequence[str],
    person: str | None = None,
    sensitive: Sequence[str] = (),
    threshold: float = 0.2,
) -> RiskReport:
    """Measure how easily a person could be recognized, or something be learned about them.

    A class is a distinct combination of the quasi-identifiers, and its size is its number of
    persons, not of rows. A missing value is a value of its own: an attacker who knows how the
    extract was made knows that it is missing. A person of a class of n is found with probability
    1/n. A person with events in several classes can be found in each and counts once in each.

    The journalist's and the marketer's risk depend on how large a part of the population the
    table holds. A register that is mandatory holds all of it (sampling fraction 1), so the
    journalist's risk equals the prosecutor's, and so it is reported here.

    Args:
        data: an extract, or a pandas, Polars or Spark frame; one row per event.
        quasi_identifiers: columns by which a person could be recognized; none makes one class.
        person: column that tells persons apart; an extract's own if left out, and every row is a
            person where there is none.
        sensitive: columns about which something could be learned.
        threshold: risk (0-1) above which a person is said to be at risk; 0.2 is a class of five.

    Raises:
        DataError: a column does not exist or has a name that the counts need, or the threshold
            is no probability.

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716 (the three attackers); Machanavajjhala
    et al. 2007, doi:10.1145/1217299.1217302 (distinct l-diversity).
    """
    if not 0 <= threshold <= 1:
        raise DataError(f"threshold is {threshold}; a risk lies between 0 and 1")
    extract = Extract.of(data)
    person = person if person is not None else extract.person
    keys = tuple(dict.fromkeys(quasi_identifiers))
    _check(extract.frame, [*keys, *sensitive, *([person] if person is not None else [])])
    classes = class_counts(extract.frame, keys, person=person)
    sizes, rows = classes[PERSONS].to_numpy(), classes[ROWS].to_numpy()
    prosecutor, marketer = _attacks(sizes, threshold)
    return RiskReport(
        quasi_identifiers=keys,
        person=person,
        threshold=threshold,
        rows=int(rows.sum()),
        persons=_count_persons(extract.frame, person),
        classes=len(sizes),
        k=int(sizes.min()) if len(sizes) else 0,
        sizes=_size_bins(sizes, rows),
        unique_persons=int((sizes == 1).sum()),
        prosecutor=prosecutor,
        journalist=prosecutor,
        marketer=marketer,
        sensitive={
            column: _learned(extract.frame, keys, column, classes)
            for column in dict.fromkeys(sensitive)
        },
    )


def _check(frame: Frame, wanted: Sequence[str]) -> None:
    columns = columns_of(frame)
    for name in wanted:
        if name not in columns:
            raise DataError(f"there is no column '{name}' to assess; the table has {len(columns)}")
        if name in (ROWS, PERSONS):
            raise DataError(f"column '{name}' has the name of a count; rename it to assess it")


def _count_persons(frame: Frame, person: str | None) -> int:
    total = class_counts(frame, (), person=person)
    return int(total[PERSONS].sum())


def _attacks(sizes: Int64s, threshold: float) -> tuple[AttackRisk, AttackRisk]:
    """The prosecutor's and the marketer's risk."""
    if not len(sizes):
        return AttackRisk(0.0, 0.0, 0.0), AttackRisk(None, 0.0, None)
    persons = int(sizes.sum())
    risks = 1 / sizes
    average = len(sizes) / persons  # the sum over persons of 1/n is one per class
    above = float(sizes[risks > threshold].sum() / persons)
    return AttackRisk(float(risks.max()), average, above), AttackRisk(None, average, None)


def _size_bins(sizes: Int64s, rows: Int64s) -> tuple[SizeBin, ...]:
    starts = np.array([least for least, _ in BINS])
    places = np.searchsorted(starts, sizes, side="right") - 1
    counts = [
        np.bincount(places, weights=weights, minlength=len(BINS)).astype(np.int64)
        for weights in (np.ones_like(sizes), sizes, rows)
    ]
    return tuple(
        SizeBin(least, most, *(int(count[place]) for count in counts))
        for place, (least, most) in enumerate(BINS)
    )


def _learned(
    frame: Frame, keys: Sequence[str], column: str, classes: pl.DataFrame
) -> SensitiveRisk:
    """What the classes give away of one sensitive column."""
    sizes = classes[PERSONS].to_numpy()
    if not len(sizes):
        return SensitiveRisk(0, 0, 0)
    if column in keys:
        distinct = np.ones(len(sizes), np.int64)
    else:
        pairs = class_counts(frame, keys, sensitive=column)
        if keys:
            found = pairs.group_by(keys).agg(pl.len().cast(pl.Int64).alias(_DISTINCT))
            joined = classes.join(
                found, on=list(keys), how="left", nulls_equal=True, maintain_order="left"
            )
            distinct = joined[_DISTINCT].to_numpy()
        else:
            distinct = np.array([pairs.height])
    same = distinct == 1
    return SensitiveRisk(int(distinct.min()), int(same.sum()), int(sizes[same].sum()))
