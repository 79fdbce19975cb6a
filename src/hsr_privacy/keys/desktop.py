"""The keyring of the desktop: a random secret that the system keeps while somebody is logged in.

Only keyrings that the operating system closes are taken: macOS Keychain, Windows Credential
Locker, Secret Service (GNOME), KWallet. One that keeps clear text, or nothing, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from hsr_privacy.errors import KeyRingError, KeyRingMissing
from hsr_privacy.extras import require
from hsr_privacy.keys.sealing import to_bytes, to_text
from hsr_privacy.keys.secret import Secret

SERVICE: Final = "hsr-privacy"
_CLOSED_BY_THE_SYSTEM: Final = frozenset(
    {
        "keyring.backends.macOS",
        "keyring.backends.Windows",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)


def store_secret(name: str, secret: Secret) -> None:
    """Let the desktop's keyring keep a secret.

    Raises:
        MissingExtra: the package keyring is not installed.
        KeyRingError: there is no keyring that the system closes, or it refused.
    """
    backend = _backend()
    with _told():
        backend.set_password(SERVICE, name, to_text(secret.unsafe_bytes()))


def load_secret(name: str) -> Secret:
    """A secret from the desktop's keyring.

    Raises:
        KeyRingMissing: it keeps none of that name; the key ring is another user's or machine's.
        KeyRingError: see `store_secret`.
    """
    backend = _backend()
    with _told():
        text = backend.get_password(SERVICE, name)
    if text is None:
        raise KeyRingMissing(
            "the keyring of this desktop does not keep what opens this key ring: it was closed on "
            "another machine or by another user; open it there, or with shares (hsr keys join)"
        )
    return Secret(to_bytes(text))


def forget_secret(name: str) -> None:
    """Remove a secret from the desktop's keyring.

    Raises:
        KeyRingError: see `store_secret`.
    """
    backend = _backend()
    with _told():
        backend.delete_password(SERVICE, name)


def _backend() -> Any:
    """The keyring that the system closes and that it prefers."""
    chosen = require("keyring").get_keyring()
    for backend in getattr(chosen, "backends", (chosen,)):  # a chain of them, best first
        if type(backend).__module__ in _CLOSED_BY_THE_SYSTEM:
            return backend
    raise KeyRingError(
        "this desktop has no keyring that the system closes (macOS Keychain, Windows Credential "
        "Locker, Secret Service, KWallet); log in to one, or take custody by passphrase"
    )


@contextmanager
def _told() -> Iterator[None]:
    refusal: Any = require("keyring.errors").KeyringError
    try:
        yield
    except refusal as error:
        raise KeyRingError(
            f"the keyring of this desktop refused: {type(error).__name__}; unlock it and run "
            "this again"
        ) from None
