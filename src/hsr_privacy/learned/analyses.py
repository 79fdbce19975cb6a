"""Analyses: the register's own figures, of the original and of a set side by side.

Survival by the Utstein template, odds ratios of survival, and a survival curve where dates of death
exist. A figure that rests on fewer than five persons of the original is withheld, in all it says.

Source: Perkins et al. 2015, doi:10.1016/j.resuscitation.2014.11.002 (Utstein).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate, kaplan_meier, overlap
from hsr_privacy.project import LogisticAnalysis, variables_of
from hsr_privacy.utility.coding import Table
from hsr_privacy.utility.own import SURVIVAL, odds_with
from hsr_privacy.utility.ran import Key, Plan, Run
from hsr_privacy.utility.running import run

FEWEST: Final = 5
"""Persons of the original on whom a figure must rest, on either side of it."""

_DAYS: Final = (1, 30, 365)
_ODDS: Final = {
    "kjonn": "woman",
    "event_type": "inside",
    "bevitnet": "witnessed",
    "forste_rytme": "shockable",
    "tilskuer_hlr": "bystander_cpr",
    "alder": "age_decade",
}
"""What the odds ratio of each predictor is called."""


@dataclass(frozen=True)
class Comparison:
    """One figure of the original and of the set.

    Attributes:
        name: of the figure, for machines.
        label: for people.
        real: of the original; None where it is withheld or cannot be reckoned.
        synthetic: of the set; None where it cannot be reckoned.
    """

    name: str
    label: Label
    real: Estimate | None
    synthetic: Estimate | None

    @property
    def overlap(self) -> float | None:
        """How much of the two intervals is shared, 1 all of it; below 0, how far they are apart."""
        if self.real is None or self.synthetic is None:
            return None
        return overlap(self.real, self.synthetic)


def compare_analyses(real: pl.DataFrame, synthetic: pl.DataFrame) -> tuple[Comparison, ...]:
    """Reckon every figure that the columns allow.

    Args:
        real: parsed rows of the original.
        synthetic: parsed rows of the set.
    """
    tables = [
        Table(frame, {}, {}, np.arange(frame.height, dtype=np.int32)) for frame in (real, synthetic)
    ]
    return (
        *_survival(tables[0], tables[1]),
        *_odds(tables[0], tables[1]),
        *_curve(real, synthetic),
    )


def _survival(real: Table, synthetic: Table) -> list[Comparison]:
    made = []
    for analysis in SURVIVAL:
        if not all(name in real for name in variables_of(analysis)):
            continue
        found = [
            run(analysis, table, Plan(least_persons=fewest)).figures.get(Key("all"))
            for table, fewest in ((real, FEWEST), (synthetic, 0))
        ]
        estimates = [one.estimate if one is not None else None for one in found]
        made.append(Comparison(analysis.name, analysis.label, estimates[0], estimates[1]))
    return made


def _odds(real: Table, synthetic: Table) -> list[Comparison]:
    """Odds ratios of survival in one logistic regression with whatever predictors there are."""
    numbers = [n for n in ("alder",) if n in real and real.frame.schema[n].is_numeric()]
    wanted = [n for n in _ODDS if n in real and (n != "alder" or n in numbers)]
    if "overlevd_30d" not in real:
        return []
    plans = [Plan(least_persons=fewest, numbers=numbers) for fewest in (FEWEST, 0)]
    model = odds_with(wanted)
    while model is not None:
        ran = run(model, real, plans[0])
        bare = _without_figure(model, ran)
        if not bare:
            break
        wanted = [name for name in wanted if name not in bare]
        model = odds_with(wanted)
    if model is None:
        return []
    other = run(model, synthetic, plans[1])
    made = []
    for place, predictor in enumerate(model.predictors):
        key = Key("term", predictor.variable, None, place)
        estimates = [
            one.figures[key].estimate if key in one.figures else None for one in (ran, other)
        ]
        name = f"odds_ratio_{_ODDS[predictor.variable]}"
        assert predictor.label is not None
        made.append(Comparison(name, predictor.label, estimates[0], estimates[1]))
    return made


def _without_figure(model: LogisticAnalysis, ran: Run) -> set[str]:
    """The predictors that rest on too few, or that keep the others from being reckoned."""
    if ran.why is not None:
        return set(ran.why.columns) or {one.variable for one in model.predictors}
    return {key.column for key, one in ran.figures.items() if one.estimate is None and key.column}


def _curve(real: pl.DataFrame, synthetic: pl.DataFrame) -> list[Comparison]:
    """Kaplan-Meier from the arrest to death; who has no date of death lived to the last day known."""
    if "dodsdato" not in real.columns or "t_stans" not in real.columns:
        return []
    curves = [_kaplan_meier(table, fewest) for table, fewest in ((real, FEWEST), (synthetic, 1))]
    return [
        Comparison(
            f"kaplan_meier_{day}",
            Label(nb=f"Kaplan-Meier, dag {day}", en=f"Kaplan-Meier, day {day}"),
            curves[0].get(day),
            curves[1].get(day),
        )
        for day in _DAYS
    ]


def _kaplan_meier(table: pl.DataFrame, fewest: int) -> dict[int, Estimate]:
    """Survival after some days."""
    rows = table.select(day=pl.col("t_stans").dt.date(), died="dodsdato").drop_nulls("day")
    last = max((d for d in (rows["day"].max(), rows["died"].max()) if d is not None), default=None)
    if last is None:
        return {}
    lived = pl.coalesce("died", pl.lit(last)) - pl.col("day")
    rows = rows.select(
        time=lived.dt.total_days().clip(lower_bound=0), event=pl.col("died").is_not_null()
    )
    times, died = rows["time"].to_numpy().astype(np.float64), rows["event"].to_numpy()
    curve = kaplan_meier(times, died)
    found = {}
    for day in _DAYS:
        figure = curve.at(day)
        at_risk, deaths = int((times >= day).sum()), int((died & (times <= day)).sum())
        if figure is not None and min(at_risk, deaths) >= fewest:
            found[day] = figure
    return found
