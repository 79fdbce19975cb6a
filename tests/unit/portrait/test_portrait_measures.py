"""Each figure by its definition: who is counted, and among whom."""

from __future__ import annotations

import math
from typing import Any

import pytest

from hsr_privacy.portrait.comparison import Compared, compare
from hsr_privacy.portrait.measures import METRICS, Measured, Register
from hsr_privacy.portrait.published import load_published
from hsr_privacy.portrait.regression import Fit
from hsr_privacy.portrait.residents import load_residents
from hsr_privacy.portrait.sentences import trust_text
from hsr_privacy.portrait.telling import telling_of
from hsr_privacy.portrait.wording import VERDICTS
from hsr_privacy.synthesis import load_parameters
from tests.unit.portrait.arrested import ALIVE, arrested

OSLO, BERGEN, FINNMARK = "993467049", "983974724", "983974880"
UNKNOWN = dict.fromkeys(
    ("helped", "attached", "at_home", "transported", "alive_day", "alive_month")
)


def register(*several: tuple[int, dict[str, Any]]) -> Register:
    arrests, residents = arrested(*several), load_residents()
    telling = telling_of(arrests, residents, load_parameters().population.by_year)
    return Register(arrests, telling, residents)


SEVERAL = register(
    (60, {}),
    (20, {**ALIVE, "shockable": True}),
    (8, {**ALIVE, "good": False}),
    (12, {"seen_by_crew": True, "seen_by_bystander": False, "helped": True, "attached": True, "seconds": None}),
    (10, {"tried": False, "helped": True}),
    (15, {"helped": False, "at_home": False, "seconds": 541}),
    (5, UNKNOWN | {"seconds": None}),
    (30, {"outside": False, "hospital": "974589095", "trust": None, "seconds": None}),
    (99, {"year": 2017}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "cases", "whole"),
    [
        ("arrests", 130, 1),
        ("arrests_treated", 120, 1),
        ("seen_by_crew", 12, 130),
        ("cpr_before_ambulance", 88, 103),
        ("aed_attached", 0, 103),
        ("at_home", 110, 125),
        ("within_9_minutes", 98, 113),
        ("response_missing", 5, 118),
        ("rosc", 28, 120),
        ("transported", 28, 115),
        ("alive_day", 28, 115),
        ("alive_month", 28, 115),
        ("good_function", 20, 28),
        ("transport_missing", 5, 120),
        ("day_missing", 5, 120),
        ("month_missing", 5, 120),
    ],
)
def test_a_figure_counts_whom_its_definition_says(metric: str, cases: int, whole: int) -> None:
    measured = METRICS[metric].measure(SEVERAL, 2016, 2016)
    assert (measured.cases, measured.whole) == (cases, whole)
    assert measured.value == pytest.approx(cases / whole)


def test_a_rate_is_of_the_persons_whose_trust_told_and_as_long_as_it_did() -> None:
    told = register((3, {"trust": OSLO}), (2, {"trust": BERGEN, "month": 7}), (1, {"month": 12}))
    population, residents = load_parameters().population.by_year[2016], load_residents()
    oslo, bergen = (residents.of("trust")[one] / residents.persons for one in (OSLO, BERGEN))
    years = population * (oslo * 8 / 12 + bergen * 6 / 12)  # since May and since July
    measured = METRICS["incidence"].measure(told, 2016, 2016)
    assert measured.whole == pytest.approx(years)
    assert measured.value == pytest.approx(6 / years * 100_000)
    assert METRICS["trusts_telling"].measure(told, 2016, 2016).value == 2
    assert METRICS["covered_all_year"].measure(told, 2016, 2016).value == 0
    assert METRICS["covered"].measure(told, 2016, 2016).value == pytest.approx(years / population)


def test_who_told_all_year_covers_all_year() -> None:
    told = register((1, {"month": 1}), (1, {"month": 12}), (1, {"trust": FINNMARK, "month": 2}))
    residents = load_residents()
    share = residents.of("trust")[OSLO] / residents.persons
    assert METRICS["covered_all_year"].measure(told, 2016, 2016).value == pytest.approx(share)


def test_all_persons_are_in_a_trust_and_a_hospital() -> None:
    residents = load_residents()
    assert residents.persons == pytest.approx(5_425_270)
    assert len(residents.trusts) == 19
    assert residents.municipality_now["1601"] == "5001"


def test_standard_errors_are_binomial_or_poissons() -> None:
    assert Measured("share", 0.2, 20, 100, 20).standard_error(0.25) == pytest.approx(
        math.sqrt(0.25 * 0.75 / 100)
    )
    assert Measured("rate", 44, 44, 100_000, 44).standard_error(36) == pytest.approx(6)
    assert Measured("count", 9, 9, 1, 9).standard_error(16) == 4
    assert Measured("extent", 13, 13, 1, None).standard_error(13) == 0


def compared(told: Register, metric: str, year: int, *, least: int = 5) -> Compared:
    every = compare(told, Fit(), load_published(), least_persons=least)
    years = (year, year)
    return next(one for one in every if one.name == metric and one.years == years)


def homes(at_home: int, elsewhere: int) -> Compared:
    told = register((at_home, {}), (elsewhere, {"at_home": False}))
    return compared(told, "at_home", 2016)


def test_a_difference_is_counted_in_standard_errors_beyond_the_rounding() -> None:
    # Printed: 60 %, known to five per cent. Of 100, one standard error is 4.9 per cent.
    assert homes(60, 40).difference == 0
    one = homes(78, 22)
    assert one.difference == pytest.approx(0.13 / math.sqrt(0.6 * 0.4 / 100))
    assert (one.verdict, homes(80, 20).verdict, homes(40, 60).verdict) == (
        "agrees", "higher", "lower",
    )  # fmt: skip
    assert homes(40, 60).difference == pytest.approx(-0.15 / math.sqrt(0.6 * 0.4 / 100))


def test_a_share_of_few_on_either_side_is_not_told() -> None:
    for some in (homes(4, 96), homes(96, 4), homes(100, 0)):
        assert (some.verdict, some.here, some.cases) == ("too few", None, None)
    assert (
        compared(register((4, {}), (96, {"at_home": False})), "at_home", 2016, least=1).here == 0.04
    )


def test_other_years_are_told_as_such() -> None:
    one = compared(SEVERAL, "alive_month", 2013)
    assert (one.verdict, one.here) == ("other years", None)
    every = compare(SEVERAL, Fit(), load_published(), least_persons=5)
    partly = next(one for one in every if one.name == "alive_month" and one.years == (2015, 2019))
    assert (partly.verdict, partly.here) == ("other years", None)


def test_where_no_chance_is_at_work_any_difference_is_one() -> None:
    told = register((1, {"year": 2015, "month": 1, "trust": OSLO}), (1, {"year": 2016}))
    one = compared(told, "trusts_telling", 2015)
    assert (one.here, one.verdict, one.difference) == (1, "lower", None)


def test_a_printed_row_of_a_trust_stands_beside_its_own_arrests() -> None:
    many = ((200, {"year": 2015, "month": 1, "trust": BERGEN}), (1, {"year": 2015, "month": 12}))
    every = compare(register(*many), Fit(), load_published(), least_persons=5)
    bergen = next(one for one in every if one.kind == "trust" and one.label == "Bergen")
    assert bergen.cases == 200
    own = 50 * 1e5 / 441_976
    assert bergen.error == pytest.approx(math.sqrt(50 * 1e5 / (bergen.whole or 0) + own))
    lowest = next(one for one in every if one.kind == "lowest trust")
    assert lowest.label == "Bergen HF"  # one arrest in Oslo is of too few to be told
    assert (lowest.verdict, lowest.difference) == ("within", None)
    assert trust_text(lowest, "nb") == "lavest av alle (Bergen HF)"
    assert VERDICTS[lowest.verdict].nb == "innenfor"


def test_a_trust_beyond_the_printed_range_is_judged() -> None:
    few = ((20, {"year": 2015, "month": 1, "trust": BERGEN}), (1, {"year": 2015, "month": 12}))
    every = compare(register(*few), Fit(), load_published(), least_persons=5)
    lowest = next(one for one in every if one.kind == "lowest trust" and one.name == "incidence")
    assert (lowest.label, lowest.verdict) == ("Bergen HF", "lower")
    assert (lowest.difference or 0) < -3
