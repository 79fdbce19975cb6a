"""Names from outside are shown as they are, whatever is in them."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.charts import Named, Place
from hsr_privacy.errors import DataError
from tests.unit.charts.drawn import EVERY, NAMED, kind, links, parsed, told, words_of

HOSTILE = [
    "A<b>&\"'",
    "</title><script>alert(1)</script>",
    "a.b[0]",
    "__proto__",
    "constructor",
    "datum['x']",
    "\\",
    "{{ 1 }}",
    "#fragment",
    "javascript:alert(1)",
    "https:evil",
    "]]>",
    "null",
    "",
]
named = pytest.mark.parametrize("picture", NAMED.values(), ids=NAMED)


@pytest.mark.parametrize(
    ("name", "picture"), list(zip(HOSTILE, itertools.cycle(NAMED.values()), strict=False))
)
def test_a_name_is_text_and_nothing_more(name: str, picture: Any) -> None:
    plain = picture(Place("nb", "one"), "x")
    hostile = picture(Place("nb", "one"), name)
    assert {kind(one) for one in parsed(hostile).iter()} == {
        kind(one) for one in parsed(plain).iter()
    }
    assert len(told(hostile)) == len(told(plain))
    assert any(name in words for words in told(hostile))
    assert links(hostile) == links(plain) != []


@named
def test_a_name_is_drawn_as_it_is(picture: Any) -> None:
    drawn = "".join(one.text for one in words_of(picture(Place("en", "one"), "A<b>&\"'.[0]")))
    assert "A<b>&\"'.[0]" in drawn


@named
def test_signs_that_xml_forbids_or_that_turn_words_around_are_replaced(picture: Any) -> None:
    signs = ("\x00", "\x1b", "\x85", "\ufffe", "\ud800", "\u202e", "\u2066", "\ufdd0")
    heard = told(picture(Place("nb", "one"), "".join(f"a{sign}b" for sign in signs)))
    assert any("a\N{REPLACEMENT CHARACTER}b" * len(signs) in words for words in heard)


@settings(max_examples=25)
@given(st.text(min_size=1))
def test_any_text_is_a_name(name: str) -> None:
    heard = told(NAMED["contributions"](Place("nb", "one"), name))
    assert len(heard) == 2
    assert re.fullmatch(
        "".join(re.escape(one) if one.isprintable() else "." for one in name) + ": 31\u00a0%",
        heard[0],
        re.DOTALL,
    )


def test_a_long_name_is_read_out_whole_and_drawn_in_four_lines() -> None:
    name = " ".join(f"del{n}" for n in range(90))
    picture = NAMED["contributions"](Place("nb", "one"), name)
    assert told(picture)[0] == f"{name}: 31\u00a0%"
    lines = [one.text for one in words_of(picture) if one.text.startswith("del")]
    assert len(lines) == 4
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("row", ["a b", "1", 'a"b', "#a", "<a>", "a/b", "\u202ea"])
def test_an_id_that_is_none_is_refused(row: str) -> None:
    with pytest.raises(DataError, match="the id of a row"):
        Named("kommune", row=row)


def test_an_id_may_be_norwegian() -> None:
    assert Named("kjønn", row="variabel-kjønn").row == "variabel-kjønn"


@pytest.mark.parametrize("picture", EVERY.values(), ids=EVERY)
def test_what_has_a_row_in_the_table_is_linked_to_it_once(picture: Any) -> None:
    found = links(picture(Place("nb", "one")))
    assert len(found) == len(set(found)) == 1
    assert found[0].endswith("-1")
