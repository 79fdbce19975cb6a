"""The membership sketch of a release: who is in it, for the register and for nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from hsr_privacy.composition import About, Sketch, levels_above, sketch_of
from hsr_privacy.keys import KeyRing
from hsr_privacy.project import EVENT, PERSON, Form, Project, ReleasedVariable
from hsr_privacy.release.case import Case
from hsr_privacy.release.prepare import OWNER, Prepared


def sketch_of_case(case: Case, ring: KeyRing, day: dt.date) -> Sketch:
    """The membership sketch of an extract whose originals are the register's own.

    Args:
        case: with the originals.
        ring: the register's open key ring.
        day: on which the extract leaves.
    """
    evidence = case.evidence
    assert evidence.aligned is not None, "only the register's own rows have owners"
    return _sketch(
        evidence.released,
        evidence.aligned,
        case.variables,
        evidence.levels,
        project=case.project,
        ring=ring,
        day=day,
    )


def sketch_of_prepared(prepared: Prepared, project: Project, ring: KeyRing, day: dt.date) -> Sketch:
    """The same of what is about to leave."""
    originals = prepared.table.select(EVENT).join(
        prepared.original, on=EVENT, how="left", maintain_order="left"
    )
    return _sketch(
        prepared.table,
        originals,
        prepared.variables,
        prepared.released_levels,
        project=project,
        ring=ring,
        day=day,
    )


def _sketch(
    released: pl.DataFrame,
    originals: pl.DataFrame,
    variables: tuple[ReleasedVariable, ...],
    levels: Mapping[str, int],
    *,
    project: Project,
    ring: KeyRing,
    day: dt.date,
) -> Sketch:
    return sketch_of(
        released,
        originals[OWNER],
        quasi_identifiers=[v.column for v in variables if v.form is Form.PROTECTED],
        sensitive=[v.column for v in variables if v.is_sensitive],
        levels={v.column: v.label(levels.get(v.column, 0)) for v in variables},
        person_column=PERSON,
        about=About(project.case_number, project.recipient.name, day, project.privacy.k),
        ring=ring,
        coarser={
            v.column: levels_above(
                v.hierarchy,
                levels.get(v.column, 0),
                originals[v.column].cast(pl.String).unique(),
            )
            for v in variables
            if v.hierarchy is not None
        },
    )
