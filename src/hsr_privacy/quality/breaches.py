"""Breaches: rows that break a rule of the register, alone or with what another form says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.quality.findings import Found, Int64s, broken, broken_together
from hsr_privacy.quality.kinds import severity_of
from hsr_privacy.quality.persons import person_keys
from hsr_privacy.rules import Form, Rules, Severity, judge_rules, violating_rows

_DEATH: Final = "R12"
_TOLD: Final = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class Notes:
    """How often something is so that a rule tells of and that is no fault.

    Attributes:
        form: where.
        rule: which.
        rows: in how many.
    """

    form: Source
    rule: str
    rows: int


def check_rules(
    tables: Mapping[Source, pl.DataFrame], *, rules: Rules, codebook: Codebook
) -> tuple[dict[Source, list[Found]], tuple[Notes, ...]]:
    """Ask every form every rule that it can break by itself.

    Args:
        tables: all forms, typed; a wrong cell is missing.
        rules: of the register.
        codebook: its variables.

    Returns:
        Per form the rows that break a rule; and what rules tell that is no fault, in counts.
    """
    result: dict[Source, list[Found]] = {form: [] for form in tables}
    notes: list[Notes] = []
    for source, table in tables.items():
        form = Form(str(source))
        for rule, rows in _violations(table, form, rules, codebook).items():
            severity = severity_of(rules[rule], form)
            if severity in _TOLD:
                columns = tuple(n for n in rules[rule].columns if n in table.columns)
                result[source].append(broken(rule, rows, columns, severity))
            else:
                notes.append(Notes(source, rule, len(rows)))
    return result, tuple(notes)


def _violations(
    table: pl.DataFrame, form: Form, rules: Rules, codebook: Codebook
) -> dict[str, Int64s]:
    """Per broken rule, the rows that break it."""
    if not table.height:
        return {}
    counts = judge_rules(table, rules=rules, codebook=codebook, form=form)
    return {
        count.id: np.array(
            violating_rows(table, count.id, rules=rules, codebook=codebook, form=form), np.int64
        )
        for count in counts
        if count.violating
    }


def check_deaths(
    tables: Mapping[Source, pl.DataFrame], *, rules: Rules, codebook: Codebook
) -> dict[Source, list[Found]]:
    """Dates of death that contradict an arrest: on the row of the arrest, and on the person's.

    Args:
        tables: all forms, nobody named where that is in doubt.
        rules: of the register.
        codebook: its variables.
    """
    result: dict[Source, list[Found]] = {}
    if not tables[Source.REGISTER].height:
        return result
    register = _mended(tables[Source.REGISTER])
    persons = []
    severity = rules[_DEATH].severity
    for source in (Source.AMBULANCE, Source.HOSPITAL):
        table = _mended(tables[source])
        rows = np.array(
            violating_rows(
                table,
                _DEATH,
                rules=rules,
                codebook=codebook,
                form=Form(str(source)),
                register=register,
            ),
            np.int64,
        )
        columns = tuple(n for n in rules[_DEATH].columns if n in table.columns)
        result[source] = [broken_together(_DEATH, rows, columns, severity)]
        persons.append(table["fnr"].gather(rows))
    dead = pl.concat(persons).drop_nulls().unique()
    theirs = register["fnr"].is_in(dead.implode()) | register["tidligere_fnr"].is_in(dead.implode())
    theirs &= register["dodsdato"].is_not_null()
    at = np.flatnonzero(theirs.fill_null(value=False).to_numpy())
    result[Source.REGISTER] = [broken_together(_DEATH, at, ("dodsdato",), severity)]
    return result


def _mended(table: pl.DataFrame) -> pl.DataFrame:
    """The same with identifiers that have their leading zeros again."""
    return table.with_columns(pl.coalesce(person_keys(table), table["fnr"]).alias("fnr"))
