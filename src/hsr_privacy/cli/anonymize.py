"""`hsr anonymize`: any table, made k-anonymous."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.tables import character, check_out, form_of, names


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--quasi-identifiers",
    "-q",
    required=True,
    callback=names,
    metavar="A,B,C",
    help="Columns by which a person could be recognized.",
)
@click.option(
    "--hierarchies",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with one file per column: COLUMN.csv (value;level 1;...;*, no heading) or *.yaml.",
)
@click.option("--k", required=True, type=click.IntRange(1), help="Smallest class, in persons.")
@click.option(
    "--max-suppressed",
    required=True,
    type=click.FloatRange(0, 1),
    help="Largest share of rows that may be removed.",
)
@click.option("--sensitive", metavar="COLUMN", help="Column of which every class must be diverse.")
@click.option("--l", "ell", type=click.IntRange(1), help="Distinct values of it in every class.")
@click.option("--person", metavar="COLUMN", help="Column that tells persons apart; else each row.")
@click.option(
    "--delimiter",
    metavar="C",
    callback=character,
    help="Of a CSV; read from its heading if left out.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def command(
    data: Path,
    quasi_identifiers: tuple[str, ...],
    hierarchies: Path,
    k: int,
    max_suppressed: float,
    sensitive: str | None,
    ell: int | None,
    person: str | None,
    delimiter: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """Generalize and suppress DATA (CSV or Parquet) until every class has k persons.

    The result is the full-domain generalization of least loss whose suppression stays within the
    budget. Suppressed rows are removed; the others are sorted by what they say, so that their order
    tells nothing more. OUT is written whole, as CSV or as Parquet by its ending; an older file of
    that name is replaced.

    \b
    Example:
      hsr anonymize adult.csv -q sex,age,race --hierarchies hierarchies \\
          --k 5 --max-suppressed 0.05 --out adult-5.csv
    """
    from hsr_privacy.anonymity import anonymize
    from hsr_privacy.documents import nearest
    from hsr_privacy.errors import DataError
    from hsr_privacy.hierarchies import load_for_columns
    from hsr_privacy.tables import read_table, write_table

    check_out(data, out)
    if out.resolve().parent == hierarchies.resolve():
        raise DataError(f"{out} lies among the hierarchies; write it to another folder")
    table, form = read_table(data, delimiter=delimiter)
    for name in filter(None, (*quasi_identifiers, sensitive, person)):
        if name not in table.columns:
            raise DataError(f"{data} has no column '{name}'{nearest(name, table.columns)}")
    done = anonymize(
        table,
        quasi_identifiers=quasi_identifiers,
        hierarchies=load_for_columns(hierarchies, quasi_identifiers),
        k=k,
        max_suppressed=max_suppressed,
        sensitive=sensitive,
        l=ell,
        person=person,
    )
    write_table(done.data.sort(done.data.columns), out, form_of(out, form))
    solution = done.solution
    if as_json:
        say.machine(
            {
                "levels": solution.levels,
                "loss": solution.loss,
                "suppressed_rows": solution.suppressed_rows,
                "classes": solution.classes,
                "k": solution.k,
            }
        )
        return
    say.result(f"{out}: {done.data.height} rows in {solution.classes} classes, k = {solution.k}")
    say.result(f"removed: {solution.suppressed_rows} rows; loss {solution.loss:.6f}")
    for name, level in solution.levels.items():
        say.result(f"  {name}: level {level} ({solution.level_names[name]})")
