"""Small releases beside their truth, as pipe tables, and attackers to let loose on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.hierarchies.definition import Bands, Dates
from hsr_privacy.hierarchies.hierarchy import from_bands, from_dates, from_rows
from hsr_privacy.models.scenarios import Attacker, Knowledge, News, Precision
from tests.pipe_tables import cells

LABEL = Label(nb="noen", en="somebody")

AGE = from_bands(
    Bands.model_validate(
        {
            "name": "age",
            "kind": "bands",
            "min": 0,
            "max": 110,
            "unit": "",
            "label": {"nb": "alder", "en": "age"},
            "source": "test",
            "levels": [{"name": "1 year"}, {"name": "10 years", "width": 10}],
        }
    )
)
DAY = from_dates(
    Dates.model_validate(
        {
            "name": "day",
            "kind": "dates",
            "label": {"nb": "dag", "en": "day"},
            "source": "test",
            "levels": ["day", "month", "year"],
        }
    )
)
TOWN = from_rows(
    "town",
    [("Bergen", "west", "*"), ("Voss", "west", "*"), ("Oslo", "east", "*"), ("Moss", "east", "*")],
    ("town", "county", "*"),
)
TREES: Mapping[str, Hierarchy] = {"age": AGE, "day": DAY, "town": TOWN}


def frame(text: str) -> pl.DataFrame:
    """A table as text; an empty cell is missing."""
    heading, *rows = cells(text)
    values = [[cell or None for cell in row] for row in rows]
    return pl.DataFrame(values, schema=dict.fromkeys(heading, pl.String), orient="row")


def exposed(before: str | pl.DataFrame, released: str | pl.DataFrame, **more: Any) -> Exposed:
    """Both tables; rows are told apart by ``event``, persons by ``who``, where there is one."""
    truth = frame(before) if isinstance(before, str) else before
    shown = frame(released) if isinstance(released, str) else released
    keys = {"event": "event" if "event" in truth.columns else None}
    keys["person"] = "who" if "who" in truth.columns else None
    trees = {name: tree for name, tree in TREES.items() if name in truth.columns}
    return Exposed(shown, truth, **{**keys, "hierarchies": trees, **more})


def attacker(*knows: str | Knowledge, news: News | None = None, **more: Any) -> Attacker:
    """Somebody who knows these columns, exactly where nothing else is said."""
    known = tuple(Knowledge(one) if isinstance(one, str) else one for one in knows)
    return Attacker("somebody", LABEL, None, known, (), 2, news=news, **more)


def roughly(column: str, *precisions: Precision, **errors: float) -> Knowledge:
    """A column known in some precisions."""
    return Knowledge(column, precisions, **errors)


def within(column: str, units: float) -> Knowledge:
    """A column known within so many units."""
    return roughly(column, Precision(within=units))


def named(names: Sequence[str]) -> list[str]:
    """For comparing without regard to order."""
    return sorted(names)
