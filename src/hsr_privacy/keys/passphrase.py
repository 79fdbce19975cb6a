"""The passphrase that opens a key ring: read from a private file, or drawn for the keeper."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.custody import check_folder, read_private, write_private
from hsr_privacy.keys.secret import Secret

SHORTEST_PASSPHRASE: Final = 12
"""Characters. Strength comes from drawing a passphrase, not from counting its letters."""

_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 6
_GROUP_SYMBOLS: Final = 4


def generate_passphrase() -> str:
    """Draw a passphrase of 120 bits: six groups of four symbols, none of them I, L, O or U."""
    groups = (
        "".join(secrets.choice(_SYMBOLS) for _ in range(_GROUP_SYMBOLS)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def write_new_passphrase(path: Path | str) -> Secret:
    """Draw a passphrase into a new file that only its owner can read.

    Raises:
        OutputExists: the path is taken.
        KeyRingExposed: others may write to the folder, or it is tracked by git or synced.
        OutputFailed: the system refused the write; nothing was left behind.
    """
    where = Path(path)
    check_folder(where, "passphrase file")
    drawn = generate_passphrase()
    write_private(where, f"{drawn}\n".encode(), replace=False)
    return Secret.of_text(drawn)


def read_passphrase_file(path: Path | str) -> Secret:
    """Read a passphrase from the only line of a file that nobody else can read.

    Raises:
        KeyRingMissing: there is no such file.
        KeyRingExposed: others can read it, or it lies where it may be shared by accident.
        KeyRingError: it is empty, has more than one line, or is not UTF-8.
    """
    where = Path(path)
    try:
        text = read_private(where, "passphrase file").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KeyRingError(f"passphrase file {where} is not UTF-8 text") from None
    lines = text.splitlines()
    if len(lines) != 1 or not lines[0].strip():
        raise KeyRingError(f"passphrase file {where} must hold one line, the passphrase")
    return Secret.of_text(lines[0])


def as_passphrase(passphrase: str | Secret) -> Secret:
    """A passphrase as a secret, however it came."""
    return passphrase if isinstance(passphrase, Secret) else Secret.of_text(passphrase)


def check_new_passphrase(passphrase: Secret) -> None:
    """Refuse a passphrase that cannot be good, when a key ring is made or wrapped anew.

    Raises:
        KeyRingError: shorter than twelve characters.
    """
    if len(passphrase.unsafe_bytes().decode(errors="replace").strip()) < SHORTEST_PASSPHRASE:
        raise KeyRingError(
            f"the passphrase is shorter than {SHORTEST_PASSPHRASE} characters; "
            "take six random words or a generated one"
        )
