"""Copying: rows and rare combinations of persons that stand again in a set.

A row that stands in the set word by word is a copy only if that happens more often to persons whom
the model learned from than to those it never saw; and so with combinations of quasi-identifiers
that hardly anybody has.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from hsr_privacy.learned.attack import Attack, AttackKind
from hsr_privacy.learned.attacking import Scene
from hsr_privacy.learned.columns import Kind

FEWEST: Final = 5
"""Persons who must share a combination, or it is rare."""


def copied(scene: Scene) -> tuple[Attack, ...]:
    """Count exact copies and copies of rare combinations.

    Args:
        scene: the persons and the set.
    """
    everything = tuple(scene.synthetic.columns)
    quasi = tuple(
        c.name
        for c in scene.columns
        if c.is_quasi_identifier and c.name in everything and c.kind in (Kind.CATEGORY, Kind.NUMBER)
    )
    made = [_copied(scene, AttackKind.COPY, everything, scene.learned, scene.control)]
    if quasi:
        originals = pl.concat([scene.learned, scene.control])
        common = originals.group_by(quasi).len().filter(pl.col("len") >= FEWEST)
        learned, control = (
            table.join(common, on=quasi, how="anti") for table in (scene.learned, scene.control)
        )
        made.append(_copied(scene, AttackKind.RARE, quasi, learned, control))
    return tuple(made)


def _copied(
    scene: Scene,
    kind: AttackKind,
    columns: tuple[str, ...],
    learned: pl.DataFrame,
    control: pl.DataFrame,
) -> Attack:
    """How many persons of each kind have their combination in the set; all persons are asked."""
    there = scene.synthetic.select(columns).unique()
    hits, control_hits = (
        table.join(there, on=columns, how="semi").height for table in (learned, control)
    )
    return Attack(
        kind=kind,
        secret="",
        columns=columns,
        tried=learned.height,
        hits=hits,
        control_tried=control.height,
        control_hits=control_hits,
        baseline=None,
        limit=scene.limit,
    )
