"""Turtle: triples as text, the same bytes for the same triples in the same order.

Only what a description needs: addresses, texts with a language, and literals with a type. There are no
blank nodes, because each would need a name that means nothing.

Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from hsr_privacy.errors import DataError
from hsr_privacy.metadata.vocabulary import NAMESPACES, term

_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_TYPE: Final = term("rdf:type")
_ESCAPES: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


@dataclass(frozen=True)
class Iri:
    """A node with an address."""

    address: str

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.address):
            raise DataError("a web address is not one; write it whole, with https://")


@dataclass(frozen=True)
class Literal:
    """A text with its language, or a value with the address of its type; plain where it has neither."""

    text: str
    language: str | None = None
    datatype: str | None = None


Node: TypeAlias = Iri | Literal
Triple: TypeAlias = tuple[Iri, Iri, Node]


def as_turtle(triples: Iterable[Triple]) -> str:
    """Write triples; subjects and what is said of them stand in the order given, each triple once."""
    told: dict[Iri, dict[Iri, dict[Node, None]]] = {}
    for subject, predicate, value in triples:
        told.setdefault(subject, {}).setdefault(predicate, {})[value] = None
    parts = [_subject(subject, said) for subject, said in told.items()]
    body = "\n".join(parts)
    prefixes = "".join(
        f"@prefix {name}: <{address}> .\n"
        for name, address in NAMESPACES.items()
        if f"{name}:" in body
    )
    return f"{prefixes}\n{body}"


def _subject(subject: Iri, said: dict[Iri, dict[Node, None]]) -> str:
    lines = [
        f"    {_predicate(predicate)} {', '.join(_node(one) for one in values)}"
        for predicate, values in said.items()
    ]
    return f"{_node(subject)}\n" + " ;\n".join(lines) + " .\n"


def _predicate(predicate: Iri) -> str:
    return "a" if predicate.address == _TYPE else _node(predicate)


def _node(node: Node) -> str:
    if isinstance(node, Iri):
        return _short(node.address)
    text = "".join(_ESCAPES.get(sign) or _plain(sign) for sign in node.text)
    if node.language is not None:
        return f'"{text}"@{node.language}'
    return f'"{text}"' if node.datatype is None else f'"{text}"^^{_short(node.datatype)}'


def _short(address: str) -> str:
    for name, start in NAMESPACES.items():
        local = address.removeprefix(start)
        if local != address and _LOCAL.fullmatch(local):
            return f"{name}:{local}"
    return f"<{address}>"


def _plain(sign: str) -> str:
    return sign if sign >= " " and sign != "\x7f" else f"\\u{ord(sign):04X}"
