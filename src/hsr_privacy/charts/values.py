"""Values: what the pictures are made from, plain numbers with the names that they go by."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from hsr_privacy.errors import DataError

_ID: Final = re.compile(r"[^\W\d][\w.:-]*", re.UNICODE)


@dataclass(frozen=True)
class Interval:
    """An estimate and how sure it is.

    Attributes:
        value: the estimate, a finite number.
        low: lower end of its 95 % interval, minus infinity where it has none; None if not known.
        high: upper end, infinity where it has none; None if not known.
    Raises:
        DataError: a number is missing, not finite, or the ends change places.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        ends = [end for end in (self.low, self.high) if end is not None]
        if not math.isfinite(self.value) or any(math.isnan(end) for end in ends):
            raise DataError(
                "an estimate for a picture is not a number; leave it out (None) instead"
            )
        if len(ends) == 1 or ends != sorted(ends):
            raise DataError("an interval for a picture needs both ends, the lower one first")

    @property
    def finite(self) -> tuple[float, ...]:
        """Its numbers that are finite, the estimate first."""
        ends = (self.low, self.high)
        return (self.value, *(end for end in ends if end is not None and math.isfinite(end)))


@dataclass(frozen=True)
class Named:
    """What something is called in the page's language, and where the page says more of it.

    Attributes:
        text: any text, such as the name of a column; shown as it is.
        row: id of the row of a table to which the picture links; empty for no link.
        group: a heading under which it stands with its neighbours; empty for none.
    Raises:
        DataError: ``row`` cannot be an id.
    """

    text: str
    row: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if self.row and not _ID.fullmatch(self.row):
            raise DataError(
                "the id of a row that a picture links to has letters, digits, - and _ only"
            )


@dataclass(frozen=True)
class Bin:
    """Equivalence classes of about one size.

    Attributes:
        low: persons in the smallest of them, at least 1.
        high: persons in the largest; None for any number.
        share: of the persons released who are in them, 0-1.
        before: the same share before anything was done; None if not known.
        row: id of the row of a table to which the picture links.
    """

    low: int
    high: int | None
    share: float
    before: float | None = None
    row: str = ""


@dataclass(frozen=True)
class Change:
    """A figure before anything was done, and in the release.

    Attributes:
        named: what is estimated.
        before: None if not known.
        after: None if nothing can be said.
    """

    named: Named
    before: Interval | None
    after: Interval | None


@dataclass(frozen=True)
class Group:
    """A part of the rows and an estimate for it.

    Attributes:
        named: whom it holds; ``named.group`` is what they were grouped by.
        share: of them, 0-1; None if too few to tell.
    """

    named: Named
    share: Interval | None


@dataclass(frozen=True)
class Contribution:
    """What one variable has of a whole.

    Attributes:
        named: the variable.
        share: 0-1.
    """

    named: Named
    share: float


@dataclass(frozen=True)
class Option:
    """A release that could be, by what it costs and what it risks.

    Attributes:
        named: what would be changed to get it, such as ``month -> quarter``; for the release that
            is asked about, its name.
        cost: share of the utility that is lost, 0-1.
        risk: share of the persons at risk, 0-1.
        best: no other has both less cost and less risk.
        neighbour: one change away, so that it is named in the picture.
    """

    named: Named
    cost: float
    risk: float
    best: bool = False
    neighbour: bool = False


@dataclass(frozen=True)
class Remaining:
    """How many persons a recipient could still mean, after comparing what was released.

    Attributes:
        named: the releases compared.
        fewest: persons in the smallest set of candidates, at least 1.
        typical: the median over persons; None if not known.
    """

    named: Named
    fewest: float
    typical: float | None = None


def demand_shares(numbers: tuple[float | None, ...], what: str) -> None:
    """Refuse what is not a share.

    Args:
        numbers: None is passed over.
        what: they are shares of, for the message.
    Raises:
        DataError: a number is not finite, below 0 or above 1.
    """
    known = [number for number in numbers if number is not None]
    if not all(math.isfinite(number) and 0 <= number <= 1 for number in known):
        raise DataError(f"a picture shows {what} as shares; each must lie between 0 and 1")
