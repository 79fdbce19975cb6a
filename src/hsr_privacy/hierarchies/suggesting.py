"""Suggest a hierarchy for a column, from the values that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import recognizing
from hsr_privacy.hierarchies.definition import BandLevel, Bands, Definition, Groups, Order, Prefixes
from hsr_privacy.hierarchies.hierarchy import Hierarchy
from hsr_privacy.hierarchies.proposing import ADAPTER, PROPOSALS, head, thinned
from hsr_privacy.hierarchies.reading import build
from hsr_privacy.hierarchies.recognizing import Kind

_NEARLY_ALL: Final = 0.9
_ENOUGH_ROWS: Final = 20
_FEW: Final = 12


@dataclass(frozen=True)
class Suggestion:
    """A hierarchy for a column, and what its reader must know of it.

    Attributes:
        definition: as people write it.
        hierarchy: what the definition makes; covers every value that it was drawn from.
        named: values that the definition names, each drawn from the data.
        rare: how many of these stand in fewer than k rows.
        notes: what to look at, as sentences; no value of the data in them.
    """

    definition: Definition
    hierarchy: Hierarchy = field(repr=False)
    named: int
    rare: int
    notes: tuple[str, ...]


def suggest(
    column: str,
    counts: Mapping[str, int],
    *,
    k: int,
    kind: Kind | None = None,
    levels: int | None = None,
) -> Suggestion:
    """Suggest a hierarchy that covers every value of a column, nests and ends in ``*``.

    Args:
        column: its name becomes that of the hierarchy.
        counts: rows of each value as text, missing ones left out: they need no place.
        k: values in fewer rows are rare: they are merged first, and a thin end of numbers is coded
            together.
        kind: of hierarchy; what suits the values best if left out.
        levels: at most so many between the value and ``*``; as many as are useful if left out.
    Raises:
        DataError: no values, a name that a definition cannot have, or values that are not of this
            kind, by their number.
    """
    if not counts:
        raise DataError(f"column '{column}' holds no value; there is nothing to draw levels from")
    if column != column.strip():
        raise DataError("the column's name begins or ends with a blank; rename it")
    sought = kind or recognizing.kind_of(counts)
    _refuse_strangers(column, counts, sought)
    orders: tuple[Kind, ...] = (sought,) if kind or sought == "groups" else (sought, "groups")
    for one in orders:
        for make in PROPOSALS[one]:
            found = _built(column, counts, make(counts, k, levels), levels)
            if found is not None:
                return _told(counts, found, k=k, chosen=kind is not None)
    raise DataError(
        f"column '{column}': its values make no hierarchy of kind '{sought}'; use groups"
    )


def _refuse_strangers(column: str, counts: Mapping[str, int], kind: Kind) -> None:
    """Say how many values are not of the kind that was asked for."""
    strange = [value for value in counts if kind in _FITS and not _FITS[kind](value)]
    few = kind == "bands" and len(strange) <= recognizing.MAX_STRAYS
    if strange and not (few and len(strange) < len(counts)):
        rows = sum(counts[value] for value in strange)
        raise DataError(
            f"column '{column}': {len(strange)} distinct value(s) in {rows} row(s) are no "
            f"{_NAMES[kind]}; correct them, or ask for another kind"
        )


def _built(
    column: str, counts: Mapping[str, int], fields: dict[str, Any] | None, levels: int | None
) -> tuple[Definition, Hierarchy] | None:
    """The definition without its idle levels, and its hierarchy, if it holds every value."""
    if fields is None:
        return None
    try:
        definition = ADAPTER.validate_python(head(column) | fields)
        if not isinstance(definition, Order):
            useful = thinned(_useful(definition, counts), levels)
            if isinstance(definition, Prefixes):
                useful = useful or list(definition.levels[-1:])
            elif not isinstance(definition, Groups):
                useful = [definition.levels[0], *useful]  # the number or the day itself
            definition = definition.model_copy(update={"levels": tuple(useful)})
            definition = ADAPTER.validate_python(definition.model_dump())
        hierarchy = build(definition, Path())
        hierarchy.table(counts)
    except (DataError, ValidationError):
        return None  # what they say may quote a value
    return definition, hierarchy


def _useful(definition: Any, counts: Mapping[str, int]) -> list[Any]:
    """The levels that merge something of the data, and not everything."""
    table = build(definition, Path()).table(counts)
    leaves = [table.leaf_index[value] for value in counts]
    nodes = [len(np.unique(level[leaves])) for level in table.nodes]
    itself = [one for one in definition.levels if isinstance(one, BandLevel) and one.is_identity]
    own = [level for level in definition.levels if level not in itself and level != "day"]
    kept, below = [], nodes[0]
    for level, here in zip(own, nodes[1:], strict=False):
        if 1 < here < below:
            kept.append(level)
            below = here
    return kept


def _told(
    counts: Mapping[str, int],
    found: tuple[Definition, Hierarchy],
    *,
    k: int,
    chosen: bool,
) -> Suggestion:
    definition, hierarchy = found
    written: tuple[str, ...] = ()
    if isinstance(definition, Bands):
        written = definition.missing
    elif not isinstance(definition, Prefixes) and definition.kind in {"groups", "order"}:
        written = tuple(row[0] for row in hierarchy.domain)
    rare = sum(counts[value] < k for value in written)
    return Suggestion(
        definition, hierarchy, len(written), rare, _notes(counts, definition, chosen=chosen)
    )


def _notes(counts: Mapping[str, int], definition: Definition, *, chosen: bool) -> tuple[str, ...]:
    notes: list[str] = []
    rows = sum(counts.values())
    if (
        definition.kind not in {"bands", "dates"}
        and rows >= _ENOUGH_ROWS
        and len(counts) > _NEARLY_ALL * rows
    ):
        notes.append(
            "Nearly every row has a value of its own. What tells persons apart by itself is no "
            "quasi-identifier: leave the column out, or pseudonymize it."
        )
    if isinstance(definition, Bands) and not chosen:
        lengths = {len(text) for text in counts}
        alike = len(lengths) == 1 and min(lengths) >= 3 and all(map(str.isdigit, counts))
        if len(counts) <= _FEW or alike:
            notes.append(
                "The values are taken as amounts. If they are codes: --kind groups or prefixes."
            )
    if isinstance(definition, Bands) and definition.missing:
        notes.append(
            f"{len(definition.missing)} value(s) that are no numbers stand under 'missing' and stay "
            "apart until *."
        )
    if definition.kind == "groups" and all(_day_first(value) for value in counts):
        notes.append("The values look like dates. Written as 2021-03-01 they get levels of dates.")
    if definition.kind == "order" and any("," in value for value in counts):
        notes.append("Numbers with a comma get no bands. Written with a point they do.")
    return tuple(notes)


def _day_first(text: str) -> bool:
    parts = text.replace("/", ".").split(".")
    return len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)


_FITS: Final[dict[Kind, Callable[[str], bool]]] = {
    "bands": recognizing.is_number,
    "dates": recognizing.is_day,
    "prefixes": bool,
}

_NAMES: Final[dict[Kind, str]] = {
    "bands": "numbers",
    "dates": "dates such as 2021-03-01",
    "prefixes": "codes",
    "order": "values with an order",
    "groups": "categories",
}
