"""Candidate sets and differences are what sets in plain Python say, on any releases."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.composition import Sketch, compare
from hsr_privacy.composition.holding import Held
from hsr_privacy.composition.intersections import candidate_sizes
from hsr_privacy.composition.membership import MembershipKeys
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import new_ring, person_key, sketched

Row = tuple[str, str, str]
Classes = dict[str, set[str]]
ROWS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), st.sampled_from("123")),
    max_size=14,
)
QUICKLY = settings(max_examples=40)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return new_ring(tmp_path_factory.mktemp("keys") / "ring")


def sketch(rows: list[Row], ring: KeyRing, name: str = "P-1", recipient: str = "U") -> Sketch:
    table = pl.DataFrame(rows, schema=dict.fromkeys(["person", "q", "s"], pl.String), orient="row")
    return sketched(table, ring, name=name, recipient=recipient)


def classes(rows: list[Row]) -> Classes:
    held: Classes = defaultdict(set)
    for person, q, _ in rows:
        held[person].add(q)
    return dict(held)


def values(rows: list[Row]) -> Classes:
    held: Classes = defaultdict(set)
    for _, q, s in rows:
        held[q].add(s)
    return held


def candidates(person: str, releases: list[Classes]) -> int:
    within = [one for one in releases if person in one]
    pool = set.intersection(*(set(one) for one in within))
    return sum(all(one[person] <= one[other] for one in within) for other in pool)


def held(new: Sketch, earlier: list[Sketch]) -> tuple[Held, list[Held]]:
    places = {tuple(tag): at for at, tag in enumerate(new.tags.tolist())}
    found = []
    for one in earlier:
        place = np.full(new.persons, -1, np.int64)
        for at, tag in enumerate(one.tags.tolist()):
            if tuple(tag) in places:
                place[places[tuple(tag)]] = at
        found.append(Held.of(one, place))
    return Held.new(new), found


def order(new: Sketch, rows: list[Row], ring: KeyRing) -> list[str]:
    """Names of the persons in the order of their tags."""
    names = sorted({person for person, *_ in rows})
    tags = MembershipKeys.of_register(ring).tags(map(person_key, names))
    assert new.persons == len(names)
    return [
        name for _, name in sorted((tags[16 * i : 16 * i + 16], n) for i, n in enumerate(names))
    ]


@given(new=ROWS, earlier=st.lists(ROWS, max_size=3))
@QUICKLY
def test_candidates_are_those_whom_sets_say(
    new: list[Row], earlier: list[list[Row]], ring: KeyRing
) -> None:
    mine = sketch(new, ring)
    sizes = candidate_sizes(*held(mine, [sketch(one, ring) for one in earlier]))
    all_classes = [classes(one) for one in (new, *earlier)]
    assert [candidates(one, all_classes) for one in order(mine, new, ring)] == sizes.tolist()


@given(new=ROWS, earlier=st.lists(ROWS, min_size=1, max_size=3))
@QUICKLY
def test_another_release_never_enlarges_a_candidate_set(
    new: list[Row], earlier: list[list[Row]], ring: KeyRing
) -> None:
    mine, others = held(sketch(new, ring), [sketch(one, ring) for one in earlier])
    fewer = candidate_sizes(mine, others[:-1])
    assert bool(np.all(candidate_sizes(mine, others) <= fewer))


@given(rows=ROWS, k=st.integers(1, 4))
@QUICKLY
def test_equal_cohorts_have_no_difference(rows: list[Row], k: int, ring: KeyRing) -> None:
    found = compare(sketch(rows, ring), [sketch(rows[::-1], ring, "P-0")], k=k)
    cohorts = found.findings[0]
    assert (cohorts.numbers["only_new"], cohorts.numbers["only_earlier"]) == (0, 0)
    assert not any(one.broken for one in found.findings)
    assert "subtraction" not in {one.kind for one in found.findings}


@given(new=ROWS, earlier=ROWS, k=st.integers(1, 4))
@QUICKLY
def test_every_count_is_what_sets_say(
    new: list[Row], earlier: list[Row], k: int, ring: KeyRing
) -> None:
    found = compare(sketch(new, ring), [sketch(earlier, ring, "P-0")], k=k)
    mine, theirs = classes(new), classes(earlier)
    both = set(mine) & set(theirs)
    assert {
        "only_new": len(set(mine) - both),
        "only_earlier": len(set(theirs) - both),
        "both": len(both),
    } == found.findings[0].numbers
    together = {one: candidates(one, [mine, theirs]) for one in both}
    best = {one: min(candidates(one, [each]) for each in (mine, theirs)) for one in both}
    assert min(together.values(), default=None) == found.colluding.minimum
    assert sum(size < k for size in together.values()) == found.colluding.below_k
    assert (
        sum(size < k <= best[one] for one, size in together.items())
        == found.colluding.below_k_by_composition
    )
    told = ((mine, values(new)), (theirs, values(earlier)))
    left = [[set().union(*(said[q] for q in held[one])) for held, said in told] for one in both]
    ones = [sets for sets in left if len(sets[0] & sets[1]) == 1]
    anew = [sets for sets in ones if min(map(len, sets)) > 1]
    assert len(ones) == found.colluding.one_value.get("s", 0)
    assert len(anew) == found.colluding.one_value_by_composition.get("s", 0)


@given(new=ROWS, earlier=ROWS, k=st.integers(2, 4))
@QUICKLY
def test_subtracted_cells_are_what_sets_say(
    new: list[Row], earlier: list[Row], k: int, ring: KeyRing
) -> None:
    found = compare(sketch(new, ring), [sketch(earlier, ring, "P-0")], k=k)
    mine, theirs = {one for one, *_ in new}, {one for one, *_ in earlier}
    told = [one for one in found.findings if one.kind == "subtraction"]
    least = min(len(mine - theirs), len(theirs - mine))
    assert bool(told) == (mine != theirs and least < k and bool(mine & theirs))
    for one in told:
        for columns, name in (((1,), "q"), ((2,), "s"), ((1, 2), "q x s")):
            counts: list[dict[tuple[str, ...], set[str]]] = [defaultdict(set), defaultdict(set)]
            for rows, count in zip((new, earlier), counts, strict=True):
                for row in rows:
                    count[tuple(row[at] for at in columns)].add(row[0])
            pairs = [
                (len(counts[0][cell]), len(counts[1][cell]))
                for cell in set(counts[0]) | set(counts[1])
            ]
            small = sum(0 < abs(a - b) < k and not 0 < a < k and not 0 < b < k for a, b in pairs)
            assert small == one.numbers.get(f"cells of {name}", 0)
