"""Persons: identifiers that are wrong or missing, and numbers by which records are linked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Source
from hsr_privacy.identifiers import Profile, Reason, check_column, read_column
from hsr_privacy.quality.findings import Bools, Found, Int64s, found
from hsr_privacy.quality.kinds import (
    INVALID_IDENTIFIER,
    LETTER_CASE,
    LOST_ZERO,
    MISSING_IDENTIFIER,
    MISSING_NUMBER,
    OTHER_THAN_REGISTER,
    SCIENTIFIC,
    UNKNOWN_CENTRE,
)
from hsr_privacy.quality.reporters import CENTRES

PROFILE: Final = Profile.TEST_SKATT
"""Real numbers and those of the tax authority's synthetic series: the two never look alike."""

STRANGER: Final = "ukjent"
_DIGITS: Final = 11
_IDENTIFIERS: Final = ("fnr", "tidligere_fnr")
_NEEDED: Final = {
    Source.AMK: ("amis_hendelsesnr",),
    Source.AMBULANCE: ("amis_hendelsesnr", "amb_oppdragsnr"),
    Source.HOSPITAL: ("opphold_id",),
    Source.REGISTER: (),
}
_OF_ONE_WIDTH: Final = ("amis_hendelsesnr", "telefon_innringer")
"""Numbers whose digits an enterprise's system always writes in the same number."""

_USUAL: Final = 0.9
_SEXES: Final = (1, 2)
_SAYS: Final = "R22"
_SCIENTIFIC: Final = r"^[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+$"


def check_identifiers(table: pl.DataFrame, *, today: dt.date) -> Iterator[Found]:
    """National identifiers that are none: mistyped, without their zero, as Excel shows them.

    A DUF-number may stand in their place. An earlier identifier may be missing.

    Args:
        table: a form.
        today: numbers that hold under a rule that is not yet in force are refused.
    """
    for name in _IDENTIFIERS:
        if name not in table.columns:
            continue
        reasons = check_column(table[name].to_arrow(), profile=PROFILE, as_of=today).reason_codes
        scientific = table[name].str.contains(_SCIENTIFIC).fill_null(value=False).to_numpy()
        short = _without_zeros(table[name], reasons, today=today)
        usable = (reasons == Reason.NONE) | (reasons == Reason.MISSING)
        yield found(SCIENTIFIC, scientific, name)
        yield found(LOST_ZERO, short, name)
        yield found(INVALID_IDENTIFIER, ~(usable | scientific | short), name)
    if "navn" in table.columns:
        named = (table["navn"].str.to_lowercase() != STRANGER).fill_null(value=False)
        known = (named | table["fodselsdato"].is_not_null()).to_numpy()
        lacking = table["fnr"].is_null().to_numpy()
        if "duf_nr" in table.columns:
            lacking &= table["duf_nr"].is_null().to_numpy()
        yield found(MISSING_IDENTIFIER, lacking & known, "fnr")
    elif "fnr" in table.columns:
        yield found(MISSING_IDENTIFIER, table["fnr"].is_null().to_numpy(), "fnr")


def _without_zeros(cells: pl.Series, reasons: NDArray[np.uint8], *, today: dt.date) -> Bools:
    """Numbers that are valid once they have their leading zeros again."""
    result = np.zeros(len(cells), bool)
    tried = np.flatnonzero(
        np.isin(reasons, (Reason.LOST_LEADING_ZERO, Reason.WRONG_LENGTH))
        & (cells.str.len_chars() < _DIGITS).fill_null(value=False).to_numpy()
    )
    if len(tried):
        whole = cells.gather(tried).str.zfill(_DIGITS)
        check = check_column(whole.to_arrow(), profile=PROFILE, as_of=today)
        result[tried] = check.reason_codes == Reason.NONE
    return result


def check_numbers(table: pl.DataFrame, form: Source) -> Iterator[Found]:
    """Numbers of incidents, missions and stays: missing, or shorter than the others; and centres."""
    for name in _NEEDED[form]:
        yield found(MISSING_NUMBER, table[name].is_null().to_numpy(), name)
    for name in _OF_ONE_WIDTH:
        if name in table.columns:
            yield found(LOST_ZERO, _shorter(table[name]), name)
    if "amk_sentral" in table.columns:
        centre = table["amk_sentral"]
        known = pl.Series(list(CENTRES)).str.to_lowercase()
        is_known = centre.is_in(list(CENTRES)).fill_null(value=True).to_numpy()
        is_written_otherwise = (
            centre.str.to_lowercase().is_in(known.implode()).fill_null(value=False)
        )
        yield found(LETTER_CASE, ~is_known & is_written_otherwise.to_numpy(), "amk_sentral")
        yield found(UNKNOWN_CENTRE, ~is_known & ~is_written_otherwise.to_numpy(), "amk_sentral")


def _shorter(cells: pl.Series) -> Bools:
    """Numbers with fewer digits than nearly all others of their column, some of which begin with 0."""
    width = cells.str.len_chars()
    numbers = cells.str.contains("^[0-9]+$").fill_null(value=False)
    usual = width.filter(numbers).mode().max()
    none = np.zeros(len(cells), bool)
    if usual is None or not cells.filter(width == usual).str.starts_with("0").any():
        return none
    common = int(((width == usual) & numbers).sum()) >= _USUAL * int(numbers.sum())
    return (numbers & (width < usual)).to_numpy() if common else none


def person_keys(table: pl.DataFrame) -> pl.Series:
    """Per row the identifier that says who is meant, lost zeros given back; missing if it is none."""
    texts, check = read_column(table["fnr"].to_arrow(), profile=PROFILE, repair_leading_zero=True)
    keys = pl.Series("person", pl.from_arrow(texts), dtype=pl.String)
    return keys.set(pl.Series(~check.linkable), None)


def check_against_register(
    tables: Mapping[Source, pl.DataFrame],
) -> dict[Source, list[Found]]:
    """Arrests of whom the person's own record says another date of birth or another sex.

    Args:
        tables: all forms.
    """
    register = tables[Source.REGISTER]
    own = (
        register.select("fodselsdato", "kjonn")
        .with_columns(person_keys(register))
        .filter(pl.col("person").is_not_null())
        .unique()
        .unique("person", keep="none")
    )
    result: dict[Source, list[Found]] = {}
    for form in (Source.AMBULANCE, Source.HOSPITAL):
        said = tables[form].select("fodselsdato", "kjonn").with_columns(person_keys(tables[form]))
        both = said.join(own, on="person", how="left", suffix="_own", maintain_order="left")
        born = both["fodselsdato"] != both["fodselsdato_own"]
        sex = both["kjonn"].is_in(_SEXES) & (both["kjonn"] != both["kjonn_own"])
        result[form] = [
            found(OTHER_THAN_REGISTER, mask.fill_null(value=False).to_numpy(), name)
            for name, mask in (("fodselsdato", born), ("kjonn", sex))
        ]
    return result


def doubted(parts: Iterable[Found]) -> Int64s:
    """Rows whose identifier is probably another person's: the date of birth is not that person's."""
    places = [
        one.at
        for one in parts
        if one.rule == _SAYS
        or (one.kind is OTHER_THAN_REGISTER and one.columns == ("fodselsdato",))
    ]
    rows: Int64s = np.unique(np.concatenate([np.empty(0, np.int64), *places]))
    return rows


def without_persons(table: pl.DataFrame, rows: Int64s) -> pl.DataFrame:
    """The same, with nobody named in some rows."""
    named = np.ones(table.height, bool)
    named[rows] = False
    return table.with_columns(table["fnr"].set(pl.Series(~named), None))
