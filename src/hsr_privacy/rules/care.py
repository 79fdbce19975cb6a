"""Care: who saw it, where it was, what was done and why not (R05 to R08, R15, R17 to R20, R23 to R26)."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from hsr_privacy.rules.clause import (
    INSIDE,
    NO,
    NOT_APPLICABLE,
    OUTSIDE,
    SILENT,
    YES,
    Clause,
    Logic,
    Parameters,
    answered,
    code,
    implies,
    measured,
    present,
)

_BY_CREW: Final = 2
_ASYSTOLE: Final = 4
_NOT_SHOCKABLE: Final = (3, 4, 6, 7, 8)
_TRAUMA, _OVERDOSE, _DROWNING, _ELECTROCUTION, _ASPHYXIA = 2, 3, 4, 5, 6
_PCI: Final = 2
_BEFORE_2021: Final = 1
_BEFORE_TEAM: Final = 5
_PLACES_OUTSIDE: Final = (*range(11), 777, 998, 999)
_PLACES_INSIDE: Final = (*range(11, 16), 777, 998, 999)
_POISONS: Final = tuple(f"T{number}" for number in range(36, 51))


def _seen_by_crew(_: Parameters) -> tuple[Clause, ...]:
    seen = code("bevitnet", _BY_CREW)
    before_crew = ("tilskuer_hlr", "aed_tilkoblet", "aed_sjokk")
    nobody_else = (
        Clause(("bevitnet", name), seen & present(name), code(name, 0, 1, 2, 3))
        for name in before_crew
    )
    not_counted = Clause(("bevitnet", "responstid_min"), seen, present("responstid_min"))
    return (*nobody_else, not_counted)


def _shock_by_defibrillator(_: Parameters) -> tuple[Clause, ...]:
    shocked = code("aed_sjokk", YES)
    return (
        Clause(("aed_sjokk", "aed_tilkoblet"), shocked, code("aed_tilkoblet", NO, NOT_APPLICABLE)),
        Clause(("aed_sjokk", "sjokk_gitt"), shocked, code("sjokk_gitt", NO)),
    )


def _reason_not_to_resuscitate(_: Parameters) -> tuple[Clause, ...]:
    """A reason is required; and until 2021 such an arrest was none of the register's."""
    untreated = code("hlr_ems", NO) & code("tilskuer_hlr", NO)
    reason = nw.col("ikke_hlr_grunn")
    none_given = reason.is_null() | (reason == NOT_APPLICABLE)
    tried = ("hlr_ems", "tilskuer_hlr")
    nobody = untreated & ~code("sjokk_gitt", YES) & ~code("hlr_utfort_av", 1, 2, 3, 4, 5, 6, 7, 777)
    return (
        Clause((*tried, "ikke_hlr_grunn"), untreated, none_given),
        Clause(
            (*tried, "sjokk_gitt", "hlr_utfort_av", "inklusjonsregel"),
            nobody & present("inklusjonsregel"),
            code("inklusjonsregel", _BEFORE_2021),
        ),
    )


def _place(_: Parameters) -> tuple[Clause, ...]:
    columns = ("event_type", "sted")
    return tuple(
        Clause(columns, code("event_type", kind) & present("sted"), ~code("sted", *places))
        for kind, places in ((OUTSIDE, _PLACES_OUTSIDE), (INSIDE, _PLACES_INSIDE))
    )


def _stopped(_: Parameters) -> tuple[Clause, ...]:
    columns, reason = ("avbrutt_lege", "avbrutt_grunn"), nw.col("avbrutt_grunn")
    no_reason = reason.is_null() | (reason == NOT_APPLICABLE)
    return (
        Clause(columns, code("avbrutt_lege", YES), no_reason),
        Clause(columns, code("avbrutt_lege", NO), answered("avbrutt_grunn")),
    )


def _of_its_kind(_: Parameters) -> tuple[Clause, ...]:
    """No call inside hospital, and no team outside."""
    inside, outside = code("event_type", INSIDE), code("event_type", OUTSIDE)
    calls = ("t_anrop", "t_varsling", "responstid_min")
    teams = ("t_stansteam", "t_stansteam_fremme")
    return tuple(
        Clause(("event_type", name), kind, present(name))
        for kind, names in ((inside, calls), (outside, teams))
        for name in names
    )


def _shocks(_: Parameters) -> tuple[Clause, ...]:
    number = measured("antall_sjokk")
    counted, timed = ("antall_sjokk", "sjokk_gitt"), ("sjokk_gitt", "t_sjokk1")
    return (
        Clause(counted, code("sjokk_gitt", NO), number > 0),
        Clause(counted, code("sjokk_gitt", YES), number == 0),
        Clause(timed, code("sjokk_gitt", NO), present("t_sjokk1")),
    )


def _cause(_: Parameters) -> tuple[Clause, ...]:
    """What is self-inflicted has an outer cause, and what the diagnosis says is coded as such."""
    outer = (_TRAUMA, _OVERDOSE, _DROWNING, _ASPHYXIA, *SILENT)
    diagnosis = nw.col("dgn_icd10")
    told = (
        (diagnosis.str.starts_with("T75.1"), _DROWNING),
        (diagnosis.str.starts_with("T75.4"), _ELECTROCUTION),
        (diagnosis.str.slice(0, 3).is_in(_POISONS), _OVERDOSE),
    )
    return (
        Clause(
            ("selvpaafort", "arsak"),
            code("selvpaafort", YES) & present("arsak"),
            ~code("arsak", *outer),
        ),
        *(
            Clause(("dgn_icd10", "arsak"), named & answered("arsak"), ~code("arsak", cause))
            for named, cause in told
        ),
    )


LOGIC: Final = {
    "R05": Logic(_seen_by_crew),
    "R06": Logic(_shock_by_defibrillator),
    "R07": Logic(
        implies(
            ("forste_rytme", "sjokk_gitt"),
            code("forste_rytme", *_NOT_SHOCKABLE) & answered("sjokk_gitt"),
            code("sjokk_gitt", YES),
        )
    ),
    "R08": Logic(
        implies(
            ("hlr_ems", "aed_tilkoblet", "forste_rytme"),
            code("hlr_ems", NO) & code("aed_tilkoblet", NO) & present("forste_rytme"),
            ~code("forste_rytme", _ASYSTOLE, *SILENT),
        )
    ),
    "R15": Logic(_reason_not_to_resuscitate),
    "R17": Logic(_place),
    "R18": Logic(
        implies(
            ("event_type", "inklusjonsgrunn", "kompresjon_over_30s", "sjokk_gitt"),
            code("event_type", INSIDE) & code("inklusjonsgrunn", _BEFORE_TEAM),
            code("kompresjon_over_30s", NO) & code("sjokk_gitt", NO),
        )
    ),
    "R19": Logic(_stopped),
    "R20": Logic(_of_its_kind),
    "R23": Logic(_shocks),
    "R23.time": Logic(
        implies(
            ("sjokk_gitt", "t_sjokk1"),
            code("sjokk_gitt", YES),
            nw.col("t_sjokk1").is_null(),
        )
    ),
    "R24": Logic(
        implies(
            ("adrenalin_mg", "iv_io"),
            (measured("adrenalin_mg") > 0) & answered("iv_io"),
            code("iv_io", 0),
        )
    ),
    "R25": Logic(
        implies(
            ("arsak", "ttm", "angio_pci"),
            code("arsak", _TRAUMA),
            code("ttm", YES) | code("angio_pci", _PCI),
        )
    ),
    "R26": Logic(_cause),
}
