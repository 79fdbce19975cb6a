"""Every number of an attack is what plain Python counts, on any release."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.attacking import downcoding, homogeneity, implied_cells, minimality, order
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models import DistinctLDiversity, KAnonymity
from tests.unit.attacking.by_hand import frequencies, hierarchy, recoded_by_hand

CELL = st.sampled_from(["a", "b", "*", None])
RELEASES = st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=40)
NAMES = ["q1", "q2", "q3", "x"]


def plain_entropy(values: Sequence[Any]) -> float:
    return -sum(n / len(values) * math.log2(n / len(values)) for n in Counter(values).values())


@given(rows=RELEASES, certainty=st.sampled_from([0.5, 0.75, 0.9, 1.0]), support=st.integers(1, 4))
def test_implied_cells_are_those_that_a_dictionary_finds(
    rows: list[tuple[str | None, ...]], certainty: float, support: int
) -> None:
    found = implied_cells(
        pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row"),
        columns=NAMES[:3],
        others=NAMES[3:],
        suppressed="*",
        certainty=certainty,
        support=support,
    )
    by_name = {one.column: one for one in found.columns}
    for place, name in enumerate(NAMES[:3]):
        known = [row for row in rows if row[place] != "*"]
        hidden = [row for row in rows if row[place] == "*"]
        assert (name in by_name) == bool(hidden)
        if not hidden:
            continue
        told = by_name[name]
        sources = {source.columns: source for source in told.sources}
        rest = [n for n in range(4) if n != place]
        implied: set[int] = set()
        for chosen in (*combinations(rest, 1), *combinations(rest, 2)):
            seen = defaultdict(list)
            for row in known:
                seen[tuple(row[n] for n in chosen)].append(row[place])
            here = set()
            for number, row in enumerate(hidden):
                values = seen[tuple(row[n] for n in chosen)]
                most = max(Counter(values).values(), default=0)
                if len(values) >= support and most / len(values) >= certainty:
                    here.add(number)
            implied |= here
            source = sources.get(tuple(NAMES[n] for n in chosen))
            assert (source.implied if source else 0) == len(here)
            if source:
                bits = sum(len(v) * plain_entropy(v) for v in seen.values()) / max(len(known), 1)
                assert source.entropy == pytest.approx(bits, abs=1e-9)
        assert (told.suppressed, told.implied) == (len(hidden), len(implied))
        assert told.entropy == pytest.approx(plain_entropy([row[place] for row in known]))


# G is the same on two levels, and e has no neighbours on level 1.
TOWN = hierarchy("town", "a G G *, b G G *, c H I *, d H I *, e e I *")
SEX = hierarchy("sex", "F *, M *")
COMBINATIONS = list(product("abcde", "FM"))
LEVELS = st.tuples(st.integers(0, 3), st.integers(0, 1))


@given(
    rows=st.lists(st.sampled_from(COMBINATIONS), min_size=1, max_size=25),
    levels=st.tuples(*[LEVELS] * len(COMBINATIONS)),
    removed=st.sets(st.sampled_from(COMBINATIONS), max_size=2),
)
def test_downcoding_is_what_a_plain_attacker_finds(
    rows: list[tuple[str, str]],
    levels: tuple[tuple[int, int], ...],
    removed: set[tuple[str, str]],
) -> None:
    hierarchies = (TOWN, SEX)
    table = frequencies(hierarchies, rows)
    level_of = dict(zip(COMBINATIONS, levels, strict=True))
    solution = recoded_by_hand(table, level_of, suppressed=list(removed))

    def covers(column: int, row: tuple[str, str]) -> frozenset[str]:
        one, level = hierarchies[column], level_of[row][column]
        node = one.nodes[level][one.leaf_index[row[column]]]
        return frozenset(
            str(v) for v, n in zip(one.values, one.nodes[level], strict=True) if n == node
        )

    released = [row for row in rows if row not in removed]
    says = {row: tuple(covers(n, row) for n in (0, 1)) for row in released}
    by_name = {one.column: one for one in downcoding(solution).columns}
    for column, name in enumerate(("town", "sex")):
        public = Counter(row[column] for row in rows)
        cells = [row for row in released if len(says[row][column]) > 1]
        assert (name in by_name) == bool(cells)
        if not cells:
            continue
        base = accuracy = narrowed = Fraction(0)
        excluded = wrong = before = after = 0
        for row in cells:
            node, true = says[row][column], row[column]
            other = says[row][1 - column]
            shown: dict[str, Fraction] = defaultdict(Fraction)
            ruled_out: set[str] = set()
            for one in released:
                finer = says[one][column]
                if finer < node:
                    for value in finer:
                        shown[value] += Fraction(1, len(finer))
                    if says[one][1 - column] == other:
                        ruled_out |= finer
            base += chance(true, {value: Fraction(public[value]) for value in node})
            evidence = shown or {value: Fraction(n) for value, n in public.items()}
            accuracy += chance(true, {value: evidence.get(value, Fraction(0)) for value in node})
            narrowed += chance(true, {v: Fraction(public[v]) for v in node - ruled_out})
            excluded += bool(ruled_out)
            wrong += true in ruled_out
            before += len(node)
            after += len(node - ruled_out)
        told = by_name[name]
        assert told.cells == len(cells)
        assert (told.excluded, told.wrong) == (excluded, wrong)
        assert told.before == pytest.approx(before / len(cells))
        assert told.after == pytest.approx(after / len(cells))
        assert told.base == pytest.approx(float(base / len(cells)))
        assert told.accuracy == pytest.approx(float(accuracy / len(cells)))
        assert told.narrowed == pytest.approx(float(narrowed / len(cells)))


def chance(true: str, scores: dict[str, Fraction]) -> Fraction:
    """That the best score, drawn among equals, is the true value's."""
    best = [value for value, score in scores.items() if score == max(scores.values())]
    return Fraction(true in best, max(len(best), 1))


@given(
    rows=st.lists(st.sampled_from(COMBINATIONS), min_size=2, max_size=25),
    k=st.integers(1, 2),
    share=st.sampled_from([0.0, 0.3]),
)
def test_one_level_per_column_never_excludes_anything(
    rows: list[tuple[str, str]], k: int, share: float
) -> None:
    table = frequencies((TOWN, SEX), rows)
    for one in downcoding(search(table, models=[KAnonymity(k)], max_suppressed=share)).columns:
        assert (one.excluded, one.bits) == (0, 0.0)
        assert one.base == one.accuracy == one.narrowed


@given(rows=st.lists(st.sampled_from(COMBINATIONS), min_size=3, max_size=25))
def test_the_engine_never_misleads_the_attacker_of_its_local_recoding(
    rows: list[tuple[str, str]],
) -> None:
    table = frequencies((TOWN, SEX), rows)
    told = downcoding(recode_locally(table, models=[KAnonymity(3)]))
    assert [one.wrong for one in told.columns] == [0] * len(told.columns)


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 5), st.integers(0, 3)), max_size=30
    ),
    bound=st.sampled_from([0.05, 0.3, 1.0]),
)
def test_homogeneity_is_what_sets_say(rows: list[tuple[str, int, int]], bound: float) -> None:
    table = FrequencyTable.from_rows(
        (TOWN,),
        np.array([[TOWN.leaf_index[town]] for town, _, _ in rows], int).reshape(-1, 1),
        person=[person for _, person, _ in rows],
        sensitive={"s": [secret for _, _, secret in rows]},
    )
    found = homogeneity(EquivalenceClasses.base(table), "s", chance=bound)
    everywhere = Counter(secret for _, _, secret in rows)
    classes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for town, person, secret in rows:
        classes[town].append((person, secret))

    def counted(chosen: list[list[tuple[int, int]]]) -> tuple[int, int, int]:
        persons = {person for members in chosen for person, _ in members}
        return len(chosen), sum(map(len, chosen)), len(persons)

    def told(one: Any) -> tuple[int, int, int]:
        return one.classes, one.rows, one.persons

    def lacks(members: list[tuple[int, int]]) -> set[int]:
        return set(everywhere) - {secret for _, secret in members}

    def hardly_by_chance(members: list[tuple[int, int]]) -> bool:
        return any((1 - everywhere[s] / len(rows)) ** len(members) < bound for s in lacks(members))

    every = list(classes.values())
    assert (found.classes, found.rows, found.persons) == counted(every)
    assert told(found.positive) == counted([m for m in every if len({s for _, s in m}) == 1])
    assert told(found.negative) == counted([m for m in every if lacks(m)])
    assert told(found.telling) == counted([m for m in every if hardly_by_chance(m)])
    ratios = [
        (n / len(members)) / (everywhere[secret] / len(rows))
        for members in every
        for secret, n in Counter(s for _, s in members).items()
    ]
    assert found.largest_ratio == pytest.approx(max(ratios, default=0))


@settings(max_examples=25)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 2)), min_size=2, max_size=6
    ).filter(lambda rows: len({secret for _, secret in rows}) > 1),
    k=st.integers(1, 2),
)
def test_minimality_is_what_trying_every_assignment_says(
    rows: list[tuple[str, int]], k: int
) -> None:
    models = (KAnonymity(k), DistinctLDiversity("s", 2))

    def counted(secrets: Sequence[int]) -> FrequencyTable:
        towns = [(town,) for town, _ in rows]
        return frequencies([hierarchy("town", "a *, b *")], towns, sensitive={"s": secrets})

    def level(secrets: Sequence[int]) -> int:
        return search(counted(secrets), models=models).levels["town"]

    secrets = [secret for _, secret in rows]
    made = level(secrets)
    found = minimality(
        counted(secrets), models, search(counted(secrets), models=models), column="s"
    )
    everyone = list(range(len(rows)))
    by_town = [[n for n in everyone if rows[n][0] == town] for town in "ab"]
    groups = [everyone] if made else by_town
    worlds = set()
    for arranged in product(*(permutations([secrets[n] for n in group]) for group in groups)):
        world = [0] * len(rows)
        for group, values in zip(groups, arranged, strict=True):
            for n, value in zip(group, values, strict=True):
                world[n] = value
        worlds.add(tuple(world))
    left = [world for world in worlds if level(world) == made]

    def largest(chosen: Sequence[Sequence[int]]) -> list[float]:
        columns = zip(*chosen, strict=True)
        return [max(Counter(values).values()) / len(chosen) for values in columns]

    before, after = largest(sorted(worlds)), largest(left)
    assert found.ruled_out == pytest.approx(1 - len(left) / len(worlds))
    assert found.before == pytest.approx(max(before))
    assert found.after == pytest.approx(max(after))
    raised = sum(b > a + 1e-9 for a, b in zip(before, after, strict=True))
    certain = sum(b == 1 > a + 1e-9 for a, b in zip(before, after, strict=True))
    assert (found.rows_raised, found.rows_certain) == (raised, certain)


@given(values=st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=2, max_size=30))
def test_the_correlation_is_that_of_the_mean_ranks(values: list[int | None]) -> None:
    numbers = [-1 if value is None else value for value in values]
    ranks = [
        sum(other < one for other in numbers) + (numbers.count(one) + 1) / 2 for one in numbers
    ]
    frame = pl.DataFrame({"x": values}, schema={"x": pl.Int64})
    (trend,) = order(frame, frame).columns
    if len(set(numbers)) == 1:
        assert trend.rho is None
    else:
        assert trend.rho == pytest.approx(np.corrcoef(range(len(values)), ranks)[0, 1], abs=1e-9)
