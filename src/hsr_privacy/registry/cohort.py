"""Select: the events of a project's cohort, without those who chose to be left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Final

import narwhals as nw

from hsr_privacy.codebook import Codebook, EventType, Type
from hsr_privacy.errors import DataError
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY, Extract, Step, any_frame
from hsr_privacy.frames import Frame, columns_of, count_rows
from hsr_privacy.project import ORIGIN, Choice, Condition, Project
from hsr_privacy.registry.events import EVENT_DAY
from hsr_privacy.registry.linkage import IHCA, OHCA

_YES: Final = 1
_TYPES: Final = {EventType.OHCA: OHCA, EventType.IHCA: IHCA}


@any_frame
def select(extract: Extract, project: Project, *, codebook: Codebook) -> Extract:
    """Keep the events and the variables that a project was granted.

    First those leave whom the project's legal basis excludes: reservation, restriction and
    deletion on every event of the person, and, where consent is asked for, everyone who has not
    given it. Then the cohort is chosen. What the project does not name is dropped.

    Args:
        extract: the event store, or a pandas, Polars or Spark frame of it.
        project: the approved application.
        codebook: types of the variables in conditions.

    Returns:
        The person and event keys, the approved variables, and the clock times that minutes are
        counted from.

    Raises:
        DataError: the events lack a column that the project needs.
    """
    frame = extract.frame
    names = [v.name for v in project.variables if v.name in columns_of(frame)]
    asked = [c.variable for c in project.cohort.conditions]
    _require(frame, [PERSON_KEY, EVENT_KEY, EVENT_DAY, *project.legal_basis.honour, *asked])
    counts = {"events in the register": count_rows(frame)}
    for choice in project.legal_basis.honour:
        before = count_rows(frame)
        frame = frame.filter(~chosen(choice))
        counts[f"left out: {choice}"] = before - count_rows(frame)
    before = count_rows(frame)
    frame = frame.filter(_in_cohort(project, codebook))
    left = count_rows(frame)
    counts |= {"left out: not in the cohort": before - left, "events in the cohort": left}
    origin = [name for name in ORIGIN if name not in names]
    frame = frame.select(*map(nw.col, [PERSON_KEY, EVENT_KEY, *names, *origin]))
    counts["variables granted"] = len(project.variables)
    return Extract(frame, PERSON_KEY, extract.steps).then(frame, Step("select", counts))


def chosen(choice: Choice) -> nw.Expr:
    """Whether an event's person has made a choice that excludes; for consent, has not given it."""
    said_yes = nw.col(choice) == _YES
    said_yes = nw.when(nw.col(choice).is_null()).then(nw.lit(value=False)).otherwise(said_yes)
    return ~said_yes if choice == Choice.NO_CONSENT else said_yes


def excluded(choices: Sequence[Choice]) -> nw.Expr:
    """Whether any of these choices excludes an event."""
    return reduce(or_, map(chosen, choices))


def _in_cohort(project: Project, codebook: Codebook) -> nw.Expr:
    cohort = project.cohort
    types = [_TYPES[EventType(name)] for name in cohort.event_types]
    tests = [
        nw.col("event_type").cast(nw.Int64).is_in(types),
        nw.col(EVENT_DAY) >= nw.lit(cohort.first_day),
        nw.col(EVENT_DAY) <= nw.lit(cohort.last_day),
    ]
    if cohort.min_age is not None:
        tests.append(nw.col("alder") >= cohort.min_age)
    if cohort.max_age is not None:
        tests.append(nw.col("alder") <= cohort.max_age)
    tests += [test for one in cohort.conditions for test in _tests(one, codebook)]
    return reduce(and_, tests)


def _tests(condition: Condition, codebook: Codebook) -> list[nw.Expr]:
    column = nw.col(condition.variable)
    is_text = codebook[condition.variable].type is Type.TEXT
    tests = []
    wanted = condition.one_of or (() if condition.equals is None else (condition.equals,))
    if wanted:
        codes = [int(code) for code in wanted if not is_text]
        tests.append(column.cast(nw.Int64).is_in(codes) if codes else column.is_in(list(wanted)))
    if condition.at_least is not None:
        tests.append(column >= condition.at_least)
    if condition.at_most is not None:
        tests.append(column <= condition.at_most)
    return tests


def _require(frame: Frame, names: Sequence[str]) -> None:
    lacking = [name for name in names if name not in columns_of(frame)]
    if lacking:
        raise DataError(f"the events have no column '{lacking[0]}'; is this an event store?")
