"""A letter says what was approved, delivered and removed, and what to do; as a page and as text."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from hsr_privacy.letters import LetterContent, letter_page, letter_text
from hsr_privacy.letters.text import Language
from tests.reading_pages import shown
from tests.unit.letters.sample import AGE, DEATH, LETTER, SEX, label

LANGUAGES: tuple[Language, ...] = ("nb", "en")
SCRIPT = "<script>alert('x')</script> & \"co\""


def plain(content: LetterContent, language: Language) -> str:
    return " ".join(letter_text(content, language).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_the_text_say_the_same(language: Language) -> None:
    def words(text: str) -> str:
        return re.sub(r"\W+", " ", text).strip()

    page = words(shown(letter_page(LETTER), language))
    title = "Hva som er godkjent" if language == "nb" else "What was approved"
    _, _, told = letter_text(LETTER, language).partition(title)
    lines = [words(line) for line in told.splitlines()]
    assert len(lines) > 60
    assert [line for line in lines if line not in page] == []


def test_a_page_is_well_formed_and_asks_nothing_of_the_network() -> None:
    page = letter_page(LETTER)
    assert ET.fromstring(page).tag == "html"
    assert not re.search(r"https?:|url\(|@import|javascript:|<script|<img|<link", page)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "size: A4" in page


def test_every_text_in_bokmal_is_followed_by_the_same_in_english() -> None:
    pairs = 0
    for parent in ET.fromstring(letter_page(LETTER)).iter():
        children = list(parent)
        for number, child in enumerate(children):
            if child.get("lang") == "nb":
                assert children[number + 1].get("lang") == "en"
                pairs += 1
    assert pairs > 40


def test_what_people_wrote_is_text_and_not_markup() -> None:
    hostile = replace(
        LETTER,
        title=SCRIPT,
        recipient=SCRIPT,
        contact=SCRIPT,
        variables=(replace(AGE, reason=SCRIPT),),
    )
    page = letter_page(hostile)
    assert "<script" not in page
    assert SCRIPT in shown(page, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_of_one_language_and_fits_a_mail(language: Language) -> None:
    text = letter_text(LETTER, language)
    typed = [one.line for one in LETTER.commands]
    lines = [line for line in text.splitlines() if line.strip() not in typed]
    assert max(map(len, lines)) <= 78
    assert ("Vilkår" in text) is (language == "nb")
    assert ("Conditions" in text) is (language == "en")
    assert text.endswith("\n")


def test_the_day_of_deletion_stands_in_words_and_how_to_confirm_it() -> None:
    assert "Alt skal være slettet innen 30. juni 2037." in plain(LETTER, "nb")
    english = plain(LETTER, "en")
    assert "Everything must be deleted by 30 June 2037." in english
    assert "All copies, backups included, were deleted on" in english
    assert "Release hds-2026-0417-1a2b3c4d, case HDS-2026-0417" in english


def test_what_was_delivered_less_says_why_in_the_words_of_the_decision() -> None:
    english = plain(LETTER, "en")
    assert "Age (alder) Applied for: single years Approved: ten-year bands" in english
    assert "Why: The decision: “Ten years are enough.” 32 of 900 values are removed." in english
    assert "Why: Refused. The decision: “It stands in the obituary.”" in english
    assert "1 variable approved and delivered as applied for: kjonn (each" in english
    assert "3 variables applied for, and 2 approved." in english


def test_removed_rows_are_told_with_what_follows_for_totals() -> None:
    english = plain(LETTER, "en").replace("\u202f", " ")
    assert "100 arrests (10%) of 98 persons are not there" in english
    assert "the decision allows 12%" in english
    assert "not missing at random" in english
    none = replace(LETTER, rows=replace(LETTER.rows, rows_removed=0, persons_removed=0))
    assert "are not there" not in plain(none, "en")


def test_a_consequence_stands_once_behind_all_its_variables() -> None:
    other = replace(AGE, name="antall", label=label("Antall", "Number"), cells_removed=0)
    english = plain(replace(LETTER, variables=(AGE, other, SEX)), "en")
    assert english.count("Use the bands as categories.") == 1
    assert "Age (alder), Number (antall): Use the bands as categories." in english
    assert "Age (alder): Single values were removed where the combination was rare" in english


def test_nothing_is_said_where_nothing_happened() -> None:
    bare = replace(
        LETTER, variables=(SEX,), analyses=(), missing=(), files=(), commands=(), is_trial=False
    )
    text = letter_text(bare, "en")
    for absent in ("analyses", "How to read", "The files", "Open and verify", "simulated"):
        assert absent not in text
    assert "Deletion" in text


def test_without_a_named_contact_the_sender_is_asked() -> None:
    assert "go to: Hjertestansregisteret." in plain(LETTER, "en")
    assert "the office that sent the package" in plain(replace(LETTER, contact=None), "en")


def test_a_letter_forbids_what_the_law_forbids() -> None:
    norwegian, english = plain(LETTER, "nb"), plain(LETTER, "en")
    assert "Ingen skal forsøke å finne ut hvem noen er." in norwegian
    assert "Do not link the data to others than the decision names" in english
    assert "Do not pass the data on" in english
    assert "Publish nothing about fewer than 5 persons" in english


def test_what_is_typed_stands_in_one_line() -> None:
    line = "age --decrypt --identity KEY.txt " + "x" * 80 + ".tar.age"
    long = replace(LETTER, commands=(replace(LETTER.commands[0], line=line),))
    assert f"    {line}\n" in letter_text(long, "nb")


def test_the_same_content_gives_the_same_bytes() -> None:
    again = replace(LETTER)
    assert letter_page(again) == letter_page(LETTER)
    assert letter_text(again, "nb") == letter_text(LETTER, "nb")


def test_a_letter_holds_no_rows() -> None:
    def holds(value: Any) -> bool:
        if is_dataclass(value):
            return any(holds(getattr(value, one.name)) for one in fields(value))
        if isinstance(value, tuple):
            return any(map(holds, value))
        return isinstance(value, pl.DataFrame | pl.Series)

    assert not holds(LETTER)
    assert holds(replace(DEATH, reason=pl.Series([1])))  # type: ignore[arg-type]
