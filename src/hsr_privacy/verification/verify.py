"""Verify: recompute the privacy models of a written file from the file alone.

This is a second, plain implementation. It shares no code with the engine that anonymizes, so that
a fault of one is not repeated by the other; it imports nothing of this package but its errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from hsr_privacy.errors import DataError, NotAsClaimed
from hsr_privacy.verification.classes import class_numbers, class_sizes
from hsr_privacy.verification.demands import Demands, Judgement, judge
from hsr_privacy.verification.learning import Learned, learn
from hsr_privacy.verification.reading import read
from hsr_privacy.verification.wildcard import wildcard_sizes

Reading = Literal["own-category", "wildcard"]

NO_DEMANDS: Final = Demands()

_MEASURES: Final = {
    "l": "distinct_l",
    "entropy_l": "entropy_l",
    "t": "t_equal",
    "beta": "beta",
    "delta": "delta",
    "alpha": "alpha",
}


@dataclass(frozen=True)
class Verification:
    """What a file satisfies.

    Attributes:
        file: path as it was given.
        quasi_identifiers: the columns whose combinations are the classes.
        reading: how a suppressed cell was read for ``k``.
        rows: rows of the file.
        classes: distinct combinations.
        k: persons of the smallest class; 0 without rows.
        average_class_size: persons per class; 0 without rows.
        max_risk: 1 / persons of the smallest class, every combination on its own.
        average_risk: the same over all persons, which is classes / persons.
        sensitive: per sensitive column.
        judgements: one per demand and, where it is about one, sensitive column.
    """

    file: str
    quasi_identifiers: tuple[str, ...]
    reading: Reading
    rows: int
    classes: int
    k: int
    average_class_size: float
    max_risk: float
    average_risk: float
    sensitive: tuple[Learned, ...]
    judgements: tuple[Judgement, ...]

    def require(self) -> None:
        """Raise NotAsClaimed if a demand does not hold; says which, and never which rows."""
        failed = [judgement for judgement in self.judgements if not judgement.holds]
        if failed:
            summary = (
                f"{self.file} is not as claimed: {len(failed)} of {len(self.judgements)} demand(s) "
                f"do not hold over {self.classes} class(es) with {self.rows} row(s); do not pass "
                "it on as it is"
            )
            raise NotAsClaimed("\n".join([summary, *(f"  {judgement}" for judgement in failed)]))

    def to_json(self) -> dict[str, Any]:
        """The verification as plain numbers, lists and names of columns; None is infinite."""
        plain = asdict(self)
        for one, learned in zip(plain["sensitive"], self.sensitive, strict=True):
            one["delta"] = learned.delta
        for one, judgement in zip(plain["judgements"], self.judgements, strict=True):
            one["holds"] = judgement.holds
        for one in (*plain["sensitive"], *plain["judgements"]):
            one.update({name: None for name, value in one.items() if value == float("inf")})
        return plain


def verify(
    path: Path,
    *,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str] = (),
    person: str | None = None,
    demands: Demands = NO_DEMANDS,
    delimiter: str | None = None,
    reading: Reading = "own-category",
    suppressed: str = "*",
    orders: Mapping[str, Sequence[str]] | None = None,
) -> Verification:
    """Measure the privacy models of a file, and judge what is demanded of them.

    A missing or empty cell is a value of its own, and so is a suppressed one. The definitions of
    the measures stand in `hsr_privacy.verification.learning`.

    Args:
        path: CSV or Parquet.
        quasi_identifiers: the columns by which a person could be recognized.
        sensitive: columns about which something could be learned.
        person: column that tells persons apart; each row is a person if left out, and the rows
            without one are one person together in each class.
        demands: what is claimed.
        delimiter: of a CSV; read from its heading if left out.
        reading: ``wildcard`` counts for ``k`` a suppressed cell as any value.
        suppressed: what stands in a suppressed cell.
        orders: per sensitive column its values from first to last, or none for their natural
            order; ``t`` is demanded of the ordered distance for these, of the equal one for others.

    Raises:
        DataError: the file cannot be read, lacks a column or has no row to judge, or the columns
            contradict each other.
    """
    keys, secrets = tuple(dict.fromkeys(quasi_identifiers)), tuple(dict.fromkeys(sensitive))
    orders = orders or {}
    _check(keys, secrets, person, demands, orders)
    wanted = dict.fromkeys((*keys, *secrets, *([person] if person is not None else [])))
    texts = read(path, list(wanted), delimiter=delimiter)
    height = len(texts[keys[0]])
    if not height and demands.given():
        raise DataError(f"{path} has no rows; nothing can be demanded of it")
    rows = pl.DataFrame([class_numbers([texts[name] for name in keys])])
    if person is not None:
        rows = rows.with_columns(texts[person].alias("person"))
    sizes = class_sizes(rows)
    persons = sizes["persons"]
    counted = persons
    if reading == "wildcard":
        counted = _wildcard([texts[name] for name in keys], rows, sizes, suppressed)
    judgements = [
        judge(name, None, bound, counted if name == "k" else 1 / persons, sizes["rows"])
        for name, bound in demands.given().items()
        if name not in demands.of_sensitive
    ]
    found = []
    for column in secrets:
        learned, each = learn(
            rows["class"],
            texts[column],
            column=column,
            l=demands.l,
            order=orders.get(column, ()),
            suppressed=suppressed,
        )
        found.append(learned)
        judgements += [
            judge(name, column, bound, each[_measure(name, column, orders)], each["rows"])
            for name, bound in demands.of_sensitive.items()
        ]
    return Verification(
        file=str(path),
        quasi_identifiers=keys,
        reading=reading,
        rows=height,
        classes=sizes.height,
        k=0 if not height else int(counted.to_numpy().min()),
        average_class_size=0.0 if not height else float(persons.sum() / sizes.height),
        max_risk=0.0 if not height else 1 / int(persons.to_numpy().min()),
        average_risk=0.0 if not height else float(sizes.height / persons.sum()),
        sensitive=tuple(found),
        judgements=tuple(judgements),
    )


def _check(
    keys: Sequence[str],
    secrets: Sequence[str],
    person: str | None,
    demands: Demands,
    orders: Mapping[str, Sequence[str]],
) -> None:
    if not keys:
        raise DataError("there is no quasi-identifier; name the columns that recognize a person")
    for name in secrets:
        if name in keys:
            raise DataError(f"column '{name}' is named both a quasi-identifier and sensitive")
    if person in (*keys, *secrets):
        raise DataError(
            f"column '{person}' tells persons apart, and is named as something else too"
        )
    if demands.of_sensitive and not secrets:
        asked = ", ".join(demands.of_sensitive)
        raise DataError(f"{asked} is demanded, but no sensitive column is named")
    for name in orders:
        if name not in secrets:
            raise DataError(f"there is an order for '{name}', which is not named sensitive")


def _measure(name: str, column: str, orders: Mapping[str, Sequence[str]]) -> str:
    return "t_ordered" if name == "t" and column in orders else _MEASURES[name]


def _wildcard(
    keys: Sequence[pl.Series], rows: pl.DataFrame, sizes: pl.DataFrame, suppressed: str
) -> pl.Series:
    """Persons that agree with each class, in the order of ``sizes``."""
    numbered = pl.DataFrame([column.alias(f"key {place}") for place, column in enumerate(keys)])
    one_each = numbered.with_columns(rows["class"]).unique("class")
    ordered = sizes.select("class").join(one_each, on="class", maintain_order="left")
    pairs = rows.unique() if "person" in rows.columns else None
    return pl.Series(wildcard_sizes(ordered.drop("class"), sizes, pairs, suppressed))
