"""Keeping sketches: one sealed file per release, which opens with the register's key ring only.

A file is a first line with version, check value of the key and digest of the release's manifest; a
nonce of 12 bytes; and the sketch: arrays and JSON, compressed by zlib and sealed by AES-256-GCM. The
first line is authenticated with it, so that no sketch can pass for that of another release.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hsr_privacy.composition.membership import MembershipKeys, sealing_key
from hsr_privacy.composition.sketch import (
    About,
    Cells,
    Int64s,
    Pairs,
    Role,
    Sketch,
    SketchedColumn,
    View,
)
from hsr_privacy.errors import DataError, IdentityStoreError, OutputFailed
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.custody import sync_folder
from hsr_privacy.tables import write_whole

SUFFIX: Final = ".sketch"
_KIND: Final = b"hsr-sketch/"
_MARKER: Final = _KIND + b"1"
_NONCE_BYTES: Final = 12
_QUICK: Final = 1  # most of a sketch is tags, in which there is nothing to press out
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def keep(sketch: Sketch, folder: Path, ring: KeyRing) -> Path:
    """Write a sketch beside those of earlier releases; one of the same release is replaced.

    Args:
        sketch: made with ``ring``, of a release whose manifest is written (`Sketch.under`).
        folder: of the sketches; it and those above it are made if they are not there, for their
            owner alone.
        ring: of the register.

    Returns:
        The file, readable by its owner alone.

    Raises:
        DataError: the sketch names no manifest, or was made without a key or with another.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    digest = sketch.about.manifest_sha256
    if not _DIGEST.fullmatch(digest):
        raise DataError("a sketch is kept under its manifest's SHA-256; give it by Sketch.under")
    if sketch.domain != MembershipKeys.of_register(ring).domain:
        raise DataError(
            "the sketch was not made of person keys with this key ring; "
            "make it with sketch_of and the register's ring"
        )
    key, shown = sealing_key(ring)
    marker = b" ".join((_MARKER, shown.encode(), digest.encode())) + b"\n"
    nonce = os.urandom(_NONCE_BYTES)
    body = zlib.compress(_as_bytes(sketch), _QUICK)
    sealed = marker + nonce + AESGCM(key.unsafe_bytes()).encrypt(nonce, body, marker)
    path = folder / f"{digest}{SUFFIX}"
    _make(folder)
    write_whole(path, lambda part: part.write_bytes(sealed))
    try:
        sync_folder(folder)
    except OSError as error:
        raise OutputFailed(f"{path} could not be written: {error.strerror}") from None
    return path


def kept(folder: Path, ring: KeyRing) -> tuple[Sketch, ...]:
    """Read the sketches of earlier releases, the oldest first; none where there is no folder.

    Raises:
        IdentityStoreError: one is sealed with another key ring, or is not as it was written.
        DataError: one is of a version that this software does not read.
    """
    sketches = [_read(path, ring) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    return tuple(sorted(sketches, key=lambda one: (one.about.day, one.about.manifest_sha256)))


def kept_one(folder: Path, digest: str, ring: KeyRing) -> Sketch | None:
    """Read the sketch of one release alone; None where none was kept.

    Args:
        folder: of the sketches.
        digest: SHA-256 of the release's manifest, in hexadecimal.
        ring: of the register.

    Raises:
        IdentityStoreError, DataError: as `kept`.
    """
    path = folder / f"{digest}{SUFFIX}"
    if not _DIGEST.fullmatch(digest) or not path.exists():
        return None
    return _read(path, ring)


def digests_kept(folder: Path) -> frozenset[str]:
    """Of which manifests a sketch was kept, by the names of the files; none of them is opened."""
    return frozenset(
        path.stem for path in folder.glob(f"*{SUFFIX}") if _DIGEST.fullmatch(path.stem)
    )


def _make(folder: Path) -> None:
    """Make a folder and those above it: `Path.mkdir` lets everybody look into the latter."""
    try:
        for one in reversed((folder, *folder.parents)):
            if not one.exists():
                one.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{folder} could not be made: {error.strerror}") from None


def _read(path: Path, ring: KeyRing) -> Sketch:
    try:
        marker, end, rest = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise IdentityStoreError(f"{path}: cannot be read: {error.strerror}") from None
    version, shown, digest, *_ = (*marker.split(b" "), b"", b"")
    if not version.startswith(_KIND):
        raise IdentityStoreError(f"{path} is no sketch; restore it from a copy, or move it away")
    if version != _MARKER:
        raise DataError(f"{path} is a sketch of another version; read it with newer software")
    key, own = sealing_key(ring)
    if shown != own.encode():
        raise IdentityStoreError(f"{path} was not sealed with this key ring; name the one it was")
    if path.name.encode() != digest + SUFFIX.encode():
        raise IdentityStoreError(f"{path} holds the sketch of another release; restore its name")
    try:
        opened = AESGCM(key.unsafe_bytes()).decrypt(
            rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], marker + end
        )
    except (InvalidTag, ValueError):
        raise IdentityStoreError(
            f"{path} is not as it was written, or cut short; restore it from a copy"
        ) from None
    return _of_bytes(zlib.decompress(opened))


def _as_bytes(sketch: Sketch) -> bytes:
    names = [one.name for one in sketch.columns]
    views = [view for one in sketch.columns for view in one.views]
    arrays: dict[str, Any] = {
        "tags": sketch.tags,
        "sizes": _small(np.diff(sketch.starts)),
        "classes": _small(sketch.classes),
    }
    for name, leaves in sketch.leaves.items():
        arrays[f"leaves {names.index(name)}"] = _small(leaves)
    for name, pairs in sketch.values.items():
        arrays[f"values {names.index(name)}"] = _small(pairs)
    for place, view in enumerate(views):
        cells = sketch.cells[view]
        arrays[f"digests {place}"] = cells.digests
        arrays[f"persons {place}"] = _small(cells.persons)
        arrays[f"own {place}"] = _small(cells.of_own)
    for (one, two), pair in sketch.pairs.items():
        both = f"pairs {views.index(one)} {views.index(two)}"
        arrays[both] = _small(np.stack([pair.first, pair.second, pair.persons]))
    about = sketch.about
    words = {
        "case_number": about.case_number,
        "recipient": about.recipient,
        "day": about.day.isoformat(),
        "k": about.k,
        "manifest_sha256": about.manifest_sha256,
        "domain": sketch.domain,
        "columns": [[one.name, one.role, one.levels] for one in sketch.columns],
        "rows": sketch.rows,
    }
    arrays["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _of_bytes(opened: bytes) -> Sketch:
    """Whoever could seal it wrote it by `_as_bytes`, so it is believed."""
    with np.load(io.BytesIO(opened), allow_pickle=False) as file:
        arrays = dict(file)
    words = json.loads(arrays["words"].tobytes())
    columns = tuple(
        SketchedColumn(name, role, tuple(levels)) for name, role, levels in words["columns"]
    )
    views = [view for one in columns for view in one.views]
    pairs: dict[tuple[View, View], Pairs] = {}
    for name, array in arrays.items():
        kind, *places = name.split()
        if kind == "pairs":
            one, two = (views[int(place)] for place in places)
            pairs[one, two] = Pairs(*array.astype(np.int64))
    return Sketch(
        about=About(
            case_number=words["case_number"],
            recipient=words["recipient"],
            day=dt.date.fromisoformat(words["day"]),
            k=words["k"],
            manifest_sha256=words["manifest_sha256"],
        ),
        domain=words["domain"],
        columns=columns,
        rows=words["rows"],
        tags=arrays["tags"],
        starts=np.concatenate([[0], np.cumsum(arrays["sizes"], dtype=np.int64)]),
        classes=arrays["classes"].astype(np.int64),
        leaves=_by_name(arrays, "leaves", columns, "quasi-identifier"),
        values=_by_name(arrays, "values", columns, "sensitive"),
        cells={
            view: Cells(
                arrays[f"digests {place}"],
                arrays[f"persons {place}"].astype(np.int64),
                arrays[f"own {place}"].astype(np.int64),
            )
            for place, view in enumerate(views)
        },
        pairs=pairs,
    )


def _by_name(
    arrays: Mapping[str, Any], kind: str, columns: Sequence[SketchedColumn], role: Role
) -> dict[str, Int64s]:
    return {
        one.name: arrays[f"{kind} {place}"].astype(np.int64)
        for place, one in enumerate(columns)
        if one.role == role
    }


def _small(numbers: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, Any]:
    """The same numbers, none of which is negative, in as few bytes as they need."""
    return numbers.astype(np.min_scalar_type(int(numbers.max())) if numbers.size else np.uint8)
