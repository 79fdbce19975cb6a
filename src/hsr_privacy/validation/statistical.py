"""Statistical files: Stata and SPSS as tables, with the codes for missing that they keep."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, to_polars

STATISTICAL: Final = (".dta", ".sav")


def read_statistical(path: Path) -> pl.DataFrame:
    """Read a .dta or .sav file; an empty text is a missing one, as Stata has no other.

    Codes that SPSS was told to leave out, such as 999, stay the codes that they are.

    Raises:
        DataError: there is no such file, or it cannot be read.
    """
    import pyreadstat

    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        if path.suffix.lower() == ".dta":
            data, _ = pyreadstat.read_dta(str(path))
        else:
            data, _ = pyreadstat.read_sav(str(path), user_missing=True)
    except Exception:  # noqa: BLE001 - the library's texts may quote what it read
        kind = "Stata" if path.suffix.lower() == ".dta" else "SPSS"
        raise DataError(f"{path}: not readable as {kind}; is the file whole?") from None
    table = to_polars(as_frame(data))
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    return table.with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts
    )
