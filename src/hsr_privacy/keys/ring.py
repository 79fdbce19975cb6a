"""The key ring: one file, opened by a passphrase, from which every key is derived.

A project's keys come from a master key *and* a random salt that belongs to the project alone.
Destroying the salt destroys the project's pseudonyms for good, while the register goes on.

Source: RFC 5869; EDPB Guidelines 01/2025 (pseudonymization domain, additional information).
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Final

from hsr_privacy.errors import KeyRingError, KeyRingLocked
from hsr_privacy.keys.contents import Contents, ProjectSalt, stamp
from hsr_privacy.keys.custody import (
    check_folder,
    exclusively,
    permissions_are_checked,
    read_private,
    write_private,
)
from hsr_privacy.keys.derivation import check_value, derive
from hsr_privacy.keys.key import (
    Algorithm,
    Environment,
    ProjectKey,
    Purpose,
    RegisterKey,
    RegisterPurpose,
    RingInfo,
    Subject,
)
from hsr_privacy.keys.passphrase import as_passphrase, check_new_passphrase
from hsr_privacy.keys.sealing import (
    ARGON2ID,
    DoesNotOpen,
    Stretching,
    Wrapping,
    seal,
    unseal,
    unseal_again,
)
from hsr_privacy.keys.secret import Secret

_REGISTER_KEY_BYTES: Final = {
    "identity-lookup": 64,  # AES-256-SIV takes two keys
    "identity-body": 32,
    "event-key": 32,
    "audit-tag": 32,
}
_WHAT: Final = "key ring"
_LONGEST_NAME: Final = 200


class KeyRing:
    """An open key ring; every change is written back at once, whole or not at all."""

    def __init__(
        self, path: Path, header: dict[str, str], contents: Contents, wrapping: Wrapping
    ) -> None:
        self.path: Final = path
        self._header = header
        self._contents = contents
        self._wrapping = wrapping
        self._drafts: list[ProjectSalt] = []

    @classmethod
    def create(
        cls,
        path: Path | str,
        passphrase: str | Secret,
        *,
        registry_id: str,
        environment: Environment,
        stretching: Stretching = ARGON2ID,
        now: datetime | None = None,
    ) -> KeyRing:
        """Make a key ring with one fresh master key.

        Args:
            path: a file that does not exist yet, outside any git work tree.
            passphrase: at least twelve characters.
            registry_id: the register's name, part of every derived key.
            environment: ``production``, or ``test`` for synthetic data only.
            stretching: what a guess at the passphrase costs.
            now: time of making; default the clock's.

        Raises:
            OutputExists: the path is taken.
            KeyRingExposed: others may write to the folder, or it is tracked by git or synced.
            KeyRingError: the passphrase is too short or the registry id is empty.
            OutputFailed: the system refused the write; nothing was left behind.
        """
        where = Path(path)
        secret = as_passphrase(passphrase)
        check_new_passphrase(secret)
        check_folder(where, _WHAT)
        moment = now or datetime.now(UTC)
        header = {
            "created": stamp(moment),
            "environment": environment,
            "file_id": secrets.token_hex(16),
            "registry_id": _name(registry_id, "registry id"),
        }
        ring = cls(where, header, Contents.new(moment), Wrapping.new(secret, stretching))
        write_private(where, ring._sealed(ring._contents), replace=False)
        return ring

    @classmethod
    def open(cls, path: Path | str, passphrase: str | Secret) -> KeyRing:
        """Open a key ring.

        Raises:
            KeyRingMissing: there is none.
            KeyRingExposed: others can read it, or it lies where it may be shared by accident.
            KeyRingLocked: wrong passphrase or altered file; the two read the same.
        """
        where = Path(path)
        file = read_private(where, _WHAT)
        try:
            body, header, wrapping = unseal(file, as_passphrase(passphrase))
        except DoesNotOpen:
            raise _locked(where) from None
        return cls(where, header, Contents.of_bytes(body), wrapping)

    @property
    def registry_id(self) -> str:
        """The register that this ring belongs to."""
        return self._header["registry_id"]

    @property
    def environment(self) -> str:
        """``production`` or ``test``."""
        return self._header["environment"]

    def project_key(
        self,
        project_id: str,
        *,
        purpose: Purpose = "pseudonym",
        subject: Subject = "person-key",
        algorithm: Algorithm = "hmac-sha256-128",
        create: bool = False,
        now: datetime | None = None,
    ) -> ProjectKey:
        """Derive the key of a project for one purpose, subject and algorithm.

        Args:
            project_id: the project's own id; there is no key without a project.
            purpose: what the key will be used for.
            subject: what it will be applied to.
            algorithm: what it will be used with; two algorithms never share a key.
            create: draw and store the project's salt when it has none yet.
            now: time of making, for the record; default the clock's.

        Raises:
            KeyRingError: no such project and ``create`` is false, or the project was destroyed.
        """
        project = _name(project_id, "project id")
        found = self._contents.project(project)
        if found is None:
            # Another process may have made it since this ring was opened; a salt is made once.
            moment = now or datetime.now(UTC)
            self._change(lambda held: held.with_project(project, moment) if create else held)
            found = self._contents.project(project)
        if found is None:
            raise KeyRingError(f"project {project!r} has no key in {self.path}")
        master = self._contents.master_key(found.key_version)
        labels = (purpose, self.registry_id, algorithm, project, str(master.version), subject)
        return ProjectKey(
            project_id=project,
            purpose=purpose,
            subject=subject,
            algorithm=algorithm,
            version=master.version,
            check_value=check_value(master.key, *labels, salt=found.salt),
            secret=derive(master.key, *labels, salt=found.salt),
        )

    def draft_project(self, project_id: str, *, now: datetime | None = None) -> None:
        """Draw a project's salt if it has none, in memory only: `keep_drafts` writes it.

        Work that may still be refused leaves the key ring's file as it was.

        Raises:
            KeyRingError: the project was destroyed.
        """
        project = _name(project_id, "project id")
        if self._contents.project(project) is None:
            self._contents = self._contents.with_project(project, now or datetime.now(UTC))
            drawn = self._contents.project(project)
            assert drawn is not None
            self._drafts.append(drawn)

    def keep_drafts(self) -> None:
        """Write the salts that were drawn by `draft_project`.

        Raises:
            KeyRingError: somebody else gave a project its salt in the meantime.
            OutputFailed: the disk is full, or the system refuses the write.
        """
        if self._drafts:
            drafts = tuple(self._drafts)
            self._change(lambda held: reduce(Contents.with_salt, drafts, held))
            self._drafts.clear()

    def register_key(self, purpose: RegisterPurpose, *, version: int | None = None) -> RegisterKey:
        """Derive a key that the register uses for itself.

        Args:
            purpose: ``identity-lookup`` gives 64 bytes (AES-256-SIV), the others 32.
            version: of the master key; default the active one.
        """
        held = self._contents
        master = held.active if version is None else held.master_key(version)
        labels = ("register", purpose, self.registry_id, str(master.version))
        return RegisterKey(
            purpose=purpose,
            version=master.version,
            check_value=check_value(master.key, *labels, salt=held.register_salt),
            secret=derive(
                master.key, *labels, salt=held.register_salt, length=_REGISTER_KEY_BYTES[purpose]
            ),
        )

    def destroy_project(self, project_id: str, *, now: datetime | None = None) -> None:
        """Destroy a project's salt: its pseudonyms can never be made again with this ring.

        Copies of the file from before hold the salt still; destroy or replace them too.

        Raises:
            KeyRingError: there is no such project, or it is destroyed already.
        """
        project = _name(project_id, "project id")
        moment = now or datetime.now(UTC)
        self._change(lambda held: held.without_project(project, moment))

    def add_master_key(self, *, now: datetime | None = None) -> int:
        """Draw a new master key for projects to come and return its version.

        Projects that have a key keep the version they began with.
        """
        moment = now or datetime.now(UTC)
        self._change(lambda held: held.with_new_master_key(moment))
        return self._contents.active.version

    def rewrap(self, passphrase: str | Secret, *, stretching: Stretching = ARGON2ID) -> None:
        """Wrap the same keys under a new passphrase; every pseudonym stays what it was."""
        secret = as_passphrase(passphrase)
        check_new_passphrase(secret)
        self._change(lambda held: held, wrapping=Wrapping.new(secret, stretching))

    def info(self) -> RingInfo:
        """What may be shown: names, states, dates and check values."""
        held = self._contents
        return RingInfo(
            path=str(self.path),
            registry_id=self.registry_id,
            environment=self.environment,
            file_id=self._header["file_id"],
            created=self._header["created"],
            stretching=self._wrapping.stretching,
            master_keys=tuple(
                (one.version, one.state, one.created, self._master_check_value(one.version))
                for one in held.master_keys
            ),
            projects=tuple((one.project_id, one.created, one.key_version) for one in held.projects),
            destroyed=tuple((one.project_id, one.destroyed) for one in held.destroyed),
            permissions_checked=permissions_are_checked(),
        )

    def __repr__(self) -> str:
        return f"<KeyRing of {self.registry_id!r} at {self.path}>"

    def _master_check_value(self, version: int) -> str:
        held = self._contents
        master = held.master_key(version)
        return check_value(
            master.key, "master", self.registry_id, str(version), salt=held.register_salt
        )

    def _change(
        self, change: Callable[[Contents], Contents], *, wrapping: Wrapping | None = None
    ) -> None:
        """Read what is on the disk now, change that, write it back: nobody's change is lost."""
        with exclusively(self.path):
            file = read_private(self.path, _WHAT)
            try:
                body, header = unseal_again(file, self._wrapping)
            except DoesNotOpen:
                raise _locked(self.path) from None
            before = Contents.of_bytes(body)
            after = change(before)
            new_wrapping = wrapping or self._wrapping
            if after != before or wrapping is not None:
                sealed = seal(after.to_bytes(), header, new_wrapping)
                write_private(self.path, sealed, replace=True)
            self._header, self._contents, self._wrapping = header, after, new_wrapping

    def _sealed(self, contents: Contents) -> bytes:
        return seal(contents.to_bytes(), self._header, self._wrapping)


def _locked(path: Path) -> KeyRingLocked:
    return KeyRingLocked(
        f"key ring {path} does not open: wrong passphrase, or the file is not as it was written; "
        "try the passphrase again, then a backup"
    )


def _name(text: str, what: str) -> str:
    name = unicodedata.normalize("NFC", text)
    if not name.strip() or name != name.strip() or len(name) > _LONGEST_NAME:
        raise KeyRingError(f"the {what} is empty, too long, or begins or ends with a space")
    return name
