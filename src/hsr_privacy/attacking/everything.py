"""Everything: how many persons are alone for who knows every released column, not only some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.attacking.alone import Alone, alone, codes_of, key_of
from hsr_privacy.errors import DataError


@dataclass(frozen=True)
class OneMore:
    """What one column adds to the quasi-identifiers.

    Attributes:
        column: its name.
        alone: who is alone by the quasi-identifiers and this column.
    """

    column: str
    alone: Alone


@dataclass(frozen=True)
class EverythingKnown:
    """Uniqueness for an attacker who knows more than the quasi-identifiers.

    Attributes:
        columns: all that are released and say something.
        quasi_identifiers: those that protection looked at.
        by_quasi_identifiers: who is alone by these.
        by_everything: who is alone by all columns.
        one_more: per other column, who is alone by the quasi-identifiers and it; the most telling
            first.
    """

    columns: tuple[str, ...]
    quasi_identifiers: tuple[str, ...]
    by_quasi_identifiers: Alone
    by_everything: Alone
    one_more: tuple[OneMore, ...]

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and names of columns."""
        return asdict(self)


def everything_known(
    released: pl.DataFrame,
    *,
    columns: Sequence[str],
    quasi_identifiers: Sequence[str],
    person: str | None = None,
) -> EverythingKnown:
    """Count who is alone if every released column is known.

    k-anonymity promises something only for the columns that were named as quasi-identifiers. What
    a treatment took, or how long something lasted, is known to somebody too, and one column of it
    may tell apart those who read alike. A person is alone who has a row that no other person
    shares. A suppressed or missing cell counts as a value of its own.

    Args:
        released: the rows as they leave.
        columns: those that say something of a person; not the pseudonyms.
        quasi_identifiers: the columns that protection looked at.
        person: column that tells persons apart; each row is one if left out. Rows without a person
            are one person together.

    Raises:
        DataError: there is no such column.

    Source: Cohen 2022, "Attacks on deidentification's defenses", USENIX Security (34 % of the
    students of a published table were unique by columns that nobody had named).
    """
    known = tuple(dict.fromkeys([*quasi_identifiers, *columns]))
    for name in (*known, *([person] if person is not None else [])):
        if name not in released.columns:
            raise DataError(f"the release has no column '{name}' that somebody could know")
    persons = codes_of(released[person]) if person is not None else np.arange(released.height)
    codes = {name: codes_of(released[name]) for name in known}
    nothing = np.zeros(released.height, np.int64)
    quasi = codes_of(pl.Series(key_of([nothing, *(codes[name] for name in quasi_identifiers)])))
    more = [
        OneMore(name, alone(key_of([quasi, codes[name]]), persons))
        for name in known
        if name not in quasi_identifiers
    ]
    return EverythingKnown(
        columns=known,
        quasi_identifiers=tuple(quasi_identifiers),
        by_quasi_identifiers=alone(quasi, persons),
        by_everything=alone(key_of([nothing, *codes.values()]), persons),
        one_more=tuple(sorted(more, key=lambda one: (-one.alone.alone, one.column))),
    )
