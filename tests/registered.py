"""A register with six releases and four persons, small enough to know who is in which."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from hsr_privacy.composition import About, keep, sketch_of
from hsr_privacy.disclosures import DisclosureRegister, place_of
from hsr_privacy.identifiers.synthetic import make_national_ids
from hsr_privacy.identities import IdentityStore, Sighting
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.recipients import write_new_identity
from hsr_privacy.pseudonymization.mac import text_function
from hsr_privacy.pseudonymization.running_number import draw_numbers
from hsr_privacy.registry.stores import IDENTITIES, default_folder, sketches_folder
from tests.disclosing import PASSPHRASE, entry


@dataclass(frozen=True)
class Registered:
    """Where it lies, and what is true of it.

    Attributes:
        ring: open.
        word: private file with the passphrase.
        numbers: synthetic identifiers of four persons; A is in releases 1, 4 and 6, B in 1, 2 and
            5, C in 2, D in none.
        pseudonyms: A's in release 1, B's in release 1, B's running number in release 2.
        identity: age identity of the recipient of release 2.
    """

    ring: KeyRing
    word: Path
    numbers: tuple[str, str, str, str]
    pseudonyms: tuple[str, str, str]
    identity: Path

    @property
    def store(self) -> Path:
        return default_folder(self.ring.path)

    def identities(self) -> IdentityStore:
        return IdentityStore(self.store / IDENTITIES, self.ring)

    def file(self, *numbers: str) -> Path:
        """A private file of identifiers."""
        path = self.word.with_name("asked.txt")
        path.write_text("\n".join(numbers) + "\n")
        path.chmod(0o600)
        return path

    def released(self, case: str, day: dt.date, keys: Sequence[bytes]) -> str:
        """Keep the sketch of a release of these persons; gives the digest of its manifest."""
        digest = hashlib.sha256(f"{case} {day}".encode()).hexdigest()
        sketch = sketch_of(
            pl.DataFrame({"q": ["x"] * len(keys)}),
            pl.Series(list(keys), dtype=pl.Binary),
            quasi_identifiers=["q"],
            sensitive=[],
            levels={},
            person_column=None,
            about=About(case, "Universitetet i Eksempelby", day, 2, digest),
            ring=self.ring,
        )
        keep(sketch, sketches_folder(self.ring), self.ring)
        return digest


@pytest.fixture
def registered(ring: KeyRing) -> Registered:
    """Releases 1 to 3 stand in the register, 4 left before there was one, 5 is deleted, 6 open."""
    word = ring.path.with_name("word")
    word.write_text(PASSPHRASE + "\n")
    word.chmod(0o600)
    births = np.array(["1951-02-03", "1962-03-04", "1973-04-05", "1984-05-06"], "datetime64[D]")
    drawn = make_national_ids(births, np.array([1, 2, 1, 2]), rng=np.random.default_rng(7))
    a, b, c, d = (str(one) for one in drawn)
    identity = ring.path.with_name("recipient.age")
    recipient = write_new_identity(identity)
    for case in ("C-1", "C-2", "C-5", "C-6"):
        ring.project_key(case, create=True)
    seen = dict.fromkeys((a, b, c, d), Sighting("ambulance"))
    with IdentityStore(default_folder(ring.path) / IDENTITIES, ring) as store:
        key = store.persons(seen, on=dt.date(2020, 1, 1))
        running = store.numbers(ring.project_key("C-2", purpose="running-number"))
        numbered = running.give([key[b], key[c]], lambda n, taken: draw_numbers(n, taken=taken))
        store.commit()
    project = ring.project_key("C-1")
    one, two = text_function(project)(pa.array([key[a], key[b]], pa.binary())).to_pylist()
    made = Registered(ring, word, (a, b, c, d), (one, two, numbered[key[b]]), identity)
    day = dt.date(2026, 11, 2)
    digests = {
        number: made.released(f"C-{number}", day + dt.timedelta(days=number), persons)
        for number, persons in {
            1: [key[a], key[b]],
            2: [key[b], key[c]],
            4: [key[a]],
            5: [key[b]],
            6: [key[a]],
        }.items()
    }
    with DisclosureRegister(place_of(ring, None), ring) as register:
        for number in (1, 2, 3, 5, 6):
            case = f"C-{number}"
            register.begin(
                entry(
                    f"c-{number}-1",
                    case_number=case,
                    title=f"Project {number}",
                    released=day + dt.timedelta(days=number),
                    manifest_sha256=digests.get(number, "ab" * 32),
                    pseudonyms="running-number" if number == 2 else "hmac-sha256-128",
                    recipient_key=recipient if number == 2 else "",
                )
            )
            if number != 6:
                register.finish(f"c-{number}-1")
        register.confirm_deletion("c-5-1", dt.date(2027, 1, 1), "Kari", "letter 3")
    return made
