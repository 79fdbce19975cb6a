"""Toy releases, each worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hsr_privacy.composition import Composed, Finding, compare
from hsr_privacy.errors import DataError
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import new_ring, sketched

NEW = """
    person | q | s
    a      | x | 2
    b      | x | 1
    c      | y | 3
    d      | y | 4
"""
OLD = """
    person | r | s
    a      | m | 2
    c      | m | 3
    b      | n | 1
    d      | n | 4
"""


def the(composed: Composed, kind: str) -> Finding:
    found = [one for one in composed.findings if one.kind == kind]
    assert len(found) == 1
    return found[0]


def kinds(composed: Composed) -> list[str]:
    return [one.kind for one in composed.findings]


def test_two_classes_of_two_that_cross_leave_one_candidate(ring: KeyRing) -> None:
    found = compare(sketched(NEW, ring), [sketched(OLD, ring, name="P-0")], k=2)
    together = found.same_recipient
    assert (together.persons, together.minimum, together.quartiles) == (4, 1, (1, 1, 1))
    assert (together.below_k, together.below_k_by_composition) == (4, 4)
    assert the(found, "candidates").broken
    assert found.broken_for_recipient


def test_value_sets_that_cross_leave_one_value(ring: KeyRing) -> None:
    found = compare(sketched(NEW, ring), [sketched(OLD, ring, name="P-0")], k=1)
    assert found.same_recipient.one_value == {"s": 4}
    assert found.same_recipient.one_value_by_composition == {"s": 4}
    assert the(found, "values").broken
    assert not the(found, "candidates").broken


def test_a_value_that_one_release_shows_alone_is_no_fault_of_both(ring: KeyRing) -> None:
    alone = OLD.replace("| 3", "| 2")  # the class m says 2 of everybody
    found = compare(sketched(NEW, ring), [sketched(alone, ring, name="P-0")], k=1)
    # m and x leave 2 for a, as m does; y and m leave nothing for c, whose cell was corrected;
    # x and n leave 1 for b, y and n leave 4 for d, and these two by composition only.
    assert found.same_recipient.one_value == {"s": 3}
    assert found.same_recipient.one_value_by_composition == {"s": 2}


@pytest.mark.parametrize(("together", "ones"), [(1, 70), (2, 0)])
def test_more_values_than_a_word_has_bits_are_told_apart(
    together: int, ones: int, ring: KeyRing
) -> None:
    new = "person | q | s\n" + "\n".join(f"p{at} | x | {at}" for at in range(70))
    old = "person | r | s\n" + "\n".join(
        f"p{at} | {at % (70 // together)} | {at}" for at in range(70)
    )
    found = compare(sketched(new, ring), [sketched(old, ring, name="P-0")], k=1)
    assert found.same_recipient.one_value == {"s": ones}


def test_values_on_other_levels_are_not_intersected(ring: KeyRing) -> None:
    old = sketched(OLD, ring, name="P-0", levels={"s": "coarse"})
    found = compare(sketched(NEW, ring), [old], k=2)
    assert found.same_recipient.one_value == {}
    assert "values" not in kinds(found)


def test_a_person_with_two_classes_is_a_candidate_for_each(ring: KeyRing) -> None:
    new = """
        person | q
        a      | x
        b      | x
        b      | y
        c      | y
    """
    old = """
        person | q
        a      | z
        b      | z
        c      | z
    """
    found = compare(sketched(new, ring), [sketched(old, ring, name="P-0")], k=2)
    # a: with b; c: with b; b: alone, who is alone in the new release already.
    assert (
        found.same_recipient.persons,
        found.same_recipient.minimum,
        found.same_recipient.quartiles,
    ) == (3, 1, (1, 2, 2))
    assert (found.same_recipient.below_k, found.same_recipient.below_k_by_composition) == (1, 0)
    assert not found.broken


def test_what_needs_another_recipient_is_told_as_colluding(ring: KeyRing) -> None:
    old = sketched(OLD, ring, name="P-0", recipient="Another")
    found = compare(sketched(NEW, ring), [old], k=2)
    assert (found.same_recipient.persons, found.same_recipient.minimum) == (0, None)
    assert (found.colluding.persons, found.colluding.minimum) == (4, 1)
    assert (found.broken, found.broken_for_recipient) == (True, False)
    assert all(one.colluding for one in found.findings)


def test_one_recipient_in_other_writing_is_one(ring: KeyRing) -> None:
    old = sketched(OLD, ring, name="P-0", recipient=" u ")
    assert compare(sketched(NEW, ring), [old], k=2).broken_for_recipient


def test_cohorts_that_differ_in_a_few_are_flagged(ring: KeyRing) -> None:
    old = sketched(OLD.replace("d      | n | 4", "e | n | 4\n f | n | 4"), ring, name="P-0")
    found = the(compare(sketched(NEW, ring), [old], k=3), "cohorts")
    assert found.numbers == {"only_new": 1, "only_earlier": 2, "both": 3}
    assert found.broken
    assert not the(compare(sketched(NEW, ring), [old], k=1), "cohorts").broken


def test_cohorts_that_share_nobody_are_not(ring: KeyRing) -> None:
    old = sketched("person | r\n e | m", ring, name="P-0")
    assert not compare(sketched(NEW, ring), [old], k=3).broken


def test_two_earlier_releases_together_may_nearly_be_the_new_one(ring: KeyRing) -> None:
    # Of four persons, the first holds a and b, the second c: d is missing from both together.
    first = sketched("person | r\n a | m\n b | m", ring, name="P-2")
    second = sketched("person | r\n c | m", ring, name="P-3")
    found = the(compare(sketched(NEW, ring), [first, second], k=2), "union")
    assert found.numbers == {"only_new": 1, "only_earlier": 0, "both": 3}
    assert found.broken
    assert len(found.earlier) == 2


def test_a_subset_is_subtracted(ring: KeyRing) -> None:
    new = """
        person | q | s
        a      | x | 1
        b      | x | 1
        c      | y | 1
        d      | y | 2
        e      | y | 2
        f      | z | 2
    """
    old = "\n".join([*new.splitlines()[:2], *new.splitlines()[3:6], *new.splitlines()[7:8]])
    found = the(compare(sketched(new, ring), [sketched(old, ring, name="P-0")], k=2), "subtraction")
    # Left out are a and e. q: x 2-1, and the old release shows 1 itself; y 3-2 is small and new.
    # s: 1 goes 3-2, 2 goes 3-2: both. q x s: x1 2-1 shown; y1 1-1 none; y2 2-1 shown; z2 none.
    assert found.numbers == {
        "tables": 3,
        "recognizing_cells": 1,
        "telling_cells": 2,
        "cells of q": 1,
        "cells of s": 2,
    }
    assert found.broken


def test_tables_on_other_levels_are_not_subtracted(ring: KeyRing) -> None:
    old = "\n".join(NEW.splitlines()[:-2])
    coarse = sketched(old, ring, name="P-0", levels={"q": "coarse"})
    assert the(compare(sketched(NEW, ring), [coarse], k=2), "subtraction").numbers["tables"] == 1


def test_the_order_of_the_columns_does_not_matter(ring: KeyRing) -> None:
    new = "person | q | r | s\n a | x | m | 1\n b | x | m | 1\n c | x | m | 1"
    old = "person | r | q | s\n a | m | x | 1\n b | m | x | 1"
    found = the(compare(sketched(new, ring), [sketched(old, ring, name="P-0")], k=2), "subtraction")
    assert found.numbers["tables"] == 6
    assert found.numbers["cells of q x r"] == 1


def test_a_release_is_not_compared_with_itself(ring: KeyRing) -> None:
    new = sketched(NEW, ring)
    found = compare(new, [new, sketched(NEW, ring)], k=5)
    assert (found.compared, found.broken, found.findings) == (0, False, ())


def test_a_sketch_of_another_register_is_not_compared_and_that_is_said(
    ring: KeyRing, tmp_path: Path
) -> None:
    other = sketched(OLD, new_ring(tmp_path / "ring"), name="P-0")
    found = compare(sketched(NEW, ring), [other], k=2)
    assert (found.compared, found.not_compared, kinds(found)) == (0, 1, ["not compared"])


def test_an_empty_release_compares(ring: KeyRing) -> None:
    empty = sketched("person | q | s", ring)
    found = compare(empty, [sketched(OLD, ring, name="P-0")], k=2)
    assert (found.persons, found.colluding.minimum, found.broken) == (0, None, False)
    again = compare(sketched(OLD, ring, name="P-0"), [empty], k=2)
    assert the(again, "cohorts").numbers == {"only_new": 4, "only_earlier": 0, "both": 0}


def test_k_below_one_is_refused(ring: KeyRing) -> None:
    with pytest.raises(DataError, match="k is 0"):
        compare(sketched(NEW, ring), [], k=0)


def test_the_result_is_plain_and_in_both_languages(ring: KeyRing) -> None:
    found = compare(sketched(NEW, ring), [sketched(OLD, ring, name="P-0")], k=2)
    held = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert held == found.to_json()
    assert [bool(one["text"]["nb"] and one["text"]["en"]) for one in held["findings"]] == [
        True,
        True,
        True,
    ]
    assert held["findings"][0]["earlier"][0]["day"] == "2026-01-01"
