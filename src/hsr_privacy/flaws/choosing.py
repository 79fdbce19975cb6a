"""Choose: which records get which kind of flaw, so that none gets two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hsr_privacy.flaws.draft import Variant
from hsr_privacy.flaws.sheet import Bools, Int64s


def choose_records(
    possible: Mapping[str, Bools],
    *,
    weights: Mapping[str, float],
    share: float,
    size: int,
    rng: np.random.Generator,
) -> dict[str, Int64s]:
    """Draw records for each kind; what a kind cannot take goes to the others.

    Args:
        possible: per kind, the records in which it can be planted.
        weights: per kind, how often it is compared with the others.
        share: of the records that get a flaw, 0-1.
        size: number of records.
        rng: where chance comes from.

    Returns:
        Per kind its records, ascending; together ``share`` of them as far as kinds can be planted.
    """
    free = np.ones(size, bool)
    left = round(share * size)
    chosen: dict[str, list[Int64s]] = {}
    while left > 0:
        room = {name: int((mask & free).sum()) for name, mask in possible.items()}
        names = [name for name in possible if room[name]]
        if not names:
            break
        wanted = _shared_out(left, [weights[name] for name in names], rng)
        # Kinds that can be planted in few records choose first.
        for name, number in sorted(zip(names, wanted, strict=True), key=lambda one: room[one[0]]):
            candidates = np.flatnonzero(possible[name] & free)
            rows = rng.choice(candidates, min(number, len(candidates)), replace=False)
            free[rows] = False
            left -= len(rows)
            chosen.setdefault(name, []).append(rows)
    return {name: np.sort(np.concatenate(parts)) for name, parts in chosen.items()}


def choose_variants(
    variants: Sequence[Variant], rows: Int64s, rng: np.random.Generator
) -> Iterator[tuple[Variant, Int64s]]:
    """Give each record one of the ways that are possible in it, all alike."""
    possible = np.stack([variant.where[rows] for variant in variants])
    liking = np.where(possible, rng.random(possible.shape), -1.0)
    which = liking.argmax(axis=0)
    for place, variant in enumerate(variants):
        mine = rows[which == place]
        if len(mine):
            yield variant, mine


def _shared_out(total: int, weights: Sequence[float], rng: np.random.Generator) -> list[int]:
    """Whole numbers in proportion to weights that add up to a total; chance rounds them."""
    order = rng.permutation(len(weights))
    ordered = np.asarray(weights)[order]
    bounds = np.floor(np.cumsum(ordered) / ordered.sum() * total + rng.random())
    bounds[-1] = total
    parts = np.empty(len(weights), np.int64)
    parts[order] = np.diff(np.minimum(bounds, total), prepend=0)
    return [int(part) for part in parts]
