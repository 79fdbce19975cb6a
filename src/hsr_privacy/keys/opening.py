"""How each lock of a key ring is made and opened: by a passphrase, a desktop, a token, or shares."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from hsr_privacy.errors import KeyRingError, KeyRingExposed
from hsr_privacy.keys.contents import Recovery
from hsr_privacy.keys.desktop import forget_secret, load_secret, store_secret
from hsr_privacy.keys.locks import (
    Custody,
    Lock,
    close,
    key_of_desktop,
    key_of_recovery,
    new_salt,
    passphrase_settings,
)
from hsr_privacy.keys.passphrase import as_passphrase, check_new_passphrase
from hsr_privacy.keys.ring_file import RingFile, new_content_key, read
from hsr_privacy.keys.sealing import to_text
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.keys.token import Token, TokenPlace, file_label, master_label

_PASSPHRASE_SALT_BYTES: Final = 16

Maker: TypeAlias = Callable[[Secret], tuple[Lock, Secret]]
"""Closes a lock around a content key, and gives the lock's own key too."""


@dataclass(frozen=True)
class Held:
    """Who keeps a key ring closed, as its file says before it is open.

    Attributes:
        custody: ``passphrase``, ``keyring`` or ``token``.
        place: of the token; None for the others.
    """

    custody: Custody
    place: TokenPlace | None = None


def held_by(path: Path | str) -> Held:
    """What opens a key ring, to know what to ask for.

    Raises:
        KeyRingMissing, KeyRingExposed, KeyRingLocked: see `ring_file.read`.
    """
    lock = read(Path(path))[1][0]
    if lock.kind == "token":
        return Held("token", TokenPlace(lock.settings["module"], lock.settings["token"]))
    return Held("keyring" if lock.kind == "keyring" else "passphrase")


def open_token(held: Held, pin: str | Secret | None) -> Token | None:
    """The token that a key ring is kept by, with its user logged in; None for other custody.

    Raises:
        KeyRingExposed: the PKCS#11 library could have been replaced by somebody else.
        KeyRingLocked: wrong PIN.
    """
    if held.place is None:
        return None
    _refuse_foreign_library(Path(held.place.module))
    return Token.open(held.place, _given(pin, "the PIN of its token"))


def key_for(
    lock: Lock, file_id: str, *, secret: str | Secret | None, token: Token | None
) -> Secret:
    """The key of the lock for daily use."""
    if lock.kind == "token" and token is not None:
        return token.derive_secret(file_label(file_id), lock.salt)
    if lock.kind == "keyring":
        return key_of_desktop(load_secret(_desktop_name(file_id, lock.salt)), lock.salt)
    return lock.stretching.stretch(_given(secret, "its passphrase"), lock.salt)


def maker(
    custody: Custody,
    file_id: str,
    *,
    secret: str | Secret | None,
    stretching: Stretching,
    token: Token | None,
    place: TokenPlace | None,
) -> Maker:
    """What closes a lock of a custody around a content key; secrets are checked and kept now.

    Raises:
        KeyRingError: a passphrase that is too short, parameters below the floor, or no token.
    """
    if custody == "passphrase":
        passphrase = as_passphrase(_given(secret, "a passphrase"))
        check_new_passphrase(passphrase)
        if not stretching.is_sane:
            raise KeyRingError(f"the {stretching.name} parameters are below the floor or absurd")
        salt = os.urandom(_PASSPHRASE_SALT_BYTES)
        settings, key = passphrase_settings(stretching, salt), stretching.stretch(passphrase, salt)
    elif custody == "keyring":
        drawn, salt = new_content_key(), new_salt()
        store_secret(_desktop_name(file_id, salt), drawn)
        settings, key = {"salt": to_text(salt)}, key_of_desktop(drawn, salt)
    else:
        if token is None or place is None:
            raise KeyRingError("custody by a token needs the token: name its library and its label")
        salt, label = new_salt(), file_label(file_id)
        if not token.has_master_key(label):
            token.new_master_key(label)
        settings = {"module": place.module, "token": place.token, "salt": to_text(salt)}
        key = token.derive_secret(label, salt)

    def make(content_key: Secret) -> tuple[Lock, Secret]:
        return close(content_key, custody, settings, key=key, file_id=file_id), key

    return make


def remaker(file: RingFile) -> Maker:
    """What closes the lock that a file has for daily use around another content key.

    Raises:
        KeyRingError: the file was opened by shares; it needs a new lock.
    """
    key, daily = file.lock_key, file.locks[0]
    if key is None:
        raise KeyRingError(f"{file.path} was opened by shares; give it a new passphrase")

    def make(content_key: Secret) -> tuple[Lock, Secret]:
        made = close(
            content_key, daily.kind, daily.settings, key=key, file_id=file.names["file_id"]
        )
        return made, key

    return make


def shares_lock(content_key: Secret, recovery: Recovery, file_id: str) -> Lock:
    """A lock that shares open together."""
    salt = new_salt()
    settings = {
        "threshold": recovery.threshold,
        "shares": recovery.shares,
        "salt": to_text(salt),
    }
    key = key_of_recovery(recovery.secret, salt)
    return close(content_key, "shares", settings, key=key, file_id=file_id)


@contextmanager
def made_in_token(token: Token | None, file_id: str) -> Iterator[None]:
    """Make the first master key in a token; it goes again if the key ring cannot be written."""
    if token is None:
        yield
        return
    token.new_master_key(master_label(file_id, 1))
    try:
        yield
    except BaseException:
        for label in (master_label(file_id, 1), file_label(file_id)):
            token.destroy_master_key(label)
        raise


def let_go(lock: Lock, file_id: str) -> None:
    """Forget what a lock kept outside the file, when another one has taken its place."""
    if lock.kind == "keyring":
        forget_secret(_desktop_name(file_id, lock.salt))


def _desktop_name(file_id: str, salt: bytes) -> str:
    # A name for each lock, so that the old one opens until the new one is on the disk.
    return f"{file_id}-{salt.hex()[:16]}"


def _given(secret: str | Secret | None, what: str) -> Secret:
    if secret is None:
        raise KeyRingError(f"this key ring needs {what}")
    return as_passphrase(secret)


def _refuse_foreign_library(module: Path) -> None:
    """The path stands in a header that nothing has authenticated yet, and is about to be loaded."""
    if os.name != "posix":
        return
    for place in (module, module.resolve().parent):
        try:
            status = place.stat()
        except OSError:
            return  # opening it says what is missing
        sticky = status.st_mode & stat.S_ISVTX and place.is_dir()
        if status.st_mode & 0o022 and not sticky:
            raise KeyRingExposed(
                f"others may replace the PKCS#11 library {module}; run: chmod go-w {place}"
            )
