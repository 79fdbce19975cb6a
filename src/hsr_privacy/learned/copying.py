"""Copying: rows and rare combinations of persons that stand again in a set.

A row that stands in the set word by word is a copy only if that happens more often to persons whom
the model learned from than to those it never saw; and so with combinations of quasi-identifiers
that hardly anybody has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from hsr_privacy.learned.columns import Column, Kind
from hsr_privacy.probing import Attack, AttackKind, Scene

FEWEST: Final = 5
"""Persons who must share a combination, or it is rare."""


def copied(scene: Scene, columns: Sequence[Column]) -> tuple[Attack, ...]:
    """Count exact copies and copies of rare combinations.

    Args:
        scene: the persons and the set.
        columns: of the original.
    """
    everything = tuple(scene.published.columns)
    quasi = tuple(
        c.name
        for c in columns
        if c.is_quasi_identifier and c.name in everything and c.kind in (Kind.CATEGORY, Kind.NUMBER)
    )
    made = [_copied(scene, AttackKind.COPY, everything, scene.members, scene.control)]
    if quasi:
        originals = pl.concat([scene.members, scene.control])
        common = originals.group_by(quasi).len().filter(pl.col("len") >= FEWEST)
        members, control = (
            table.join(common, on=quasi, how="anti") for table in (scene.members, scene.control)
        )
        made.append(_copied(scene, AttackKind.RARE, quasi, members, control))
    return tuple(made)


def _copied(
    scene: Scene,
    kind: AttackKind,
    columns: tuple[str, ...],
    members: pl.DataFrame,
    control: pl.DataFrame,
) -> Attack:
    """How many persons of each kind have their combination in the set; all persons are asked."""
    there = scene.published.select(columns).unique()
    hits, control_hits = (
        table.join(there, on=columns, how="semi").height for table in (members, control)
    )
    return Attack(
        kind=kind,
        secret="",
        columns=columns,
        tried=members.height,
        hits=hits,
        control_tried=control.height,
        control_hits=control_hits,
        baseline=None,
        limit=scene.limits.singling_out,
    )
