"""Remembering: the membership sketch of what was prepared, until it is released or forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from hsr_privacy.composition import About, Sketch, compare, digests_kept, keep, kept, kept_one
from hsr_privacy.composition.keeping import SUFFIX
from hsr_privacy.errors import DataError
from hsr_privacy.keys import KeyRing
from hsr_privacy.project import Project
from hsr_privacy.registry import sketches_folder
from hsr_privacy.release.differences import Differencing
from hsr_privacy.release.differencing import (
    differencing_of,
    is_follow_up,
    lost_among,
    same_hands,
)

PREPARED: Final = "prepared"
"""Folder beside the sketches of what was released, for what was prepared only."""


def sketch_is_prepared(sketch: Sketch, ring: KeyRing, store: Path | None = None) -> None:
    """Keep the sketch of what was prepared, apart from those of what was released."""
    keep(sketch, sketches_folder(ring, store) / PREPARED, ring)


def sketch_is_released(manifest_sha256: str, ring: KeyRing, store: Path | None = None) -> None:
    """Let later releases be compared with one that was prepared, as it leaves now.

    Raises:
        DataError: there is no membership sketch of it.
    """
    sketches = sketches_folder(ring, store)
    if manifest_sha256 not in digests_kept(sketches):
        keep(prepared_sketch(manifest_sha256, ring, store), sketches, ring)
    (sketches / PREPARED / f"{manifest_sha256}{SUFFIX}").unlink(missing_ok=True)


def prepared_sketch(manifest_sha256: str, ring: KeyRing, store: Path | None = None) -> Sketch:
    """The membership sketch of what was prepared.

    Raises:
        DataError: there is none, so nobody could be told later that they are in it.
        IdentityStoreError: it is not as it was written.
    """
    folder = sketches_folder(ring, store) / PREPARED
    found = kept_one(folder, manifest_sha256, ring)
    if found is None:
        raise DataError(
            f"{folder} has no membership sketch of this package: later releases could not be compared "
            "with it; name the --store with which it was prepared, or prepare it anew"
        )
    return found


def differencing_now(
    manifest_sha256: str,
    project: Project,
    ring: KeyRing,
    store: Path | None = None,
    *,
    deleted: Collection[str] = (),
    left: Sequence[About] = (),
) -> Differencing:
    """What the releases that left until now add to one that was prepared.

    Args:
        manifest_sha256: of its manifest.
        project: that it is for.
        ring, store: of the register.
        deleted, left: see `release_extract`.

    Raises:
        DataError: there is no membership sketch of it.
    """
    sketch = prepared_sketch(manifest_sha256, ring, store)
    earlier = same_hands(kept(sketches_folder(ring, store), ring), sketch.about)
    composed = compare(sketch, earlier, k=project.privacy.k)
    return differencing_of(
        composed,
        project,
        deleted=deleted,
        follow_up=is_follow_up(sketch, earlier),
        lost=lost_among(left, earlier),
    )
