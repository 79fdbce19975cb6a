"""`hsr keys`: the key rings on which every pseudonym rests."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import ask, passphrase_option


@click.group()
def command() -> None:
    """Make and inspect key rings."""


@command.command()
@click.argument("keyring", type=click.Path(path_type=Path))
@click.option(
    "--registry", default="norsk-hjertestansregister", show_default=True, help="The register's id."
)
@click.option(
    "--environment",
    type=click.Choice(["production", "test"]),
    required=True,
    help="What it may be used on: real persons, or synthetic numbers only.",
)
@click.option(
    "--generate-passphrase",
    is_flag=True,
    help="Draw a passphrase and write it to the new file --passphrase-file.",
)
@passphrase_option
def new(
    keyring: Path,
    registry: str,
    environment: str,
    generate_passphrase: bool,
    passphrase_file: Path | None,
) -> None:
    """Make the key ring KEYRING: a file that only its owner can read, sealed by a passphrase.

    It may not lie in a git work tree or where others can read it. Whoever loses the passphrase or
    the file loses every pseudonym made with it: keep a copy of each, apart.

    \b
    Example:
      hsr keys new ~/keys/register.keyring --environment production
    """
    from hsr_privacy.errors import OutputExists
    from hsr_privacy.keys import KeyRing, write_new_passphrase

    if keyring.exists():
        raise OutputExists(f"{keyring} exists; a key ring is never overwritten")
    if generate_passphrase:
        if passphrase_file is None:
            raise click.UsageError("--generate-passphrase needs --passphrase-file to write to")
        passphrase = write_new_passphrase(passphrase_file)
    else:
        passphrase = ask(passphrase_file, new=True)
    ring = KeyRing.create(
        keyring,
        passphrase,
        registry_id=registry,
        environment="test" if environment == "test" else "production",
    )
    say.result(f"{keyring}: key ring of {ring.registry_id} ({ring.environment})")
    say.result(f"check value of its master key: {ring.info().master_keys[0][3]}")


@command.command()
@click.argument("keyring", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@passphrase_option
def info(keyring: Path, as_json: bool, passphrase_file: Path | None) -> None:
    """Show what may be shown of KEYRING: versions, states, projects and check values.

    \b
    Example:
      hsr keys info ~/keys/register.keyring
    """
    from dataclasses import asdict

    from hsr_privacy.keys import KeyRing

    shown = KeyRing.open(keyring, ask(passphrase_file)).info()
    if as_json:
        say.machine(asdict(shown))
        return
    say.result(f"{shown.path}: {shown.registry_id} ({shown.environment}), made {shown.created}")
    for version, state, created, check_value in shown.master_keys:
        say.result(f"  master key {version}: {state}, made {created}, check value {check_value}")
    for project, created, version in shown.projects:
        say.result(f"  project {project}: key since {created}, from master key {version}")
    for project, destroyed in shown.destroyed:
        say.result(f"  project {project}: key destroyed {destroyed}")
