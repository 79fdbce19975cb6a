"""Assess: from a table to its risk report, by way of the counts per equivalence class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import PERSONS, ROWS, Frame, class_counts, columns_of
from hsr_privacy.risk.attacks import checked_threshold, marketer, prosecutor, size_bins
from hsr_privacy.risk.report import RiskReport, SensitiveRisk

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
    checked_threshold(threshold)
    extract = Extract.of(data)
    person = person if person is not None else extract.person
    keys = tuple(dict.fromkeys(quasi_identifiers))
    _check(extract.frame, [*keys, *sensitive, *([person] if person is not None else [])])
    classes = class_counts(extract.frame, keys, person=person)
    sizes, rows = classes[PERSONS].to_numpy(), classes[ROWS].to_numpy()
    found = prosecutor(sizes, sizes, threshold)
    return RiskReport(
        quasi_identifiers=keys,
        person=person,
        threshold=threshold,
        rows=int(rows.sum()),
        persons=_count_persons(extract.frame, person),
        classes=len(sizes),
        k=int(sizes.min()) if len(sizes) else 0,
        sizes=size_bins(sizes, sizes, rows),
        unique_persons=int((sizes == 1).sum()),
        prosecutor=found,
        journalist=found,
        marketer=marketer(found),
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
