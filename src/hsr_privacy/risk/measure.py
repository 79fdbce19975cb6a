"""Measure: from a table to all that its equivalence classes say of its risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hsr_privacy.extract import Extract
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.risk.agreeing import Agreement
from hsr_privacy.risk.attacks import (
    attack,
    checked_threshold,
    marketer,
    prosecutor,
    size_bins,
)
from hsr_privacy.risk.counting import Counted, count
from hsr_privacy.risk.fitting import FittingClasses
from hsr_privacy.risk.individual import checked_fraction, individual_risk, risk_of
from hsr_privacy.risk.inferring import infer
from hsr_privacy.risk.measures import Measures, ReadingRisk
from hsr_privacy.risk.ordering import secrecies
from hsr_privacy.risk.population import PopulationTable, population_risk
from hsr_privacy.risk.ranking import rank
from hsr_privacy.risk.subsets import pass_over
from hsr_privacy.risk.suda import special_uniques
from hsr_privacy.risk.uniqueness import uniqueness


def measure(
    data: Any,
    *,
    quasi_identifiers: Sequence[str],
    person: str | None = None,
    sensitive: Sequence[str] = (),
    hierarchies: Mapping[str, Hierarchy] | None = None,
    levels: Mapping[str, int] | None = None,
    secret_levels: Mapping[str, int] | None = None,
    suppressed: str | None = "998",
    sampling_fraction: float = 1.0,
    dis_fraction: float | None = None,
    population: PopulationTable | None = None,
    threshold: float = 0.2,
) -> Measures:
    """Measure how easily a person could be recognized, and what be learned about them.

    The table is counted once; everything follows from the numbers of rows and persons of its
    classes. A person of several classes is counted right in every merged class, by both readings of
    missing cells, and counts once in each class that tells persons apart.

    Args:
        data: an extract, or a pandas, Polars or Spark frame; one row per event.
        quasi_identifiers: columns by which a person could be recognized; at least one.
        person: column that tells persons apart; an extract's own if left out, and every row is a
            person where there is none.
        sensitive: columns about which something could be learned.
        hierarchies: per column that has one: of sensitive ones for their order and levels, of
            quasi-identifiers to compare with a population.
        levels: the level on which a column with a hierarchy stands in the table; 0 where nothing is
            said.
        secret_levels: per sensitive column, the level of its hierarchy on which two values are two
            secrets; that on which it stands, if left out.
        suppressed: what a suppressed cell reads; None if none is.
        sampling_fraction: share of the population in the table, above 0 and up to 1. A mandatory
            register holds all of it, and then the journalist is the prosecutor.
        dis_fraction: the sampling fraction for DIS-SUDA, if it is to be another one.
        population: of which the table's persons are, to count who of it fits them.
        threshold: risk (0-1) above which a person is said to be at risk; 0.2 is a class of five.

    Raises:
        DataError: a column does not exist, a share is none, or a column does not fit its hierarchy.
    """
    checked_threshold(threshold)
    fraction = checked_fraction(sampling_fraction)
    extract = Extract.of(data)
    person = person if person is not None else extract.person
    hierarchies, levels = hierarchies or {}, levels or {}
    counted = count(
        extract.frame,
        quasi_identifiers=quasi_identifiers,
        person=person,
        sensitive=sensitive,
        suppressed=suppressed,
        secrecies=secrecies(sensitive, hierarchies, levels, secret_levels or {}),
    )
    table = counted.table
    own, fitting = _both_readings(counted)
    readings = [_reading(one, counted, fraction, threshold) for one in (own, fitting)]
    done = pass_over(table) if table.classes else None
    return Measures(
        quasi_identifiers=table.names,
        person=person,
        threshold=threshold,
        sampling_fraction=fraction,
        rows=table.total_rows,
        persons=table.count_persons(np.ones(table.classes, bool)),
        classes=table.classes,
        wild_cells=int((counted.wild.sum(axis=1) * table.rows).sum()),
        own_category=readings[0],
        wildcard=readings[1],
        uniqueness=uniqueness(table.persons, sampling_fraction=fraction),
        individual=individual_risk(
            table.persons, table.persons, fraction=fraction, threshold=threshold
        )
        if done is not None
        else None,
        special_uniques=special_uniques(
            table, done, dis_fraction=fraction if dis_fraction is None else dis_fraction
        )
        if done is not None
        else None,
        ranking=rank(done) if done is not None else None,
        population=population_risk(
            counted, population, hierarchies=hierarchies, levels=levels, threshold=threshold
        )
        if population is not None
        else None,
    )


def _both_readings(counted: Counted) -> tuple[EquivalenceClasses, EquivalenceClasses]:
    """The classes as they stand, and with everybody in them who agrees."""
    own = EquivalenceClasses.base(counted.table)
    if not counted.wild.any():
        return own, own
    return own, FittingClasses.by(Agreement(counted.table, counted.wild))


def _reading(
    classes: EquivalenceClasses, counted: Counted, fraction: float, threshold: float
) -> ReadingRisk:
    table = counted.table
    sizes, members = classes.persons, table.persons
    attacked = prosecutor(sizes, members, threshold)
    journalist = attacked
    if fraction < 1 and len(sizes):
        journalist = attack(risk_of(sizes, sizes / fraction), members, threshold)
    return ReadingRisk(
        k=int(sizes.min()) if len(sizes) else 0,
        sizes=size_bins(sizes, members, table.rows),
        unique_persons=int(members[sizes == 1].sum()),
        prosecutor=attacked,
        journalist=journalist,
        marketer=marketer(journalist),
        sensitive={
            column: infer(classes, column, members=members, order=order)
            for column, order in counted.orders.items()
        }
        if len(sizes)
        else {},
    )
