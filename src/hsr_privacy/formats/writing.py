"""Writing: one extract in every format, and its codebook, into one folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.dictionary import Dictionary
from hsr_privacy.formats.delimited import write_csv
from hsr_privacy.formats.fitting import pairs_of
from hsr_privacy.formats.kvalreg import rapwhale_csv
from hsr_privacy.formats.names import told
from hsr_privacy.formats.parquet import write_parquet
from hsr_privacy.formats.spss import write_spss
from hsr_privacy.formats.stata import write_stata
from hsr_privacy.formats.wording import Language
from hsr_privacy.formats.workbook import write_codebook_xlsx
from hsr_privacy.tables import write_whole

FILES: Final = (
    "extract.parquet",
    "extract.csv",
    "extract.dta",
    "extract.sav",
    "codebook.xlsx",
    "codebook-rapwhale.csv",
)
"""What `write_all` writes, in its order."""


def write_all(
    table: pl.DataFrame,
    dictionary: Dictionary,
    folder: Path,
    *,
    written: dt.date,
    language: Language = "nb",
    decimal_comma: bool = True,
    bom: bool = False,
) -> tuple[Path, ...]:
    """Write an extract and its codebook in every format; same arguments, same bytes.

    Args:
        table: the extract.
        dictionary: its columns, in their order.
        folder: exists; files of these names are replaced, each in one act.
        written: the day that the headers of the files bear.
        language: whose labels are shown first; the others are in every file too.
        decimal_comma: of the CSV.
        bom: whether the CSV begins with the mark by which Excel knows UTF-8.

    Returns:
        The paths of `FILES`, in their order.

    Raises:
        DataError: the columns are not those of the dictionary, or one holds what a format cannot.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    parquet, delimited, stata, spss, workbook, rapwhale = (folder / name for name in FILES)
    pairs_of(table, dictionary)  # whatever a format cannot hold is found before a file is written
    moment = dt.datetime.combine(written, dt.time())
    write_parquet(table, told(dictionary), parquet)
    write_csv(table, dictionary, delimited, decimal_comma=decimal_comma, bom=bom)
    write_stata(table, dictionary, stata, language=language, written=moment)
    write_spss(table, dictionary, spss, language=language, written=moment)
    write_codebook_xlsx(dictionary, workbook, written=written)
    text = rapwhale_csv(dictionary).encode()
    write_whole(rapwhale, lambda part: part.write_bytes(text))
    return parquet, delimited, stata, spss, workbook, rapwhale
