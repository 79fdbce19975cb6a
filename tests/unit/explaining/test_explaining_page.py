"""The page, the pictures and the text: whole, quiet, in both languages, and safe to open."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from hsr_privacy.explaining import (
    Explanation,
    columns_picture,
    explanation_page,
    explanation_sections,
    explanation_text,
    frontier_picture,
    subgroups_picture,
)
from hsr_privacy.explaining.bars import MOST_DRAWN
from hsr_privacy.explaining.canvas import steps
from hsr_privacy.explaining.figures import Language, change, percent, percent_change, risk, times
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.pages import count_text
from tests.unit.explaining.plain import AGE, PLACE, people, told

SVG = "{http://www.w3.org/2000/svg}"
SCRIPT = "<script>alert('x')</script> & \"co\""
PICTURES = [columns_picture, subgroups_picture, frontier_picture]


@pytest.fixture(scope="module", params=["full-domain", "local", "cells", "joint"])
def explanation(request: pytest.FixtureRequest) -> Explanation:
    return told(people(2000), k=5, method=request.param, max_points=8).explanation


@pytest.fixture(scope="module")
def full() -> Explanation:
    return told(people(2000), k=40, max_points=20).explanation


class Seen(HTMLParser):
    """What a browser would find: open elements, ids, attributes."""

    VOID = ("meta", "input", "br", "line", "rect", "circle", "polyline")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src"}:
                self.links.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_no_id_stands_twice(explanation: Explanation) -> None:
    seen = Seen(explanation_page(explanation, title="Adult"))

    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert {"columns", "neighbours", "drivers", "subgroups", "frontier"} <= set(seen.ids)


def test_the_page_asks_for_nothing(explanation: Explanation) -> None:
    page = explanation_page(explanation, title="Adult")
    seen = Seen(page)

    assert "script" not in seen.tags
    assert all(link.startswith("#") for link in seen.links)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert set(re.findall(r"https?://[^\"]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import", page)


def test_each_text_stands_in_both_languages(explanation: Explanation) -> None:
    page = explanation_page(explanation, title="Adult")

    assert page.count('<span lang="nb">') == page.count('<span lang="en">') > 50
    assert page.count(' lang="nb">') - page.count(' lang="en">') == 1  # the page itself
    for word in ("Hvem det rammer", "Whom it falls on", "av detaljene", "of the detail"):
        assert word in page


def test_what_the_data_calls_itself_is_no_markup() -> None:
    rows = [("m", f"{20 + n % 60}", "a1") for n in range(300)]
    named = HierarchyTable.from_rows(SCRIPT, [("m", "*"), ("f", "*")], (SCRIPT, "*"))
    tables = (named, AGE, PLACE)
    one = told(rows, tables=tables, k=5, max_points=3).explanation
    page = explanation_page(one, title=SCRIPT)

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    for draw in PICTURES:
        picture = draw(one)
        assert picture is None or "<script" not in picture


def test_sections_stand_alone_in_a_page_of_the_house(full: Explanation) -> None:
    sections = explanation_sections(full)
    assert sections.lstrip().startswith("<section>")
    assert Seen(sections).open == []
    assert "<html" not in sections


@pytest.mark.parametrize("draw", PICTURES)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_picture_is_a_file_that_needs_nothing_and_says_what_it_is(
    full: Explanation, draw: type, language: Language
) -> None:
    picture = draw(full, language)
    root = ET.fromstring(picture)

    assert root.get("role") == "img"
    assert len(root.findtext(f"{SVG}title", "")) > 5
    assert len(root.findtext(f"{SVG}desc", "")) > 40
    assert "prefers-color-scheme: dark" in picture
    assert re.findall(r"https?://[^\"]+", picture) == ["http://www.w3.org/2000/svg"]


def test_nothing_is_drawn_beyond_the_edge(full: Explanation) -> None:
    for draw in PICTURES:
        root = ET.fromstring(draw(full) or "")
        width, height = (float(root.get(name, "")) for name in ("width", "height"))
        for one in root.iter():
            for name in ("x", "x1", "x2", "cx"):
                assert 0 <= float(one.get(name, 0)) <= width
            for name in ("y", "y1", "y2", "cy"):
                assert 0 <= float(one.get(name, 0)) <= height
            assert float(one.get("x", 0)) + float(one.get("width", 0)) <= width + 0.01


def test_every_release_is_a_dot_and_this_one_has_a_ring(full: Explanation) -> None:
    root = ET.fromstring(frontier_picture(full) or "")
    kinds = [one.get("class", "") for one in root.iter(f"{SVG}circle")]

    assert sum(kind.startswith("dot") for kind in kinds) == len(full.frontier.points)
    assert kinds.count("here") == 1
    assert kinds.count("dot best") == sum(point.pareto for point in full.frontier.points)


def test_dots_of_more_risk_stand_higher_and_of_more_loss_further_right(full: Explanation) -> None:
    root = ET.fromstring(frontier_picture(full) or "")
    places = {}
    for group in root.iter(f"{SVG}g"):
        dot = group.find(f"{SVG}circle")
        if dot is not None and "dot" in dot.get("class", ""):
            found = re.search(r"loss ([\d.]+)%.*risk 1/(\d+)", group.findtext(f"{SVG}title", ""))
            assert found is not None
            places[float(found[1]), int(found[2])] = (
                float(dot.get("cx", "")),
                float(dot.get("cy", "")),
            )
    for (loss, k), (x, y) in places.items():
        for (other_loss, other_k), (other_x, other_y) in places.items():
            assert (loss <= other_loss) or x > other_x
            assert (k <= other_k) or y > other_y


def test_a_bar_is_as_long_as_its_share(full: Explanation) -> None:
    root = ET.fromstring(columns_picture(full) or "")
    lengths = {}
    for group in root.iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title", "")
        if ": " in title:
            boxes = group.findall(f"{SVG}rect")
            lengths[title.split(":")[0]] = sum(float(one.get("width", "")) for one in boxes)
    shares = {one.name: one.share for one in full.columns}
    whole = sum(lengths.values())

    assert set(lengths) == set(shares)
    for name, length in lengths.items():
        assert length / whole == pytest.approx(shares[name], abs=1e-3)


def test_the_pieces_of_a_bar_stand_behind_each_other(full: Explanation) -> None:
    root = ET.fromstring(columns_picture(full) or "")
    told_of = [group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    pieces = [one for group in told_of if len(one := group.findall(f"{SVG}rect")) > 1]

    assert pieces
    for first, second in pieces:
        end = float(first.get("x", "")) + float(first.get("width", ""))
        assert float(second.get("x", "")) == pytest.approx(end, abs=0.02)


def test_nothing_lost_and_nothing_suppressed_is_not_drawn() -> None:
    safe = told([("m", "20", "a1")] * 9).explanation

    assert columns_picture(safe) is None
    assert subgroups_picture(safe) is None


def test_so_many_groups_are_drawn_and_the_rest_is_said() -> None:
    wide = tuple(
        HierarchyTable.from_rows(f"c{n}", [(f"v{m}", "*") for m in range(12)]) for n in range(9)
    )
    rows = [tuple(f"v{m}" for _ in wide) for m in range(12) for _ in range(5 + m)]
    one = told(rows, tables=wide, k=8, max_suppressed=1.0).explanation
    drawn = subgroups_picture(one) or ""
    groups = [g for one in one.groupings if one.by == "node" for g in one.groups]

    assert len(groups) > MOST_DRAWN
    assert "groups are in the tables" in drawn
    assert drawn.count('class="range"') <= 3 * MOST_DRAWN


def test_the_text_has_a_line_per_column_and_some_sentences(explanation: Explanation) -> None:
    lines = explanation_text(explanation)

    assert 14 <= len(lines) <= 30
    for column in explanation.columns:
        assert any(line.startswith(column.name + " ") for line in lines)
    assert all(line.isprintable() for line in lines)


def test_the_text_holds_nothing_that_a_terminal_acts_on() -> None:
    evil = HierarchyTable.from_rows("town\x1b[2J", [("a\x1b]0;x\x07", "*"), ("b", "*")])
    one = told([("a\x1b]0;x\x07",)] * 9 + [("b",)] * 9, tables=(evil,)).explanation

    assert all(line.isprintable() for line in explanation_text(one))


def test_sentences_say_what_one_level_would_do() -> None:
    """Sex tells ten men from two women; k is 3."""
    rows = [("m", "20", "a1")] * 10 + [("f", "20", "a1")] * 2
    lines = explanation_text(told(rows, k=3, max_suppressed=0.0, max_points=0).explanation)

    assert "12 of 12 rows in 1 classes: every column on one level, and rows removed." in lines[0]
    assert "The release keeps 67% of the detail. Of what is lost, most is in: sex 100%." in lines
    assert (
        "  One level finer in sex (sex) would remove 2 more rows (16.7%) and keep 16.7% more of the "
        "detail; that is beyond the limit." in lines
    )


def test_the_finer_level_that_is_told_of_is_the_one_that_keeps_most(full: Explanation) -> None:
    assert full.neighbours is not None
    finer = [one for one in full.neighbours.steps if one.step == -1]
    best = min(finer, key=lambda one: one.loss_change)
    (said,) = [line for line in explanation_text(full) if line.startswith("  One level finer in")]

    assert len({one.column for one in finer}) > 1
    assert said.startswith(f"  One level finer in {best.column} ({best.level_name})")


def test_the_hardest_hit_group_is_named_first(full: Explanation) -> None:
    hit = [
        (group.rows_share.ratio, f"{grouping.column} {group.label}")
        for grouping in full.groupings
        for group in grouping.groups
        if group.kind == "node" and group.rows_share and group.rows_share.differs == "more"
    ]
    (said,) = [line for line in explanation_text(full) if line.startswith("  Hit hardest")]

    assert said.startswith(f"  Hit hardest, by the share of rows removed: {max(hit)[1]} (")


def test_an_empty_table_has_a_page_and_a_text() -> None:
    empty = told([], max_points=20).explanation

    assert "The table has no rows." in explanation_text(empty)
    assert Seen(explanation_page(empty, title="none")).open == []


@pytest.mark.parametrize(
    ("share", "nb", "en"),
    [
        (0, "0\u00a0%", "0%"),
        (0.00001, "< 0,01\u00a0%", "< 0.01%"),
        (0.0046, "0,46\u00a0%", "0.46%"),
        (0.0355, "3,5\u00a0%", "3.5%"),
        (0.27, "27\u00a0%", "27%"),
        (0.9999, "> 99,9\u00a0%", "> 99.9%"),
        (1, "100\u00a0%", "100%"),
    ],
)
def test_a_share_has_as_many_digits_as_it_deserves(share: float, nb: str, en: str) -> None:
    assert (percent(share, "nb"), percent(share, "en")) == (nb, en)


def test_changes_have_a_sign() -> None:
    assert (change(1234), change(-5), change(0)) == ("+1\u202f234", "\u22125", "0")
    assert (percent_change(-0.02, "en"), percent_change(0.02, "nb")) == ("\u22122%", "+2\u00a0%")
    assert percent_change(1e-16, "en") == "0%"
    assert (times(1.25, "nb"), times(15.2, "en"), risk(0.2), risk(0.0)) == ("1,2", "15", "1/5", "–")
    assert count_text(1000000) == "1\u202f000\u202f000"


@pytest.mark.parametrize(
    ("most", "found"),
    [
        (0.27, [0, 0.1, 0.2, 0.3]),
        (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.042, [0, 0.01, 0.02, 0.03, 0.04, 0.05]),
    ],
)
def test_an_axis_has_round_numbers(most: float, found: list[float]) -> None:
    assert steps(most) == pytest.approx(found)
