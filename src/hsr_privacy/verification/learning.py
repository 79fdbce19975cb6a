"""Learning: what the classes of a table give away of one sensitive column.

Of a value, q is its share of a class's rows and p its share of all rows. Shares are of rows, as in
the papers, also where a column tells persons apart. Each measure is that of the worst class.

======================  ==============================================================  ===========
measure                 definition                                                      source
======================  ==============================================================  ===========
distinct l              fewest different values                                         [1]
entropy l               exp of the least entropy, natural logarithm                     [1]
recursive (c, l)        counts r1 >= r2 >= ...: largest r1 / (r_l + r_l+1 + ...); the    [1]
                        model asks that c is above it
t, equal distance       largest half of the sum of |q - p|                              [2]
t, ordered distance     largest sum of |differences of the shares up to a value|,       [2]
                        divided by the number of values less one
alpha                   largest q                                                       [3]
beta, basic             largest (q - p) / p where q > p                                 [4]
beta, enhanced          per value its largest (q - p) / p, but no more than -ln p       [4]
delta                   largest |ln(q / p)|; infinite where a class lacks a value       [5]
======================  ==============================================================  ===========

pyCANON 1.3 measures the same things; it differs in these places.

- Recursive (c, l): it sorts the counts from the rarest, so that its r1 is the smallest one; [1]
  takes the most frequent first, and so do we. It gives the next whole number above, and nothing
  for l = 1; we give the bound itself, and for l = 1 the largest share.
- Entropy l: it rounds down to a whole number; we do not.
- Beta, enhanced: it takes the smaller of the largest gain of all values and the largest -ln p of
  all values; [4] binds every value by its own -ln p, and so do we, so ours may be smaller. As
  [4] fails outright where a value gains more than its -ln p, we say too whether one does.
- Delta: it looks at values that occur in the class only; we give that number too.
- t: it takes the ordered distance for columns of numbers and the equal one for text; we give both.
- Several sensitive columns: it gives the worst of them; we give each.
- A missing cell: it leaves out rows that lack a quasi-identifier; to us it is a value.

Source: [1] Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302. [2] Li, Li &
Venkatasubramanian 2007, doi:10.1109/ICDE.2007.367856. [3] Wong et al. 2006,
doi:10.1145/1150402.1150499. [4] Cao & Karras 2012, doi:10.14778/2350229.2350255. [5] Brickell &
Shmatikov 2008, doi:10.1145/1401890.1401904.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.errors import DataError

ROUNDING: Final = 1e-9
"""Two measures that differ by this share of themselves are the same."""

_N, _P, _Q = pl.col("n"), pl.col("p"), pl.col("q")


@dataclass(frozen=True)
class Learned:
    """What the worst class gives away of one sensitive column; all zero for an empty table.

    Attributes:
        column: its name.
        distinct_l: fewest different values of a class.
        entropy_l: smallest exp(entropy) of a class.
        l: the l of ``c``.
        c: recursive (c, l)-diversity holds for every c above this; infinite where a class has
            fewer than l values.
        t_equal: largest distance of a class from the table, every two values equally far apart.
        t_ordered: the same, values as far apart as their places in the order.
        alpha: largest share of one value in a class.
        beta: largest relative gain of a value, from its share of the table to that of a class.
        beta_enhanced: the same, each value's gain cut at -ln of its share of the table.
        gains_bounded: whether no value's gain is above that bound; if not, no beta is enough.
        delta_occurring: largest |ln(q / p)| over the values that occur in a class.
        lacking_classes: classes that lack a value which the table has.
        homogeneous_classes: classes with one value only.
    """

    column: str
    distinct_l: int
    entropy_l: float
    l: int  # noqa: E741 - the model's own name
    c: float = 0.0
    t_equal: float = 0.0
    t_ordered: float = 0.0
    alpha: float = 0.0
    beta: float = 0.0
    beta_enhanced: float = 0.0
    gains_bounded: bool = True
    delta_occurring: float = 0.0
    lacking_classes: int = 0
    homogeneous_classes: int = 0

    @property
    def delta(self) -> float:
        """Delta as it is defined: infinite where a class lacks a value."""
        return math.inf if self.lacking_classes else self.delta_occurring


def learn(
    classes: pl.Series,
    values: pl.Series,
    *,
    column: str,
    l: int | None = None,  # noqa: E741
    order: Sequence[str] = (),
    suppressed: str = "*",
) -> tuple[Learned, pl.DataFrame]:
    """Measure what the classes give away of a sensitive column.

    Args:
        classes: number of every row's class.
        values: the sensitive column as text.
        column: its name.
        l: of recursive (c, l)-diversity; the table's distinct l if left out.
        order: its values from first to last; if left out, missing and suppressed ones stand first,
            the others as numbers where they all are, else as text.
        suppressed: what stands in a suppressed cell.

    Returns:
        The measures of the worst class, and those of each: columns ``class``, ``rows``,
        ``distinct_l``, ``entropy_l``, ``c``, ``t_equal``, ``t_ordered``, ``alpha``, ``beta`` and
        ``delta``, the last infinite where a value lacks.

    Raises:
        DataError: the order leaves out a value.
    """
    rows = pl.DataFrame({"class": classes, "value": values})
    if rows.is_empty():
        return Learned(column, 0, 0.0, l or 0), pl.DataFrame()
    table = rows.group_by("value").agg((pl.len() / rows.height).alias("p"))
    places = _places(table["value"].to_list(), column, order, suppressed)
    table = table.with_columns(pl.col("value").replace_strict(places, return_dtype=pl.Int64))
    rows = rows.with_columns(pl.col("value").replace_strict(places, return_dtype=pl.Int64))
    pairs = (
        rows.group_by("class", "value")
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .join(table, on="value")
        .with_columns((_N / _N.sum().over("class")).alias("q"))
        .sort("class", "value")
    )
    each = pairs.group_by("class", maintain_order=True).agg(
        _N.sum().alias("rows"),
        pl.len().cast(pl.Int64).alias("distinct_l"),
        (-(_Q * _Q.log()).sum()).exp().alias("entropy_l"),
        ((_Q - _P).abs().sum() + 1 - _P.sum()).truediv(2).alias("t_equal"),
        _Q.max().alias("alpha"),
        ((_Q - _P) / _P).max().clip(0).alias("beta"),
        (_Q / _P).log().abs().max().alias("delta_occurring"),
    )
    l = l or int(each["distinct_l"].to_numpy().min())  # noqa: E741
    lacks = pl.col("distinct_l") < table.height
    each = each.with_columns(
        _recursive(pairs, l),
        _ordered_distance(pairs, table.sort("value")["p"]),
        pl.when(lacks).then(math.inf).otherwise("delta_occurring").alias("delta"),
    )
    bounds = pairs.group_by("value").agg(
        ((_Q - _P) / _P).max().alias("gain"), (-_P.first().log()).alias("bound")
    )
    gain, bound = bounds["gain"].to_numpy(), bounds["bound"].to_numpy()
    least = each.select(pl.col("distinct_l", "entropy_l").min()).row(0, named=True)
    most = each.select(
        pl.col("c", "t_equal", "t_ordered", "alpha", "beta", "delta_occurring").max()
    ).row(0, named=True)
    learned = Learned(
        column,
        l=l,
        **least,
        **most,
        beta_enhanced=float(np.minimum(gain, bound).max()),
        gains_bounded=bool((gain <= bound + ROUNDING).all()),
        lacking_classes=int(each.select(lacks.sum()).item()),
        homogeneous_classes=int((each["distinct_l"] == 1).sum()),
    )
    return learned, each


def _places(
    values: Sequence[str], column: str, order: Sequence[str], suppressed: str
) -> dict[str, int]:
    """The place of each value that occurs, from 0."""
    if order:
        left_out = len(set(values) - set(order))
        if left_out:
            raise DataError(
                f"the order of column '{column}' leaves out {left_out} of its {len(values)} values"
            )
        ranked = [value for value in dict.fromkeys(order) if value in set(values)]
    else:
        first = [value for value in ("", suppressed) if value in values]
        others = sorted(set(values) - set(first))
        if all(_is_number(value) for value in others):
            others.sort(key=float)
        ranked = list(dict.fromkeys(first)) + others
    return {value: place for place, value in enumerate(ranked)}


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _recursive(pairs: pl.DataFrame, l: int) -> pl.Series:  # noqa: E741
    """Per class r1 / (r_l + r_l+1 + ...); infinite where there is no r_l."""
    falling = pairs.sort("class", "n", descending=[False, True])
    bound = _N.first() / _N.slice(l - 1).sum()
    return falling.group_by("class", maintain_order=True).agg(bound.alias("c"))["c"]


def _ordered_distance(pairs: pl.DataFrame, shares: pl.Series) -> pl.Series:
    """Per class the sum over all values of |Q - P|, divided by the number of values less one.

    Q and P are the class's and the table's shares up to a value. From one value of a class to the
    next, Q stays as it is while P only grows. So each such stretch, from place a to before b, falls
    in two at the place x where P passes Q: before it Q - P is summed, from there P - Q.

    Args:
        pairs: sorted by ``class`` and ``value``, the values being places from 0.
        shares: p of each place.
    """
    if len(shares) == 1:
        return pl.Series("t_ordered", [0.0] * pairs["class"].n_unique())
    up_to = shares.cum_sum().to_numpy()
    sum_before = np.concatenate([[0.0], up_to.cumsum()])
    stretches = pairs.with_columns(
        _Q.cum_sum().over("class").alias("Q"),
        pl.when(pl.col("class") == pl.col("class").shift(-1))
        .then(pl.col("value").shift(-1))
        .otherwise(len(shares))
        .alias("b"),
    )
    q = stretches["Q"].to_numpy()
    a, b = stretches["value"].to_numpy(), stretches["b"].to_numpy()
    x = np.clip(np.searchsorted(up_to, q), a, b)
    before = q * (x - a) - (sum_before[x] - sum_before[a])
    after = (sum_before[b] - sum_before[x]) - q * (b - x)
    summed = (
        stretches.select("class", "value", pl.Series("area", before + after))
        .group_by("class", maintain_order=True)
        .agg(pl.col("area").sum(), pl.col("value").first().alias("first"))
    )
    head = sum_before[summed["first"].to_numpy()]  # before its first value, Q is 0
    distance = (summed["area"].to_numpy() + head) / (len(shares) - 1)
    return pl.Series("t_ordered", distance)
