"""Letters: æ, ø and å in Windows-1252 where the file is UTF-8, in some lines or all of them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from hsr_privacy.codebook import Type
from hsr_privacy.flaws.draft import LINKAGE, NOTHING, READING, Act, Draft, Variant
from hsr_privacy.flaws.sheet import Bools, Int64s

_BEYOND_ASCII = r"[^\x00-\x7F]"


def windows_1252_bytes(draft: Draft) -> Iterator[Variant]:
    """A line in Windows-1252 in a file that is UTF-8."""
    if draft.encoding != "utf-8":
        return
    possible = has_letters(draft)
    if readable_in_windows_1252(draft):
        # The reader then takes the whole file for Windows-1252, and every other line's letters break.
        detector = LINKAGE if "amk_sentral" in draft.table.columns else NOTHING
        yield Variant(possible, detector=detector, act=Act.BYTES)
    else:
        yield Variant(possible, detector=READING, refused=True, act=Act.BYTES)


def windows_1252_file(_draft: Draft) -> Iterator[Variant]:
    """A whole file in Windows-1252; chosen by file, not by record."""
    return iter(())


def has_letters(draft: Draft) -> Bools:
    """Rows that look otherwise in another encoding."""
    return draft.where(pl.any_horizontal(pl.lit(value=False), *_with_letters(draft)))


def readable_in_windows_1252(draft: Draft) -> bool:
    """Whether the layout may be in Windows-1252."""
    return "windows-1252" in draft.layout.encodings


def columns_with_letters(draft: Draft, rows: Int64s) -> list[list[str]]:
    """Per row, its columns that hold letters beyond ASCII."""
    names = _text_columns(draft)
    table = draft.table[rows].select(names).select(_with_letters(draft))
    return [
        [name for name, told in zip(names, row, strict=True) if told] for row in table.iter_rows()
    ]


def _text_columns(draft: Draft) -> list[str]:
    return [variable.name for variable in draft.variables(Type.TEXT)]


def _with_letters(draft: Draft) -> list[pl.Expr]:
    return [
        pl.col(name).str.contains(_BEYOND_ASCII).fill_null(value=False)
        for name in _text_columns(draft)
    ]
