"""One look at a block of rows: all that is found, and what its whole cells would tell of a column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from hsr_privacy.scanning.blocks import Block, Hits, Int64s, table_of
from hsr_privacy.scanning.contacts import find_emails, find_phones
from hsr_privacy.scanning.coordinates import find_coordinates
from hsr_privacy.scanning.decoding import rewritten
from hsr_privacy.scanning.known import Known
from hsr_privacy.scanning.national import KNOWN, find_national
from hsr_privacy.scanning.runs import Runs, digit_runs, whole_rows

_WORD: Final = table_of(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" + bytes(range(0x80, 0x100))
)


@dataclass(frozen=True)
class Context:
    """What is known of a place before it is looked at.

    Attributes:
        known: identifiers to look up.
        phones: the values say of themselves that they are telephone numbers.
        strict: program text or a drawing, in which numbers mean nothing.
    """

    known: Known | None = None
    phones: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Seen:
    """What a block holds.

    Attributes:
        block: the rows, those that were written otherwise left out.
        runs: its runs of digits.
        hits: what was found, with the numbers of the rows.
    """

    block: Block
    runs: Runs
    hits: list[tuple[Hits, Int64s]] = field(repr=False)

    def whole(self) -> tuple[Int64s, Int64s]:
        """Rows that are one run of digits, and which; see `runs.whole_rows`."""
        return whole_rows(self.block, self.runs)


def look(block: Block, context: Context) -> Seen:
    """Look through a block."""
    pair = rewritten(block)
    block = pair[0] if pair else block
    runs = digit_runs(block.data)
    hits = _find(block, runs, context)
    if pair:
        hits += _find(pair[1], digit_runs(pair[1].data), context)
    return Seen(block, runs, hits)


def _find(block: Block, runs: Runs, context: Context) -> list[tuple[Hits, Int64s]]:
    strict = context.strict
    found = find_national(block, runs, known=context.known, strict=strict)
    found += find_phones(block, runs, told=context.phones, strict=strict)
    found += find_emails(block)
    found += find_coordinates(block, runs, strict=strict)
    if context.known and context.known.lengths:
        found += _known_words(block, context.known)
    return [(hits, block.numbers_at(hits.starts)) for hits in found]


def _known_words(block: Block, known: Known) -> list[Hits]:
    """Known identifiers that are no numbers, as a whole row or a whole word."""
    mask = np.zeros(len(block.data) + 2, dtype=bool)
    mask[1:-1] = _WORD[block.data]
    edges = np.flatnonzero(mask[1:] != mask[:-1])
    starts = np.concatenate([edges[::2], block.starts])
    ends = np.concatenate([edges[1::2], block.ends()])
    likely = np.isin(ends - starts, list(known.lengths))
    found = {
        start
        for start, end in zip(starts[likely].tolist(), ends[likely].tolist(), strict=True)
        if known.holds_word(block.text(start, end))
    }
    places = np.array(sorted(found), np.int64)
    marks = [hash((at, len(block.data))) for at in places.tolist()]
    return [Hits(KNOWN, "A", places, np.array(marks, np.int64))] if found else []
