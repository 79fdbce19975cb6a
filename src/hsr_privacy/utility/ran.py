"""What ran: a figure of one table, what it rests on, or why there is none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from hsr_privacy.estimates import Estimate
from hsr_privacy.project import MISSING

Reason = Literal[
    "dropped", "coarse", "few", "outcome", "dependent", "separated", "unsettled", "unfollowed"
]


@dataclass(frozen=True)
class Why:
    """Why there is no figure.

    Attributes:
        reason: ``dropped``: a column is not there; ``coarse``: a text stands for values that are a
            yes and others that are not, or a number leaves in bands; ``few``: fewer than
            ``least_persons`` persons; ``unfollowed``: nobody was followed so long; the others as
            in `hsr_privacy.estimates.Unfitted`.
        columns: to blame.
    """

    reason: Reason
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """Which figure of an analysis it is.

    Attributes:
        kind: ``all``: of all rows; ``group``: of those with a value; ``difference``: of two groups;
            ``term``: of a regression.
        column: the group's or the predictor's.
        text: the value; None for a predictor that is a number, or a yes or a no.
        place: of the predictor among all.
    """

    kind: Literal["all", "group", "difference", "term"]
    column: str | None = None
    text: str | None = None
    place: int = 0


@dataclass(frozen=True)
class Ran:
    """One figure of one table.

    Attributes:
        estimate: with its interval; None where there is none.
        why: there is none.
        counts: rows on which it rests, cell by cell; empty for regressions.
    """

    estimate: Estimate | None
    why: Why | None = None
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What all tables on which an analysis is run agree on.

    Attributes:
        missing: texts that are kinds of missing.
        least_persons: behind any cell of a figure.
        groups: per column, the texts that are told apart.
        others: columns of which all other texts are taken as one; of the rest, rows with another text
            are left out of a regression, because these are too few to be one.
        references: per column, the text that others are set against.
        numbers: columns that are taken as numbers.
    """

    missing: Collection[str] = MISSING
    least_persons: int = 5
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    numbers: Collection[str] = ()
    others: Collection[str] = ()


@dataclass(frozen=True, eq=False)
class Run:
    """An analysis of one table.

    Attributes:
        figures: by what they are.
        rows: that were analysed.
        why: nothing was.
        references: per column, the text that others are set against.
    """

    figures: Mapping[Key, Ran]
    rows: int = 0
    why: Why | None = None
    references: Mapping[str, str] = field(default_factory=dict)


class CannotRun(Exception):
    """A table does not allow an analysis."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why.reason)
