"""What the search concludes from the verdicts of models: on merged classes, and on what is left."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Merging,
    PrivacyModel,
    RecursiveDiversity,
    Scenario,
    SecondEntity,
    TCloseness,
    failing,
)
from tests.drawn_tables import SECRET, Drawn, Row, drawn_tables, merged

SHARE = st.sampled_from([0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0])
K = st.integers(1, 5)
ANY = ["k", "risk", "k-map", "journalist", "l", "second", "scenario", "subsets"]
SATISFYING = ["entropy", "recursive", "alpha", "equal", "ordered", "hierarchical"]
SATISFYING += ["basic beta", "enhanced beta", "delta"]


MAKERS: dict[str, Callable[[Any, tuple[str, ...], int], PrivacyModel]] = {
    "k": lambda k, _columns, _m: KAnonymity(k),
    "risk": lambda k, _columns, _m: MaximumRisk(1 / k),
    "k-map": lambda k, columns, _m: KMap(k, columns),
    "journalist": lambda k, columns, _m: JournalistRisk(1 / k, columns),
    "l": lambda ell, _columns, _m: DistinctLDiversity(SECRET, ell),
    "second": lambda least, _columns, _m: SecondEntity(SECRET, least),
    "scenario": lambda k, columns, _m: Scenario("neighbour", columns or ("q0",), k),
    "subsets": lambda k, _columns, m: AllSubsets(m, k),
    "average": lambda risk, _columns, _m: AverageRisk(risk),
    "entropy": lambda ell, _columns, _m: EntropyLDiversity(SECRET, ell),
    "recursive": lambda c, _columns, m: RecursiveDiversity(SECRET, c, m),
    "alpha": lambda alpha, _columns, _m: AlphaAnonymity(SECRET, alpha),
    "equal": lambda t, _columns, _m: TCloseness(SECRET, t),
    "ordered": lambda t, _columns, _m: TCloseness(SECRET, t, "ordered"),
    "hierarchical": lambda t, _columns, _m: TCloseness(SECRET, t, "hierarchical"),
    "basic beta": lambda beta, _columns, _m: BetaLikeness(SECRET, beta, enhanced=False),
    "enhanced beta": lambda beta, _columns, _m: BetaLikeness(SECRET, beta),
    "delta": lambda delta, _columns, _m: DeltaDisclosure(SECRET, delta),
}
"""Each kind of model from its bound, what an attacker knows, and a number of values or columns."""


@st.composite
def models_of(draw: st.DrawFn, table: Drawn, kinds: Sequence[str]) -> PrivacyModel:
    kind = draw(st.sampled_from(kinds))
    columns = tuple(draw(st.lists(st.sampled_from(table.names), unique=True)))
    m = draw(st.integers(1, len(table.names)))
    bound: float = draw(K) if kind in ANY else draw(SHARE)
    if kind in {"entropy", "recursive"}:
        bound = 1 + bound
    return MAKERS[kind](bound, columns, m)


def coarser_levels(table: Drawn, data: st.DataObject) -> list[int]:
    return [
        data.draw(st.integers(level, len(ladder[0]) - 1))
        for level, ladder in zip(table.levels, table.columns, strict=True)
    ]


@pytest.mark.parametrize("kind", ANY)
@settings(max_examples=25)
@given(table=drawn_tables(), data=st.data())
def test_a_class_that_satisfies_still_does_after_any_merge(
    kind: str, table: Drawn, data: st.DataObject
) -> None:
    model = data.draw(models_of(table, [kind]))
    coarse = merged(table.classes, coarser_levels(table, data))
    assert coarse.merged is not None
    released, good = np.zeros(len(coarse), bool), np.zeros(len(coarse), bool)
    released[coarse.merged[table.released]] = True
    satisfied = model.satisfied(table.classes, table.released) & table.released
    good[coarse.merged[satisfied & (table.classes.rows > 0)]] = True

    assert model.merging is Merging.ANY
    assert model.satisfied(coarse, released)[good].all()


@settings(max_examples=60)
@given(table=drawn_tables(), data=st.data())
def test_what_models_that_merging_cannot_break_suppress_they_suppress_in_every_finer_node(
    table: Drawn, data: st.DataObject
) -> None:
    models = data.draw(st.lists(models_of(table, ANY), min_size=1, max_size=3))
    coarse = merged(table.classes, coarser_levels(table, data))
    below = table.classes.spread(failing(models, table.classes))
    above = coarse.spread(failing(models, coarse))

    occupied = table.table.rows > 0
    assert below[above & occupied].all()


def just_satisfied(kind: str, table: Drawn, m: int) -> PrivacyModel | None:
    """The strictest model of a kind that all classes satisfy, if any does."""
    everything = np.ones(len(table.classes), bool)
    reached = MAKERS[kind](1, (), m).reached(table.classes, everything)
    if not math.isfinite(reached):
        return None
    if kind == "entropy":
        bound = max(reached, 1.0)
    elif kind in {"alpha", "equal", "ordered", "hierarchical"}:
        bound = min(reached, 1.0)
    else:
        bound = math.nextafter(reached, math.inf)  # above 0, and c above the ratio
    return MAKERS[kind](bound, (), m)


@pytest.mark.parametrize("kind", SATISFYING)
@settings(max_examples=25)
@given(table=drawn_tables(), data=st.data())
def test_where_all_classes_satisfy_and_none_is_suppressed_all_do_after_any_merge(
    kind: str, table: Drawn, data: st.DataObject
) -> None:
    model = just_satisfied(kind, table, data.draw(st.integers(1, 3)))
    if model is None:
        return
    everything = np.ones(len(table.classes), bool)
    assert not failing([model], table.classes).any()
    for _ in range(3):
        coarse = merged(table.classes, coarser_levels(table, data))
        assert model.merging is Merging.SATISFYING
        occupied = coarse.rows > 0
        assert model.satisfied(coarse, everything[: len(coarse)])[occupied].all()


@settings(max_examples=60)
@given(table=drawn_tables(), data=st.data())
def test_what_remains_released_satisfies_every_model_on_its_own(
    table: Drawn, data: st.DataObject
) -> None:
    models = data.draw(st.lists(models_of(table, [*ANY, *SATISFYING, "average"]), max_size=4))
    released = ~failing(models, table.classes)
    alone = table.only(released)
    if not alone.rows:
        return
    everything = np.ones(len(alone.classes), bool)
    occupied = alone.classes.rows > 0
    for model in models:
        assert model.satisfied(alone.classes, everything)[occupied].all()
    assert not failing(models, alone.classes).any()


@settings(max_examples=60)
@given(table=drawn_tables(), data=st.data())
def test_what_remains_released_is_a_fixpoint(table: Drawn, data: st.DataObject) -> None:
    models = data.draw(st.lists(models_of(table, [*ANY, *SATISFYING, "average"]), max_size=4))
    released = ~failing(models, table.classes)
    for model in models:
        occupied = released & (table.classes.rows > 0)
        assert model.satisfied(table.classes, released)[occupied].all()


@settings(max_examples=60)
@given(table=drawn_tables(most=12), data=st.data())
def test_no_class_is_suppressed_that_could_stay_with_others(
    table: Drawn, data: st.DataObject
) -> None:
    """For models that more released classes never break; all choices of classes are tried."""
    models = data.draw(st.lists(models_of(table, ANY), min_size=1, max_size=3))
    classes = table.classes
    occupied = np.flatnonzero(classes.rows > 0)
    if len(occupied) > 6:
        return
    could = np.zeros(len(classes), bool)
    for size in range(1, len(occupied) + 1):
        for chosen in combinations(occupied.tolist(), size):
            released = classes.rows == 0
            released[list(chosen)] = True
            if all(m.satisfied(classes, released)[list(chosen)].all() for m in models):
                could[list(chosen)] = True
    assert (~failing(models, classes) & (classes.rows > 0)).tolist() == could.tolist()


def test_merging_may_raise_the_average_risk_where_a_person_stands_in_several_classes() -> None:
    rows = [Row((value,), person, "x") for value in "ab" for person in (1, 2, 3)]
    table = Drawn(
        columns=[[("a", "ab"), ("b", "ab"), ("c", "c")]],
        secrets=[("x",)],
        rows=[*rows, Row(("c",), 4, "x")],
        population=[],
        apart=False,
        levels=(0,),
        kept=[True],
    )
    model = AverageRisk(3 / 7)  # three classes, whose persons are 3, 3 and 1
    coarse = merged(table.classes, [1])  # two, whose persons are 3 and 1

    assert model.merging is Merging.NOTHING
    assert model.satisfied(table.classes, np.ones(3, bool)).all()
    assert not model.satisfied(coarse, np.ones(2, bool)).all()
