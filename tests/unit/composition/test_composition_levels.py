"""Releases on different levels compare on the finest that they share; worked out by hand."""

from __future__ import annotations

import pytest

from hsr_privacy.composition import CoarserLevel, Sketch, compare, levels_above
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import sketched

PLACES = from_rows(
    "q", [("x1", "X", "*"), ("x2", "X", "*"), ("y1", "Y", "*")], ("fine", "coarse", "*")
)
COARSE = levels_above(PLACES, 0, ["x1", "x2", "y1"])
NEW = """
    person | q
    a      | x1
    b      | x1
    c      | x2
    d      | x2
    d      | x1
    e      | y1
    f      | y1
"""
OLD = """
    person | q
    a      | X
    b      | X
    c      | X
    e      | Y
    f      | Y
"""


def both(new: Sketch, ring: KeyRing, old: str = OLD) -> dict[str, int]:
    found = compare(new, [sketched(old, ring, name="P-0", levels={"q": "coarse"})], k=2)
    (subtraction,) = (one for one in found.findings if one.kind == "subtraction")
    return dict(subtraction.numbers)


def test_the_levels_above_are_named_and_the_one_that_tells_nothing_is_not() -> None:
    (level,) = COARSE
    assert (level.name, dict(level.nodes)) == ("coarse", {"x1": "X", "x2": "X", "y1": "Y"})
    assert levels_above(PLACES, 1, ["x1", "x2", "y1"]) == ()
    assert "X" not in repr(level)


def test_a_missing_value_is_one_on_every_level() -> None:
    (level,) = levels_above(PLACES, 0, ["x1", None])
    assert level.nodes[None] is None


def test_a_finer_release_is_counted_on_the_earlier_ones_level(ring: KeyRing) -> None:
    new = sketched(NEW, ring, levels={"q": "fine"}, coarser={"q": COARSE})
    # X: four persons, d once for two rows, less three; Y: two less two.
    assert both(new, ring) == {
        "tables": 1,
        "recognizing_cells": 1,
        "telling_cells": 0,
        "cells of q": 1,
    }


def test_without_the_levels_above_there_is_nothing_to_subtract(ring: KeyRing) -> None:
    assert both(sketched(NEW, ring, levels={"q": "fine"}), ring)["tables"] == 0


def test_a_column_that_changed_its_role_is_not_subtracted(ring: KeyRing) -> None:
    new = sketched(OLD, ring, levels={"q": "coarse"}, sensitive=["q"])
    assert both(new, ring, OLD.replace("f      | Y", ""))["tables"] == 0


def test_two_finer_releases_share_their_own_level(ring: KeyRing) -> None:
    new, old = (
        sketched(text, ring, name=name, levels={"q": "fine"}, coarser={"q": COARSE})
        for name, text in (("P-1", NEW), ("P-0", "\n".join(NEW.splitlines()[:-2])))
    )
    found = compare(new, [old], k=3)
    (told,) = (one for one in found.findings if one.kind == "subtraction")
    # On the fine level, f is the other y1 of two, which both releases show; nobody else is gone.
    assert old.column("q") == new.column("q")
    assert told.numbers["tables"] == 1
    assert told.numbers["recognizing_cells"] == 0


def test_a_suppressed_cell_is_suppressed_on_every_level(ring: KeyRing) -> None:
    new = sketched(NEW.replace("y1", "998"), ring, levels={"q": "fine"}, coarser={"q": COARSE})
    assert both(new, ring, OLD.replace("Y", "998"))["recognizing_cells"] == 1
    assert new.cells["q", "coarse"].persons.tolist() in ([4, 2], [2, 4])


def test_tables_of_two_columns_are_counted_on_the_shared_level(ring: KeyRing) -> None:
    rows = "person | q | s\n" + "\n".join(f"{row} | 1" for row in NEW.strip().splitlines()[1:])
    old = "person | q | s\n" + "\n".join(f"{row} | 1" for row in OLD.strip().splitlines()[1:])
    found = both(sketched(rows, ring, levels={"q": "fine"}, coarser={"q": COARSE}), ring, old)
    # q and q x s: X 4 - 3; s: 6 - 5.
    assert found == {
        "tables": 3,
        "recognizing_cells": 1,
        "telling_cells": 2,
        "cells of q": 1,
        "cells of s": 1,
        "cells of q x s": 1,
    }


def test_values_of_an_earlier_release_rule_out_what_is_none_of_them_on_its_level(
    ring: KeyRing,
) -> None:
    coarser = {"s": [CoarserLevel("coarse", {"1": "low", "2": "low", "3": "high"})]}
    new = sketched(
        "person | q | s\n a | x | 1\n b | x | 3", ring, levels={"s": "fine"}, coarser=coarser
    )
    old = sketched(
        "person | q | s\n a | x | low\n c | x | low\n b | y | low\n d | y | high",
        ring,
        name="P-0",
        levels={"s": "coarse"},
    )
    # x allows 1 and 3: for a, low rules out 3; for b, both are allowed. The earlier release told
    # that a's is low by itself.
    found = compare(new, [old], k=1).same_recipient
    assert (found.one_value, found.one_value_by_composition) == ({"s": 1}, {"s": 0})


def test_a_level_that_is_named_twice_is_refused(ring: KeyRing) -> None:
    with pytest.raises(DataError, match="'q': a level is named twice"):
        sketched(NEW, ring, levels={"q": "coarse"}, coarser={"q": COARSE})
