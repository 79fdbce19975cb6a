"""Verify counts what two nested loops count, on any small table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.verification import Verification, verify

CELL = st.sampled_from(["", "*", "a", "b", "10", "9"])
Row = tuple[str, str, str, str]
ROWS = st.lists(st.tuples(CELL, CELL, st.sampled_from(["", "p", "q", "r"]), CELL), min_size=1)


def verified(rows: Sequence[Row], **asked: str) -> Verification:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        pl.DataFrame(rows, schema=["x", "y", "who", "ill"], orient="row").write_parquet(path)
        return verify(path, quasi_identifiers=["x", "y"], sensitive=["ill"], **asked)  # type: ignore[arg-type]


@given(ROWS)
def test_k_is_the_least_number_of_rows_that_are_alike(rows: list[Row]) -> None:
    assert verified(rows).k == min(sum(a[:2] == b[:2] for b in rows) for a in rows)


@given(ROWS)
def test_k_of_persons_counts_each_once(rows: list[Row]) -> None:
    least = min(len({b[2] for b in rows if a[:2] == b[:2]}) for a in rows)
    assert verified(rows, person="who").k == least


@given(ROWS)
def test_k_of_wildcards_counts_all_that_could_be_alike(rows: list[Row]) -> None:
    def agree(a: Row, b: Row) -> bool:
        return all(one == two or "*" in (one, two) for one, two in zip(a[:2], b[:2], strict=True))

    found = verified(rows, reading="wildcard")
    assert found.k == min(sum(agree(a, b) for b in rows) for a in rows)
    of_persons = verified(rows, reading="wildcard", person="who")
    assert of_persons.k == min(len({b[2] for b in rows if agree(a, b)}) for a in rows)
    assert found.k >= verified(rows).k


@given(ROWS)
def test_what_is_learned_is_what_the_shares_say(rows: list[Row]) -> None:
    values = in_order({row[3] for row in rows})
    classes = [[b[3] for b in rows if a[:2] == b[:2]] for a in rows]
    p = [share(value, [row[3] for row in rows]) for value in values]
    qs = [[share(value, cls) for value in values] for cls in classes]
    gains = [max((q[i] - p[i]) / p[i] for q in qs) for i in range(len(values))]
    bounds = [-math.log(one) for one in p]
    found = verified(rows).sensitive[0]
    assert found.distinct_l == min(len(set(cls)) for cls in classes)
    assert found.entropy_l == pytest.approx(
        min(math.exp(-sum(x * math.log(x) for x in q if x)) for q in qs)
    )
    assert found.c == pytest.approx(max(recursive(q, found.distinct_l) for q in qs))
    assert found.alpha == pytest.approx(max(map(max, qs)))
    assert found.t_equal == pytest.approx(max(equal(p, q) for q in qs), abs=1e-12)
    assert found.t_ordered == pytest.approx(max(ordered(p, q) for q in qs), abs=1e-12)
    assert found.beta == pytest.approx(max(gains), abs=1e-12)
    assert found.beta_enhanced == pytest.approx(max(map(min, gains, bounds)), abs=1e-12)
    assert found.gains_bounded == all(
        gain <= bound + 1e-9 for gain, bound in zip(gains, bounds, strict=True)
    )
    assert found.delta_occurring == pytest.approx(
        max(abs(math.log(x / y)) for q in qs for x, y in zip(q, p, strict=True) if x), abs=1e-12
    )
    assert (found.delta == math.inf) == any(0 in q for q in qs)
    one_valued = {row[:2] for row, cls in zip(rows, classes, strict=True) if len(set(cls)) == 1}
    assert found.homogeneous_classes == len(one_valued)


@given(ROWS)
def test_the_order_of_the_rows_changes_nothing(rows: list[Row]) -> None:
    one, other = verified(rows).sensitive[0], verified(sorted(rows)).sensitive[0]
    assert one.t_ordered == pytest.approx(other.t_ordered)
    assert one.delta_occurring == pytest.approx(other.delta_occurring)
    assert verified(rows).k == verified(sorted(rows)).k


def in_order(values: set[str]) -> list[str]:
    """Missing, suppressed, then numbers if all are, else text."""
    others = values - {"", "*"}
    numbers = all(value.isdigit() for value in others)
    rest = sorted(others, key=float) if numbers else sorted(others)
    return [value for value in ("", "*") if value in values] + rest


def share(value: str, cells: list[str]) -> float:
    return cells.count(value) / len(cells)


def recursive(q: list[float], ell: int) -> float:
    falling = sorted((x for x in q if x), reverse=True)
    rest = sum(falling[ell - 1 :])
    return falling[0] / rest if rest else math.inf


def equal(p: list[float], q: list[float]) -> float:
    return sum(abs(x - y) for x, y in zip(p, q, strict=True)) / 2


def ordered(p: list[float], q: list[float]) -> float:
    if len(p) == 1:
        return 0.0
    carried = (abs(sum(q[: i + 1]) - sum(p[: i + 1])) for i in range(len(p)))
    return sum(carried) / (len(p) - 1)
