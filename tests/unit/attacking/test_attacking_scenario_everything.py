"""Everything known: who is alone by columns that nobody named."""

from __future__ import annotations

import json

import polars as pl
import pytest

from hsr_privacy.attacking.everything import everything_known
from hsr_privacy.errors import DataError
from tests.unit.attacking.scenario_tables import frame

ROWS = """
    who | sex | age   | minutes | shocks
    a   | m   | 40-49 | 7       | 0
    b   | m   | 40-49 | 7       | 0
    c   | m   | 40-49 | 9       | 0
    d   | f   | 40-49 | 7       | 1
    e   | f   | 40-49 |         | 1
    e   | f   | 40-49 |         | 1
"""


def test_a_column_that_nobody_named_tells_apart_who_reads_alike() -> None:
    found = everything_known(
        frame(ROWS),
        columns=["sex", "age", "minutes", "shocks"],
        quasi_identifiers=["sex", "age"],
        person="who",
    )

    assert found.by_quasi_identifiers.persons == 5
    assert found.by_quasi_identifiers.alone == 0
    # c, d and e; e has two rows and shares them with nobody
    assert found.by_everything.alone == 3
    assert [(one.column, one.alone.alone) for one in found.one_more] == [
        ("minutes", 3),
        ("shocks", 0),
    ]
    assert found.columns == ("sex", "age", "minutes", "shocks")


def test_without_persons_every_row_is_one() -> None:
    found = everything_known(frame(ROWS), columns=["minutes"], quasi_identifiers=[])

    assert found.by_quasi_identifiers.alone == 0
    assert (found.by_everything.persons, found.by_everything.alone) == (6, 1)


def test_one_row_alone_is_alone() -> None:
    found = everything_known(frame("sex\nm\n"), columns=["sex"], quasi_identifiers=["sex"])

    assert (found.by_quasi_identifiers.alone, found.by_everything.alone) == (1, 1)


def test_an_empty_release_has_nobody() -> None:
    found = everything_known(frame("sex\nm\n").clear(), columns=["sex"], quasi_identifiers=["sex"])

    assert found.by_everything.share == 0
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["columns"] == ["sex"]


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = frame(ROWS)
    known = {"columns": rows.columns[1:], "quasi_identifiers": ["sex"], "person": "who"}

    assert everything_known(rows, **known) == everything_known(rows.reverse(), **known)  # type: ignore[arg-type]


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(DataError, match="has no column 'lactate'"):
        everything_known(
            pl.DataFrame({"sex": ["m"]}), columns=["lactate"], quasi_identifiers=["sex"]
        )
