"""Two tables: persons and their events, learned together and drawn together.

What the population register says of a person stands in one table, everything else in the other;
the codebook's sources decide. SDV's hierarchical model fits the events of each person by
themselves, so that it takes a hundredth of a second per person and grows with the square of the
columns: it is for a small table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DataError
from hsr_privacy.learned.columns import CODES, Column
from hsr_privacy.learned.consequences import follow
from hsr_privacy.learned.drawing import Drawn
from hsr_privacy.learned.learning import Model, draw_two, learn_two
from hsr_privacy.learned.metadata import KEY
from hsr_privacy.learned.plain import Field, from_plain, to_plain
from hsr_privacy.learned.stored import breaks_a_rule
from hsr_privacy.learned.timing import derive, without_derived
from hsr_privacy.rules import Rules

TWO_TABLES: Final = "hma"
"""The model for two tables."""

MOST_EVENT_FIELDS: Final = 30
"""Columns of events, states of gaps counted too, beyond which it would take hours."""

_PERSON: Final = "__person"


@dataclass(frozen=True)
class Pair:
    """A model of two tables, how many events a person has, and the columns of both."""

    model: Model
    events_per_person: float
    person_fields: tuple[Field, ...]
    event_fields: tuple[Field, ...]


def person_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that tell of the person."""
    return tuple(column for column in columns if column.is_of_person)


def event_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that tell of the arrest, and are drawn."""
    return tuple(c for c in without_derived(columns) if not c.is_of_person)


def learn_pair(
    table: pl.DataFrame,
    columns: Sequence[Column],
    persons: pl.Series,
    *,
    seed: int,
    random: np.random.Generator,
) -> Pair:
    """Learn persons and events.

    Args:
        table: parsed rows, one per event.
        columns: of the table.
        persons: of each row, who.
        seed: of everything that can be seeded.
        random: draws numbers where there are none.

    Raises:
        DataError: a table is empty of columns, or has too many.
    """
    of_person, of_event = person_columns(columns), event_columns(columns)
    if not of_person or not of_event:
        raise DataError(
            "two tables need a column of the person and one of the arrest; "
            "use a model of one table: --model gaussian-copula"
        )
    rows = table.with_columns(persons.alias(_PERSON))
    people = rows.unique(_PERSON, keep="first", maintain_order=True)
    plain_people = to_plain(people.select(_there(people, of_person)), of_person, random=random)
    plain_events = to_plain(rows.select(_there(rows, of_event)), of_event, random=random)
    if len(plain_events.fields) > MOST_EVENT_FIELDS:
        raise DataError(
            f"the events have {len(plain_events.fields)} columns to learn, states of gaps counted "
            f"too, and hma manages {MOST_EVENT_FIELDS}; leave some out with --leave-out"
        )
    model = learn_two(
        plain_people,
        plain_events,
        person_keys=people[_PERSON].to_list(),
        event_keys=persons.to_list(),
        seed=seed,
    )
    return Pair(model, rows.height / people.height, plain_people.fields, plain_events.fields)


def draw_pair(
    pair: Pair,
    events: int,
    *,
    columns: Sequence[Column],
    rules: Rules,
    codebook: Codebook,
    seed: int,
) -> tuple[Drawn, pl.Series]:
    """Draw persons with about so many events; rows that break a rule stay, and are counted.

    Returns:
        The rows, and of each the number of its person, from 1.
    """
    persons = max(1, round(events / pair.events_per_person))
    people, happened = draw_two(pair.model, persons, seed=seed)
    numbers = people[KEY].rank("dense").cast(pl.Int64)
    told = from_plain(people, person_columns(columns), fields=pair.person_fields).with_columns(
        people[KEY]
    )
    rows = from_plain(happened, event_columns(columns), fields=pair.event_fields).with_columns(
        happened[KEY]
    )
    joined = rows.join(told, on=KEY, how="inner", maintain_order="left")
    of = joined.join(
        pl.DataFrame({KEY: people[KEY], _PERSON: numbers}),
        on=KEY,
        how="left",
        maintain_order="left",
    )[_PERSON]
    table = follow(derive(joined.drop(KEY), columns), columns)
    broken = breaks_a_rule(table, columns, rules=rules, codebook=codebook)
    return Drawn(table, table.height, int(broken.sum()), 0), of


def _there(table: pl.DataFrame, columns: Sequence[Column]) -> list[str]:
    names = [name for c in columns for name in (c.name, c.name + CODES)]
    return [name for name in names if name in table.columns]
