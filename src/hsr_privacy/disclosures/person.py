"""A person who asks: which releases hold them, by keyed sketches and by no list of identifiers.

The sketch of a release has a tag of 128 bits per person. Somebody who is in none of them is taken for
one who is with a chance of (persons in all sketches) / 2^128.

Source: helseregisterloven § 24; GDPR art. 15 (1) c.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hsr_privacy.composition import Sketch
from hsr_privacy.disclosures.disclosure import Disclosure, State
from hsr_privacy.errors import KeyRingError
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing

TAG_BITS: Final = 128
RUNNING_NUMBER: Final = "running-number"


@dataclass(frozen=True)
class Holding:
    """A release, and whether somebody is in it.

    Attributes:
        case_number: of the project.
        recipient: who received it.
        day: it left.
        disclosure: its entry; None where the register has none, as before there was one.
        holds: None where it cannot be told: nothing was kept of who is in it.
        keys: under which the person is in it.
    """

    case_number: str
    recipient: str
    day: dt.date
    disclosure: Disclosure | None
    holds: bool | None
    keys: tuple[bytes, ...] = field(default=(), repr=False)


def holdings(
    keys: Mapping[bytes, dt.date | None],
    *,
    disclosures: Sequence[Disclosure],
    sketches: Sequence[Sketch],
    ring: KeyRing,
) -> tuple[Holding, ...]:
    """Every release, the oldest first, and whether a person is in it.

    Args:
        keys: of the person, as `IdentityStore.keys_ever` gives them.
        disclosures: of the register; what was abandoned never left.
        sketches: that were kept.
        ring: of the register.
    """
    of_manifest = {one.about.manifest_sha256: one for one in sketches}
    found = []
    for one in disclosures:
        if one.state is not State.ABANDONED:
            sketch = of_manifest.pop(one.manifest_sha256, None)
            found.append(_holding(one, sketch, keys, ring))
        else:
            of_manifest.pop(one.manifest_sha256, None)
    found += [_holding(None, sketch, keys, ring) for sketch in of_manifest.values()]
    return tuple(sorted(found, key=lambda one: (one.day, one.case_number)))


def chance_of_error(sketches: Sequence[Sketch], keys: int) -> float:
    """How likely it is (0-1, at most) that a stranger is found in some release.

    Args:
        sketches: that were looked into.
        keys: of the person, that were looked for.
    """
    return float(sum(one.persons for one in sketches) * keys) / 2.0**TAG_BITS


def pseudonyms_in(holding: Holding, *, ring: KeyRing, store: IdentityStore) -> tuple[str, ...]:
    """The person's pseudonyms in a release; none where nobody can tell them any more.

    That is where the project's key was destroyed, or the register has no entry that says how they
    were made. There are several where identifiers were found to be one person's only afterwards.

    Args:
        holding: a release that holds the person.
        ring: of the register.
        store: of identities; it knows running numbers.
    """
    made = holding.disclosure
    if made is None:
        return ()
    algorithm: Any = made.pseudonyms
    try:
        if algorithm == RUNNING_NUMBER:
            key = ring.project_key(made.case_number, purpose=RUNNING_NUMBER)
            return tuple(sorted(store.numbers(key).known(holding.keys).values()))
        key = ring.project_key(made.case_number, algorithm=algorithm)
    except KeyRingError:
        return ()
    import pyarrow as pa

    from hsr_privacy.pseudonymization.mac import text_function

    texts: list[str] = text_function(key)(pa.array(holding.keys, pa.binary())).to_pylist()
    return tuple(sorted(texts))


def _holding(
    disclosure: Disclosure | None,
    sketch: Sketch | None,
    keys: Mapping[bytes, dt.date | None],
    ring: KeyRing,
) -> Holding:
    if disclosure is not None:
        case_number, recipient = disclosure.case_number, disclosure.recipient
        day = disclosure.released
    else:
        assert sketch is not None, "a release is known by its entry or by its sketch"
        case_number, recipient = sketch.about.case_number, sketch.about.recipient
        day = sketch.about.day
    if sketch is None:
        return Holding(case_number, recipient, day, disclosure, None)
    then = [key for key, until in keys.items() if until is None or sketch.about.day <= until]
    inside = tuple(sorted(key for key in then if sketch.holds(key, ring)))
    return Holding(case_number, recipient, day, disclosure, bool(inside), inside)
