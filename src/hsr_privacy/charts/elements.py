"""Elements: what is kept of a picture that Vega drew, in the form in which a page may hold it."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from hsr_privacy.errors import DataError

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_BASE: Final = "https://vega.github.io/vega-datasets/"
"""What vl-convert puts before every link; nothing is asked for there, and nothing of it is kept."""
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+")
_SHAPES: Final = {"g", "path", "line", "rect", "circle", "text", "tspan", "a"}
_GEOMETRY: Final = {
    "d", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform",
}  # fmt: skip
_LOOKS: Final = {
    "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
    "stroke-linecap", "stroke-linejoin", "opacity", "text-anchor", "aria-hidden", "aria-label",
}  # fmt: skip
_SAYS_NOTHING: Final = {("opacity", "1"), ("transform", "translate(0,0)")}
_CLASS_OF_WORDS: Final = {"var(--quiet)": "faint", "var(--bad)": "alarm"}


def kept(found: ET.Element, name: str) -> list[ET.Element]:
    """An element as the page gets it, with what is in it; nothing if it shows nothing.

    Groups that only group are left out, and what is in them stands in their place.

    Args:
        found: as Vega wrote it.
        name: of the picture, for messages.
    Raises:
        DataError: it is no shape, words, group or link within the page.
    """
    kind = found.tag.removeprefix(_SVG)
    if kind not in _SHAPES:
        raise DataError(f"the picture {name!r} needs <{kind}>, which its page does not allow")
    if _shows_nothing(kind, found):
        return []
    inside = [one for child in found for one in kept(child, name)]
    if kind == "a":
        fragment = _fragment(found, name)
        return [_made("a", {"href": f"#{fragment}"}, inside)] if fragment else inside
    attributes = _attributes(found)
    if kind == "g":
        return [_made("g", attributes, inside)] if attributes and inside else inside
    if kind in ("text", "tspan"):
        words = _made(kind, _of_words(found, attributes), inside)
        words.text = found.text
        return [words]
    return [_shape(kind, attributes, inside)]


def _shows_nothing(kind: str, found: ET.Element) -> bool:
    if found.get("display") == "none":
        return True
    painted = any(found.get(one) is not None for one in ("fill", "stroke", "aria-label"))
    return kind == "path" and not (found.get("d") and painted)


def _attributes(found: ET.Element) -> dict[str, str]:
    """The attributes that are kept, places to a hundredth of a pixel: on every machine the same."""
    attributes = {
        key: _rounded(value) if key in _GEOMETRY else value
        for key, value in found.attrib.items()
        if key in _GEOMETRY | _LOOKS
    }
    return {key: value for key, value in attributes.items() if (key, value) not in _SAYS_NOTHING}


def _shape(kind: str, attributes: dict[str, str], inside: list[ET.Element]) -> ET.Element:
    """A shape, which is read out by its title and shows it when pointed at, unless it is hidden.

    The title takes the place of the label that Vega wrote: with both, readers say it twice.
    """
    named = attributes.pop("aria-label", None)
    if named is None or "aria-hidden" in attributes:
        return _made(kind, attributes, inside)
    attributes["role"] = "img"
    if "fill" not in attributes and "stroke" not in attributes:
        attributes["class"] = "hit"
    title = ET.Element("title")
    title.text = named
    return _made(kind, attributes, [title, *inside])


def _of_words(found: ET.Element, attributes: dict[str, str]) -> dict[str, str]:
    """The attributes of words, whose looks are classes of the page."""
    classes = [
        _CLASS_OF_WORDS.get(attributes.pop("fill", ""), ""),
        "strong" if found.get("font-weight") == "bold" else "",
        "over" if attributes.pop("stroke", "") else "",
    ]
    attributes.pop("stroke-width", None)
    looks = " ".join(one for one in classes if one)
    return {**attributes, "class": looks} if looks else attributes


def _fragment(found: ET.Element, name: str) -> str:
    """Where a link leads: Vega puts an address of its own before what was given."""
    address, sign, fragment = found.attrib.get(_LINK, "").partition("#")
    if address != _BASE or not sign:
        raise DataError(f"the picture {name!r} links out of its page; link to the id of a row")
    return fragment


def _made(kind: str, attributes: dict[str, str], inside: list[ET.Element]) -> ET.Element:
    made = ET.Element(kind, attributes)
    made.extend(inside)
    return made


def _rounded(geometry: str) -> str:
    return _NUMBER.sub(lambda number: f"{round(float(number.group()), 2) + 0.0:g}", geometry)
