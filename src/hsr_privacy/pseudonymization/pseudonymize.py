"""Pseudonymize: replace a key column by pseudonyms that belong to one project."""

from __future__ import annotations

import narwhals as nw

from hsr_privacy.errors import DataError, HsrError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of, engine_of, map_column, to_polars
from hsr_privacy.keys import ProjectKey
from hsr_privacy.pseudonymization.mac import text_function
from hsr_privacy.pseudonymization.text_form import TEXT_FORM


@any_frame
def pseudonymize(extract: Extract, column: str, *, key: ProjectKey, into: str) -> Extract:
    """Replace a column of 16-byte keys by pseudonyms as text, at its place.

    The same key gives the same pseudonym in one project, and a stranger in every other. On Spark
    the project's key travels to the workers inside the function, and stands in no query plan.

    Args:
        extract: an extract, or a pandas, Polars or Spark frame; the same kind comes back.
        column: 16-byte keys, binary or 32 hex digits; none missing.
        key: the project's key for this subject.
        into: name of the column of pseudonyms.

    Raises:
        DataError: a column does not exist, its new name is taken, or a key is missing or no key.
        HsrError: two keys gave one pseudonym.
    """
    order = list(columns_of(extract.frame))
    if column not in order:
        raise DataError(f"there is no column '{column}' to pseudonymize")
    if into in order:
        raise DataError(f"there is a column '{into}' already; name another")
    if key.purpose != "pseudonym":
        raise DataError(f"a key for {key.purpose} makes no pseudonyms; derive one for pseudonyms")
    if key.cipher is not None and engine_of(extract.frame) == "spark":
        raise DataError("a key inside a token cannot travel to Spark's workers; work without Spark")
    frame = map_column(extract.frame, column, text_function(key), into=into)
    counted = to_polars(
        frame.select(
            nw.col(column).n_unique().alias("keys"), nw.col(into).n_unique().alias("pseudonyms")
        )
    )
    keys, pseudonyms = (int(count or 0) for count in counted.row(0))
    if keys != pseudonyms:
        raise HsrError(f"{keys} different keys gave {pseudonyms} pseudonyms; nothing was released")
    order[order.index(column)] = into
    notes = {
        "algorithm": key.algorithm,
        "subject": key.subject,
        "key version": str(key.version),
        "key check value": key.check_value,
        "text form": TEXT_FORM,
    }
    step = Step(f"pseudonymize {into}", {"distinct": keys}, notes)
    frame = frame.drop(column).select(*map(nw.col, order))
    return Extract(frame, into if extract.person == column else extract.person, extract.steps).then(
        frame, step
    )
