"""On whom suppression falls: groups, their shares and intervals, and no group that is a cell."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from hsr_privacy.anonymity.solution import Found, describe
from hsr_privacy.estimates import wilson
from hsr_privacy.explaining import explain
from hsr_privacy.explaining.explanation import Explanation, Grouping
from hsr_privacy.explaining.intervals import LEVEL, share_of
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import AverageRisk, KAnonymity, MaximumRisk
from tests.unit.explaining.plain import (
    AGE,
    PLACE,
    SEX,
    TABLES,
    cell_loss,
    counted,
    people,
    text,
    told,
)


def grouping(explanation: Explanation, column: str, by: str) -> Grouping:
    return next(g for g in explanation.groupings if g.column == column and g.by == by)


def test_groups_are_nodes_of_the_coarsest_level_that_has_several() -> None:
    explanation = told(people(2000), k=5).explanation

    assert grouping(explanation, "age", "node").level_name == "half"
    assert grouping(explanation, "place", "node").level_name == "county"
    assert [g.label for g in grouping(explanation, "sex", "node").groups] == ["m", "f"]


def test_a_group_is_counted_as_a_recount_says() -> None:
    one = told(people(2000), k=5)
    levels = list(one.solution.levels.values())
    losses = {
        row: 1.0
        if one.is_suppressed(row)
        else sum(cell_loss(t, v, n) for t, v, n in zip(TABLES, row, levels, strict=True)) / 3
        for row in set(one.rows)
    }
    gone = one.solution.suppressed_rows / 2000
    mean = 1 - one.solution.granularity

    for group in grouping(one.explanation, "age", "node").groups:
        rows = [row for row in one.rows if text(AGE, row[1], 2) == group.label]
        out = sum(one.is_suppressed(row) for row in rows)
        loss = sum(losses[row] for row in rows) / len(rows)
        assert group.rows == group.persons == len(rows)
        assert group.suppressed_rows == out
        assert group.rows_share is not None
        assert group.rows_share.share == pytest.approx(out / len(rows))
        assert group.rows_share.ratio == pytest.approx(out / len(rows) / gone)
        assert (group.rows_share.low, group.rows_share.high) == pytest.approx(
            wilson(out / len(rows), len(rows), level=LEVEL)
        )
        assert group.loss == pytest.approx(loss)
        assert group.loss_ratio == pytest.approx(loss / mean)


def test_suppressed_cells_are_a_share_of_the_cells_of_released_rows() -> None:
    one = told(people(2000), method="joint", k=5)
    masked = one.solution.masked
    assert masked is not None
    for group in grouping(one.explanation, "sex", "node").groups:
        rows = [row for row in one.rows if row[0] == group.label and not one.is_suppressed(row)]
        cells = sum(int(masked[one.class_of(row)].sum()) for row in rows)
        assert group.cells_share is not None
        assert group.cells_share.share == pytest.approx(cells / (3 * len(rows)))


def test_cells_of_suppressed_rows_are_in_no_share_of_cells() -> None:
    """Ten women lose their age, and six of sixteen men are removed."""
    rows = [("m", "20", "a1")] * 10 + [("f", "20", "a1")] * 10 + [("m", "30", "b1")] * 6
    table, models = counted(rows), [KAnonymity(3)]
    is_woman, is_removed = table.codes[:, 0] == 1, table.codes[:, 1] == 10
    masked = np.stack([is_woman & False, is_woman, is_woman & False], axis=1)
    solution = describe(
        table,
        models,
        levels=[0, 0, 0],
        suppressed=is_removed,
        found=Found("joint", "additive", (1.0, 1.0, 1.0), 0.0, 1, 1, 0.0),
        cells=np.where(masked, np.array([1, 3, 2]), 0).astype(np.int8),
        masked=masked,
    )
    found = explain(solution, models=models, max_suppressed=0.5, max_points=0)

    men, women = grouping(found, "sex", "node").groups
    assert (men.rows, men.suppressed_rows, women.rows, women.suppressed_rows) == (16, 6, 10, 0)
    assert men.cells_share is not None
    assert women.cells_share is not None
    assert men.cells_share.share == 0
    assert women.cells_share.share == pytest.approx(1 / 3)
    assert women.cells_share.ratio == pytest.approx(2)


def test_a_level_with_more_than_twelve_nodes_gives_quarters_of_the_rows_instead() -> None:
    flat = HierarchyTable.from_rows("town", [(f"t{n}", "*") for n in range(40)])
    rows = [("m", f"t{n}") for n in range(40) for _ in range(1 + n)]
    found = told(rows, tables=(SEX, flat), k=3, max_suppressed=1.0).explanation

    quarters = grouping(found, "town", "quarter").groups
    middle = [sum(range(1, n + 1)) + (n + 1) / 2 for n in range(40)]
    of_quarter = Counter(
        min(int(4 * at / len(rows)), 3) for n, at in enumerate(middle) for _ in range(n + 1)
    )
    assert [g.rows for g in quarters] == [of_quarter[n] for n in range(4)]
    assert [(g.least, g.most) for g in quarters] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert all(g.label is None for g in quarters)
    assert quarters[0].loss > quarters[3].loss


def test_values_are_banded_by_their_rows() -> None:
    one = told(people(2000), k=20)
    rows_of = Counter(row[2] for row in one.rows)
    bands = grouping(one.explanation, "place", "frequency")

    assert (bands.of, [(g.least, g.most) for g in bands.groups]) == (
        "all",
        [(10, 99), (100, 9_999)],
    )
    for group in bands.groups:
        inside = [r for r in one.rows if (group.least or 0) <= rows_of[r[2]] <= (group.most or 0)]
        assert group.rows == len(inside)
        assert group.suppressed_rows == sum(one.is_suppressed(row) for row in inside)


def test_a_node_of_few_persons_is_among_the_others() -> None:
    rows = [("m", "20", "a1")] * 30 + [("m", "20", "b1")] * 30 + [("m", "20", "c1")] * 2
    rows += [("m", "20", "d1")] * 4
    found = told(rows, k=5, max_suppressed=0.5).explanation

    groups = grouping(found, "place", "node").groups
    assert [(g.kind, g.label, g.rows) for g in groups] == [
        ("node", "a", 30),
        ("node", "b", 30),
        ("others", None, 6),
    ]


def test_others_take_in_the_smallest_until_they_are_enough() -> None:
    rows = [("m", "20", "a1")] * 30 + [("m", "20", "b1")] * 20 + [("m", "20", "c1")] * 9
    rows += [("m", "20", "d1")] * 2
    found = told(rows, k=3, max_suppressed=0.0).explanation

    groups = grouping(found, "place", "node").groups
    assert [(g.kind, g.label, g.rows) for g in groups][-2:] == [
        ("node", "b", 20),
        ("others", None, 11),
    ]


def test_a_few_suppressed_rows_are_told_of_no_group() -> None:
    """Three removed rows: which sex they were would be a cell of one or two persons."""
    rows = [("m", "20", "a1")] * 40 + [("f", "20", "a1")] * 40 + [("m", "90", "d1")] * 2
    rows += [("f", "80", "c1")]
    one = told(rows, k=4, max_suppressed=0.1)
    assert one.solution.suppressed_rows == 3

    sexes = grouping(one.explanation, "sex", "node")
    assert sexes.of == "released"
    assert [(g.label, g.rows, g.suppressed_rows, g.rows_share) for g in sexes.groups] == [
        ("m", 40, None, None),
        ("f", 40, None, None),
    ]


def test_a_node_of_few_suppressed_takes_in_the_one_of_which_as_many_are() -> None:
    """Two of county a: with county b, of which none is removed, and not with c, which is hit hard."""
    rows = [("m", "20", "a1")] * 500 + [("m", "20", "b1")] * 300 + [("m", "20", "c1")] * 9
    rows += [("m", str(80 + n), "a1") for n in range(2)]
    rows += [("f", str(60 + n), "c1") for n in range(9)]
    one = told(rows, k=4, max_suppressed=0.1)

    groups = grouping(one.explanation, "place", "node").groups
    assert [(g.kind, g.label, g.rows, g.suppressed_rows) for g in groups] == [
        ("node", "c", 18, 9),
        ("others", None, 802, 2),
    ]


def test_a_node_of_few_persons_takes_in_the_smallest() -> None:
    rows = [("m", "20", "a1")] * 50 + [("m", "20", "b1")] * 30 + [("m", "20", "c1")] * 20
    rows += [("m", "20", "d1")]
    found = told(rows, k=4, max_suppressed=0.0).explanation

    groups = grouping(found, "place", "node").groups
    assert [(g.kind, g.label, g.rows) for g in groups] == [
        ("node", "a", 50),
        ("node", "b", 30),
        ("others", None, 21),
    ]


def test_equal_values_stay_in_one_quarter() -> None:
    flat = HierarchyTable.from_rows("town", [(f"t{n}", "*") for n in range(20)])
    rows = [(f"t{n}",) for n in range(20) for _ in range(5 if n < 19 else 40)]
    found = told(rows, tables=(flat,), k=3).explanation

    quarters = grouping(found, "town", "quarter").groups
    assert [(g.least, g.most, g.rows) for g in quarters] == [(2, 2, 95), (4, 4, 40)]


def test_a_few_persons_with_a_suppressed_cell_are_told_of_no_group() -> None:
    """Three rows lose their age and their sex: two women and a man."""
    rows = [("m", "20", "a1")] * 50 + [("f", "20", "a1")] * 50
    rows += [("f", "30", "a1"), ("f", "31", "a1"), ("m", "32", "a1")]
    one = told(rows, k=3, method="cells", max_suppressed=0.0)

    assert one.solution.suppressed_cells == 6
    assert [g for g in one.explanation.groupings if g.column == "sex"] == []


def test_a_node_of_few_suppressed_joins_the_node_most_like_it() -> None:
    """Two of county a: with county b, of which three are removed, they are of neither alone."""
    rows = [("m", "20", "a1")] * 400 + [("m", "20", "b1")] * 300 + [("m", "20", "c1")] * 9
    rows += [("m", str(80 + n), "a1") for n in range(2)] + [
        ("m", str(80 + n), "b1") for n in range(3)
    ]
    rows += [("f", str(60 + n), "c1") for n in range(9)]
    one = told(rows, k=4, max_suppressed=0.1)
    assert one.solution.levels == {"sex": 0, "age": 0, "place": 0}

    groups = grouping(one.explanation, "place", "node").groups
    assert [(g.kind, g.label, g.rows, g.suppressed_rows) for g in groups] == [
        ("node", "c", 18, 9),
        ("others", None, 705, 5),
    ]


def test_persons_count_and_not_rows() -> None:
    rows = [("m", "20", "a1")] * 30 + [("f", "20", "a1")] * 30
    person = [*range(30), *(100 + n % 2 for n in range(30))]
    found = told(rows, k=3, max_suppressed=1.0, person=person).explanation

    assert [g for g in found.groupings if g.column == "sex"] == []


def test_a_missing_value_is_a_group_without_a_label() -> None:
    tables = (SEX.with_missing(), AGE, PLACE)
    rows = [*people(500), *[(None, "20", "a1")] * 40]
    found = told(rows, k=5, tables=tables).explanation

    groups = grouping(found, "sex", "node").groups
    assert [(g.kind, g.label) for g in groups][-1] == ("missing", None)


@pytest.mark.parametrize(
    ("models", "least"), [([MaximumRisk(0.1)], 10), ([AverageRisk(0.5)], 5), (None, 3)]
)
def test_as_many_persons_stand_behind_a_figure_as_the_models_ask(
    models: list[MaximumRisk | AverageRisk] | None, least: int
) -> None:
    found = told(people(), k=2, models=models, max_suppressed=1.0).explanation

    assert found.least_persons == least


def test_nothing_suppressed_is_a_share_of_nothing() -> None:
    found = told([("m", "20", "a1")] * 9 + [("f", "30", "a2")] * 9).explanation

    for group in grouping(found, "sex", "node").groups:
        assert group.rows_share is not None
        assert (group.rows_share.share, group.rows_share.low, group.rows_share.ratio) == (
            0,
            0,
            None,
        )
        assert group.rows_share.differs is None
        assert group.cells_share is None
        assert (group.loss, group.loss_ratio) == (0, None)


def test_wilson_is_the_interval_of_the_book() -> None:
    """Ten of a hundred at 99 per cent, as ``scipy.stats.binomtest`` has it."""
    assert wilson(0.1, 100, level=0.99) == pytest.approx((0.0460258117, 0.2037507385))
    assert wilson(0.0, 10)[0] == 0
    assert wilson(1.0, 10)[1] == 1


def test_a_small_number_does_not_frighten() -> None:
    assert share_of(0.5, 4, whole=0.2).differs is None
    assert share_of(0.5, 400, whole=0.2).differs == "more"
    assert share_of(0.01, 4000, whole=0.2).differs == "less"
    assert share_of(0.2, 10, whole=0.1).ratio == pytest.approx(2)


def test_an_empty_table_has_no_groups() -> None:
    assert told([]).explanation.groupings == ()
    assert counted([]).classes == 0
