"""What is known of a person's identifiers: where each was seen, and what happened to them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True)
class Sighting:
    """Where an identifier stood.

    Attributes:
        source: which form delivered it.
        kind: what it is, by `identifiers.kinds`.
        assigner: enterprise inside which alone it means somebody; empty for the others.
    """

    source: str
    kind: str = ""
    assigner: str = ""


def sighted(identifier: str, seen: Sighting, *, on: dt.date) -> str:
    """An identifier and where it stood, as JSON; the part that many have in common is made once."""
    return f'{{"identifier": {_quoted(identifier)}, {_common(seen, on)}'


_quoted = json.JSONEncoder().encode


@cache
def _common(seen: Sighting, on: dt.date) -> str:
    words = {
        "kind": seen.kind,
        "assigner": seen.assigner,
        "source": seen.source,
        "first seen": on.isoformat(),
    }
    return json.dumps(words).removeprefix("{")


@dataclass(frozen=True)
class Known:
    """One identifier of a person, as the store knows it.

    Attributes:
        identifier: the identifier itself; shown by no repr.
        sighting: where it was seen first.
        valid_from: day on which it was seen first.
        valid_to: day on which another took its place; None while it holds.
    """

    identifier: str = field(repr=False)
    sighting: Sighting
    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class Happening:
    """Something that happened to a person's identity.

    Attributes:
        kind: ``merged``, ``split``, ``rejected`` (a claim about the person), ``withdrawn``,
            ``reinstated``.
        effective: from when it holds.
        recorded: when it was written down.
        source: who said so.
        choice: what was chosen, of a withdrawal or its reversal; empty for the others.
    """

    kind: str
    effective: dt.date
    recorded: dt.date
    source: str
    choice: str = ""


@dataclass(frozen=True)
class Quarantined:
    """A claim that contradicts something, kept and not acted on.

    Attributes:
        number: by which it is resolved.
        reason: what it contradicts.
        effective: from when it would hold.
        recorded: when it was made.
        source: who made it.
    """

    number: int
    reason: str
    effective: dt.date
    recorded: dt.date
    source: str
