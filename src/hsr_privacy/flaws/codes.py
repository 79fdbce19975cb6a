"""Codes: words in their place, codes of no list, of an older one, of another time, misspelt."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source, Type, Variable
from hsr_privacy.configs import shipped
from hsr_privacy.flaws.draft import LINKAGE, NOTHING, READING, Draft, Patch, Variant, rule
from hsr_privacy.flaws.sheet import Int64s

_HIGHEST_WRONG: Final = 99
_MEDICAL: Final = {11: 1, 12: 1}  # one code, before it was divided
_SHORTER: Final = {777: 7, 888: 8, 999: 9}
_DAYS_FROM_A_REFORM: Final = 7
_PLACES: Final = ("hendelseskommune", "bostedskommune")
_UPPER: Final = ("dgn_icd10", "dodsarsak", "statsborgerskap")
_CENTRE: Final = "amk_sentral"


def code_label(draft: Draft) -> Iterator[Variant]:
    """The words of a code in its place."""
    for variable in draft.variables(Type.CODE):
        labels = {
            one.code: one.nb
            for one in draft.codebook.codes(variable)
            if one.nb not in draft.layout.missing
        }
        yield _coded(draft, variable, labels, pl.String(), how=variable.name)


def code_outside_list(draft: Draft) -> Iterator[Variant]:
    """A number that is no code of the list."""
    for variable in draft.variables(Type.CODE):
        allowed = _allowed(draft, variable)
        wrong = [code for code in range(_HIGHEST_WRONG + 1) if code not in allowed]

        def patch(rows: Int64s, name: str = variable.name, wrong: list[int] = wrong) -> Patch:
            drawn = draft.rng.choice(wrong, len(rows))
            return Patch({name: pl.Series(drawn, dtype=draft.table[name].dtype)})

        known = draft.where(pl.col(variable.name).is_not_null())
        yield Variant(known, patch, how=variable.name, detector=READING, refused=True)


def old_code(draft: Draft) -> Iterator[Variant]:
    """A code of an older list: 9 for not known, 1 for all medical causes."""
    for variable in draft.variables(Type.CODE):
        allowed = _allowed(draft, variable)
        older = _SHORTER | (_MEDICAL if variable.name == "arsak" else {})
        older = {now: then for now, then in older.items() if then not in allowed}
        if older:
            dtype = draft.table[variable.name].dtype
            yield _coded(draft, variable, older, dtype, how=variable.name)


def blanks_around(draft: Draft) -> Iterator[Variant]:
    """A blank before or after a code."""
    names = [variable.name for variable in draft.variables(Type.CODE)]
    names += [name for name in _PLACES if name in draft.table.columns]
    for name in names:

        def patch(rows: Int64s, name: str = name) -> Patch:
            before = pl.Series(draft.rng.random(len(rows)) < 0.5)
            text = draft.cells(name, rows).cast(pl.String)
            return Patch({name: (" " + text).zip_with(before, text + " ")})

        known = draft.where(pl.col(name).is_not_null())
        yield Variant(known, patch, how=name, detector=NOTHING)


def letter_case(draft: Draft) -> Iterator[Variant]:
    """Small letters for capitals in a code, or a name all in capitals."""
    for name in draft.table.columns:
        if name in _UPPER:

            def small(rows: Int64s, name: str = name) -> Patch:
                return Patch({name: draft.cells(name, rows).str.to_lowercase()})

            known = draft.where(pl.col(name).is_not_null())
            yield Variant(known, small, how=name, detector=READING, refused=True)
        elif name == _CENTRE:

            def large(rows: Int64s) -> Patch:
                return Patch({_CENTRE: draft.cells(_CENTRE, rows).str.to_uppercase()})

            mixed = draft.where(pl.col(name) != pl.col(name).str.to_uppercase())
            yield Variant(mixed, large, how=name, detector=LINKAGE)


def outdated_municipality(draft: Draft) -> Iterator[Variant]:
    """The code that a municipality had before, or got after, the day of the call."""
    if draft.form is not Source.AMK:
        return
    code, day = pl.col("hendelseskommune"), pl.col("t_anrop").dt.date().cast(pl.String)
    for how, (other, before) in {
        "of later": (_later_codes(), True), "of earlier": (_earlier_codes(), False)
    }.items():  # fmt: skip
        limits = {name: limit for name, (_, limit) in other.items()}
        codes = {name: replaced for name, (replaced, _) in other.items()}
        limit = code.replace_strict(limits, default=None, return_dtype=pl.String)

        def patch(rows: Int64s, codes: dict[str, str] = codes) -> Patch:
            now = draft.cells("hendelseskommune", rows)
            return Patch({"hendelseskommune": now.replace_strict(codes, return_dtype=pl.String)})

        yield Variant(
            draft.where(day < limit if before else day > limit),
            patch,
            how=how,
            detector=rule("R27"),
            rule="R27",
        )


def _allowed(draft: Draft, variable: Variable) -> set[int]:
    return {one.code for one in draft.codebook.codes(variable)} | set(variable.missing)


def _coded(
    draft: Draft,
    variable: Variable,
    instead: dict[int, str] | dict[int, int],
    dtype: pl.DataType,
    *,
    how: str,
) -> Variant:
    """Some codes, each with what stands in its place."""

    def patch(rows: Int64s) -> Patch:
        cells = draft.cells(variable.name, rows)
        return Patch({variable.name: cells.replace_strict(instead, return_dtype=dtype)})

    possible = draft.where(pl.col(variable.name).is_in(list(instead)))
    return Variant(possible, patch, how=how, detector=READING, refused=True)


def _later_codes() -> dict[str, tuple[str, str]]:
    """Per code, that of 2024 and the day well before which it was not valid."""
    first = {row["municipality"]: row["valid from"] for row in _municipalities()}
    return {
        row["municipality"]: (row["municipality 2024"], _moved(first[row["municipality 2024"]], -1))
        for row in _municipalities()
        if row["municipality"] != row["municipality 2024"] and first.get(row["municipality 2024"])
    }


def _earlier_codes() -> dict[str, tuple[str, str]]:
    """Per code of 2024, its last earlier one and the day well after which that was not valid."""
    ended = [
        (row["valid to"], row["municipality"], row["municipality 2024"])
        for row in _municipalities()
        if row["valid to"] and row["municipality"] != row["municipality 2024"]
    ]
    return {now: (earlier, _moved(last, +1)) for last, earlier, now in sorted(ended)}


def _moved(day: str, direction: int) -> str:
    """A day some days on or back, so that no clock that is off makes the code valid."""
    from datetime import date, timedelta

    return str(date.fromisoformat(day) + timedelta(days=direction * _DAYS_FROM_A_REFORM))


def _municipalities() -> list[dict[str, str]]:
    path = shipped("configs", "hierarchies") / "municipality.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [row for row in rows if len(row["municipality"]) == 4 and row["municipality"].isdigit()]
