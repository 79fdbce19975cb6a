"""What only a whole column tells: lost zeros, DUF-numbers, phones and coordinates by name, split numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from hsr_privacy.scanning.blocks import Bools, Bytes, Hits, Int64s
from hsr_privacy.scanning.coordinates import COORDINATES
from hsr_privacy.scanning.known import Known
from hsr_privacy.scanning.looking import Seen
from hsr_privacy.scanning.national import DUF, KNOWN, holds_duf, in_tier_a, judge, tell
from hsr_privacy.scanning.parts import Column
from hsr_privacy.scanning.runs import Numbers
from hsr_privacy.scanning.tally import Tallies

_EDGE: Final = r"(?:^|[^a-zæøå])"
_PHONES: Final = re.compile(
    _EDGE + r"(?:tlf|telefon|phone|mobil|mobile|tel|gsm|sms)(?:nr|nummer|no|number)?(?:$|[^a-zæøå])"
)
_DUFS: Final = re.compile(_EDGE + r"duf")
_PLACED: Final = (
    (
        re.compile(_EDGE + r"(?:nord|north|northing|y|utm_?y|koordinaty)(?:$|[^a-zæøå])"),
        6_400_000,
        8_000_000,
        0,
    ),
    (
        re.compile(_EDGE + r"(?:øst|ost|east|easting|utm_?x|koordinatx)(?:$|[^a-zæøå])"),
        1_000,
        1_250_000,
        0,
    ),
    (re.compile(_EDGE + r"x(?:$|[^a-zæøå])"), 100_000, 1_250_000, 1),
    (re.compile(_EDGE + r"(?:lat|latitude|breddegrad)(?:$|[^a-zæøå])"), 57, 81.5, 3),
    (re.compile(_EDGE + r"(?:lon|lng|long|longitude|lengdegrad)(?:$|[^a-zæøå])"), 4, 32.5, 3),
)
"""Names of columns of coordinates: from, to, and how many decimals at least."""

_LOST_AT_LEAST: Final = 0.05
"""Share of the numbers of ten digits that must hold with a zero before them; 1 in 500 does by chance."""

_HALF: Final = 0.5
_ENOUGH: Final = 3
_PERSONAL: Final = re.compile(r"person|pnr|fnr|nummer")
_FORMS_OF_DATES: Final = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d%m%Y",
    "%Y%m%d",
    "%d.%m.%y",
)
_ADDED_TO_DATES: Final = tuple((day, month) for day in (0, 40) for month in (0, 65, 80))


def says_phones(name: str) -> bool:
    """Whether a column of this name holds telephone numbers."""
    return _PHONES.search(name.lower()) is not None


def says_coordinates(name: str) -> bool:
    """Whether a column of this name may hold coordinates."""
    return any(pattern.search(name.lower()) for pattern, *_ in _PLACED)


class Evidence:
    """What the cells of one column tell together, gathered batch by batch."""

    def __init__(self, name: str, shown: int | None) -> None:
        self._name = name.lower()
        self._tens = self._elevens = self._twelves = 0
        self._lost, self._dufs = Tallies(shown), Tallies(shown)

    def take(self, seen: Seen, known: Known | None) -> Int64s:
        """Learn from some rows; gives the marks of numbers that have lost their zero."""
        marks = [np.empty(0, np.int64)]
        _, places = seen.whole()
        lengths = seen.runs.lengths[places]
        ten, eleven, twelve = (_of(seen, places[lengths == width]) for width in (10, 11, 12))
        self._tens += len(ten)
        self._twelves += len(twelve)
        self._elevens += int(in_tier_a(judge(eleven.digits)).sum()) if len(eleven) else 0
        if len(ten):
            held = known.holds_without_zero(ten.digits) if known else np.zeros(len(ten), bool)
            whole = Numbers(np.pad(ten.digits, ((0, 0), (1, 0))), ten.starts, ten.ends)
            found = [one for one in tell(whole.of(~held)) if one.tier == "A"]
            if held.any():
                some = whole.of(held)
                found.append(Hits(KNOWN, "A", some.starts, some.values()))
            for hits in found:
                self._lost.add(hits, seen.block.numbers_at(hits.starts))
                marks.append(hits.marks)
        if len(twelve):
            some = twelve.of(holds_duf(twelve.digits))
            if len(some):
                hits = Hits(DUF, "B", some.starts, some.values())
                self._dufs.add(hits, seen.block.numbers_at(hits.starts))
        return np.concatenate(marks)

    def told(self) -> Tallies:
        """What the column holds besides what each cell shows alone."""
        told = Tallies(None)
        lost = self._lost.count
        if lost and (self._elevens or lost >= _LOST_AT_LEAST * self._tens):
            told.merge(self._lost)
        dufs = self._dufs.count
        likely = dufs >= _ENOUGH and dufs >= _HALF * self._twelves
        if dufs and (likely or _DUFS.search(self._name)):
            told.merge(self._dufs)
        elif self._lost.holds(KNOWN):
            told.merge(self._lost.only(KNOWN))
        return told


def placed(name: str, values: pl.Series, numbers: Int64s) -> tuple[Hits, Int64s] | None:
    """Coordinates in a column whose name says so, with the numbers of their rows.

    Args:
        name: of the column.
        values: its texts.
        numbers: of its rows.
    """
    for pattern, least, most, decimals in _PLACED:
        if not pattern.search(name.lower()):
            continue
        text = values.str.strip_chars().str.replace(",", ".", literal=True)
        value = text.cast(pl.Float64, strict=False)
        fits = value.abs().is_between(least, most)
        if decimals:
            fits &= text.str.contains(rf"\.[0-9]{{{decimals},}}$")
        rows = np.flatnonzero(fits.fill_null(value=False).to_numpy())
        if len(rows):
            marks = np.array([hash((name, one)) for one in text.gather(rows)], np.int64)
            return Hits(COORDINATES, None, rows, marks), numbers[rows]
    return None


class Split:
    """National identifiers that stand in two columns beside each other, gathered batch by batch."""

    def __init__(self, shown: int | None) -> None:
        self._tried = 0
        self._found = Tallies(shown)
        self._named = False

    def take(self, left: Column, right: Column, digits: tuple[Int64s, Bytes]) -> None:
        """Try some rows: date or six digits on the left, five digits on the right.

        Args:
            left: column of dates or of six digits.
            right: column behind it.
            digits: rows of the right one that are five digits (from 0), and the digits, shape (n, 5).
        """
        rows, five = digits
        self._named |= _PERSONAL.search(right.name.lower()) is not None
        texts = pl.Series(pa.array(left.values)) if _is_date(left) else _texts(left)
        if texts is None:
            return
        tried = np.zeros(len(rows), dtype=bool)
        done = np.zeros(len(rows), dtype=bool)
        for six, there in _sixes(texts.gather(rows)):
            tried |= there
            whole = np.concatenate([six, five], axis=1)
            chosen = there & ~done
            chosen[chosen] = in_tier_a(judge(whole[chosen]))
            done |= chosen
            some = np.flatnonzero(chosen)
            for hits in tell(Numbers(whole[some], rows[some], rows[some])):
                self._found.add(hits, left.numbers[hits.starts])
        self._tried += int(tried.sum())

    def told(self) -> Tallies:
        """What both columns hold together; nothing where it may be chance."""
        enough = self._found.count >= _ENOUGH or self._named
        return self._found if enough and self._found.count >= _HALF * self._tried else Tallies(None)


def five_digits(seen: Seen) -> tuple[Int64s, Bytes] | None:
    """Rows of a column that are five digits, lost zeros given back, if most of its rows are.

    Returns:
        The rows (from 0), and the digits, shape (n, 5).
    """
    rows, places = seen.whole()
    lengths = seen.runs.lengths[places]
    fits = (lengths >= 3) & (lengths <= 5)
    filled = int((seen.block.ends() > seen.block.starts).sum())
    if not fits.any() or fits.sum() < _HALF * filled or not (lengths == 5).any():
        return None
    digits = np.zeros((int(fits.sum()), 5), np.uint8)
    starts, widths = seen.runs.starts[places[fits]], lengths[fits]
    for place in range(5):
        behind = 5 - place
        inside = widths >= behind
        digits[inside, place] = seen.block.data[starts[inside] + widths[inside] - behind] - ord("0")
    return rows[fits], digits


def _of(seen: Seen, places: Int64s) -> Numbers:
    """Some runs of one length as numbers."""
    starts, ends = seen.runs.starts[places], seen.runs.ends[places]
    width = int((ends - starts)[0]) if len(starts) else 0
    digits = seen.block.data[starts[:, None] + np.arange(width)] - np.uint8(ord("0"))
    return Numbers(digits, starts, ends)


def _is_date(column: Column) -> bool:
    kind = column.values.type
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _texts(column: Column) -> pl.Series | None:
    kind = column.values.type
    if pa.types.is_integer(kind):
        return pl.Series(pa.array(column.values)).cast(pl.String).str.zfill(6)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raw = [
            one if one is None else one.decode("utf-8", "replace")
            for one in column.values.to_pylist()
        ]
        return pl.Series(raw, dtype=pl.String).str.strip_chars()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pl.Series(pa.array(column.values)).str.strip_chars()
    return None


def _sixes(texts: pl.Series) -> Sequence[tuple[Bytes, Bools]]:
    """Ways to read the left column as the first six digits: rows of digits, and which rows have them."""
    found = []
    if texts.dtype == pl.String:
        plain = texts.str.replace_all(r"[ .\-]", "").str.zfill(6)
        fits = plain.str.contains(r"^[0-9]{6}$").fill_null(value=False)
        if fits.any():
            found.append((_digits(plain, fits), fits.to_numpy()))
        days = texts.str.slice(0, 10)
        dates = pl.Series([None] * len(texts), dtype=pl.Date)
        for form in _FORMS_OF_DATES:
            dates = dates.fill_null(days.str.to_date(form, strict=False))
    else:
        dates = texts.cast(pl.Date)
    known = dates.is_not_null()
    if known.any():
        for day, month in _ADDED_TO_DATES:
            parts = (dates.dt.day() + day, dates.dt.month() + month, dates.dt.year() % 100)
            two = [part.cast(pl.String).str.zfill(2) for part in parts]
            found.append((_digits(two[0] + two[1] + two[2], known), known.to_numpy()))
    return found


def _digits(texts: pl.Series, fits: pl.Series) -> Bytes:
    whole = texts.set(~fits, "000000").fill_null("000000")
    letters = "".join(whole.to_list()).encode()
    return np.frombuffer(letters, np.uint8).reshape(-1, 6) - np.uint8(ord("0"))
