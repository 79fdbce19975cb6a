"""`hsr synthesize`: realistic registers that belong to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say


@click.group()
def command() -> None:
    """Make realistic registers that belong to nobody."""


@command.command()
@click.option("--events", required=True, type=click.IntRange(1), help="Number of arrests.")
@click.option("--from", "first_year", required=True, type=int, help="First year, 2013 or later.")
@click.option("--to", "last_year", required=True, type=int, help="Last year, included.")
@click.option("--seed", required=True, type=click.IntRange(0), help="Same seed, same bytes.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to make.")
@click.option(
    "--layout",
    type=click.Choice(["mrs", "oqr", "csv", "parquet"]),
    default="csv",
    show_default=True,
    help="As the sector's systems dump: MRS, OpenQReg, plain CSV or Parquet.",
)
def register(
    events: int, first_year: int, last_year: int, seed: int, out: Path, layout: Any
) -> None:
    """Simulate what AMK centrals, ambulance services and hospitals deliver.

    The simulator has never seen a patient: every number comes from synthetic/utstein.yaml, and
    every identifier from the tax authority's synthetic series. OUT gets the deliveries, and
    OUT-truth beside it tells which rows are the same event, what was planted, and how often each
    hard case happens.

    \b
    Example:
      hsr synthesize register --events 20000 --from 2013 --to 2024 --seed 1 --out deliveries
    """
    from hsr_privacy.synthesis import synthesize_register

    written = synthesize_register(
        out, events=events, first_year=first_year, last_year=last_year, seed=seed, layout=layout
    )
    for path in written:
        say.result(str(path))
