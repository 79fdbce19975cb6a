"""Derivations: from a master key, in the file or in its token, to a key with one purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.contents import MasterKey, ProjectSalt
from hsr_privacy.keys.derivation import SCHEME, check_value, derive, encode
from hsr_privacy.keys.key import (
    Algorithm,
    ProjectKey,
    Purpose,
    RegisterKey,
    RegisterPurpose,
    Subject,
)
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.token import Token, master_label

_REGISTER_KEY_BYTES: Final = {
    "identity-lookup": 64,  # AES-256-SIV takes two keys
    "identity-body": 32,
    "event-key": 32,
    "audit-tag": 32,
    "audit-signing": 32,  # the seed of an Ed25519 key
    "membership": 32,
}


@dataclass(frozen=True)
class Derivations:
    """All keys of one key ring, made when they are asked for.

    Attributes:
        registry_id: the register's name, part of every label.
        file_id: of the key ring; names its keys in a token.
        register_salt: of the register's own keys.
        token: open, where master keys lie in one.
    """

    registry_id: str
    file_id: str
    register_salt: Secret
    token: Token | None

    def project_key(
        self,
        master: MasterKey,
        salt: ProjectSalt,
        *,
        purpose: Purpose,
        subject: Subject,
        algorithm: Algorithm,
    ) -> ProjectKey:
        """A project's key; for ``aes256-cmac`` from a master key in a token it stays there."""
        labels = (
            *(purpose, self.registry_id, algorithm, salt.project_id),
            *(str(master.version), subject),
        )
        root = self._root(master, *labels, salt=salt.salt)
        cipher = None
        if master.key is None and algorithm == "aes256-cmac":
            label = master_label(self.file_id, master.version)
            cipher = self._token().derive_cipher(label, _data(labels, salt.salt))
        return ProjectKey(
            project_id=salt.project_id,
            purpose=purpose,
            subject=subject,
            algorithm=algorithm,
            version=master.version,
            check_value=check_value(root, *labels, salt=salt.salt),
            secret=None if cipher else derive(root, *labels, salt=salt.salt),
            cipher=cipher,
        )

    def register_key(self, master: MasterKey, purpose: RegisterPurpose) -> RegisterKey:
        """A key that the register uses for itself."""
        labels = ("register", purpose, self.registry_id, str(master.version))
        root = self._root(master, *labels, salt=self.register_salt)
        length = _REGISTER_KEY_BYTES[purpose]
        return RegisterKey(
            purpose=purpose,
            version=master.version,
            check_value=check_value(root, *labels, salt=self.register_salt),
            secret=derive(root, *labels, salt=self.register_salt, length=length),
        )

    def check_value(self, master: MasterKey) -> str:
        """Ten hex digits, equal wherever master key and register salt are."""
        labels = ("master", self.registry_id, str(master.version))
        root = self._root(master, *labels, salt=self.register_salt)
        return check_value(root, *labels, salt=self.register_salt)

    def _root(self, master: MasterKey, *labels: str, salt: Secret) -> Secret:
        """What keys for these labels are derived from: the master key, or what its token gives."""
        if master.key is not None:
            return master.key
        label = master_label(self.file_id, master.version)
        return self._token().derive_secret(label, _data(labels, salt))

    def _token(self) -> Token:
        if self.token is None:
            raise KeyRingError("a master key of this key ring lies in a token that is not open")
        return self.token


def _data(labels: tuple[str, ...], salt: Secret) -> bytes:
    return salt.unsafe_bytes() + encode(SCHEME, *labels)
