"""The crosswalk: the linking body joins pairs on their tokens, and forgets the tokens.

A person may have several tokens, where an identifier changed: all that share a token are one.
Where that makes one person of two pseudonyms of the same registry, somebody is wrong, and the
whole group is left out and counted.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from hsr_privacy.errors import DataError, GateRefused
from hsr_privacy.pseudonymization.text_form import text_column

STUDY: Final = "s"

Node = tuple[int, str]


@dataclass(frozen=True)
class Reconciled:
    """What a join gave.

    Attributes:
        crosswalk: rows of pseudonyms, one column for each registry (empty where it does not know
            the person), and a study id that is drawn for this join alone; in its order.
        counts: of the whole, in words.
    """

    crosswalk: bytes = field(repr=False)
    counts: dict[str, int]


def reconcile(
    registries: Sequence[str],
    pairs: Sequence[Sequence[tuple[str, str]]],
    *,
    expected: tuple[int, int] | None = None,
) -> Reconciled:
    """Join the pairs of registries.

    Args:
        registries: name of each, for the columns; all different.
        pairs: of each registry, tokens and pseudonyms.
        expected: how many persons all registries should have in common, given before anybody
            looked; at least and at most.

    Raises:
        DataError: fewer than two registries, or two of one name.
        GateRefused: the number in common is not as expected; nothing is given out.
    """
    if not 2 <= len(registries) == len(set(registries)) == len(pairs):
        raise DataError("name at least two registries, each once, and give the pairs of each")
    groups = _groups(pairs)
    counts: dict[str, int] = {}
    for name, rows in zip(registries, pairs, strict=True):
        counts[f"{name}: rows"] = len(rows)
        counts[f"{name}: persons"] = len({pseudonym for _, pseudonym in rows})
        counts[f"{name}: duplicate rows"] = len(rows) - len(set(rows))
    kept, contradictory = [], 0
    unmatched = dict.fromkeys(registries, 0)
    matched = changed = 0
    for nodes, tokens in groups:
        places = [place for place, _ in nodes]
        if len(set(places)) != len(places):
            contradictory += 1
            continue
        kept.append(dict(nodes))
        matched += len(places) == len(registries)
        changed += len(places) > 1 and len(tokens) > 1
        if len(places) == 1:
            unmatched[registries[places[0]]] += 1
    counts["matched in all"] = matched
    for name, number in unmatched.items():
        counts[f"{name}: unmatched"] = number
    counts["matched with more than one identifier"] = changed
    counts["contradictory, left out"] = contradictory
    if expected is not None and not expected[0] <= matched <= expected[1]:
        raise GateRefused(
            f"{matched} persons are in all registries, and {expected[0]} to {expected[1]} were "
            "expected; compare keys, profiles and cohorts before anything is given out"
        )
    return Reconciled(_written(registries, kept), counts)


def _groups(
    pairs: Sequence[Sequence[tuple[str, str]]],
) -> list[tuple[list[Node], set[str]]]:
    """Nodes (registry, pseudonym) that tokens connect, and the tokens of each group."""
    into: dict[Node, Node] = {}

    def top(node: Node) -> Node:
        while into.setdefault(node, node) != node:
            into[node] = into[into[node]]
            node = into[node]
        return node

    first_of: dict[str, Node] = {}
    for place, rows in enumerate(pairs):
        for token, pseudonym in rows:
            node = (place, pseudonym)
            into[top(node)] = top(first_of.setdefault(token, node))
    nodes: dict[Node, list[Node]] = defaultdict(list)
    for node in list(into):
        nodes[top(node)].append(node)
    tokens: dict[Node, set[str]] = defaultdict(set)
    for token, node in first_of.items():
        tokens[top(node)].add(token)
    return [(members, tokens[head]) for head, members in nodes.items()]


def _written(registries: Sequence[str], rows: Sequence[dict[int, str]]) -> bytes:
    drawn = pa.array([secrets.token_bytes(16) for _ in rows], pa.binary())
    studies = text_column(drawn).to_pylist() if rows else []
    lines = sorted(
        [study, *(row.get(place, "") for place in range(len(registries)))]
        for study, row in zip(studies, rows, strict=True)
    )
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([[STUDY, *registries], *lines])
    return text.getvalue().encode()
