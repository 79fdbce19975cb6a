"""The portrait: all that is told of a register, in figures that a page, a table or a machine shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.portrait.arrests import arrests_of
from hsr_privacy.portrait.comparison import Compared, compare
from hsr_privacy.portrait.curves import Curve, response_curves, survival_curves
from hsr_privacy.portrait.flow import Flow, inside_flow, outside_flow
from hsr_privacy.portrait.groups import Lives, Pyramid, Week, lives, pyramid, week
from hsr_privacy.portrait.hiding import LEAST_PERSONS, Count, shown
from hsr_privacy.portrait.measures import Register, persons_of
from hsr_privacy.portrait.published import Published, load_published
from hsr_privacy.portrait.regions import Row, Year, coverage, rates_by_year, rows_by, years_of
from hsr_privacy.portrait.regression import Fit, survival_odds
from hsr_privacy.portrait.residents import load_residents
from hsr_privacy.portrait.telling import telling_of
from hsr_privacy.registry import glance, load_delivery_settings
from hsr_privacy.synthesis import load_parameters


@dataclass(frozen=True)
class Portrait:
    """What is told of a register; counts of few persons are `Hidden`.

    Attributes:
        years: first and last, or None without arrests.
        outside: arrests outside hospital.
        inside: arrests inside.
        persons: who had them.
        compared: published figures beside this register's.
        fit: odds ratios of being alive after 30 days.
        outside_flow: boxes of arrests outside.
        inside_flow: boxes of arrests inside.
        pyramid: age and sex outside.
        pyramid_inside: age and sex inside.
        week: when hearts stop outside.
        response: response curves.
        survival: survival curves.
        lives: who is alive after 30 days.
        coverage: who told, year by year.
        regions: by health region; trusts, counties, places: the same by these.
        rates: of each trust, arrests per 100,000 in each year.
        least_persons: so many persons stand behind what is told.
        sources: id -> where the published figures stand.
    """

    years: tuple[int, int] | None
    outside: Count
    inside: Count
    persons: Count
    compared: tuple[Compared, ...]
    fit: Fit
    outside_flow: Flow
    inside_flow: Flow
    pyramid: Pyramid
    pyramid_inside: Pyramid
    week: Week
    response: tuple[Curve, ...]
    survival: tuple[Curve, ...]
    lives: tuple[Lives, ...]
    coverage: tuple[Year, ...]
    regions: tuple[Row, ...]
    trusts: tuple[Row, ...]
    counties: tuple[Row, ...]
    places: tuple[Row, ...]
    rates: tuple[tuple[str, tuple[float | None, ...]], ...]
    least_persons: int
    sources: Mapping[str, str]


def portray_deliveries(source: Path, *, least_persons: int = LEAST_PERSONS) -> Portrait:
    """Read deliveries, link them as the register does, and portray them; nothing is kept.

    Args:
        source: folder of deliveries, in any layout.
        least_persons: so many persons must stand behind what is told, 1 or more.

    Raises:
        DeliveryError: every fault of the files.
        DataError: ``least_persons`` is below 1.
    """
    if least_persons < 1:
        raise DataError(f"least persons is {least_persons}; it must be 1 or more")
    register = glance(
        source,
        codebook=_codebook(),
        settings=load_delivery_settings(),
        today=dt.date(1970, 1, 1),  # a glance keeps no day
    )
    return portray(register.events, published=load_published(), least_persons=least_persons)


def portray(
    events: pl.DataFrame, *, published: Published, least_persons: int = LEAST_PERSONS
) -> Portrait:
    """Portray the events of a register.

    Args:
        events: of `registry.glance` or of the event store.
        published: what the figures are set beside.
        least_persons: so many persons must stand behind what is told.
    """
    register = measured_on(events)
    arrests, least = register.arrests, least_persons
    fit = survival_odds(arrests)
    outside, inside = arrests.filter("outside"), arrests.filter(~pl.col("outside"))
    return Portrait(
        years=years_of(arrests),
        outside=shown(outside.height, persons_of(outside), least),
        inside=shown(inside.height, persons_of(inside), least),
        persons=shown(persons_of(arrests), persons_of(arrests), least),
        compared=compare(register, fit, published, least_persons=least),
        fit=fit,
        outside_flow=outside_flow(arrests, least_persons=least),
        inside_flow=inside_flow(arrests, least_persons=least),
        pyramid=pyramid(arrests, outside=True, least_persons=least),
        pyramid_inside=pyramid(arrests, outside=False, least_persons=least),
        week=week(arrests, least_persons=least),
        response=response_curves(arrests, least_persons=least),
        survival=survival_curves(arrests, least_persons=least),
        lives=lives(arrests, least_persons=least),
        coverage=coverage(register, least_persons=least),
        regions=rows_by(register, "region", least_persons=least),
        trusts=rows_by(register, "trust", least_persons=least),
        counties=rows_by(register, "county", least_persons=least),
        places=rows_by(register, "place", least_persons=least),
        rates=rates_by_year(register, least_persons=least),
        least_persons=least,
        sources=published.sources,
    )


def measured_on(events: pl.DataFrame) -> Register:
    """What figures are measured on: the arrests, who told when, and who lives where."""
    residents = load_residents()
    arrests = arrests_of(events, residents)
    telling = telling_of(arrests, residents, load_parameters().population.by_year)
    return Register(arrests, telling, residents)


def as_plain(value: Any) -> Any:
    """A portrait, or a part of it, as dictionaries and lists for JSON."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: as_plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): as_plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    return value


def _codebook() -> Codebook:
    return load_codebook(hierarchies=load_hierarchies())
