"""Select keeps the same events on every engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, to_polars
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.project import Condition, Project, load_project
from hsr_privacy.registry import select

Make = Callable[..., Any]
NOON = dt.datetime(2020, 6, 1, 12, tzinfo=dt.UTC)

COLUMNS: dict[str, list[Any]] = {
    "person_key": [bytes([n]) * 16 for n in (1, 1, 2, 3, 4, 5, 6, 7)],
    "event_key": [bytes([n]) * 16 for n in range(8)],
    "event_day": [dt.date(2020, 6, day) for day in range(1, 8)] + [dt.date(2012, 12, 31)],
    "reservasjon": [0, 0, None, 1, 0, 0, 0, 0],
    "sperret": [0, 0, 0, 0, 1, 0, 0, 0],
    "slettet": [0, 0, 0, 0, 0, 0, 0, 0],
    "samtykke": [1, 1, None, 1, 1, 0, 999, 1],
    "event_type": [1, 2, 1, 1, 1, 2, 1, 1],
    "alder": [50, 51, None, 60, 61, 17, 18, 70],
    "kjonn": [1, 1, 2, 1, 2, 1, None, 1],
    "bostedskommune": ["0301", "0301", "4601", None, "0301", "1103", "5001", "0301"],
    "t_anrop": [NOON] * 8,
    "t_stans": [NOON] * 8,
    "hpr_nr": ["x"] * 8,
}
SCHEMA = dict.fromkeys(COLUMNS, pl.Int32) | {
    "person_key": pl.Binary,
    "event_key": pl.Binary,
    "event_day": pl.Date,
    "bostedskommune": pl.String,
    "t_anrop": pl.Datetime("us", "UTC"),
    "t_stans": pl.Datetime("us", "UTC"),
    "hpr_nr": pl.String,
}


@pytest.fixture(scope="module")
def sample(request: pytest.FixtureRequest) -> Project:
    codebook = request.getfixturevalue("codebook")
    return load_project(
        shipped("configs", "projects", "bystander-cpr-survival.yaml"),
        codebook=codebook,
        hierarchies=load_hierarchies(),
        today=dt.date(2026, 11, 23),
    )


def changed(project: Project, **cohort: Any) -> Project:
    new = project.cohort.model_copy(update={"min_age": None, "conditions": (), **cohort})
    kept = tuple(v for v in project.variables if v.name in ("kjonn", "alder", "event_type"))
    return project.model_copy(update={"cohort": new, "variables": kept})


def kept(make_frame: Make, project: Project, codebook: Codebook) -> list[int]:
    frame = make_frame(COLUMNS, schema=SCHEMA)
    selected = select(frame, project, codebook=codebook)
    table = to_polars(as_frame(selected))
    wanted = {"person_key", "event_key", "kjonn", "alder", "event_type", "t_anrop", "t_stans"}
    assert set(table.columns) == wanted
    return sorted(key[0] for key in table["event_key"])


@pytest.mark.parametrize(
    ("cohort", "events"),
    [
        ({}, [0, 1, 2, 5, 6]),
        ({"event_types": ("ohca",)}, [0, 2, 6]),
        ({"min_age": 18}, [0, 1, 6]),
        ({"min_age": 18, "max_age": 50}, [0, 6]),
        ({"first_day": dt.date(2020, 6, 2), "last_day": dt.date(2020, 6, 6)}, [1, 2, 5]),
        ({"conditions": (Condition(variable="kjonn", equals="1"),)}, [0, 1, 5]),
        ({"conditions": (Condition(variable="bostedskommune", one_of=("0301",)),)}, [0, 1]),
        ({"conditions": (Condition(variable="alder", at_least=18, at_most=50),)}, [0, 6]),
    ],
)
def test_a_cohort_is_the_same_on_every_engine(
    make_frame: Make, sample: Project, codebook: Codebook, cohort: dict[str, Any], events: list[int]
) -> None:
    assert kept(make_frame, changed(sample, **cohort), codebook) == events


def test_where_consent_is_asked_for_only_those_who_gave_it_stay(
    make_frame: Make, sample: Project, codebook: Codebook
) -> None:
    basis = sample.legal_basis
    asking = basis.model_copy(update={"honour": (*basis.honour, "samtykke")})
    project = changed(sample).model_copy(update={"legal_basis": asking})
    assert kept(make_frame, project, codebook) == [0, 1]


def test_a_frame_that_is_no_event_store_is_refused(sample: Project, codebook: Codebook) -> None:
    with pytest.raises(DataError, match="the events have no column 'event_key'"):
        select(pl.DataFrame({"person_key": [b"x"]}), sample, codebook=codebook)
