"""Evidence: all that an audit looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.models import Scenario


@dataclass(frozen=True)
class Limits:
    """What must hold in an extract; what nobody asked for is None or empty.

    Attributes:
        k: smallest number of persons in an equivalence class.
        l: per sensitive column, distinct values in every class.
        max_suppressed: largest share (0-1) of the rows that may be removed.
        scenarios: attackers whom the extract must withstand, each with its own k.
    """

    k: int | None = None
    l: Mapping[str, int] = field(default_factory=dict)  # noqa: E741
    max_suppressed: float | None = None
    scenarios: tuple[Scenario, ...] = ()

    @property
    def threshold(self) -> float:
        """Risk (0-1) above which a person counts as at risk: that of a class just large enough."""
        return 1 / self.k if self.k else 0.2


@dataclass(frozen=True, eq=False)
class Evidence:
    """An extract, what it was made from as far as that is at hand, and what must hold.

    Attributes:
        title: of the extract, for people.
        released: the rows that leave.
        quasi_identifiers: columns by which a person could be recognized.
        sensitive: columns of which something could be learned.
        person: column that tells persons apart; None where every row is one.
        event: column that tells rows apart, the same in ``original``; None where there is none.
        hierarchies: per column that has one.
        levels: per column with a hierarchy, the level on which it leaves.
        suppressed: what a suppressed cell reads.
        unknown: other texts that exclude nobody, such as the code for unknown.
        mask: column that names the suppressed cells of each row, if there is one.
        original: the rows of the whole cohort in full detail; None where nobody gave them.
        limits: what must hold.
    """

    title: str
    released: pl.DataFrame = field(repr=False)
    quasi_identifiers: tuple[str, ...]
    sensitive: tuple[str, ...] = ()
    person: str | None = None
    event: str | None = None
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    suppressed: str = "998"
    unknown: tuple[str, ...] = ()
    mask: str | None = None
    original: pl.DataFrame | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Check that there is something to judge."""
        if not self.released.height:
            raise DataError(f"{self.title}: there is no row in it, so there is nothing to judge")
        wanted = [*self.quasi_identifiers, *self.sensitive, self.person, self.event]
        for name in wanted:
            if name is not None and name not in self.released.columns:
                raise DataError(f"{self.title}: there is no column '{name}' to judge it by")
        if not self.quasi_identifiers:
            raise DataError(
                f"{self.title}: no column is a quasi-identifier, so that nobody could be recognized "
                "by it; name those that somebody could know"
            )

    @property
    def identifying(self) -> tuple[str, ...]:
        """Columns that tell persons and rows apart, and the mask: nothing is learned from them."""
        return tuple(n for n in (self.person, self.event, self.mask) if n is not None)

    @property
    def content(self) -> tuple[str, ...]:
        """Every column that says something of a person."""
        return tuple(n for n in self.released.columns if n not in self.identifying)

    @cached_property
    def aligned(self) -> pl.DataFrame | None:
        """The original of each released row, in its order; None where there are no originals.

        Raises:
            DataError: a released row has no original, or several.
        """
        if self.original is None:
            return None
        if self.event is None:
            if self.original.height != self.released.height:
                raise DataError(
                    f"{self.title}: {self.released.height} rows leave and the original has "
                    f"{self.original.height}; without a column that tells rows apart they cannot be "
                    "put beside each other"
                )
            return self.original
        if self.event not in self.original.columns:
            raise DataError(f"the original has no column '{self.event}' that tells its rows apart")
        if self.original[self.event].n_unique() < self.original.height:
            raise DataError(f"column '{self.event}' of the original has a value twice")
        found = self.released.select(self.event).join(
            self.original, on=self.event, how="left", maintain_order="left"
        )
        known = self.released[self.event].is_in(self.original[self.event].implode())
        if not known.all():
            raise DataError(
                f"{int((~known).sum())} of {self.released.height} released rows have no original "
                f"with the same '{self.event}'; is it the original of this extract?"
            )
        return found
