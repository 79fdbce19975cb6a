"""What every kind of flaw is given, and what it answers: where it may be planted, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Source, Type, Variable
from hsr_privacy.flaws.sheet import Bools, Int64s
from hsr_privacy.registry.layouts import Layout

READING: Final = "reading"
IDENTIFIER_CHECK: Final = "identifier check"
LEAK_SCAN: Final = "leak scan"
LINKAGE: Final = "linkage"
NOTHING: Final = "nothing"
"""Who should find a flaw; ``nothing`` where the file alone cannot show it. A rule goes by its name."""

RECORD_FORMS: Final = (Source.AMK, Source.AMBULANCE, Source.HOSPITAL)
PATIENT_FORMS: Final = (Source.AMBULANCE, Source.HOSPITAL)


class Act(Enum):
    """What is done with a record."""

    CHANGE = "change"
    COPY = "copy"
    LATE = "late"
    BYTES = "bytes"


@dataclass(frozen=True)
class Patch:
    """What stands in some rows from now on.

    Attributes:
        cells: per column one value a row; of the column's own type, or text where it is not
            written as its type.
        secrets: what must be found nowhere in an extract, by what it is.
    """

    cells: Mapping[str, pl.Series] = field(default_factory=dict)
    secrets: Mapping[str, Iterable[str]] = field(default_factory=dict)


def _unchanged(_rows: Int64s) -> Patch:
    return Patch()


@dataclass(frozen=True)
class Variant:
    """One way in which a kind of flaw comes.

    Attributes:
        where: per row, whether it can be planted there.
        patch: makes the cells of chosen rows.
        how: the way, in few words; empty where there is one only.
        detector: who should find it.
        rule: of the register model that it breaks; empty if none.
        refused: whether the reader of deliveries should refuse the cells.
        act: what is done with the record.
    """

    where: Bools
    patch: Callable[[Int64s], Patch] = _unchanged
    how: str = ""
    detector: str = NOTHING
    rule: str = ""
    refused: bool = False
    act: Act = Act.CHANGE


@dataclass(frozen=True)
class Draft:
    """A form before anything is wrong with it.

    Attributes:
        form: which.
        table: its clean rows, typed.
        tables: all forms.
        layout: how it will be written.
        encoding: in which, if it is text.
        codebook: says what each column is.
        rng: where chance comes from.
    """

    form: Source
    table: pl.DataFrame
    tables: Mapping[Source, pl.DataFrame]
    layout: Layout
    encoding: str
    codebook: Codebook
    rng: np.random.Generator

    def where(self, condition: pl.Expr) -> Bools:
        """Per row, whether something holds; not where a cell is missing."""
        told = self.table.select(condition.fill_null(value=False).alias("told"))["told"]
        result: Bools = told.to_numpy()
        return result

    def all_rows(self) -> Bools:
        """Every row."""
        return np.ones(self.table.height, bool)

    def cells(self, name: str, rows: Int64s) -> pl.Series:
        """The clean cells of a column."""
        return self.table[name].gather(rows)

    def variables(self, *types: Type) -> Iterator[Variable]:
        """The columns of some types."""
        return (one for one in self.codebook.delivered_by(self.form) if one.type in types)

    @property
    def clocks(self) -> tuple[str, ...]:
        """The columns of clock times."""
        return tuple(variable.name for variable in self.variables(Type.DATETIME))

    def some_of(self, values: list[str], size: int) -> list[str]:
        """Values drawn by chance, with repetition."""
        return [values[place] for place in self.rng.integers(0, len(values), size)]


def rule(name: str) -> str:
    """The detector that a rule is."""
    return f"rule {name}"
