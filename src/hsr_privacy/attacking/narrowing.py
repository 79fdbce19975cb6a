"""Narrowing: what a coarse class cannot be, because a finer one stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking.scale import Scale
from hsr_privacy.frequencies.counting import unique

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """Where one column of a release stands; arrays are per class or per released base class.

    Attributes:
        scale: of the column.
        public: rows of each atom in public.
        nodes: int64, per class, the set that its cells say.
        group: int64, per released base class, its class.
        atoms: int64, per released base class, the true atom.
        rows: int64, per released base class.
    """

    scale: Scale
    public: Floats
    nodes: Int64s
    group: Int64s
    atoms: Int64s
    rows: Int64s

    @property
    def coarse(self) -> Bools:
        """Per released base class, whether its cells say more than one atom."""
        wide: Bools = self.scale.sizes[self.nodes] > 1
        return wide[self.group]

    def public_guess(self) -> Floats:
        """Per released base class, the chance that the atom most frequent in public is the true one."""
        scores = np.broadcast_to(self.public, self.scale.nodes.shape)
        chance, _ = self.scale.guess(np.ascontiguousarray(scores))
        level = (self.nodes // self.scale.stride)[self.group]
        guessed: Floats = chance[level, self.atoms]
        return guessed


@dataclass(frozen=True, eq=False)
class Narrowed:
    """What a class cannot be.

    Attributes:
        excluded: int64, per class, the atoms that are excluded.
        bits: per class, what their exclusion tells, by the public shares.
        wrong: per released base class, whether its true atom is among them.
        chance: per released base class, that the true atom is guessed among those left; -1 where
            none was excluded.
    """

    excluded: Int64s
    bits: Floats
    wrong: Bools
    chance: Floats


def narrowed(standing: Standing, others: Int64s) -> Narrowed:
    """Exclude from every class the atoms of finer classes that are alike in all other columns.

    Args:
        standing: of the column.
        others: int64, shape (classes, other columns): what the cells of the other columns say.
    """
    scale, classes = standing.scale, len(standing.nodes)
    coarser, finer = _siblings(standing, _numbered(others))
    which, atoms = scale.members(standing.nodes[finer])
    pairs = np.unique(coarser[which] * scale.atoms + atoms)
    excluded = np.bincount(pairs // scale.atoms, minlength=classes).astype(np.int64)

    fewer = np.flatnonzero(excluded > 0)
    which, atoms = scale.members(standing.nodes[fewer])
    left = ~_among(fewer[which] * scale.atoms + atoms, pairs)
    public = standing.public[atoms]
    before = np.bincount(which, weights=public, minlength=len(fewer))
    after = np.bincount(which, weights=public * left, minlength=len(fewer))
    bits = np.zeros(classes)
    known = after > 0
    bits[fewer[known]] = np.log2(before[known] / after[known])

    most = np.full(classes, -np.inf)
    np.maximum.at(most, fewer[which[left]], public[left])
    best = left & (public == most[fewer[which]])
    equals = np.bincount(fewer[which], weights=best, minlength=classes)
    at = standing.group
    wrong = _among(at * scale.atoms + standing.atoms, pairs)
    hit = ~wrong & (standing.public[standing.atoms] == most[at])
    chance = np.where(excluded[at] > 0, hit / np.maximum(equals[at], 1), -1.0)
    return Narrowed(excluded, bits, wrong, chance)


def _siblings(standing: Standing, other: Int64s) -> tuple[Int64s, Int64s]:
    """Pairs of classes, alike in the other columns, of which one is coarser here."""
    scale = standing.scale
    level = standing.nodes // scale.stride
    atom = np.zeros(len(level), np.int64)
    atom[standing.group] = standing.atoms  # any of a class: its node says the rest
    width = scale.levels * scale.stride
    coarser, finer = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for upper in range(1, scale.levels):
        above = np.flatnonzero(level == upper)
        below = np.flatnonzero(level < upper)
        if not len(above) or not len(below):
            continue
        keys = other[above] * width + standing.nodes[above]
        order = np.argsort(keys)
        wanted = other[below] * width + scale.nodes[upper, atom[below]]
        place = np.searchsorted(keys[order], wanted)
        match = order[np.minimum(place, len(order) - 1)]
        same = keys[match] == wanted
        coarser.append(above[match[same]])
        finer.append(below[same])
    return np.concatenate(coarser), np.concatenate(finer)


def _numbered(patterns: Int64s) -> Int64s:
    """Equal rows by one number."""
    if not patterns.shape[1]:
        return np.zeros(len(patterns), np.int64)
    return unique(patterns)[1]


def _among(keys: Int64s, listed: Int64s) -> Bools:
    """Whether each key stands in an ascending list."""
    if not len(listed):
        return np.zeros(len(keys), bool)
    place = np.minimum(np.searchsorted(listed, keys), len(listed) - 1)
    found: Bools = listed[place] == keys
    return found
