"""Drawing: a Vega-Lite specification becomes an element that a page can hold.

Vega-Lite draws when the page is written, so the page needs no script. Of what it draws, shapes, words
and the names of the marks are kept; fonts, classes and addresses are the house's or nobody's.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from hsr_privacy.charts.elements import kept
from hsr_privacy.errors import DataError

VERSION: Final = "5.20"
"""Of Vega-Lite; vl-convert brings it along."""

_QUIET: Final = 10
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NOT_TEXT: Final = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    "\U00010000-\U0010ffff]"
)
"""What XML may not hold, and marks that would turn the direction of the words around it."""
_HOUSE: Final[dict[str, Any]] = {
    "background": None,
    "view": {"stroke": None, "fill": None},
    "axis": {
        "aria": False,
        "domainColor": "var(--quiet)",
        "tickColor": "var(--quiet)",
        "gridColor": "var(--line)",
        "labelColor": "var(--quiet)",
        "titleColor": "var(--quiet)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelOverlap": False,
        "labelFlush": False,
        "labelBound": False,
    },
    "text": {"fontSize": 12, "color": "var(--ink)", "baseline": "alphabetic"},
    "mark": {"color": "var(--accent)", "tooltip": None},
}


def draw(
    spec: Mapping[str, object],
    *,
    title: str,
    told: str,
    name: str,
    language: str = "",
    turn: str = "",
) -> str:
    """The picture of a specification, as an ``<svg>`` element for a page that has `RULES`.

    Readers hear the title, what is told, and then each mark by its ``description``, which is also
    shown when the mark is pointed at. A mark with ``href`` is a link to an id of the page, such as
    ``#row-3``; with ``#`` alone it is none.

    Args:
        spec: of Vega-Lite, with its data inside. Colours are the page's, as ``var(--accent)``. Names
            from outside may be values of the data but not names of fields, in which Vega reads dots
            and brackets.
        title: of the picture; not drawn.
        told: what it shows, for who cannot see it; not drawn.
        name: begins its ids, and is used once in a page.
        language: of the words, ``nb`` or ``en``; a page in two languages shows one of them.
        turn: ``wide`` or ``narrow`` if only such windows show it.
    Returns:
        the same bytes for the same specification, without script, style or address.
    Raises:
        DataError: it cannot be drawn, reads data from elsewhere, or would need another file.
    Source: Satyanarayan et al. 2017 (Vega-Lite), doi:10.1109/TVCG.2016.2599030.
    """
    if not _NAME.fullmatch(name):
        raise DataError("a picture needs a name of letters, digits, - and _, to begin its ids with")
    drawn = _by_vega(json.dumps({key: _plain(value, name) for key, value in spec.items()}), name)
    root = ET.fromstring(drawn)  # noqa: S314 - it was written a line ago, from plain data
    made = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"plot {turn}".strip(),
            "viewBox": root.attrib["viewBox"],
            "width": root.attrib["width"],
            "height": root.attrib["height"],
            "role": "group",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-told",
        },
    )
    if language:
        made.set("lang", language)
    ET.SubElement(made, "title", {"id": f"{name}-title"}).text = _text(title)
    ET.SubElement(made, "desc", {"id": f"{name}-told"}).text = _text(told)
    made.extend([one for child in root for one in kept(child, name)])
    return ET.tostring(made, encoding="unicode")


@lru_cache(maxsize=256)
def _by_vega(text: str, name: str) -> str:
    """What Vega draws of a specification as JSON; the same is drawn once.

    vl-convert 1.9 keeps an error of JavaScript for the next picture too, and may give that one the
    drawing of the one before. So every drawing carries a digest of what was asked for in its classes.
    One that fails or is not its own is drawn again, after empty pictures until all is quiet.
    """
    spec = json.loads(text)
    for _ in range(2):
        drawn = _once(spec)
        if drawn is not None:
            return drawn
        for n in range(_QUIET):
            if _once({"data": {"values": []}, "mark": "point", "usermeta": n}) is not None:
                break
    raise DataError(f"Vega-Lite cannot draw the picture {name!r}; look at its marks")


def _once(spec: dict[str, Any]) -> str | None:
    """The drawing of a specification, or None if there is an error or it is another's."""
    import vl_convert

    asked = "d" + hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:24]
    try:
        drawn: str = vl_convert.vegalite_to_svg(
            {**spec, "name": asked}, vl_version=VERSION, config=_HOUSE, allowed_base_urls=[]
        )
    except ValueError:  # its message may quote what was to be drawn
        return None
    return drawn if asked in drawn else None


def _plain(value: object, name: str) -> Any:
    """A part of a specification with nothing in it that XML or Vega could stumble over."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        if "url" in value:
            raise DataError(f"the picture {name!r} asks for data from elsewhere; hand them over")
        return {str(key): _plain(inside, name) for key, inside in value.items()}
    if isinstance(value, Sequence):
        return [_plain(inside, name) for inside in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise DataError(f"the picture {name!r} holds a number that is not finite")
    return value


def _text(words: str) -> str:
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", words)
