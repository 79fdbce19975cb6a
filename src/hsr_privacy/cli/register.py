"""`hsr register`: deliveries become the register's two stores, and what left is accounted for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from hsr_privacy.cli import disclosures, keeping, say
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password
from hsr_privacy.cli.who import who


@click.group()
def command() -> None:
    """Link deliveries into the register's two stores, and account for what left the house."""


@command.command()
@click.option(
    "--source", required=True, type=click.Path(path_type=Path), help="Folder of deliveries."
)
@click.option("--keyring", required=True, type=click.Path(path_type=Path), help="The key ring.")
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Folder of the identity store and the event store; KEYRING.store if left out.",
)
@click.option("--identities", help="URL of a PostgreSQL database for the identity store.")
@passphrase_option
def build(
    source: Path,
    keyring: Path,
    store: Path | None,
    identities: str | None,
    passphrase_file: Path | None,
) -> None:
    """Read deliveries, link them, apply the inclusion rules, and keep the result.

    The identity store holds identifiers, encrypted, and random person keys; the event store holds
    events under those keys, and no identifier. A release does the same by itself.

    \b
    Example:
      hsr register build --source deliveries --keyring ~/keys/register.keyring
    """
    from hsr_privacy.cli.release import tell
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.hierarchies import load_hierarchies
    from hsr_privacy.registry import keep_register, load_delivery_settings

    refuse_password(identities)
    ring = open_ring(keyring, passphrase_file)
    register, folder = keep_register(
        source,
        ring=ring,
        codebook=load_codebook(hierarchies=load_hierarchies()),
        settings=load_delivery_settings(),
        today=dt.datetime.now().astimezone().date(),
        store=store,
        identities=identities,
    )
    for step in register.steps:
        tell(step)
    for form in register.absent:
        say.talk(f"nobody delivered the form '{form}'")
    say.result(f"{register.events.height} events: {folder}")


for one in (*disclosures.COMMANDS, *keeping.COMMANDS, who):
    command.add_command(one)
