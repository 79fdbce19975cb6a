"""JSON: values by the keys that lead to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.parts import Column, Piece, Place, Table, Text
from hsr_privacy.scanning.reading import Source, cut, lines_of, text_chunks
from hsr_privacy.tables import looks_like_a_name

_LARGEST: Final = 64 << 20
_ROOT: Final = "the whole"
_DEEPEST: Final = 200
_ITEM: Final = "[]"

Path = tuple[str, ...]


class _Pairs(list[tuple[str, Any]]):
    """Keys and values of an object, keys that stand twice among them."""


def read_json(source: Source, place: Place, encoding: str) -> Iterator[Piece]:
    """The keys and values of a JSON document; one that is no JSON, or too large, line by line."""
    read = b"".join(_bounded(text_chunks(source, encoding)))
    if len(read) <= _LARGEST:
        try:
            tree = json.loads(read.decode("utf-8-sig"), object_pairs_hook=_Pairs, parse_float=str)
        except (ValueError, RecursionError):
            pass
        else:
            yield from _values([(1, tree)], place, unit="item")
            return
    yield from lines_of(text_chunks(source, encoding), place, "text")


def read_json_lines(source: Source, place: Place, encoding: str) -> Iterator[Piece]:
    """The keys and values of one JSON document a line; lines that are none as they stand."""
    number = 1
    for data in cut(text_chunks(source, encoding), lines=True):
        trees, others = [], []
        for at, line in enumerate(data.splitlines(), start=number):
            try:
                text = line.decode("utf-8-sig")
                trees.append((at, json.loads(text, object_pairs_hook=_Pairs, parse_float=str)))
            except (ValueError, RecursionError):
                others.append((at, line.decode("utf-8", "replace")))
        number += data.count(b"\n")
        yield from _values(trees, place, unit="line")
        if others:
            numbers, texts = zip(*others, strict=True)
            yield Text(
                place, "lines that are no JSON", Block.of_texts(texts, np.array(numbers)), "line"
            )


def _values(trees: list[tuple[int, Any]], place: Place, *, unit: str) -> Iterator[Piece]:
    """Columns of values by their path; an item's number is its place among those of its path."""
    columns: dict[Path, tuple[list[str], list[int]]] = {}
    keys: dict[str, int] = {}
    for number, tree in trees:
        _walk(tree, (), number if unit == "line" else None, columns, keys)
    if keys:
        yield Text(place, "keys", Block.of_texts(list(keys), list(keys.values())), unit)
    for path, (texts, numbers) in columns.items():
        where = np.array(numbers, np.int64)
        name = next((key for key in reversed(path) if key not in {_ITEM, "?"}), "")
        yield Table(
            place, [Column(_shown(path), name, pa.array(texts, pa.large_string()), where)], unit
        )


def _walk(
    tree: Any,
    path: Path,
    number: int | None,
    columns: dict[Path, tuple[list[str], list[int]]],
    keys: dict[str, int],
) -> None:
    """Take every key and value of a tree; without recursion, for it may be deep."""
    waiting: list[tuple[Any, Path]] = [(tree, path)]
    while waiting:
        value, where = waiting.pop()
        if isinstance(value, _Pairs):
            for key, _ in value:
                keys.setdefault(key, number or len(keys) + 1)
            waiting += [(below, _deeper(where, key)) for key, below in reversed(value)]
        elif isinstance(value, list):
            waiting += [(below, _deeper(where, _ITEM)) for below in reversed(value)]
        elif value is not None and not isinstance(value, bool):
            texts, numbers = columns.setdefault(where, ([], []))
            texts.append(str(value).encode("utf-8", "replace").decode())
            numbers.append(number or len(texts))


def _deeper(path: Path, key: str) -> Path:
    """The path of what lies below a key; keys that may be cells are all alike."""
    known = key if key == _ITEM or looks_like_a_name(key) else "?"
    return (*path, known) if len(path) < _DEEPEST else path


def _shown(path: Path) -> str:
    """``key 'rows[].alder'``."""
    text = "".join(key if key == _ITEM else f".{key}" for key in path)
    return f"key '{text.removeprefix('.')}'" if text else _ROOT


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Chunks until there are more bytes than a tree is made of."""
    total = 0
    for chunk in chunks:
        yield chunk
        total += len(chunk)
        if total > _LARGEST:
            return
