"""Every privacy model against a plain count over rows, which shares no code with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import (
    AllSubsets,
    AlphaAnonymity,
    AverageRisk,
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    EntropyLDiversity,
    JournalistRisk,
    KAnonymity,
    KMap,
    MaximumRisk,
    PrivacyModel,
    RecursiveDiversity,
    Scenario,
    SecondEntity,
    TCloseness,
)
from tests.drawn_tables import SECRET, Drawn, Group, Row, drawn_tables, merged
from tests.plain_distance import distance_in, earth_movers_distance

Number = int | float | Fraction
ALMOST = 1e-9
few = settings(max_examples=40)
shares = st.fractions(Fraction(1, 12), 1, max_denominator=12)


def persons(rows: Iterable[Row]) -> int:
    return len({row.person for row in rows})


def share_of_each(rows: Sequence[Row]) -> dict[str, Fraction]:
    return {value: Fraction(n, len(rows)) for value, n in counts(rows).items()}


def counts(rows: Iterable[Row]) -> Counter[str]:
    return Counter(row.secret for row in rows)


def assert_agrees(
    table: Drawn,
    model: PrivacyModel,
    value_of: Callable[[Group], Number],
    *,
    good: Callable[[Number], bool],
    worst: Callable[[list[Number]], Number],
) -> None:
    """Of each released class, whether it is good, and the value of the worst."""
    model_says = model.satisfied(table.classes, table.released)
    values = []
    for n, group in enumerate(table.groups):
        if table.released[n] and group.rows:
            values.append(value_of(group))
            assert bool(model_says[n]) == good(values[-1])
    reached = model.reached(table.classes, table.released)
    assert reached == pytest.approx(float(worst(values)), rel=1e-9, abs=1e-9)


@few
@given(drawn_tables(), st.integers(1, 6))
def test_k_anonymity(table: Drawn, k: int) -> None:
    assert_agrees(
        table, KAnonymity(k), lambda group: persons(group.rows), good=lambda n: n >= k, worst=min
    )


@few
@given(drawn_tables(), shares)
def test_maximum_risk(table: Drawn, risk: Fraction) -> None:
    assert_agrees(
        table,
        MaximumRisk(float(risk)),
        lambda group: Fraction(1, persons(group.rows)),
        good=lambda found: found <= risk,
        worst=max,
    )


@few
@given(drawn_tables(), shares)
def test_average_risk_suppresses_the_smallest_classes_until_it_holds(
    table: Drawn, risk: Fraction
) -> None:
    model = AverageRisk(float(risk))
    left = sorted(
        persons(group.rows)
        for group, released in zip(table.groups, table.released, strict=True)
        if released and group.rows
    )
    assert model.reached(table.classes, table.released) == pytest.approx(len(left) / sum(left))
    while left and Fraction(len(left), sum(left)) > risk:
        del left[0]
    chosen = model.satisfied(table.classes, table.released) & (table.classes.rows > 0)
    assert sorted(table.classes.persons[chosen].tolist()) == left
    assert not (chosen & ~table.released).any()


def population(table: Drawn, columns: Sequence[str], group: Group) -> int:
    """Everybody who agrees with a class, in the population's table or in the release."""
    if not columns:
        return max(group.population, persons(group.rows))
    places = [table.names.index(name) for name in columns]

    def known(values: Sequence[str]) -> list[str]:
        return [table.key(values)[place] for place in places]

    wanted = known(group.rows[0].values)
    released = [row for row in table.release if known(row.values) == wanted]
    return max(sum(known(one) == wanted for one in table.population), persons(released))


def some_columns(table: Drawn, data: st.DataObject, least: int = 0) -> tuple[str, ...]:
    return tuple(data.draw(st.lists(st.sampled_from(table.names), min_size=least, unique=True)))


@few
@given(drawn_tables(), st.integers(1, 8), st.data())
def test_k_map(table: Drawn, k: int, data: st.DataObject) -> None:
    columns = some_columns(table, data)
    assert_agrees(
        table,
        KMap(k, columns),
        lambda group: population(table, columns, group),
        good=lambda n: n >= k,
        worst=min,
    )


@few
@given(drawn_tables(), shares, st.data())
def test_journalist_risk(table: Drawn, risk: Fraction, data: st.DataObject) -> None:
    columns = some_columns(table, data)
    assert_agrees(
        table,
        JournalistRisk(float(risk), columns),
        lambda group: Fraction(1, population(table, columns, group)),
        good=lambda found: found <= risk,
        worst=max,
    )


@few
@given(drawn_tables(), st.integers(1, 4))
def test_distinct_l_diversity_and_second_entity(table: Drawn, ell: int) -> None:
    for model in (DistinctLDiversity(SECRET, ell), SecondEntity(SECRET, ell)):
        assert_agrees(
            table, model, lambda group: len(counts(group.rows)), good=lambda n: n >= ell, worst=min
        )


@few
@given(drawn_tables(), st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0]))
def test_entropy_l_diversity(table: Drawn, ell: float) -> None:
    def effective(group: Group) -> float:
        shares = [float(q) for q in share_of_each(group.rows).values()]
        return math.exp(-sum(q * math.log(q) for q in shares))

    assert_agrees(
        table,
        EntropyLDiversity(SECRET, ell),
        effective,
        good=lambda found: found >= ell - ALMOST,
        worst=min,
    )


@few
@given(drawn_tables(), st.integers(1, 32).map(lambda quarters: quarters / 4), st.integers(1, 4))
def test_recursive_diversity(table: Drawn, c: float, ell: int) -> None:
    def ratio(group: Group) -> Number:
        falling = sorted(counts(group.rows).values(), reverse=True)
        rest = sum(falling[ell - 1 :])
        return Fraction(falling[0], rest) if rest else math.inf

    model = RecursiveDiversity(SECRET, c, ell)
    assert_agrees(table, model, ratio, good=lambda found: found < c, worst=max)


@few
@given(drawn_tables(), shares)
def test_alpha(table: Drawn, alpha: Fraction) -> None:
    assert_agrees(
        table,
        AlphaAnonymity(SECRET, float(alpha)),
        lambda group: max(share_of_each(group.rows).values()),
        good=lambda found: found <= alpha,
        worst=max,
    )


@few
@given(drawn_tables(), shares)
def test_t_closeness_by_equal_distance(table: Drawn, t: Fraction) -> None:
    p = share_of_each(table.release)

    def distance(group: Group) -> Fraction:
        q = share_of_each(group.rows)
        return sum((abs(q.get(value, 0) - p[value]) for value in p), Fraction(0)) / 2

    model = TCloseness(SECRET, float(t))
    assert_agrees(table, model, distance, good=lambda found: found <= t, worst=max)


@few
@given(drawn_tables(), shares)
def test_t_closeness_by_ordered_distance(table: Drawn, t: Fraction) -> None:
    p = share_of_each(table.release)
    order = [row[0] for row in table.secrets if row[0] in p]

    def distance(group: Group) -> Fraction:
        q = share_of_each(group.rows)
        steps = [
            abs(sum((q.get(value, 0) - p[value] for value in order[: n + 1]), Fraction(0)))
            for n in range(len(order) - 1)
        ]
        return sum(steps, Fraction(0)) / max(len(order) - 1, 1)

    model = TCloseness(SECRET, float(t), "ordered")
    assert_agrees(table, model, distance, good=lambda found: found <= t, worst=max)


def test_the_earth_movers_distance_of_the_reference_takes_moves_back() -> None:
    costs = {("a", "x"): 1, ("a", "y"): 2, ("b", "x"): 2, ("b", "y"): 9}
    half = Fraction(1, 2)
    work = earth_movers_distance(
        {"a": half, "b": half}, {"x": half, "y": half}, lambda a, b: Fraction(costs[a, b])
    )
    assert work == 2  # a to x is cheapest, but b has to go there


@few
@given(drawn_tables(), shares)
def test_t_closeness_by_hierarchical_distance(table: Drawn, t: Fraction) -> None:
    p, apart = share_of_each(table.release), distance_in(table.secrets)
    assert_agrees(
        table,
        TCloseness(SECRET, float(t), "hierarchical"),
        lambda group: earth_movers_distance(share_of_each(group.rows), p, apart),
        good=lambda found: found <= t,
        worst=max,
    )


@few
@given(drawn_tables(), st.data())
def test_t_closeness_in_a_hierarchy_that_is_cut_tells_no_more_than_its_floor(
    table: Drawn, data: st.DataObject
) -> None:
    floor = data.draw(st.integers(0, len(table.secrets[0]) - 1))
    whole = table.table.sensitive[SECRET]
    assert whole.hierarchy is not None
    cut = replace(whole, hierarchy=whole.hierarchy.starting_at(floor))
    classes = merged(
        EquivalenceClasses.base(replace(table.table, sensitive={SECRET: cut})), table.levels
    )
    floors = {row[0]: row[floor] for row in table.secrets}
    above = sorted({row[floor:] for row in table.secrets})
    at_floor = replace(
        table,
        secrets=above,
        rows=[row._replace(secret=floors[row.secret]) for row in table.rows],
    )
    model = TCloseness(SECRET, 0.5, "hierarchical")
    assert model.reached(classes, table.released) == pytest.approx(
        model.reached(at_floor.classes, table.released)
    )


@few
@given(drawn_tables(), st.fractions(Fraction(1, 8), 4, max_denominator=8))
def test_basic_beta_likeness(table: Drawn, beta: Fraction) -> None:
    p = share_of_each(table.release)

    def gain(group: Group) -> Fraction:
        return max(q / p[value] - 1 for value, q in share_of_each(group.rows).items())

    model = BetaLikeness(SECRET, float(beta), enhanced=False)
    assert_agrees(
        table,
        model,
        lambda group: max(gain(group), Fraction(0)),
        good=lambda n: n <= beta,
        worst=max,
    )


@few
@given(drawn_tables(), st.fractions(Fraction(1, 8), 4, max_denominator=8))
def test_enhanced_beta_likeness_is_out_of_reach_where_a_value_gains_more_than_its_own_bound(
    table: Drawn, beta: Fraction
) -> None:
    p = share_of_each(table.release)

    def gain(group: Group) -> Number:
        gains = {value: q / p[value] - 1 for value, q in share_of_each(group.rows).items()}
        if any(float(one) > ALMOST - math.log(p[value]) for value, one in gains.items()):
            return math.inf
        return max(Fraction(0), *gains.values())

    model = BetaLikeness(SECRET, float(beta))
    assert_agrees(table, model, gain, good=lambda found: found <= beta, worst=max)


@few
@given(drawn_tables(), st.sampled_from([0.1, math.log(1.5), math.log(2), math.log(3), 2.0]))
def test_delta_disclosure_is_infinite_where_a_value_lacks(table: Drawn, delta: float) -> None:
    p = share_of_each(table.release)

    def far(group: Group) -> float:
        q = share_of_each(group.rows)
        return max(abs(math.log(q[value] / p[value])) if value in q else math.inf for value in p)

    model = DeltaDisclosure(SECRET, delta)
    assert_agrees(table, model, far, good=lambda found: found <= delta + ALMOST, worst=max)


def fitting(table: Drawn, columns: Sequence[str], group: Group) -> int:
    """Released persons who agree with a class."""
    places = [table.names.index(name) for name in columns]
    key = table.key(group.rows[0].values)
    rows = [table.key(row.values) for row in table.release]
    agree = [all(row[place] == key[place] for place in places) for row in rows]
    return persons(row for row, yes in zip(table.release, agree, strict=True) if yes)


@few
@given(drawn_tables(), st.integers(1, 8), st.data())
def test_a_scenario(table: Drawn, k: int, data: st.DataObject) -> None:
    columns = some_columns(table, data, least=1)
    assert_agrees(
        table,
        Scenario("neighbour", columns, k),
        lambda group: fitting(table, columns, group),
        good=lambda n: n >= k,
        worst=min,
    )


@few
@given(drawn_tables(), st.integers(1, 8), st.data())
def test_all_subsets(table: Drawn, k: int, data: st.DataObject) -> None:
    m = data.draw(st.integers(1, len(table.names)))
    assert_agrees(
        table,
        AllSubsets(m, k),
        lambda group: min(fitting(table, one, group) for one in combinations(table.names, m)),
        good=lambda n: n >= k,
        worst=min,
    )
