"""Infer: what a class gives away of a sensitive column, even if nobody in it is recognized."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import (
    AlphaAnonymity,
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    EntropyLDiversity,
    PrivacyModel,
    RecursiveDiversity,
    TCloseness,
)
from hsr_privacy.risk.ordering import Order

Int64s = NDArray[np.int64]

RECURSIVE_L: Final = 2
"""For which l the recursive c is measured: how far the most frequent value outnumbers all others."""
UNLIKELY: Final = 0.05
"""Chance below which a value that nobody of a class has is said to lack there for a reason."""


@dataclass(frozen=True)
class InferenceRisk:
    """What the worst class gives away of a sensitive column, and how many persons are concerned.

    Shares are those of rows; a missing value is a value of its own. None means that no bound holds:
    it stands for infinity.

    Attributes:
        order: by what the values are ordered, for ``t_ordered``.
        values: distinct values in the table.
        distinct_l: fewest distinct values of a class.
        entropy_l: exp of the lowest entropy of a class.
        recursive_c: the largest ratio of the most frequent value to all others together, at l = 2;
            None where a class has one value.
        alpha: the largest share of one value in a class.
        t_equal: largest distance of a class from the table, all values lying equally far apart.
        t_ordered: the same along the order of the values.
        t_hierarchical: the same along the hierarchy of the values; None if they have none.
        beta: the largest gain of a value in a class, as a share of its share of the table; one more
            is the factor by which an attacker's belief grows.
        enhanced_beta: the same where a value of share p may gain -ln p at most; None where one gains
            more.
        delta: the largest logarithm of a factor between the shares of a value in a class and in the
            table; None where a class lacks a value.
        delta_present: the same over the values that occur in a class.
        homogeneous_classes: classes in which all have the same value.
        persons_in_homogeneous: persons in them, about whom it is known as soon as they are known to
            be in the table.
        lacking_classes: classes in which nobody has some value that occurs in the table.
        persons_in_lacking: persons in them, of whom it is known what they do not have.
        telling_classes: those of them whose lack is no matter of chance: a class drawn from the
            table would lack that value with a chance below 0.05.
        persons_in_telling: persons in them.
    """

    order: Order
    values: int
    distinct_l: int
    entropy_l: float
    recursive_c: float | None
    alpha: float
    t_equal: float
    t_ordered: float
    t_hierarchical: float | None
    beta: float
    enhanced_beta: float | None
    delta: float | None
    delta_present: float
    homogeneous_classes: int
    persons_in_homogeneous: int
    lacking_classes: int
    persons_in_lacking: int
    telling_classes: int
    persons_in_telling: int

    def to_json(self) -> dict[str, Any]:
        """As plain numbers."""
        return asdict(self)


def infer(
    classes: EquivalenceClasses, column: str, *, members: Int64s, order: Order
) -> InferenceRisk:
    """Measure what classes give away of a sensitive column.

    Args:
        classes: at least one.
        column: counted in their table.
        members: persons of each class, for the numbers of persons.
        order: by what the column's values are ordered.

    Source: the privacy models in `hsr_privacy.models`, and doi:10.1145/1217299.1217302 for positive
    and negative disclosure.
    """
    histograms = classes.histograms(column)
    everything = np.ones(len(classes), bool)

    def worst(model: PrivacyModel) -> float | None:
        reached = model.reached(classes, everything)
        return reached if math.isfinite(reached) else None

    def surely(model: PrivacyModel) -> float:
        return float(model.reached(classes, everything))

    overall = histograms.overall
    present = int((overall > 0).sum())
    homogeneous, lacking = histograms.distinct == 1, histograms.distinct < present
    telling = lacking & _telling(classes, column)
    has_tree = classes.table.sensitive[column].hierarchy is not None
    lifts = histograms.shares / overall[histograms.codes]
    return InferenceRisk(
        order=order,
        values=present,
        distinct_l=int(surely(DistinctLDiversity(column, 1))),
        entropy_l=surely(EntropyLDiversity(column, 1)),
        recursive_c=worst(RecursiveDiversity(column, 1, RECURSIVE_L)),
        alpha=surely(AlphaAnonymity(column, 1)),
        t_equal=surely(TCloseness(column, 1)),
        t_ordered=surely(TCloseness(column, 1, "ordered")),
        t_hierarchical=surely(TCloseness(column, 1, "hierarchical")) if has_tree else None,
        beta=surely(BetaLikeness(column, 1, enhanced=False)),
        enhanced_beta=worst(BetaLikeness(column, 1)),
        delta=worst(DeltaDisclosure(column, 1)),
        delta_present=float(np.abs(np.log(lifts)).max()),
        homogeneous_classes=int(homogeneous.sum()),
        persons_in_homogeneous=int(members[homogeneous].sum()),
        lacking_classes=int(lacking.sum()),
        persons_in_lacking=int(members[lacking].sum()),
        telling_classes=int(telling.sum()),
        persons_in_telling=int(members[telling].sum()),
    )


def _telling(classes: EquivalenceClasses, column: str) -> NDArray[np.bool_]:
    """Whether a class lacks a value that a class of its size would hardly lack by chance.

    Of the values that it lacks, the most frequent one decides.
    """
    histograms = classes.histograms(column)
    overall, rows = histograms.overall, histograms.rows
    by_share = np.argsort(-overall, kind="stable")
    by_value = np.argsort(histograms.codes.astype(np.min_scalar_type(len(overall))), kind="stable")
    having = np.split(
        histograms.classes[by_value],
        np.cumsum(np.bincount(histograms.codes, minlength=len(overall)))[:-1],
    )
    first = np.zeros(len(classes), np.int64)  # how many of the most frequent values it has in turn
    for rank, value in enumerate(by_share.tolist()):
        here = having[value]
        first[here[first[here] == rank]] += 1
    share = np.append(overall[by_share], 0.0)[first]
    with np.errstate(divide="ignore"):  # a value that all others have
        unlikely: NDArray[np.bool_] = rows * np.log1p(-share) < math.log(UNLIKELY)
    return unlikely
