"""Newsworthy: how likely each event is to be written about, and which ones stand out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.models.scenarios import News

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Outstanding:
    """Events that stand out; None where a column that tells it is not there.

    Attributes:
        groups: days and public places on which several persons were struck.
        group_events: events of them.
        young: events of persons below the age.
        public_survivors: events in public places with a good outcome.
        any: events of any of these kinds.
        leaving: those of them that are in the release.
    """

    groups: int | None
    group_events: int | None
    young: int | None
    public_survivors: int | None
    any: int
    leaving: int


@dataclass(frozen=True, eq=False)
class Newsworthy:
    """What can be told of the events.

    Attributes:
        chances: per row of the truth, that the event is written about (0-1).
        outstanding: those that stand out.
    """

    chances: Floats
    outstanding: Outstanding


def newsworthy(exposed: Exposed, news: News) -> Newsworthy:
    """Judge the events of the truth; what needs a column that is not there is left out.

    The odds of an event are those of any event, times the odds of all that applies to it.

    Args:
        exposed: the release and its truth.
        news: what makes an event likelier to be written about.
    """
    rows = exposed.before.height
    public = _among(exposed, news.place, news.public.values)
    survived = _among(exposed, news.outcome, news.survived.values)
    young = _below(exposed, news.age, news.young_below)
    groups = None if public is None else _together(exposed, news, public)
    several = None if groups is None else groups >= 0
    judged = (
        (young, news.young_odds),
        (public, news.public.odds),
        (survived, news.survived.odds),
        (several, news.several_odds),
    )
    odds = np.full(rows, news.chance / (1 - news.chance) if news.chance < 1 else np.inf)
    for applies, factor in judged:
        if applies is not None:
            odds[applies] *= factor
    chances = np.divide(odds, 1 + odds, out=np.ones(rows), where=np.isfinite(odds))
    both = None if public is None or survived is None else public & survived
    kinds = [kind for kind in (several, young, both) if kind is not None]
    outstanding = np.any(kinds, axis=0) if kinds else np.zeros(rows, bool)
    return Newsworthy(
        chances,
        Outstanding(
            groups=None if groups is None else len(np.unique(groups[groups >= 0])),
            group_events=_count(several),
            young=_count(young),
            public_survivors=_count(both),
            any=int(outstanding.sum()),
            leaving=int(outstanding[exposed.truth_of_row].sum()),
        ),
    )


def absent(exposed: Exposed, news: News) -> Iterator[tuple[str, str]]:
    """What a newspaper tells and the release does not hold, with the columns that would."""
    for role in ("date", "municipality", "place", "age", "outcome"):
        column = getattr(news, role)
        if column is not None and column not in exposed.released.columns:
            yield role, column


def _among(exposed: Exposed, name: str | None, values: tuple[str, ...]) -> Bools | None:
    if name is None or not values or not exposed.holds(name):
        return None
    column = exposed.column(name)
    found: Bools = np.append(column.leaves_of(values), False)[column.truth]
    return found


def _below(exposed: Exposed, name: str | None, limit: float) -> Bools | None:
    if name is None or not limit or not exposed.holds(name):
        return None
    column = exposed.column(name)
    found: Bools = np.append(column.numbers < limit, False)[column.truth]
    return found


def _together(exposed: Exposed, news: News, public: Bools) -> Int64s | None:
    """Per row, the number of its day and public place if several persons share it, else -1."""
    names = (news.date, news.municipality, news.place)
    if any(name is None or not exposed.holds(name) for name in names):
        return None
    columns = [exposed.column(name).truth.astype(np.int64) for name in names if name is not None]
    known = public & (np.min(columns, axis=0) >= 0)
    key = np.zeros(len(public), np.int64)
    for column in columns:
        key = key * (int(column.max()) + 1) + column
    rows = np.flatnonzero(known)
    owners = exposed.people[0].owners[rows]
    _, group = np.unique(key[rows], return_inverse=True)
    group = group.reshape(-1)
    pairs = np.unique(np.stack([group, owners]), axis=1)
    several = np.bincount(pairs[0], minlength=int(group.max(initial=-1)) + 1) > 1
    found = np.full(len(public), -1, np.int64)
    found[rows[several[group]]] = group[several[group]]
    return found


def _count(applies: Bools | None) -> int | None:
    return None if applies is None else int(applies.sum())
