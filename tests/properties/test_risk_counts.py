"""The risk report agrees with counting by hand, in plain Python, on any table."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.risk import assess

Row = tuple[str | None, str | None, int | None, str | None]
VALUE = st.sampled_from(["x", "y", None])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", None]), VALUE, st.sampled_from([1, 2, None]), VALUE
    ),
    max_size=30,
)
SCHEMA = {"person": pl.String, "q1": pl.String, "q2": pl.Int64, "s": pl.String}


def frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(rows=ROWS, threshold=st.sampled_from([0.0, 0.2, 0.5, 1.0]))
def test_every_number_is_what_a_dictionary_counts(rows: list[Row], threshold: float) -> None:
    persons: dict[Any, set[Any]] = defaultdict(set)
    values: dict[Any, set[Any]] = defaultdict(set)
    for person, q1, q2, s in rows:
        persons[q1, q2].add(person)
        values[q1, q2].add(s)
    report = assess(
        frame(rows),
        quasi_identifiers=["q1", "q2"],
        person="person",
        sensitive=["s"],
        threshold=threshold,
    )
    sizes = [len(members) for members in persons.values()]
    risks = [1 / size for size in sizes for _ in range(size)]
    assert report.rows == len(rows)
    assert report.persons == len({person for person, *_ in rows})
    assert report.classes == len(sizes)
    assert report.k == min(sizes, default=0)
    assert report.unique_persons == sizes.count(1)
    assert report.prosecutor.maximum == max(risks, default=0)
    assert abs(report.prosecutor.average - (sum(risks) / len(risks) if risks else 0)) < 1e-12
    above = sum(risk > threshold for risk in risks)
    assert report.prosecutor.share_above == (above / len(risks) if risks else 0)
    assert report.distinct_l["s"] == min(map(len, values.values()), default=0)
    same = [key for key, seen in values.items() if len(seen) == 1]
    assert report.sensitive["s"].homogeneous_classes == len(same)
    assert report.sensitive["s"].persons_in_homogeneous == sum(len(persons[key]) for key in same)
    assert sum(size.classes for size in report.sizes) == len(sizes)
    assert sum(size.persons for size in report.sizes) == sum(sizes)
    assert sum(size.rows for size in report.sizes) == len(rows)


@given(rows=ROWS, seed=st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[Row], seed: Any) -> None:
    shuffled = list(rows)
    seed.shuffle(shuffled)
    asked: dict[str, Any] = {
        "quasi_identifiers": ["q1", "q2"],
        "person": "person",
        "sensitive": ["s"],
    }
    assert assess(frame(shuffled), **asked) == assess(frame(rows), **asked)


@given(rows=ROWS)
def test_one_more_quasi_identifier_never_lowers_the_risk(rows: list[Row]) -> None:
    one = assess(frame(rows), quasi_identifiers=["q1"], person="person", sensitive=["s"])
    two = assess(frame(rows), quasi_identifiers=["q1", "q2"], person="person", sensitive=["s"])
    assert two.k <= one.k
    assert two.classes >= one.classes
    assert (two.prosecutor.maximum or 0) >= (one.prosecutor.maximum or 0)
    assert two.distinct_l["s"] <= one.distinct_l["s"]
