"""Shares: ``threshold`` of several people open a key ring together, with words on paper.

The shares are of a secret that opens the *file*, not of the master key: a new quorum needs no
new pseudonyms, and what the words open is worthless without the file. Each share is a line of
33 words with a check sum of its own.

Source: SLIP-0039 (Shamir's secret sharing over GF(256), RS1024 check sum), by the reference
implementation shamir-mnemonic.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import shamir_mnemonic

from hsr_privacy.errors import KeyRingError
from hsr_privacy.folders import whole_folder
from hsr_privacy.keys.contents import Contents, Recovery, stamp
from hsr_privacy.keys.custody import check_folder, read_private, write_private
from hsr_privacy.keys.locks import Lock, key_of_recovery
from hsr_privacy.keys.ring import KeyRing
from hsr_privacy.keys.ring_file import RingFile
from hsr_privacy.keys.secret import Secret

_SECRET_BYTES: Final = 32
_MOST_SHARES: Final = 16
_BEGIN: Final = "-----BEGIN SHARE-----"
_END: Final = "-----END SHARE-----"


@dataclass(frozen=True)
class Quorum:
    """How many shares there are, and how many open the ring together."""

    threshold: int
    shares: int

    def __post_init__(self) -> None:
        if not 2 <= self.threshold <= self.shares <= _MOST_SHARES:
            raise KeyRingError(
                f"{self.threshold} of {self.shares} shares is not possible: at least 2 must be "
                f"needed, at most {_MOST_SHARES} can be made, and no more needed than made"
            )


def split(
    ring: KeyRing, quorum: Quorum, folder: Path | str, *, now: datetime | None = None
) -> tuple[Path, ...]:
    """Write a sheet for each share into a new folder, and let them open the ring together.

    Shares of an earlier split open the ring no more. The sheets are private files: print them,
    hand them out, and remove the files.

    Args:
        ring: open; its file gets a second lock.
        quorum: how many are needed of how many.
        folder: to make, outside any git work tree.

    Returns:
        The sheets.

    Raises:
        KeyRingError: a master key lies in a token, which shares do not open.
        OutputExists, OutputFailed, KeyRingExposed: the folder is taken or cannot be written.
    """
    if any(one.key is None for one in ring.contents.master_keys):
        raise KeyRingError(
            "a master key of this ring lies in a token: shares would open the file and not the "
            "token; use the token's own backup"
        )
    secret = Secret(secrets.token_bytes(_SECRET_BYTES))
    recovery = Recovery(quorum.threshold, quorum.shares, stamp(now or datetime.now(UTC)), secret)
    words = shamir_mnemonic.generate_mnemonics(
        1, [(quorum.threshold, quorum.shares)], secret.unsafe_bytes()
    )[0]
    if _combined([Secret.of_text(line) for line in words[: quorum.threshold]]) != secret:
        raise KeyRingError("the shares did not give their secret back; nothing was written")
    where = Path(folder)
    check_folder(where, "sheets")
    names = [f"share-{number}-of-{quorum.shares}.txt" for number in range(1, quorum.shares + 1)]
    with whole_folder(where) as staging:
        for number, (name, line) in enumerate(zip(names, words, strict=True), start=1):
            sheet = _sheet(ring, recovery, number, line)
            write_private(staging / name, sheet.encode(), replace=False)
        ring.relock(lambda held: replace(held, recovery=recovery))
    return tuple(where / name for name in names)


def join(path: Path | str, shares: Sequence[Secret]) -> KeyRing:
    """Open a key ring with shares; give it a new passphrase next, by `KeyRing.rewrap`.

    Args:
        path: the key ring's file, or a copy of it.
        shares: lines of words, as `read_share` reads them.

    Raises:
        KeyRingError: a share is misspelt, too few, or they do not belong together.
        KeyRingLocked: they belong to another ring, or to an earlier split of this one.
    """
    where = Path(path)
    secret = _combined(shares)

    def key_of(lock: Lock, _file_id: str) -> Secret:
        return key_of_recovery(secret, lock.salt)

    file, body = RingFile.open(where, "shares", key_of)
    return KeyRing(file, Contents.of_bytes(body))


def read_share(path: Path | str) -> Secret:
    """The words of a sheet, or of a private file that holds the words alone.

    Raises:
        KeyRingMissing, KeyRingExposed: there is no such file, or others can read it.
    """
    text = read_private(Path(path), "share").decode(errors="replace")
    if _BEGIN in text and _END in text:
        text = text.split(_BEGIN, 1)[1].split(_END, 1)[0]
    return Secret.of_text(" ".join(re.sub(r"\d+\.", " ", text).casefold().split()))


def _combined(shares: Sequence[Secret]) -> Secret:
    """The secret that shares give together; what is wrong is said by the number of the share."""
    lines = [share.unsafe_bytes().decode() for share in shares]
    for number, line in enumerate(lines, start=1):
        if not _is_share(line):
            raise KeyRingError(
                f"share {number} of those given is misspelt: a word is unknown, missing or swapped; "
                "compare it with its sheet"
            )
    try:
        return Secret(shamir_mnemonic.combine_mnemonics(lines))
    except shamir_mnemonic.MnemonicError:
        raise KeyRingError(
            f"these {len(lines)} shares do not open anything together: too few or too many of "
            "them, the same one twice, or sheets of different splits"
        ) from None


def _is_share(line: str) -> bool:
    try:
        shamir_mnemonic.share.Share.from_mnemonic(line)
    except shamir_mnemonic.MnemonicError:
        return False
    return True


def _sheet(ring: KeyRing, recovery: Recovery, number: int, line: str) -> str:
    words = line.split()
    rows = [
        "  ".join(
            f"{place + 1:>2}. {words[place]:<10}" for place in range(at, min(at + 4, len(words)))
        )
        for at in range(0, len(words), 4)
    ]
    version = ring.contents.active.version
    who = f"Share {number} of {recovery.shares}; any {recovery.threshold} of them open the key ring"
    value = f"Check value of master key {version}: {ring.master_check_value(version)}"
    return "\n".join(
        [
            f"Key ring of {ring.registry_id}, file {ring.file_id}",
            f"{who} together.",
            f"Made {recovery.created}. {value}",
            "Keep it away from the file and from the other shares. Opened by: hsr keys join",
            "",
            _BEGIN,
            *(row.rstrip() for row in rows),
            _END,
            "",
        ]
    )
