"""The register model's rules hold on whatever the simulator makes, by forms that share no code with it."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.codebook import Codebook, Source, Type, load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.identifiers import check_column
from hsr_privacy.synthesis import load_parameters
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.clocks import local, utc
from hsr_privacy.synthesis.forms import Forms, write_down
from hsr_privacy.synthesis.population import Country
from hsr_privacy.synthesis.register import simulate

P = load_parameters()
C = load_codebook()
AMK, AMBULANCE, HOSPITAL, REGISTER = Source.AMK, Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER
c = pl.col
FEW = settings(max_examples=12, deadline=None)


def forms(events: int, seed: int, first_year: int = 2013, last_year: int = 2024) -> Forms:
    chance = Chance(np.random.Generator(np.random.PCG64(seed)))
    made = simulate(events, first_year=first_year, last_year=last_year, chance=chance, p=P)
    return write_down(made, codebook=C, chance=chance, p=P)


@dataclass(frozen=True)
class Span:
    """Years of a register and how large it is."""

    first: int
    last: int
    events: int
    seed: int

    def forms(self) -> Forms:
        return forms(self.events, self.seed, self.first, self.last)


spans = st.builds(
    lambda first, length, events, seed: Span(first, min(first + length, 2024), events, seed),
    first=st.integers(2013, 2024),
    length=st.integers(0, 11),
    events=st.integers(1, 600),
    seed=st.integers(0, 2**63),
)


@pytest.fixture(scope="module")
def made() -> dict[Source, pl.DataFrame]:
    return dict(forms(12_000, 8).tables)


IN_ORDER = """
R01 | amk       | t_anrop        | t_varsling
R01 | amk       | t_varsling     | t_rykker_ut
R01 | amk       | t_rykker_ut    | t_fremme
R01 | ambulance | t_rykker_ut    | t_fremme
R01 | ambulance | t_fremme       | t_hos_pasient
R02 | ambulance | t_stans        | t_hlr_start
R02 | hospital  | t_stans        | t_hlr_start
R04 | ambulance | t_hlr_start    | t_rosc
R04 | ambulance | t_rosc         | t_sykehus
R04 | hospital  | t_hlr_start    | t_rosc
-   | ambulance | t_sjokk1       | t_slutt
-   | ambulance | t_adrenalin1   | t_slutt
-   | ambulance | t_sjokk1       | t_rosc
-   | hospital  | t_sjokk1       | t_rosc
-   | hospital  | t_adrenalin1   | t_rosc
-   | hospital  | t_adrenalin1   | t_slutt
-   | hospital  | t_stansteam    | t_stansteam_fremme
-   | ambulance | t_hos_pasient  | t_sykehus
"""


def rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("rule", "form", "before", "after"), rows(IN_ORDER))
def test_times_come_in_order(
    rule: str, form: str, before: str, after: str, made: dict[Source, pl.DataFrame]
) -> None:
    both = made[Source(form)].filter(c(before).is_not_null() & c(after).is_not_null())
    assert both.height > 100, "nothing to judge"
    assert both.filter(c(before) > c(after)).height == 0, rule


RULES = {
    "R03 what the crew saw came after it did": (
        AMBULANCE, c("bevitnet") == 2, c("t_stans") >= c("t_fremme"),
    ),
    "R05 no bystander where the crew saw it": (
        AMBULANCE, c("bevitnet") == 2,
        (c("tilskuer_hlr") == 888) & (c("aed_tilkoblet").fill_null(888) == 888) & (c("aed_sjokk") == 888),
    ),
    "R06 an AED's shock needs an AED": (
        AMBULANCE, c("aed_sjokk") == 1,
        (c("aed_tilkoblet").fill_null(1) == 1) & (c("sjokk_gitt") == 1),
    ),
    "R09 circulation that lasts is circulation": (AMBULANCE, c("rosc_20") == 1, c("rosc_noen") == 1),
    "R09 a time of circulation": (HOSPITAL, c("t_rosc").is_not_null(), c("rosc_noen") == 1),
    "R10 handed over with circulation": (AMBULANCE, c("status_overlevering") == 1, c("rosc_20") == 1),
    "R10 handed over during resuscitation": (
        AMBULANCE, c("status_overlevering") == 2, c("transportert").fill_null(1) == 1,
    ),
    "R10 dead at the scene": (
        AMBULANCE, c("status_overlevering") == 3, c("transportert").fill_null(0) == 0,
    ),
    "R11 alive after a day, so admitted": (HOSPITAL, c("overlevd_24t") == 1, c("innlagt_intensiv") == 1),
    "R11 alive at discharge, so circulation": (HOSPITAL, c("overlevd_utskr") == 1, c("rosc_20") == 1),
    "R14 the dead have no better function": (
        HOSPITAL, c("overlevd_utskr") == 0,
        (c("cpc_utskr").fill_null(5) == 5) & (c("mrs_utskr").fill_null(6) == 6),
    ),
    "R14 the living are alive": (
        HOSPITAL, c("overlevd_utskr") == 1,
        (c("cpc_utskr").fill_null(1) < 5) & (c("mrs_utskr").fill_null(1) < 6),
    ),
    "R15 who is not resuscitated has a reason": (
        AMBULANCE, c("hlr_ems") == 0, c("ikke_hlr_grunn") != 888,
    ),
    "R17 places inside": (HOSPITAL, c("event_type") == 2, c("sted").is_in([11, 12, 13, 14, 15])),
    "R17 places outside": (HOSPITAL, c("event_type") == 1, c("sted") < 10),
    "R18 seconds of compressions are those of the clock": (
        HOSPITAL, (c("event_type") == 2) & (c("t_rosc") < c("t_stansteam_fremme")),
        (c("kompresjon_over_30s") == 1) == (c("t_rosc") - c("t_hlr_start") > pl.duration(seconds=30)),
    ),
    "R19 stopped for a reason": (HOSPITAL, c("avbrutt_lege") == 1, c("avbrutt_grunn") != 888),
    "R19 no reason without a stop": (HOSPITAL, c("avbrutt_lege") == 0, c("avbrutt_grunn") == 888),
    "R20 no team outside": (
        HOSPITAL, c("event_type") == 1,
        c("t_stansteam").is_null() & c("t_stansteam_fremme").is_null(),
    ),
    "R23 shocks are counted and timed": (
        AMBULANCE, pl.lit(1) == 1,
        ((c("antall_sjokk") > 0) == (c("sjokk_gitt") == 1))
        & ((c("sjokk_gitt") == 1) == c("t_sjokk1").is_not_null()),
    ),
    "R24 adrenaline needs a way in": (
        HOSPITAL, c("adrenalin_mg") > 0,
        c("t_adrenalin1").is_not_null() & (c("iv_io") != 0),
    ),
    "R26 self-inflicted needs such a cause": (
        AMBULANCE, c("selvpaafort") == 1, c("arsak").fill_null(2).is_in([2, 3, 4, 6]),
    ),
    "R30 response of at most four hours": (
        AMK, c("t_fremme").is_not_null(),
        (c("t_fremme") - c("t_anrop")).dt.total_minutes().is_between(0, 240),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_of_the_register_model_hold(rule: str, made: dict[Source, pl.DataFrame]) -> None:
    form, concerned, holds = RULES[rule]
    judged = made[form].filter(concerned)
    assert judged.height > 5, "nothing to judge"
    assert judged.filter(~holds).height == 0


def test_deaths_agree_with_survival_and_with_the_calendar(made: dict[Source, pl.DataFrame]) -> None:
    deaths = made[REGISTER].select("fnr", "dodsdato")
    told = made[HOSPITAL].join(deaths, on="fnr").drop_nulls("overlevd_30d")
    lived = (c("dodsdato") - c("t_stans").dt.date()).dt.total_days()
    assert told.filter(lived < 0).height == 0
    assert told.filter((c("overlevd_30d") == 1) & (lived < 30)).height == 0
    assert told.filter((c("overlevd_30d") == 0) & ((lived >= 30) | lived.is_null())).height == 0
    died_inside = told.filter(c("overlevd_utskr") == 0)
    assert died_inside.filter(c("dato_utskrevet") != c("dodsdato")).height == 0
    stay = (told["dato_utskrevet"] - told["t_stans"].dt.date()).dt.total_days()
    assert (stay == told["liggetid"]).all()


def test_ages_are_whole_years_on_the_local_day(made: dict[Source, pl.DataFrame]) -> None:
    known = (
        made[AMBULANCE].drop_nulls("fodselsdato").filter(~c("amb_oppdragsnr").str.ends_with("-2"))
    )
    day, born = c("t_stans").dt.date(), c("fodselsdato")
    number = [d.dt.month().cast(pl.Int32) * 100 + d.dt.day() for d in (day, born)]
    years = day.dt.year() - born.dt.year() - (number[0] < number[1])
    assert known.filter(years != c("alder")).height == 0


def valid_codes() -> dict[str, tuple[str, str]]:
    path = shipped("configs", "hierarchies") / "municipality.csv"
    with path.open(encoding="utf-8") as file:
        return {
            row["municipality"]: (row["valid from"] or "0000", row["valid to"] or "9999")
            for row in csv.DictReader(file, delimiter=";")
        }


@FEW
@given(spans)
def test_every_municipality_code_is_valid_on_its_day(span: Span) -> None:
    valid = valid_codes()
    # The code is that of the arrest's day, and the call may be made on the day after or before.
    day = c("t_anrop").dt.date()
    days = [(day + pl.duration(days=n)).cast(pl.String).alias(str(n)) for n in (-1, 1)]
    for code, before, after in (
        span.forms().tables[AMK].select("hendelseskommune", *days).iter_rows()
    ):
        first, last = valid[code]
        assert first <= after, (code, after)
        assert before <= last, (code, before)


def test_divided_municipalities_have_codes_of_their_time() -> None:
    valid = valid_codes()
    country = Country(2013, 2024, divided=P.divided.into, year_of_age=1.06)
    assert set().union(*P.divided.into.values()) <= set(valid)
    for year, groups in country.places.codes.items():
        for codes in groups:
            assert codes, year
            assert all(valid[one][0] <= f"{year}-07-01" <= valid[one][1] for one in codes)
    narvik = [codes for codes in country.places.codes[2024] if codes == ["1806"]]
    before = [codes for codes in country.places.codes[2019] if codes == ["1805", "1854"]]
    assert len(narvik) == len(before) == 1


@FEW
@given(spans)
def test_whatever_is_asked_for_fits_the_codebook(span: Span) -> None:
    made = span.forms()
    for form, table in made.tables.items():
        assert table.columns == [variable.name for variable in C.delivered_by(form)]
        for variable in C.delivered_by(form):
            fits_variable(C, variable.name, table[variable.name].drop_nulls())
    assert (made.truth["arrest"] < span.events).all()


def fits_variable(codebook: Codebook, name: str, values: pl.Series) -> None:
    variable = codebook[name]
    if variable.type is Type.CODE:
        allowed = {one.code for one in codebook.codes(variable)} | set(variable.missing)
        assert set(values) <= allowed, name
    elif variable.pattern is not None:
        assert values.str.contains(f"^(?:{variable.pattern})$").all(), name
    elif variable.range is not None and len(values):
        low, high = variable.range.min, variable.range.max
        assert low is None or (values >= low).all(), name
        assert high is None or (values <= high).all(), name


@FEW
@given(spans)
def test_the_years_are_those_asked_for(span: Span) -> None:
    asked = set(range(span.first, span.last + 1))
    made = span.forms().tables
    assert set(made[HOSPITAL]["t_stans"].dt.year()) <= asked
    # A call of New Year's Eve may come minutes after midnight, or hours before what the crew saw.
    called = made[AMK]["t_anrop"]
    late, early = called.dt.offset_by("-2h"), called.dt.offset_by("2h")
    assert set(late.filter(late.dt.year() == early.dt.year()).dt.year()) <= asked


@FEW
@given(spans)
def test_no_identifier_could_be_anybodys(span: Span) -> None:
    made = span.forms()
    for form in (AMBULANCE, HOSPITAL, REGISTER):
        numbers = made.tables[form]["fnr"].drop_nulls()
        assert check_column(numbers, profile="test-skatt").valid == len(numbers)
        assert check_column(numbers, profile="production").valid == 0
        assert set(numbers) <= made.planted.identifiers
    register = made.tables[REGISTER]["fnr"]
    assert register.n_unique() == register.len()


@FEW
@given(spans)
def test_the_same_seed_gives_the_same_forms_and_another_others(span: Span) -> None:
    once, again = span.forms(), span.forms()
    assert once.truth.equals(again.truth)
    assert all(table.equals(again.tables[form]) for form, table in once.tables.items())
    other = Span(span.first, span.last, span.events, span.seed + 1).forms()
    assert any(not table.equals(other.tables[form]) for form, table in once.tables.items())


def test_clocks_go_there_and_back_but_for_the_hour_that_comes_twice() -> None:
    hours = np.arange("2023-01-01", "2024-01-01", dtype="datetime64[h]").astype("datetime64[s]")
    back = utc(local(hours))
    assert hours[back != hours].tolist() == [np.datetime64("2023-10-29T01:00:00").item()]
    skipped = utc(np.array(["2023-03-26T02:30:00"], dtype="datetime64[s]"))
    assert local(skipped).tolist() == [np.datetime64("2023-03-26T03:30:00").item()]
