"""The identity store: which person key belongs to which identifier, encrypted, and since when.

Each identifier is written twice: sealed by AES-SIV (RFC 5297), which gives equal text for equal
identifiers and so allows to look one up, and, with when and from where it came, by AES-GCM. The
person keys are drawn at random, so that nothing about a person can be computed from them. What
happens to a person later (identifiers that are one person, or not, and choices) is an event with
the day from which it holds. Nothing is changed on the disk before `commit`, and nobody else
writes until the store is closed.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hsr_privacy.errors import DataError
from hsr_privacy.identities.about import open_sealing
from hsr_privacy.identities.choices import Choices
from hsr_privacy.identities.claims import ACCEPTED, QUARANTINED, REJECTED, Claims
from hsr_privacy.identities.database import Database
from hsr_privacy.identities.evidence import Claim, Merged, contradictions
from hsr_privacy.identities.history import Happening, Known, Quarantined, Sighting, sighted
from hsr_privacy.identities.numbers import Numbers
from hsr_privacy.identities.rows import Rows, follow
from hsr_privacy.identities.tables import IDENTIFIER, MERGED, RECORD
from hsr_privacy.keys import KeyRing, ProjectKey

PERSON_KEY_BYTES: Final = 16
_MERGED, _SPLIT, _REJECTED = "merged", "split", "rejected"


class IdentityStore(AbstractContextManager[Any]):
    """An open identity store; a context manager that forgets what was not committed."""

    def __init__(self, place: Path | str, ring: KeyRing) -> None:
        """Open the store at a path or URL, or begin one that appears there on the first `commit`.

        Raises:
            IdentityStoreError: it does not open with this key ring, is no identity store, or
                somebody else keeps writing to it.
        """
        self._database = Database(place)
        self.name = self._database.name
        try:
            self._rows = Rows(self._database, open_sealing(self._database, ring))
            self._sealing = self._rows.sealing
            self._claims, self._choices = Claims(self._rows), Choices(self._rows)
        except BaseException:
            self._database.close()
            raise

    @property
    def key_version(self) -> int:
        """Version of the master key that the store was begun with, and keeps."""
        return self._sealing.version

    def __exit__(self, *_error: object) -> None:
        """Close, and forget what was not committed."""
        self.close()

    def close(self) -> None:
        """Forget what was not committed."""
        self._database.close()

    def commit(self) -> None:
        """Write what was learned, whole or not at all; a file is for its owner alone.

        Raises:
            OutputFailed: the disk is full, or the system refuses.
        """
        self._database.commit()

    def persons(self, identifiers: Mapping[str, Sighting], *, on: dt.date) -> dict[str, bytes]:
        """The person key of each identifier; a new one is drawn for those never seen.

        Args:
            identifiers: canonical text -> where it stood. One that means somebody inside an
                enterprise only must name that enterprise in the text.
            on: the day on which they were first seen.
        """
        tags = self._sealing.tags(identifiers)
        known = self._rows.look_up(IDENTIFIER, tags.values())
        new = {tag: text for text, tag in tags.items() if tag not in known}
        known |= _drawn(new)
        seal = self._sealing.seal_text
        rows = [
            (tag, known[tag], seal(sighted(text, identifiers[text], on=on), tag))
            for tag, text in new.items()
        ]
        self._rows.insert(IDENTIFIER, rows)
        merged = self._rows.merged()
        known |= {tag: follow(key, merged) for tag, key in known.items() if key in merged}
        return {text: known[tag] for text, tag in tags.items()}

    def unidentified(self, records: Iterable[str]) -> dict[str, bytes]:
        """A person key for each record whose person nobody knows; the same when read again.

        Args:
            records: text that names a record: form, enterprise and record number.
        """
        tags = self._sealing.tags(records, domain="record")
        known = self._rows.look_up(RECORD, tags.values())
        new = _drawn(tag for tag in tags.values() if tag not in known)
        self._rows.insert(RECORD, list(new.items()))
        known |= new
        return {text: known[tag] for text, tag in tags.items()}

    def person(self, identifier: str, *, on: dt.date | None = None) -> bytes | None:
        """The person of an identifier as it was held to be on a day; None if it was never seen.

        Args:
            identifier: canonical text.
            on: what became effective later counts as if it had not happened; today's if left out.
        """
        tag = self._sealing.tag(identifier)
        key = self._rows.look_up(IDENTIFIER, [tag]).get(tag)
        if key is None or on is None:
            return None if key is None else follow(key, self._rows.merged())
        for _, effective, words in self._rows.events(_SPLIT, newest_first=True):
            if effective > on and tag.hex() in words["tags"]:
                key = bytes.fromhex(words["tags"][tag.hex()])
        return follow(key, self._rows.merged(until=on))

    def keys_ever(self, identifier: str) -> dict[bytes, dt.date | None]:
        """Every person key under which an identifier's person may have left; none if never seen.

        Returns:
            Key -> None where it is that person's, or the last day on which it was held to be.
        """
        person = self.person(identifier)
        return {} if person is None else self._rows.keys_ever(person, _SPLIT)

    def merge(self, claims: Iterable[Claim], *, source: str, on: dt.date) -> Merged:
        """Let identifiers that somebody says are one person be one person.

        What contradicts something is kept in quarantine and not acted on; what is in it already,
        or was rejected, is not taken up again.

        Args:
            claims: earlier and later identifier of one person.
            source: who says so.
            on: the day from which it holds.
        """
        wanted = sorted({claim for claim in claims if claim.earlier != claim.later})
        tags = {
            claim: self._sealing.tag(f"{claim.earlier}|{claim.later}", "claim") for claim in wanted
        }
        known = self._claims.states(tags.values())
        new = [claim for claim in wanted if tags[claim] not in known]
        texts = {text for claim in new for text in (claim.earlier, claim.later)}
        before = self._claims.accepted(texts)
        texts = texts.union(*before.values())
        keys = self.persons({text: Sighting(source) for text in texts}, on=on)
        apart = self._claims.apart()
        doubted = contradictions(new, before=before, person_of=keys, apart=apart)
        for claim in new:
            reason = doubted.get(claim, "")
            state = QUARANTINED if reason else ACCEPTED
            self._claims.add(claim, tags[claim], state=state, reason=reason, source=source, on=on)
        self._unite([claim for claim in new if claim not in doubted], source=source, on=on)
        return Merged(len(new) - len(doubted), len(wanted) - len(new), len(doubted))

    def split(self, identifiers: Sequence[str], *, source: str, on: dt.date) -> bytes:
        """Take identifiers away from the person they were held to be, as another person's.

        Args:
            identifiers: all of one person; at least one of that person's must stay.
            source: who says so.
            on: the day from which it holds.

        Returns:
            The new person key.

        Raises:
            DataError: they are unknown, of several persons, or all of one person's.
        """
        tags = [self._sealing.tag(text) for text in sorted(set(identifiers))]
        found = self._rows.look_up(IDENTIFIER, tags)
        merged = self._rows.merged()
        persons = {follow(found[tag], merged) for tag in tags if tag in found}
        if len(found) != len(tags) or len(persons) != 1:
            raise DataError("to be split off, identifiers must all be known and be one person's")
        person = persons.pop()
        stay = [tag for tag, _ in self._rows.bodies(person) if tag not in found]
        if not stay:
            raise DataError("these are all identifiers of that person; name those of the other")
        new = secrets.token_bytes(PERSON_KEY_BYTES)
        # Which of the two had chosen to be left out is not known, so both are.
        self._choices.hand_on(self._rows.family(person), new, source=source)
        moved = sa.update(IDENTIFIER).where(IDENTIFIER.c.tag.in_(tags)).values(person_key=new)
        self._database.run(moved)
        words = {"tags": {tag.hex(): found[tag].hex() for tag in tags}, "source": source}
        for key in (person, new):
            self._rows.add_event(key, _SPLIT, words, on=on)
        self._claims.keep_apart(tags, stay)
        return new

    def withdraw(self, identifier: str, choice: str, *, source: str, on: dt.date) -> None:
        """Write down a person's choice to be left out, from a day on; the person may be new.

        Args:
            identifier: canonical text.
            choice: one of `project.Choice`.
            source: who says so.
            on: the day from which it holds.

        Raises:
            DataError: there is no such choice.
        """
        self._choices.withdraw(self._person(identifier, source, on), choice, source=source, on=on)

    def reinstate(self, identifier: str, choice: str, *, source: str, on: dt.date) -> None:
        """Write down that a person takes back a choice, from a day on; as `withdraw`."""
        self._choices.reinstate(self._person(identifier, source, on), choice, source=source, on=on)

    def choices(self, *, on: dt.date) -> dict[bytes, frozenset[str]]:
        """The choices that hold on a day, per person key.

        A choice is lost neither by a merge nor by a split: see `identities.choices`.
        """
        return self._choices.standing(on=on)

    def identifiers(self, person: bytes) -> tuple[Known, ...]:
        """Everything known of a person's identifiers, oldest first; for those who may see it."""
        ended = self._claims.ended()
        known = [_known(words, ended.get(tag, "")) for tag, words in self._rows.bodies(person)]
        return tuple(sorted(known, key=lambda one: (one.valid_from, one.identifier)))

    def current_identifiers(self, persons: Collection[bytes]) -> dict[bytes, list[Known]]:
        """The identifiers of many persons by one look through the store, as `identifiers` has them."""
        merged, ended = self._rows.merged(), self._claims.ended()
        found: dict[bytes, list[Known]] = {person: [] for person in persons}
        for row in self._rows.select(sa.select(IDENTIFIER)):
            person = follow(bytes(row.person_key), merged)
            if person in found:
                words = self._sealing.open(row.body, row.tag)
                found[person].append(_known(words, ended.get(bytes(row.tag), "")))
        return found

    def history(self, identifier: str) -> tuple[Happening, ...]:
        """What happened to the person of an identifier, in the order in which it was recorded."""
        person = self.person(identifier)
        if person is None:
            return ()
        return self._rows.happenings(person)

    def quarantine(self) -> tuple[Quarantined, ...]:
        """Claims that contradict something and wait for somebody to decide."""
        return self._claims.waiting()

    def resolve(self, number: int, *, accept: bool, source: str, on: dt.date) -> None:
        """Decide on a claim in quarantine: the two are one person after all, or never were.

        Raises:
            DataError: no claim of that number waits.
        """
        claim = self._claims.decide(number, accept=accept)
        if accept:
            self._unite([claim], source=source, on=on)
            return
        for text in (claim.earlier, claim.later):
            words = {"source": source}
            self._rows.add_event(self._person(text, source, on), _REJECTED, words, on=on)

    def numbers(self, key: ProjectKey) -> Numbers:
        """The running numbers of a project; ``key`` is the project's for running numbers."""
        return Numbers(self._rows, key)

    def person_keys(self) -> Iterator[bytes]:
        """The key of every person, the unidentified among them; united ones once."""
        merged = self._rows.merged()
        for table in (IDENTIFIER, RECORD):
            for row in self._rows.select(sa.select(table.c.person_key).distinct()):
                if row.person_key not in merged:
                    yield row.person_key

    def counts(self) -> dict[str, int]:
        """How much the store holds, and nothing of whom."""
        rows, states = self._rows, self._claims.by_state()
        return {
            "persons": len(set(self.person_keys())),
            "identifiers": rows.count(IDENTIFIER),
            "records of unidentified persons": rows.count(RECORD),
            "persons found to be another": rows.count(MERGED),
            "claims in quarantine": states.get(QUARANTINED, 0),
            "claims rejected": states.get(REJECTED, 0),
            "persons who chose to be left out": len(self.choices(on=dt.date.max)),
        }

    def count(self) -> int:
        """Number of identifiers and remembered records."""
        return self._rows.count(IDENTIFIER) + self._rows.count(RECORD)

    def _unite(self, claims: Sequence[Claim], *, source: str, on: dt.date) -> None:
        texts = {text for claim in claims for text in (claim.earlier, claim.later)}
        keys = self.persons({text: Sighting(source) for text in texts}, on=on)
        new: dict[bytes, bytes] = {}
        for claim in claims:
            one, other = (follow(keys[text], new) for text in (claim.earlier, claim.later))
            if one != other:
                new[one] = other
                self._rows.add_event(other, _MERGED, {"source": source}, on=on)
        effective = on.isoformat()
        rows = [
            {"person_key": one, "into_key": other, "effective": effective}
            for one, other in new.items()
        ]
        self._database.run(sa.insert(MERGED), rows)

    def _person(self, identifier: str, source: str, on: dt.date) -> bytes:
        return self.persons({identifier: Sighting(source)}, on=on)[identifier]


def _drawn(tags: Iterable[bytes]) -> dict[bytes, bytes]:
    """A random person key for each tag; the system is asked for all of them at once."""
    wanted = list(tags)
    drawn = secrets.token_bytes(PERSON_KEY_BYTES * len(wanted))
    places = range(0, len(drawn), PERSON_KEY_BYTES)
    return {tag: drawn[at : at + PERSON_KEY_BYTES] for tag, at in zip(wanted, places, strict=True)}


def _known(words: Mapping[str, str], ended: str) -> Known:
    return Known(
        words["identifier"],
        Sighting(words["source"], words["kind"], words["assigner"]),
        dt.date.fromisoformat(words["first seen"]),
        dt.date.fromisoformat(ended) if ended else None,
    )
