"""The page of an audit: whole, quiet, readable in both languages, and without a single cell."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from hsr_privacy.auditing import AUDIT_RULES, Asked, Audit, Limits, audit_page
from hsr_privacy.auditing.definitions import DEFINITIONS
from hsr_privacy.auditing.machines import as_machines
from hsr_privacy.auditing.pictures import pictures_of
from hsr_privacy.auditing.writing import as_text
from tests.reading_pages import shown
from tests.unit.auditing.tables import CANARY, TABLE, audited, evidence, table
from tests.unit.charts.drawn import SVG, bars_of, told

NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
BEFORE = table(a=(5, "ab"), b=(7, "abc"), c=(10, "ab"), d=(3, "ab"))
"""All rows of which `TABLE` leaves out three."""


def made(kind: str) -> Audit:
    if kind == "alone":
        return audited()
    return audited(Limits(k=8, l={"ill": 3}, max_suppressed=0.2), original=BEFORE)


@pytest.fixture(scope="module", params=["alone", "with the original"])
def found(request: pytest.FixtureRequest) -> Audit:
    return made(request.param)


@pytest.fixture(scope="module")
def page(found: Audit) -> str:
    return audit_page(found, subtitle="HDS-1")


def test_a_page_is_well_formed(page: str) -> None:
    assert ET.fromstring(page).tag == "html"


def test_a_page_asks_nothing_of_the_network_and_runs_nothing(page: str) -> None:
    assert set(re.findall(r"https?://[^\s\"'<>)]+", page)) <= NAMESPACES
    assert not re.search(r"<script|javascript:|@import|url\((?!#)|\son\w+=", page)
    fetching = {"script", "link", "img", "image", "iframe", "object", "embed", "base", "form"}
    assert not fetching & {one.tag.rpartition("}")[2] for one in ET.fromstring(page).iter()}
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_a_doi_is_text_and_no_link(page: str) -> None:
    links = [one for one in ET.fromstring(page).iter() if "href" in one.attrib]
    assert "doi:10.1109/69.971193" in shown(page, "en")
    assert {one.attrib["href"][0] for one in links} == {"#"}


def test_every_id_is_there_once(page: str) -> None:
    ids = Counter(one.attrib["id"] for one in ET.fromstring(page).iter() if "id" in one.attrib)
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_link_leads_to_a_place_of_the_page(page: str) -> None:
    tree = ET.fromstring(page)
    ids = {one.attrib["id"] for one in tree.iter() if "id" in one.attrib}
    wanted = {one.attrib["href"][1:] for one in tree.iter() if "href" in one.attrib}
    assert len(wanted) > 20
    assert wanted <= ids


def test_pictures_link_to_the_rows_of_their_tables() -> None:
    tree = ET.fromstring(audit_page(made("with the original")))
    links = {one.attrib["href"] for one in tree.iter(f"{SVG}a")}
    assert {"#size-5", "#size-10"} <= links


def test_every_text_in_bokmal_is_followed_by_the_same_in_english(page: str) -> None:
    pairs = 0
    for parent in ET.fromstring(page).iter():
        children = list(parent)
        languages = [child.get("lang") for child in children]
        assert languages.count("nb") == languages.count("en")
        for number, child in enumerate(children):
            if child.get("lang") == "nb" and child.tag == "span":
                assert children[number + 1].get("lang") == "en"
                assert "".join(children[number + 1].itertext()).strip()
                pairs += 1
    assert pairs > 100


def test_every_reader_sees_one_language() -> None:
    page = audit_page(made("with the original"))
    nb, en = shown(page, "nb"), shown(page, "en")
    assert "bør ikke ut av huset" in nb
    assert "should not leave the house" not in nb
    assert "should not leave the house" in en
    assert "bør ikke ut av huset" not in en


def test_every_definition_is_there_in_both_languages(page: str) -> None:
    terms = {one.attrib["id"]: one for one in ET.fromstring(page).iter("dt") if "id" in one.attrib}
    assert set(terms) == {f"def-{key}" for key in DEFINITIONS}
    for key, one in DEFINITIONS.items():
        for language, text in (("nb", one.means.nb), ("en", one.means.en)):
            assert text in shown(page, language), key


def test_no_cell_is_in_the_page_the_figures_or_a_repr(found: Audit, page: str) -> None:
    assert CANARY in str(TABLE.rows())
    for text in (page, as_text(as_machines(found)), repr(found), repr(evidence())):
        assert CANARY not in text


def test_no_name_of_a_person_or_an_event_is_in_the_page() -> None:
    rows = TABLE.with_columns(
        person=f"{CANARY}-p" + pl.col("event"), event=f"{CANARY}-e" + pl.col("event")
    )
    found = audited(released=rows, original=rows, person="person")
    assert CANARY not in audit_page(found) + as_text(as_machines(found)) + repr(found)


def test_what_a_column_is_called_is_text_and_not_markup() -> None:
    hostile = "<script>alert('x')</script>"
    rows = TABLE.rename({"q": hostile})
    found = audited(released=rows, title=hostile, quasi_identifiers=(hostile, "r"))
    page = audit_page(found)
    assert "<script" not in page
    assert hostile in shown(page, "en")


def below_k(k: int, released: pl.DataFrame = TABLE) -> list[str]:
    """What is read out of the bars of classes that are too small."""
    pictures = pictures_of(audited(Limits(k=k), released=released))["sizes"]
    found = [one for one in re.findall(r"<svg.*?</svg>", pictures, re.DOTALL) if 'lang="en"' in one]
    bars, words = bars_of(found[0]), told(found[0])
    assert len(bars) == len(words)
    return [
        text
        for (colour, length), text in zip(bars, words, strict=True)
        if length and colour == "var(--bad)"
    ]


SMALL = table(a=(3, "ab"), b=(7, "abc"), c=(10, "ab"))


@pytest.mark.parametrize(
    ("k", "released", "sizes"),
    [
        (5, TABLE, []),
        (10, TABLE, ["5 to 9"]),
        (5, SMALL, ["3 persons"]),
        (10, SMALL, ["3 persons", "5 to 9"]),
    ],
)
def test_classes_below_k_stand_apart_in_the_picture(
    k: int, released: pl.DataFrame, sizes: list[str]
) -> None:
    said = below_k(k, released)
    assert [text.partition(" in classes of ")[2] for text in said] == sizes


def test_a_bin_whose_classes_all_reach_k_begins_at_k() -> None:
    rows = table(b=(7, "abc"), c=(10, "ab"))
    assert below_k(7, rows) == []
    picture = pictures_of(audited(Limits(k=7), released=rows))["sizes"]
    assert "classes of 7 to 9" in picture
    assert "classes of 5 to 9" not in picture


def test_a_bin_on_both_sides_of_k_is_not_parted_as_if_it_were_known() -> None:
    picture = pictures_of(audited(Limits(k=7)))["sizes"]
    assert below_k(7) == []
    assert "classes of 5 to 9" in picture


def luminance(colour: str) -> float:
    """Of a colour as #rrggbb. Source: WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    style = files("hsr_privacy.pages").joinpath("templates", "style.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    assert light.keys() == dark.keys()
    return {"light": light, "dark": dark}


GROUNDS = {
    **dict.fromkeys(
        ("--ink", "--accent"),
        ("--paper", "--wash", "--soft", "--good-wash", "--bad-wash", "--warn-wash"),
    ),
    "--quiet": ("--paper", "--wash"),
    "--good": ("--paper", "--wash", "--good-wash"),
    "--bad": ("--paper", "--wash", "--bad-wash"),
    "--warn": ("--paper", "--wash", "--warn-wash"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("colour", "ground"), [(c, g) for c, some in GROUNDS.items() for g in some]
)
def test_words_can_be_read_on_their_ground(scheme: str, colour: str, ground: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[colour], palette[ground]) >= 4.5


def test_a_definition_that_was_asked_for_is_in_ink_as_quiet_words_are_too_faint_there() -> None:
    dark = palettes()["dark"]
    assert contrast(dark["--quiet"], dark["--soft"]) < 4.5
    rule = re.search(r"dt:target, dt:target \+ dd, dt:target \+ dd \.quiet \{(.*?)\}", AUDIT_RULES)
    assert rule is not None
    assert "background: var(--soft); color: var(--ink)" in rule[1]


def test_the_contrast_of_black_and_white_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = [
        int(one.tag[1]) for one in ET.fromstring(page).iter() if re.fullmatch("h[1-6]", one.tag)
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_an_audit_with_nothing_but_rows_can_be_read() -> None:
    found = audited(Limits(), Asked(), sensitive=(), event=None)
    assert ET.fromstring(audit_page(found)).tag == "html"
