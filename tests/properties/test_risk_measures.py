"""The measures agree with counting by hand, in plain Python, on any table."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import comb, factorial
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.frames import as_frame
from hsr_privacy.risk import measure
from hsr_privacy.risk.agreeing import Agreement
from hsr_privacy.risk.counting import Counted, count
from hsr_privacy.risk.fitting import FittingClasses
from hsr_privacy.risk.subsets import Subset, affordable, pass_over
from hsr_privacy.risk.suda import score
from tests.plain_counts import WIDTHS, frequencies, wide_table

Values = tuple[str | None, ...]
Row = tuple[Values, str | None, str | None]
"""Quasi-identifiers, person, secret."""
WILD = (None, "998")


@st.composite
def tables(draw: st.DrawFn, *, wild: bool = True, most: int = 24) -> list[Row]:
    """Rows of one to four quasi-identifiers, by persons of whom some have several."""
    width = draw(st.integers(1, 4))
    cells = st.sampled_from(["a", "b", "c", *(WILD if wild else ())])
    person = st.sampled_from(["p", "q", "r", "s", "t", "u", None])
    secret = st.sampled_from(["x", "y", "z", None])
    row = st.tuples(st.tuples(*[cells] * width), person, secret)
    return draw(st.lists(row, min_size=1, max_size=most))


def frame(rows: list[Row]) -> pl.DataFrame:
    names = [f"q{n}" for n in range(len(rows[0][0]))]
    return pl.DataFrame(
        [(*values, person, secret) for values, person, secret in rows],
        schema=dict.fromkeys([*names, "person", "secret"], pl.String),
        orient="row",
    )


def asked(rows: list[Row]) -> dict[str, Any]:
    names = [f"q{n}" for n in range(len(rows[0][0]))]
    return {"quasi_identifiers": names, "person": "person", "sensitive": ["secret"]}


def counted(rows: list[Row]) -> Counted:
    return count(as_frame(frame(rows)), **asked(rows), suppressed="998")


def values_of(table: Counted) -> list[Values]:
    """The values of every base class."""
    texts = [table.texts[name] for name in table.table.names]
    return [
        tuple(text[leaf] for text, leaf in zip(texts, row, strict=True))
        for row in table.table.codes.tolist()
    ]


def agree(one: Values, other: Values) -> bool:
    return all(a == b or a in WILD or b in WILD for a, b in zip(one, other, strict=True))


@settings(max_examples=150)
@given(rows=tables())
def test_who_agrees_is_who_agrees_row_by_row(rows: list[Row]) -> None:
    table = counted(rows)
    classes = FittingClasses.by(Agreement(table.table, table.wild))
    histograms = classes.histograms("secret")
    for place, values in enumerate(values_of(table)):
        fits = [(person, secret) for other, person, secret in rows if agree(values, other)]
        assert classes.persons[place] == len({person for person, _ in fits})
        pairs = slice(histograms.starts[place], histograms.starts[place + 1])
        told = Counter(secret for _, secret in fits)
        assert sorted(histograms.counts[pairs].tolist()) == sorted(told.values())


@settings(max_examples=100)
@given(rows=tables(), rare=st.booleans())
def test_patterns_compared_one_by_one_or_at_once_say_the_same(
    rows: list[Row],
    rare: bool,
) -> None:
    table = counted(rows)

    class Forced(Agreement):
        def _is_rare(self, size: int) -> bool:
            return rare

    expected = Agreement(table.table, table.wild)
    forced = Forced(table.table, table.wild)
    weights = table.table.counts
    assert forced.sums(weights).tolist() == expected.sums(weights).tolist()


@settings(max_examples=100)
@given(rows=tables())
def test_a_wildcard_never_raises_the_risk(rows: list[Row]) -> None:
    found = measure(frame(rows), **asked(rows), sampling_fraction=0.5)
    own, wild = found.own_category, found.wildcard
    assert wild.k >= own.k
    assert wild.unique_persons <= own.unique_persons
    for attacker in ("prosecutor", "journalist"):
        one, other = getattr(wild, attacker), getattr(own, attacker)
        assert one.average <= other.average + 1e-12
        assert one.maximum <= other.maximum
        assert one.share_above <= other.share_above + 1e-12
    assert wild.sensitive["secret"].distinct_l >= own.sensitive["secret"].distinct_l


@settings(max_examples=60)
@given(rows=tables(), seed=st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(rows: list[Row], seed: int) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    one, other = (measure(frame(each), **asked(each)).to_json() for each in (rows, shuffled))
    assert json.dumps(one) == json.dumps(other)


@settings(max_examples=150)
@given(rows=tables(wild=False))
def test_every_subset_is_counted_as_a_dictionary_counts_it(rows: list[Row]) -> None:
    done = pass_over(counted(rows).table)
    width = len(rows[0][0])
    assert len(done.subsets) == 2**width - 1
    for chosen in places_of(width):
        persons: dict[Values, set[str | None]] = defaultdict(set)
        for values, person, _ in rows:
            persons[tuple(values[n] for n in chosen)].add(person)
        sizes = [len(one) for one in persons.values()]
        assert done.subsets[sum(1 << n for n in chosen)] == Subset(
            tuple(f"q{n}" for n in chosen),
            len(sizes),
            sum(sizes),
            sum(comb(size, 2) for size in sizes),
            min(sizes),
            sizes.count(1),
        )


@settings(max_examples=150)
@given(rows=tables(wild=False))
def test_scores_are_those_of_all_minimal_sample_uniques(rows: list[Row]) -> None:
    table = counted(rows)
    scored = score(pass_over(table.table))
    original = dict(zip(scored.classes.tolist(), scored.original.tolist(), strict=True))
    alternative = dict(zip(scored.classes.tolist(), scored.alternative.tolist(), strict=True))
    width = len(rows[0][0])
    for place, values in enumerate(values_of(table)):
        alone = {
            chosen
            for chosen in places_of(width)
            if len({p for v, p, _ in rows if all(v[n] == values[n] for n in chosen)}) == 1
        }
        minimal = [
            chosen for chosen in alone if not any(set(other) < set(chosen) for other in alone)
        ]
        assert original.get(place, 0) == sum(factorial(width - len(one)) for one in minimal)
        assert alternative.get(place, 0) == pytest.approx(
            sum(
                (2 ** (width - len(one)) - 1)
                * factorial(len(one))
                * factorial(width - len(one))
                / factorial(width)
                for one in minimal
            )
        )


@settings(max_examples=60)
@given(rows=tables())
def test_the_gains_of_the_columns_add_up_to_the_whole_risk(rows: list[Row]) -> None:
    found = measure(frame(rows), **asked(rows))
    assert found.ranking is not None
    gained = sum(one.gain for one in found.ranking.columns_by_gain)
    assert gained == pytest.approx(found.own_category.prosecutor.average - 1 / found.persons)


@settings(max_examples=60)
@given(rows=tables())
def test_one_more_quasi_identifier_never_lowers_the_risk(rows: list[Row]) -> None:
    fewer = asked(rows)
    fewer["quasi_identifiers"] = fewer["quasi_identifiers"][:1]
    one, all_ = measure(frame(rows), **fewer), measure(frame(rows), **asked(rows))
    for reading in ("own_category", "wildcard"):
        assert getattr(all_, reading).k <= getattr(one, reading).k
        assert getattr(all_, reading).unique_persons >= getattr(one, reading).unique_persons


@pytest.mark.parametrize("shape", WIDTHS)
def test_wide_tables_are_counted_right(shape: str) -> None:
    plain, table = wide_table(shape), frequencies(shape)
    done = pass_over(table)
    assert done.largest == affordable(len(table.names), table.classes)
    for columns in list(done.subsets)[:: max(len(done.subsets) // 60, 1)]:
        places = [n for n in range(len(table.names)) if columns >> n & 1]
        persons: dict[Values, set[int]] = defaultdict(set)
        for row in plain.rows:
            persons[tuple(row.values[n] for n in places)].add(row.person)
        sizes = [len(one) for one in persons.values()]
        found = done.subsets[columns]
        assert (found.classes, found.memberships) == (len(sizes), sum(sizes))
        assert (found.k, found.unique) == (min(sizes), sizes.count(1))


@pytest.mark.parametrize("shape", WIDTHS)
def test_who_agrees_in_wide_tables(shape: str) -> None:
    table = frequencies(shape)
    rng = np.random.default_rng(7)
    wild = rng.random((table.classes, len(table.names))) < 0.25
    wild[: table.classes // 2] = False
    codes = table.codes
    fits = np.ones((table.classes, table.classes), bool)
    for column, lacks in zip(codes.T, wild.T, strict=True):
        fits &= (column[:, None] == column) | lacks[:, None] | lacks
    members: dict[int, set[int]] = defaultdict(set)
    if table.repeats is not None:
        for person, cls in zip(table.repeats.person, table.repeats.cls, strict=True):
            members[int(cls)].add(int(person))
    once = table.persons - np.array([len(members[n]) for n in range(table.classes)])
    expected = [
        int(once[fits[n]].sum())
        + len(set().union(*(members[m] for m in np.flatnonzero(fits[n]).tolist())))
        for n in range(table.classes)
    ]
    assert Agreement(table, wild).persons.tolist() == expected


def places_of(width: int) -> list[Sequence[int]]:
    """Every set of columns."""
    return [one for size in range(1, width + 1) for one in combinations(range(width), size)]
