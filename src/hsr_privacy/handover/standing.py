"""Standing: who has signed a package, whose signature counts, and so how far it has come.

    (1) every file is as release.json says
    (2) who prepared it has signed
    (3) at least one other person has reviewed it and vouches for it
    (4) nobody whose review counts asks for changes
    (5) somebody who did not prepare it has approved it, having seen the reviews that are there
    (6) what must be answered for is accepted in writing, and nothing else is
    (7) no signature is from before what it is about, or from after now

With a key ring, a signature counts if the ring trusts its key; without one, every key counts and
whoever asks is told so. One person is two keys to nobody but the ring: it trusts one key a name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hsr_privacy.errors import Fault, PackageBroken
from hsr_privacy.handover.stated import stated_by
from hsr_privacy.handover.states import MEANING, State
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.packaging import Package, SignedReview, short

CLOCK_SECONDS: Final = 300
"""By how much the clocks of two people's machines may differ."""

REGISTER_NAME: Final = "the register"


@dataclass(frozen=True)
class Signatory:
    """Somebody whose signature counts.

    Attributes:
        role: ``producer``, ``reviewer`` or ``approver``.
        name: as the key ring trusts it; empty where nobody was asked.
        keyid: of the key.
        at: when, RFC 3339; empty for the producer, whose moment the statement has.
    """

    role: str
    name: str
    keyid: str
    at: str = ""


@dataclass(frozen=True)
class Trust:
    """Whose signature counts.

    Attributes:
        names: by public key; None counts every key.
        register: public key of the register itself, which signs for a test project of one person.
    """

    names: Mapping[str, str] | None = None
    register: str = ""

    @classmethod
    def of(cls, ring: KeyRing | None) -> Trust:
        """What a key ring trusts; everybody where there is none."""
        if ring is None:
            return cls()
        names = {one.public_key: one.name for one in ring.contents.people}
        return cls(names, AuditLog(ring).public_key)

    def name(self, public_key: str) -> str | None:
        """Whose key it is; None if it does not count. The register's own is no person's."""
        return "" if self.names is None else self.names.get(public_key)


@dataclass(frozen=True)
class Standing:
    """How far a package has come.

    Attributes:
        package: as it lies there.
        state: how far.
        signatories: whose signatures count.
        changed: files that are not as stated.
        missing: what keeps it from being sealed.
        is_trusted: whether a key ring said whose signatures count.
    """

    package: Package
    state: State
    signatories: tuple[Signatory, ...]
    changed: tuple[Fault, ...] = field(default_factory=tuple)
    missing: tuple[str, ...] = ()
    is_trusted: bool = False

    @property
    def meaning(self) -> Any:
        """What the state means, in both languages."""
        return MEANING[self.state]

    def lines(self) -> Iterator[str]:
        """What a person at a terminal reads: what would leave, for whom, and who has signed that."""
        yield f"release {self.package.release_id}, release.json {self.package.digest[:16]}..."
        if not self.changed:
            yield from _told(self.package)
        for one in self.signatories:
            when = f" on {one.at}" if one.at else ""
            yield f"{one.role}: {one.name or 'key'} {short(one.keyid)}{when}"
        for fault in self.changed:
            yield f"changed since it was signed, so that no signature counts: {fault.file}"
        if self.changed:
            yield "prepare it anew; a package is never mended by hand"
        for text in self.missing:
            yield f"missing: {text}"
        if not self.is_trusted:
            yield "whether these keys count is for the key ring to say: name it with --keyring"

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "release": self.package.release_id,
            "state": str(self.state),
            "statement_sha512": self.package.digest,
            "signatories": [vars(one) for one in self.signatories],
            "changed": [{"file": one.file, "problem": one.problem} for one in self.changed],
            "missing": list(self.missing),
            "trusted": self.is_trusted,
        }


def standing_of(package: Package, trust: Trust, *, now: dt.datetime) -> Standing:
    """How far a package has come, by its files and signatures alone.

    Args:
        package: as it was read.
        trust: whose signatures count.
        now: the moment of the question.
    """
    changed = package.changed()  # (1)
    signed = _Signed(package, trust, now)
    if package.is_one_person:
        missing = [*signed.of_producer(), *signed.of_one_person()]
        state = State.PREPARED if missing else State.APPROVED
    else:
        steps = {
            State.DRAFT: [*signed.of_producer()],  # (2)
            State.PREPARED: [*signed.of_reviews()],  # (3) (4)
            State.REVIEWED: [*signed.of_approval()],  # (5) (6)
        }
        state = next((state for state, lacks in steps.items() if lacks), State.APPROVED)
        if state is State.DRAFT and package.producer is not None:
            state = State.PREPARED  # signed, by a key that does not count
        missing = list(dict.fromkeys(text for lacks in steps.values() for text in lacks))
    missing += _out_of_force(package, now)
    if changed:
        state = State.DRAFT
    return Standing(
        package,
        state,
        tuple(signed.signatories()),
        changed,
        tuple(missing),
        trust.names is not None,
    )


@dataclass(frozen=True)
class _Signed:
    """The signatures of a package, and whose they are."""

    package: Package
    trust: Trust
    now: dt.datetime

    def signatories(self) -> Iterator[Signatory]:
        producer = self.package.producer
        if producer is not None and (name := self._producer_name(producer.public_key)) is not None:
            yield Signatory("producer", name, producer.keyid)
        for role, reviews in (
            ("reviewer", self._counted(self.package.reviews)),
            ("approver", self._counted(_some(self.package.approval))),
        ):
            for one in reviews:
                name = self.trust.name(one.public_key)
                yield Signatory(role, name or "", one.keyid, one.at)

    def _producer_name(self, public_key: str) -> str | None:
        """Whose key prepared it; the register's own prepares for one person alone, and for nobody else."""
        if self.package.is_one_person and public_key == self.trust.register:
            return REGISTER_NAME
        return self.trust.name(public_key)

    def of_producer(self) -> Iterator[str]:
        producer = self.package.producer
        if producer is None:
            yield "who prepared it has not signed it; prepare it anew"
        elif self._producer_name(producer.public_key) is None:
            yield f"the key that prepared it is not trusted ({short(producer.keyid)}); {_TRUST}"

    def of_one_person(self) -> Iterator[str]:
        producer = self.package.producer
        application = self.package.predicate.get("application", {})
        if application.get("environment") != "test":
            yield "one person alone releases test data only; prepare it, and let others sign"
        elif self.trust.register and producer and producer.public_key != self.trust.register:
            yield "a release of one person is signed by the register's own key, and this is not"

    def of_reviews(self) -> Iterator[str]:
        counted = self._counted(self.package.reviews)
        if not any(one.decision == "approve" for one in counted):
            yield self._nobody(
                self.package.reviews, "another person must review it, and vouch for it"
            )
        for one in counted:
            if one.decision == "request-changes":
                who = self.trust.name(one.public_key) or short(one.keyid)
                why = f" ({one.comment})" if one.comment else ""
                yield f"{who} asks for changes{why}; prepare it anew, or let them review it again"
        yield from self._out_of_time(counted)

    def of_approval(self) -> Iterator[str]:
        approval = self.package.approval
        counted = self._counted(_some(approval))
        if approval is None or not counted:
            yield self._nobody(_some(approval), "somebody who did not prepare it must approve it")
            return
        seen = {one.keyid: one.sha512 for one in self.package.reviews if one.is_about_this}
        if dict(approval.rests_on) != seen:
            yield (
                "the approval rests on other reviews than those that are there; remove "
                "signatures/approval.json and let it be approved anew"
            )
        yield from self._accepted({one.finding for one in approval.accepts})
        yield from self._out_of_time((*self.package.reviews, approval))

    def _accepted(self, accepted: Collection[str]) -> Iterator[str]:
        must = set(findings_to_accept(self.package))
        for finding in sorted(must - set(accepted)):
            yield f"the approval does not accept {finding}; see report.html"
        for finding in sorted(set(accepted) - must):
            yield f"the approval accepts {finding}, which is no finding of this package"

    def _counted(self, reviews: tuple[SignedReview, ...]) -> tuple[SignedReview, ...]:
        """Those about this very package, by a key that counts and that did not prepare it."""
        producer = self.package.producer
        return tuple(
            one
            for one in reviews
            if one.is_about_this
            and self.trust.name(one.public_key) is not None
            and (producer is None or one.public_key != producer.public_key)
        )

    def _nobody(self, reviews: tuple[SignedReview, ...], text: str) -> str:
        """Why no signature counts, where there are some."""
        producer = self.package.producer
        if any(producer and one.public_key == producer.public_key for one in reviews):
            return f"{text}: who prepared it cannot"
        if any(not one.is_about_this for one in reviews):
            return f"{text}: what is signed is another version of it"
        if any(self.trust.name(one.public_key) is None for one in reviews):
            return f"{text}: the key that signed is not trusted; {_TRUST}"
        return text

    def _out_of_time(self, reviews: tuple[SignedReview, ...]) -> Iterator[str]:  # (7)
        slack = dt.timedelta(seconds=CLOCK_SECONDS)
        earliest = moment_of(str(self.package.predicate.get("prepared", "")))
        for one in reviews:
            at = moment_of(one.at)
            if earliest is not None and at is not None and at + slack < earliest:
                yield f"a signature is from before the package was prepared ({one.at}); {_CLOCK}"
            if at is not None and at - slack > self.now:
                yield f"a signature is from the future ({one.at}); {_CLOCK}"


_TRUST: Final = "see hsr keys trust"
_CLOCK: Final = "set the clock right, and let it be signed anew"


def _told(package: Package) -> Iterator[str]:
    """What the statement says that a signature is about."""
    stated = stated_by(package)
    project = stated.project
    yield f"case {project.case_number} ({project.environment}), for {project.recipient.name}"
    yield f"recipient's key: {project.recipient.key or 'none in the application'}"
    yield (
        f"{stated.rows} events of {stated.persons} persons, smallest class {stated.smallest_class}; "
        f"in force to {project.valid_to}, deleted by {project.deletion_date}"
    )
    for one in stated.must_be_accepted:
        yield f"must be accepted in writing: {one}"


def _out_of_force(package: Package, now: dt.datetime) -> list[str]:
    """Gate G1, as whoever looks at a package today should know it."""
    application = package.predicate.get("application")
    last = application.get("valid_to") if isinstance(application, Mapping) else None
    if isinstance(last, str) and now.astimezone().date().isoformat() > last:
        return [f"the approval was in force to {last}; ask for a prolongation, and prepare it anew"]
    return []


def findings_to_accept(package: Package) -> tuple[str, ...]:
    """Ids of the findings that an approver must accept in writing.

    Raises:
        PackageBroken: it says them in the way of another version.
    """
    differencing = package.predicate.get("differencing", {})
    found = differencing.get("must_be_accepted", []) if isinstance(differencing, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise PackageBroken(
            f"{package.where} does not say what must be accepted as this program does; prepare it anew",
            (),
        )
    return tuple(found)


def moment_of(text: str) -> dt.datetime | None:
    """A moment as it is written in statements; None if it is none."""
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC) if text else None
    except ValueError:
        return None


def _some(approval: SignedReview | None) -> tuple[SignedReview, ...]:
    return () if approval is None else (approval,)
