"""Pages as their readers see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

OTHER: Final = {"nb": "en", "en": "nb"}
"""Of each language, the one that its readers do not see."""


def shown(page: str, language: str) -> str:
    """The text that a reader of one language sees, with plain blanks between its words."""

    def texts(element: ET.Element) -> Iterator[str]:
        if element.tag in ("style", "head") or element.get("lang") == OTHER[language]:
            return
        yield element.text or ""
        for child in element:
            yield from texts(child)
            yield child.tail or ""

    body = ET.fromstring(page).find("body")
    assert body is not None
    return re.sub(r"\s+", " ", " ".join(texts(body))).replace("\u202f", " ")
