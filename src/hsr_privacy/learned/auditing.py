"""Auditing: a set against the persons that were learned from and those that were held out."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from hsr_privacy.learned.columns import CODES, Column
from hsr_privacy.learned.copying import copied
from hsr_privacy.learned.timing import to_gaps
from hsr_privacy.probing import Attack, Scene, attack_all, filled, halved, one_row_each
from hsr_privacy.project import AttackLimits


def audit(
    original: pl.DataFrame,
    synthetic: pl.DataFrame,
    *,
    columns: Sequence[Column],
    persons: pl.Series,
    control: pl.Series,
    limit: float,
    attacks: int,
    seed: int,
) -> tuple[Attack, ...]:
    """Attack a set in every way that is known here.

    Args:
        original: parsed rows.
        synthetic: parsed rows of the set.
        columns: of both.
        persons: of each original row, who.
        control: whether the row was held out.
        limit: of every risk.
        attacks: that are tried at most.
        seed: of everything that is drawn.
    """
    of_both = comparable([original, synthetic], columns)
    one_each = one_row_each(persons, seed=seed)
    members, held_out = (of_both[0].filter(one_each & side) for side in (~control, control))
    scene = scene_of(
        members,
        held_out,
        of_both[1],
        columns=columns,
        limit=limit,
        attacks=attacks,
        seed=seed,
    )
    return (*attack_all(scene), *copied(scene, columns))


def comparable(tables: Sequence[pl.DataFrame], columns: Sequence[Column]) -> list[pl.DataFrame]:
    """Tables of texts and decimals without a missing cell, all with the same columns.

    A gap in a column of numbers becomes the median of the first table, and a state beside it says
    that there was one.

    Args:
        tables: parsed rows; the first has the medians.
        columns: of all.
    """
    return filled([to_gaps(table, columns) for table in tables], codes=CODES)


def scene_of(
    members: pl.DataFrame,
    control: pl.DataFrame,
    synthetic: pl.DataFrame,
    *,
    columns: Sequence[Column],
    limit: float,
    attacks: int,
    seed: int,
) -> Scene:
    """What an attacker meets who has a set.

    Args:
        members: persons who were learned from, one row each.
        control: persons who were held out, one row each.
        synthetic: the set; all three are comparable.
        columns: of the original.
        limit: of every risk.
        attacks: that are tried at most.
        seed: of everything that is drawn.
    """
    there = tuple(synthetic.columns)
    quasi = tuple(c.name for c in columns if c.is_quasi_identifier and c.name in there)
    return Scene(
        members=members,
        control=control,
        published=synthetic,
        columns=there,
        halves=halved([c.name for c in columns if c.name in there and not c.is_sensitive]),
        secrets=tuple(
            c.name for c in columns if c.is_sensitive and c.is_category and c.name in there
        ),
        known=quasi if len(quasi) > 1 else there,
        otherwise=there,
        limits=AttackLimits(singling_out=limit, linkability=limit, inference=limit),
        attacks=attacks,
        seed=seed,
    )
