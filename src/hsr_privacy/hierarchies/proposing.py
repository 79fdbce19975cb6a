"""Propose a definition of each kind for the values of a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from pydantic import TypeAdapter

from hsr_privacy.hierarchies import recognizing
from hsr_privacy.hierarchies.banding import propose_bands
from hsr_privacy.hierarchies.definition import Bands, Definition
from hsr_privacy.hierarchies.hierarchy import band_of
from hsr_privacy.hierarchies.recognizing import Kind

OTHER: Final = "other"
"""Text of the group of rare values."""

_WIDEST: Final = 100_000
"""A longer domain of whole numbers is not laid out leaf by leaf: its numbers are grouped instead."""

_LARGEST: Final = 1e12

_RARE: Final = ((1, 0.0), (5, 0.01), (25, 0.05))
"""Per level of groups, what is rare: fewer than so many times k rows, or than this share of all."""

ADAPTER: Final[TypeAdapter[Any]] = TypeAdapter(Definition)


def head(column: str) -> dict[str, Any]:
    """What stands at the head of every definition."""
    return {
        "name": column,
        "label": {"nb": column, "en": column},
        "source": "suggested by hsr hierarchy from the data",
        "verified": False,
    }


def thinned(levels: list[Any], wanted: int | None) -> list[Any]:
    """At most so many levels, spread over all."""
    if wanted is None or wanted >= len(levels):
        return levels
    return [levels[(2 * n + 1) * len(levels) // (2 * wanted)] for n in range(wanted)]


def _bands(counts: Mapping[str, int], k: int, _levels: int | None) -> dict[str, Any] | None:
    numbers = {text: rows for text, rows in counts.items() if recognizing.is_number(text)}
    if not numbers or not all(map(_is_moderate, numbers)):
        return None
    strays = sorted(set(counts) - set(numbers))
    made = propose_bands(numbers, k=k)
    if made["max"] - made["min"] > _WIDEST:
        return None
    return {"kind": "bands", "unit": "", "missing": strays, **made}


def _grouped_bands(counts: Mapping[str, int], k: int, _levels: int | None) -> dict[str, Any] | None:
    """Numbers too far apart for a domain of their own, as groups with the texts of bands."""
    made = _bands_over(counts, k)
    if made is None:
        return None
    written = []
    for level in made.levels[1:]:
        groups: dict[str, list[str]] = {}
        for text in recognizing.by_number(counts) or ():
            groups.setdefault(band_of(made, level, float(text)), []).append(text)
        written.append({"name": level.name, "groups": groups})
    return {"kind": "groups", "values": recognizing.by_number(counts), "levels": written}


def _bands_over(counts: Mapping[str, int], k: int) -> Bands | None:
    if not all(recognizing.is_number(text) and _is_moderate(text) for text in counts):
        return None
    fields = {"kind": "bands", "unit": "", **head("numbers"), **propose_bands(counts, k=k)}
    made = ADAPTER.validate_python(fields)
    assert isinstance(made, Bands)
    return made


def _is_moderate(text: str) -> bool:
    """Whether a number is held to the last whole one."""
    return abs(float(text)) < _LARGEST


def _dates(_counts: Mapping[str, int], _k: int, _levels: int | None) -> dict[str, Any]:
    names = ["day", "month", "quarter", "year", "2 years", "4 years"]
    return {"kind": "dates", "levels": names}


def _prefixes(counts: Mapping[str, int], _k: int, _levels: int | None) -> dict[str, Any]:
    if all(map(recognizing.is_clock, counts)):
        lengths = {10: "day", 7: "month", 4: "year"}
    else:
        longest = max(map(len, counts))
        lengths = {
            n: f"first {n}"
            for n in range(longest - 1, 0, -1)
            if not any(value[n - 1 : n] in {".", "-", "/", " "} for value in counts)
        } or {1: "first 1"}
        if all(map(recognizing.is_chapter_code, counts)):
            lengths.pop(2, None)  # half of a category's number says nothing
    return {"kind": "prefixes", "levels": [{"name": t, "length": n} for n, t in lengths.items()]}


def _order(counts: Mapping[str, int], _k: int, levels: int | None) -> dict[str, Any]:
    values = recognizing.by_number(counts) or recognizing.in_order(counts) or sorted(counts)
    if recognizing.is_whole_week(values):
        merges: list[dict[str, Any]] = [{"name": "part of the week", "fanouts": [5, 2]}]
        return {"kind": "order", "values": values, "levels": merges}
    fanouts = [3, 2] if recognizing.is_whole_year(values) else _fanouts(len(values))
    together = [int(np.prod(fanouts[: n + 1])) for n in range(len(fanouts))]
    kept = thinned(together, levels)
    steps = [b // a for a, b in zip([1, *kept], kept, strict=False)]
    return {
        "kind": "order",
        "values": values,
        "levels": [
            {"name": f"{size} together", "fanout": step}
            for size, step in zip(kept, steps, strict=True)
        ],
    }


def _fanouts(nodes: int) -> list[int]:
    """How many neighbours merge from level to level, until two nodes are left."""
    fanouts: list[int] = []
    while nodes > 2:
        fanouts.append(10 if nodes > 200 else 5 if nodes > 24 else 2)
        nodes = -(-nodes // fanouts[-1])
    return fanouts


def _groups(counts: Mapping[str, int], k: int, levels: int | None) -> dict[str, Any]:
    """Rare values merge into one group; each further level calls more of them rare."""
    by_rows = sorted(counts, key=lambda value: (counts[value], value))
    label, known = OTHER, {value.strip().casefold() for value in counts}
    while label in known:
        label += " values"
    written: list[dict[str, Any]] = []
    merged = 0
    rows = sum(counts.values())
    for times, share in _RARE[: levels or len(_RARE)]:
        fewest = max(times * k, int(share * rows))
        rare = sum(counts[value] < fewest for value in by_rows)
        while rare and (rare < 2 or sum(counts[v] for v in by_rows[:rare]) < k):
            rare += 1
            if rare > len(by_rows):
                break
        if rare >= len(by_rows):
            break
        if rare > merged:
            merged = rare
            groups = {value: [value] for value in sorted(by_rows[rare:])}
            groups[label] = sorted(by_rows[:rare])
            written.append({"name": f"at least {fewest} rows", "groups": groups})
    last = [value for level in reversed(written) for value in level["groups"][label]]
    values = list(dict.fromkeys([*sorted(set(counts) - set(last)), *reversed(last)]))
    return {"kind": "groups", "values": values, "levels": written}


Propose = Callable[[Mapping[str, int], int, int | None], dict[str, Any] | None]

PROPOSALS: Final[dict[Kind, tuple[Propose, ...]]] = {
    "bands": (_bands, _grouped_bands, _order),
    "dates": (_dates,),
    "prefixes": (_prefixes,),
    "order": (_order,),
    "groups": (_groups,),
}
