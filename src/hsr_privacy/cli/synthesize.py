"""`hsr synthesize`: realistic registers that belong to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say, synthesize_learn, synthesize_report


@click.group()
def command() -> None:
    """Make realistic registers that belong to nobody."""


command.add_command(synthesize_report.command, "report")
command.add_command(synthesize_learn.command)


@command.command()
@click.option("--events", required=True, type=click.IntRange(1), help="Number of arrests.")
@click.option("--from", "first_year", required=True, type=int, help="First year, 2013 or later.")
@click.option(
    "--to", "last_year", required=True, type=int, help="Last year, included; 2025 or earlier."
)
@click.option("--seed", required=True, type=click.IntRange(0), help="Same seed, same bytes.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to make.")
@click.option(
    "--layout",
    type=click.Choice(["mrs", "oqr", "csv", "parquet"]),
    default="csv",
    show_default=True,
    help="As the sector's systems dump: MRS, OpenQReg, plain CSV or Parquet.",
)
@click.option(
    "--dirty",
    metavar="LEVEL",
    default="none",
    show_default=True,
    help="Plant flaws: none, light, moderate, heavy, or the share of records from 0 to 1.",
)
@click.option(
    "--parameters",
    "own_numbers",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Numbers of your own, written as synthetic/utstein.yaml is.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written for machines.")
def register(
    events: int,
    first_year: int,
    last_year: int,
    seed: int,
    out: Path,
    layout: Any,
    dirty: str,
    own_numbers: Path | None,
    as_json: bool,
) -> None:
    """Simulate what AMK centrals, ambulance services and hospitals deliver.

    The simulator has never seen a patient: every number comes from synthetic/utstein.yaml, and
    every identifier from the tax authority's synthetic series. OUT gets the deliveries, and
    OUT-truth beside it tells which rows are the same event, what was planted, and how often each
    hard case happens.

    With --dirty, some records have flaws as real deliveries have them, such as swapped times, lost
    zeros or a number in a comment, and OUT-truth/flaws.json tells each of them. All other rows are
    as in the clean register of the same seed.

    \b
    Example:
      hsr synthesize register --events 20000 --from 2013 --to 2025 --seed 1 --out deliveries
      hsr synthesize register --events 4000 --from 2025 --to 2025 --seed 1 --dirty heavy \\
          --layout mrs --out dirty
    """
    from hsr_privacy.synthesis import load_parameters, synthesize_with_account

    made = synthesize_with_account(
        out,
        events=events,
        first_year=first_year,
        last_year=last_year,
        seed=seed,
        layout=layout,
        dirty=dirty,
        parameters=load_parameters(own_numbers),
        tell=say.talk,
    )
    if as_json:
        say.machine(_account(made))
    else:
        for path in (*made.files, *made.truth):
            say.result(str(path))
        for name, count in made.flaws.items():
            say.talk(f"{count:7} {name}")
    say.talk(f"{sum(made.records.values())} records in {out}; the truth is in {out}-truth")


def _account(made: Any) -> dict[str, Any]:
    """What was written, for machines."""
    return {
        "files": [
            {"path": str(path), "sha256": made.digests[path], "records": made.records[path]}
            for path in made.files
        ],
        "truth": [{"path": str(path), "sha256": made.digests[path]} for path in made.truth],
        "flaws": dict(made.flaws),
        "not_in_this_layout": dict(made.not_in_layout),
    }
