"""Sentences: what a researcher reads, in both languages."""

from __future__ import annotations

import pytest

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate
from hsr_privacy.project import YesOrNo
from hsr_privacy.utility import VERDICTS, Verdict, Words
from hsr_privacy.utility.naming import answers_label
from hsr_privacy.utility.ran import Why
from hsr_privacy.utility.telling import (
    Language,
    estimate_text,
    figure_sentence,
    run_sentence,
    why_words,
)

ONE = Estimate(1.5, 1.2, 1.875, "ratio")
NONE = Estimate(1.1, 0.9, 1.34, "ratio")
LESS = Estimate(0.5, 0.3, 0.8, "ratio")


@pytest.mark.parametrize(
    ("one", "language", "text"),
    [
        (Estimate(0.145, 0.14, 0.15), "nb", "14,5\u00a0% (14,0–15,0)"),
        (Estimate(0.145, 0.14, 0.15), "en", "14.5% (14.0–15.0)"),
        (
            Estimate(-0.003, -0.016, 0.01, "difference"),
            "nb",
            "\u22120,3 prosentpoeng (\u22121,6 til 1,0)",
        ),
        (
            Estimate(-0.003, -0.016, 0.01, "difference"),
            "en",
            "\u22120.3 percentage points (\u22121.6 to 1.0)",
        ),
        (ONE, "nb", "1,50 (1,20–1,88)"),
        (Estimate(0.962, 0.951, 0.973, "ratio"), "en", "0.962 (0.951–0.973)"),
        (
            Estimate(-0.0001, -0.1, 0.1, "difference"),
            "nb",
            "0,0 prosentpoeng (\u221210,0 til 10,0)",
        ),
    ],
)
def test_numbers_are_written_as_each_language_does(
    one: Estimate, language: Language, text: str
) -> None:
    assert estimate_text(one, language) == text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ONE, NONE, "the association is no longer sure"),
        (NONE, LESS, "an association shows now"),
        (ONE, LESS, "the association is reversed"),
    ],
)
def test_another_conclusion_says_which(before: Estimate, after: Estimate, said: str) -> None:
    sentence = figure_sentence(Verdict.OTHER, before, after).en
    assert sentence.startswith(f"Other conclusion: {estimate_text(before, 'en')} before, ")
    assert sentence.endswith(f" in the release; {said}.")


def test_what_reads_the_same_is_written_once() -> None:
    assert figure_sentence(Verdict.UNCHANGED, ONE, ONE).nb == "Uendret: 1,50 (1,20–1,88)."


def test_why_it_cannot_be_run_is_said_with_what_it_was() -> None:
    why = why_words(Why("few"), Words())
    sentence = figure_sentence(Verdict.NOT_RUN, ONE, None, why)
    assert sentence.nb == (
        "Kan ikke beregnes lenger (var 1,50 (1,20–1,88)): for få personer er igjen."
    )


def test_columns_are_called_as_the_register_calls_them() -> None:
    words = Words(columns={"alder": Label(nb="Alder", en="Age"), "x": Label(nb="X", en="X")})
    why = why_words(Why("coarse", ("alder", "x")), words)
    assert why == Label(nb="«Alder» og «X» er for grov", en="'Age' and 'X' is too coarse")


def test_a_run_counts_its_verdicts_and_says_what_is_left() -> None:
    sentence = run_sentence(
        [Verdict.UNCHANGED, Verdict.WITHIN, Verdict.UNCHANGED],
        kept=0.949,
        price=0.234,
        why=None,
        ran_before=True,
    )
    assert sentence.nb == (
        "3 tall: 2 uendret, 1 flyttet innenfor usikkerheten. 94,9\u00a0% av radene er igjen. "
        "Grovere inndeling alene flytter et tall høyst 0,2 standardfeil."
    )
    assert sentence.en == (
        "3 figures: 2 unchanged, 1 shifted within its interval. 94.9% of the rows are left. "
        "Coarser levels alone move a figure by 0.2 standard errors at most."
    )


def test_a_run_of_one_figure_says_its_verdict() -> None:
    sentence = run_sentence([Verdict.UNCHANGED], kept=1.0, price=None, why=None, ran_before=True)
    assert sentence == Label(nb="Uendret.", en="Unchanged.")


def test_every_verdict_has_a_name_in_both_languages() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert len({one.nb for one in VERDICTS.values()}) == len(Verdict)


def test_a_yes_is_called_by_its_label_its_values_or_its_bounds() -> None:
    words = Words(values={"x": {str(n): Label(nb=f"nb{n}", en=f"en{n}") for n in range(5)}})
    named = YesOrNo(variable="x", values=("1",), label=Label(nb="ja", en="yes"))
    assert answers_label(named, words).en == "yes"
    many = YesOrNo(variable="x", values=("1", "2", "3", "4"))
    assert answers_label(many, words).en == "x: en1, en2, en3 …"
    assert answers_label(YesOrNo(variable="x", at_most=8), words).nb == "x: –8"
