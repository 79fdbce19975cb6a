"""Choices: a person who chose to be left out is marked on every event, whoever delivered it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import polars as pl

from hsr_privacy.extract import PERSON_KEY
from hsr_privacy.project import Choice

_YES, _NO = 1, 0
_CHOSE = "chose"


def with_choices(
    events: pl.DataFrame, choices: Mapping[bytes, AbstractSet[str]]
) -> tuple[pl.DataFrame, int]:
    """Set the flags of choices that the register was told of by itself.

    A withdrawn consent is a consent that was not given; the other choices are flags that say yes.

    Args:
        events: one row per event.
        choices: per person key, what was chosen.

    Returns:
        The events, and how many were marked.
    """
    marked = pl.repeat(value=False, n=events.height, eager=True)
    for choice in Choice:
        persons = [key for key, chosen in choices.items() if choice in chosen]
        if not persons:
            continue
        chosen_by = pl.DataFrame({PERSON_KEY: persons}, schema={PERSON_KEY: pl.Binary})
        found = chosen_by.with_columns(pl.lit(value=True).alias(_CHOSE))
        joined = events.select(PERSON_KEY).join(
            found, on=PERSON_KEY, how="left", maintain_order="left"
        )
        chose = joined[_CHOSE].fill_null(value=False)
        flag = pl.lit(_NO if choice is Choice.NO_CONSENT else _YES).cast(events[choice].dtype)
        events = events.with_columns(
            pl.when(chose).then(flag).otherwise(pl.col(choice)).alias(choice)
        )
        marked |= chose
    return events, int(marked.sum())
