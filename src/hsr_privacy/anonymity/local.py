"""Local recoding: every class on levels of its own, as low as the others who stand there allow."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.bounding import least_costs
from hsr_privacy.anonymity.grouping import original_cells, row_costs
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.repairing import Placed, one_for_all, place, rows_lost
from hsr_privacy.anonymity.search import budget, check_request, nothing
from hsr_privacy.anonymity.solution import Found, Solution, describe
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.models import PrivacyModel

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


def recode_locally(
    table: FrequencyTable,
    *,
    models: Sequence[PrivacyModel],
    max_suppressed: float = 0.0,
    weights: Sequence[float] | Mapping[str, float] | None = None,
) -> Solution:
    """Generalize every class as little as it needs; the additive loss, with a bound and its gap.

    It keeps much more than one level per column does, and never less. But cells of one column then
    stand on different levels, and why a cell is coarser than another tells something of those who
    share it (downcoding): it is for controlled settings. Why, and what the other methods tell, is in
    docs/decisions/0012 and 0013.

    Args:
        table: the distinct combinations with their counts.
        models: what every released class must satisfy; of those that judge all classes together
            only the ones that compare with the shares of the whole table.
        max_suppressed: largest share of rows (0-1) that may be removed where nothing fits.
        weights: how much the loss of each column counts.

    Raises:
        BudgetExceeded: neither this way nor with one level per column was anything found that keeps
            to the budget.
        DataError: more than 500,000 combinations of levels, or a model that cannot be kept.

    Source: Cohen 2022, "Attacks on deidentification's defenses", USENIX Security (downcoding); for
        the method, see `settle`.
    """
    began = time.perf_counter()
    weighed = check_request(table, models, max_suppressed, weights)
    if not table.total_rows:
        return nothing(table, models, Found("local", "additive", weighed, None, 1, 0, 0.0))
    lattice = Lattice.of(table, weighed)
    limit = budget(table, max_suppressed)
    done, visited = place(lattice, models, limit)
    alike = one_for_all(lattice, models, limit)
    if isinstance(alike, Placed) and rows_lost(lattice, alike) < rows_lost(lattice, done):
        done = alike
    lost = row_costs(lattice, table.packed, done.node_of)
    bound = least_costs(lattice, models, known=np.where(done.suppressed, 1.0, lost))
    cells = original_cells(lattice, done.node_of)
    found = Found(
        "local",
        "additive",
        weighed,
        float((bound * table.rows).sum()) / table.total_rows,
        lattice.nodes,
        visited,
        time.perf_counter() - began,
    )
    return describe(
        table,
        models,
        levels=cells[~done.suppressed].max(axis=0, initial=0).tolist(),
        suppressed=done.suppressed,
        found=found,
        cells=cells,
    )
