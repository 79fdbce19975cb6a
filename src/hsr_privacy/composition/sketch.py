"""A sketch: who was in a release, in which classes, and how many have its cells, under a key."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.composition.membership import tag_of
from hsr_privacy.keys import KeyRing

Int64s: TypeAlias = NDArray[np.int64]
Uint64s: TypeAlias = NDArray[np.uint64]
Bytes: TypeAlias = NDArray[np.uint8]
Role: TypeAlias = Literal["quasi-identifier", "sensitive"]

View: TypeAlias = tuple[str, str]
"""A column on one of its levels, by their names."""


@dataclass(frozen=True)
class About:
    """Which release a sketch is of.

    Attributes:
        case_number: of the project.
        recipient: who got it; two releases with one recipient are held by the same hands.
        day: it left.
        k: that it was made with; None where nobody said.
        manifest_sha256: of its manifest, in hexadecimal; empty as long as none is written.
    """

    case_number: str
    recipient: str
    day: dt.date
    k: int | None = None
    manifest_sha256: str = ""

    def same_recipient(self, other: About) -> bool:
        """Whether both went to the same hands, whatever the case and blanks of the name."""
        return _plain(self.recipient) == _plain(other.recipient)


@dataclass(frozen=True)
class SketchedColumn:
    """A column of a release.

    Attributes:
        name: of it.
        role: what it tells.
        levels: names of the level on which it left ("" is values as such), and of those above it.
    """

    name: str
    role: Role
    levels: tuple[str, ...]

    @property
    def level(self) -> str:
        """The level on which it left."""
        return self.levels[0]

    @property
    def views(self) -> tuple[View, ...]:
        """The column on each of its levels."""
        return tuple((self.name, level) for level in self.levels)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one column on one level, under keyed digests.

    Attributes:
        digests: uint8, shape (cells, 16), sorted, each once.
        persons: int64, per cell, the persons who have it.
        of_own: int64, per cell of the level on which the column left, the place of what it becomes.
    """

    digests: Bytes = field(repr=False)
    persons: Int64s = field(repr=False)
    of_own: Int64s = field(repr=False)


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of cells that occur in two columns.

    Attributes:
        first: int64, per pair, the place of its cell among those of the first column.
        second: int64, the same for the second column.
        persons: int64, per pair, the persons who have it.
    """

    first: Int64s = field(repr=False)
    second: Int64s = field(repr=False)
    persons: Int64s = field(repr=False)


@dataclass(frozen=True, eq=False)
class Sketch:
    """What is kept of a release to compare later ones with it; it shows counts, nothing else.

    Attributes:
        about: which release.
        domain: sketches compare within one domain only: the register's, or that of one project.
        columns: that left, with role and level.
        rows: that left.
        tags: uint64, shape (persons, 2), keyed tags of 128 bits in ascending order, so that the
            order tells nothing.
        starts: int64, shape (persons + 1,), where each person's classes start.
        classes: int64, the equivalence classes of the persons, one person behind the other; classes
            are numbered from 0 in the order of the digests of their cells.
        leaves: per quasi-identifier, int64, per class its cell.
        values: per sensitive column, int64, shape (pairs, 2): a class, and a cell that occurs in it.
        cells: per column and level.
        pairs: per quasi-identifier and sensitive column, each on each of its levels.
    """

    about: About
    domain: str
    columns: tuple[SketchedColumn, ...]
    rows: int
    tags: Uint64s = field(repr=False)
    starts: Int64s = field(repr=False)
    classes: Int64s = field(repr=False)
    leaves: Mapping[str, Int64s] = field(repr=False)
    values: Mapping[str, Int64s] = field(repr=False)
    cells: Mapping[View, Cells] = field(repr=False)
    pairs: Mapping[tuple[View, View], Pairs] = field(repr=False)

    @property
    def persons(self) -> int:
        """How many persons are in the release."""
        return len(self.tags)

    @property
    def class_count(self) -> int:
        """How many equivalence classes the release has."""
        return int(self.classes.max()) + 1 if self.classes.size else 0

    def column(self, name: str) -> SketchedColumn | None:
        """The column of this name, if it left."""
        return next((one for one in self.columns if one.name == name), None)

    def under(self, manifest_sha256: str) -> Sketch:
        """The same sketch, of the release with this manifest, once that is written."""
        return replace(self, about=replace(self.about, manifest_sha256=manifest_sha256))

    def holds(self, person_key: bytes, ring: KeyRing) -> bool:
        """Whether a person is in the release, for the data subject who asks.

        Args:
            person_key: 16 bytes.
            ring: of the register that made the sketch.
        """
        return holds_tag(self.tags, tag_of(person_key, ring))


def holds_tag(tags: Uint64s, tag: bytes) -> bool:
    """Whether a tag of 16 bytes is among sorted ones."""
    first, second = np.frombuffer(tag, ">u8").astype(np.uint64)
    start, end = (np.searchsorted(tags[:, 0], first, side) for side in ("left", "right"))
    return any(
        hmac.compare_digest(int(one).to_bytes(8), int(second).to_bytes(8))
        for one in tags[start:end, 1]
    )


def common_level(sketches: Sequence[Sketch], name: str) -> str | None:
    """The finest level that a column has, in one role, in all of some releases; None if none."""
    first, *others = (one.column(name) for one in sketches)
    if first is None or any(one is None or one.role != first.role for one in others):
        return None
    shared = (level for level in first.levels if all(one and level in one.levels for one in others))
    return next(shared, None)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
