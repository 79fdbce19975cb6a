"""Analyses: the register's own figures, of the original and of a set side by side.

Survival by the Utstein template, odds ratios of survival, and a survival curve where dates of death
exist. A figure that rests on fewer than five persons of the original is withheld, in all it says.

Source: Perkins et al. 2015, doi:10.1016/j.resuscitation.2014.11.002 (Utstein); Kaplan & Meier 1958,
doi:10.1080/01621459.1958.10501452; Karr et al. 2006, doi:10.1198/000313006X124640 (overlap).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from hsr_privacy.documents import Label
from hsr_privacy.learned.rates import rate

FEWEST: Final = 5
"""Persons of the original on whom a figure must rest, on either side of it."""

_Z: Final = NormalDist().inv_cdf(0.975)
_STEPS: Final = 30
_DAYS: Final = (1, 30, 365)
_SHOCKABLE: Final = ("1", "2", "5", "sjokkbar")
_NOT_SHOCKABLE: Final = ("3", "4", "6", "7", "8", "ikke sjokkbar")
_YES_CPR, _NO_CPR = ("1", "2", "3", "ja"), ("0", "nei")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


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
        shared = min(self.real.high, self.synthetic.high) - max(self.real.low, self.synthetic.low)
        widths = [one.high - one.low for one in (self.real, self.synthetic)]
        return None if min(widths) <= 0 else sum(shared / width for width in widths) / 2


def compare_analyses(real: pl.DataFrame, synthetic: pl.DataFrame) -> tuple[Comparison, ...]:
    """Reckon every figure that the columns allow.

    Args:
        real: parsed rows of the original.
        synthetic: parsed rows of the set.
    """
    return (*_survival(real, synthetic), *_odds(real, synthetic), *_curve(real, synthetic))


def _survival(real: pl.DataFrame, synthetic: pl.DataFrame) -> list[Comparison]:
    groups = {
        "survival_30d": (_true(), Label(nb="I live etter 30 dager", en="Alive after 30 days")),
        "survival_30d_outside": (
            _has("event_type", "1"),
            Label(
                nb="Utenfor sykehus: i live etter 30 dager",
                en="Out of hospital: alive after 30 days",
            ),
        ),
        "survival_30d_inside": (
            _has("event_type", "2"),
            Label(nb="På sykehus: i live etter 30 dager", en="In hospital: alive after 30 days"),
        ),
        "survival_30d_utstein": (
            _has("event_type", "1") & _has("bevitnet", "1") & _has("forste_rytme", *_SHOCKABLE),
            Label(
                nb="Utstein-gruppen (bevitnet av tilstedeværende, sjokkbar rytme): i live etter 30 dager",
                en="Utstein group (bystander-witnessed, shockable rhythm): alive after 30 days",
            ),
        ),
    }
    wanted = {
        "survival_30d": (),
        "survival_30d_outside": ("event_type",),
        "survival_30d_inside": ("event_type",),
        "survival_30d_utstein": ("event_type", "bevitnet", "forste_rytme"),
    }
    made = []
    for name, (condition, label) in groups.items():
        needed = {"overlevd_30d", *wanted[name]}
        if not needed <= set(real.columns):
            continue
        found = [
            _share(table.filter(condition)["overlevd_30d"], fewest)
            for table, fewest in ((real, FEWEST), (synthetic, 1))
        ]
        made.append(Comparison(name, label, *found))
    return made


def _share(outcome: pl.Series, fewest: int) -> Estimate | None:
    yes, no = int((outcome == "1").sum()), int((outcome == "0").sum())
    if (fewest > 1 and min(yes, no) < fewest) or yes + no == 0:
        return None
    found = rate(yes, yes + no)
    return Estimate(yes / (yes + no), found.low, found.high)


def _odds(real: pl.DataFrame, synthetic: pl.DataFrame) -> list[Comparison]:
    """Odds ratios of survival in one logistic regression with whatever predictors there are."""
    if "overlevd_30d" not in real.columns:
        return []
    predictors = _predictors(real)
    matrices = [_matrix(table, predictors) for table in (real, synthetic)]
    outcome, design = matrices[0]
    kept = [n for n in predictors if _rests_on_enough(design[n], outcome)]
    if not kept:
        return []
    fits = [_logistic(outcome, {n: design[n] for n in kept}) for outcome, design in matrices]
    return [
        Comparison(f"odds_ratio_{name}", predictors[name][1], fits[0].get(name), fits[1].get(name))
        for name in kept
    ]


def _predictors(table: pl.DataFrame) -> dict[str, tuple[pl.Expr, Label]]:
    there = set(table.columns)
    found: dict[str, tuple[pl.Expr, Label]] = {}
    yes_no = (
        ("woman", "kjonn", ("2",), ("1",), Label(nb="OR kvinne", en="OR woman")),
        ("inside", "event_type", ("2",), ("1",), Label(nb="OR på sykehus", en="OR in hospital")),
        ("witnessed", "bevitnet", ("1", "2"), ("0",), Label(nb="OR bevitnet", en="OR witnessed")),
        (
            "shockable",
            "forste_rytme",
            _SHOCKABLE,
            _NOT_SHOCKABLE,
            Label(nb="OR sjokkbar rytme", en="OR shockable rhythm"),
        ),
    )
    for name, column, ones, zeros, label in yes_no:
        if column in there:
            one = pl.when(_has(column, *ones)).then(1.0).when(_has(column, *zeros)).then(0.0)
            found[name] = (one, label)
    if "tilskuer_hlr" in there:  # where it does not apply, it was not given
        given = pl.when(_has("tilskuer_hlr", *_YES_CPR)).then(1.0).otherwise(0.0)
        found["bystander_cpr"] = (given, Label(nb="OR tilskuer-HLR", en="OR bystander CPR"))
    if "alder" in there and table.schema["alder"].is_numeric():
        found["age_decade"] = (
            pl.col("alder") / 10,
            Label(nb="OR per ti år", en="OR per ten years of age"),
        )
    return found


def _matrix(
    table: pl.DataFrame, predictors: Mapping[str, tuple[pl.Expr, Label]]
) -> tuple[Floats, dict[str, Floats]]:
    survived = (
        pl.when(_has("overlevd_30d", "1")).then(1.0).when(_has("overlevd_30d", "0")).then(0.0)
    )
    rows = table.select(
        survived.alias("survived"), *(one.alias(name) for name, (one, _) in predictors.items())
    ).drop_nulls()
    return rows["survived"].to_numpy(), {name: rows[name].to_numpy() for name in predictors}


def _rests_on_enough(values: Floats, outcome: Floats) -> bool:
    """Whether every combination of a yes-no predictor and the outcome has enough persons."""
    if not np.isin(values, (0.0, 1.0)).all():
        return min(int(outcome.sum()), int((1 - outcome).sum())) >= FEWEST
    cells = [((values == v) & (outcome == o)).sum() for v in (0, 1) for o in (0, 1)]
    return bool(min(cells) >= FEWEST)


def _logistic(outcome: Floats, design: Mapping[str, Floats]) -> dict[str, Estimate]:
    """Odds ratios by Newton's method; none where it does not settle."""
    if outcome.size == 0:
        return {}
    matrix = np.column_stack([np.ones(outcome.size), *design.values()])
    beta = np.zeros(matrix.shape[1])
    try:
        for _ in range(_STEPS):
            chance = 1 / (1 + np.exp(-np.clip(matrix @ beta, -30, 30)))
            weight = chance * (1 - chance)
            information = (matrix * weight[:, None]).T @ matrix
            step = np.linalg.solve(information, matrix.T @ (outcome - chance))
            beta = beta + step
            if np.abs(step).max() < 1e-8:
                break
        else:
            return {}
        errors = np.sqrt(np.diag(np.linalg.inv(information)))
    except np.linalg.LinAlgError:
        return {}
    return {
        name: Estimate(*(math.exp(b + z * e) for z in (0, -_Z, _Z)))
        for name, b, e in zip(design, beta[1:], errors[1:], strict=True)
        if math.isfinite(e) and abs(b) < 30
    }


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
    """Survival after some days with Greenwood's interval."""
    rows = table.select(day=pl.col("t_stans").dt.date(), died="dodsdato").drop_nulls("day")
    last = max((d for d in (rows["day"].max(), rows["died"].max()) if d is not None), default=None)
    if last is None:
        return {}
    lived = pl.coalesce("died", pl.lit(last)) - pl.col("day")
    rows = rows.select(
        time=lived.dt.total_days().clip(lower_bound=0), event=pl.col("died").is_not_null()
    )
    times, events = rows["time"].to_numpy(), rows["event"].to_numpy()
    found = {}
    for day in _DAYS:
        at_risk_then = int((times >= day).sum())
        deaths = int((events & (times <= day)).sum())
        if min(at_risk_then, deaths) < fewest:
            continue
        survival, variance = 1.0, 0.0
        for moment in np.unique(times[events & (times <= day)]):
            at_risk = int((times >= moment).sum())
            dead = int((events & (times == moment)).sum())
            survival *= 1 - dead / at_risk
            variance += dead / (at_risk * max(at_risk - dead, 1))
        half = _Z * survival * math.sqrt(variance)
        found[day] = Estimate(survival, max(0.0, survival - half), min(1.0, survival + half))
    return found


def _has(column: str, *codes: str) -> pl.Expr:
    return pl.col(column).is_in(list(codes)).fill_null(value=False)


def _true() -> pl.Expr:
    return pl.lit(value=True)
