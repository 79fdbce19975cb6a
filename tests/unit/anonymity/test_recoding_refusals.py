"""What local recoding and suppressed cells refuse, and what the refusals say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.settling import settle
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import (
    AllSubsets,
    AverageRisk,
    DistinctLDiversity,
    KAnonymity,
    PrivacyModel,
    Scenario,
)

Method = Callable[..., Solution]
METHODS: tuple[Method, ...] = (recode_locally, suppress_cells, recode_jointly)
LADDER = [(str(n), f"{n // 2} of 2", f"{n // 4} of 4", "*") for n in range(8)]


def ladders(columns: int, rows: int = 8, **more: object) -> FrequencyTable:
    """So many columns of four levels, which say the same of each row."""
    tables = tuple(HierarchyTable.from_rows(f"q{j}", LADDER) for j in range(columns))
    codes = np.repeat(np.arange(rows)[:, None] % 8, columns, axis=1)
    return FrequencyTable.from_rows(tables, codes, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "model", [AverageRisk(0.5), Scenario("neighbour", ("q0",), 2), AllSubsets(1, 2)]
)
def test_models_over_all_classes_together_are_refused(method: Method, model: PrivacyModel) -> None:
    with pytest.raises(DataError, match=r"judged over all classes together.* use full-domain"):
        method(ladders(2), models=[KAnonymity(2), model])


@pytest.mark.parametrize("method", [recode_locally, recode_jointly])
def test_too_many_combinations_of_levels_are_refused_with_what_to_do(method: Method) -> None:
    with pytest.raises(DataError, match=r"1048576 combinations.* leave out columns"):
        method(ladders(10), models=[KAnonymity(2)])


@pytest.mark.parametrize("reading", ["own-category", "wildcard"])
def test_too_many_columns_of_cells_are_refused_with_what_to_do(reading: str) -> None:
    with pytest.raises(DataError, match=r"19 columns make 524288 combinations.* leave out columns"):
        suppress_cells(ladders(19), models=[KAnonymity(2)], reading=reading)  # type: ignore[arg-type]


def test_eighteen_columns_of_cells_are_taken() -> None:
    assert suppress_cells(ladders(18, rows=16), models=[KAnonymity(2)]).suppressed_cells == 0


@pytest.mark.parametrize("method", [suppress_cells, recode_jointly])
def test_a_hierarchy_without_a_value_for_a_suppressed_cell_is_refused(method: Method) -> None:
    halves = HierarchyTable.from_rows("half", [("a", "ab"), ("b", "ab"), ("c", "cd")])
    table = FrequencyTable.from_rows((halves,), [[0], [1], [2]])
    with pytest.raises(DataError, match=r"column 'half'.* add a level on which all are '\*'"):
        method(table, models=[KAnonymity(2)])


def test_a_loss_that_is_no_sum_over_cells_is_refused() -> None:
    lattice = Lattice.of(ladders(1), (1.0,), loss="entropy")
    with pytest.raises(DataError, match="'entropy' is for full-domain"):
        settle(lattice, [KAnonymity(2)])


def test_the_wildcard_reading_counts_persons_only() -> None:
    table = ladders(2, sensitive={"secret": list(range(8))})
    models: list[PrivacyModel] = [KAnonymity(2), DistinctLDiversity("secret", 2)]
    with pytest.raises(DataError, match="leave out distinct l-diversity"):
        suppress_cells(table, models=models, reading="wildcard")


def test_the_wildcard_reading_takes_nobody_twice() -> None:
    table = ladders(1, rows=4, person=[0, 0, 1, 2])
    with pytest.raises(DataError, match="leave out the column that tells persons apart, or"):
        suppress_cells(table, models=[KAnonymity(2)], reading="wildcard")


def test_the_wildcard_reading_says_how_many_combinations_it_compares() -> None:
    many = 50_001
    values = HierarchyTable.from_rows("number", [(str(n), "*") for n in range(many)])
    table = FrequencyTable.from_rows((values,), np.arange(many)[:, None])
    with pytest.raises(DataError, match=f"{many} combinations.* at most 50000.* coarser levels"):
        suppress_cells(table, models=[KAnonymity(2)], reading="wildcard")


@pytest.mark.parametrize("max_suppressed", [0.0, 0.3])
def test_who_fits_nowhere_and_may_not_be_suppressed_is_told_of(max_suppressed: float) -> None:
    halves = HierarchyTable.from_rows("half", [("a", "ab"), ("b", "ab"), ("c", "cd")])
    table = FrequencyTable.from_rows((halves,), [[0], [1], [2]])
    with pytest.raises(BudgetExceeded, match=r"within 0 of 3 rows.* are 1 rows, at half: level 1"):
        recode_locally(table, models=[KAnonymity(2)], max_suppressed=max_suppressed)


def test_who_fits_nowhere_is_suppressed_if_that_is_allowed() -> None:
    halves = HierarchyTable.from_rows("half", [("a", "ab"), ("b", "ab"), ("c", "cd")])
    table = FrequencyTable.from_rows((halves,), [[0], [1], [2]])
    solution = recode_locally(table, models=[KAnonymity(2)], max_suppressed=0.34)
    assert solution.labels_of("half")[:2] == ["ab", "ab"]
    assert solution.suppressed.tolist() == [False, False, True]


@pytest.mark.parametrize("method", METHODS)
def test_no_rows_give_a_solution_without_classes(method: Method) -> None:
    solution = method(ladders(2, rows=0), models=[KAnonymity(5)])
    assert (solution.rows, solution.classes, solution.loss, solution.k) == (0, 0, 0.0, 0)
    assert solution.labels_of("q0") == []


@pytest.mark.parametrize("method", METHODS)
def test_no_model_is_no_protection(method: Method) -> None:
    with pytest.raises(DataError, match="no privacy model"):
        method(ladders(1), models=[])
