"""The bag: BagIt's tag files around a payload, so that any archive's tools can check it.

Source: RFC 8493 (BagIt 1.0), with SHA-512.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from hsr_privacy.errors import DataError, Fault, PackageBroken
from hsr_privacy.keys.custody import write_private
from hsr_privacy.packaging.files import Files, Unreadable, files_of
from hsr_privacy.packaging.statement import (
    DECLARATION,
    INFO,
    MANIFEST,
    PAYLOAD,
    SIGNATURES,
    STATEMENT,
    TAG_MANIFEST,
    NotAStatement,
    fault,
    internal_of,
    is_day,
    read_release,
)

_DECLARED: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LABEL: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_OXUM: Final = "Payload-Oxum"
_DAY: Final = "Bagging-Date"


def write_bag(folder: Path, info: Mapping[str, str]) -> None:
    """Make a bag of a folder that has its payload in ``data/`` and its own files beside it.

    ``sha512sum -c manifest-sha512.txt`` in the folder checks the payload.

    Args:
        folder: not a bag yet.
        info: what `bag-info.txt` says, in this order; ``Bagging-Date`` (``YYYY-MM-DD``) must be
            there. ``Payload-Oxum`` is counted here and comes last.

    Raises:
        PackageBroken: there is no payload, or there are links, odd names or other things.
        DataError: an entry of `info` cannot stand in such a file.
        OutputExists: it is a bag already.
    """
    lines = [_info_line(label, text) for label, text in info.items()]
    if not is_day(info.get(_DAY)):
        raise DataError(f"a bag needs its {_DAY}, written YYYY-MM-DD")
    files = files_of(folder)
    payload = [name for name in files.names if name.startswith(PAYLOAD)]
    if files.faults or not payload:
        raise PackageBroken(
            f"{folder} cannot become a bag" + ("" if payload else ": nothing lies in data/"),
            files.faults,
        )
    measured = {name: _measured(files, name) for name in payload}
    digests = {name: sha512 for name, (sha512, _) in measured.items()}
    oxum = f"{sum(length for _, length in measured.values())}.{len(payload)}"
    for name, content in (
        (DECLARATION, _DECLARED),
        (INFO, "".join([*lines, f"{_OXUM}: {oxum}\n"]).encode()),
        (MANIFEST, manifest(digests)),
    ):
        write_private(folder / name, content, replace=False)


def write_tag_manifest(folder: Path) -> None:
    """Write the digests of all tag files but the signatures, which come later, each whole.

    What `release.json` calls internal is left out, so that the bag is complete without it.

    Raises:
        OutputExists: it is there already.
        PackageBroken: there are links, odd names or other things, or no `release.json` that can be
            read.
    """
    files = files_of(folder)
    if files.faults:
        raise PackageBroken(f"{folder} cannot become a bag", files.faults)
    try:
        internal = internal_of(read_release(files.read(STATEMENT)).predicate)
    except (Unreadable, NotAStatement) as reason:
        found = fault(STATEMENT, f"{reason}; write it before the tag manifest")
        raise PackageBroken(f"{folder} cannot become a bag", [found]) from None
    digests = {
        name: _measured(files, name)[0]
        for name in files.names
        if _is_tag_file(name) and name not in internal
    }
    write_private(folder / TAG_MANIFEST, manifest(digests), replace=False)


def manifest(digests: Mapping[str, str]) -> bytes:
    """Digests and names as `sha512sum` writes them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def bag_faults(
    files: Files, digests: Mapping[str, str], statement: str, internal: AbstractSet[str]
) -> list[Fault]:
    """What a bag says of itself and the statement does not.

    Args:
        files: of the package.
        digests: SHA-512 by name, as the statement has them.
        statement: SHA-512 of the statement itself.
        internal: files that do not travel; the bag knows nothing of them.
    """
    payload = {name: one for name, one in digests.items() if name.startswith(PAYLOAD)}
    tags = {
        name: one for name, one in digests.items() if _is_tag_file(name) and name not in internal
    }
    faults: list[Fault] = []
    for name, expected in (
        (DECLARATION, _DECLARED),
        (MANIFEST, manifest(payload)),
        (TAG_MANIFEST, manifest({**tags, STATEMENT: statement})),
    ):
        try:
            is_right = files.read(name) == expected
        except Unreadable:
            # One that the statement names is told as missing by whoever compares with it.
            is_right = name in digests
        if not is_right:
            faults.append(fault(name, f"it is not what {STATEMENT} gives; ask for it again"))
    return faults


def payload_oxum(files: Files) -> str | None:
    """Bytes and number of the payload's files as `bag-info.txt` says them; None if it does not."""
    try:
        lines = files.read(INFO).decode(errors="replace").splitlines()
    except Unreadable:
        return None
    found = [line.partition(": ")[2] for line in lines if line.startswith(f"{_OXUM}: ")]
    return found[0] if len(found) == 1 else None


def _is_tag_file(name: str) -> bool:
    return name != TAG_MANIFEST and not name.startswith((PAYLOAD, SIGNATURES))


def _measured(files: Files, name: str) -> tuple[str, int]:
    try:
        one = files.measure(name)
    except Unreadable as reason:
        raise PackageBroken(f"{files.where}/{name}: {reason}") from None
    return one.sha512, one.bytes


def _info_line(label: str, text: str) -> str:
    if not _LABEL.fullmatch(label) or label == _OXUM:
        raise DataError(f"{INFO} cannot have an entry of that name; use letters and hyphens")
    if not text.strip() or text != text.strip() or not text.isprintable():
        raise DataError(f"{INFO}: '{label}' must be one line of text")
    return f"{label}: {text}\n"
