"""The answer to a question about a table: counts, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
from narwhals.dependencies import is_pandas_dataframe

from hsr_privacy.frames import Frame, as_frame, columns_of

MISSING_COLUMN: Final = "a column is missing"
WRONG_TYPE: Final = "the column does not hold what it should"
NOT_ASKED: Final = "it could not be asked ({})"


@dataclass(frozen=True)
class Answer:
    """What became of a question, in numbers.

    Attributes:
        checked: how many rows, cells or classes it says something of; None where it was not asked.
        unexpected: how many of them do not hold.
        missing: how many had no value and were left out.
        reason: why it was not asked; empty where it was.
    """

    checked: int | None
    unexpected: int | None
    missing: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was asked, and nothing is unexpected."""
        return not self.reason and not self.unexpected


class Unasked(Exception):
    """A question that a table cannot be asked; its text is one of the reasons above."""


def not_asked(reason: str) -> Answer:
    """The answer where there is none."""
    return Answer(None, None, None, reason)


def names_of(data: Any) -> tuple[str, ...]:
    """The headings of any frame, in their order."""
    if is_pandas_dataframe(nw.to_native(data, pass_through=True)):
        return tuple(map(str, data.columns))
    return columns_of(nw.from_native(data).lazy())


def take(data: Any, columns: Sequence[str]) -> Frame:
    """Some columns of any frame, so that what stands in the others does not matter.

    Raises:
        Unasked: one of them is missing.
    """
    if not set(columns) <= set(names_of(data)):
        raise Unasked(MISSING_COLUMN)
    native = nw.to_native(data, pass_through=True)
    wanted = list(dict.fromkeys(columns))
    if is_pandas_dataframe(native):
        return as_frame(native[wanted])
    return as_frame(data).select(*wanted) if wanted else as_frame(data)


def require(*fits: bool) -> None:
    """Go on where columns hold what they should.

    Raises:
        Unasked: one does not.
    """
    if not all(fits):
        raise Unasked(WRONG_TYPE)
