"""What a key ring holds once it is open: master keys, project salts, destroyed projects."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.sealing import canonical
from hsr_privacy.keys.secret import Secret

MASTER_KEY_BYTES: Final = 32
SALT_BYTES: Final = 32

State = Literal["active", "verify-only"]


@dataclass(frozen=True)
class MasterKey:
    """One version of the master key; only the active one serves new projects."""

    version: int
    created: str
    state: State
    key: Secret


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
class Contents:
    """Everything secret in a key ring, immutable; a change is a new value."""

    master_keys: tuple[MasterKey, ...]
    register_salt: Secret
    projects: tuple[ProjectSalt, ...] = ()
    destroyed: tuple[DestroyedProject, ...] = ()

    @classmethod
    def new(cls, now: datetime) -> Contents:
        """One active master key, drawn from the system's randomness."""
        return cls((_master_key(1, now),), Secret(secrets.token_bytes(SALT_BYTES)))

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
        salt = Secret(secrets.token_bytes(SALT_BYTES))
        added = ProjectSalt(project_id, stamp(now), self.active.version, salt)
        return replace(self, projects=(*self.projects, added))

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

    def with_new_master_key(self, now: datetime) -> Contents:
        """The same with a new active master key; the one before verifies and serves old projects."""
        before = tuple(
            replace(one, state="verify-only") if one.state == "active" else one
            for one in self.master_keys
        )
        version = max(one.version for one in before) + 1
        return replace(self, master_keys=(*before, _master_key(version, now)))

    def to_bytes(self) -> bytes:
        """Canonical JSON, for sealing only."""
        return canonical(
            {
                "master_keys": [
                    {
                        "version": one.version,
                        "created": one.created,
                        "state": one.state,
                        "bytes": _text(one.key),
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
            }
        ).encode()

    @classmethod
    def of_bytes(cls, body: bytes) -> Contents:
        """Read what `to_bytes` wrote."""
        read: dict[str, Any] = json.loads(body)
        return cls(
            master_keys=tuple(
                MasterKey(one["version"], one["created"], one["state"], _secret(one["bytes"]))
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
        )


def stamp(now: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _master_key(version: int, now: datetime) -> MasterKey:
    key = Secret(secrets.token_bytes(MASTER_KEY_BYTES))
    return MasterKey(version, stamp(now), "active", key)


def _text(secret: Secret) -> str:
    return base64.b64encode(secret.unsafe_bytes()).decode()


def _secret(text: str) -> Secret:
    return Secret(base64.b64decode(text))
