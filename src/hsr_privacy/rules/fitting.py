"""Fitting: which columns of a frame hold what the codebook says, so that rules can be asked of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
from narwhals.dependencies import is_pandas_dataframe

from hsr_privacy.codebook import Codebook, Type
from hsr_privacy.errors import DataError
from hsr_privacy.frames import Frame, as_frame, engine_of, to_polars
from hsr_privacy.rules.model import DAY

_EXACT: Final = 2**53


@dataclass(frozen=True)
class Fitted:
    """A frame and what can be asked of it.

    Attributes:
        frame: the rows; a column without any value has the type of the codebook, and codes are
            whole numbers.
        held: columns that hold what the codebook says.
        other: columns of the frame that hold something else: bands, labels, minutes.
    """

    frame: Frame
    held: frozenset[str]
    other: frozenset[str]


def take(data: Any) -> Frame:
    """Take in a frame; a pandas column that mixes types becomes text, and so holds something else.

    Raises:
        DataError: not a table, or two columns of one name.
    """
    native = nw.to_native(data, pass_through=True)
    try:
        return as_frame(data)
    except DataError:
        if not is_pandas_dataframe(native) or not native.columns.is_unique:
            raise
    texts = {name: native[name].astype(str) for name in native.columns if _is_mixed(native, name)}
    return as_frame(native.assign(**texts))


def _is_mixed(native: Any, name: str) -> bool:
    try:
        as_frame(native[[name]])
    except DataError:
        return True
    return False


def fit(frame: Frame, columns: Collection[str], *, codebook: Codebook) -> Fitted:
    """Find the columns that hold what the codebook says of them.

    A code may stand as a decimal, as pandas stores whole numbers with gaps, as long as all are
    whole. A text counts if one value at least has the codebook's form: of a generalized column none
    has. Date-times that are all midnight are dates.

    Args:
        frame: the rows.
        columns: names of the codebook, and `DAY`.
        codebook: types and forms of the variables.
    """
    schema = frame.collect_schema()
    there = [name for name in columns if name in schema]
    wanted = {n: Type.DATE if n == DAY else codebook[n].type for n in there}
    held = {n for n in there if _FITS[wanted[n]](schema[n])}
    broken = {n for n in there if wanted[n] in (Type.CODE, Type.INTEGER) and schema[n].is_float()}
    patterns = {n: codebook[n].pattern for n in held if n != DAY and codebook[n].pattern}
    questions = [_values(n) for n in there if n not in held]
    questions += [_fractions(n) for n in broken]
    questions += [one for n, pattern in patterns.items() if pattern for one in _in_form(n, pattern)]
    clocks = [n for n in held if wanted[n] is Type.DATETIME and engine_of(frame) == "polars"]
    questions += [_clock(n) for n in clocks]
    answers: dict[str, Any] = {}
    if questions:
        answers = to_polars(frame.select(*questions)).row(0, named=True)
    narrow = {n for n in held if schema[n] in _NARROW}  # 999 * 60 would not fit
    empty = {n for n in there if n not in held and not answers.get(f"values {n}")}
    whole = {n for n in broken if not answers[f"fractions {n}"]}
    formless = {n for n in patterns if answers[f"texts {n}"] and not answers[f"in form {n}"]}
    dates = {n for n in clocks if answers[f"clock {n}"] == 0}  # pandas has no type for them
    changes = [nw.lit(None, dtype=_STORED[wanted[n]]).alias(n) for n in sorted(empty)]
    changes += [nw.col(n).cast(nw.Int64).alias(n) for n in sorted((whole | narrow) - empty)]
    frame = frame.with_columns(*changes) if changes else frame
    held = (held | empty | whole) - formless - dates
    return Fitted(frame, frozenset(held), frozenset(set(there) - held))


def _values(name: str) -> nw.Expr:
    return nw.col(name).count().alias(f"values {name}")


def _fractions(name: str) -> nw.Expr:
    column = nw.col(name)
    broken = (column.round(0) != column) | (column.abs() >= _EXACT)
    return broken.cast(nw.Int64).sum().alias(f"fractions {name}")


def _clock(name: str) -> nw.Expr:
    """The latest second of the day; 0 where all are midnight."""
    shown = nw.col(name).dt
    seconds = (shown.hour().cast(nw.Int32) * 60 + shown.minute()) * 60 + shown.second()
    return seconds.max().alias(f"clock {name}")


def _in_form(name: str, pattern: str) -> list[nw.Expr]:
    fits = nw.col(name).str.contains(f"^(?:{pattern})$")
    return [
        nw.col(name).count().alias(f"texts {name}"),
        fits.cast(nw.Int64).sum().alias(f"in form {name}"),
    ]


_NARROW: Final = (nw.Int8, nw.Int16, nw.Int32, nw.UInt8, nw.UInt16, nw.UInt32)

_FITS: Final[dict[Type, Callable[[Any], bool]]] = {
    Type.INTEGER: lambda dtype: dtype.is_integer(),
    Type.CODE: lambda dtype: dtype.is_integer(),
    Type.DECIMAL: lambda dtype: dtype.is_numeric(),
    Type.TEXT: lambda dtype: dtype == nw.String,
    Type.DATE: lambda dtype: dtype in (nw.Date, nw.Datetime),
    Type.DATETIME: lambda dtype: dtype == nw.Datetime,
}

_STORED: Final[dict[Type, Any]] = {
    Type.INTEGER: nw.Int64(),
    Type.CODE: nw.Int64(),
    Type.DECIMAL: nw.Float64(),
    Type.TEXT: nw.String(),
    Type.DATE: nw.Date(),
    Type.DATETIME: nw.Datetime("us", "UTC"),
}
