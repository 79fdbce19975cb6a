"""What a key ring holds once it is open: master keys, project salts, whom it trusts."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.derivation import encode
from hsr_privacy.keys.linkages import Linkage
from hsr_privacy.keys.sealing import canonical, to_bytes, to_text
from hsr_privacy.keys.secret import Secret

MASTER_KEY_BYTES: Final = 32
SALT_BYTES: Final = 32

State = Literal["active", "verify-only"]


@dataclass(frozen=True)
class MasterKey:
    """One version of the master key; only the active one serves new projects.

    Attributes:
        key: its 32 bytes; None where it lies in a PKCS#11 token and never leaves it.
    """

    version: int
    created: str
    state: State
    key: Secret | None


@dataclass(frozen=True)
class ProjectSalt:
    """The random salt without which a project's keys cannot be derived."""

    project_id: str
    created: str
    key_version: int
    salt: Secret


@dataclass(frozen=True)
class DestroyedProject:
    """A project whose salt is gone for good."""

    project_id: str
    destroyed: str


@dataclass(frozen=True)
class Recovery:
    """What ``threshold`` of ``shares`` people can open the key ring with, together.

    It stands in the key ring so that a new passphrase leaves the shares valid; whoever can read
    it here has the key ring open already.
    """

    threshold: int
    shares: int
    created: str
    secret: Secret


@dataclass(frozen=True)
class TrustedPerson:
    """Somebody whose signature counts.

    Attributes:
        name: as it stands on requests.
        public_key: of Ed25519, as `signing` writes it.
        added: when.
    """

    name: str
    public_key: str
    added: str


@dataclass(frozen=True)
class Contents:
    """Everything secret in a key ring, immutable; a change is a new value.

    Attributes:
        backup_verified: when a copy was last compared, and what it held; see `holdings`.
    """

    master_keys: tuple[MasterKey, ...]
    register_salt: Secret
    projects: tuple[ProjectSalt, ...] = ()
    destroyed: tuple[DestroyedProject, ...] = ()
    recovery: Recovery | None = None
    people: tuple[TrustedPerson, ...] = ()
    backup_verified: tuple[str, str] | None = None
    linkages: tuple[Linkage, ...] = ()

    @classmethod
    def new(cls, now: datetime, *, in_token: bool = False) -> Contents:
        """One active master key, drawn from the system's randomness or by the token."""
        return cls(
            (_master_key(1, now, in_token=in_token),), Secret(secrets.token_bytes(SALT_BYTES))
        )

    @property
    def holdings(self) -> str:
        """A digest of which keys and salts there are; a backup without one of them is stale."""
        held = [str(one.version) for one in self.master_keys]
        held += [f"{one.project_id} {one.created} {one.key_version}" for one in self.projects]
        return hashlib.sha256(encode(*held)).hexdigest()

    @property
    def has_fresh_backup(self) -> bool:
        """Whether a copy with every key and salt of now has been compared."""
        return self.backup_verified is not None and self.backup_verified[1] == self.holdings

    @property
    def active(self) -> MasterKey:
        """The master key that serves new projects."""
        return next(one for one in self.master_keys if one.state == "active")

    def master_key(self, version: int) -> MasterKey:
        """The master key of a version.

        Raises:
            KeyRingError: there is no such version.
        """
        for one in self.master_keys:
            if one.version == version:
                return one
        raise KeyRingError(f"master key version {version} is not in this key ring")

    def project(self, project_id: str) -> ProjectSalt | None:
        """The salt of a project, None where it has none yet.

        Raises:
            KeyRingError: the project was destroyed.
        """
        for gone in self.destroyed:
            if gone.project_id == project_id:
                raise KeyRingError(
                    f"project {project_id!r} was destroyed on {gone.destroyed[:10]}; "
                    "its pseudonyms can never be made again, so take a new project id"
                )
        return next((one for one in self.projects if one.project_id == project_id), None)

    def with_project(self, project_id: str, now: datetime) -> Contents:
        """The same with a salt for the project, drawn unless it is there already."""
        if self.project(project_id) is not None:
            return self
        return replace(self, projects=(*self.projects, self.new_salt(project_id, now)))

    def new_salt(self, project_id: str, now: datetime) -> ProjectSalt:
        """A salt for a project under the active master key, drawn now and not kept yet."""
        salt = Secret(secrets.token_bytes(SALT_BYTES))
        return ProjectSalt(project_id, stamp(now), self.active.version, salt)

    def with_salt(self, salt: ProjectSalt) -> Contents:
        """The same with a salt that was drawn before.

        Raises:
            KeyRingError: the project has got another one in the meantime.
        """
        found = self.project(salt.project_id)
        if found == salt:
            return self
        if found is not None:
            raise KeyRingError(
                f"project {salt.project_id!r} was given its key by somebody else in the meantime; "
                "run this again"
            )
        return replace(self, projects=(*self.projects, salt))

    def with_other_salt(self, before: ProjectSalt, after: ProjectSalt) -> Contents:
        """The same with a project's salt replaced by another, the old one gone.

        Raises:
            KeyRingError: somebody else has replaced it in the meantime.
        """
        if self.project(before.project_id) != before:
            raise KeyRingError(
                f"project {before.project_id!r} was given another key in the meantime; "
                "run this again"
            )
        projects = tuple(after if one == before else one for one in self.projects)
        return replace(self, projects=projects)

    def without_project(self, project_id: str, now: datetime) -> Contents:
        """The same with the project's salt gone and its id on the list of the destroyed.

        Raises:
            KeyRingError: there is no such project, or it is destroyed already.
        """
        if self.project(project_id) is None:
            raise KeyRingError(f"project {project_id!r} has no key in this key ring")
        left = tuple(one for one in self.projects if one.project_id != project_id)
        gone = DestroyedProject(project_id, stamp(now))
        return replace(self, projects=left, destroyed=(*self.destroyed, gone))

    def with_new_master_key(self, now: datetime, *, in_token: bool = False) -> Contents:
        """The same with a new active master key; the one before verifies and serves old projects."""
        before = tuple(
            replace(one, state="verify-only") if one.state == "active" else one
            for one in self.master_keys
        )
        version = max(one.version for one in before) + 1
        added = _master_key(version, now, in_token=in_token)
        return replace(self, master_keys=(*before, added))

    def with_person(self, person: TrustedPerson) -> Contents:
        """The same with one more person whose signature counts.

        Raises:
            KeyRingError: the name or the public key is there already, however it is written.
        """
        for other in self.people:
            if _name(person) == _name(other) or _key(person) == _key(other):
                raise KeyRingError(
                    "a person of that name, or with that public key, is trusted already; "
                    "distrust that one first"
                )
        return replace(self, people=(*self.people, person))

    def without_person(self, name: str) -> Contents:
        """The same without a person.

        Raises:
            KeyRingError: nobody of that name is trusted.
        """
        left = tuple(one for one in self.people if one.name != name)
        if len(left) == len(self.people):
            raise KeyRingError("nobody of that name is trusted by this key ring")
        return replace(self, people=left)

    def to_bytes(self) -> bytes:
        """Canonical JSON, for sealing only."""
        recovery, backup = self.recovery, self.backup_verified
        return canonical(
            {
                "master_keys": [
                    {
                        "version": one.version,
                        "created": one.created,
                        "state": one.state,
                        "bytes": None if one.key is None else _text(one.key),
                    }
                    for one in self.master_keys
                ],
                "register_salt": _text(self.register_salt),
                "projects": [
                    {
                        "id": one.project_id,
                        "created": one.created,
                        "key_version": one.key_version,
                        "salt": _text(one.salt),
                    }
                    for one in self.projects
                ],
                "destroyed": [
                    {"id": one.project_id, "destroyed": one.destroyed} for one in self.destroyed
                ],
                "recovery": None
                if recovery is None
                else {
                    "threshold": recovery.threshold,
                    "shares": recovery.shares,
                    "created": recovery.created,
                    "secret": _text(recovery.secret),
                },
                "people": [
                    {"name": one.name, "public_key": one.public_key, "added": one.added}
                    for one in self.people
                ],
                "backup_verified": None if backup is None else list(backup),
                "linkages": [one.as_json() for one in self.linkages],
            }
        ).encode()

    @classmethod
    def of_bytes(cls, body: bytes) -> Contents:
        """Read what `to_bytes` wrote."""
        read: dict[str, Any] = json.loads(body)
        recovery, backup = read["recovery"], read["backup_verified"]
        return cls(
            master_keys=tuple(
                MasterKey(
                    one["version"],
                    one["created"],
                    one["state"],
                    None if one["bytes"] is None else _secret(one["bytes"]),
                )
                for one in read["master_keys"]
            ),
            register_salt=_secret(read["register_salt"]),
            projects=tuple(
                ProjectSalt(one["id"], one["created"], one["key_version"], _secret(one["salt"]))
                for one in read["projects"]
            ),
            destroyed=tuple(
                DestroyedProject(one["id"], one["destroyed"]) for one in read["destroyed"]
            ),
            recovery=None
            if recovery is None
            else Recovery(
                recovery["threshold"],
                recovery["shares"],
                recovery["created"],
                _secret(recovery["secret"]),
            ),
            people=tuple(
                TrustedPerson(one["name"], one["public_key"], one["added"])
                for one in read["people"]
            ),
            backup_verified=None if backup is None else (backup[0], backup[1]),
            linkages=tuple(map(Linkage.of_json, read["linkages"])),
        )


def stamp(now: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _master_key(version: int, now: datetime, *, in_token: bool) -> MasterKey:
    key = None if in_token else Secret(secrets.token_bytes(MASTER_KEY_BYTES))
    return MasterKey(version, stamp(now), "active", key)


def _name(person: TrustedPerson) -> str:
    """What makes two names one: neither spaces around nor capitals tell people apart."""
    return person.name.strip().casefold()


def _key(person: TrustedPerson) -> str:
    """The public key without its prefix, which older key rings may lack."""
    return person.public_key.strip().rpartition(":")[2]


def _text(secret: Secret) -> str:
    return to_text(secret.unsafe_bytes())


def _secret(text: str) -> Secret:
    return Secret(to_bytes(text))
