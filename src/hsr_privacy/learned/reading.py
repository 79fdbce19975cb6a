"""Reading: a table of events, or a folder of persons and events, as what can be learned from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Role, Treatment
from hsr_privacy.documents import nearest
from hsr_privacy.errors import DataError
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY
from hsr_privacy.learned.columns import Column, variable_of
from hsr_privacy.learned.parsing import parse
from hsr_privacy.learned.willing import without_the_unwilling
from hsr_privacy.registry import EVENT_DAY, DeliverySettings, glance, load_delivery_settings
from hsr_privacy.tables import (
    TableFormat,
    looks_like_a_heading,
    looks_like_a_name,
    read_table,
    shown_column,
)

PERSON_COLUMNS: Final = (PERSON_KEY, "person_lnr")
"""Columns that tell persons apart, where none is named."""

EVENT_COLUMNS: Final = (EVENT_KEY, "event_lnr")
MASK: Final = "fjernede_verdier"
FEWEST_PERSONS: Final = 300
"""With fewer, the part held out is under a hundred persons, and no attack on them can be told from chance."""

_PERSON: Final = "__person"
_TABLES: Final = ("persons", "events")
_ENDINGS: Final = (".parquet", ".csv")


@dataclass(frozen=True)
class Original:
    """What there is to learn from.

    Attributes:
        table: one row per event, parsed; beside numbers the codes that stand in their place.
        persons: of each row, a number that tells persons apart.
        columns: that are learned, in the order of the table.
        order: names of all columns that a synthetic table gets, ids included, in their order.
        schema: types of the table as it was delivered.
        ids: columns of pseudonyms or keys; they are made anew.
        person: which of them tells persons apart; None where every row is a person.
        form: how the table is written.
        two_tables: whether persons and events were delivered apart.
        rows_left_out: rows of persons who chose to be left out.
        columns_left_out: columns that are not learned, and why.
    """

    table: pl.DataFrame
    persons: pl.Series
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    schema: dict[str, pl.DataType]
    ids: tuple[str, ...]
    person: str | None
    form: TableFormat
    two_tables: bool
    rows_left_out: int
    columns_left_out: dict[str, str]

    def named(self, name: str) -> Column:
        """The column of this name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def read_original(
    path: Path,
    *,
    codebook: Codebook,
    person: str | None = None,
    rows_are_persons: bool = False,
    leave_out: Collection[str] = (),
    delimiter: str | None = None,
) -> Original:
    """Read what a synthesizer shall learn from, and refuse what it must not.

    Args:
        path: a CSV or Parquet file of events, a folder with ``persons.*`` and ``events.*``, or a
            folder of deliveries, which are linked as the register does it.
        codebook: names and types of the columns.
        person: column that tells persons apart; found by its name if left out.
        rows_are_persons: that no column does, because no person has two rows.
        leave_out: columns that shall not be learned.
        delimiter: of a CSV; read from its heading if left out.

    Raises:
        DeliveryError: faults of delivered files.
        DataError: every fault at once: columns that identify, that nobody knows or that never
            change; cells that are not what they should be; too few persons; nobody to split by.
    """
    raw, form, two_tables = _read(path, person, delimiter, codebook)
    strange = [name for name in leave_out if name not in raw.columns]
    if strange:
        hint = _nearest_column(strange[0], raw, codebook)
        raise DataError(f"{path}: there is no column '{strange[0]}' to leave out{hint}")
    # A choice counts also where its column, or that of the persons, is left out.
    willing, left = without_the_unwilling(path, raw, _person_named(raw, person), codebook)
    raw = willing.drop(leave_out)
    person = _person_column(path, raw, person, codebook, rows_are_persons=rows_are_persons)
    if raw.height == 0:
        raise DataError(f"{path} has no row to learn from")
    persons = _persons(raw, person)
    described = _describe(path, raw, codebook, person, heading=willing.columns)
    if persons.n_unique() < FEWEST_PERSONS:
        raise DataError(
            f"{path} has {persons.n_unique()} persons, and {FEWEST_PERSONS} are needed: a part of "
            "them is held out to attack, and with fewer nothing could be said of the risk. Use the "
            "simulator: hsr synthesize register"
        )
    return Original(
        table=described.table,
        persons=persons,
        columns=described.columns,
        order=tuple(n for n in raw.columns if n in described.kept),
        schema=dict(raw.schema),
        ids=described.ids,
        person=person,
        form=form,
        two_tables=two_tables,
        rows_left_out=left,
        columns_left_out=described.left_out,
    )


def _read(
    path: Path, person: str | None, delimiter: str | None, codebook: Codebook
) -> tuple[pl.DataFrame, TableFormat, bool]:
    if not path.is_dir():
        table, form = read_table(path, delimiter=delimiter)
        return table, form, False
    settings = load_delivery_settings()
    if any(settings.layout_of(one.name) for one in path.rglob("*")):
        return _linked(path, settings, codebook), TableFormat("parquet"), False
    read = {}
    for name in _TABLES:
        found = [
            path / (name + ending) for ending in _ENDINGS if (path / (name + ending)).is_file()
        ]
        if not found:
            raise DataError(
                f"{path}: there is no {name}.csv or {name}.parquet, and no delivered file; a folder "
                "needs both tables, or deliveries"
            )
        read[name] = read_table(found[0], delimiter=delimiter)
    (people, _), (events, form) = read["persons"], read["events"]
    key = person or next((n for n in PERSON_COLUMNS if n in people.columns), None)
    if key is None or key not in people.columns or key not in events.columns:
        raise DataError(f"{path}: persons and events share no person column; name it by --person")
    both = (set(people.columns) & set(events.columns)) - {key}
    if both:
        shown = shown_column(events.columns, events.columns.index(min(both)))
        raise DataError(f"{path}: {shown} of events stands in both tables; keep one of them")
    if people[key].is_duplicated().any() or people[key].null_count():
        raise DataError(
            f"{path}: column '{key}' of persons must be filled, and different in each row"
        )
    people = people.with_columns(pl.col(key).cast(events.schema[key]))
    joined = events.join(people, on=key, how="inner", maintain_order="left")
    if joined.height < events.height:
        raise DataError(
            f"{path}: {events.height - joined.height} event(s) have no person; add them to persons"
        )
    return joined, form, True


def _linked(path: Path, settings: DeliverySettings, codebook: Codebook) -> pl.DataFrame:
    """The events of a folder of deliveries, linked as the register does it; nothing of it is kept."""
    today = dt.date(1970, 1, 1)  # only what is kept has a date
    return glance(path, codebook=codebook, settings=settings, today=today).events


def _person_column(
    path: Path,
    raw: pl.DataFrame,
    person: str | None,
    codebook: Codebook,
    *,
    rows_are_persons: bool,
) -> str | None:
    if person is not None and person not in raw.columns:
        raise DataError(
            f"{path}: there is no column '{person}'{_nearest_column(person, raw, codebook)}"
        )
    found = _person_named(raw, person)
    if found is None and not rows_are_persons:
        raise DataError(
            f"{path}: no column tells persons apart, and the held-out part must be other persons; "
            "name the column by --person, or say --rows-are-persons if nobody has two rows"
        )
    if found is not None and raw[found].null_count():
        raise DataError(f"{path}: column '{found}' has empty cells; every row needs its person")
    return found


def _person_named(raw: pl.DataFrame, person: str | None) -> str | None:
    named = (name for name in (person, *PERSON_COLUMNS) if name in raw.columns)
    return next(named, None)


def _nearest_column(name: str, raw: pl.DataFrame, codebook: Codebook) -> str:
    if not _is_heading(raw.columns, codebook):
        return "; is the heading missing?"
    return nearest(name, [one for one in raw.columns if looks_like_a_name(one)])


def _persons(raw: pl.DataFrame, person: str | None) -> pl.Series:
    if person is None:
        return pl.Series(_PERSON, range(raw.height), dtype=pl.Int64)
    return raw[person].rank("dense").cast(pl.Int64).alias(_PERSON)


@dataclass(frozen=True)
class _Described:
    table: pl.DataFrame
    columns: tuple[Column, ...]
    ids: tuple[str, ...]
    left_out: dict[str, str]

    @property
    def kept(self) -> set[str]:
        return {column.name for column in self.columns} | set(self.ids)


def _describe(
    path: Path,
    raw: pl.DataFrame,
    codebook: Codebook,
    person: str | None,
    *,
    heading: Sequence[str],
) -> _Described:
    ids = tuple(n for n in raw.columns if n in (*PERSON_COLUMNS, *EVENT_COLUMNS, person))
    left_out: dict[str, str] = {}
    columns: list[Column] = []
    cells: list[pl.Series] = []
    faults: list[str] = []
    in_doubt = not _is_heading(heading, codebook)
    for name in (n for n in raw.columns if n not in ids):
        reason = _not_learned(name, codebook)
        if reason is not None:
            left_out[name] = reason
            continue
        variable = variable_of(name, codebook)
        if variable is None:
            faults.append(_unknown(name, heading, codebook, in_doubt=in_doubt))
        elif variable.role is Role.DIRECT_IDENTIFIER:
            faults.append(
                f"column '{name}' identifies persons or is free text, and is never learned; take it out"
            )
        else:
            told = parse(raw[name], variable, codebook=codebook)
            fault = told if isinstance(told, str) else _too_little(told.cells)
            if isinstance(told, str) or fault is not None:
                faults.append(f"column '{name}': {fault}")
            else:
                columns.append(told.column)
                cells += told.cells
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        doubt = "; is the heading missing?" if in_doubt else ""
        raise DataError(
            f"{path}: {len(faults)} column(s) cannot be learned; correct them, or leave them out "
            f"with --leave-out{doubt}\n{listed}"
        )
    if not columns:
        raise DataError(f"{path} has no column to learn")
    return _Described(pl.DataFrame(cells), tuple(columns), ids, left_out)


def _is_heading(names: Sequence[str], codebook: Codebook) -> bool:
    """Whether the first line names columns: it looks like it, and the codebook knows one of them."""
    known = any(variable_of(name, codebook) is not None for name in names)
    return known and looks_like_a_heading(names)


def _unknown(name: str, heading: Sequence[str], codebook: Codebook, *, in_doubt: bool) -> str:
    place = heading.index(name)
    if in_doubt or not looks_like_a_name(name):
        return f"column {place + 1} is not in the codebook"
    hint = nearest(name, [one.name for one in codebook])
    return f"{shown_column(heading, place)} is not in the codebook{hint}"


def _not_learned(name: str, codebook: Codebook) -> str | None:
    if name == MASK:
        return "names what disclosure control removed, cell by cell"
    if name == EVENT_DAY:
        return "follows from the times"
    if name in codebook and codebook[name].treatment is Treatment.GATE:
        return "says who may be in an extract, and is never released"
    return None


def _too_little(cells: Sequence[pl.Series]) -> str | None:
    """Why nothing can be learned from a column: it is empty, or always the same."""
    said = sum(part.count() for part in cells)
    if said == 0:
        return "has no value in any row; leave it out with --leave-out"
    everything = pl.DataFrame(cells)
    if everything.unique().height == 1:
        return "has the same value in every row; leave it out with --leave-out"
    return None
