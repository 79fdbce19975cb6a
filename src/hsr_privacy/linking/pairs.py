"""Pairs: what a registry gives the linking body, a token and a pseudonym a row and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from hsr_privacy.errors import DataError, GateRefused
from hsr_privacy.identifiers import read_column
from hsr_privacy.identities import Known
from hsr_privacy.keys import KeyRing
from hsr_privacy.linking.agreement import agreed_key, is_compared
from hsr_privacy.pseudonymization import text_form
from hsr_privacy.pseudonymization.mac import text_function
from hsr_privacy.pseudonymization.persons import is_pseudonym

HEADING: Final = ("l", "p")


@dataclass(frozen=True)
class Pairs:
    """The content of a file for the linking body, and what may be told of it.

    Attributes:
        content: CSV, in the order of the tokens, which says nothing.
        rows: pairs.
        persons: different pseudonyms.
        unusable: rows whose identifier may not be used.
        without: persons of whom no usable identifier is known.
        check_value: of the linkage key.
    """

    content: bytes
    rows: int
    persons: int
    unusable: int
    without: int
    check_value: str

    def receipt(self) -> dict[str, int | str]:
        """What may be written down and sent."""
        return {
            "rows": self.rows,
            "persons": self.persons,
            "unusable identifiers": self.unusable,
            "persons without a usable identifier": self.without,
            "check value": self.check_value,
        }


def make_pairs(
    ring: KeyRing, project_id: str, *, identifiers: Sequence[str], pseudonyms: Sequence[str]
) -> Pairs:
    """Make the pairs of a linkage whose profiles were found equal.

    Args:
        identifiers: n identifiers; a person whose identifier changed has several rows.
        pseudonyms: n pseudonyms, of the persons in this registry's extract.

    Raises:
        GateRefused: the profiles were not compared.
        DataError: a pseudonym is none.
    """
    key = agreed_key(ring, project_id)
    if not is_compared(ring, project_id):
        raise GateRefused(
            "the profiles of the two registries were not compared; run hsr linkage compare first"
        )
    given = pa.array(list(pseudonyms), pa.string())
    if not all(map(is_pseudonym, set(pseudonyms))):
        raise DataError(
            "a row has no pseudonym whose check symbols hold; take the column as released"
        )
    texts, check = read_column(pa.array(list(identifiers)), profile=ring.environment)
    usable = pa.array(check.linkable)
    tokens = text_function(key)(pc.filter(texts, usable).combine_chunks()) if len(texts) else []
    kept = given.filter(usable).to_pylist() if len(texts) else []
    pairs = sorted(set(zip(map(str, tokens), kept, strict=True)))
    persons = {pseudonym for _, pseudonym in pairs}
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEADING, *pairs])
    return Pairs(
        content=text.getvalue().encode(),
        rows=len(pairs),
        persons=len(persons),
        unusable=len(texts) - len(kept),
        without=len(set(pseudonyms) - persons),
        check_value=key.check_value,
    )


def rows_of_persons(
    persons: Mapping[str, bytes], known: Mapping[bytes, Iterable[Known]]
) -> tuple[list[str], list[str]]:
    """Identifiers and pseudonyms, a row for each identifier of each person.

    Args:
        persons: person key of each pseudonym.
        known: identifiers of each person. One that means somebody inside an enterprise only
            (H-number) stays there as text without meaning, and is left out as unusable; a person
            of whom none is known has a row without.
    """
    identifiers, pseudonyms = [], []
    for pseudonym, person in persons.items():
        texts = [one.identifier for one in known.get(person, ())] or [""]
        identifiers += texts
        pseudonyms += [pseudonym] * len(texts)
    return identifiers, pseudonyms


def read_pairs(content: bytes) -> list[tuple[str, str]]:
    """The pairs of a file, as the linking body gets it.

    Raises:
        DataError: it holds anything else.
    """
    try:
        rows: list[Any] = list(csv.reader(io.StringIO(content.decode("ascii"))))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    if not rows or tuple(rows[0]) != HEADING or any(len(row) != 2 for row in rows):
        raise DataError("that file holds something else than pairs of a token and a pseudonym")
    tokens = pa.array([row[0] for row in rows[1:]], pa.string())
    if not text_form.are_valid(tokens).all() or not all(is_pseudonym(row[1]) for row in rows[1:]):
        raise DataError("a token or pseudonym in that file does not hold its check symbols")
    return [(row[0], row[1]) for row in rows[1:]]
