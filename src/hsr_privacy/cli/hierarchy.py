"""`hsr hierarchy`: levels for a column, suggested, checked and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.tables import character

if TYPE_CHECKING:
    from hsr_privacy.hierarchies import Hierarchy
    from hsr_privacy.hierarchies.checking import HierarchyCheck
    from hsr_privacy.hierarchies.suggesting import Suggestion

_PATH: Final = click.Path(path_type=Path)
_DELIMITER: Final = click.option(
    "--delimiter",
    metavar="C",
    callback=character,
    help="Of a CSV; read from its heading if left out.",
)


@click.group()
def command() -> None:
    """Suggest, check and draw generalization hierarchies."""


@command.command()
@click.argument("data", type=_PATH)
@click.argument("column")
@click.option(
    "--kind",
    type=click.Choice(["auto", "bands", "dates", "prefixes", "order", "groups"]),
    default="auto",
    show_default=True,
    help="Kind of hierarchy; auto takes what suits the values.",
)
@click.option(
    "--levels", type=click.IntRange(1, 20), help="At most so many between the value and *."
)
@_DELIMITER
@click.option(
    "--k",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Values in fewer rows are rare and are merged first.",
)
@click.option("--out", type=_PATH, help="Folder for COLUMN.yaml; printed if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the suggestion for machines.")
def suggest(
    data: Path,
    column: str,
    kind: str,
    levels: int | None,
    delimiter: str | None,
    k: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Suggest a hierarchy for COLUMN of DATA (CSV or Parquet), from its values.

    Numbers get bands of round widths with their thin ends coded together, dates their months and
    years, codes their beginnings, values with an order are merged with their neighbours, and of
    other categories the rare ones become one group. The file holds every value of the data, nests
    and ends in *. It is a draft: read it and change it, before hsr anonymize reads the folder.

    \b
    Example:
      hsr hierarchy suggest adult.csv age --out hierarchies
    """
    from hsr_privacy.hierarchies.suggesting import suggest as suggest_for
    from hsr_privacy.hierarchies.writing import definition_text

    if out is not None:
        _refuse_taken(out, column)
    counts = _counts(data, column, delimiter)
    wanted: Any = None if kind == "auto" else kind
    found = suggest_for(column, counts, k=k, kind=wanted, levels=levels)
    text = definition_text(found.definition, _comments(found))
    path = _write(out, column, text) if out is not None else None
    for note in _warnings(found, k):
        say.talk(note)
    if as_json:
        say.machine(
            {
                "column": column,
                "kind": found.definition.kind,
                "levels": list(found.hierarchy.level_names),
                "named_values": found.named,
                "rare_values": found.rare,
                "notes": list(found.notes),
                "file": str(path) if path is not None else None,
                "text": text if path is None else None,
            }
        )
    elif path is None:
        say.result(text.rstrip("\n"))
    else:
        levels_told = ", ".join(found.hierarchy.level_names)
        say.result(f"{path}: {found.definition.kind}; levels: {levels_told}")


@command.command()
@click.argument("hierarchies", type=_PATH)
@click.option("--data", type=_PATH, help="CSV or Parquet whose values must have a place.")
@click.option("--column", help="Only this one; else every column that has a hierarchy.")
@_DELIMITER
@click.option("--json", "as_json", is_flag=True, help="Print what was found for machines.")
def check(
    hierarchies: Path,
    data: Path | None,
    column: str | None,
    delimiter: str | None,
    as_json: bool,
) -> None:
    """Check HIERARCHIES, a folder or one file, by itself or against the values of a table.

    Every node must have one parent, every level its own name, and every value of the data a place.
    What is wrong in a file exits with 10 and tells file and line; values without a place exit with
    12 and are counted, never shown. Levels that merge nothing are told as warnings.

    \b
    Example:
      hsr hierarchy check hierarchies --data adult.csv
    """
    from hsr_privacy.errors import ConfigError, DataError, Fault
    from hsr_privacy.hierarchies.checking import check_hierarchy
    from hsr_privacy.hierarchies.reading import load_written

    held = load_written(hierarchies)
    if column is not None:
        held = {column: _one(held, column, hierarchies)}
    counts: dict[str, Mapping[str, int]] = {}
    if data is not None:
        counts = _counts_of_all(data, delimiter, list(held), needed=column is not None)
        held = {name: hierarchy for name, hierarchy in held.items() if name in counts}
    found = [check_hierarchy(one, counts.get(name)) for name, one in held.items()]
    faults = [Fault(str(hierarchies), 0, one.name, text) for one in found for text in one.faults]
    if faults:
        raise ConfigError(f"{hierarchies} has {len(faults)} fault(s)", faults)
    stray = [
        f"column '{one.name}': {one.uncovered_values} distinct value(s) in {one.uncovered_rows} "
        "row(s) have no place in its hierarchy; add them to it or correct the data"
        for one in found
        if one.uncovered_values
    ]
    if stray:
        raise DataError("\n  ".join(stray))
    if as_json:
        say.machine([one.as_json() for one in found])
        return
    for one in found:
        _show(one)


@command.command()
@click.argument("hierarchies", type=_PATH)
@click.argument("column")
@click.option("--out", required=True, type=_PATH, help="SVG file to write.")
@click.option("--data", type=_PATH, help="CSV or Parquet with values to draw as well.")
@_DELIMITER
def draw(
    hierarchies: Path, column: str, out: Path, data: Path | None, delimiter: str | None
) -> None:
    """Draw the hierarchy of COLUMN, in the folder or file HIERARCHIES, as a picture.

    Levels stand from the values at the left to * at the right; a node is as high as its share of
    the values. The picture is one SVG that any browser shows, in light or dark, and an older file
    of that name is replaced. Dates and codes follow a rule: name --data to have values to draw.

    \b
    Example:
      hsr hierarchy draw hierarchies education --out education.svg
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.hierarchies.drawing import draw as drawing_of
    from hsr_privacy.hierarchies.reading import load_written
    from hsr_privacy.tables import write_whole

    if out.suffix.lower() != ".svg":
        raise DataError(f"{out} does not end in .svg; the picture is one")
    if not out.parent.is_dir():
        raise DataError(f"{out.parent}: no such folder to write in; make it first")
    hierarchy = _one(load_written(hierarchies), column, hierarchies)
    counts = _counts(data, column, delimiter) if data is not None else {}
    if not (hierarchy.domain or counts):
        raise DataError(f"hierarchy '{column}' is a rule without values of its own; name --data")
    table = hierarchy.table(counts)
    picture = drawing_of(table)
    write_whole(out, lambda part: part.write_text(picture, encoding="utf-8", newline="\n"))
    say.result(f"{out}: {table.levels} levels over {table.leaves:,} values")
    if data is not None:
        say.talk("The picture shows values of the data; keep it where the data are kept.")


def _counts(data: Path, column: str, delimiter: str | None) -> Mapping[str, int]:
    """Rows of each value of one column, missing ones left out."""
    return _counts_of_all(data, delimiter, [column], needed=True)[column]


def _counts_of_all(
    data: Path, delimiter: str | None, columns: list[str], *, needed: bool
) -> dict[str, Mapping[str, int]]:
    """Rows of each value of these columns; a column that is not ``needed`` may be absent."""
    import polars as pl

    from hsr_privacy.anonymity.encoding import leaf_texts
    from hsr_privacy.documents import nearest
    from hsr_privacy.errors import DataError
    from hsr_privacy.tables import read_table

    table, _ = read_table(data, delimiter=delimiter)
    absent = [name for name in columns if name not in table.columns]
    if absent and (needed or len(absent) == len(columns)):
        hint = nearest(absent[0], table.columns)
        raise DataError(f"{data} has no column '{absent[0]}'{hint}")
    found: dict[str, Mapping[str, int]] = {}
    for name in columns:
        if name in absent:
            continue
        values = table[name]
        try:
            if values.dtype.is_float():
                values = values.fill_nan(None)
            texts = pl.Series(leaf_texts(values), dtype=pl.String).drop_nulls()
        except pl.exceptions.PolarsError:
            raise DataError(
                f"{data}: column '{name}' holds neither text nor numbers nor dates"
            ) from None
        tally = texts.value_counts(name="rows").sort("", descending=False)
        found[name] = dict(zip(tally[""].to_list(), tally["rows"].to_list(), strict=True))
    return found


def _one(held: Mapping[str, Hierarchy], column: str, path: Path) -> Hierarchy:
    from hsr_privacy.documents import nearest
    from hsr_privacy.errors import ConfigError

    if column not in held:
        raise ConfigError(f"{path} has no hierarchy '{column}'{nearest(column, list(held))}")
    return held[column]


def _refuse_taken(folder: Path, column: str) -> None:
    """Say no where the column has a hierarchy already, or the folder has a fault."""
    from hsr_privacy.errors import DataError, OutputExists
    from hsr_privacy.hierarchies.reading import load_hierarchies
    from hsr_privacy.hierarchies.writing import file_name

    if not folder.is_dir():
        if folder.exists() or not folder.parent.is_dir():
            raise DataError(f"{folder}: no such folder to write in; make it first")
        return
    taken = [name for name in (file_name(column), f"{column}.csv") if (folder / name).exists()]
    if any(folder.glob("*.yaml")) and not taken and column in load_hierarchies(folder):
        taken = ["another file"]
    if taken:
        raise OutputExists(
            f"{folder} has a hierarchy for this column already ({taken[0]}); it is kept, name "
            "another folder"
        )


def _write(folder: Path, column: str, text: str) -> Path:
    """Write the file; a folder that is made for it goes again if that fails."""
    from hsr_privacy.errors import OutputFailed
    from hsr_privacy.hierarchies.writing import file_name
    from hsr_privacy.tables import write_whole

    path = folder / file_name(column)
    is_new = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{folder} could not be made: {error.strerror}") from None
    try:
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))
    except BaseException:
        if is_new:
            folder.rmdir()
        raise
    return path


def _comments(found: Suggestion) -> list[str]:
    lines = [
        "Suggested from the data by hsr hierarchy suggest: a draft. Read it, change it, then set",
        "verified to true. Give the label in both languages.",
    ]
    if found.definition.kind == "bands":
        lines.append("Write a unit, such as år, so that no spreadsheet reads 5-9 as a date.")
    if found.named:
        lines.append(
            f"It names {found.named} value(s) of the data: keep it where the data are kept."
        )
    return lines


def _warnings(found: Suggestion, k: int) -> list[str]:
    """What must be looked at, for stderr."""
    lines = ["Drawn from the data: check it with your own eyes before use."]
    if found.named:
        rare = (
            f", and {found.rare} of them stand(s) in fewer than {k} rows: that may identify somebody"
            if found.rare
            else ""
        )
        lines.append(
            f"The file names {found.named} value(s) of the data{rare}. Keep it with the data."
        )
    return [*lines, *found.notes]


def _show(found: HierarchyCheck) -> None:
    leaves = f"{found.leaves:,} values" if found.levels else "a rule"
    say.result(f"{found.name}: OK, {leaves}")
    for level in found.levels:
        rows = f", at least {level.fewest_rows:,} row(s)" if level.fewest_rows is not None else ""
        say.result(
            f"  {level.name:<24} {level.nodes:>7,} node(s) of {level.smallest:,}-{level.largest:,} "
            f"value(s){rows}"
        )
    for text in found.warnings:
        say.talk(f"{found.name}: warning: {text}")
    for text in found.infos:
        say.talk(f"{found.name}: {text}")
