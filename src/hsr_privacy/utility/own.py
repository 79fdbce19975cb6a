"""The register's own analyses: what anybody would ask of it, where an applicant registered none.

Source: Perkins et al. 2015, doi:10.1016/j.resuscitation.2014.11.002 (Utstein).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.project import (
    Analysis,
    LogisticAnalysis,
    OddsAnalysis,
    Predictor,
    SurvivalAnalysis,
    YesOrNo,
    variables_of,
)

_SHOCKABLE: Final = ("1", "2", "5", "sjokkbar")
_NOT_SHOCKABLE: Final = ("3", "4", "6", "7", "8", "ikke sjokkbar")
_GIVEN: Final = ("1", "2", "3", "ja")

ALIVE: Final = YesOrNo(variable="overlevd_30d", values=("1",), against=("0",))
"""The main outcome of the register."""

_OUTSIDE: Final = YesOrNo(variable="event_type", values=("1",), against=("2",))
_INSIDE: Final = YesOrNo(variable="event_type", values=("2",), against=("1",))

SURVIVAL: Final[tuple[SurvivalAnalysis, ...]] = (
    SurvivalAnalysis(
        name="survival_30d",
        label=Label(nb="I live etter 30 dager", en="Alive after 30 days"),
        outcome=ALIVE,
    ),
    SurvivalAnalysis(
        name="survival_30d_outside",
        label=Label(
            nb="Utenfor sykehus: i live etter 30 dager", en="Out of hospital: alive after 30 days"
        ),
        outcome=ALIVE,
        where=(_OUTSIDE,),
    ),
    SurvivalAnalysis(
        name="survival_30d_inside",
        label=Label(nb="På sykehus: i live etter 30 dager", en="In hospital: alive after 30 days"),
        outcome=ALIVE,
        where=(_INSIDE,),
    ),
    SurvivalAnalysis(
        name="survival_30d_utstein",
        label=Label(
            nb="Utstein-gruppen (bevitnet av tilstedeværende, sjokkbar rytme): i live etter 30 dager",
            en="Utstein group (bystander-witnessed, shockable rhythm): alive after 30 days",
        ),
        outcome=ALIVE,
        where=(
            _OUTSIDE,
            YesOrNo(variable="bevitnet", values=("1",)),
            YesOrNo(variable="forste_rytme", values=_SHOCKABLE),
        ),
    ),
)
"""Survival by the Utstein template."""

BYSTANDER_CPR: Final = OddsAnalysis(
    name="bystander_cpr",
    label=Label(
        nb="Utenfor sykehus: OR i live etter 30 dager med HLR før ambulansen",
        en="Out of hospital: OR alive after 30 days with resuscitation before the ambulance",
    ),
    outcome=ALIVE,
    where=(_OUTSIDE,),
    exposure=YesOrNo(variable="tilskuer_hlr", values=_GIVEN, against=("0", "nei")),
)
"""What the register is most asked for."""

ODDS: Final = LogisticAnalysis(
    name="odds_ratio",
    label=Label(nb="OR i live etter 30 dager", en="OR alive after 30 days"),
    outcome=ALIVE,
    predictors=(
        Predictor(
            variable="kjonn",
            values=("2",),
            against=("1",),
            label=Label(nb="OR kvinne", en="OR woman"),
        ),
        Predictor(
            variable="event_type",
            values=("2",),
            against=("1",),
            label=Label(nb="OR på sykehus", en="OR in hospital"),
        ),
        Predictor(
            variable="bevitnet",
            values=("1", "2"),
            against=("0",),
            label=Label(nb="OR bevitnet", en="OR witnessed"),
        ),
        Predictor(
            variable="forste_rytme",
            values=_SHOCKABLE,
            against=_NOT_SHOCKABLE,
            label=Label(nb="OR sjokkbar rytme", en="OR shockable rhythm"),
        ),
        Predictor(  # where it does not apply, it was not given
            variable="tilskuer_hlr",
            values=_GIVEN,
            missing="no",
            label=Label(nb="OR tilskuer-HLR", en="OR bystander CPR"),
        ),
        Predictor(
            variable="alder", per=10, label=Label(nb="OR per ti år", en="OR per ten years of age")
        ),
    ),
)
"""Odds ratios of survival, each as the others are the same."""

OWN: Final[tuple[Analysis, ...]] = (*SURVIVAL, BYSTANDER_CPR)


def own_analyses(columns: Collection[str]) -> tuple[Analysis, ...]:
    """The register's own analyses that a table has the columns for.

    Args:
        columns: of the table.
    """
    return tuple(one for one in OWN if set(variables_of(one)) <= set(columns))


def odds_with(columns: Sequence[str]) -> LogisticAnalysis | None:
    """The regression with those of its predictors that are wanted; None without any."""
    kept = tuple(one for one in ODDS.predictors if one.variable in columns)
    return ODDS.model_copy(update={"predictors": kept}) if kept else None
