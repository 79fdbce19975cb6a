"""Comments: who or where it was, in free text that should not say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Role, Type
from hsr_privacy.quality.findings import Found, Int64s, found
from hsr_privacy.quality.kinds import IN_TEXT, LIKE_A_NAME
from hsr_privacy.quality.persons import STRANGER
from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.looking import Context, look

FREE_TEXT: Final = "fritekst"
"""What names of columns of free text begin with."""

_KINDS: Final = {"phone": "phone", "e-mail": "email", "coordinates": "coordinates"}
_SURE: Final = ("A", "B")
_WORD: Final = r"[A-ZÆØÅ][a-zæøåéèüö]+(?:-[A-ZÆØÅ][a-zæøåéèüö]+)?"
_NAME: Final = rf"{_WORD}(?: [A-ZÆØÅ]\.)*(?: {_WORD})+|{_WORD}(?: [A-ZÆØÅ]\.)+ ?{_WORD}"
"""A given name and a surname, with initials between them or not."""


def free_text(codebook: Codebook, table: pl.DataFrame) -> tuple[str, ...]:
    """Columns of free text: of no form, and not for an identifier, an address or a name."""
    return tuple(
        variable.name
        for variable in codebook
        if variable.name in table.columns
        and variable.type is Type.TEXT
        and variable.role is Role.DIRECT_IDENTIFIER
        and variable.name.startswith(FREE_TEXT)
    )


def names_of(*tables: pl.DataFrame) -> frozenset[str]:
    """Names of patients as the forms have them, in small letters."""
    names = [table["navn"].drop_nulls() for table in tables if "navn" in table.columns]
    said = pl.concat(names).str.strip_chars().str.to_lowercase().unique()
    return frozenset(said.filter(said != STRANGER).to_list())


def check_comments(
    table: pl.DataFrame, columns: tuple[str, ...], names: frozenset[str]
) -> Iterator[Found]:
    """Identifiers, telephone numbers, addresses of e-mail, coordinates and names in free text.

    Args:
        table: a form.
        columns: of free text.
        names: of patients, in small letters.
    """
    for column in columns:
        cells = table[column]
        said = np.flatnonzero(cells.is_not_null().to_numpy())
        if not len(said):
            continue
        texts = cells.gather(said)
        seen = look(Block.of_array(texts.to_arrow(), said), Context())
        for hits, rows in seen.hits:
            what = _KINDS.get(hits.kind) or ("identifier" if hits.tier in _SURE else None)
            if what is not None:
                yield found(IN_TEXT[what], np.unique(rows), column)
        yield from _named(texts, said, column, names)


def _named(
    texts: pl.Series,
    said: Int64s,
    column: str,
    names: frozenset[str],
) -> Iterator[Found]:
    """Names: those of patients for certain, and what has the look of one."""
    like = texts.str.extract_all(_NAME)
    places = np.flatnonzero((like.list.len() > 0).to_numpy())
    known = [
        any(_is_known(one.lower(), names) for one in found_there)
        for found_there in like.gather(places).to_list()
    ]
    is_known = np.array(known, bool)
    yield found(IN_TEXT["name"], said[places[is_known]], column)
    yield found(LIKE_A_NAME, said[places[~is_known]], column)


def _is_known(text: str, names: frozenset[str]) -> bool:
    """Whether it is a patient's name, or has one behind the word that the sentence begins with."""
    return text in names or text.partition(" ")[2] in names
