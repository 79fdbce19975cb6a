"""`hsr mask`: columns blurred one by one, each method with its own command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.tables import character, check_out, form_of, names

Command = TypeVar("Command", bound=Callable[..., Any])
_TEXT: Final = click.Path(path_type=Path)


def _table_options(function: Command) -> Command:
    """Add what every method takes: DATA, --out, --delimiter and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the result for machines."),
        click.option("--out", required=True, type=_TEXT, help="File to write."),
        click.option(
            "--delimiter",
            metavar="C",
            callback=character,
            help="Of a CSV; read from its heading if left out.",
        ),
        click.argument("data", type=_TEXT),
    ):
        function = option(function)
    return function


_column = click.option("--column", required=True, metavar="A", help="Column to mask.")
_columns = click.option(
    "--columns", required=True, callback=names, metavar="A,B,C", help="Columns to mask."
)
_seed = click.option(
    "--seed-file",
    type=_TEXT,
    help="File of one line that only you can read: a whole number, to repeat a result; drawn anew "
    "if left out. Whoever knows or guesses it can undo the masking.",
)


@click.group()
def command() -> None:
    """Blur columns of a table one by one, without a claim of k-anonymity.

    Rows keep their order, and columns that are not named stay as they are. No method counts how
    many persons share a combination of values: for that there is hsr anonymize.
    """


@command.command()
@_table_options
@_columns
@click.option("--size", required=True, type=click.IntRange(2), help="Smallest group, in rows.")
def microaggregate(columns: tuple[str, ...], size: int, **table: Any) -> None:
    """Replace numbers of DATA by the means of small groups of numbers like them.

    One column is grouped so that the least variance is lost; several together, by MDAV.

    \b
    Example:
      hsr mask microaggregate data.csv --columns income --size 5 --out masked.csv
    """
    from hsr_privacy.masking import microaggregate_with_masking

    def verb(extract: Any) -> Any:
        return microaggregate_with_masking(extract, columns, size=size)

    _mask(verb, numbers=columns, **table)


@command.command("round")
@_table_options
@_column
@click.option("--base", required=True, type=float, help="In the column's unit, such as 5 or 0.1.")
def round_(column: str, base: float, **table: Any) -> None:
    """Bring numbers of DATA to the nearest multiple of a base; from the middle to the even one.

    \b
    Example:
      hsr mask round data.csv --column weight --base 5 --out masked.csv
    """
    from hsr_privacy.masking import round_values_with_masking

    def verb(extract: Any) -> Any:
        return round_values_with_masking(extract, column, base=base)

    _mask(verb, numbers=(column,), **table)


@command.command()
@_table_options
@_columns
@click.option(
    "--scale",
    required=True,
    type=float,
    help="In the columns' unit: standard deviation of normal noise, b of Laplace noise.",
)
@click.option("--relative", is_flag=True, help="The scale is in standard deviations of the column.")
@click.option(
    "--distribution",
    type=click.Choice(["normal", "laplace"]),
    default="normal",
    show_default=True,
    help="Of the noise.",
)
@_seed
def noise(
    columns: tuple[str, ...],
    scale: float,
    relative: bool,
    distribution: Any,
    seed_file: Path | None,
    **table: Any,
) -> None:
    """Add a random number to every number of some columns of DATA.

    \b
    Example:
      hsr mask noise data.csv --columns weight,height --scale 0.1 --relative --out masked.csv
    """
    from hsr_privacy.masking import add_noise_with_masking

    seed = _read_seed(seed_file)

    def verb(extract: Any) -> Any:
        return add_noise_with_masking(
            extract,
            columns,
            scale=scale,
            seed=seed,
            distribution=distribution,
            relative=relative,
        )

    _mask(verb, numbers=columns, **table)


@command.command()
@_table_options
@_column
@click.option("--stay", type=click.FloatRange(0, 1, max_open=True), help="Chance to stay (0-1).")
@click.option(
    "--matrix",
    type=_TEXT,
    metavar="FILE",
    help="Instead: a CSV of chances without a heading, in the order of --categories.",
)
@click.option(
    "--categories",
    callback=names,
    metavar="A,B,C",
    help="What can stand in the column; named in the result, else numbered, the commonest first.",
)
@click.option(
    "--invariant/--one-stage",
    default=True,
    show_default=True,
    help="Change in two stages, so that each category is expected as often as before.",
)
@_seed
def pram(
    column: str,
    stay: float | None,
    matrix: Path | None,
    categories: tuple[str, ...],
    invariant: bool,
    seed_file: Path | None,
    **table: Any,
) -> None:
    """Change categories of a column of DATA by chance, and tell the chances.

    \b
    Example:
      hsr mask pram data.csv --column workclass --stay 0.8 --out masked.csv --json
    """
    from hsr_privacy.masking import pram_with_masking
    from hsr_privacy.masking.transition import read_matrix

    seed = _read_seed(seed_file)
    chances = None if matrix is None else read_matrix(matrix)

    def verb(extract: Any) -> Any:
        return pram_with_masking(
            extract,
            column,
            matrix=chances,
            stay=stay,
            invariant=invariant,
            categories=categories or None,
            seed=seed,
        )

    _mask(verb, named=(column,), **table)


@command.command()
@_table_options
@click.option("--share", required=True, type=click.FloatRange(0, 1, min_open=True), help="To keep.")
@click.option("--person", metavar="COLUMN", help="Column that tells persons apart; else each row.")
@_seed
def sample(share: float, person: str | None, seed_file: Path | None, **table: Any) -> None:
    """Keep a random share of the persons of DATA, with all their rows.

    \b
    Example:
      hsr mask sample data.csv --share 0.1 --person who --out masked.csv
    """
    from hsr_privacy.masking import sample_with_masking

    seed = _read_seed(seed_file)

    def verb(extract: Any) -> Any:
        return sample_with_masking(extract, share=share, seed=seed, person=person)

    _mask(verb, named=() if person is None else (person,), **table)


@command.command()
@_table_options
@_column
@click.option("--bottom", type=float, help="Values at or below become this.")
@click.option("--top", type=float, help="Values at or above become this.")
@click.option("--mean", is_flag=True, help="They become their own mean instead.")
def code(column: str, bottom: float | None, top: float | None, mean: bool, **table: Any) -> None:
    """Give everything at or beyond a bound one value: bottom and top coding of DATA.

    \b
    Example:
      hsr mask code data.csv --column age --top 90 --out masked.csv
    """
    from hsr_privacy.masking import code_extremes_with_masking

    def verb(extract: Any) -> Any:
        return code_extremes_with_masking(extract, column, bottom=bottom, top=top, mean=mean)

    _mask(verb, numbers=(column,), **table)


def _mask(
    verb: Callable[[Any], Any],
    *,
    data: Path,
    out: Path,
    delimiter: str | None,
    as_json: bool,
    numbers: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
) -> None:
    """Read the table, mask it, write it whole, and tell what was done."""
    from hsr_privacy.documents import nearest
    from hsr_privacy.errors import DataError
    from hsr_privacy.extract import Extract
    from hsr_privacy.frames import to_polars
    from hsr_privacy.masking import parse_numbers
    from hsr_privacy.tables import read_table, write_table

    check_out(data, out)
    table, form = read_table(data, delimiter=delimiter)
    for name in (*numbers, *named):
        if name not in table.columns:
            raise DataError(f"{data} has no column '{name}'{nearest(name, table.columns)}")
    if numbers:
        table = parse_numbers(table, numbers)
    extract, masking = verb(Extract.of(table))
    masked = to_polars(extract.frame)
    write_table(masked, out, form_of(out, form))
    if as_json:
        say.machine(masking.as_json())
        return
    say.result(
        f"{out}: {masked.height} rows; {masking.method} {', '.join(masking.columns)}".rstrip()
    )
    for name, count in masking.counts.items():
        say.result(f"  {name}: {count}")
    if masking.information_lost is not None:
        say.result(f"  share of variance lost: {masking.information_lost:.6f}")
    say.result(f"k-anonymity: none; {masking.k_anonymity_reason}")


def _read_seed(file: Path | None) -> int | None:
    """The seed from a private file.

    Raises:
        DataError: the file holds no whole number.
        KeyRingError: there is no such file, or others can read it.
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.keys.custody import read_private

    if file is None:
        return None
    try:
        return int(read_private(file, "seed file"))
    except ValueError:
        raise DataError(f"{file} must hold one whole number, the seed") from None
