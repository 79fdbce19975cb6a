"""Read a table as evidence, with nothing but the table and what somebody says of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from hsr_privacy.auditing.evidence import Evidence, Limits
from hsr_privacy.auditing.levels import level_of
from hsr_privacy.documents import nearest
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy, load_for_columns
from hsr_privacy.tables import read_table


def evidence_of_table(
    path: Path,
    *,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str] = (),
    person: str | None = None,
    event: str | None = None,
    hierarchies: Path | None = None,
    original: Path | None = None,
    suppressed: str = "*",
    mask: str | None = None,
    delimiter: str | None = None,
    limits: Limits,
) -> Evidence:
    """Read a CSV or Parquet file, and its original, as evidence.

    Args:
        path: of the table.
        quasi_identifiers: columns by which a person could be recognized.
        sensitive: columns of which something could be learned.
        person: column that tells persons apart.
        event: column that tells rows apart, the same in the original.
        hierarchies: folder with one for any of the columns.
        original: the table before it was protected.
        suppressed: what a suppressed cell reads.
        mask: column that names the suppressed cells of each row.
        delimiter: of a CSV.
        limits: what must hold.

    Raises:
        DataError: a file cannot be read, or a column does not exist.
        ConfigError: a hierarchy has faults.
    """
    released = read_table(path, delimiter=delimiter)[0]
    named = [*quasi_identifiers, *sensitive, *limits.l, person, event, mask]
    check_columns(released, [name for name in named if name is not None], path)
    trees = hierarchies_in(hierarchies, released.columns) if hierarchies is not None else {}
    before = read_original(original, delimiter=delimiter)
    ignored = (suppressed,)
    return Evidence(
        title=path.name,
        released=numbers_as_numbers(released, trees, ignored),
        quasi_identifiers=tuple(quasi_identifiers),
        sensitive=tuple(sensitive),
        person=person,
        event=event,
        hierarchies=trees,
        levels={n: level_of(released[n], tree, ignored=ignored) for n, tree in trees.items()},
        suppressed=suppressed,
        mask=mask,
        original=None if before is None else numbers_as_numbers(before, trees, ignored),
        limits=limits,
    )


def read_original(path: Path | None, *, delimiter: str | None = None) -> pl.DataFrame | None:
    """The table before it was protected, or None where nobody named one.

    Raises:
        DataError: it cannot be read.
    """
    if path is None:
        return None
    if path.is_dir():
        raise DataError(
            f"{path} is a folder; name the table that the extract was made from, or the key ring "
            "by which the register's own events can be read"
        )
    return read_table(path, delimiter=delimiter)[0]


def check_columns(table: pl.DataFrame, names: Iterable[str], path: Path) -> None:
    """Refuse columns that a table does not have.

    Raises:
        DataError: names the first, and the nearest right name.
    """
    for name in names:
        if name not in table.columns:
            hint = nearest(name, table.columns)
            raise DataError(
                f"{path} has no column '{name}'{hint}; was it dropped from the extract?"
            )


def hierarchies_in(folder: Path, columns: Sequence[str]) -> dict[str, Hierarchy]:
    """The hierarchies of those columns that a folder has one for.

    Raises:
        ConfigError: there is no such folder, or a file has faults.
    """
    if not folder.is_dir():
        return load_for_columns(folder, columns)  # which says so
    written = any(folder.glob("*.yaml"))
    there = [n for n in columns if (folder / f"{n}.csv").is_file() or written]
    return load_for_columns(folder, there)


def numbers_as_numbers(
    table: pl.DataFrame, hierarchies: Mapping[str, Hierarchy], ignored: Sequence[str]
) -> pl.DataFrame:
    """Columns of text that hold numbers only become numbers, where no hierarchy reads their text.

    Args:
        table: as it was read; a CSV has nothing but text.
        hierarchies: per column that has one.
        ignored: texts that are no value; a column with one of them stays text.
    """
    found = {}
    for name in table.columns:
        texts = table[name]
        if texts.dtype != pl.String or name in hierarchies or texts.is_in(list(ignored)).any():
            continue
        numbers = texts.cast(pl.Float64, strict=False)
        if numbers.null_count() == texts.null_count() < texts.len():
            found[name] = numbers
    return table.with_columns(**found)
