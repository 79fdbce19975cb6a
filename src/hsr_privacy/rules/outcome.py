"""Outcome: circulation, handover, survival and function (R09 to R14)."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from hsr_privacy.rules.clause import (
    NO,
    OUTSIDE,
    YES,
    Clause,
    Logic,
    Parameters,
    answered,
    code,
    days,
    implies,
    present,
)
from hsr_privacy.rules.model import DAY

_CIRCULATION, _RESUSCITATION, _DEAD_AT_SCENE = 1, 2, 3
_DEAD_CPC, _DEAD_MRS = 5, 6


def _circulation(_: Parameters) -> tuple[Clause, ...]:
    none = code("rosc_noen", NO)
    return (
        Clause(("rosc_20", "rosc_noen"), code("rosc_20", YES), none),
        Clause(("t_rosc", "rosc_noen"), present("t_rosc"), none),
    )


def _handover(_: Parameters) -> tuple[Clause, ...]:
    status = "status_overlevering"
    transported = (status, "transportert")
    return (
        Clause((status, "rosc_20"), code(status, _CIRCULATION), code("rosc_20", NO)),
        Clause(transported, code(status, _RESUSCITATION), code("transportert", NO)),
        Clause(transported, code(status, _DEAD_AT_SCENE), code("transportert", YES)),
    )


def _survival(_: Parameters) -> tuple[Clause, ...]:
    admitted, day = "innlagt_intensiv", "overlevd_24t"
    outside = code("event_type", OUTSIDE)
    never = code("rosc_20", NO) & code("rosc_noen", NO) & ~code("ecpr", YES)
    return (
        Clause(
            ("event_type", admitted, "transportert"),
            outside & code(admitted, YES),
            code("transportert", NO),
        ),
        Clause(("event_type", day, admitted), outside & code(day, YES), code(admitted, NO)),
        Clause(
            ("overlevd_utskr", "rosc_20", "rosc_noen", "ecpr"),
            code("overlevd_utskr", YES),
            never,
        ),
    )


def _death(p: Parameters) -> tuple[Clause, ...]:
    lived = nw.col(days("dodsdato")) - nw.col(days(DAY))
    said = ("overlevd_30d", "dodsdato", DAY)
    known = present("dodsdato", DAY)
    return (
        Clause(said, code("overlevd_30d", YES) & known, lived < p["survival_days"]),
        Clause(said, code("overlevd_30d", NO) & known, lived > p["survival_days"]),
        Clause(("dodsdato", DAY), known, lived < -p["clock_days"]),
    )


def _function(_: Parameters) -> tuple[Clause, ...]:
    dead, alive = code("overlevd_utskr", NO), code("overlevd_utskr", YES)
    scales = (("cpc_utskr", range(1, 5), _DEAD_CPC), ("mrs_utskr", range(6), _DEAD_MRS))
    return tuple(
        Clause(("overlevd_utskr", name), who & present(name), wrong)
        for name, of_living, of_dead in scales
        for who, wrong in ((dead, code(name, *of_living)), (alive, code(name, of_dead)))
    )


LOGIC: Final = {
    "R09": Logic(_circulation),
    "R10": Logic(_handover),
    "R11": Logic(_survival),
    "R12": Logic(_death, ("survival_days", "clock_days")),
    "R13": Logic(
        implies(
            ("overlevd_utskr", "overlevd_30d"),
            answered("overlevd_utskr") & answered("overlevd_30d"),
            nw.col("overlevd_utskr") != nw.col("overlevd_30d"),
        )
    ),
    "R14": Logic(_function),
}
