"""Knowledge: what simulated attackers hold of the persons whom they look for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking.coding import CodedColumn, View, spread
from hsr_privacy.errors import DataError
from hsr_privacy.models.scenarios import Knowledge, Precision

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

_HAIR: Final = 1e-9
"""More than any rounding of a number, less than any step between two."""
_DRAWS: Final = 16
"""Values of others that are tried for a wrong one; where all are too near, it is right by chance."""


@dataclass(frozen=True, eq=False)
class Held:
    """What attackers hold of one column, one for each target.

    Attributes:
        attackers: int64, per pair, the attacker.
        leaves: int64, per pair, a leaf that the attacker allows for.
        ignorant: per attacker, whether they know nothing of the column.
    """

    attackers: Int64s
    leaves: Int64s
    ignorant: Bools

    def allowed(self, view: View) -> Bools:
        """Per attacker and code of a view, whether such a cell is compatible with what they hold.

        A cell that is suppressed is compatible with everything, and a node if any of its leaves is.
        """
        found = np.zeros((len(self.ignorant), view.codes), bool)
        for covers in view.covers:
            codes = covers[self.leaves]
            shown = codes >= 0
            found[self.attackers[shown], codes[shown]] = True
        found[self.ignorant] = True
        found[:, view.wild] = True
        return found


def knowable(column: CodedColumn, knowledge: Knowledge) -> bool:
    """Whether the column can be known in all precisions of a scenario."""
    return all(
        one.level in column.level_names
        if one.level is not None
        else column.numbered > 0 or not (one.within or one.every)
        for one in knowledge.precisions
    )


def held(
    column: CodedColumn, knowledge: Knowledge, rows: Int64s, random: np.random.Generator
) -> Held:
    """Draw what attackers know of one column of their targets.

    Whoever knows a number within some units holds a value that may be as far off, each as likely,
    and allows for as much to both sides: the truth is always among it. Who holds a wrong value
    holds somebody else's, so far away that the truth is not. Nobody knows what was not recorded.

    Args:
        column: of the truth.
        knowledge: of the attackers.
        rows: int64, per attacker, the target's row of the truth.
        random: where the chances come from; the draws do not depend on the release.

    Raises:
        DataError: the column holds no numbers, or has no such level.
    """
    size = len(rows)
    fate, way, error = random.random(size), random.random(size), random.random(size)
    others = random.random((_DRAWS, size))
    leaf = column.truth[rows].astype(np.int64)
    ignorant = (fate < knowledge.unknown) | (leaf < 0)
    wrong = ~ignorant & (fate < knowledge.unknown + knowledge.wrong)
    bounds = np.cumsum([one.share for one in knowledge.precisions])[:-1]
    chosen = np.searchsorted(bounds, way, side="right")
    attackers, leaves = [], []
    for number, precision in enumerate(knowledge.precisions):
        who = np.flatnonzero(~ignorant & (chosen == number))
        scale = _Scale(column, precision)
        low, high = scale.around(leaf[who], error[who])
        missed = np.flatnonzero(wrong[who])
        if len(missed):
            target, off = leaf[who][missed], error[who][missed]
            low[missed], high[missed] = scale.elsewhere(target, off, others[:, who[missed]])
        pairs, allowed = spread(low, high - low)
        attackers.append(who[pairs])
        leaves.append(scale.leaves[allowed])
    return Held(np.concatenate(attackers), np.concatenate(leaves), ignorant)


class _Scale:
    """The leaves in an order in which all that an attacker allows for stands side by side."""

    def __init__(self, column: CodedColumn, precision: Precision) -> None:
        self._column, self._precision = column, precision
        size = len(column.numbers)
        self.leaves = np.arange(size)
        self._place = self.leaves
        if precision.level is not None:
            if precision.level not in column.level_names:
                raise DataError(
                    f"column '{column.name}' has no level '{precision.level}' on which an attacker "
                    "could know it; give its hierarchy, or another precision"
                )
            self._nodes = column.nodes[column.level_names.index(precision.level)]
            self.leaves = np.argsort(self._nodes, kind="stable")
            self._place = np.empty(size, np.int64)
            self._place[self.leaves] = np.arange(size)
        elif (precision.within or precision.every) and not column.numbered:
            raise DataError(
                f"column '{column.name}' holds no numbers and no days, so that nobody can know it "
                "within some units; name a level of its hierarchy instead"
            )

    def around(self, leaf: Int64s, error: Floats) -> tuple[Int64s, Int64s]:
        """First place and the one after the last of what is held, per attacker.

        Args:
            leaf: of the value, per attacker.
            error: between 0 and 1, per attacker, where in the interval the truth lies.
        """
        column, precision = self._column, self._precision
        if precision.level is not None:
            nodes = self._nodes[self.leaves]
            low = np.searchsorted(nodes, self._nodes[leaf], side="left")
            return low, np.searchsorted(nodes, self._nodes[leaf], side="right")
        low, high = leaf.copy(), leaf + 1
        reach, step = precision.within, precision.every
        if not (reach or step):
            return low, high
        number = column.numbers[leaf]
        known = np.isfinite(
            number
        )  # a code among numbers is known or not, and nothing lies near it
        value = number[known]
        if step:
            first = np.floor(value / step) * step
            end = first + step - _HAIR
        else:
            whole = float(reach).is_integer()
            shift = np.floor(error * (2 * reach + 1)) - reach if whole else (2 * error - 1) * reach
            first = value + shift[known] - reach
            end = first + 2 * reach + _HAIR
        numbers = column.numbers[: column.numbered]
        low[known] = np.searchsorted(numbers, first - _HAIR)
        high[known] = np.searchsorted(numbers, end)
        return low, high

    def elsewhere(self, leaf: Int64s, error: Floats, others: Floats) -> tuple[Int64s, Int64s]:
        """The same around the value of somebody else that does not allow for this one."""
        counts = np.cumsum(self._column.counts)
        low, high = self.around(leaf, error)
        settled = np.zeros(len(leaf), bool)
        place = self._place[leaf]
        for draw in others:
            drawn = np.searchsorted(counts, draw * counts[-1], side="right")
            first, last = self.around(drawn, error)
            fits = ~settled & ((place < first) | (place >= last))
            low[fits], high[fits] = first[fits], last[fits]
            settled |= fits
        return low, high
