"""Every picture shows and tells the numbers that it was given, in its language."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from hsr_privacy.charts import (
    Bin,
    Change,
    Contribution,
    Group,
    Interval,
    Named,
    Option,
    Place,
    Remaining,
    class_sizes,
    contributions,
    forest,
    frontier,
    remaining_candidates,
    risk_by_scenario,
    suppression_by_subgroup,
)
from hsr_privacy.errors import DataError
from tests.unit.charts.drawn import SVG, bars_of, parsed, told, words_of

NB, EN = Place("nb", "one"), Place("en", "one")
PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-"})


def heard(picture: str | None) -> list[str]:
    return [words.translate(PLAIN) for words in told(picture)]


def shown(picture: str | None) -> set[str]:
    return {one.text.translate(PLAIN) for one in words_of(picture)}


def described(picture: str | None) -> str:
    desc = parsed(picture).find(f"{SVG}desc")
    assert desc is not None
    return (desc.text or "").translate(PLAIN)


def test_sizes_are_told_in_both_languages() -> None:
    bins = [Bin(1, 1, 0.012, 0.3), Bin(2, 4, 0), Bin(5, 9999, 0.2), Bin(10000, None, 0.788)]
    assert heard(class_sizes(bins, NB, k=5)) == [
        "1,2 % av personene er i grupper på 1 person; før noe ble gjort 30 %",
        "0 % av personene er i grupper på 2 til 4",
        "20 % av personene er i grupper på 5 til 9 999",
        "79 % av personene er i grupper på 10 000 eller flere",
    ]
    assert heard(class_sizes(bins, EN, k=5)) == [
        "1.2% of the persons are in classes of 1 person; before anything was done 30%",
        "0% of the persons are in classes of 2 to 4",
        "20% of the persons are in classes of 5 to 9 999",
        "79% of the persons are in classes of 10 000 or more",
    ]
    assert "1.2% are in classes of fewer than k = 5" in described(class_sizes(bins, EN, k=5))


def test_classes_below_k_stand_apart_by_a_heading_and_by_colour() -> None:
    picture = class_sizes([Bin(2, 4, 0.25), Bin(5, None, 0.75)], EN, k=5)
    assert {"fewer than k = 5 persons", "k = 5 persons or more"} <= shown(picture)
    (below, short), (above, long) = bars_of(picture)
    assert (below, above) == ("var(--bad)", "var(--accent)")
    assert short * 3 == pytest.approx(long, abs=0.1)


def test_bars_are_as_long_as_their_shares() -> None:
    shares = [0.4, 0.3, 0.05]
    picture = contributions([Contribution(Named(f"v{s}"), s) for s in shares], EN)
    lengths = [length for _, length in bars_of(picture)]
    assert [length / lengths[0] for length in lengths] == pytest.approx([1, 0.75, 0.125], abs=1e-3)


def test_a_bar_ends_over_the_figure_of_its_share() -> None:
    for picture in (
        class_sizes([Bin(5, 9, 0.4), Bin(10, None, 0.2)], EN, k=5),
        contributions([Contribution(Named("a"), 0.4), Contribution(Named("b"), 0.2)], EN),
    ):
        downwards = sorted(words_of(picture), key=lambda one: one.base)
        middle = {one.text: (one.left + one.right) / 2 for one in downwards}
        lengths = [length for _, length in bars_of(picture)]
        assert lengths[0] == pytest.approx(middle["40%"] - middle["0%"], abs=0.1)
        assert lengths[1] == pytest.approx(middle["20%"] - middle["0%"], abs=0.1)


def test_a_bin_on_both_sides_of_k_is_refused() -> None:
    with pytest.raises(DataError, match="both sides of k = 5; let one begin at 5"):
        class_sizes([Bin(1, 5, 1)], NB, k=5)
    with pytest.raises(DataError, match="both sides"):
        class_sizes([Bin(3, None, 1)], NB, k=5)


def test_scenarios_are_told_before_and_after_with_their_intervals() -> None:
    changes = [
        Change(Named("nabo"), Interval(0.31, 0.28, 0.34), Interval(0.02, 0.01, 0.03)),
        Change(Named("kollega"), None, Interval(0.5)),
        Change(Named("leser"), Interval(0.1), None),
    ]
    picture = risk_by_scenario(changes, NB, limit=0.09)
    assert heard(picture) == [
        "nabo: før 31 % (95 %-intervall 28 % til 34 %), i utleveringen 2 % (95 %-intervall 1 % til 3 %)",
        "kollega: før ukjent, i utleveringen 50 %",
        "leser: før 10 %, i utleveringen ukjent",
    ]
    assert {"31 % → 2 %", "– → 50 %", "10 % → –", "grensen, 9 %"} <= shown(picture)
    assert described(picture).endswith("Størst i utleveringen: kollega, 50 %.")


def test_a_scenario_whose_interval_reaches_over_the_limit_is_marked() -> None:
    changes = [
        Change(Named("under"), None, Interval(0.02, 0.01, 0.03)),
        Change(Named("over"), None, Interval(0.02, 0.01, 0.2)),
    ]
    picture = risk_by_scenario(changes, EN, limit=0.09)
    alarms = [one for one in parsed(picture).iter(f"{SVG}text") if "alarm" in one.get("class", "")]
    assert len(alarms) == 1


def test_neighbours_are_named_by_what_they_change_and_cost() -> None:
    here = Option(Named("måned"), 0.12, 0.31)
    others = [
        Option(Named("måned → kvartal"), 0.16, 0.02, neighbour=True),
        Option(Named("måned → uke"), 0.06, 0.62, neighbour=True),
        Option(Named("uten kjønn"), 0.12, 0.3, neighbour=True),
        Option(Named("dag"), 0.02, 0.9),
    ]
    assert heard(frontier(others, NB, here=here))[-3:] == [
        "1. måned → kvartal: 31 % → 2 %, koster 4 % nytte",
        "2. måned → uke: 31 % → 62 %, gir 6 % nytte tilbake",
        "3. uten kjønn: 31 % → 30 %, koster ingen nytte",
    ]
    picture = frontier(others, EN, here=here)
    assert heard(picture)[-3] == "1. måned → kvartal: 31% → 2%, costs 4% utility"
    assert "this release, måned: risk 31%, utility lost 12%" in heard(picture)
    assert "dag: risk 90%, utility lost 2%" in heard(picture)
    assert "1 of 4 others have less risk and cost no more" in described(picture)


def test_dots_of_the_frontier_stand_where_their_numbers_are() -> None:
    here = Option(Named("her"), 0.5, 0.1)
    others = [Option(Named(f"{cost}"), cost, 0.1) for cost in (0.0, 0.25, 1.0)]
    picture = frontier(others, EN, here=here)
    dots = [
        one
        for one in parsed(picture).iter(f"{SVG}path")
        if one.find(f"{SVG}title") is not None and one.get("class") != "hit"
    ]
    places = [
        tuple(map(float, re.findall(r"[-\d.]+", dot.get("transform", "0,0")))) for dot in dots
    ]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    assert len({*ys}) == 1
    room = xs[2] - xs[0]
    assert [x / room for x in xs] == pytest.approx([0, 0.25, 1, 0.5], abs=0.002)


def test_many_neighbours_are_counted_and_not_all_named() -> None:
    others = [Option(Named(f"n{n}"), 0.1 + n / 100, 0.1, neighbour=True) for n in range(15)]
    picture = frontier(others, NB, here=Option(Named("her"), 0.1, 0.2))
    assert "3 til står i tabellen" in shown(picture)
    assert sum(words.startswith(("1.", "12.", "13.")) for words in heard(picture)) == 2


def test_subgroups_are_told_beside_the_whole() -> None:
    groups = [
        Group(Named("kvinne", group="kjønn"), Interval(0.034, 0.03, 0.04)),
        Group(Named("mann", group="kjønn"), Interval(0.02, 0.01, 0.03)),
        Group(Named("80–", group="alder"), None),
        Group(Named("ukjent", group="alder"), Interval(0.021, 0.02, 0.05)),
    ]
    picture = suppression_by_subgroup(groups, NB, whole=0.021)
    assert heard(picture) == [
        "kjønn: kvinne: 3,4 % (99 %-intervall 3 % til 4 %)",
        "kjønn: mann: 2 % (99 %-intervall 1 % til 3 %)",
        "alder: 80–: for få til å si noe",
        "alder: ukjent: 2,1 % (99 %-intervall 2 % til 5 %)",
    ]
    assert {"kjønn", "alder", "for få", "alle, 2,1 %"} <= shown(picture)
    assert "For 1 av 4 grupper ligger det utenfor intervallet." in described(picture)


def test_contributions_stand_with_the_largest_first() -> None:
    variables = [
        Contribution(Named("kjønn"), 0.0001),
        Contribution(Named("kommune"), 1),
        Contribution(Named("alder"), 0.0001),
    ]
    assert heard(contributions(variables, NB)) == [
        "kommune: 100 %",
        "kjønn: 0,01 %",
        "alder: 0,01 %",
    ]


def test_analyses_are_told_whole_also_where_they_are_cut_off() -> None:
    changes = [
        Change(
            Named("rytme", group="modell"), Interval(7, 5.1, 9.6), Interval(6.6, 1e-9, math.inf)
        ),
        Change(Named("alder"), Interval(0.7, 0.65, 0.75), None),
    ]
    picture = forest(changes, NB)
    assert heard(picture) == [
        (
            "modell: rytme: på alle rader 7 (95 %-intervall 5,1 til 9,6), "
            "på utleveringen 6,6 (95 %-intervall < 0,0001 til uten øvre grense)"
        ),
        "alder: på alle rader 0,7 (95 %-intervall 0,65 til 0,75), på utleveringen ukjent",
    ]
    assert {"7 → 6,6", "0,7 → –", "1: ingen forskjell"} <= shown(picture)


@pytest.mark.parametrize(
    ("scale", "interval", "expected"),
    [
        ("ratio", Interval(2, 1, 4), "2 (95% interval 1 to 4)"),
        ("share", Interval(0.145, 0.13, 0.16), "14.5% (95% interval 13% to 16%)"),
        ("difference", Interval(-0.03, -0.05, 0), "-0.03 (95% interval -0.05 to 0)"),
    ],
)
def test_analyses_of_every_scale(scale: Any, interval: Interval, expected: str) -> None:
    (words,) = heard(forest([Change(Named("a"), None, interval)], EN, scale=scale))
    assert words == f"a: on all rows not known, on the release {expected}"


def test_candidates_below_k_are_marked() -> None:
    releases = [Remaining(Named("alene"), 7, 230), Remaining(Named("sammen"), 3)]
    picture = remaining_candidates(releases, EN, k=5)
    assert heard(picture) == ["alene: fewest 7, median 230", "sammen: fewest 3"]
    alarms = [one for one in parsed(picture).iter(f"{SVG}text") if "alarm" in one.get("class", "")]
    assert [one.text for one in alarms] == ["3"]


def test_what_has_nothing_to_show_gives_no_picture() -> None:
    here = Option(Named("her"), 0, 0)
    assert class_sizes([], NB, k=5) is None
    assert risk_by_scenario([], NB) is None
    assert frontier([], NB, here=here) is None
    assert suppression_by_subgroup([], NB, whole=0) is None
    assert contributions([], NB) is None
    assert forest([], NB) is None
    assert remaining_candidates([], NB, k=5) is None


@pytest.mark.parametrize("number", [-0.01, 1.01, math.inf, math.nan])
def test_what_is_no_share_is_refused(number: float) -> None:
    here = Option(Named("her"), 0, 0)
    with pytest.raises(DataError, match="between 0 and 1"):
        class_sizes([Bin(5, None, number)], NB, k=5)
    with pytest.raises(DataError, match="between 0 and 1"):
        contributions([Contribution(Named("a"), number)], NB)
    with pytest.raises(DataError, match="between 0 and 1"):
        frontier([Option(Named("a"), 0, number)], NB, here=here)
    with pytest.raises(DataError, match="between 0 and 1"):
        suppression_by_subgroup([Group(Named("a"), None)], NB, whole=number)
    with pytest.raises(DataError, match="between 0 and 1"):
        risk_by_scenario([Change(Named("a"), None, None)], NB, limit=number)


def test_what_no_logarithm_holds_is_refused() -> None:
    with pytest.raises(DataError, match="above 0"):
        forest([Change(Named("a"), None, Interval(0))], NB)
    with pytest.raises(DataError, match="at least 1"):
        remaining_candidates([Remaining(Named("a"), 0)], NB, k=5)


def test_pictures_without_any_estimate_are_drawn_all_the_same() -> None:
    nothing = [Change(Named("a"), None, None)]
    assert heard(risk_by_scenario(nothing, EN)) == ["a: before not known, in the release not known"]
    assert len(heard(forest(nothing, EN))) == 1
    assert len(heard(suppression_by_subgroup([Group(Named("a"), None)], EN, whole=0))) == 1
