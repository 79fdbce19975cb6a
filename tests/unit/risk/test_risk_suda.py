"""Special uniques, against sdcMicro's scores of its own small table and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.risk.subsets import pass_over
from hsr_privacy.risk.suda import Scored, dis_of, dis_suda, score, special_uniques
from tests.pipe_tables import cells, table_of

FRANCDAT = """
key1 | key2 | key3 | key4
1    | 2    | 5    | 1
1    | 2    | 1    | 1
1    | 2    | 1    | 1
3    | 3    | 1    | 5
4    | 3    | 1    | 4
4    | 3    | 1    | 1
6    | 2    | 1    | 5
1    | 2    | 5    | 1
"""


def scores_of(text: str, scored: Scored, table: FrequencyTable, what: str) -> list[float]:
    """The score of every row."""
    by_class = dict(zip(scored.classes.tolist(), getattr(scored, what).tolist(), strict=True))
    leaves = [
        tuple(one.leaf_index[value] for one, value in zip(table.hierarchies, row, strict=True))
        for row in cells(text)[1:]
    ]
    place = {tuple(codes): number for number, codes in enumerate(table.codes.tolist())}
    return [by_class.get(place[row], 0.0) for row in leaves]


def test_the_scores_of_sdcmicro() -> None:
    table = table_of(FRANCDAT)
    scored = score(pass_over(table))
    assert scores_of(FRANCDAT, scored, table, "original") == [0, 0, 0, 8, 6, 4, 8, 0]
    assert scores_of(FRANCDAT, scored, table, "alternative") == [0, 0, 0, 2.25, 1.75, 1, 2.25, 0]


def test_what_makes_the_scores() -> None:
    # Alone on one column: row 4 and 7 by key1, row 5 by key4. On two: rows 4 and 7 by (key2, key4),
    # row 6 by (key1, key4) and by (key2, key4). In all 3 times 3! and 4 times 2!.
    table = table_of(FRANCDAT)
    found = special_uniques(table, pass_over(table), dis_fraction=0.01)
    assert (found.persons, found.minimal) == (4, (3, 4, 0, 0))
    assert found.original.maximum == 8
    assert found.original.average == pytest.approx(26 / 8)
    assert found.original.median == pytest.approx(7)
    assert found.contributions == pytest.approx(
        {"key1": 14 / 26, "key2": 6 / 26, "key3": 0, "key4": 14 / 26}
    )
    assert found.alternative_contributions == pytest.approx(
        {"key1": 4 / 7.25, "key2": 1.5 / 7.25, "key3": 0, "key4": 3.75 / 7.25}
    )


def test_dis_is_the_chance_that_an_only_one_is_the_only_one() -> None:
    # Four are alone and two classes hold two: 4 * 0.01 of (4 * 0.01 + 4 * 0.99).
    assert dis_of(4, 2, 0.01) == pytest.approx(0.01)
    assert dis_of(4, 0, 0.01) == 1
    assert dis_of(4, 2, 1.0) == 1
    assert dis_of(0, 2, 0.01) is None


def test_who_has_more_score_gets_more_of_the_chance() -> None:
    # Four columns: the exponent is 1 + 4 / 20.
    powers = np.array([2.25, 1.75, 1.0, 2.25]) ** 1.2
    adjusted = powers * (1 / powers).sum()
    expected = 1 / (1 + (4 / 0.01 - 4) / adjusted)
    assert dis_suda(np.array([2.25, 1.75, 1.0, 2.25]), 4, 0.01, 4) == pytest.approx(expected)
    assert dis_suda(np.array([2.0, 0.0]), 2, 0.5, 3)[1] == 0


def test_in_the_whole_population_who_is_alone_is_found() -> None:
    table = table_of(FRANCDAT)
    found = special_uniques(table, pass_over(table), dis_fraction=1.0)
    assert (found.dis, found.dis_suda.maximum, found.dis_suda.median) == (1, 1, 1)


def test_one_person_with_two_rows_is_alone_all_the_same() -> None:
    text = """
    sex | age | person
    m   | 70  | ola
    m   | 80  | ola
    f   | 70  | kari
    f   | 70  | anne
    """
    table = table_of(text)
    found = special_uniques(table, pass_over(table), dis_fraction=1.0)
    # By sex alone both rows of Ola are his; by age his row of 80 is as well.
    assert (found.persons, found.minimal) == (2, (3, 0))


def test_where_everybody_is_like_somebody_nobody_has_a_score() -> None:
    table = table_of("sex | age\nm | 70\nm | 70\nf | 80\nf | 80")
    found = special_uniques(table, pass_over(table), dis_fraction=0.1)
    assert (found.persons, found.minimal, found.dis) == (0, (0, 0), None)
    assert found.original.maximum == found.dis_suda.maximum == 0
    assert set(found.contributions.values()) == {0.0}


def test_a_single_person_is_alone_on_every_column() -> None:
    table = table_of("sex | age\nm | 70")
    assert special_uniques(table, pass_over(table), dis_fraction=1.0).minimal == (2, 0)


def test_what_was_left_out_is_named() -> None:
    heading = " | ".join(f"c{n}" for n in range(14))
    rows = "\n".join(" | ".join(str(n * m % 3) for n in range(14)) for m in range(9))
    table = table_of(f"{heading}\n{rows}")
    found = special_uniques(table, pass_over(table), dis_fraction=1.0)
    assert (found.columns, found.largest, len(found.minimal)) == (14, 5, 5)


@pytest.mark.parametrize("fraction", [0.0, 1.1, float("nan")])
def test_the_fraction_is_a_share(fraction: float) -> None:
    table = table_of(FRANCDAT)
    with pytest.raises(DataError, match="share above 0"):
        special_uniques(table, pass_over(table), dis_fraction=fraction)


def test_the_json_is_plain() -> None:
    table = table_of(FRANCDAT)
    found = special_uniques(table, pass_over(table), dis_fraction=0.01).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
