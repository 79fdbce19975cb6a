"""Judging: each measure leads to the answer that it must, and the worst one decides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.auditing import Answer, Asked, Evidence, Limits, Question, audit
from hsr_privacy.auditing.judging import tried_reasons
from hsr_privacy.auditing.machines import as_machines
from hsr_privacy.auditing.verdict import Reason, judge
from hsr_privacy.auditing.writing import as_text
from hsr_privacy.composition import compare
from hsr_privacy.documents import Label
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.keys import KeyRing
from hsr_privacy.models import Scenario
from hsr_privacy.probing import Attack, AttackKind, Outcome, Probed, Registration, Verdict
from hsr_privacy.project import AttackLimits, AttackPlan
from hsr_privacy.scanning import scan
from tests.unit.auditing.tables import TABLE, audited, reasons, table, texts
from tests.unit.composition.toy import new_ring, sketched

ADULT = Path(__file__).parents[3] / "examples" / "adult" / "adult.csv"
PLAN = AttackPlan(
    seed=1,
    attacks=100,
    control_share=0.2,
    limits=AttackLimits(singling_out=0.1, linkability=0.1, inference=0.1),
)
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


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return new_ring(tmp_path_factory.mktemp("keys") / "ring")


@pytest.mark.parametrize(
    ("k", "answer"), [(4, Answer.YES), (5, Answer.YES), (6, Answer.NO), (None, Answer.CANNOT_TELL)]
)
def test_the_smallest_class_decides_by_its_limit(k: int | None, answer: Answer) -> None:
    found = audited(Limits(k=k))
    assert found.verdict.answer is answer
    for question in (Question.SINGLING_OUT, Question.LINKABILITY):
        assert found.answers[question].answer is answer


def test_a_class_below_the_limit_is_told_with_both_figures() -> None:
    said = texts(audited(Limits(k=6)), Question.SINGLING_OUT, Answer.NO)
    assert said == "The smallest class has 5 persons, and 6 are asked for."


def test_one_person_alone_is_one_person_and_not_one_persons() -> None:
    found = audited(Limits(k=2), released=table(a=(1, "a"), b=(5, "ab")))
    said = texts(found, Question.SINGLING_OUT, Answer.NO)
    assert said == "The smallest class has 1 person, and 2 are asked for."


def test_persons_are_counted_and_not_their_rows() -> None:
    once = TABLE.with_columns(person=pl.col("event"))
    twice = TABLE.with_columns(
        person=pl.col("q") + (pl.int_range(pl.len()).over("q") // 2).cast(pl.String)
    )
    assert audited(released=once, person="person").verdict.answer is Answer.YES
    found = audited(released=twice, person="person")
    assert found.verdict.answer is Answer.NO
    assert found.measures.own_category.k == 3


@pytest.mark.parametrize(("least", "answer"), [(2, Answer.YES), (3, Answer.NO)])
def test_few_values_in_a_class_are_weighed_by_their_limit(least: int, answer: Answer) -> None:
    found = audited(Limits(k=5, l={"ill": least}))
    assert found.answers[Question.INFERENCE].answer is answer
    assert found.answers[Question.SINGLING_OUT].answer is Answer.YES
    assert found.verdict.answer is answer


def test_a_class_in_which_all_are_ill_of_the_same_is_for_a_person_to_judge_without_a_limit() -> (
    None
):
    found = audited(released=table(a=(6, "a"), b=(6, "ab")))
    assert found.answers[Question.INFERENCE].answer is Answer.CANNOT_TELL
    said = texts(found, Question.INFERENCE, Answer.CANNOT_TELL)
    assert "6 persons are in classes in which all have the same ill, and no limit is set" in said


def probed(*attacks: Attack, run: int = 1, not_guessed: tuple[str, ...] = ()) -> Probed:
    return Probed(
        plan=PLAN,
        registration=Registration(registered=True, differs=(), run=run, other_plans=run - 1),
        persons=500,
        members=200,
        control=200,
        left_out=0,
        smallest_class=5,
        smallest_attacked=5,
        not_guessed=not_guessed,
        attacks=attacks,
        verdict=Verdict(Outcome.PASS, ()),
    )


def guess(hits: int, control: int) -> Attack:
    return Attack(AttackKind.INFERENCE, "ill", ("q",), 200, hits, 200, control, 0.1, 0.2)


def link(hits: int) -> Attack:
    return Attack(AttackKind.LINKABILITY, "", ("q", "r"), 200, hits, 200, 60, 0.1, 0.2)


@pytest.mark.parametrize(
    ("hits", "answer"), [(50, Answer.YES), (72, Answer.CANNOT_TELL), (150, Answer.NO)]
)
def test_an_attack_answers_the_question_that_it_asks(hits: int, answer: Answer) -> None:
    found = list(tried_reasons(probed(guess(60, 60), link(hits))))
    assert [(one.question, one.answer) for one in found] == [
        (Question.INFERENCE, Answer.YES),
        (Question.LINKABILITY, answer),
    ]


def test_a_secret_that_could_not_be_attacked_leaves_inference_open() -> None:
    found = list(tried_reasons(probed(guess(60, 60), not_guessed=("weight",))))
    assert [one.answer for one in found] == [Answer.YES, Answer.CANNOT_TELL]
    assert "could not guess weight" in found[-1].text.en
    (alone,) = [
        one for one in tried_reasons(probed(link(60))) if one.question is Question.INFERENCE
    ]
    assert alone.answer is Answer.CANNOT_TELL


def test_a_second_run_on_the_same_extract_is_told() -> None:
    first, *_ = tried_reasons(probed(guess(60, 60), run=3))
    assert first.answer is None
    assert "run number 3 on the extract, after 2 other plans" in first.text.en


@pytest.mark.parametrize(("k", "answer"), [(5, Answer.YES), (6, Answer.NO)])
def test_a_scenario_has_a_limit_of_its_own(k: int, answer: Answer) -> None:
    found = audited(Limits(k=5, scenarios=(Scenario("neighbour", ("q",), k),)))
    assert found.scenario_sizes[0].reached == 5
    assert found.answers[Question.SINGLING_OUT].answer is answer
    assert found.answers[Question.LINKABILITY].answer is Answer.YES
    assert found.verdict.answer is answer


@pytest.mark.parametrize(("allowed", "answer"), [(0.25, Answer.YES), (0.1, Answer.NO)])
def test_more_rows_removed_than_allowed_are_a_fault(allowed: float, answer: Answer) -> None:
    original = table(a=(5, "ab"), b=(7, "abc"), c=(10, "ab"), d=(3, "ab"))  # 3 of 25: 12 percent
    found = audited(Limits(k=5, max_suppressed=allowed), original=original)
    assert found.answers[Question.UTILITY].answer is answer
    assert found.verdict.answer is answer
    assert "12% of the rows were removed" in texts(found, Question.UTILITY, answer)


def test_attacks_that_were_registered_and_not_tried_leave_it_open() -> None:
    found = audited(asked=Asked(registered=PLAN))
    assert found.verdict.answer is Answer.CANNOT_TELL
    for question in (Question.SINGLING_OUT, Question.LINKABILITY, Question.INFERENCE):
        assert "were not tried" in texts(found, question, Answer.CANNOT_TELL)
    assert audited().verdict.answer is Answer.YES


def test_a_no_outweighs_what_cannot_be_told_and_both_are_shown() -> None:
    found = audited(Limits(k=6), Asked(registered=PLAN))
    assert found.verdict.answer is Answer.NO
    answers = [one.answer for one in found.verdict.reasons if one.answer is not None]
    assert answers == sorted(answers, key=[Answer.NO, Answer.CANNOT_TELL].index)
    assert {Answer.NO, Answer.CANNOT_TELL} == set(answers)


def test_one_class_for_all_is_told() -> None:
    found = audited(released=table(a=(20, "ab")))
    assert "There is one class only" in texts(found, Question.SINGLING_OUT, None)
    assert "There is one class only" not in texts(audited(), Question.SINGLING_OUT, None)


def test_an_identifier_in_the_files_is_a_fault(tmp_path: Path) -> None:
    born = np.array(["1974-03-05"], "datetime64[D]")
    (number,) = make_national_ids(born, np.array([1]), rng=np.random.default_rng(4)).tolist()
    path = tmp_path / "extract.csv"
    path.write_text(f"who\n{number}\n")
    found = audited(asked=Asked(files=scan([path])))
    assert found.verdict.answer is Answer.NO
    assert "Found in the files, and may name persons" in texts(
        found, Question.SINGLING_OUT, Answer.NO
    )
    assert number not in as_text(as_machines(found)) + repr(found)


def test_clean_files_are_a_reason_for_it(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text("ill\na\n")
    found = audited(asked=Asked(files=scan([path])))
    assert found.verdict.answer is Answer.YES
    assert "No national identifiers" in texts(found, Question.SINGLING_OUT, Answer.YES)


def test_what_the_recipient_can_put_together_leaves_it_open(ring: KeyRing) -> None:
    composed = compare(sketched(NEW, ring), [sketched(OLD, ring, name="P-0")], k=2)
    found = audited(asked=Asked(composed=(composed,)))
    assert composed.broken_for_recipient
    assert found.answers[Question.LINKABILITY].answer is Answer.CANNOT_TELL
    assert {one.place for one in reasons(found, Question.LINKABILITY, Answer.CANNOT_TELL)} == {
        "earlier"
    }


def test_what_takes_several_recipients_is_a_note(ring: KeyRing) -> None:
    old = sketched(OLD, ring, name="P-0", recipient="another")
    composed = compare(sketched(NEW, ring), [old], k=2)
    found = audited(asked=Asked(composed=(composed,)))
    assert composed.broken
    assert not composed.broken_for_recipient
    assert found.verdict.answer is Answer.YES
    assert [one.place for one in found.verdict.notes].count("earlier") == sum(
        one.broken for one in composed.findings
    )


def test_without_originals_no_attacker_is_simulated_and_it_is_told() -> None:
    found = audited()
    assert found.matches == ()
    assert found.news is None
    assert as_machines(found)["scenarios"] == []
    assert "Without the original no attackers were simulated" in texts(
        found, Question.SINGLING_OUT, None
    )
    held = audited(original=TABLE)
    assert "Without the original" not in texts(held, Question.SINGLING_OUT, None)


def test_the_same_evidence_gives_the_same_bytes() -> None:
    one, two = (as_text(as_machines(audited(original=TABLE.clone()))) for _ in range(2))
    assert one == two
    assert '"k": 5' in one


def test_adult_as_it_is_singles_people_out() -> None:
    rows = pl.read_csv(ADULT, separator=";", infer_schema=False).head(2000)
    evidence = Evidence(
        title="adult",
        released=rows,
        quasi_identifiers=("sex", "age", "race"),
        sensitive=("salary-class",),
        limits=Limits(k=5, l={"salary-class": 2}),
    )
    alone = rows.group_by("sex", "age", "race").len().filter(pl.col("len") == 1).height
    found = audit(evidence, Asked())
    assert alone > 50
    assert found.measures.own_category.unique_persons == alone
    assert found.answers[Question.SINGLING_OUT].answer is Answer.NO
    assert found.answers[Question.INFERENCE].answer is Answer.NO


def test_nothing_at_all_cannot_be_told() -> None:
    assert judge([]).answer is Answer.CANNOT_TELL
    note = Reason(Question.UTILITY, None, Label(nb="a", en="b"), "utility")
    assert judge([note]).answer is Answer.CANNOT_TELL
    assert judge([note]).notes == (note,)
