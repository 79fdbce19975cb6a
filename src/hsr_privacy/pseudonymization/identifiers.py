"""Pseudonymize identifiers: from national identifiers straight to pseudonyms, for linkage.

Inside the register a person key stands between the two (see `pseudonymize`): it outlives a change
of identifier, and there is nothing to enumerate. Where two registries know nothing but the
identifier, this is the verb.
"""

from __future__ import annotations

import secrets
from typing import Any, Final, Literal

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hsr_privacy.errors import DataError, HsrError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of, computed, engine_of, map_column, to_polars
from hsr_privacy.identifiers import Profile, read_column
from hsr_privacy.identifiers.normalization import NORMALIZATION
from hsr_privacy.keys import ProjectKey
from hsr_privacy.pseudonymization.encoding import ENCODING
from hsr_privacy.pseudonymization.mac import text_function
from hsr_privacy.pseudonymization.text_form import TEXT_FORM, text_column

_CANONICAL: Final = "__canonical"


@any_frame
def pseudonymize_identifiers(
    extract: Extract,
    column: str,
    *,
    key: ProjectKey,
    into: str,
    profile: Profile | str,
    unusable: Literal["missing", "random"] = "missing",
    marked: str | None = None,
) -> Extract:
    """Replace a column of national identifiers by pseudonyms as text, at its place.

    Nothing is ever computed from what is missing, stands for a missing value, is not valid, or
    means somebody inside one enterprise only (H-numbers): such a row gets no pseudonym, or one that
    is drawn at random for this row alone.

    Args:
        extract: an extract, or a pandas, Polars or Spark frame; the same kind comes back.
        column: identifiers as text.
        key: the project's key for ``national-id``.
        into: name of the column of pseudonyms.
        profile: the environment: which series of identifiers it allows.
        unusable: what a row without a usable identifier gets; ``random`` not on Spark, which may
            draw a row twice.
        marked: name of a column that says which rows these are; none if left out.

    Raises:
        DataError: a column does not exist, a name is taken, or the key is for something else.
        HsrError: two identifiers gave one pseudonym.
    """
    order = list(columns_of(extract.frame))
    if column not in order:
        raise DataError(f"there is no column '{column}' to pseudonymize")
    for name in filter(None, (into, marked)):
        if name in order:
            raise DataError(f"there is a column '{name}' already; name another")
    if key.subject != "national-id":
        raise DataError(f"a key for {key.subject} is not for identifiers; derive one for them")
    on_spark = engine_of(extract.frame) == "spark"
    if on_spark and (unusable == "random" or key.cipher is not None):
        raise DataError(
            "Spark may compute a row twice and on other machines: random pseudonyms and keys "
            "inside a token are not for it; work without Spark"
        )
    frame = map_column(extract.frame, column, _canonical(profile), into=_CANONICAL)
    frame = map_column(frame, _CANONICAL, _with_gaps(key), into=into)
    counted = frame.select(
        nw.len().alias("rows"),
        nw.col(into).count().alias("usable"),
        nw.col(_CANONICAL).n_unique().alias("before"),
        nw.col(into).n_unique().alias("after"),
    )
    rows, usable, before, after = (int(count or 0) for count in to_polars(counted).row(0))
    if before != after:
        raise HsrError(f"{before} identifiers gave {after} pseudonyms; nothing was released")
    if marked is not None:
        frame = frame.with_columns(nw.col(into).is_null().alias(marked))
    if unusable == "random":
        frame = computed(map_column(frame, into, _filled, into=into))
    order[order.index(column)] = into
    names = [*order, *([marked] if marked else [])]
    step = Step(
        f"pseudonymize {into}",
        {"rows": rows, "without a usable identifier": rows - usable},
        {
            "algorithm": key.algorithm,
            "subject": key.subject,
            "key version": str(key.version),
            "key check value": key.check_value,
            "text form": TEXT_FORM,
            "encoding": ENCODING,
            "normalization": NORMALIZATION,
        },
    )
    return extract.then(frame.select(*map(nw.col, names)), step)


def _canonical(profile: Profile | str) -> Any:
    """Identifiers in the one way to write them, null where one may not be used."""
    stated = str(Profile(profile))

    def of_column(array: Any) -> Any:
        texts, check = read_column(array, profile=stated)
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        nothing = pa.nulls(len(check.linkable), pa.large_string())
        return pc.if_else(pa.array(check.linkable), texts, nothing) if len(texts) else nothing

    return of_column


def _with_gaps(key: ProjectKey) -> Any:
    """Pseudonyms of the rows that have something to make one of."""
    of_column = text_function(key)

    def of_rows(array: Any) -> Any:
        text = array.cast(pa.large_string())
        there = text.is_valid()
        gaps = pa.nulls(len(text), pa.large_string())
        return pc.replace_with_mask(gaps, there, of_column(text.drop_null()).cast(gaps.type))

    return of_rows


def _filled(array: Any) -> Any:
    """Every gap filled with a pseudonym of its own, from the system's randomness."""
    text = array.cast(pa.large_string())
    drawn = np.frombuffer(secrets.token_bytes(16 * text.null_count), dtype=np.uint8)
    rows = text_column(pa.array([row.tobytes() for row in drawn.reshape(-1, 16)], pa.binary()))
    return pc.replace_with_mask(text, text.is_null(), rows.cast(text.type))
