"""`hsr anonymize`: any table with hierarchies of its own."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.models import asked_models, model_options, pairs
from hsr_privacy.cli.tables import character, check_out, check_report, form_of, names

if TYPE_CHECKING:
    from hsr_privacy.anonymity import Anonymized, Solution
    from hsr_privacy.explaining import Explanation

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("data", type=_PATH)
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
    type=_PATH,
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
@click.option("--person", metavar="COLUMN", help="Column that tells persons apart; else each row.")
@click.option(
    "--method",
    type=click.Choice(["full-domain", "joint", "cells", "local"]),
    default="full-domain",
    show_default=True,
    help="One level per column; the same, with single cells suppressed; single cells suppressed "
    "and nothing generalized; or levels that differ from class to class.",
)
@click.option(
    "--loss",
    type=click.Choice(["additive", "entropy", "discernibility", "class-size"]),
    default="additive",
    show_default=True,
    help="What full-domain minimizes.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    callback=pairs,
    metavar="COLUMN=NUMBER",
    help="How much the detail of a column is worth; 1 where nothing is said.",
)
@click.option(
    "--floor",
    "floors",
    multiple=True,
    callback=pairs,
    metavar="COLUMN=LEVEL",
    help="The finest level that may be released, by name or number.",
)
@model_options
@click.option(
    "--reading",
    type=click.Choice(["own-category", "wildcard"]),
    default="own-category",
    show_default=True,
    help="What a suppressed cell counts as: a value of its own, which is safe; or, for comparison "
    "and method cells only, any value.",
)
@click.option(
    "--suppressed", default="*", show_default=True, metavar="CODE", help="What such a cell reads."
)
@click.option(
    "--mask-column",
    default="suppressed_cells",
    show_default=True,
    metavar="NAME",
    help="Column that names the suppressed cells of each row, where a method suppresses cells.",
)
@click.option(
    "--delimiter",
    metavar="C",
    callback=character,
    help="Of a CSV; read from its heading if left out.",
)
@click.option("--out", required=True, type=_PATH, help="File to write.")
@click.option("--explain", "explained", is_flag=True, help="Say why it came out so.")
@click.option("--report", type=_PATH, metavar="PAGE.html", help="Write the explanation as a page.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def command(
    data: Path,
    quasi_identifiers: tuple[str, ...],
    hierarchies: Path,
    k: int,
    max_suppressed: float,
    person: str | None,
    delimiter: str | None,
    out: Path,
    as_json: bool,
    weights: dict[str, str],
    floors: dict[str, str],
    method: Any,
    loss: Any,
    reading: Any,
    suppressed: str,
    mask_column: str,
    explained: bool,
    report: Path | None,
    **asked: Any,
) -> None:
    """Generalize and suppress DATA (CSV or Parquet) until every class has k persons.

    By default the result is the full-domain generalization of least loss whose suppression stays
    within the budget, proven. With --method joint single cells are suppressed too, which keeps more
    and is what releases use. How far the loss can be from the least is told as the gap.
    Suppressed rows are removed; the others are sorted by what they say, so that their order tells
    nothing more. OUT is written whole, as CSV or as Parquet by its ending; an older file of that
    name is replaced.

    \b
    Example:
      hsr anonymize adult.csv -q sex,age,race --hierarchies hierarchies \\
          --k 5 --max-suppressed 0.05 --out adult-5.csv
    """
    from hsr_privacy.anonymity import anonymize
    from hsr_privacy.errors import DataError
    from hsr_privacy.hierarchies import load_for_columns
    from hsr_privacy.tables import read_table, write_table

    check_out(data, out)
    if report is not None:
        check_report(data, out, report)
    if out.resolve().parent == hierarchies.resolve():
        raise DataError(f"{out} lies among the hierarchies; write it to another folder")
    table, form = read_table(data, delimiter=delimiter)
    entities = [text.partition("=")[0] for text in asked["entities"]]
    for name in filter(None, (*quasi_identifiers, *asked["sensitive"], *entities, person)):
        if name not in table.columns:
            from hsr_privacy.documents import nearest

            raise DataError(f"{data} has no column '{name}'{nearest(name, table.columns)}")
    models = asked_models(
        asked,
        k=k,
        quasi_identifiers=quasi_identifiers,
        columns=table.columns,
        hierarchies=hierarchies,
    )
    done = anonymize(
        table,
        quasi_identifiers=quasi_identifiers,
        hierarchies=load_for_columns(hierarchies, quasi_identifiers),
        k=k,
        max_suppressed=max_suppressed,
        person=person,
        weights={name: _number(name, text) for name, text in weights.items()},
        models=models.models,
        method=method,
        loss=loss,
        floors={name: _level(text) for name, text in floors.items()},
        reading=reading,
        suppressed=suppressed,
        mask_column=mask_column,
        sensitive_levels=models.sensitive_levels,
        population=models.population,
    )
    explanation = _explanation(done) if explained or report is not None else None
    write_table(done.data.sort(done.data.columns), out, form_of(out, form))
    if explanation is not None and report is not None:
        _write_report(explanation, report, title=data.name)
    if as_json:
        told = _as_json(done.solution)
        say.machine(told | ({"explanation": explanation.to_json()} if explanation else {}))
        return
    _tell(out, done.data.height, done.solution)
    if explained and explanation is not None:
        from hsr_privacy.explaining import explanation_text

        for line in ("", *explanation_text(explanation)):
            say.result(line)


def _explanation(done: Anonymized) -> Explanation:
    from hsr_privacy.explaining import explain

    plan = done.plan
    return explain(
        done.solution,
        models=plan.models,
        max_suppressed=plan.max_suppressed,
        weights=plan.weights,
    )


def _write_report(explanation: Explanation, page: Path, *, title: str) -> None:
    from hsr_privacy.explaining import explanation_page
    from hsr_privacy.tables import write_whole

    text = explanation_page(explanation, title=title)
    write_whole(page, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def _as_json(solution: Solution) -> dict[str, Any]:
    """What machines read; the verdicts where models beside k were asked for."""
    plain = {
        "levels": solution.levels,
        "loss": solution.loss,
        "suppressed_rows": solution.suppressed_rows,
        "classes": solution.classes,
        "k": solution.k,
        "granularity": solution.granularity,
        "bound": solution.bound,
        "gap": solution.gap,
        "suppressed_cells": solution.suppressed_cells,
        "nodes_checked": solution.nodes_checked,
        "seconds": solution.seconds,
    }
    if len(solution.verdicts) > 1:
        plain["models"] = [
            {name: _finite(value) for name, value in asdict(one).items()}
            for one in solution.verdicts
        ]
    return plain


def _tell(out: Path, rows: int, solution: Solution) -> None:
    one = solution
    say.result(f"{out}: {rows} rows in {one.classes} classes, k = {one.k}")
    say.result(f"removed: {one.suppressed_rows} rows; loss {one.loss:.6f}")
    if one.suppressed_cells:
        say.result(f"suppressed: {one.suppressed_cells} cells")
    if one.gap:
        say.result(f"at least {one.bound:.6f} is lost by this method: a gap of {one.gap:.6f}")
    for name, level in one.levels.items():
        spread = ""
        if one.method == "local":
            per_level = one.rows_per_level(name).items()
            spread = "; rows per level: " + ", ".join(f"{n}: {rows}" for n, rows in per_level)
        say.result(f"  {name}: level {level} ({one.level_names[name]}){spread}")
    for verdict in one.verdicts if len(one.verdicts) > 1 else ():
        of = f" of {verdict.column}" if verdict.column is not None else ""
        reached = "nothing released" if verdict.reached is None else f"{verdict.reached:.6g}"
        say.result(
            f"  {verdict.model}{of}: asked {verdict.wanted:g}, reached {reached}; "
            f"{verdict.failing_classes} classes with {verdict.failing_rows} rows failed before"
        )


def _finite(value: Any) -> Any:
    """None for what JSON has no number for."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(column: str, text: str) -> float:
    from hsr_privacy.errors import DataError

    try:
        return float(text)
    except ValueError:
        raise DataError(f"--weight {column}: no number; write it as in {column}=2.5") from None


def _level(text: str) -> str | int:
    return int(text) if text.isdecimal() else text
