"""CSV: the extract for everybody, without a cell that a spreadsheet would carry out as a formula."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.dictionary import Dictionary
from hsr_privacy.errors import DataError
from hsr_privacy.formats.fitting import check_fits
from hsr_privacy.tables import write_whole

SEPARATOR: Final = ";"
LINE_END: Final = "\n"
"""What the CSV of every release ended its lines with; each program that reads CSV takes it, while
SAS on Unix reads the other, CR LF, into the last column."""

_FORMULA: Final = r"^[\s\p{Z}\x{FEFF}]*[=+\-@＝＋－＠]|^[\t\r\n]|^'"
"""What a spreadsheet may take for a formula or a command, behind blanks too, in the wide forms of East
Asian keyboards too, and a text that begins like one that was defused."""

_NUMBER: Final = r"^-[0-9]+(?:[.,][0-9]+)?$"
"""A negative number that stands as text, since others of its column were removed, is none."""


def write_csv(
    table: pl.DataFrame,
    dictionary: Dictionary,
    path: Path,
    *,
    decimal_comma: bool = True,
    bom: bool = False,
) -> None:
    """Write a table as CSV: semicolons, UTF-8, one heading, LF, empty where missing.

    A text or heading that a spreadsheet could take for a formula has an apostrophe before it, and so
    has one that begins with an apostrophe itself: whoever takes one apostrophe away from the front
    of each text that has one has the text as it was. Numbers stay numbers, in columns of text too: a
    negative one is no formula.

    Args:
        table: the extract.
        dictionary: its columns.
        path: of the file; one of that name is replaced.
        decimal_comma: decimals as Norwegian spreadsheets write them.
        bom: the mark by which Excel knows UTF-8 when it opens a file by a double click.

    Raises:
        DataError: the columns are not those of the dictionary, or one holds lists or bytes.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    check_fits(table, dictionary)
    for name, kind in table.schema.items():
        if kind.is_nested() or kind in (pl.Binary, pl.Object):
            raise DataError(
                f"column '{name}' holds {kind}, which has no place in a CSV; make it text"
            )
    plain = table.with_columns(pl.selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))
    texts = plain.select(pl.selectors.string()).columns
    plain = plain.with_columns(defused(pl.col(name)) for name in texts)
    plain.columns = defused_texts(plain.columns)

    def write(part: Path) -> None:
        plain.write_csv(
            part,
            separator=SEPARATOR,
            line_terminator=LINE_END,
            decimal_comma=decimal_comma,
            include_bom=bom,
        )

    write_whole(path, write)


def defused(column: pl.Expr) -> pl.Expr:
    """The texts of a column, with an apostrophe before what could be a formula."""
    return (
        pl.when(column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER))
        .then(pl.concat_str(pl.lit("'"), column))
        .otherwise(column)
        .alias(column.meta.output_name())
    )


def defused_texts(texts: list[str]) -> list[str]:
    """The same for single texts, such as headings."""
    return (
        pl.DataFrame({"text": texts}, {"text": pl.String})
        .select(defused(pl.col("text")))["text"]
        .to_list()
    )


def restored(column: pl.Expr) -> pl.Expr:
    """The texts as they were before `defused`."""
    return column.str.replace("^'", "")
