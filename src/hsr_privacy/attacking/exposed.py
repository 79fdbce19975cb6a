"""Exposed: a release beside the truth that it was made from, as attackers meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.attacking.coding import CodedColumn, coded
from hsr_privacy.attacking.matching import People
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy

Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Exposed:
    """A release and its truth; both stay in the house.

    The register is mandatory, so the truth holds everybody who could be looked for, also those
    whose rows were suppressed.

    Attributes:
        released: the rows that leave.
        before: all rows of the cohort in full detail, of columns with the same names.
        event: column that tells rows apart, the same in both; None where they are told apart by
            their place, and then row n of the one is row n of the other.
        person: column that tells persons apart, the same in both; None where each row is one.
        hierarchies: per column that has one.
        levels: per column with a hierarchy, the level on which it leaves; 0 if not named.
        suppressed: what a suppressed cell reads; it agrees with everything.
        unknown: other texts that agree with everything, such as the code for unknown.
    """

    released: pl.DataFrame = field(repr=False)
    before: pl.DataFrame = field(repr=False)
    event: str | None = None
    person: str | None = None
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict, repr=False)
    levels: Mapping[str, int] = field(default_factory=dict)
    suppressed: str = "998"
    unknown: tuple[str, ...] = ()
    _columns: dict[str, CodedColumn] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse tables that do not belong together."""
        if not self.before.height:
            raise DataError("there is no original row, so there is nobody to look for")
        for key in (self.event, self.person):
            for what, table in (("release", self.released), ("original", self.before)):
                if key is not None and key not in table.columns:
                    raise DataError(f"the {what} has no column '{key}' that tells its rows apart")
        if self.event is not None and self.before[self.event].n_unique() < self.before.height:
            raise DataError(f"column '{self.event}' of the original has a value twice")
        if self.event is None and self.released.height != self.before.height:
            raise DataError(
                f"{self.released.height} rows leave and the original has {self.before.height}; name "
                "the column that tells rows apart"
            )

    @property
    def _tables(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        return self.before, self.released

    def column(self, name: str) -> CodedColumn:
        """One column of the truth, and of the release where it is not dropped."""
        if name not in self._columns:
            self._columns[name] = coded(
                self.released[name] if name in self.released.columns else None,
                self.before[name],
                hierarchy=self.hierarchies.get(name),
                level=self.levels.get(name, 0),
                silent={self.suppressed, *self.unknown},
            )
        return self._columns[name]

    def holds(self, name: str) -> bool:
        """Whether the truth has the column."""
        return name in self.before.columns and name not in {self.event, self.person}

    @cached_property
    def truth_of_row(self) -> Int64s:
        """int64, per released row, its row of the truth.

        Raises:
            DataError: a released row has none.
        """
        if self.event is None:
            return np.arange(self.released.height)
        event = pl.col(self.event).cast(pl.String)
        places = self.before.select(event).with_row_index("place of the row")
        found = self.released.select(event).join(
            places, on=self.event, how="left", nulls_equal=True, maintain_order="left"
        )["place of the row"]
        if found.null_count():
            raise DataError(
                f"{found.null_count()} of {self.released.height} released rows have no original "
                f"with the same '{self.event}'; are these the originals of this release?"
            )
        return found.to_numpy().astype(np.int64)

    @cached_property
    def people(self) -> tuple[People, People]:
        """Whose rows those of the truth are, and those of the release.

        Numbers go by the persons' first rows in `order`, so that they say nothing of the rows'
        places. Rows without a person are one person together.
        """
        if self.person is None:
            keys = np.arange(self.before.height)
            shown = self.truth_of_row
        else:
            both = pl.concat(
                [table.select(pl.col(self.person).cast(pl.String)) for table in self._tables]
            )
            numbered = both.unique().with_row_index("number")
            codes = both.join(
                numbered, on=self.person, how="left", nulls_equal=True, maintain_order="left"
            )["number"]
            keys, shown = np.split(codes.to_numpy().astype(np.int64), [self.before.height])
        first = np.full(int(max(keys.max(), shown.max(initial=0))) + 1, self.before.height)
        place = np.empty(self.before.height, np.int64)
        place[self.order] = np.arange(self.before.height)
        np.minimum.at(first, keys, place)
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(first, kind="stable")] = np.arange(len(first))
        return People(rank[keys]), People(rank[shown])

    @cached_property
    def order(self) -> Int64s:
        """int64, the rows of the truth in an order that does not depend on where they stand."""
        if self.event is not None:
            return self.before[self.event].arg_sort().to_numpy().astype(np.int64)
        beside = self.released.rename({name: f"released {name}" for name in self.released.columns})
        whole = pl.concat([self.before, beside], how="horizontal")
        return (
            whole.with_row_index("place of the row")
            .sort(whole.columns, maintain_order=True)["place of the row"]
            .to_numpy()
            .astype(np.int64)
        )
