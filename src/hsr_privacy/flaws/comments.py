"""Comments: free text in which somebody wrote who or where it was.

Every number is of the tax authority's synthetic series, every name is invented, no Norwegian
telephone number begins with 0, and addresses end in ``.example``, which nobody can own (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.flaws.draft import LEAK_SCAN, PATIENT_FORMS, RECORD_FORMS, Draft, Patch, Variant
from hsr_privacy.flaws.sheet import Int64s

_COMMENT: Final = "fritekst_kommentar"
_STRANGER: Final = "Ukjent"
_ASCII: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", " ": ".", ".": ""})

_Said = tuple[list[str], dict[str, list[str]]]


def identifier_in_comment(draft: Draft) -> Iterator[Variant]:
    """A national identifier, in one piece or as it is spoken."""

    def said(rows: Int64s) -> _Said:
        numbers = _of_patients(draft, "fnr", rows)
        ways: tuple[Callable[[str], str], ...] = (
            lambda n: f"Fnr {n}.",
            lambda n: f"Pas. {n[:6]} {n[6:]} er kjent her.",
            lambda n: f"Personnr. {n[:6]}-{n[6:]}, sjekket mot førerkort.",
        )
        return _in_some_way(draft, ways, numbers), {"identifiers": numbers}

    yield from _told(draft, said, needs="fnr")


def name_in_comment(draft: Draft) -> Iterator[Variant]:
    """A name."""

    def said(rows: Int64s) -> _Said:
        names = _of_patients(draft, "navn", rows)
        ways: tuple[Callable[[str], str], ...] = (
            lambda n: f"Pasienten heter {n}.",
            lambda n: f"{n} ble funnet av naboen.",
        )
        return _in_some_way(draft, ways, names), {"names": names}

    yield from _told(draft, said, needs="navn")


def phone_in_comment(draft: Draft) -> Iterator[Variant]:
    """The telephone number of a relative."""

    def said(rows: Int64s) -> _Said:
        drawn = [f"0{number:07d}" for number in draft.rng.integers(0, 10**7, len(rows))]
        ways: tuple[Callable[[str], str], ...] = (
            lambda n: f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:]}",
            lambda n: f"{n[:3]} {n[3:5]} {n[5:]}",
            lambda n: f"+47 {n}",
            lambda n: n,
        )
        phones = _in_some_way(draft, ways, drawn)
        return [f"Pårørende har tlf. {phone}." for phone in phones], {"phones": phones}

    yield from _told(draft, said)


def email_in_comment(draft: Draft) -> Iterator[Variant]:
    """The e-mail address of a relative."""

    def said(rows: Int64s) -> _Said:
        names = _of_patients(draft, "navn", rows)
        emails = [f"{name.lower().translate(_ASCII)}@epost.example" for name in names]
        return [f"Svar ønskes til {email}" for email in emails], {"emails": emails}

    yield from _told(draft, said, needs="navn")


def coordinates_in_comment(draft: Draft) -> Iterator[Variant]:
    """Where it was, to the metre."""

    def said(rows: Int64s) -> _Said:
        north = draft.rng.uniform(58.0, 71.0, len(rows))
        east = draft.rng.uniform(5.0, 30.0, len(rows))
        easting, northing = (
            draft.rng.integers(*span, len(rows))
            for span in ((100_000, 999_999), (6_450_000, 7_900_000))
        )
        degrees = draft.rng.random(len(rows)) < 0.5
        places = [
            f"{n:.5f} N, {e:.5f} Ø" if by_degrees else f"UTM33 {x} Ø {y} N"
            for n, e, x, y, by_degrees in zip(north, east, easting, northing, degrees, strict=True)
        ]
        return [f"Posisjon {place}" for place in places], {"coordinates": places}

    yield from _told(draft, said)


def _told(
    draft: Draft, said: Callable[[Int64s], _Said], needs: str | None = None
) -> Iterator[Variant]:
    """Behind what a comment says already, if it names nobody yet."""
    if draft.form not in RECORD_FORMS:
        return

    def patch(rows: Int64s) -> Patch:
        sentences, secrets = said(rows)
        before = draft.cells(_COMMENT, rows).fill_null("")
        after = before + pl.Series([" "]).new_from_index(0, len(rows)) + pl.Series(sentences)
        return Patch({_COMMENT: after.str.strip_chars()}, secrets)

    harmless = ~pl.col(_COMMENT).fill_null("").str.contains("[0-9]")
    possible = draft.where(harmless)
    if needs is not None and draft.form in PATIENT_FORMS:
        known = pl.col(needs).is_not_null() & (pl.col(needs) != _STRANGER)
        possible &= draft.where(known)
    elif needs is not None and not _pool(draft, needs):
        possible &= False
    yield Variant(possible, patch, detector=LEAK_SCAN)


def _of_patients(draft: Draft, name: str, rows: Int64s) -> list[str]:
    """The patients' own; a dispatch centre hears of somebody."""
    if draft.form in PATIENT_FORMS:
        own: list[str] = draft.cells(name, rows).to_list()
        return own
    return draft.some_of(_pool(draft, name), len(rows))


def _pool(draft: Draft, name: str) -> list[str]:
    known = draft.tables[Source.AMBULANCE][name].drop_nulls()
    found: list[str] = known.filter(known != _STRANGER).to_list()
    return found


def _in_some_way(
    draft: Draft, ways: Sequence[Callable[[str], str]], values: list[str]
) -> list[str]:
    which = draft.rng.integers(0, len(ways), len(values))
    return [ways[way](value) for way, value in zip(which, values, strict=True)]
