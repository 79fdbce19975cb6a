"""The Utstein flow: from arrests attended to lives regained, as the template's boxes have it.

Source: Perkins et al. 2015, Utstein template outside hospital, doi:10.1161/CIR.0000000000000144;
Nolan et al. 2019, inside hospital, doi:10.1016/j.resuscitation.2019.08.021.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import polars as pl

from hsr_privacy.portrait.hiding import (
    Count,
    Hidden,
    is_few,
    is_shown_share,
    shown,
    shown_parts,
)
from hsr_privacy.portrait.measures import persons_of

OUTCOMES: Final = ("rosc", "admitted", "alive_day", "alive_month", "good")
"""Each is of those before: circulation, admitted alive, 24 hours, 30 days, good function (CPC 1-2)."""

INSIDE_OUTCOMES: Final = ("rosc", "alive_day", "alive_month", "good")

_RHYTHMS: Final = ("shockable", "other_rhythm", "unknown_rhythm")
_LARGE: Final = 20
"""Of so many persons it may be said that none of them, or all, reached an outcome."""


@dataclass(frozen=True)
class Column:
    """One way through the flow.

    Attributes:
        name: ``all``, or who saw the arrest.
        arrests: how many.
        rhythms: ``shockable``, ``other_rhythm``, ``unknown_rhythm``.
        outcomes: how many reached each.
    """

    name: str
    arrests: Count
    rhythms: Mapping[str, Count]
    outcomes: Mapping[str, Count]


@dataclass(frozen=True)
class Flow:
    """The boxes.

    Attributes:
        arrests: all of this kind.
        tried: of these, those who were resuscitated.
        not_tried: and those who were not.
        unknown: and those of whom that is not known.
        columns: ``all`` of the resuscitated first, then by who saw the arrest.
        chain_holds: whether of all no outcome is more frequent than the one before (rule R31).
    """

    arrests: Count
    tried: Count
    not_tried: Count
    unknown: Count
    columns: tuple[Column, ...]
    chain_holds: bool


def outside_flow(arrests: pl.DataFrame, *, least_persons: int) -> Flow:
    """The flow of arrests outside hospital.

    Args:
        arrests: of `arrests_of`.
        least_persons: so many persons must stand behind a count that is shown.
    """
    outside = arrests.filter("outside")
    seen = {
        "seen_by_bystander": pl.col("seen_by_bystander"),
        "seen_by_crew": pl.col("seen_by_crew"),
        "unwitnessed": ~pl.col("witnessed"),
        "witness_unknown": pl.col("witnessed").is_null(),
    }
    return _flow(outside, seen, OUTCOMES, least_persons)


def inside_flow(arrests: pl.DataFrame, *, least_persons: int) -> Flow:
    """The flow of arrests inside hospital; see `outside_flow`."""
    inside = arrests.filter(~pl.col("outside"))
    seen = {
        "witnessed": pl.col("witnessed"),
        "unwitnessed": ~pl.col("witnessed"),
        "witness_unknown": pl.col("witnessed").is_null(),
    }
    return _flow(inside, seen, INSIDE_OUTCOMES, least_persons)


def _flow(
    arrests: pl.DataFrame, seen: Mapping[str, pl.Expr], outcomes: Sequence[str], least: int
) -> Flow:
    tried = arrests.filter(pl.col("tried"))
    sides = [tried, arrests.filter(~pl.col("tried")), arrests.filter(pl.col("tried").is_null())]
    first = _parts(sides, least)
    parts = {name: tried.filter(condition) for name, condition in seen.items()}
    return Flow(
        arrests=_count(arrests, least),
        tried=first[0],
        not_tried=first[1],
        unknown=first[2],
        columns=_columns(tried, parts, outcomes, least),
        chain_holds=_chain_holds(tried, outcomes),
    )


def _columns(
    tried: pl.DataFrame, parts: Mapping[str, pl.DataFrame], outcomes: Sequence[str], least: int
) -> tuple[Column, ...]:
    """The whole, and each part; what one of them hides, the others must not give away."""
    counts = _parts(list(parts.values()), least)
    few = [place for place, count in enumerate(counts) if isinstance(count, Hidden)]
    whole_of: dict[str, Count] = {}
    parts_of: dict[str, list[Count]] = {}
    for before, outcome in pairwise(("", *outcomes)):
        beside = [
            place
            for place, part in enumerate(parts.values())
            if not _may_be_told(part, before, outcome, least)
        ]
        of_part = [part.filter(pl.col(outcome)) for part in parts.values()]
        parts_of[outcome] = _parts(of_part, least, beside=[*few, *beside])
        whole = tried.filter(pl.col(outcome))
        whole_of[outcome] = (
            shown(whole.height, persons_of(whole), least)
            if _may_be_told(tried, before, outcome, least)
            else _why(whole, least)
        )
    return (
        Column(
            "all",
            _count(tried, least),
            MappingProxyType(dict(zip(_RHYTHMS, _rhythms(tried, least), strict=True))),
            MappingProxyType(whole_of),
        ),
        *(
            Column(
                name,
                counts[place],
                MappingProxyType(dict(zip(_RHYTHMS, _rhythms(part, least), strict=True)))
                if place not in few
                else MappingProxyType(dict.fromkeys(_RHYTHMS, Hidden.BESIDE)),
                MappingProxyType({one: parts_of[one][place] for one in outcomes}),
            )
            for place, (name, part) in enumerate(parts.items())
        ),
    )


def _may_be_told(part: pl.DataFrame, before: str, outcome: str, least: int) -> bool:
    """Whether an outcome tells of nobody's fate alone.

    Enough persons must have reached it and enough not, and between the outcome before and this one
    nobody was lost, or enough. That all of a column shared a fate is told only of a large one. An
    empty column tells of nobody.
    """
    everybody = persons_of(part)
    if not everybody:
        return True
    reached = persons_of(part.filter(pl.col(outcome)))
    lost = (persons_of(part.filter(pl.col(before))) if before else everybody) - reached
    if reached in (0, everybody):
        return everybody >= max(_LARGE, least)
    return is_shown_share(reached, everybody - reached, least) and not is_few(lost, least)


def _why(arrests: pl.DataFrame, least: int) -> Hidden:
    return Hidden.FEW if is_few(persons_of(arrests), least) else Hidden.BESIDE


def _rhythms(arrests: pl.DataFrame, least: int) -> list[Count]:
    shockable = pl.col("shockable")
    parts = [shockable, ~shockable, shockable.is_null()]
    return _parts([arrests.filter(part) for part in parts], least)


def _parts(parts: Sequence[pl.DataFrame], least: int, *, beside: Sequence[int] = ()) -> list[Count]:
    """How many arrests are in each part of a shown whole."""
    persons = [persons_of(part) for part in parts]
    return shown_parts([part.height for part in parts], persons, least, beside=beside)


def _count(arrests: pl.DataFrame, least: int) -> Count:
    return shown(arrests.height, persons_of(arrests), least)


def _chain_holds(tried: pl.DataFrame, outcomes: Sequence[str]) -> bool:
    counts = [tried.filter(pl.col(outcome)).height for outcome in outcomes]
    return all(later <= earlier for earlier, later in pairwise(counts))
