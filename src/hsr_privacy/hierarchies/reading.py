"""Read hierarchies: the shipped definitions, and a user's folder with one file per column.

Pydantic and YAML are imported where there is a definition to read: a folder of CSV files, which is
what most people bring, has none.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError, DataError, Fault
from hsr_privacy.hierarchies.hierarchy import (
    Hierarchy,
    Row,
    from_bands,
    from_dates,
    from_groups,
    from_order,
    from_prefixes,
    from_rows,
)
from hsr_privacy.hierarchies.table import TOP

if TYPE_CHECKING:
    from hsr_privacy.hierarchies.definition import Definition, Table


def load_hierarchies(folder: Path | None = None) -> dict[str, Hierarchy]:
    """Read every ``*.yaml`` of a folder of hierarchy definitions.

    Args:
        folder: the shipped definitions if left out.
    Raises:
        ConfigError: every fault with file and line.
    """
    folder = folder or shipped("configs", "hierarchies")
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ConfigError(f"{folder}: no hierarchies here; they are a folder of *.yaml files")
    found, _ = _defined(folder, paths)
    return found


def load_written(path: Path) -> dict[str, Hierarchy]:
    """Read whatever hierarchies stand at a path, by name.

    Args:
        path: a ``*.yaml`` file of definitions, a ``<column>.csv`` as ARX writes it, or a folder of
            both; tables that a definition names are read with it.
    Raises:
        ConfigError: nothing there, or every fault with file and line.
    """
    if path.is_file():
        if path.suffix.lower() == ".csv":
            return {path.stem: _from_csv(path)}
        return _defined(path.parent, [path])[0]
    if not path.is_dir():
        raise ConfigError(f"{path}: no such file or folder of hierarchies")
    found, tables = _defined(path, sorted(path.glob("*.yaml")))
    faults: list[Fault] = []
    for file in sorted(path.glob("*.csv")):
        if file in tables or file.stem in found:
            continue
        try:
            found[file.stem] = _from_csv(file)
        except ConfigError as error:
            faults += error.faults or (Fault(str(file), 0, "", error.summary),)
    if faults:
        raise ConfigError(f"the hierarchies in {path} have {len(faults)} fault(s)", faults)
    if not found:
        raise ConfigError(f"{path}: no hierarchies here; they are *.yaml and <column>.csv files")
    return found


def _defined(folder: Path, paths: list[Path]) -> tuple[dict[str, Hierarchy], set[Path]]:
    """The hierarchies that these files define, and the tables that they name."""
    from hsr_privacy.documents import check, read
    from hsr_privacy.hierarchies.definition import DefinitionFile, Table

    found: dict[str, Hierarchy] = {}
    tables: set[Path] = set()
    faults: list[Fault] = []
    for path in paths:
        try:
            document = read(path)
            definitions = check(document, DefinitionFile).hierarchies
        except ConfigError as error:
            faults += error.faults or (Fault(str(path), 0, "", error.summary),)
            continue
        for number, definition in enumerate(definitions):
            where = ("hierarchies", number)
            if definition.name in found:
                problem = f"'{definition.name}' stands twice"
                faults.append(document.fault((*where, "name"), problem))
                continue
            try:
                if isinstance(definition, Table):
                    tables.add(folder / definition.file)
                found[definition.name] = build(definition, folder)
            except DataError as error:
                faults.append(document.fault(where, str(error)))
            except ConfigError as error:
                faults += error.faults or (document.fault(where, error.summary),)
    if faults:
        raise ConfigError(f"the hierarchies in {folder} have {len(faults)} fault(s)", faults)
    return found, tables


def load_for_columns(folder: Path, columns: Iterable[str]) -> dict[str, Hierarchy]:
    """Read a user's folder: ``<column>.csv`` as ARX writes it, or definitions in ``*.yaml``.

    Such a CSV has no heading and ``;`` between fields: the value, then level 1, level 2, ... .

    Raises:
        ConfigError: a column has no hierarchy here, or a file has faults.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder of hierarchies")
    defined = load_hierarchies(folder) if any(folder.glob("*.yaml")) else {}
    found: dict[str, Hierarchy] = {}
    faults: list[Fault] = []
    for column in columns:
        path = folder / f"{column}.csv"
        if column in defined:
            found[column] = defined[column]
        elif path.is_file():
            try:
                found[column] = _from_csv(path)
            except ConfigError as error:
                faults += error.faults or (Fault("", 0, "", error.summary),)
        else:
            faults.append(Fault(str(path), 0, column, "no hierarchy; add this file"))
    if faults:
        raise ConfigError(f"{len(faults)} hierarchy fault(s) in {folder}", faults)
    return found


def build(definition: Definition, folder: Path) -> Hierarchy:
    """Make the hierarchy that a definition describes; tables are read from ``folder``."""
    from hsr_privacy.hierarchies.definition import Bands, Dates, Groups, Order, Prefixes

    if isinstance(definition, Bands):
        return from_bands(definition)
    if isinstance(definition, Dates):
        return from_dates(definition)
    if isinstance(definition, Prefixes):
        return from_prefixes(definition)
    if isinstance(definition, Groups):
        return from_groups(definition)
    if isinstance(definition, Order):
        return from_order(definition)
    return _from_table(definition, folder / definition.file)


def _from_csv(path: Path) -> Hierarchy:
    """A column's own file; level names are numbers, for it has no heading."""
    rows = _rows(path)
    _check_tree(path, rows)
    return from_rows(path.stem, [row for _, row in rows])


def _from_table(definition: Table, path: Path) -> Hierarchy:
    (_, heading), *body = _rows(path)
    more = (definition.valid_from, definition.valid_to, definition.names)
    needed = [*definition.levels, *filter(None, more)]
    missing = [column for column in needed if column not in heading]
    if missing:
        problem = f"column '{missing[0]}' is missing from the heading"
        raise ConfigError(f"{path} lacks a column", [Fault(str(path), 1, "", problem)])
    places = [heading.index(level) for level in definition.levels]
    levels = [(line, tuple(row[place] for place in places)) for line, row in body]
    _check_tree(path, levels)
    validity: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    if definition.valid_from or definition.valid_to:
        for line, row in body:
            cell = dict(zip(heading, row, strict=True))
            validity[row[places[0]]] = (
                _day(path, line, cell.get(definition.valid_from or "", "")),
                _day(path, line, cell.get(definition.valid_to or "", "")),
            )
    plain = from_rows(definition.name, [row for _, row in levels], definition.levels)
    names: dict[str, str] = {}
    if definition.names:
        column = heading.index(definition.names)
        names = {row[places[0]]: row[column] for _, row in body}
    return replace(plain, validity=validity, english=dict(definition.english), names=names)


def _check_tree(path: Path, rows: list[tuple[int, Row]]) -> None:
    """Refuse a value that stands twice and a node with two parents, by line."""
    faults: list[Fault] = []
    first: dict[str, int] = {}
    parents: dict[tuple[int, str], tuple[str, int]] = {}
    for line, row in rows:
        if first.setdefault(row[0], line) != line:
            problem = f"the value stands on line {first[row[0]]} too; keep one line"
            faults.append(Fault(str(path), line, "", problem))
            continue
        for level, (node, parent) in enumerate(pairwise(row)):
            known, where = parents.setdefault((level, node), (parent, line))
            if known != parent:
                problem = f"'{node}' has another parent on line {where}; give it one"
                faults.append(Fault(str(path), line, f"level {level + 1}", problem))
    if faults:
        raise ConfigError(f"{path} has {len(faults)} fault(s)", faults)


def _rows(path: Path) -> list[tuple[int, Row]]:
    """The rows with their lines; empty lines are passed over."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such hierarchy file") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    rows = [(reader.line_num, tuple(row)) for row in reader if row]
    if not rows:
        raise ConfigError(f"{path}: the file is empty")
    first, width = rows[0][0], len(rows[0][1])
    faults = [
        Fault(str(path), line, "", f"{len(row)} field(s); line {first} has {width}")
        for line, row in rows
        if len(row) != width
    ]
    if faults:
        raise ConfigError(f"{path} is ragged", faults)
    return rows


def _day(path: Path, line: int, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        fault = Fault(str(path), line, "", "not a date; write it as 2020-01-01")
        raise ConfigError(f"{path} has a bad date", [fault]) from None


__all__ = ["TOP", "load_for_columns", "load_hierarchies"]
