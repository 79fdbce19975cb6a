"""Propose bands for a column of numbers: nested round widths, with its thin ends coded together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_MOST_BANDS: Final = 25
"""On the finest level of bands over whole numbers; twice as many over decimals."""

_FEW_BANDS: Final = 4
"""The coarsest level has about so many at most."""

_SMALLEST: Final = 1e-6
"""Narrower bands are lost among the nine decimals that a bound is written with."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def propose_bands(counts: Mapping[str, int], *, k: int) -> dict[str, Any]:
    """Domain and levels of bands, as `Bands` has them.

    The level of the value itself stands first. Where fewer than ``k`` rows lie in the outermost
    bands of a level, the level gets a top or a bottom code that holds at least ``k``.

    Args:
        counts: rows of each number, as text.
        k: fewest rows at an end.
    """
    numbers = np.array([float(text) for text in counts])
    order = np.argsort(numbers, kind="stable")
    numbers, rows = numbers[order], np.array(list(counts.values()), dtype=np.int64)[order]
    low, high = float(numbers[0]), float(numbers[-1])
    whole = bool((numbers == np.floor(numbers)).all())
    widths = _widths(high - low, whole=whole)
    levels: list[dict[str, Any]] = [{"name": "value"}]
    top: float | None = None
    bottom: float | None = None
    for width in widths:
        level: dict[str, Any] = {"name": f"bands of {_text(width)}", "width": width}
        top = _top(numbers, rows, width, k=k, coded=top is not None)
        if width.is_integer():
            bottom = _bottom(numbers, rows, width, k=k, coded=bottom is not None)
        if top is not None and bottom is not None and top < bottom:
            break  # the two ends meet: such a level has nothing between them
        if top is not None:
            level["top"] = top
        if bottom is not None:
            level["bottom"] = int(bottom) - 1
        levels.append(level)
    step = int(widths[0]) if widths and widths[0] >= 1 else 1
    near_zero = bool(widths) and 0 <= low <= widths[-1]
    least = 0 if near_zero else math.floor(low / step) * step
    most = max(math.ceil(high), (math.floor(high / step) + 1) * step - 1)
    return {"min": least, "max": most, "levels": levels}


def _widths(span: float, *, whole: bool) -> list[float]:
    """Round widths, each a multiple of the one before: 1, 5, 10, 20, 100, ... or 0.1, 0.5, 1, ... ."""
    if span <= 0:
        return []
    most = _MOST_BANDS if whole else 2 * _MOST_BANDS
    scale = math.floor(math.log10(span / most))
    lead, power = next(
        (lead, power)
        for power in (scale, scale + 1, scale + 2)
        for lead in (1, 5)
        if span / _round(lead, power) <= most and (power >= 0 or not whole)
    )
    widths = [_round(lead, power)]
    if widths[0] < _SMALLEST:
        return []
    leads = [5, 10, 20, 100, 200, 1_000] if lead == 1 else [10, 20, 100, 200, 1_000]
    widths += [_round(n, power) for n in leads if span / _round(n, power) >= 2]
    while span / widths[-1] > _FEW_BANDS:
        widths.append(round(2 * widths[-1], 9))
    if whole:
        widths = [width for width in widths if width > 1 and span / width >= 1]
        return widths or ([2.0] if span > 2 else [])
    return widths


def _round(lead: int, power: int) -> float:
    return float(lead * 10**power) if power >= 0 else round(lead / 10**-power, 9)


def _top(numbers: Floats, rows: Ints, width: float, *, k: int, coded: bool) -> float | None:
    """From where on everything is one band: the last bound above which ``k`` rows lie.

    None where the last band is full enough as it is, unless the finer level was ``coded`` already.
    """
    place = np.floor(np.round(numbers / width, 9))
    above = np.cumsum(rows[::-1])[::-1]
    enough = place[_starts(place) & (above >= k)]
    if not len(enough) or (enough[-1] == place[-1] and not coded):
        return None
    return round(float(enough[-1]) * width, 9)


def _bottom(numbers: Floats, rows: Ints, width: float, *, k: int, coded: bool) -> float | None:
    """Below which everything is one band: the first bound with ``k`` rows under it."""
    place = np.floor(np.round(numbers / width, 9))
    ends = np.append(_starts(place)[1:], np.True_)
    enough = place[ends & (np.cumsum(rows) >= k)]
    if not len(enough) or (enough[0] == place[0] and not coded):
        return None
    return round(float(enough[0] + 1) * width, 9)


def _starts(place: Floats) -> NDArray[np.bool_]:
    """Where a band begins among numbers in order."""
    return np.append(np.True_, place[1:] != place[:-1])


def _text(width: float) -> str:
    return str(int(width)) if width.is_integer() else f"{width!r}"
