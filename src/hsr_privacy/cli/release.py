"""`hsr release`: from deliveries and an approved application to an extract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import interrupts, say
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--source", required=True, type=click.Path(path_type=Path), help="Folder of deliveries."
)
@click.option("--keyring", required=True, type=click.Path(path_type=Path), help="The key ring.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder to make; must not exist."
)
@passphrase_option
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Folder of the identity store and the event store; KEYRING.store if left out.",
)
@click.option("--identities", help="URL of a PostgreSQL database for the identity store.")
@click.option(
    "--engine",
    type=click.Choice(["polars", "spark"]),
    default="polars",
    show_default=True,
    help="Where the rows are worked on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest for machines.")
def command(
    project: Path,
    source: Path,
    keyring: Path,
    out: Path,
    passphrase_file: Path | None,
    store: Path | None,
    identities: str | None,
    engine: str,
    as_json: bool,
) -> None:
    """Make the extract that the approved application PROJECT allows, or say why not.

    Selects the cohort, pseudonymizes, generalizes to at most the approved detail, protects,
    validates, assesses the risk, passes every gate and writes the result: whole or not at all.

    \b
    Example:
      hsr release application.yaml --source deliveries \\
          --keyring ~/keys/register.keyring --out extract
    """
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.release import release_extract

    refuse_taken(out)
    refuse_password(identities)
    ring = open_ring(keyring, passphrase_file)
    released = release_extract(
        project,
        source=source,
        ring=ring,
        out=out,
        store=store,
        identities=identities,
        engine=_engine(engine),
        tell=tell,
    )
    if not ring.contents.has_fresh_backup:
        say.talk(
            f"no copy of {keyring} with all its keys has been verified: without one, a lost file ends "
            "every project; see hsr keys verify-backup"
        )
    if as_json:
        say.machine(released.manifest)
        return
    table = released.cleared.prepared.table
    risk = released.cleared.risk
    say.result(
        f"released {table.height} events of {risk.persons} persons, k = {risk.k}, "
        f"all {len(released.cleared.gates)} gates passed"
    )
    say.result(f"report: {out / 'report.html'}")
    say.result(f"data:   {out / 'data'}")


def tell(step: Any) -> None:
    """Say what a step did, in counts; an interrupt that came in between ends the work here."""
    interrupts.heed()
    say.talk(step.name)
    for name, count in step.counts.items():
        say.talk(f"  {count:>9,}  {name}")


def _engine(name: str) -> Any:
    return name
