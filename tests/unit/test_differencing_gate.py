"""What earlier releases add is weighed: it blocks, it must be accepted, or it is told."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.codebook import Codebook
from hsr_privacy.composition import Composed, Sketch, SketchedColumn, compare
from hsr_privacy.configs import shipped
from hsr_privacy.keys import KeyRing
from hsr_privacy.project import Project, load_project
from hsr_privacy.release.differences import KINDS, WEIGHTS, Difference, Differencing, Weight
from hsr_privacy.release.differencing import differencing_of, is_follow_up, same_hands
from tests.unit.composition.toy import new_ring, sketched

CROSSING = """
    person | q | s
    a      | x | 2
    b      | x | 1
    c      | y | 3
    d      | y | 4
"""
EARLIER = """
    person | r | s
    a      | m | 2
    c      | m | 3
    b      | n | 1
    d      | n | 4
"""
SIX = """
    person | q | s
    a      | x | 1
    b      | x | 2
    c      | x | 1
    d      | y | 2
    e      | y | 1
    f      | y | 2
"""
OTHERS_REMOVED = """
    person | q   | s
    a      | 998 | 1
    d      | 998 | 2
    b      | x   | 2
    c      | x   | 1
    e      | y   | 1
    f      | y   | 2
"""
SEVEN = SIX + "    g | x | 2\n"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return new_ring(tmp_path_factory.mktemp("keys") / "ring")


@pytest.fixture(scope="module")
def project(codebook: Codebook) -> Project:
    path = shipped("configs", "projects", "bystander-cpr-survival.yaml")
    day = dt.date(2026, 11, 23)
    return load_project(path, codebook=codebook, hierarchies=load_hierarchies(), today=day)


def with_l(project: Project, **least: int) -> Project:
    return project.model_copy(update={"privacy": project.privacy.model_copy(update={"l": least})})


def of_kind(found: Differencing, kind: str) -> Difference:
    (one,) = (one for one in found.differences if one.kind == kind)
    return one


def weights(found: Differencing) -> dict[str, Weight]:
    return {one.kind: one.weight for one in found.differences}


def crossing(ring: KeyRing, *, k: int = 2, name: str = "P-0", recipient: str = "U") -> Composed:
    earlier = sketched(EARLIER, ring, name=name, recipient=recipient)
    return compare(sketched(CROSSING, ring), [earlier], k=k)


def test_an_extract_with_other_variables_that_breaks_k_for_its_recipient_is_blocked(
    ring: KeyRing, project: Project
) -> None:
    found = differencing_of(crossing(ring), project)
    assert found.blocks
    assert of_kind(found, "candidates").weight is Weight.BLOCKS
    assert found.evidence["differences that block"] == 1
    (fault,) = found.faults
    assert fault.startswith(of_kind(found, "candidates").id)
    assert "confirmed that the earlier ones are deleted" in fault


def test_a_follow_up_with_a_few_new_persons_must_be_accepted_and_is_not_blocked(
    ring: KeyRing, project: Project
) -> None:
    composed = compare(sketched(SEVEN, ring), [sketched(SIX, ring, name="P-0")], k=3)
    found = differencing_of(composed, project)
    assert not found.blocks
    assert weights(found) == {"cohorts": Weight.ACCEPT, "subtraction": Weight.ACCEPT}
    assert set(found.must_be_accepted) == {one.id for one in found.differences}


def test_a_follow_up_in_which_other_values_were_removed_is_accepted_and_not_blocked(
    ring: KeyRing, project: Project
) -> None:
    new, old = sketched(SIX, ring), sketched(OTHERS_REMOVED, ring)
    old = replace(old, about=replace(old.about, manifest_sha256="0" * 64))
    assert is_follow_up(new, [old])
    composed = compare(new, [old], k=2)
    found = differencing_of(composed, project, follow_up=True)
    assert of_kind(found, "candidates").weight is Weight.ACCEPT
    assert "removed in one and not in the other" in of_kind(found, "candidates").why.en
    assert differencing_of(composed, project).blocks


def test_a_follow_up_adds_no_variable_no_detail_and_is_of_the_same_project(ring: KeyRing) -> None:
    new, old = sketched(SIX, ring), sketched(SEVEN, ring)
    old = replace(old, about=replace(old.about, manifest_sha256="0" * 64))

    def on(sketch: Sketch, *levels: str, role: str = "quasi-identifier") -> Sketch:
        column = SketchedColumn("q", role, levels)  # type: ignore[arg-type]
        return replace(sketch, columns=(column, *sketch.columns[1:]))

    assert [column.name for column in new.columns] == ["q", "s"]
    assert is_follow_up(on(new, "county", "region"), [on(old, "county", "region")])
    assert is_follow_up(on(new, "region"), [on(old, "county", "region")])
    assert not is_follow_up(on(new, "county", "region"), [on(old, "region")])
    assert not is_follow_up(on(new, "county", role="sensitive"), [on(old, "county")])
    assert not is_follow_up(new, [replace(old, columns=old.columns[:1])])
    assert not is_follow_up(new, [replace(old, about=replace(old.about, case_number="P-0"))])
    assert not is_follow_up(new, [new])
    assert not is_follow_up(new, [replace(new)])


def test_the_same_cohort_again_has_nothing_to_accept(ring: KeyRing, project: Project) -> None:
    composed = compare(sketched(SIX, ring), [sketched(SIX, ring, name="P-0")], k=3)
    found = differencing_of(composed, project)
    assert (found.differences, found.must_be_accepted, found.faults) == ((), (), ())
    assert found.evidence["earlier releases compared"] == 1


def test_a_first_release_says_that_there_was_nothing_to_compare_with(
    ring: KeyRing, project: Project
) -> None:
    found = differencing_of(compare(sketched(SIX, ring), [], k=3), project)
    assert found.evidence == {
        "earlier releases compared": 0,
        "earlier releases not compared": 0,
    }


def test_what_takes_a_second_recipient_is_told_and_nobody_accepts_it(
    ring: KeyRing, project: Project
) -> None:
    found = differencing_of(crossing(ring, recipient="Another"), project)
    assert {one.weight for one in found.differences} == {Weight.TOLD}
    assert (found.blocks, found.must_be_accepted) == (False, ())
    assert found.evidence["differences told"] == len(found.differences) > 0


def test_a_project_that_moves_to_another_recipient_is_one_pair_of_hands(
    ring: KeyRing, project: Project
) -> None:
    new = sketched(CROSSING, ring, name="P-1")
    moved = sketched(EARLIER, ring, name="P-1", recipient="U before it was renamed")
    moved = replace(moved, about=replace(moved.about, manifest_sha256="0" * 64))
    apart = differencing_of(compare(new, [moved], k=2), project)
    assert not apart.blocks
    together = differencing_of(compare(new, same_hands([moved], new.about), k=2), project)
    assert together.blocks


def test_another_project_keeps_its_recipient(ring: KeyRing) -> None:
    other: Sketch = sketched(EARLIER, ring, name="P-0", recipient="Another")
    assert same_hands([other], sketched(CROSSING, ring).about) == (other,)


def test_one_value_that_is_left_blocks_where_the_project_asks_for_more(
    ring: KeyRing, project: Project
) -> None:
    composed = crossing(ring, k=1)
    assert of_kind(differencing_of(composed, project), "values").weight is Weight.ACCEPT
    limited = differencing_of(composed, with_l(project, s=2))
    assert of_kind(limited, "values").weight is Weight.BLOCKS
    other = differencing_of(composed, with_l(project, t=2))
    assert of_kind(other, "values").weight is Weight.ACCEPT


def test_what_is_said_of_several_columns_is_accepted_once(ring: KeyRing, project: Project) -> None:
    new, old = (text.replace("| s", "| s | t") for text in (CROSSING, EARLIER))
    new, old = ("\n".join(_doubled(text.splitlines())) for text in (new, old))
    names = ("s", "t")
    composed = compare(
        sketched(new, ring, sensitive=names),
        [sketched(old, ring, name="P-0", sensitive=names)],
        k=1,
    )
    found = differencing_of(composed, project)
    both = of_kind(found, "values")
    assert set(both.numbers) == {
        f"{what} of {name}" for what in ("one_value", "one_value_by_composition") for name in names
    }
    assert "«s»" in both.text.nb
    assert "«t»" in both.text.nb
    limited = differencing_of(composed, with_l(project, t=2))
    assert sorted(one.weight for one in limited.differences if one.kind == "values") == [
        Weight.BLOCKS,
        Weight.ACCEPT,
    ]


def _doubled(lines: list[str]) -> list[str]:
    """Each row with its last cell twice; the heading has both names already."""
    return [
        line if "person" in line or not line.strip() else f"{line} | {line.split('|')[-1]}"
        for line in lines
    ]


def test_what_is_confirmed_as_deleted_must_be_accepted_and_no_longer_blocks(
    ring: KeyRing, project: Project
) -> None:
    composed = crossing(ring)
    digests = {about.manifest_sha256 for one in composed.findings for about in one.earlier}
    found = differencing_of(composed, project, deleted=digests)
    assert not found.blocks
    assert of_kind(found, "candidates").weight is Weight.ACCEPT
    assert of_kind(found, "candidates").id in found.must_be_accepted
    assert differencing_of(composed, project, deleted={"0" * 64}).blocks


def test_a_release_that_cannot_be_compared_must_be_accepted(
    ring: KeyRing, project: Project
) -> None:
    unknown = replace(sketched(SIX, ring, name="P-0"), domain="another key")
    found = differencing_of(compare(sketched(SIX, ring), [unknown], k=3), project)
    assert weights(found) == {"not compared": Weight.ACCEPT}
    assert found.evidence["earlier releases not compared"] == 1


def test_an_acceptance_needs_a_reason_and_is_of_what_was_read(
    ring: KeyRing, project: Project
) -> None:
    composed = compare(sketched(SEVEN, ring), [sketched(SIX, ring, name="P-0")], k=3)
    found = differencing_of(composed, project)
    first, second = found.must_be_accepted
    assert found.missing({}) == (first, second)
    assert found.missing({first: "one new arrest, reported late", second: "  "}) == (second,)
    assert found.missing({first: "reported late", second: "follows from it"}) == ()
    assert found.foreign({first: "reported late", "cohorts-00000000": "old"}) == (
        "cohorts-00000000",
    )


def test_an_id_is_the_same_for_the_same_finding_and_another_for_other_numbers(
    ring: KeyRing, project: Project
) -> None:
    six = sketched(SIX, ring, name="P-0")
    once, again = (
        differencing_of(compare(sketched(SEVEN, ring), [six], k=3), project) for _ in range(2)
    )
    more = sketched(SEVEN + "    h | y | 1\n", ring)
    other = differencing_of(compare(more, [six], k=3), project)
    assert once.must_be_accepted == again.must_be_accepted
    assert not set(once.must_be_accepted) & set(other.must_be_accepted)
    assert not set(once.must_be_accepted) & set(
        differencing_of(compare(sketched(SEVEN, ring), [six], k=4), project).must_be_accepted
    )


def test_the_heaviest_stand_first(ring: KeyRing, project: Project) -> None:
    found = differencing_of(crossing(ring), project)
    order = list(Weight)
    places = [order.index(one.weight) for one in found.differences]
    assert places == sorted(places)
    assert places[0] == 0


def test_it_is_told_as_plain_json_without_a_recipient(ring: KeyRing, project: Project) -> None:
    told = differencing_of(crossing(ring), project).to_json()
    assert json.loads(json.dumps(told)) == told
    assert set(told["differences"][0]["earlier"][0]) == {"case_number", "day", "manifest_sha256"}
    assert told["blocks"]


def test_every_kind_and_weight_has_words_in_both_languages() -> None:
    assert set(WEIGHTS) == set(Weight)
    for label in (*WEIGHTS.values(), *KINDS.values()):
        assert label.nb != label.en
