"""`hsr ids`: what a column of identifiers holds, in counts and row numbers."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say

_SHOWN_ROWS = 10


@click.group()
def command() -> None:
    """Check columns of identifiers."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--column", required=True, metavar="C", help="Column that holds the identifiers.")
@click.option(
    "--profile",
    required=True,
    type=click.Choice(["production", "test", "test-skatt", "test-nhn", "test-nav"]),
    help="Which series may stand there: real persons' or a synthetic one's.",
)
@click.option("--delimiter", metavar="C", help="Of a CSV; read from its heading if left out.")
@click.option(
    "--repair-leading-zero", is_flag=True, help="Take ten digits as eleven where the check holds."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def check(
    file: Path,
    column: str,
    profile: str,
    delimiter: str | None,
    repair_leading_zero: bool,
    as_json: bool,
) -> None:
    """Count what stands in a column of FILE (CSV or Parquet) by kind, era and reason.

    Pseudonyms and running numbers are known by their check symbols and digits.
    Row numbers are shown (row 1 is the first row of data), values never. Exits with 0 also where
    identifiers are invalid: what to do about them is yours to decide.

    \b
    Example:
      hsr ids check persons.csv --column fnr --profile production
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.identifiers import Reason, check_column
    from hsr_privacy.pseudonymization.recognizing import recognize
    from hsr_privacy.tables import read_table

    table, _ = read_table(file, delimiter=delimiter)
    if column not in table.columns:
        raise DataError(f"{file} has no column '{column}'; it has {len(table.columns)} others")
    found = check_column(table[column], profile=profile, repair_leading_zero=repair_leading_zero)
    found = recognize(table[column], found)
    if as_json:
        say.machine(found.as_json())
        return
    say.result(f"{file}, column '{column}': {found.valid:,} valid, {found.invalid:,} invalid")
    for kind, count in sorted(found.kinds.items()):
        say.result(f"  {count:>9,}  {kind}")
    for era, count in sorted(found.eras.items()):
        say.result(f"  {count:>9,}  by the rule of {era}")
    for reason in Reason:
        count = found.reasons.get(reason.label, 0)
        if count:
            rows = found.rows_with(reason)
            shown = ", ".join(str(row) for row in rows[:_SHOWN_ROWS])
            more = ", ..." if len(rows) > _SHOWN_ROWS else ""
            say.result(f"  {count:>9,}  {reason.label}: row {shown}{more}")
