"""The self-test: official vectors, run on the libraries that are installed here.

Whoever answers for a register's pseudonyms needs to know that this machine computes what the
standards say, and to be able to show it. The vectors lie in ``configs/vectors``, each group with its
source. The report fits into a data protection impact assessment.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import numpy as np
import pyarrow as pa
import shamir_mnemonic
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hsr_privacy.configs import shipped
from hsr_privacy.errors import HsrError
from hsr_privacy.identifiers import is_valid
from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.key import Algorithm, aes_blocks
from hsr_privacy.pseudonymization.encoding import message
from hsr_privacy.pseudonymization.mac import cmac_rows, hmac_rows, pseudonym_column
from hsr_privacy.pseudonymization.text_form import text_column

Case = Mapping[str, Any]

_ROWS: Final = 10_000
_NAMED: Final = ("hsr-privacy", "cryptography", "shamir-mnemonic", "pyrage", "numpy", "numba")


@dataclass(frozen=True)
class Tested:
    """One group of vectors.

    Attributes:
        name: of the primitive.
        serves: what it does in this program.
        source: where the vectors stand.
        vectors: how many were run.
        passed: how many gave what the source says.
    """

    name: str
    serves: str
    source: str
    vectors: int
    passed: int


@dataclass(frozen=True)
class SelfTest:
    """What the installed libraries did.

    Attributes:
        day: when.
        groups: each primitive.
        software: versions of what was tested.
    """

    day: dt.date
    groups: tuple[Tested, ...]
    software: Mapping[str, str]

    @property
    def passed(self) -> bool:
        """Whether every vector of every group gave what its source says."""
        return all(group.vectors == group.passed > 0 for group in self.groups)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "passed": self.passed,
            "day": self.day.isoformat(),
            "software": dict(self.software),
            "groups": [vars(group) for group in self.groups],
        }


def selftest(*, today: dt.date | None = None) -> SelfTest:
    """Run every vector, and both column MACs beside a MAC per row.

    A library that raises an error on a vector has failed it; the report says so.
    """
    path = shipped("configs", "vectors").joinpath("vectors.json")
    vectors: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    groups = [
        Tested(name, serves, str(group["source"]), len(group["cases"]), _passed(holds, group))
        for name, (serves, holds) in _CHECKS.items()
        for group in (vectors[name],)
    ]
    groups += [_column(algorithm) for algorithm in _COLUMNS]
    software = {name: version(name) for name in _NAMED}
    software |= {"Python": platform.python_version(), "OpenSSL": backend.openssl_version_text()}
    software["system"] = f"{platform.system()} {platform.machine()}"
    return SelfTest(today or dt.datetime.now().astimezone().date(), tuple(groups), software)


def _passed(holds: Callable[[Case], bool], group: Mapping[str, Any]) -> int:
    passed = 0
    for case in group["cases"]:
        with contextlib.suppress(Exception):  # whatever it raises, the vector has failed
            passed += holds(case)
    return passed


def _bytes(case: Case, *names: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(case[name]) for name in names)


def _hmac(case: Case) -> bool:
    key, text, expected = _bytes(case, "key", "message", "mac")
    mac = HMAC(key, SHA256())
    mac.update(text)
    return mac.finalize()[: len(expected)] == expected


def _cmac(case: Case) -> bool:
    key, text, expected = _bytes(case, "key", "message", "mac")
    mac = CMAC(AES(key))
    mac.update(text)
    whole = mac.finalize() == expected
    if not text or len(text) % 16:
        return whole
    last = np.frombuffer(text[-16:], dtype=np.uint8).reshape(1, 16)
    return whole and cmac_rows(text[:-16], last, aes_blocks(key)).tobytes() == expected


def _siv(case: Case) -> bool:
    key, text, expected = _bytes(case, "key", "message", "sealed")
    associated = [bytes.fromhex(one) for one in case["associated"]]
    cipher = AESSIV(key)
    return (
        cipher.encrypt(text, associated) == expected
        and cipher.decrypt(expected, associated) == text
    )


def _gcm(case: Case) -> bool:
    key, nonce, text, bound, expected = _bytes(
        case, "key", "nonce", "message", "associated", "sealed"
    )
    cipher = AESGCM(key)
    return (
        cipher.encrypt(nonce, text, bound) == expected
        and cipher.decrypt(nonce, expected, bound) == text
    )


def _hkdf(case: Case) -> bool:
    key, salt, info, expected = _bytes(case, "key", "salt", "info", "derived")
    hkdf = HKDF(algorithm=SHA256(), length=len(expected), salt=salt, info=info)
    return hkdf.derive(key) == expected


def _argon2id(case: Case) -> bool:
    names = ("passphrase", "salt", "secret", "associated", "derived")
    passphrase, salt, secret, associated, expected = _bytes(case, *names)
    argon2id = Argon2id(
        salt=salt,
        length=len(expected),
        iterations=case["passes"],
        lanes=case["lanes"],
        memory_cost=case["memory_kib"],
        ad=associated,
        secret=secret,
    )
    return argon2id.derive(passphrase) == expected


def _x25519(case: Case) -> bool:
    private, public, expected = _bytes(case, "private", "public", "shared")
    own = X25519PrivateKey.from_private_bytes(private)
    return own.exchange(X25519PublicKey.from_public_bytes(public)) == expected


def _ed25519(case: Case) -> bool:
    private, public, text, expected = _bytes(case, "private", "public", "message", "signature")
    if Ed25519PrivateKey.from_private_bytes(private).sign(text) != expected:
        return False
    holder = Ed25519PublicKey.from_public_bytes(public)
    holder.verify(expected, text)
    try:
        holder.verify(expected, text + b"\0")
    except InvalidSignature:
        return True
    return False


def _slip39(case: Case) -> bool:
    try:
        secret = shamir_mnemonic.combine_mnemonics(case["shares"], b"TREZOR").hex()
    except shamir_mnemonic.MnemonicError:
        secret = ""
    return bool(secret == case["secret"])


def _identifier(case: Case) -> bool:
    return is_valid(case["identifier"], profile="test-skatt") is bool(case["valid"])


def _pseudonym(case: Case) -> bool:
    key, payload, expected = _bytes(case, "key", "payload", "pseudonym")
    subject, algorithm = case["subject"], case["algorithm"]
    project = ProjectKey("P", "pseudonym", subject, algorithm, 1, "", Secret(key))
    is_text = subject == "national-id"
    column = pa.array([payload.decode()] if is_text else [payload])
    made = pseudonym_column(column, project)
    text = text_column(made)[0].as_py()
    found = (message(subject, payload).hex(), made[0].as_py(), text)
    return found == (case["message"], expected, case["text"])


def _column(algorithm: Algorithm) -> Tested:
    """A column of random rows beside a MAC per row."""
    secret = os.urandom(32)
    rows = np.frombuffer(os.urandom(16 * _ROWS), dtype=np.uint8).reshape(_ROWS, 16)
    first = os.urandom(16)
    made = _COLUMNS[algorithm](first, rows, secret)
    by_row = 0
    for row, pseudonym in zip(rows, made, strict=True):
        mac = HMAC(secret, SHA256()) if algorithm == "hmac-sha256-128" else CMAC(AES(secret))
        mac.update(first + row.tobytes())
        by_row += mac.finalize()[:16] == pseudonym.tobytes()
    source = "a MAC of each row by itself, random key and rows"
    return Tested(f"{algorithm} of a column", "pseudonyms", source, _ROWS, by_row)


_COLUMNS: Final[dict[Algorithm, Callable[[bytes, Any, bytes], Any]]] = {
    "hmac-sha256-128": hmac_rows,
    "aes256-cmac": lambda first, last, secret: cmac_rows(first, last, aes_blocks(secret)),
}
_CHECKS: Final[dict[str, tuple[str, Callable[[Case], bool]]]] = {
    "hmac-sha256": ("pseudonyms, by default; tags of the audit log", _hmac),
    "aes-cmac": ("pseudonyms, by the project's choice", _cmac),
    "hkdf-sha256": ("one key per project, purpose, subject and algorithm", _hkdf),
    "aes-siv": ("finding an identifier in the identity store", _siv),
    "aes-gcm": ("everything else at rest: key ring, identity store", _gcm),
    "argon2id": ("from a passphrase to a key", _argon2id),
    "slip-39": ("shares of a key ring", _slip39),
    "x25519": ("the linkage key of two registries", _x25519),
    "ed25519": ("signatures of people", _ed25519),
    "fodselsnummer-2032": ("what counts as an identifier", _identifier),
    "pseudonym": ("message, pseudonym and text stay what they were", _pseudonym),
}


def refuse_failed(result: SelfTest) -> None:
    """Stop where the libraries cannot be relied on.

    Raises:
        HsrError: says which group failed.
    """
    failed = [group.name for group in result.groups if group.vectors != group.passed]
    if failed:
        raise HsrError(
            f"the self-test failed at {', '.join(failed)}: make no pseudonyms on this machine; "
            "reinstall Python and cryptography"
        )
