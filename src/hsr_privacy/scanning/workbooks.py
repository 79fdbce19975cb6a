"""Excel workbooks: cells of every sheet, hidden ones by name, and strings that no cell shows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.markup import local, xml_parser
from hsr_privacy.scanning.parts import Column, Piece, Place, Table, Text
from hsr_privacy.scanning.reading import Counted, Spent
from hsr_privacy.tables import looks_like_a_name

BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS: Final = "xl/sharedstrings.xml"
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CELLS_AT_ONCE: Final = 200_000
_CHUNK: Final = 1 << 20
_LONGEST_NUMBER: Final = 1e15


@dataclass
class _Sheet:
    member: str
    shown: str
    hidden: bool


@dataclass
class _Reader:
    """The cells of one sheet, as its XML tells them."""

    strings: list[str] = field(repr=False)
    used: set[int] = field(repr=False)
    cells: dict[tuple[str, bool], tuple[list[str], list[int]]] = field(repr=False)
    hidden_columns: set[str]
    formulas: list[tuple[int, str]] = field(repr=False)
    count: int = 0
    _row: int = 0
    _row_hidden: bool = False
    _column: str = ""
    _kind: str = ""
    _into: str = ""
    _text: list[str] = field(default_factory=list, repr=False)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        name = local(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._row_hidden = attributes.get("hidden") in {"1", "true"}
            self._column = ""
        elif name == "c":
            match = _CELL.fullmatch(attributes.get("r", ""))
            self._column = match[1] if match else _after(self._column)
            self._kind = attributes.get("t", "n")
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns |= {
                _letters(at) for at in range(first, min(last, first + 16_384) + 1)
            }
        elif name in {"v", "t", "f"}:
            self._into, self._text = name, []

    def characters(self, text: str) -> None:
        """Text of a cell or a formula."""
        if self._into:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """A tag ends."""
        name = local(tag)
        if name not in {"v", "t", "f"}:
            return
        text, self._into = "".join(self._text), ""
        if name == "f":
            self.formulas.append((self._row, text))
            return
        if self._kind == "s" and name == "v":
            at = int(text)
            self.used.add(at)
            text = self.strings[at] if at < len(self.strings) else ""
        elif name == "v" and self._kind == "n":
            text = _number(text)
        hidden = self._row_hidden or self._column in self.hidden_columns
        texts, rows = self.cells.setdefault((self._column, hidden), ([], []))
        texts.append(text)
        rows.append(self._row)
        self.count += 1


def read_workbook(archive: zipfile.ZipFile, place: Place, spent: Spent) -> Iterator[Piece]:
    """The cells of every sheet by column, formulas, and shared strings that no cell shows.

    Everything else in the file, such as comments, names, headers, caches of pivot tables and
    properties, is XML that is read member by member like that of any archive.
    """
    names = {name.lower(): name for name in archive.namelist()}
    strings = _strings(archive, names, spent)
    used: set[int] = set()
    for sheet in _sheets(archive, names, spent):
        reader = _Reader(strings, used, {}, set(), [])
        for text in _parsed(archive, sheet.member, reader, spent):
            yield from _told(place, sheet, text)
        yield from _told(place, sheet, reader)
    left = [text for at, text in enumerate(strings) if at not in used]
    if left:
        yield Text(place, "strings that no cell shows", Block.of_texts(left))


def _told(place: Place, sheet: _Sheet, reader: _Reader) -> Iterator[Piece]:
    """The cells that were gathered; the reader forgets them."""
    columns = []
    for (letter, hidden), (texts, rows) in reader.cells.items():
        part = f"{sheet.shown}, {'hidden cells of ' if hidden and not sheet.hidden else ''}column {letter}"
        values = pa.array(texts, pa.large_string())
        columns.append(Column(part, texts[0] if rows[0] == 1 else "", values, np.array(rows)))
    yield Table(place, _aligned(columns))
    if reader.formulas:
        block = Block.of_texts(
            [text for _, text in reader.formulas], [row for row, _ in reader.formulas]
        )
        yield Text(place, f"{sheet.shown}, formulas", block, "row", strict=True)
    reader.cells, reader.formulas, reader.count = {}, [], 0


def _aligned(columns: list[Column]) -> list[Column]:
    """The same columns; those with the same rows share their numbers, as beside each other they may."""
    shared: dict[bytes, Any] = {}
    return [
        Column(
            one.part, one.name, one.values, shared.setdefault(one.numbers.tobytes(), one.numbers)
        )
        for one in columns
    ]


def _parsed(
    archive: zipfile.ZipFile, member: str, reader: _Reader, spent: Spent
) -> Iterator[_Reader]:
    """Parse one sheet, and give its reader whenever enough cells have been gathered."""
    parser = xml_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    with archive.open(member) as packed:
        file = Counted(packed, spent)
        while data := file.read(_CHUNK):
            parser.Parse(data, False)  # noqa: FBT003 - expat takes it by place only
            if reader.count >= _CELLS_AT_ONCE:
                yield reader
    parser.Parse(b"", True)  # noqa: FBT003 - as above


def _sheets(archive: zipfile.ZipFile, names: dict[str, str], spent: Spent) -> list[_Sheet]:
    """The sheets in the order of the book, and those that it does not list."""
    targets: dict[str, str] = {}
    listed: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif local(tag) == "sheet":
            listed.append({local(name): value for name, value in attributes.items()})

    for member in (_LINKS, BOOK):
        if member in names:
            parser = xml_parser()
            parser.StartElementHandler = start
            with archive.open(names[member]) as packed:
                parser.Parse(Counted(packed, spent).read(), True)  # noqa: FBT003 - as above
    sheets = []
    for number, one in enumerate(listed, start=1):
        target = targets.get(one.get("id", ""), "").removeprefix("/").lower()
        found = names.get(target if target.startswith("xl/") else f"xl/{target}")
        if found is not None and "/worksheets/" in found.lower():
            hidden = one.get("state", "visible") != "visible"
            named = f" '{one['name']}'" if looks_like_a_name(one.get("name", "")) else ""
            sheets.append(_Sheet(found, f"{'hidden ' * hidden}sheet {number}{named}", hidden))
    known = {sheet.member for sheet in sheets}
    others = [one for one in names.values() if _SHEET.fullmatch(one) and one not in known]
    return sheets + [
        _Sheet(member, f"unlisted sheet {number}", hidden=True)
        for number, member in enumerate(others, start=1)
    ]


def _strings(archive: zipfile.ZipFile, names: dict[str, str], spent: Spent) -> list[str]:
    strings: list[str] = []
    parts: list[str] = []
    inside = [False]

    def start(tag: str, _: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            parts.clear()
        inside[0] = name == "t"

    def end(tag: str) -> None:
        if local(tag) == "si":
            strings.append("".join(parts))
        inside[0] = False

    if _STRINGS in names:
        parser = xml_parser()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = lambda text: parts.append(text) if inside[0] else None
        with archive.open(names[_STRINGS]) as packed:
            file = Counted(packed, spent)
            while data := file.read(_CHUNK):
                parser.Parse(data, False)  # noqa: FBT003 - as above
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    return strings


def _number(text: str) -> str:
    """A number as it would be typed: 1.8100895E9 is 1810089500."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < _LONGEST_NUMBER else text


def _letters(number: int) -> str:
    """The letters of a column, 1 is A."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _after(letters: str) -> str:
    """The column behind another."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return _letters(number + 1)
