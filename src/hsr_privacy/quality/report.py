"""The report: what a trust is told of its own rows, in counts, shares and row numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

from hsr_privacy.quality.kinds import KINDS, Kind, is_plausible
from hsr_privacy.quality.reporters import Trust

BINS: Final = ((30, "0-30"), (90, "31-90"), (365, "91-365"), (730, "366-730"), (None, "731+"))
"""Days from event to delivery: the last of each, and its name."""


@dataclass(frozen=True)
class Place:
    """Rows of one file.

    Attributes:
        file: its path below the folder of deliveries.
        rows: the first of them, as a spreadsheet counts; the heading is row 1.
        count: how many there are.
    """

    file: str
    rows: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Problem:
    """One kind of fault in one form.

    Attributes:
        form: which; empty for a file that belongs to none.
        kind, rule, severity: see `hsr_privacy.quality.findings.SCHEMA`.
        rows: in how many rows, or files where the whole file is meant.
        share: of the form's rows, 0-1; None where whole files are meant.
        everywhere: that share in the register as a whole; None where it is not to be told.
        columns: in which, the most frequent first.
        places: where.
    """

    form: str
    kind: str
    rule: str | None
    severity: str
    rows: int
    share: float | None
    everywhere: float | None
    columns: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def of(self) -> Kind:
        """The kind with its words."""
        return KINDS[self.kind]

    @property
    def plausible(self) -> bool:
        """Whether it may well be right."""
        return is_plausible(self.kind, self.rule)


@dataclass(frozen=True)
class Filled:
    """How much of a variable was told.

    Attributes:
        form, variable: which.
        rows: delivered.
        filled: with an answer. unknown: told as 999. not_applicable: told as 888.
        everywhere: share with an answer in the register as a whole, 0-1; None where not to be told.
    """

    form: str
    variable: str
    rows: int
    filled: int
    unknown: int
    not_applicable: int
    everywhere: float | None

    @property
    def empty(self) -> int:
        """Without a cell, or with one that is wrong."""
        return self.rows - self.filled - self.unknown - self.not_applicable

    @property
    def lag(self) -> float:
        """By how much of the rows it is behind the register as a whole."""
        return (self.everywhere or 0.0) - self.filled / self.rows


@dataclass(frozen=True)
class Timeliness:
    """Days from event to delivery.

    Attributes:
        form: which.
        rows: of which the day of the event is known.
        median: days; None where none is known.
        counts: rows per bin of `BINS`.
        everywhere: share per bin in the register as a whole; empty where not to be told.
        everywhere_median: of the register as a whole.
    """

    form: str
    rows: int
    median: int | None
    counts: tuple[int, ...]
    everywhere: tuple[float, ...]
    everywhere_median: int | None


@dataclass(frozen=True)
class DeliveredFile:
    """A file with rows of the trust.

    Attributes:
        path: below the folder of deliveries.
        form: whose; empty where it is none's.
        rows: of the trust.
        delivered: on which day.
        is_dated: whether its name tells the day.
    """

    path: str
    form: str
    rows: int
    delivered: dt.date
    is_dated: bool


@dataclass(frozen=True)
class Report:
    """What one trust is told; or all of it, for the register.

    Attributes:
        trust: whom; None for the register itself.
        today: the day of the check.
        files: with rows of the trust.
        rows: delivered.
        wrong: rows with an error.
        doubtful: rows with a warning and no error.
        problems: the most frequent first.
        filled: completeness per form and variable.
        times: timeliness per form.
    """

    trust: Trust | None
    today: dt.date
    files: tuple[DeliveredFile, ...]
    rows: int
    wrong: int
    doubtful: int
    problems: tuple[Problem, ...]
    filled: tuple[Filled, ...]
    times: tuple[Timeliness, ...]

    @property
    def name(self) -> str:
        """Of the trust; empty for the register."""
        return self.trust.name if self.trust else ""

    def as_json(self) -> dict[str, Any]:
        """All of it for machines: names, counts and row numbers."""
        told = asdict(self)
        told["today"] = self.today.isoformat()
        for file in told["files"]:
            file["delivered"] = file["delivered"].isoformat()
        for one in told["times"]:
            one["bins"] = [name for _, name in BINS]
        return told
