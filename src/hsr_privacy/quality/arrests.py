"""Arrests: what the forms say of the same one, and the rules that they break only together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.extract import PERSON_KEY
from hsr_privacy.keys import Secret
from hsr_privacy.quality.findings import Found, Int64s, broken_together
from hsr_privacy.quality.kinds import PLAUSIBLE_RULES, severity_of
from hsr_privacy.quality.persons import person_keys
from hsr_privacy.registry import DeliverySettings
from hsr_privacy.registry.events import assemble, to_utc
from hsr_privacy.registry.linkage import EVENT, Linked, link, merge_duplicates
from hsr_privacy.rules import Form, Rules, Severity, judge_rules, violating_rows

_NATIONAL: Final = ("fnr", "tidligere_fnr", "duf_nr")
_OF_ONE_FORM: Final = ("R27", "R28", "R32", "R32.ambiguous", *PLAUSIBLE_RULES)
"""Rules that look at nothing that two forms say together, or tell what is only unusual."""

_NO_KEY: Final = Secret(bytes(32))
"""Keys of events are made to order rows, and are thrown away with them."""

_TWO: Final = 2
_TOLD: Final = (Severity.ERROR, Severity.WARNING)


def check_arrests(
    tables: Mapping[Source, pl.DataFrame],
    *,
    rules: Rules,
    codebook: Codebook,
    settings: DeliverySettings,
    already: Mapping[Source, list[Found]],
) -> dict[Source, list[Found]]:
    """Link the records of each arrest, and ask the rules of what they say together.

    A finding stands on every record of the arrest that says something of it: which of them is wrong,
    the rule does not know.

    Args:
        tables: all forms, typed.
        rules: of the register.
        codebook: its variables.
        settings: limits of linkage.
        already: rows that break a rule alone; their arrests are not told again.
    """
    if sum(table.height > 0 for table in tables.values()) < _TWO:
        return {}
    known = {form: _without_identifiers(table) for form, table in tables.items()}
    linked = link(known, settings=settings.linkage)
    linked = merge_duplicates(_with_persons(linked), minutes=settings.linkage.duplicate_minutes)
    numbers = linked.arrests.sort(EVENT)[EVENT].to_numpy()
    events = assemble(linked, dict(known), codebook=codebook, key=_NO_KEY)
    result: dict[Source, list[Found]] = {form: [] for form in linked.records}
    for count in judge_rules(events, rules=rules, codebook=codebook, form=Form.EVENT):
        severity = severity_of(rules[count.id], Form.EVENT)
        if not count.violating or severity not in _TOLD or count.id in _OF_ONE_FORM:
            continue
        rows = violating_rows(events, count.id, rules=rules, codebook=codebook, form=Form.EVENT)
        wrong = np.setdiff1d(numbers[list(rows)], _told_alone(count.id, linked, already))
        for form, at, columns in _records(wrong, rules[count.id].columns, linked, tables):
            result[form].append(broken_together(count.id, at, columns, severity))
    return result


def _without_identifiers(table: pl.DataFrame) -> pl.DataFrame:
    """A form as linkage takes it: clock times in UTC, and persons told apart by a key."""
    if "fnr" in table.columns:
        table = table.with_columns(person_keys(table).cast(pl.Binary).alias(PERSON_KEY))
    shown, _ = to_utc(table.drop(name for name in _NATIONAL if name in table.columns))
    return shown


def _with_persons(linked: Linked) -> Linked:
    """Somebody of its own for each arrest of whom nobody knows who it was."""
    nobody = pl.concat_str(pl.lit("arrest "), pl.col(EVENT).cast(pl.String)).cast(pl.Binary)
    arrests = linked.arrests.with_columns(pl.coalesce(PERSON_KEY, nobody).alias(PERSON_KEY))
    return Linked(linked.records, arrests, linked.counts)


def _told_alone(rule: str, linked: Linked, already: Mapping[Source, list[Found]]) -> Int64s:
    """Arrests of which a record breaks the rule by itself, or by what is told of the person."""
    parts = [np.empty(0, np.int64)]
    for form, records in linked.records.items():
        parts += [
            records[EVENT].gather(one.at).drop_nulls().to_numpy()
            for one in already[form]
            if one.rule == rule
        ]
    return np.concatenate(parts)


def _records(
    arrests: Int64s,
    columns: tuple[str, ...],
    linked: Linked,
    tables: Mapping[Source, pl.DataFrame],
) -> Iterator[tuple[Source, Int64s, tuple[str, ...]]]:
    """Per form, the records of some arrests that say something in some columns."""
    for form, records in linked.records.items():
        own = tuple(name for name in columns if name in tables[form].columns)
        if own:
            mine = records[EVENT].is_in(pl.Series(arrests, dtype=pl.Int64).implode())
            says = tables[form].select(pl.any_horizontal(pl.col(own).is_not_null())).to_series()
            at = np.flatnonzero((mine.fill_null(value=False) & says).to_numpy())
            yield form, at, own
