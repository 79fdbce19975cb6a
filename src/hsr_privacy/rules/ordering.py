"""Times: the order in which things happen to a patient (R01 to R04, R30, R32)."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import narwhals as nw

from hsr_privacy.rules.clause import (
    Clause,
    Logic,
    Parameters,
    code,
    in_order,
    measured,
    present,
    seconds_after,
    skipped,
    twice,
)

TIMES: Final = (
    "t_stans",
    "t_anrop",
    "t_varsling",
    "t_rykker_ut",
    "t_fremme",
    "t_hos_pasient",
    "t_hlr_start",
    "t_sjokk1",
    "t_adrenalin1",
    "t_rosc",
    "t_slutt",
    "t_sykehus",
    "t_stansteam",
    "t_stansteam_fremme",
)
"""Every clock time of the register."""

_DISPATCH: Final = ("t_anrop", "t_varsling", "t_rykker_ut", "t_fremme", "t_hos_pasient")
_BY_CREW: Final = 2
_WITH_CIRCULATION: Final = 1
_MINUTE: Final = 60


def _dispatch(p: Parameters) -> tuple[Clause, ...]:
    """Every pair, so that a time that is missing between two hides nothing."""
    pairs = combinations(_DISPATCH, 2)
    return tuple(in_order(before, after, seconds=p["clock_seconds"]) for before, after in pairs)


def _arrest_then_resuscitation(p: Parameters) -> tuple[Clause, ...]:
    return (in_order("t_stans", "t_hlr_start", seconds=p["clock_seconds"]),)


def _resuscitation_then_shock(p: Parameters) -> tuple[Clause, ...]:
    return (in_order("t_hlr_start", "t_sjokk1", seconds=p["clock_seconds"]),)


def _arrest_and_call(p: Parameters) -> tuple[Clause, ...]:
    seconds = p["clock_seconds"]
    called = in_order("t_stans", "t_anrop", seconds=seconds, when=code("bevitnet", 0, 1))
    seen = in_order("t_fremme", "t_stans", seconds=seconds, when=code("bevitnet", _BY_CREW))
    return tuple(
        Clause(("bevitnet", *one.columns), one.concerned, one.broken) for one in (called, seen)
    )


def _circulation(p: Parameters) -> tuple[Clause, ...]:
    seconds = p["clock_seconds"]
    handed_over = code("status_overlevering", _WITH_CIRCULATION)
    before_hospital = in_order("t_rosc", "t_sykehus", seconds=seconds, when=handed_over)
    return (
        in_order("t_hlr_start", "t_rosc", seconds=seconds),
        Clause(
            ("status_overlevering", *before_hospital.columns),
            before_hospital.concerned,
            before_hospital.broken,
        ),
    )


def _response(p: Parameters) -> tuple[Clause, ...]:
    minutes, most = nw.col("responstid_min"), p["minutes"]
    times = ("t_anrop", "t_fremme")
    shortest = -seconds_after("t_anrop", "t_fremme")
    longest = seconds_after("t_fremme", "t_anrop")
    off = ((minutes + 1) * _MINUTE <= shortest) | (minutes * _MINUTE > longest)
    return (
        Clause(("responstid_min",), present("responstid_min"), (minutes < 0) | (minutes > most)),
        Clause(times, present(*times), shortest > most * _MINUTE),
        Clause((*times, "responstid_min"), present(*times, "responstid_min"), off),
    )


def _usual_response(p: Parameters) -> tuple[Clause, ...]:
    minutes = measured("responstid_min")
    unusual = (minutes < p["least_minutes"]) | (minutes > p["most_minutes"])
    return (Clause(("responstid_min",), present("responstid_min"), unusual),)


def _existing(_: Parameters) -> tuple[Clause, ...]:
    return tuple(Clause((name,), present(name), nw.col(skipped(name))) for name in TIMES)


def _unambiguous(_: Parameters) -> tuple[Clause, ...]:
    return tuple(Clause((name,), present(name), nw.col(twice(name))) for name in TIMES)


LOGIC: Final = {
    "R01": Logic(_dispatch, ("clock_seconds",)),
    "R02": Logic(_arrest_then_resuscitation, ("clock_seconds",)),
    "R02.shock": Logic(_resuscitation_then_shock, ("clock_seconds",)),
    "R03": Logic(_arrest_and_call, ("clock_seconds",)),
    "R04": Logic(_circulation, ("clock_seconds",)),
    "R30": Logic(_response, ("minutes",)),
    "R30.plausible": Logic(_usual_response, ("least_minutes", "most_minutes")),
    "R32": Logic(_existing),
    "R32.ambiguous": Logic(_unambiguous),
}
