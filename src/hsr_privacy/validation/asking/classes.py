"""Classes: how many persons share the same quasi-identifiers, and how many values they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from hsr_privacy.frames import PERSONS, class_counts
from hsr_privacy.validation.asking.answer import Answer, take


def k_anonymous(
    data: Any, *, quasi_identifiers: Sequence[str], k: int, person: str | None = None
) -> Answer:
    """Count the classes that hold too few persons.

    Args:
        data: any frame, one row per event.
        quasi_identifiers: equal values of all of them make a class; a missing value is a value.
        k: fewest persons of a class.
        person: column that tells persons apart; every row is a person if left out.
    """
    keys = list(dict.fromkeys(quasi_identifiers))
    frame = take(data, [*keys, *([person] if person else [])])
    classes = class_counts(frame, keys, person=person)
    return Answer(classes.height, classes.filter(pl.col(PERSONS) < k).height, 0)


def l_diverse(data: Any, *, quasi_identifiers: Sequence[str], column: str, l: int) -> Answer:  # noqa: E741
    """Count the classes in which a sensitive column takes too few values.

    Args:
        data: any frame.
        quasi_identifiers: equal values of all of them make a class; a missing value is a value.
        column: the sensitive one; a missing value is a value.
        l: fewest distinct values in a class.
    """
    keys = list(dict.fromkeys(quasi_identifiers))
    frame = take(data, [*keys, column])
    if column in keys:
        classes = class_counts(frame, keys)
        return Answer(classes.height, classes.height if l > 1 else 0, 0)
    pairs = class_counts(frame, keys, sensitive=column)
    if not keys:
        return Answer(min(pairs.height, 1), int(0 < pairs.height < l), 0)
    by_class = pairs.group_by(keys).agg(pl.len().alias("values"))
    return Answer(by_class.height, by_class.filter(pl.col("values") < l).height, 0)
