"""Plain: what the kernels do, in NumPy, for lattices too small to wait for a compiler.

Each function takes the arguments of the kernel of its name, and gives the same result to the last
bit.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def histogram(packed: Int64s, rows: Int64s, chosen: Bools, columns: Int64s, counts: Int64s) -> None:
    """Count the rows of chosen classes per column and leaf."""
    packed, rows = packed[chosen], rows[chosen]
    for word, shift, bits, start in columns.tolist():
        codes = (packed[:, word] >> shift) & ((1 << bits) - 1)
        found = np.bincount(codes, weights=rows)
        counts[start : start + len(found)] += found.astype(np.int64)


def raise_bounds(  # noqa: PLR0917 - the arguments of a kernel
    bounds: Floats,
    strides: Int64s,
    lows: Int64s,
    highs: Int64s,
    terms: Floats,
    starts: Int64s,
) -> None:
    """Raise the bound of every node in a box of the lattice to a sum with one term per column."""
    total: Floats = np.zeros(())
    shape: list[int] = []
    steps: list[int] = []
    for start, low, high, stride in np.stack([starts, lows, highs, strides], axis=1).tolist():
        if low < high:
            total = total[..., None]
            shape.append(high - low + 1)
            steps.append(stride * bounds.itemsize)
        term = terms[start + low : start + high + 1]
        total = total + (term if low < high else term[0])
    box = as_strided(bounds[int(lows @ strides) :], shape, steps)
    np.maximum(box, total, out=box)


def climb(  # noqa: PLR0917 - the arguments of a kernel
    bounds: Floats, strides: Int64s, shape: Int64s, node: int, ceiling: float, fraction: float
) -> int:
    """The node at a fraction of the greedy path upwards through nodes that are still open."""
    path = [node]
    while True:
        above = path[-1] + strides[path[-1] // strides % shape < shape - 1]
        if not above.size:
            break
        best = int(above[bounds[above].argmin()])
        if bounds[best] > ceiling:
            break
        path.append(best)
    return path[min(int(len(path) * fraction), len(path) - 1)]
