"""A picture needs nothing but the page that it stands in."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import hsr_privacy.pages
from hsr_privacy.charts import NARROW, RULES, WIDE, Place, draw, for_page
from hsr_privacy.charts.drawing import _once
from hsr_privacy.errors import DataError
from tests.unit.charts.drawn import EVERY, SVG, kind, links, parsed, told

STYLE = Path(hsr_privacy.pages.__path__[0], "templates", "style.css").read_text(encoding="utf-8")
TAGS = {"svg", "title", "desc", "g", "path", "line", "text", "a"}
every = pytest.mark.parametrize("picture", EVERY.values(), ids=EVERY)


def spec(mark: object = "point", **more: object) -> dict[str, Any]:
    """One dot."""
    x = {"field": "x", "type": "quantitative", "axis": None}
    return {"data": {"values": [{"x": 1, **more}]}, "mark": mark, "encoding": {"x": x}}


def drawn(of: dict[str, Any], name: str = "one") -> str:
    return draw(of, title="title", told="what it shows", name=name)


@every
def test_a_picture_holds_shapes_words_and_links_and_nothing_else(picture: Any) -> None:
    elements = list(parsed(picture(Place("nb", "one"))).iter())
    assert {kind(element) for element in elements} <= TAGS
    attributes = {name for element in elements for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "id")} - {
        "id"
    }
    assert "font-family" not in attributes


@every
def test_the_only_address_in_a_picture_is_the_name_of_svg(picture: Any) -> None:
    text = picture(Place("en", "one"))
    assert re.findall(r"\w+://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in text
    assert all(link.startswith("#") for link in links(text))


@every
def test_every_colour_is_one_of_the_page(picture: Any) -> None:
    elements = list(parsed(picture(Place("nb", "one"))).iter())
    colours = {element.get(key) for element in elements for key in ("fill", "stroke")}
    named = {colour for colour in colours if colour not in (None, "none")}
    assert named
    for colour in named:
        assert re.fullmatch(r"var\(--\w+\)", colour or ""), colour
        assert f"{(colour or '')[4:-1]}:" in STYLE


def test_every_colour_of_the_rules_is_one_of_the_page() -> None:
    used = set(re.findall(r"var\((--\w+)\)", RULES))
    assert used == {name for name in used if f"{name}:" in STYLE} != set()


@every
def test_classes_in_a_picture_have_a_rule(picture: Any) -> None:
    elements = list(parsed(picture(Place("nb", "one", turn="wide"))).iter())
    classes = {name for element in elements for name in element.get("class", "").split()}
    assert "plot" in classes
    assert {name for name in classes if f".{name}" not in RULES} == set()


@every
def test_what_is_painted_is_either_read_out_or_hidden_from_readers(picture: Any) -> None:
    def unread(element: ET.Element) -> list[ET.Element]:
        if element.get("aria-hidden") == "true" or element.find(f"{SVG}title") is not None:
            return [] if kind(element) != "svg" else [one for c in element for one in unread(c)]
        own = [element] if kind(element) in ("path", "line", "text") else []
        return own + [one for child in element for one in unread(child)]

    assert unread(parsed(picture(Place("nb", "one")))) == []


@every
def test_a_mark_that_is_read_out_says_so_and_is_not_empty(picture: Any) -> None:
    root = parsed(picture(Place("en", "one")))
    named = [one for one in root.iter(f"{SVG}path") if one.find(f"{SVG}title") is not None]
    assert len(named) >= 2
    assert {one.get("role") for one in named} == {"img"}
    assert all(words.strip() for words in told(picture(Place("en", "one"))))


@every
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_same_numbers_give_the_same_bytes(picture: Any, language: Any) -> None:
    assert picture(Place(language, "one")) == picture(Place(language, "one"))


@every
def test_a_picture_is_read_out_by_its_title_and_what_it_shows(picture: Any) -> None:
    root = parsed(picture(Place("nb", "one")))
    assert root.get("role") == "group"
    by_id = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert set(by_id) == {root.get("aria-labelledby"), root.get("aria-describedby")}
    assert all(by_id.values())


@every
def test_a_page_shows_a_picture_by_language_and_by_the_width_of_the_window(picture: Any) -> None:
    both = for_page(picture, language="en", name="one")
    assert both is not None
    wide, narrow = map(parsed, both.splitlines())
    assert [wide.get("class"), narrow.get("class")] == ["plot wide", "plot narrow"]
    assert [wide.get("width"), narrow.get("width")] == [str(WIDE), str(NARROW)]
    assert {wide.get("lang"), narrow.get("lang")} == {"en"}
    ids = [element.get("id") for root in (wide, narrow) for element in root.iter()]
    known = [one for one in ids if one]
    assert len(known) == len(set(known)) == 4


def test_the_engine_is_loaded_when_something_is_drawn_and_not_before() -> None:
    code = "import sys, hsr_privacy.charts; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pictures_are_drawn_without_network(no_network: None) -> None:
    assert "<path" in drawn(spec())


def test_data_from_elsewhere_are_not_fetched() -> None:
    for url in ("https://example.org/cases.json", "file:///etc/hostname", "cases.csv"):
        with pytest.raises(DataError, match="from elsewhere"):
            drawn({**spec(), "data": {"url": url}})


def test_another_picture_inside_is_refused() -> None:
    given = spec("image", u="elsewhere.png")
    given["encoding"]["url"] = {"field": "u"}
    with pytest.raises(DataError):
        drawn(given)


def test_colours_that_need_a_definition_are_refused() -> None:
    stops = [{"offset": 0, "color": "red"}, {"offset": 1, "color": "blue"}]
    with pytest.raises(DataError, match="<defs>, which its page does not allow"):
        drawn(spec({"type": "bar", "fill": {"gradient": "linear", "stops": stops}}))


@pytest.mark.parametrize(
    "link", ["https://example.org/#row", "row.html", "//example.org/#a", "javascript:alert(1)"]
)
def test_a_link_out_of_the_page_is_refused(link: str) -> None:
    given = spec(link=link)
    given["encoding"]["href"] = {"field": "link", "type": "nominal"}
    with pytest.raises(DataError):
        drawn(given)


def test_a_link_in_the_page_stays() -> None:
    given = spec(link="#row-ærlig.1")
    given["encoding"]["href"] = {"field": "link", "type": "nominal"}
    assert links(drawn(given)) == ["#row-ærlig.1"]


def test_what_vega_cannot_draw_is_refused_without_quoting_it() -> None:
    with pytest.raises(DataError, match="cannot draw the picture 'one'") as refused:
        drawn(spec("nonsense", secret="Kari"))
    assert "Kari" not in str(refused.value)
    assert refused.value.__cause__ is refused.value.__context__ is None


def test_a_picture_after_one_that_could_not_be_drawn_is_its_own() -> None:
    for n in range(5):
        bad = spec(link="javascript:alert(1)")
        bad["encoding"]["href"] = {"field": "link", "type": "nominal"}
        with pytest.raises(DataError):
            drawn(bad)
        good = spec(words=f"picture {n}")
        good["encoding"]["description"] = {"field": "words", "type": "nominal"}
        assert told(drawn(good)) == [f"picture {n}"]


def test_a_drawing_of_something_else_is_never_taken() -> None:
    def asked(n: int, link: str | None) -> dict[str, Any]:
        given = spec(words=f"picture {n}", link=link)
        given["encoding"]["description"] = {"field": "words", "type": "nominal"}
        if link is not None:
            given["encoding"]["href"] = {"field": "link", "type": "nominal"}
        return given

    for n in range(5):
        assert _once(asked(n, "javascript:alert(1)")) is None
        for more, link in enumerate(("#a", None, "#a", None)):
            found = _once(asked(10 * n + more, link))
            assert found is None or f"picture {10 * n + more}" in found


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(number: float) -> None:
    with pytest.raises(DataError, match="not finite"):
        drawn(spec(y=number))


@pytest.mark.parametrize("name", ["", "1", "a b", 'a"', "æ"])
def test_a_name_that_cannot_begin_an_id_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="needs a name"):
        drawn(spec(), name)


def test_what_vega_calls_a_mark_is_its_title() -> None:
    given = spec(words='a <b> & "c"')
    given["encoding"]["description"] = {"field": "words", "type": "nominal"}
    assert told(drawn(given)) == ['a <b> & "c"']
