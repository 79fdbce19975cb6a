"""Plant flaws: choose the records, change them, and tell each change in the ledger.

A record has one flaw at most, so no flaw hides another; the one thing that hides others is a file
that cannot be decoded, and the ledger says so. What is not in the ledger is as it would be without
flaws, byte by byte: chance has a stream of its own, which no simulated event is drawn from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.flaws.choosing import choose_records, choose_variants
from hsr_privacy.flaws.draft import Act, Draft, Patch, Variant
from hsr_privacy.flaws.kinds import KINDS, Kind
from hsr_privacy.flaws.ledger import ACCEPTS, REFUSES, REFUSES_LATER, SCHEMA
from hsr_privacy.flaws.letters import (
    columns_with_letters,
    has_letters,
    readable_in_windows_1252,
    windows_1252_bytes,
    windows_1252_file,
)
from hsr_privacy.flaws.plan import Dirt
from hsr_privacy.flaws.sheet import Cells, Int64s, Sheet, no_rows
from hsr_privacy.registry.layouts import Layout

_FIRST_ROW = 2  # row 1 is the heading


@dataclass(frozen=True)
class Planting:
    """Forms with flaws.

    Attributes:
        sheets: what each file holds.
        ledger: see `hsr_privacy.flaws.ledger.SCHEMA`.
        not_in_layout: per kind that the layout cannot have, why.
        secrets: what was written that must be found nowhere in an extract, by what it is.
    """

    sheets: tuple[Sheet, ...]
    ledger: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA))
    not_in_layout: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, set[str]] = field(default_factory=dict)


def plant_flaws(
    tables: Mapping[Source, pl.DataFrame],
    dirt: Dirt,
    *,
    layout: Layout,
    encodings: Mapping[Source, str],
    codebook: Codebook,
    seed: int,
) -> Planting:
    """Plant flaws in the forms of a simulated register.

    Args:
        tables: the clean forms, typed.
        dirt: how many records have a flaw, and how often each kind is.
        layout: in which they will be written.
        encodings: of each form's file.
        codebook: says what each column is.
        seed: of the register; the same seed gives the same flaws.
    """
    streams = np.random.SeedSequence(seed).spawn(1)[0].spawn(len(tables) + 1)
    chance = [np.random.Generator(np.random.PCG64(stream)) for stream in streams]
    drafts = {
        form: Draft(form, table, tables, layout, encodings[form], codebook, rng)
        for (form, table), rng in zip(tables.items(), chance[1:], strict=True)
    }
    absent = {kind.name: why for kind in KINDS if (why := kind.missing_from(layout))}
    present = [kind for kind in KINDS if kind.name not in absent]
    lines, whole = _badly_encoded(drafts, dirt, absent, chance[0])
    sheets: list[Sheet] = []
    entries: list[pl.DataFrame] = []
    secrets: dict[str, set[str]] = {}
    for form, draft in drafts.items():
        kinds = [
            kind for kind in present if kind.variants is not windows_1252_bytes or form in lines
        ]
        made = _Made(draft, form in whole)
        made.plant(kinds, dirt)
        sheets += made.sheets()
        entries.append(made.ledger())
        for name, values in made.secrets.items():
            secrets.setdefault(name, set()).update(values)
    return Planting(tuple(sheets), pl.concat(entries), absent, secrets)


def _badly_encoded(
    drafts: Mapping[Source, Draft],
    dirt: Dirt,
    absent: Mapping[str, str],
    rng: np.random.Generator,
) -> tuple[set[Source], set[Source]]:
    """Forms with lines in another encoding, and forms that are wholly in it.

    Where that makes a file unreadable, one form has such lines: the others stay readable.
    """
    lettered = [form for form, draft in drafts.items() if has_letters(draft).any()]
    order = [lettered[place] for place in rng.permutation(len(lettered))]
    harmless = all(readable_in_windows_1252(draft) for draft in drafts.values())
    lines = set(order) if harmless else set(order[:1])
    whole = () if windows_1252_file.__name__ in absent else order[1 : 1 + dirt.whole_files]
    return lines, set(whole)


@dataclass
class _Made:
    """One form on its way: what was changed, copied, kept back, and told."""

    draft: Draft
    whole: bool
    secrets: dict[str, set[str]] = field(default_factory=dict)
    _typed: list[tuple[Int64s, Mapping[str, pl.Series]]] = field(default_factory=list)
    _by_hand: dict[str, list[tuple[Int64s, pl.Series]]] = field(default_factory=dict)
    _copies: list[pl.DataFrame] = field(default_factory=list)
    _copied: list[Int64s] = field(default_factory=list)
    _late: list[Int64s] = field(default_factory=list)
    _bytes: list[Int64s] = field(default_factory=list)
    _told: list[dict[str, Any]] = field(default_factory=list)
    _places: tuple[Int64s, Int64s] | None = None

    def plant(self, kinds: list[Kind], dirt: Dirt) -> None:
        """Choose records and change them, kind by kind."""
        offers = {kind.name: list(kind.variants(self.draft)) for kind in kinds}
        offers = {name: variants for name, variants in offers.items() if variants}
        chosen = choose_records(
            {name: np.logical_or.reduce([v.where for v in made]) for name, made in offers.items()},
            weights=dirt.weights,
            share=dirt.share,
            size=self.draft.table.height,
            rng=self.draft.rng,
        )
        for name, rows in chosen.items():
            for variant, some in choose_variants(offers[name], rows, self.draft.rng):
                self._take(name, variant, some)

    def _take(self, name: str, variant: Variant, rows: Int64s) -> None:
        patch = variant.patch(rows)
        for what, values in patch.secrets.items():
            self.secrets.setdefault(what, set()).update(values)
        places = rows
        if variant.act is Act.COPY:
            places = self._copy(rows, patch)
        elif variant.act is Act.LATE:
            self._late.append(rows)
        elif variant.act is Act.BYTES:
            self._bytes.append(rows)
        else:
            self._change(rows, patch)
        if variant.act is Act.BYTES:
            columns = columns_with_letters(self.draft, rows)
        else:
            columns = self._changed(rows, patch)
        hidden = self.draft.encoding == "utf-8" and not readable_in_windows_1252(self.draft)
        self._told.append({
            "kind": name, "how": variant.how, "places": places, "source": rows,
            "copy": variant.act is Act.COPY, "columns": columns, "rule": variant.rule,
            "detector": variant.detector, "refused": variant.refused,
            "behind": hidden and variant.act is not Act.BYTES,
        })  # fmt: skip

    def _change(self, rows: Int64s, patch: Patch) -> None:
        typed = {}
        for name, values in patch.cells.items():
            if values.dtype == self.draft.table.schema[name]:
                typed[name] = values
            else:
                self._by_hand.setdefault(name, []).append((rows, values))
        self._typed.append((rows, typed))

    def _copy(self, rows: Int64s, patch: Patch) -> Int64s:
        """Copies behind all rows, for now; gives where they stand there."""
        before = self.draft.table.height + sum(map(len, self._copied))
        changed = [values.alias(name) for name, values in patch.cells.items()]
        self._copies.append(self.draft.table[rows].with_columns(changed))
        self._copied.append(rows)
        return np.arange(before, before + len(rows))

    def _changed(self, rows: Int64s, patch: Patch) -> list[list[str]]:
        """Per row, the columns in which something else stands now."""
        names = list(patch.cells)
        differs = []
        for name, values in patch.cells.items():
            clean = self.draft.cells(name, rows)
            other = values.dtype != clean.dtype
            differs.append(
                np.ones(len(rows), bool) if other else clean.ne_missing(values).to_numpy()
            )
        if all(one.all() for one in differs):
            return [names] * len(rows)
        return [
            [name for name, told in zip(names, row, strict=True) if told]
            for row in zip(*differs, strict=True)
        ]

    def sheets(self) -> Iterator[Sheet]:
        """The file, and the one that comes later if there is any."""
        height = self.draft.table.height
        table = pl.concat([_scattered(self.draft.table, self._typed), *self._copies])
        kept_back = _joined(self._late)
        copies = table.height - height
        at = np.concatenate([
            np.arange(height, dtype=np.float64),
            self.draft.rng.integers(0, height + 1, copies) - 0.5,
        ])  # fmt: skip
        order = np.argsort(at, kind="stable")
        is_late = np.zeros(table.height, bool)
        is_late[kept_back] = True
        row = np.empty(table.height, np.int64)
        for late in (False, True):
            rows = order[is_late[order] == late]
            row[rows] = np.arange(len(rows)) + _FIRST_ROW
            if late and not len(rows):
                continue
            yield Sheet(
                self.draft.form,
                table[rows],
                late=late,
                by_hand={} if late else self._hand_written(row),
                windows_1252=no_rows() if late else np.sort(row[_joined(self._bytes)] - _FIRST_ROW),
                whole_in_windows_1252=self.whole and not late,
            )
        self._places = row, is_late.astype(np.int64)

    def _hand_written(self, row: Int64s) -> dict[str, Cells]:
        result = {}
        for name, parts in self._by_hand.items():
            rows = row[_joined([rows for rows, _ in parts])] - _FIRST_ROW
            order = np.argsort(rows)
            text = pl.concat([values.alias(name) for _, values in parts])
            result[name] = Cells(rows[order], text.gather(order))
        return result

    def ledger(self) -> pl.DataFrame:
        """One row per flaw, after the sheets have been made."""
        assert self._places is not None
        row, is_late = self._places
        unreadable = self.whole or bool(self._bytes)
        parts = [pl.DataFrame(schema=SCHEMA)]
        for told in self._told:
            refuses = REFUSES_LATER if told["behind"] and unreadable else REFUSES
            size = len(told["places"])
            parts.append(pl.DataFrame({
                "kind": [told["kind"]] * size, "how": [told["how"]] * size,
                "form": [str(self.draft.form)] * size, "late": is_late[told["places"]] == 1,
                "row": row[told["places"]], "clean_row": told["source"] + _FIRST_ROW,
                "of_row": row[told["source"]] if told["copy"] else [None] * size,
                "columns": told["columns"], "rule": [told["rule"]] * size,
                "detector": [told["detector"]] * size,
                "reader": [refuses if told["refused"] else ACCEPTS] * size,
            }, schema=SCHEMA))  # fmt: skip
        if self.whole:
            parts.append(pl.DataFrame({
                "kind": [windows_1252_file.__name__], "how": [""],
                "form": [str(self.draft.form)], "late": [False], "row": [None],
                "clean_row": [None], "of_row": [None], "columns": [[]], "rule": [""],
                "detector": ["reading"], "reader": [REFUSES],
            }, schema=SCHEMA))  # fmt: skip
        return pl.concat(parts)


def _scattered(
    table: pl.DataFrame, changes: list[tuple[Int64s, Mapping[str, pl.Series]]]
) -> pl.DataFrame:
    """A table with some cells replaced."""
    parts: dict[str, list[tuple[Int64s, pl.Series]]] = {}
    for rows, cells in changes:
        for name, values in cells.items():
            parts.setdefault(name, []).append((rows, values))
    columns = []
    for name, changed in parts.items():
        values = pl.concat([one.alias(name) for _, one in changed])
        columns.append(table[name].scatter(_joined([rows for rows, _ in changed]), values))
    return table.with_columns(columns)


def _joined(parts: list[Int64s]) -> Int64s:
    return np.concatenate(parts) if parts else no_rows()
