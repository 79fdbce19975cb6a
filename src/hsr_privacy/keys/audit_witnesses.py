"""Witnesses: files that left the house, or stayed apart from the log, and name a line of it.

A manifest, a receipt, a statement in a signed envelope: wherever an object ``audit`` holds a
``number`` and a ``digest``, and perhaps the log's public ``key``, it names a line. A file that is not written byte by byte as this
toolkit writes is no witness, for somebody has changed it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rfc8785

from hsr_privacy.errors import AuditBroken, DataError
from hsr_privacy.keys.audit_reading import Reading
from hsr_privacy.keys.sealing import to_bytes

_IN_FOLDERS: Final = ("manifest.json", "data/manifest.json", "receipt.json", "*.receipt.json")
_NAMES: Final = frozenset({"number", "digest", "key"})
_DIGEST_LENGTH: Final = 128
_STYLES: Final[tuple[dict[str, Any], ...]] = (
    {"indent": 2},
    {"indent": 1},
    {},
    {"separators": (",", ":")},
)


@dataclass(frozen=True)
class Witness:
    """A line of an audit log, as a file names it.

    Attributes:
        file: that names it.
        number: of the line; 0 for the beginning of a log without lines.
        digest: SHA-512 of the line, in hexadecimal.
        key: public key of the log at that time; empty where the file does not say.
    """

    file: Path
    number: int
    digest: str
    key: str = ""


def read_witnesses(path: Path) -> tuple[Witness, ...]:
    """The lines that a file names, or those that the files of a released folder name.

    Raises:
        DataError: the file cannot be read, names no line, or is not as it was written.
    """
    if path.is_dir():
        files = sorted({file for pattern in _IN_FOLDERS for file in path.glob(pattern)})
        found = tuple(one for file in files for one in _of_file(file))
    else:
        found = _of_file(path)
    if not found:
        raise DataError(
            f"{path} names no line of an audit log; give a release's folder, its manifest.json or "
            "its receipt"
        )
    return found


def confirm(reading: Reading, witnesses: tuple[Witness, ...]) -> None:
    """Find every line that was named in a verified log.

    Raises:
        AuditBroken: one is gone or another one, or the log is not under the key that was named;
            says which for each file.
    """
    wrong = [text for one in witnesses for text in _contradictions(reading, one)]
    if wrong:
        raise AuditBroken("\n".join(wrong))


def _contradictions(reading: Reading, witness: Witness) -> Iterator[str]:
    try:
        reading.prove(witness.number, witness.digest)
    except AuditBroken as error:
        yield f"{witness.file} names a line that is not in the log: {error}"
    if witness.key and witness.key not in reading.keys:
        yield f"{witness.file} names a public key under which no line of {reading.path} is signed"


def _of_file(path: Path) -> tuple[Witness, ...]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    try:
        return tuple(_named(_decoded(content), path))
    except (ValueError, RecursionError):
        raise DataError(
            f"{path} is not as this toolkit writes JSON: a byte was changed, or another program "
            "wrote it; take the file that left the house"
        ) from None


def _decoded(content: bytes) -> Any:
    """The JSON of a file that is written in one of our ways.

    Raises:
        ValueError: it is not.
    """
    text = content.decode()
    value = json.loads(text)
    for style in _STYLES:
        for ascii_only in (False, True):
            written = json.dumps(value, ensure_ascii=ascii_only, allow_nan=False, **style)
            if text in {written, written + "\n"}:
                return value
    if content != rfc8785.dumps(value):
        raise ValueError("not written as we write")
    return value


def _named(value: Any, path: Path) -> Iterator[Witness]:
    """Every ``audit`` in a JSON value, in the payloads of envelopes too."""
    if isinstance(value, list):
        for one in value:
            yield from _named(one, path)
    if not isinstance(value, dict):
        return
    for name, one in value.items():
        if name == "audit" and isinstance(one, dict) and {"number", "digest"} <= one.keys():
            yield _witness(one, path)
        elif name == "payload" and "payloadType" in value and isinstance(one, str):
            yield from _named(_decoded(to_bytes(one)), path)
        else:
            yield from _named(one, path)


def _witness(named: dict[str, Any], path: Path) -> Witness:
    number, digest, key = named["number"], named["digest"], named.get("key", "")
    if (
        not named.keys() <= _NAMES  # a name that was changed is no name left out
        or type(number) is not int
        or not isinstance(digest, str)
        or len(digest) != _DIGEST_LENGTH
        or not isinstance(key, str)
    ):
        raise ValueError("not a line of an audit log")
    return Witness(path, number, digest, key)
