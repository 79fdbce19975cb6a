"""Search the full-domain generalization of least loss that satisfies every model."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np

from hsr_privacy.anonymity.anytime import MOST_CHECKED, Anytime, Best
from hsr_privacy.anonymity.best_first import BestFirst, Nearest, Node
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.losses import LossName
from hsr_privacy.anonymity.solution import Found, Solution, describe
from hsr_privacy.compiled import begin_task
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.models import PrivacyModel

MOST_NODES: Final = 5_000_000
"""Nodes that the exact search numbers; larger lattices are searched box by box, with a gap."""


def search(
    table: FrequencyTable,
    *,
    models: Sequence[PrivacyModel],
    max_suppressed: float = 0.0,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    loss: LossName = "additive",
) -> Solution:
    """Find the generalization of least loss whose suppression stays within the budget.

    Every column is brought to one level of its hierarchy. Classes that do not satisfy every model
    are suppressed: their rows are removed. The result is exact up to 5 million combinations of
    levels; beyond, it is the best that a search of 3,000 nodes finds, and ``bound`` and ``gap`` say
    how far it can be from the optimum. Among equal losses the fewest suppressed rows win, then the
    lowest sum of levels, then the lowest levels in column order; beyond 5 million combinations,
    among the nodes that were looked at. Losses of entropy are equal if they differ by 1e-12 at most.

    Args:
        table: the distinct combinations with their counts.
        models: what every released class must satisfy; at least one.
        max_suppressed: largest share of rows (0-1) that may be removed; the limit is its product
            with the rows, rounded down.
        weights: how much the loss of each column counts, in column order or by name; 1 where
            nothing is said.
        loss: what to minimize, see `LossName`.

    Raises:
        BudgetExceeded: no generalization keeps suppression within the budget.
        DataError: a model that this table can never satisfy, or a share or weight out of range.

    Source: Kohlmayer et al. 2012, doi:10.1109/SocialCom-PASSAT.2012.52 (predictive tagging,
        roll-up); El Emam et al. 2009, doi:10.1197/jamia.M3144 (optimal lattice search).
    """
    began = time.perf_counter()
    begin_task()
    weighed = check_request(table, models, max_suppressed, weights)
    if not table.total_rows:
        return nothing(table, models, Found("full-domain", loss, weighed, None, 1, 0, 0.0))
    lattice = Lattice.of(table, weighed, loss=loss)
    limit = budget(table, max_suppressed)
    node = _found(lattice, models, limit)
    if isinstance(node, Nearest):
        raise exceeded(lattice, node, limit)
    exact = None
    if loss == "additive":
        exact = float(lattice.exact_loss(node.levels, ~node.suppressed))
    found = Found(
        "full-domain",
        loss,
        weighed,
        node.bound if isinstance(node, Best) else None,
        lattice.nodes,
        node.checked,
        time.perf_counter() - began,
        exact,
    )
    levels = lattice.original_levels(node.levels)
    return describe(table, models, levels=levels, suppressed=node.suppressed, found=found)


def _found(lattice: Lattice, models: Sequence[PrivacyModel], limit: int) -> Node | Best | Nearest:
    """Search exactly where the nodes can be numbered, else as far as it goes."""
    if lattice.nodes <= MOST_NODES:
        return BestFirst(lattice, models, limit).run()
    if lattice.loss in {"discernibility", "class-size"}:
        raise DataError(
            f"{lattice.nodes} combinations of levels; more than {MOST_NODES} are searched by a loss "
            "that is a sum over cells, so use additive or entropy, or raise the finest levels"
        )
    return Anytime(lattice, models, limit, MOST_CHECKED).run()


def check_request(
    table: FrequencyTable,
    models: Sequence[PrivacyModel],
    max_suppressed: float,
    weights: Sequence[float] | Mapping[str, float] | None,
) -> tuple[float, ...]:
    """Refuse what can never be satisfied; returns the weight of every column."""
    weighed = _weights(table, weights)
    if not models:
        raise DataError("there is no privacy model; name at least one, such as k")
    if not 0 <= max_suppressed <= 1:
        raise DataError(f"max_suppressed is {max_suppressed}; it is a share of rows from 0 to 1")
    if table.total_rows:
        for model in models:
            model.check(table)
    return weighed


def budget(table: FrequencyTable, max_suppressed: float) -> int:
    """Rows that may be suppressed: a share of all, rounded down as a decimal number."""
    return math.floor(Decimal(str(max_suppressed)) * table.total_rows)


def exceeded(lattice: Lattice, nearest: Nearest, limit: int) -> BudgetExceeded:
    """Say how near to the budget a search came."""
    places = lattice.original_levels(nearest.levels)
    tables = zip(lattice.table.names, lattice.table.hierarchies, places, strict=True)
    names = ", ".join(f"{name}: {table.level_names[place]}" for name, table, place in tables)
    said = "keeps" if nearest.proved else "was found, among those looked at, that keeps"
    return BudgetExceeded(
        f"no generalization {said} suppression within {limit} of {lattice.table.total_rows} rows; "
        f"the fewest found are {nearest.suppressed} rows, at {names}; allow more suppression, ask "
        "for weaker models, or leave out a quasi-identifier"
    )


def nothing(table: FrequencyTable, models: Sequence[PrivacyModel], found: Found) -> Solution:
    """The solution for a table without rows: nothing is generalized and nothing released."""
    levels = [0] * len(table.names)
    return describe(
        table, models, levels=levels, suppressed=np.ones(table.classes, bool), found=found
    )


def _weights(
    table: FrequencyTable, weights: Sequence[float] | Mapping[str, float] | None
) -> tuple[float, ...]:
    if weights is None:
        return (1.0,) * len(table.names)
    if isinstance(weights, Mapping):
        unknown = [name for name in weights if name not in table.names]
        if unknown:
            raise DataError(f"there is a weight for '{unknown[0]}', which is no quasi-identifier")
        weights = [weights.get(name, 1.0) for name in table.names]
    weighed = tuple(float(weight) for weight in weights)
    if len(weighed) != len(table.names):
        raise DataError(f"{len(weighed)} weights for {len(table.names)} quasi-identifiers")
    if not all(math.isfinite(weight) and weight >= 0 for weight in weighed) or not sum(weighed):
        raise DataError("weights must be 0 or more, and at least one above 0")
    return weighed
