"""Words have room: lines are no wider than they may be, and nothing is lost but what is marked."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hsr_privacy.charts.measures import width, wrap


@pytest.mark.parametrize(
    ("words", "room", "lines"),
    [
        ("kort", 100, ("kort",)),
        ("", 100, ("",)),
        ("en to tre", 40, ("en to", "tre")),
        ("tid_fra_113_til_ankomst", 90, ("tid_fra_113_", "til_ankomst")),
        ("  mange \n  blanke ", 200, ("mange blanke",)),
        ("av 31\u00a0% alle", 45, ("av", "31\u00a0%", "alle")),
    ],
)
def test_lines_break_at_blanks_and_within_names(
    words: str, room: float, lines: tuple[str, ...]
) -> None:
    assert lines == wrap(words, room)


def test_a_word_that_is_too_long_for_a_line_is_broken() -> None:
    lines = wrap("hjertestansregistermelding", 100)
    assert len(lines) > 1
    assert "".join(lines) == "hjertestansregistermelding"


def test_what_needs_too_many_lines_ends_in_an_ellipsis() -> None:
    lines = wrap("ord " * 100, 60, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert max(width(line) for line in lines) <= 60


@settings(max_examples=150)
@given(st.text(), st.floats(30, 300), st.booleans())
@example("m" * 50, 30.0, True)
def test_no_line_is_wider_than_its_room(words: str, room: float, strong: bool) -> None:
    lines = wrap(words, room, most=10_000, strong=strong)
    assert max(width(line, strong=strong) for line in lines) <= room
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_bold_letters_take_more_room() -> None:
    assert width("fødselsår", strong=True) > width("fødselsår") > width("fødselså")
