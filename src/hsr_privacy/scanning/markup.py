"""HTML and XML: text, comments and attributes, each for itself."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from xml.parsers import expat

import numpy as np

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.parts import Piece, Place, Text
from hsr_privacy.scanning.reading import NotLooked, Source, lines_of, raw_chunks, text_chunks

_LARGEST: Final = 64 << 20
_TEXT, _CODE, _COMMENTS, _WORDS, _ATTRIBUTES = (
    "text",
    "scripts and styles",
    "comments",
    "attributes that are read",
    "attributes",
)
_STRICT: Final = frozenset((_CODE, _ATTRIBUTES))
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "big",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "mark",
        "r",
        "rPh",
        "rPr",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "t",
        "tspan",
        "u",
        "var",
        "wbr",
    ]
)
_READ: Final = frozenset(
    ("alt", "aria-label", "content", "href", "label", "placeholder", "summary", "title", "value")
)
_ITEMS_AT_ONCE: Final = 100_000


class _Gathered:
    """Texts by part, each with its line."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._open: list[str] = []
        self._line = 1
        self._parts: dict[str, tuple[list[str], list[int]]] = {}
        self.count = 0

    def say(self, part: str, text: str, line: int) -> None:
        """Take a text."""
        if text.strip():
            texts, lines = self._parts.setdefault(part, ([], []))
            texts.append(text)
            lines.append(line)
            self.count += 1

    def run_on(self, text: str, line: int) -> None:
        """Take a text that may go on behind the next tag."""
        if not self._open:
            self._line = line
        self._open.append(text)

    def stop(self) -> None:
        """What comes now does not go on."""
        if self._open:
            self.say(_TEXT, "".join(self._open), self._line)
            self._open = []

    def attribute(self, name: str, value: str, line: int) -> None:
        """Take an attribute."""
        read = name in _READ or name.startswith(("data-", "aria-"))
        self.say(_WORDS if read else _ATTRIBUTES, value, line)

    def pieces(self) -> Iterator[Piece]:
        """Give all that was taken, and begin anew."""
        for part, (texts, lines) in self._parts.items():
            block = Block.of_texts(texts, np.array(lines))
            yield Text(self._place, part, block, "line", strict=part in _STRICT)
        self._parts, self.count = {}, 0


class _Page(HTMLParser):
    def __init__(self, gathered: _Gathered) -> None:
        super().__init__(convert_charrefs=True)
        self._gathered = gathered
        self._code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        for name, value in attrs:
            self._gathered.attribute(name, value or "", line)
        if tag not in _INLINE:
            self._gathered.stop()
        self._code = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self._gathered.stop()
        self._code = False

    def handle_data(self, data: str) -> None:
        line = self.getpos()[0]
        if self._code:
            for at, one in enumerate(data.split("\n")):
                self._gathered.say(_CODE, one, line + at)
        else:
            self._gathered.run_on(data, line)

    def handle_comment(self, data: str) -> None:
        self._gathered.say(_COMMENTS, data, self.getpos()[0])

    def handle_decl(self, decl: str) -> None:
        self._gathered.say(_COMMENTS, decl, self.getpos()[0])

    def handle_pi(self, data: str) -> None:
        self._gathered.say(_COMMENTS, data, self.getpos()[0])

    def unknown_decl(self, data: str) -> None:
        self._gathered.say(_COMMENTS, data, self.getpos()[0])


def read_html(source: Source, place: Place, encoding: str) -> Iterator[Piece]:
    """Text, comments, attributes, scripts and styles of a page; a huge one line by line."""
    read = b"".join(_bounded(text_chunks(source, encoding)))
    if len(read) > _LARGEST:
        yield from lines_of(text_chunks(source, encoding), place, "text")
        return
    gathered = _Gathered(place)
    page = _Page(gathered)
    page.feed(_decoded(read))
    page.close()
    gathered.stop()
    yield from gathered.pieces()


def read_xml(source: Source, place: Place, encoding: str) -> Iterator[Piece]:
    """Text, comments and attributes of an XML document.

    Raises:
        NotLooked: it has a document type, by which a small file can grow to fill the memory.
        xml.parsers.expat.ExpatError: it is not well formed.
    """
    gathered = _Gathered(place)
    parser = xml_parser(None if not encoding.startswith("utf-8") else "utf-8")

    def start(tag: str, attributes: list[str]) -> None:
        line = parser.CurrentLineNumber
        for at in range(0, len(attributes), 2):
            gathered.attribute(attributes[at], attributes[at + 1], line)
        if local(tag) not in _INLINE:
            gathered.stop()

    def end(tag: str) -> None:
        if local(tag) not in _INLINE:
            gathered.stop()

    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: gathered.run_on(text, parser.CurrentLineNumber)
    parser.CommentHandler = lambda text: gathered.say(_COMMENTS, text, parser.CurrentLineNumber)
    parser.ProcessingInstructionHandler = lambda _, text: gathered.say(
        _COMMENTS, text, parser.CurrentLineNumber
    )
    for chunk in raw_chunks(source):
        parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place only
        if gathered.count > _ITEMS_AT_ONCE:
            yield from gathered.pieces()
    parser.Parse(b"", True)  # noqa: FBT003 - as above
    gathered.stop()
    yield from gathered.pieces()


def xml_parser(encoding: str | None = None) -> Any:
    """A parser that refuses document types, and gives adjoining text in one piece."""
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def local(tag: str) -> str:
    """The name of a tag without its prefix."""
    return tag.rpartition(":")[2]


def _refuse(*_declared: object) -> None:
    raise NotLooked("XML with a document type, which can be made to fill the memory; take it out")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        yield chunk
        total += len(chunk)
        if total > _LARGEST:
            return
