"""A flaw that is said to break a rule breaks it, in a record that kept it before."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.configs import shipped
from hsr_privacy.flaws.draft import Draft
from hsr_privacy.flaws.times import repeated_hour, skipped_hour
from hsr_privacy.registry import load_delivery_settings
from hsr_privacy.rules import load_rules, violating_rows
from tests.unit.flaws.conftest import Made

c = pl.col
MINUTE = pl.duration(seconds=60)


def late(first: str, then: str) -> pl.Expr:
    return c(first) > c(then) + MINUTE


def clock_is_never() -> pl.Expr:
    clocks = pl.selectors.datetime()
    shown = clocks.dt.replace_time_zone("Europe/Oslo", non_existent="null", ambiguous="earliest")
    return pl.any_horizontal(clocks.is_not_null() & shown.is_null())


def clock_is_twice() -> pl.Expr:
    clocks = pl.selectors.datetime()
    shown = clocks.dt.replace_time_zone("Europe/Oslo", ambiguous="null", non_existent="null")
    return pl.any_horizontal(clocks.is_not_null() & shown.is_null())


BROKEN: dict[str, Callable[[str], pl.Expr]] = {
    "swapped_times R01": lambda form: pl.any_horizontal(
        *(late(*pair).fill_null(value=False) for pair in (
            (("t_anrop", "t_varsling"), ("t_varsling", "t_rykker_ut"), ("t_rykker_ut", "t_fremme"))
            if form == "amk"
            else (("t_rykker_ut", "t_fremme"), ("t_fremme", "t_hos_pasient"))
        ))
    ),
    "swapped_times R02": lambda _: late("t_stans", "t_hlr_start"),
    "swapped_times R04": lambda _: late("t_hlr_start", "t_rosc"),
    "skipped_hour R32": lambda _: clock_is_never(),
    "repeated_hour R32": lambda _: clock_is_twice(),
    "future_date R30": lambda _: c("t_fremme") - c("t_anrop") > pl.duration(minutes=240),
    "future_date R01": lambda _: late("t_fremme", "t_hos_pasient"),
    "future_date R04": lambda _: late("t_hlr_start", "t_rosc"),
    "contradicts_r05 R05": lambda _: (c("bevitnet") == 2) & (c("tilskuer_hlr") != 888),
    "contradicts_r06 R06": lambda _: (c("aed_sjokk") == 1) & (c("aed_tilkoblet") != 1),
    "contradicts_r09 R09": lambda _: (c("rosc_20") == 1) & (c("rosc_noen") != 1),
    "contradicts_r10 R10": lambda _: (
        ((c("status_overlevering") == 1) & (c("rosc_20") != 1))
        | ((c("status_overlevering") == 3) & (c("transportert") != 0))
    ).fill_null(value=False),
    "contradicts_r14 R14": lambda _: (c("overlevd_utskr") == 0)
    & ((c("cpc_utskr").fill_null(5) != 5) | (c("mrs_utskr").fill_null(6) != 6)),
    "contradicts_r19 R19": lambda _: (c("avbrutt_lege") == 1) != (c("avbrutt_grunn") != 888),
    "contradicts_r23 R23": lambda _: (c("antall_sjokk") > 0) != (c("sjokk_gitt") == 1),
    "other_persons_number R22": lambda _: c("fnr").str.slice(0, 2)
    != c("fodselsdato").dt.strftime("%d"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_is_broken_where_the_ledger_says_so_and_was_kept_there_before(
    made: Made, what: str
) -> None:
    pair, (kind, rule) = made("parquet"), what.split()
    told = [flaw for flaw in pair.flaws if flaw["kind"] == kind and flaw["rule"] == rule]
    assert told
    for form in {flaw["form"] for flaw in told}:
        mine = [flaw for flaw in told if flaw["form"] == form]
        assert {flaw["detector"] for flaw in mine} == {f"rule {rule}"}
        dirty = pl.read_parquet(pair.dirty / f"{form}.parquet")
        clean = pl.read_parquet(pair.clean / f"{form}.parquet")
        broken = BROKEN[what](form)
        now = dirty.select(broken.alias("broken"))["broken"]
        then = clean.select(broken.alias("broken"))["broken"]
        answers = [now[flaw["row"] - 2] for flaw in mine]
        if rule == "R22":  # the day is one of two ways in which two birth dates differ
            assert sum(answers) > len(answers) / 2
        else:
            assert all(answers)
        assert not any(then[flaw["clean_row"] - 2] for flaw in mine)


def of_kind(made: Made, kind: str) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Each flaw of a kind, its row in the dirty register and the row that it was."""
    pair = made("parquet")
    found = []
    for flaw in pair.flaws:
        if flaw["kind"] == kind:
            dirty = pl.read_parquet(pair.dirty / flaw["file"]).row(flaw["row"] - 2, named=True)
            name = f"{flaw['form']}.parquet"
            clean = pl.read_parquet(pair.clean / name).row(flaw["clean_row"] - 2, named=True)
            found.append((flaw, dirty, clean))
    assert found
    return found


def test_a_municipality_of_another_time_was_not_valid_on_the_day_of_the_call(made: Made) -> None:
    path = shipped("configs", "hierarchies") / "municipality.csv"
    with path.open(encoding="utf-8") as file:
        valid = {
            row["municipality"]: (row["valid from"] or "0000", row["valid to"] or "9999")
            for row in csv.DictReader(file, delimiter=";")
        }
    ways = set()
    for flaw, dirty, clean in of_kind(made, "outdated_municipality"):
        day = str(dirty["t_anrop"].date())
        first, last = valid[dirty["hendelseskommune"]]
        assert not first <= day <= last
        assert valid[clean["hendelseskommune"]][0] <= day <= valid[clean["hendelseskommune"]][1]
        ways.add(flaw["how"])
    assert ways == {"of later", "of earlier"}


def test_a_death_before_the_arrest_is_of_somebody_who_survived_it(made: Made) -> None:
    hospital = pl.read_parquet(made("parquet").clean / "hospital.parquet")
    survived = hospital.filter(c("overlevd_30d") == 1)
    for _, dirty, clean in of_kind(made, "death_before_arrest"):
        arrests = survived.filter(c("fnr") == clean["fnr"])["t_stans"].dt.date()
        assert dirty["dodsdato"] < arrests.min()


def test_a_near_copy_is_the_same_arrest_some_minutes_off_under_another_number(made: Made) -> None:
    numbers = {"amk": "amis_hendelsesnr", "ambulance": "amb_oppdragsnr", "hospital": "opphold_id"}
    for flaw, dirty, clean in of_kind(made, "near_copy"):
        number = numbers[flaw["form"]]
        assert dirty[number] != clean[number]
        clocks = [name for name in flaw["columns"] if name != number]
        minutes = {(dirty[name] - clean[name]).total_seconds() / 60 for name in clocks}
        assert len(minutes) == 1
        assert 1 <= minutes.pop() <= 9
        assert {name for name in dirty if dirty[name] != clean[name]} == {number, *clocks}


def test_a_date_of_the_future_lies_years_ahead(made: Made) -> None:
    for flaw, dirty, clean in of_kind(made, "future_date"):
        [name] = flaw["columns"]
        day = dirty[name] if type(dirty[name]) is date else dirty[name].date()
        assert day > date(2026, 11, 28)
        assert str(dirty[name])[10:] == str(clean[name])[10:]


CLOCKS = ("t_anrop", "t_varsling", "t_rykker_ut", "t_fremme")


@pytest.mark.parametrize(
    ("kind", "day", "told", "shown"),
    [
        ("skipped_hour", 31, "12:50 12:55 13:05 -", "02:50 02:55 03:05 -"),
        ("the first time", 27, "12:50 12:55 13:05 13:55", "02:50 02:55 02:05 02:55"),
        ("the first time", 27, "12:50 12:55 14:05 -", "02:50 02:55 03:05 -"),
        ("the second time", 27, "12:50 12:55 13:05 -", "02:50 02:55 03:05 -"),
        ("skipped_hour", 32, "12:50 12:55 13:05 -", "02:50 02:55 03:05 -"),
        ("the second time", 28, "23:50 23:55 -  -", "02:50 02:55 - -"),
        ("the second time", 27, "12:10 11:55 12:20 -", "02:10 02:55 02:20 -"),
    ],
)
def test_clocks_show_what_they_show_in_the_nights_of_the_change(
    codebook: Codebook, kind: str, day: int, told: str, shown: str
) -> None:
    month = 3 if kind == "skipped_hour" else 10
    moments = [
        None
        if clock == "-"
        else datetime.fromisoformat(f"2024-{month:02}-01 {clock}:30") + timedelta(days=day - 1)
        for clock in told.split()
    ]
    table = pl.DataFrame(
        dict(zip(CLOCKS, ([moment] for moment in moments), strict=True)),
        schema=dict.fromkeys(CLOCKS, pl.Datetime("us")),
    )
    layout = load_delivery_settings().layouts[0]
    rng = np.random.default_rng(1)
    draft = Draft(Source.AMK, table, {Source.AMK: table}, layout, "utf-8", codebook, rng)
    plant = skipped_hour if kind == "skipped_hour" else repeated_hour
    [variant] = [one for one in plant(draft) if one.how in (kind, "")]
    assert variant.where.tolist() == [True]
    cells = variant.patch(np.array([0])).cells
    found = [cells[clock].dt.strftime("%H:%M")[0] or "-" for clock in CLOCKS]
    assert " ".join(found) == shown
    assert {cells[clock].dt.strftime("%m-%d %S")[0] for clock in CLOCKS} - {None} == {
        "03-31 30" if kind == "skipped_hour" else "10-27 30"
    }


def test_the_hour_that_comes_twice_is_told_of_both_times(made: Made) -> None:
    told = of_kind(made, "repeated_hour")
    assert {flaw["how"] for flaw, _, _ in told} == {"the first time", "the second time"}
    for flaw, dirty, clean in told:
        main = "t_anrop" if flaw["form"] == "amk" else "t_stans"
        assert dirty[main].hour == 2
        assert dirty[main].isoweekday() == 7
        assert (clean[main].date() - dirty[main].date()).days in {0, 1}


@pytest.mark.parametrize("form", ["amk", "ambulance", "hospital"])
def test_the_rules_find_every_flaw_that_breaks_one_and_nothing_that_is_not_a_flaw(
    made: Made, codebook: Codebook, form: str
) -> None:
    pair, rules = made("parquet"), load_rules(codebook=codebook)
    table = pl.read_parquet(pair.dirty / f"{form}.parquet")
    mine = [flaw for flaw in pair.flaws if flaw["file"] == f"{form}.parquet"]
    told: dict[str, set[int]] = {}
    for flaw in mine:
        told.setdefault(flaw["rule"], set()).add(flaw["row"])
    touched = {row for flaw in mine for row in (flaw["row"], flaw["of_row"])}
    del told[None]  # type: ignore[arg-type]
    for name, rows in told.items():
        parts = [rule.id for rule in rules if rule.id.split(".")[0] == name]
        found = {
            row + 2
            for part in parts
            for row in violating_rows(table, part, rules=rules, codebook=codebook, form=form)
        }
        missed = rows - found
        if name == "R29":  # of two copies, either is named
            of = {flaw["row"]: flaw["of_row"] for flaw in mine}
            missed = {row for row in missed if of[row] not in found}
        assert missed == set(), name
        assert found <= touched, name
