"""Transition: a project moves to another key, and its recipient learns which pseudonym is which now.

A pseudonym cannot be changed in place: who holds the extract needs a table from the old ones to the
new. It holds only those that the recipient has, and is sealed to the recipient.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa

from hsr_privacy.errors import DataError, KeyRingError
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.contents import ProjectSalt
from hsr_privacy.keys.key import Algorithm, Subject
from hsr_privacy.pseudonymization.mac import text_function
from hsr_privacy.pseudonymization.persons import persons_behind

HEADING: Final = ("subject", "old", "new")


@dataclass(frozen=True)
class Transition:
    """A table from old to new pseudonyms, and the salts that it leads between.

    Attributes:
        content: CSV, in the order of the new pseudonyms, which says nothing.
        rows: pseudonyms by subject.
        before: salt that the project has.
        after: salt that it will have.
    """

    content: bytes = field(repr=False)
    rows: Mapping[Subject, int]
    before: ProjectSalt
    after: ProjectSalt

    def settle(self, ring: KeyRing) -> None:
        """Let the project have its new salt; the old one is gone for good.

        Raises:
            KeyRingError: the project has got another key in the meantime.
        """
        ring.change(lambda held: held.with_other_salt(self.before, self.after))


def transition(
    ring: KeyRing,
    project_id: str,
    *,
    algorithm: Algorithm,
    keys: Mapping[Subject, Iterable[bytes]],
    released: Mapping[Subject, Collection[str]],
    now: datetime,
) -> Transition:
    """Draw a project's next key, from the active master key, and make the table; keeps nothing yet.

    Args:
        algorithm: by which the extract was made.
        keys: per subject, the keys of everybody and everything in the register.
        released: per subject, the pseudonyms in the extract.
        now: time of making.

    Raises:
        KeyRingError: the project has no key.
        DataError: a pseudonym of the extract is nobody's: another register's or an older extract.
    """
    before = ring.contents.project(project_id)
    if before is None:
        raise KeyRingError(f"project {project_id!r} has no key in {ring.path}")
    after = ring.contents.new_salt(project_id, now)
    rows: list[tuple[str, str, str]] = []
    counts: dict[Subject, int] = {}
    for subject, pseudonyms in released.items():
        old, new = (
            ring.key_with(salt, purpose="pseudonym", subject=subject, algorithm=algorithm)
            for salt in (before, after)
        )
        found = persons_behind(pseudonyms, keys=keys[subject], key=old)
        lacking = len(set(pseudonyms)) - len(found)
        if lacking:
            raise DataError(
                f"{lacking} pseudonyms of the extract are not made by this key ring's present key "
                "of the project; name the newest extract, and the store that it was made from"
            )
        made = text_function(new)(pa.array(list(found.values()), pa.binary())).to_pylist()
        rows += [(subject, one, other) for one, other in zip(found, made, strict=True)]
        counts[subject] = len(found)
    text = io.StringIO(newline="")
    ordered = sorted(rows, key=lambda row: (row[0], row[2]))
    csv.writer(text, lineterminator="\n").writerows([HEADING, *ordered])
    return Transition(text.getvalue().encode(), counts, before, after)
