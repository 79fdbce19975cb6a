"""What was taken out of a table and must be found nowhere in what is written: extremes, identifiers."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.scanning.known import Known

Value: TypeAlias = str | int | float | dt.date | dt.datetime

EXTREME: Final = "extreme"
_LEAST_SIGNS: Final = 6
"""A text, or the significant digits of a number, shorter than this may stand anywhere by chance."""

_LEAST_BYTES: Final = 3
_LARGEST: Final = 2**63
_ENDS: Final = ("smallest", "largest")


@dataclass(frozen=True)
class Needle:
    """One thing to search for, told of by its name only.

    A value of six signs or more is searched for everywhere, as a word, a number, a day or in binary; a
    shorter one in what tells of its own column: cells, statistics, dictionaries, labels, keys.

    Attributes:
        name: how it is told of.
        kind: what sort of thing it is.
        column: where it stood; empty if it may be anywhere.
        value: never shown.
    """

    name: str
    kind: str
    column: str
    value: Value = field(repr=False)

    @property
    def is_telling(self) -> bool:
        """Whether it stands nowhere by chance."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return len(_significant(self.value)) >= _LEAST_SIGNS
        return isinstance(self.value, dt.date) or len(str(self.value).strip()) >= _LEAST_SIGNS

    def spellings(self) -> tuple[str, ...]:
        """Texts that mean the value."""
        value = self.value
        if isinstance(value, dt.datetime):
            times = ("%Y-%m-%d{}%H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y%m%d%H%M%S")
            return tuple(value.strftime(form.format(sign)) for form in times for sign in "T ")
        if isinstance(value, dt.date):
            forms = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d")
            return tuple(value.strftime(form) for form in forms)
        if isinstance(value, float):
            plain = [repr(value), f"{value:g}"]
            plain += [str(int(value))] if value.is_integer() else []
            return tuple(dict.fromkeys(text.replace(".", sign) for text in plain for sign in ".,"))
        if isinstance(value, int):
            return str(value), f"{value}.0"
        return (value.strip(),)

    def binary(self) -> tuple[bytes, ...]:
        """A telling number as programs write it: eight bytes, the smallest first."""
        value = self.value
        if not isinstance(value, int | float) or not self.is_telling or abs(value) >= _LARGEST:
            return ()
        found = [struct.pack("<d", value)]
        if float(value).is_integer():
            found.append(struct.pack("<q", int(value)))
        return tuple(one for one in found if len(one) - one.count(0) >= _LEAST_BYTES)


@dataclass(frozen=True)
class Needles:
    """All that is searched for in one go.

    Attributes:
        each: single values.
        identifiers: held as digests only; None if there are none.
    """

    each: Sequence[Needle] = ()
    identifiers: Known | None = None

    @classmethod
    def of(
        cls,
        before: pl.DataFrame,
        *,
        columns: Iterable[str],
        released: pl.DataFrame | None = None,
        identifiers: Iterable[str] = (),
    ) -> Needles:
        """The smallest and the largest value of each column, and identifiers.

        Args:
            before: the rows before anything was generalized or suppressed.
            columns: of which the extremes were taken out.
            released: the rows that leave; an extreme that stands there in its column is not searched for.
            identifiers: of the cohort, as texts.

        Raises:
            DataError: a column is not in the table.
        """
        each: list[Needle] = []
        for name in columns:
            if name not in before.columns:
                raise DataError(f"there is no column '{name}' whose extremes could be searched for")
            values = before[name].drop_nulls()
            if values.dtype == pl.Boolean or values.dtype.is_nested() or values.dtype == pl.Binary:
                continue
            ends = dict.fromkeys((values.min(), values.max())) if len(values) else {}
            for end, value in zip(_ENDS, ends, strict=False):
                needle = Needle(f"{end} {name}", EXTREME, name, _plain(value))
                if str(value).strip() and not (released is not None and _stands(needle, released)):
                    each.append(needle)
        known = Known(identifiers)
        return cls(tuple(each), known if len(known) else None)

    def __len__(self) -> int:
        """How many."""
        return len(self.each) + (len(self.identifiers) if self.identifiers else 0)


def _stands(needle: Needle, released: pl.DataFrame) -> bool:
    if needle.column not in released.columns:
        return False
    texts = released[needle.column].cast(pl.String, strict=False)
    return bool(texts.is_in(list(needle.spellings())).any())


def _plain(value: object) -> Value:
    if isinstance(value, str | int | float | dt.date):
        return value
    return str(value)


def _significant(value: float) -> str:
    digits = "".join(sign for sign in repr(value).partition("e")[0] if sign.isdigit())
    return digits.strip("0")
