"""Candidates: among whom somebody may be who is known to stand in several releases.

**The attacker** knows that one person is in certain releases, knows the person's quasi-identifiers
as each of them shows these, and holds those releases. In each he finds the person's equivalence
class (several, for a person with several rows). The candidates are the persons who are in all these
releases and share all the person's classes in each of them. That somebody is *not* in a release is
not held to be known; so another release never enlarges a candidate set. Pseudonyms are not needed, and
those of two projects cannot be joined. Those of one can; the candidates are the same then.

Not covered: who joins rows by other columns than quasi-identifiers; who knows that somebody is not in
a release; who joins pseudonyms and so sees which candidate has which value.

Source: Ganta, Kasiviswanathan & Smith 2008, doi:10.1145/1401890.1401926 (intersection attack);
Xiao & Tao 2007, doi:10.1145/1247480.1247556 (m-invariance).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.composition.numbering import firsts, numbered
from hsr_privacy.composition.sketch import Int64s, Sketch

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class ClassSets:
    """The distinct sets of classes that persons of one release have.

    Attributes:
        of_person: int64, per person, the number of its set; a set of one class has its number.
        classes: how many classes there are.
        contents: columns ``set`` and ``cls``, all sets, sorted by ``set``.
    """

    of_person: Int64s
    classes: int
    contents: pl.DataFrame

    @classmethod
    def of(cls, sketch: Sketch) -> ClassSets:
        """Those of a release."""
        sizes = np.diff(sketch.starts)
        numbers = np.full(sketch.persons, -1, np.int64)
        single = sizes == 1
        numbers[single] = sketch.classes[sketch.starts[:-1][single]]
        count = sketch.class_count
        contents = pl.DataFrame({"set": np.arange(count), "cls": np.arange(count)})
        several = np.flatnonzero(sizes > 1)
        if several.size:
            person = np.repeat(several, sizes[several])
            held = sketch.classes[np.repeat(sizes > 1, sizes)]
            lists = (
                pl.DataFrame({"person": person, "cls": held})
                .group_by("person", maintain_order=True)
                .agg("cls")
            )
            texts = lists["cls"].cast(pl.List(pl.String)).list.join(",")
            found = numbered(pl.DataFrame({"text": texts}))
            numbers[several] = count + found
            distinct = lists["cls"].gather(firsts(found))
            more = pl.DataFrame({"set": count + np.arange(distinct.len()), "cls": distinct})
            contents = pl.concat([contents, more.explode("cls")])
        return cls(numbers, count, contents)

    def of_others(self, places: Int64s) -> ClassSets:
        """The same sets, of the persons at these places."""
        return ClassSets(self.of_person[places], self.classes, self.contents)


def candidate_counts(releases: Sequence[ClassSets]) -> Int64s:
    """Per person, how many have all its classes in all releases, the person included.

    Args:
        releases: sets of the same persons, in the same order, in each release.
    """
    members = pl.DataFrame({str(r): one.of_person for r, one in enumerate(releases)})
    number = numbered(members)
    weight = np.bincount(number).astype(np.int64) if number.size else np.zeros(0, np.int64)
    distinct = members[firsts(number)].to_numpy()
    limits = np.array([one.classes for one in releases])
    several = (distinct >= limits).any(axis=1)
    counts = weight.copy()
    if several.any():
        held = np.flatnonzero(several)
        _add_to_single(counts, weight, distinct, held, releases)
        counts[held] = _several(distinct[held], weight[held], releases)
    return counts[number]


def _add_to_single(
    counts: Int64s,
    weight: Int64s,
    distinct: Int64s,
    held: Int64s,
    releases: Sequence[ClassSets],
) -> None:
    """Add those who have further classes to the candidates of those who have one in each release.

    Every choice of one class per release is followed as far as somebody has it.
    """
    mask = np.ones(len(distinct), np.bool_)
    mask[held] = False
    single = np.flatnonzero(mask)
    prefix = np.zeros(single.size, np.int64)
    rows = pl.DataFrame({"member": held, "prefix": np.zeros(held.size, np.int64)})
    for r, release in enumerate(releases):
        step = pl.DataFrame({"prefix": prefix, "cls": distinct[single, r]})
        prefix = numbered(step)
        steps = step.with_columns(next=pl.Series(prefix)).unique()
        sets = pl.DataFrame({"member": held, "set": distinct[held, r]})
        rows = (
            rows.join(sets, on="member")
            .join(release.contents, on="set")
            .join(steps, on=["prefix", "cls"])
            .select("member", prefix="next")
        )
    np.add.at(counts, single[rows["prefix"].to_numpy()], weight[rows["member"].to_numpy()])


def _several(distinct: Int64s, weight: Int64s, releases: Sequence[ClassSets]) -> Int64s:
    """Candidates of those who have several classes somewhere: only others such have them all."""
    parts = [
        pl.DataFrame({"member": np.arange(len(distinct)), "set": distinct[:, r]})
        .join(release.contents, on="set")
        .select("member", "cls", release=pl.lit(r))
        for r, release in enumerate(releases)
    ]
    items = (
        pl.concat(parts)
        .with_columns(size=pl.len().over("release", "cls"))
        .sort("member", "size")
        .with_columns(rank=pl.int_range(pl.len()).over("member"))
    )
    others = items.select("release", "cls", other="member")
    left = items.filter(pl.col("rank") == 0).join(others, on=["release", "cls"])
    left = left.select("member", "other")
    most = int(np.bincount(items["member"].to_numpy()).max())
    for rank in range(1, most):
        asked = items.filter(pl.col("rank") == rank).select("member", "release", "cls")
        kept = left.join(asked, on="member").join(others, on=["release", "cls", "other"])
        done = left.join(asked, on="member", how="anti")
        left = pl.concat([done, kept.select("member", "other")])
    sizes = np.zeros(len(distinct), np.int64)
    np.add.at(sizes, left["member"].to_numpy(), weight[left["other"].to_numpy()])
    return sizes
