"""The key ring: one file, opened by its keeper, from which every key is derived.

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

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.contents import Contents, ProjectSalt, stamp
from hsr_privacy.keys.custody import check_folder
from hsr_privacy.keys.derivations import Derivations
from hsr_privacy.keys.info import RingInfo, describe
from hsr_privacy.keys.key import (
    Algorithm,
    Environment,
    ProjectKey,
    Purpose,
    RegisterKey,
    RegisterPurpose,
    Subject,
)
from hsr_privacy.keys.locks import Custody, Lock
from hsr_privacy.keys.opening import (
    Held,
    Maker,
    held_by,
    key_for,
    let_go,
    made_in_token,
    maker,
    open_token,
    remaker,
    shares_lock,
)
from hsr_privacy.keys.ring_file import WHAT, RingFile
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.stretching import ARGON2ID, Stretching
from hsr_privacy.keys.token import Token, TokenPlace, master_label

_LONGEST_NAME: Final = 200


class KeyRing:
    """An open key ring; every change is written back at once, whole or not at all."""

    def __init__(self, file: RingFile, contents: Contents, token: Token | None = None) -> None:
        self.path: Final = file.path
        self._file = file
        self._contents = contents
        self._token = token
        self._drafts: list[ProjectSalt] = []

    @classmethod
    def create(
        cls,
        path: Path | str,
        secret: str | Secret | None,
        *,
        registry_id: str,
        environment: Environment,
        custody: Custody = "passphrase",
        token: TokenPlace | None = None,
        stretching: Stretching = ARGON2ID,
        now: datetime | None = None,
    ) -> KeyRing:
        """Make a key ring with one fresh master key.

        Args:
            path: a file that does not exist yet, outside any git work tree.
            secret: a passphrase of at least twelve characters, or the PIN of the token; None
                where the desktop's keyring keeps it.
            registry_id: the register's name, part of every derived key.
            environment: ``production``, or ``test`` for synthetic data only.
            custody: what opens it; with ``token`` the master key is made inside it.
            token: where the token is.
            stretching: what a guess at the passphrase costs.
            now: time of making; default the clock's.

        Raises:
            OutputExists: the path is taken.
            KeyRingExposed: others may write to the folder, or it is tracked by git or synced.
            KeyRingError: the passphrase is too short or the registry id is empty.
            OutputFailed: the system refused the write; nothing was left behind.
        """
        check_folder(Path(path), WHAT)  # before a token or desktop is asked to keep anything
        moment = now or datetime.now(UTC)
        names = {
            "created": stamp(moment),
            "environment": environment,
            "file_id": secrets.token_hex(16),
            "registry_id": _name(registry_id, "registry id"),
        }
        in_token = custody == "token"
        opened = open_token(Held(custody, token if in_token else None), secret)
        make = maker(
            custody,
            names["file_id"],
            secret=secret,
            stretching=stretching,
            token=opened,
            place=token,
        )
        contents = Contents.new(moment, in_token=in_token)
        with made_in_token(opened, names["file_id"]):
            file = RingFile.create(Path(path), names, contents.to_bytes(), make)
        return cls(file, contents, opened)

    @classmethod
    def open(cls, path: Path | str, secret: str | Secret | None = None) -> KeyRing:
        """Open a key ring.

        Args:
            path: its file.
            secret: its passphrase, or the PIN of its token; see `opening.held_by`.

        Raises:
            KeyRingMissing: there is none.
            KeyRingExposed: others can read it, or it lies where it may be shared by accident.
            KeyRingLocked: wrong passphrase or altered file; the two read the same.
        """
        held = held_by(path)
        token = open_token(held, secret)

        def key_of(lock: Lock, file_id: str) -> Secret:
            return key_for(lock, file_id, secret=secret, token=token)

        file, body = RingFile.open(Path(path), held.custody, key_of)
        return cls(file, Contents.of_bytes(body), token)

    @property
    def registry_id(self) -> str:
        """The register that this ring belongs to."""
        return self._file.names["registry_id"]

    @property
    def environment(self) -> str:
        """``production`` or ``test``."""
        return self._file.names["environment"]

    @property
    def file_id(self) -> str:
        """The random name of this ring, the same in all its copies."""
        return self._file.names["file_id"]

    @property
    def contents(self) -> Contents:
        """Everything that it holds; secrets among it show their length only."""
        return self._contents

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
            algorithm: what it will be used with; two algorithms never share a key. A key for
                ``aes256-cmac`` from a master key in a token stays in the token.
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
            self.change(lambda held: held.with_project(project, moment) if create else held)
            found = self._contents.project(project)
        if found is None:
            raise KeyRingError(f"project {project!r} has no key in {self.path}")
        return self.key_with(found, purpose=purpose, subject=subject, algorithm=algorithm)

    def key_with(
        self, salt: ProjectSalt, *, purpose: Purpose, subject: Subject, algorithm: Algorithm
    ) -> ProjectKey:
        """Derive a project's key from a salt of it, kept or not; see `project_key`."""
        master = self._contents.master_key(salt.key_version)
        return self._derivations.project_key(
            master, salt, purpose=purpose, subject=subject, algorithm=algorithm
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
            self.change(lambda held: reduce(Contents.with_salt, drafts, held))
            self._drafts.clear()

    def register_key(self, purpose: RegisterPurpose, *, version: int | None = None) -> RegisterKey:
        """Derive a key that the register uses for itself.

        Args:
            purpose: ``identity-lookup`` gives 64 bytes (AES-256-SIV), the others 32.
            version: of the master key; default the active one.
        """
        held = self._contents
        master = held.active if version is None else held.master_key(version)
        return self._derivations.register_key(master, purpose)

    def destroy_project(self, project_id: str, *, now: datetime | None = None) -> None:
        """Destroy a project's salt: its pseudonyms can never be made again with this ring.

        Copies of the file from before hold the salt still; destroy or replace them too.

        Raises:
            KeyRingError: there is no such project, or it is destroyed already.
        """
        project = _name(project_id, "project id")
        moment = now or datetime.now(UTC)
        self.change(lambda held: held.without_project(project, moment))

    def add_master_key(self, *, now: datetime | None = None) -> int:
        """Draw a new master key for projects to come and return its version.

        Projects that have a key keep the version they began with. A ring that is kept by a token
        makes the key inside it.
        """
        moment = now or datetime.now(UTC)
        if self._token is not None:
            version = max(one.version for one in Contents.of_bytes(self._file.read()).master_keys)
            self._token.new_master_key(master_label(self.file_id, version + 1))
        in_token = self._token is not None
        self.change(lambda held: held.with_new_master_key(moment, in_token=in_token))
        return self._contents.active.version

    def rewrap(
        self,
        secret: str | Secret | None,
        *,
        custody: Custody = "passphrase",
        token: TokenPlace | None = None,
        stretching: Stretching = ARGON2ID,
    ) -> None:
        """Give the ring a new lock for daily use; every key and every pseudonym stays what it was.

        Shares that were handed out open it still.

        Raises:
            KeyRingError: the passphrase is too short, or a master key lies in a token that the
                new custody would not open.
        """
        if custody != "token" and any(one.key is None for one in self._contents.master_keys):
            raise KeyRingError(
                f"a master key of {self.path} lies in its token and cannot leave it; this ring "
                "stays with the token"
            )
        opened = open_token(Held(custody, token if custody == "token" else None), secret)
        make = maker(
            custody, self.file_id, secret=secret, stretching=stretching, token=opened, place=token
        )
        before = self._file.locks[0]
        self.relock(make=make)
        let_go(before, self.file_id)
        self._token = opened

    def change(self, change: Callable[[Contents], Contents]) -> None:
        """Read what is on the disk now, change that, write it back: nobody's change is lost."""
        self._file, body = self._file.change(lambda body: _changed(body, change))
        self._contents = Contents.of_bytes(body)

    def relock(
        self,
        change: Callable[[Contents], Contents] = lambda held: held,
        make: Maker | None = None,
    ) -> None:
        """Change the contents and write them under a new content key.

        Args:
            change: from the contents to the new contents.
            make: closes the lock for daily use around the new key; the same lock if left out.
        """

        def locks(body: bytes, content_key: Secret) -> tuple[tuple[Lock, ...], Secret]:
            daily, key = (make or remaker(self._file))(content_key)
            recovery = Contents.of_bytes(body).recovery
            shared = () if recovery is None else (shares_lock(content_key, recovery, self.file_id),)
            return (daily, *shared), key

        self._file, body = self._file.change(lambda body: _changed(body, change), relock=locks)
        self._contents = Contents.of_bytes(body)

    def info(self) -> RingInfo:
        """What may be shown: names, states, dates and check values."""
        return describe(self._file, self._contents, self.master_check_value)

    def __repr__(self) -> str:
        return f"<KeyRing of {self.registry_id!r} at {self.path}>"

    def master_check_value(self, version: int) -> str:
        """Ten hex digits, equal in every copy that holds the same master key and register salt."""
        return self._derivations.check_value(self._contents.master_key(version))

    @property
    def _derivations(self) -> Derivations:
        salt = self._contents.register_salt
        return Derivations(self.registry_id, self.file_id, salt, self._token)


def _changed(body: bytes, change: Callable[[Contents], Contents]) -> bytes:
    return change(Contents.of_bytes(body)).to_bytes()


def _name(text: str, what: str) -> str:
    name = unicodedata.normalize("NFC", text)
    if not name.strip() or name != name.strip() or len(name) > _LONGEST_NAME:
        raise KeyRingError(f"the {what} is empty, too long, or begins or ends with a space")
    return name
