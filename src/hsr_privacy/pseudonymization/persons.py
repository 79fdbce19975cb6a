"""Persons behind pseudonyms: only who has the key and the identity store can tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from hsr_privacy.keys import ProjectKey
from hsr_privacy.pseudonymization import running_number, text_form
from hsr_privacy.pseudonymization.mac import text_function

_AT_ONCE = 1_000_000


def persons_behind(
    pseudonyms: Collection[str], *, keys: Iterable[bytes], key: ProjectKey
) -> dict[str, bytes]:
    """The person key of each pseudonym that is one of these persons'.

    Every person's pseudonym is made once more and looked for: the store holds no list of them.

    Args:
        pseudonyms: texts, as they were released.
        keys: of all persons, from the identity store.
        key: the project's key for person keys.
    """
    wanted = set(pseudonyms)
    everybody = list(keys)
    found = {}
    for at in range(0, len(everybody), _AT_ONCE):
        some = everybody[at : at + _AT_ONCE]
        made = text_function(key)(pa.array(some, pa.binary())).to_pylist()
        found.update(
            {text: person for text, person in zip(made, some, strict=True) if text in wanted}
        )
    return found


def is_pseudonym(text: str) -> bool:
    """Whether a text, as somebody typed it, is a pseudonym or a running number of a person."""
    return text_form.is_valid(text) or running_number.is_valid(text)


def compact(text: str) -> str:
    """A pseudonym or running number in the one way to write it."""
    number = running_number.compact(text)
    return number if running_number.is_written(number) else text_form.compact(text)
