"""`hsr synthesize learn`: a set learned from data, attacked before anybody gets it."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.tables import character, names

_TEXT: Final = click.Path(path_type=Path)
_MODELS: Final = ["gaussian-copula", "ctgan", "tvae", "copula-gan", "hma"]
_WITHOUT_EPOCHS: Final = ("gaussian-copula", "hma")


def _number(_ctx: click.Context, _option: click.Parameter, given: float) -> float:
    """Click takes nan for a number within any range."""
    if not math.isfinite(given):
        raise click.BadParameter("write a number")
    return given


def _conditions(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        column, sign, value = one.partition("=")
        if not sign or not column.strip() or not value.strip():
            raise click.BadParameter("write column=value, such as kjonn=2")
        if column.strip() in found:
            raise click.BadParameter(f"column '{column.strip()}' is asked for twice")
        found[column.strip()] = value.strip()
    return found


@click.command("learn")
@click.argument("data", type=_TEXT)
@click.option("--model", required=True, type=click.Choice(_MODELS), help="hma: persons and events.")
@click.option("--rows", required=True, type=click.IntRange(1), help="Rows to draw.")
@click.option("--seed", required=True, type=click.IntRange(0), help="Same seed, same set.")
@click.option("--out", required=True, type=_TEXT, help="Folder to make.")
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=VALUE",
    callback=_conditions,
    help="Draw only rows that have this; repeatable.",
)
@click.option("--leave-out", callback=names, metavar="A,B,C", help="Columns that are not learned.")
@click.option("--person", metavar="COLUMN", help="Tells persons apart; found by its name.")
@click.option("--rows-are-persons", is_flag=True, help="No column does: nobody has two rows.")
@click.option("--delimiter", metavar="C", callback=character, help="Of a CSV.")
@click.option(
    "--epochs",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help="Of ctgan, tvae and copula-gan.",
)
@click.option(
    "--risk-limit",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    callback=_number,
    show_default=True,
    help="The upper end of every risk must be under it.",
)
@click.option(
    "--control-share",
    type=click.FloatRange(0.1, 0.5),
    default=0.3,
    callback=_number,
    show_default=True,
    help="Of the persons, never learned from.",
)
@click.option(
    "--attacks",
    type=click.IntRange(100),
    default=2000,
    show_default=True,
    help="Tried at most per attack.",
)
@click.option(
    "--fewest-persons",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="That a category needs to be learned.",
)
@click.option("--save-model", type=_TEXT, metavar="FILE", help="The model, sealed to --recipient.")
@click.option("--recipient", "recipients", multiple=True, metavar="age1...", help="Repeatable.")
@click.option(
    "--require-releasable", is_flag=True, help="Exit with 21 if the set must not leave the house."
)
@click.option("--json", "as_json", is_flag=True, help="Print the passport for machines.")
@click.pass_context
def command(
    ctx: click.Context,
    data: Path,
    model: str,
    rows: int,
    seed: int,
    out: Path,
    where: dict[str, str],
    leave_out: tuple[str, ...],
    person: str | None,
    rows_are_persons: bool,
    delimiter: str | None,
    epochs: int,
    risk_limit: float,
    control_share: float,
    attacks: int,
    fewest_persons: int,
    save_model: Path | None,
    recipients: tuple[str, ...],
    require_releasable: bool,
    as_json: bool,
) -> None:
    """Learn a synthesizer from DATA, draw a set, attack it, and write it with its passport.

    The simulator, hsr synthesize register, has never seen a patient and is the default. This
    command has: DATA is a table of events whose columns are the codebook's (CSV or Parquet), a
    folder with persons.* and events.*, or a folder of deliveries, which are linked first. A part of
    the persons is held out, and every attack on the set is tried on both parts. Only if the upper
    end of every interval is under --risk-limit is the set called synthetic; every other is written
    as internal-only, with a notice beside it.

    It uses SDV, whose licence is not open source: the Business Source License 1.1 lets you use it,
    and does not let you offer synthetic data as a service to others.

    \b
    Example:
      hsr synthesize learn extract.csv --model gaussian-copula --rows 5000 --seed 1 --out learned
    """
    from hsr_privacy.learned import Outcome, Source, Wishes, synthesize_learned
    from hsr_privacy.learned.writing import check_model_file

    check_model_file(save_model, recipients, out)
    if model in _WITHOUT_EPOCHS and _is_given(ctx, "epochs"):
        say.talk(f"--epochs has no effect on {model}")
    with _live() as (tell, progress):
        passport = synthesize_learned(
            Source(data, person, rows_are_persons, leave_out, delimiter),
            Wishes(
                model=model,
                rows=rows,
                seed=seed,
                epochs=epochs,
                where=where,
                control_share=control_share,
                risk_limit=risk_limit,
                attacks=attacks,
                fewest_persons=fewest_persons,
            ),
            out=out,
            model_file=save_model,
            recipients=recipients,
            tell=tell,
            progress=progress,
        )
    if as_json:
        say.machine(passport.to_json())
    else:
        say.result(f"{passport.verdict.outcome}: {out}")
        say.result(f"  likeness of columns {passport.fidelity.mean:.3f}")
        for name in passport.files:
            say.result(f"  {out / name}")
        say.result(f"  {out / 'passport.html'}")
        for reason in passport.verdict.reasons:
            say.talk(f"  {reason.en}")
    if require_releasable and passport.verdict.outcome is not Outcome.RELEASABLE:
        _refuse(out, [reason.en for reason in passport.verdict.reasons], passport.verdict.outcome)


def _is_given(ctx: click.Context, option: str) -> bool:
    source = ctx.get_parameter_source(option)
    return source is not None and source is not click.core.ParameterSource.DEFAULT


def _refuse(out: Path, reasons: list[str], outcome: str) -> None:
    from hsr_privacy.errors import Fault, GateRefused

    raise GateRefused(
        f"{out} is {outcome}, and must not leave the house; it was written as internal-only, "
        "with its passport",
        [Fault(str(out / "passport.html"), 0, "", reason) for reason in reasons],
    )


@contextlib.contextmanager
def _live() -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """A line per step, and for a person at a terminal one that moves."""
    terminal = sys.stderr
    moves = terminal.isatty()
    shown = False

    def tell(line: str) -> None:
        nonlocal shown
        if shown:
            terminal.write("\n")
            shown = False
        say.talk(line)

    def progress(done: int, of: int) -> None:
        nonlocal shown
        if moves:
            terminal.write(f"\r  round {done} of {of}")
            terminal.flush()
            shown = True

    yield tell, progress
    if shown:
        terminal.write("\n")
