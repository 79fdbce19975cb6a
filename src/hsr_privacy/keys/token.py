"""A PKCS#11 token: master keys that are made inside it, work inside it and never leave it.

A master key may do one thing only: derive. From it and 32 bytes that belong to one purpose, the
token makes AES(master, first half) ‖ AES(master, second half), the mechanism
CKM_AES_ECB_ENCRYPT_DATA. The halves are those of a SHA-256 digest, different for every purpose,
so the results are outputs of a pseudo-random permutation at points nobody has asked before: they
look like random bytes to whoever does not hold the master key, up to 2^-128 times the square of
the number of keys ever derived. What is derived is of two kinds, and the digest says which, so
that one is never the other:

- a *secret* leaves the token and serves for the run (keys of the register, HMAC);
- a *cipher* stays inside: the token encrypts with it, 65,536 blocks a call.

Source: PKCS #11 v2.40, mechanisms § 2.14; NIST SP 800-38B (CMAC).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from hsr_privacy.errors import KeyRingError, KeyRingLocked, KeyRingMissing, OutputExists
from hsr_privacy.extras import require
from hsr_privacy.keys.secret import Secret

BLOCKS_PER_CALL: Final = 65_536
_BLOCK_BYTES: Final = 16
_KEY_BITS: Final = 256
_NEEDED: Final = ("AES_KEY_GEN", "AES_ECB_ENCRYPT_DATA", "AES_ECB", "AES_CMAC")


@dataclass(frozen=True)
class TokenPlace:
    """Where a token is.

    Attributes:
        module: path of the PKCS#11 library of its maker.
        token: its label.
    """

    module: str
    token: str


_PROCESS_KEY: Final = secrets.token_bytes(32)
_LOGGED_IN: Final[dict[TokenPlace, bytes]] = {}
"""Tags of the PINs of tokens that this process has logged in to."""


class _NotPickled:
    """A handle into a token means nothing in another process."""

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a token is not pickled; its keys cannot travel to another process")


class TokenCipher(_NotPickled):
    """AES under a key inside a token."""

    def __init__(self, place: TokenPlace, key: Any) -> None:
        self._place = place
        self._key = key

    def encrypt_blocks(self, blocks: bytes) -> bytes:
        """AES of each 16-byte block by itself: one call of the token per 65,536 blocks.

        Raises:
            KeyRingError: the token is gone.
        """
        mechanism = require("pkcs11").Mechanism.AES_ECB
        step = BLOCKS_PER_CALL * _BLOCK_BYTES
        with _told(self._place):
            return b"".join(
                self._key.encrypt(blocks[at : at + step], mechanism=mechanism)
                for at in range(0, len(blocks), step)
            )

    def cmac(self, message: bytes) -> bytes:
        """The token's own CMAC of a message, 16 bytes; to compare with, as it costs a call each.

        Raises:
            KeyRingError: the token is gone.
        """
        with _told(self._place):
            made: bytes = self._key.sign(message, mechanism=require("pkcs11").Mechanism.AES_CMAC)
        return made

    def __repr__(self) -> str:
        return f"<AES in token {self._place.token!r}>"


class Token(_NotPickled):
    """An open session with a token."""

    def __init__(self, place: TokenPlace, session: Any) -> None:
        self._place = place
        self._session = session

    @classmethod
    def open(cls, place: TokenPlace, pin: Secret) -> Token:
        """Open a session as the token's user.

        Raises:
            MissingExtra: python-pkcs11 is not installed.
            KeyRingMissing: there is no such library, or no such token.
            KeyRingLocked: wrong PIN, or too many of them.
            KeyRingError: the token lacks a mechanism; says which.
        """
        pkcs11 = require("pkcs11")
        errors = require("pkcs11.exceptions")
        # One library under two names would be initialized twice, which it refuses.
        place = TokenPlace(str(Path(place.module).resolve()), place.token)
        try:
            token = pkcs11.lib(place.module).get_token(token_label=place.token)
        except (errors.NoSuchToken, errors.MultipleTokensReturned):
            raise KeyRingMissing(
                f"{place.module} has no token, or several, with the label {place.token!r}; is it "
                "plugged in?"
            ) from None
        except RuntimeError:
            raise KeyRingMissing(
                f"{place.module} is no PKCS#11 library; give the path that its maker names"
            ) from None
        with _told(place):
            there = {getattr(one, "name", "") for one in token.slot.get_mechanisms()}
        lacking = [name for name in _NEEDED if name not in there]
        if lacking:
            raise KeyRingError(
                f"token {place.token!r} cannot do CKM_{lacking[0]}, which this key ring needs; "
                "see docs/how-to/keep-keys-in-a-token.md"
            )
        try:
            session = token.open(rw=True, user_pin=pin.unsafe_bytes().decode())
        except errors.UserAlreadyLoggedIn:
            # A login is the whole process's: the token does not look at the PIN again, so we do.
            if not hmac.compare_digest(_LOGGED_IN.get(place, b""), _tag(pin)):
                raise KeyRingLocked(f"token {place.token!r} does not open: wrong PIN") from None
            with _told(place):
                session = token.open(rw=True)
        except (errors.PinIncorrect, errors.PinLocked, errors.PinExpired, errors.PinInvalid):
            raise KeyRingLocked(
                f"token {place.token!r} does not open: wrong PIN, or it is locked after too many"
            ) from None
        except errors.PinLenRange:
            raise KeyRingLocked(f"token {place.token!r} does not open: wrong PIN") from None
        _LOGGED_IN[place] = _tag(pin)
        return cls(place, session)

    def new_master_key(self, label: str) -> None:
        """Make an AES-256 key inside the token that can do nothing but derive.

        Raises:
            OutputExists: the token has a key of that label.
        """
        if self.has_master_key(label):
            raise OutputExists(f"token {self._place.token!r} has a key {label!r} already")
        pkcs11 = require("pkcs11")
        attribute = pkcs11.Attribute
        forbidden = ("ENCRYPT", "DECRYPT", "SIGN", "VERIFY", "WRAP", "UNWRAP", "EXTRACTABLE")
        with _told(self._place):
            self._session.generate_key(
                pkcs11.KeyType.AES,
                _KEY_BITS,
                label=label,
                store=True,
                capabilities=pkcs11.MechanismFlag.DERIVE,
                template={
                    attribute.SENSITIVE: True,
                    **{getattr(attribute, name): False for name in forbidden},
                },
            )

    def has_master_key(self, label: str) -> bool:
        """Whether the token has a master key of that label."""
        return self._find(label) is not None

    def destroy_master_key(self, label: str) -> None:
        """Destroy a master key; what was derived from it can never be derived again.

        Raises:
            KeyRingMissing: there is none.
        """
        key = self._master(label)
        with _told(self._place):
            key.destroy()

    def derive_secret(self, label: str, data: bytes) -> Secret:
        """Derive 32 bytes that leave the token.

        Args:
            label: of the master key.
            data: says what they are for; never the same for two purposes.

        Raises:
            KeyRingMissing: the token has no such master key.
        """
        attribute = require("pkcs11").Attribute
        with self._derived(label, b"secret", data, leaves=True) as key, _told(self._place):
            return Secret(key[attribute.VALUE])

    def derive_cipher(self, label: str, data: bytes) -> TokenCipher:
        """Derive an AES-256 key that stays inside; see `derive_secret`.

        Raises:
            KeyRingMissing: the token has no such master key.
        """
        return TokenCipher(self._place, self._derive(label, b"cipher", data, leaves=False))

    def __repr__(self) -> str:
        return f"<open token {self._place.token!r}>"

    @contextmanager
    def _derived(self, label: str, kind: bytes, data: bytes, *, leaves: bool) -> Iterator[Any]:
        key = self._derive(label, kind, data, leaves=leaves)
        try:
            yield key
        finally:
            with _told(self._place):
                key.destroy()

    def _derive(self, label: str, kind: bytes, data: bytes, *, leaves: bool) -> Any:
        pkcs11 = require("pkcs11")
        attribute, can = pkcs11.Attribute, pkcs11.MechanismFlag
        point = hashlib.sha256(b"hsr-token/v1 " + kind + b"\0" + data).digest()
        master = self._master(label)
        with _told(self._place):
            return master.derive_key(
                pkcs11.KeyType.AES,
                _KEY_BITS,
                mechanism=pkcs11.Mechanism.AES_ECB_ENCRYPT_DATA,
                mechanism_param=point,
                store=False,
                capabilities=can.ENCRYPT if leaves else can.ENCRYPT | can.SIGN,
                template={attribute.SENSITIVE: not leaves, attribute.EXTRACTABLE: leaves},
            )

    def _master(self, label: str) -> Any:
        key = self._find(label)
        if key is None:
            raise KeyRingMissing(
                f"token {self._place.token!r} has no key {label!r}; is it the token that this key "
                "ring was made with?"
            )
        return key

    def _find(self, label: str) -> Any:
        pkcs11 = require("pkcs11")
        with _told(self._place):
            try:
                return self._session.get_key(
                    object_class=pkcs11.ObjectClass.SECRET_KEY,
                    key_type=pkcs11.KeyType.AES,
                    label=label,
                )
            except require("pkcs11.exceptions").NoSuchKey:
                return None


def file_label(file_id: str) -> str:
    """Name in the token of the key that opens the file."""
    return f"hsr {file_id} file"


def master_label(file_id: str, version: int) -> str:
    """Name in the token of a version of the master key."""
    return f"hsr {file_id} master {version}"


def _tag(pin: Secret) -> bytes:
    return hmac.digest(_PROCESS_KEY, pin.unsafe_bytes(), "sha256")


@contextmanager
def _told(place: TokenPlace) -> Iterator[None]:
    """Tell what a token refuses by the name of its answer, which quotes nothing."""
    refusal: Any = require("pkcs11.exceptions").PKCS11Error
    try:
        yield
    except refusal as error:
        raise KeyRingError(
            f"token {place.token!r} refused: {type(error).__name__}; is it plugged in still?"
        ) from None
