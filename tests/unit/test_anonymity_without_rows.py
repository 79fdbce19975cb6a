"""Tables without rows, with and without a population: there is nothing to release, and that is fine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import KAnonymity, KMap, PrivacyModel
from tests.plain_optimum import Loss
from tests.plain_tables import LOSSES

SEX = HierarchyTable.from_rows("sex", [("m", "*"), ("f", "*")])


def without_rows() -> FrequencyTable:
    return FrequencyTable.from_rows((SEX,), np.empty((0, 1), int))


def only_a_population() -> FrequencyTable:
    none = np.zeros(2, int)
    persons = np.array([5, 3])
    return FrequencyTable.of_codes((SEX,), [[0], [1]], none, none, measures={"population": persons})


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("table", "model"), [(without_rows(), KAnonymity(5)), (only_a_population(), KMap(2))]
)
def test_nothing_is_lost_and_nothing_released(
    table: FrequencyTable, model: PrivacyModel, loss: Loss
) -> None:
    solution = search(table, models=[model], loss=loss)

    assert (solution.loss, solution.gap, solution.granularity) == (0, 0, 1)
    assert (solution.rows, solution.classes, solution.suppressed_rows) == (0, 0, 0)
    assert solution.levels == {"sex": 0}


@pytest.mark.parametrize("recode", [recode_locally, suppress_cells, recode_jointly])
@pytest.mark.parametrize(
    ("table", "model"), [(without_rows(), KAnonymity(5)), (only_a_population(), KMap(2))]
)
def test_no_other_method_stumbles_over_it(
    table: FrequencyTable, model: PrivacyModel, recode: Callable[..., Solution]
) -> None:
    solution = recode(table, models=[model])

    assert (solution.loss, solution.gap, solution.rows) == (0, 0, 0)
