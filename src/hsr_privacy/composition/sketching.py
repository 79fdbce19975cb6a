"""Sketching: from the rows of a release to what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import polars as pl

from hsr_privacy.composition.coarsening import CoarserLevel
from hsr_privacy.composition.coding import Coded, classes_of, coded, numbered_classes, tagged
from hsr_privacy.composition.counting import Counting, distinct_pairs
from hsr_privacy.composition.membership import PERSON_KEY_BYTES, MembershipKeys
from hsr_privacy.composition.numbering import firsts
from hsr_privacy.composition.sketch import About, Cells, Role, Sketch, SketchedColumn, View
from hsr_privacy.errors import DataError
from hsr_privacy.keys import KeyRing


def sketch_of(
    released: pl.DataFrame,
    persons: pl.Series,
    *,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str],
    levels: Mapping[str, str],
    person_column: str | None,
    about: About,
    ring: KeyRing,
    coarser: Mapping[str, Sequence[CoarserLevel]] | None = None,
) -> Sketch:
    """Sketch a release by the register's person keys: it compares with those of all projects.

    Args:
        released: the rows that leave.
        persons: binary, the person key (16 bytes) of each row.
        quasi_identifiers: columns.
        sensitive: columns.
        levels: names of the levels on which columns leave; a column without one leaves as it is.
        person_column: the release's own pseudonyms, if it has them; they must tell the same rows
            apart as the person keys do.
        about: which release.
        ring: of the register.
        coarser: per column the levels above, the finest first (`levels_above`); without them it
            compares with releases on the very same level only.

    Raises:
        DataError: a column or a level of one is missing or named twice, or ``persons`` does not fit
            the rows.
    """
    if persons.dtype != pl.Binary or persons.len() != released.height:
        raise DataError("persons: give one binary person key per released row, in its order")
    if persons.null_count() or not bool((persons.bin.size() == PERSON_KEY_BYTES).all()):
        raise DataError("persons: every released row needs a person key of 16 bytes")
    keys = MembershipKeys.of_register(ring)
    if person_column is not None:
        _same_persons(released, persons, person_column)
    columns = _columns(released, quasi_identifiers, sensitive, levels, coarser or {})
    return _sketched(released, persons, columns, coarser or {}, about=about, keys=keys)


def sketch_of_pseudonyms(
    released: pl.DataFrame,
    *,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str],
    levels: Mapping[str, str],
    person_column: str,
    about: About,
    pseudonym_key: str,
    ring: KeyRing | None,
) -> Sketch:
    """Sketch a release by its own pseudonyms: it compares with releases of the same project only.

    Args:
        released: the rows that leave.
        quasi_identifiers: columns.
        sensitive: columns.
        levels: see `sketch_of`.
        person_column: the pseudonyms.
        about: which release.
        pseudonym_key: check value of the key that made the pseudonyms, as the manifest has it.
        ring: of the register; without it the sketch is not to be kept.

    Raises:
        DataError: a column is missing or named twice, or a row has no pseudonym.
    """
    _known(released, [person_column])
    persons = released[person_column].cast(pl.String)
    if persons.null_count():
        raise DataError(f"column '{person_column}': {persons.null_count()} row(s) without a person")
    keys = MembershipKeys.of_project(about.case_number, pseudonym_key, ring)
    columns = _columns(released, quasi_identifiers, sensitive, levels, {})
    return _sketched(released, persons.cast(pl.Binary), columns, {}, about=about, keys=keys)


def _columns(
    released: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str],
    levels: Mapping[str, str],
    coarser: Mapping[str, Sequence[CoarserLevel]],
) -> tuple[SketchedColumn, ...]:
    _known(released, [*quasi_identifiers, *sensitive])
    roles: tuple[tuple[Role, Sequence[str]], ...] = (
        ("quasi-identifier", quasi_identifiers),
        ("sensitive", sensitive),
    )
    columns = []
    for role, names in roles:
        for name in names:
            held = (levels.get(name, ""), *(one.name for one in coarser.get(name, ())))
            if len(set(held)) < len(held):
                raise DataError(f"column '{name}': a level is named twice; give each its own name")
            columns.append(SketchedColumn(name, role, held))
    return tuple(columns)


def _sketched(
    released: pl.DataFrame,
    persons: pl.Series,
    columns: tuple[SketchedColumn, ...],
    coarser: Mapping[str, Sequence[CoarserLevel]],
    *,
    about: About,
    keys: MembershipKeys,
) -> Sketch:
    tags, person = tagged(persons, keys)
    order = np.argsort(person, kind="stable")
    person = person[order]
    found: dict[View, Coded] = {}
    for one in columns:
        views = coded(released[one.name].gather(order), one, coarser.get(one.name, ()), keys)
        found |= dict(zip(one.views, views, strict=True))
    known, secret = (
        [one for one in columns if one.role == role] for role in ("quasi-identifier", "sensitive")
    )
    leaves = pl.DataFrame({one.name: found[one.views[0]].codes for one in known})
    classes = numbered_classes(leaves) if known else np.zeros(person.size, np.int64)
    starts, own = classes_of(person, classes, len(tags))
    count = Counting(person)
    return Sketch(
        about=about,
        domain=keys.domain,
        columns=columns,
        rows=released.height,
        tags=tags,
        starts=starts,
        classes=own,
        leaves={name: leaves[name].to_numpy()[firsts(classes)] for name in leaves.columns},
        values={one.name: distinct_pairs(classes, found[one.views[0]].codes) for one in secret},
        cells={
            view: Cells(each.digests, count.cells(each.codes, len(each.digests)), each.of_own)
            for view, each in found.items()
        },
        pairs={
            (one, two): count.pairs(found[one].codes, found[two].codes, len(found[two].digests))
            for first, second in product(known, secret)
            for one, two in product(first.views, second.views)
        },
    )


def _known(released: pl.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if name not in released.columns:
            raise DataError(f"column '{name}' is not among those that leave; leave it out")
        if names.count(name) > 1:
            raise DataError(f"column '{name}' is named twice; a column has one role")


def _same_persons(released: pl.DataFrame, persons: pl.Series, column: str) -> None:
    _known(released, [column])
    both = pl.DataFrame({"key": persons, "pseudonym": released[column]}).unique()
    if not both.height == both["key"].n_unique() == both["pseudonym"].n_unique():
        raise DataError(
            f"persons: the keys tell other rows apart than column '{column}' does; "
            "give them in the order of the rows"
        )
