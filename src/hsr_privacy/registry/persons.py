"""Who is meant: identifiers of every delivered row become random person keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, Protocol

import polars as pl
import pyarrow as pa

from hsr_privacy.codebook import Source
from hsr_privacy.extract import PERSON_KEY
from hsr_privacy.identifiers import Profile, check_column, read_column
from hsr_privacy.identifiers.kinds import candidates_name
from hsr_privacy.identities import Claim, Merged, Sighting

_IDENTIFIERS: Final = {
    Source.AMBULANCE: ("fnr",),
    Source.HOSPITAL: ("fnr", "duf_nr"),
    Source.REGISTER: ("fnr",),
}
_ENTERPRISE: Final = {Source.AMBULANCE: "amb_hf", Source.HOSPITAL: "sykehus"}
_EARLIER: Final = "tidligere_fnr"
_TEXT: Final = "__identifier"


class Persons(Protocol):
    """Who knows which identifiers are one person: the identity store, or a memory that forgets."""

    def persons(self, identifiers: Mapping[str, Sighting], *, on: dt.date) -> dict[str, bytes]:
        """The person key of each identifier."""

    def merge(self, claims: Iterable[Claim], *, source: str, on: dt.date) -> Merged:
        """Let identifiers that somebody says are one person be one person."""

    def unidentified(self, records: Iterable[str]) -> dict[str, bytes]:
        """A person key for each record whose person nobody knows."""

    def choices(self, *, on: dt.date) -> Mapping[bytes, AbstractSet[str]]:
        """What persons have chosen by themselves, beside what was delivered."""


def identify(
    tables: dict[Source, pl.DataFrame],
    *,
    store: Persons,
    profile: Profile | str,
    on: dt.date,
) -> dict[str, int]:
    """Replace national identifiers by person keys, table by table in place.

    An H-number means somebody inside the enterprise that gave it only, so it counts together with
    that enterprise. Missing, fictitious and unusable identifiers give no person key here: nothing
    is computed from them.

    Args:
        tables: per form, the delivered rows; each gets a column of person keys for its national
            identifiers, null where nobody usable is named.
        store: knows the persons, and learns the new ones.
        profile: which identifier series the environment allows.
        on: today.

    Returns:
        Rows with and without a usable identifier by form, and earlier identifiers.
    """
    counts: dict[str, int] = {}
    read = {
        form: _read(tables[form], form, columns, profile, counts)
        for form, columns in _IDENTIFIERS.items()
    }
    earlier = _read_earlier(tables[Source.REGISTER], read[Source.REGISTER], profile)
    merged = store.merge(earlier, source=str(Source.REGISTER), on=on)
    counts["earlier identifiers of the same person"] = merged.merged + merged.known
    counts["contradictory earlier identifiers"] = merged.quarantined
    seen: dict[str, Sighting] = {}
    for form, texts in read.items():
        new = [text for text in texts.drop_nulls().unique() if text not in seen]
        seen |= _sightings(new, str(form), profile)
    keys = store.persons(seen, on=on)
    mapping = pl.DataFrame(
        {_TEXT: list(keys), PERSON_KEY: list(keys.values())},
        schema={_TEXT: pl.String, PERSON_KEY: pl.Binary},
    )
    for form, texts in read.items():
        found = texts.to_frame().join(mapping, on=_TEXT, how="left", maintain_order="left")
        dropped = [*_IDENTIFIERS[form], *([_EARLIER] if form is Source.REGISTER else [])]
        tables[form] = tables[form].drop(dropped).with_columns(found[PERSON_KEY])
    return counts


def _sightings(texts: list[str], form: str, profile: Profile | str) -> dict[str, Sighting]:
    """Where texts stood, what kind of identifier they are, and inside which enterprise."""
    parts = [text.rpartition("|") for text in texts]
    check = check_column(pa.array([number for *_, number in parts], pa.string()), profile=profile)
    names = [candidates_name(int(code)) for code in check.kind_codes]
    return {
        text: Sighting(form, name, assigner)
        for text, name, (assigner, *_) in zip(texts, names, parts, strict=True)
    }


def _read(
    table: pl.DataFrame,
    form: Source,
    columns: tuple[str, ...],
    profile: Profile | str,
    counts: dict[str, int],
) -> pl.Series:
    """Per row, the text of the identifier that says who is meant, or nothing."""
    found = pl.Series(_TEXT, [None] * table.height, dtype=pl.String)
    for column in columns:
        texts, check = read_column(table[column].to_arrow(), profile=profile)
        text = pl.Series(_TEXT, pl.from_arrow(texts), dtype=pl.String)
        bound = pl.Series(~check.linkable) & text.is_not_null()
        if bound.any() and form in _ENTERPRISE:
            enterprise = table[_ENTERPRISE[form]]
            named = pl.select(pl.concat_str(enterprise, text, separator="|")).to_series()
            text = text.zip_with(~bound, named)
        elif bound.any():
            text = text.set(bound, None)
        found = found.zip_with(found.is_not_null(), text)
    counts[f"{form} rows with a person"] = table.height - found.null_count()
    counts[f"{form} rows without a usable identifier"] = found.null_count()
    return found


def _read_earlier(register: pl.DataFrame, now: pl.Series, profile: Profile | str) -> list[Claim]:
    texts, check = read_column(register[_EARLIER].to_arrow(), profile=profile)
    pairs = pl.DataFrame({"earlier": pl.from_arrow(texts), "now": now})
    linkable = pl.Series(check.linkable) & pairs["now"].is_not_null()
    pairs = pairs.filter(linkable & (pairs["earlier"] != pairs["now"]).fill_null(value=False))
    return [
        Claim(earlier, later)
        for earlier, later in pairs.unique().sort("earlier", "now").iter_rows()
    ]
