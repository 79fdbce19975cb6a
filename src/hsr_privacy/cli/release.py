"""`hsr release`: an extract prepared by one person, reviewed and approved by others, and sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hsr_privacy.cli import handover, interrupts, say
from hsr_privacy.cli.groups import WithDefault
from hsr_privacy.cli.secrets import (
    ask,
    open_ring,
    passphrase_option,
    refuse_password,
    register_option,
    signing_options,
)

_PATH = click.Path(path_type=Path)
WHOLE = "whole"

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(cls=WithDefault, default=WHOLE)
def command() -> None:
    """From deliveries and an approved application to a sealed package, by at least two people.

    \b
    prepare   who makes the extract signs it          gates G1 to G7
    review    another person looks, and vouches for it
    approve   somebody who did not make it approves   gate  G8
    seal      sealed to the recipient, and accounted for   gates G9 and G10

    `hsr release PROJECT ...` does the whole in one step, for a test project of one person; its
    manifest says so. Nobody can do that with a production key ring.
    """


def _of_source(command: Command) -> Command:
    """Options of whatever makes an extract."""
    for option in reversed(
        (
            click.argument("project", type=_PATH),
            click.option("--source", required=True, type=_PATH, help="Folder of deliveries."),
            click.option("--keyring", required=True, type=_PATH, help="The key ring."),
            click.option(
                "--out", required=True, type=_PATH, help="Folder to make; must not exist."
            ),
            passphrase_option,
            click.option(
                "--store",
                type=_PATH,
                help="Folder of the identity store and the event store; KEYRING.store if left out.",
            ),
            click.option(
                "--identities", help="URL of a PostgreSQL database for the identity store."
            ),
            click.option(
                "--engine",
                type=click.Choice(["polars", "spark"]),
                default="polars",
                show_default=True,
                help="Where the rows are worked on.",
            ),
            click.option(
                "--json", "as_json", is_flag=True, help="Print the manifest for machines."
            ),
        )
    ):
        command = option(command)
    return command


@command.command(WHOLE)
@_of_source
@register_option
@click.option(
    "--to",
    "recipients",
    multiple=True,
    metavar="AGE1...",
    help="Seal it too, to this public key; the application's own if it names one.",
)
@click.option("--sealed", type=_PATH, help="Folder for the sealed package; OUT-sealed if left out.")
def whole(
    project: Path,
    source: Path,
    keyring: Path,
    out: Path,
    passphrase_file: Path | None,
    store: Path | None,
    identities: str | None,
    engine: str,
    register: str | None,
    recipients: tuple[str, ...],
    sealed: Path | None,
    as_json: bool,
) -> None:
    """Make the extract that the approved application PROJECT allows, or say why not.

    For a test project of one person: prepares, and releases without a second person, which the
    manifest says. Selects the cohort, pseudonymizes, generalizes to at most the approved detail,
    protects, validates, assesses the risk, passes every gate and writes the result: whole or not
    at all. The name of this command may be left out.

    \b
    Example:
      hsr release application.yaml --source deliveries \\
          --keyring ~/keys/register.keyring --out extract
    """
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.handover import release_alone

    refuse_taken(out)
    refuse_password(identities)
    refuse_password(register, option="--register", file=True)
    ring = open_ring(keyring, passphrase_file)
    released = release_alone(
        project,
        source=source,
        ring=ring,
        out=out,
        store=store,
        identities=identities,
        register=register,
        engine=_engine(engine),
        recipients=recipients,
        sealed=sealed,
        tell=tell,
    )
    _remind_of_backup(ring, keyring)
    if as_json:
        say.machine(released.made.manifest)
        return
    if released.made.manifest["differencing"]["blocks"]:
        say.talk(
            "with several people gate G6 would refuse this beside earlier releases; see report.html"
        )
    _tell_made(released.made, "released")
    if released.sealed is not None:
        say.result(f"sealed: {released.sealed}")


@command.command()
@_of_source
@register_option
@signing_options
def prepare(
    project: Path,
    source: Path,
    keyring: Path,
    out: Path,
    passphrase_file: Path | None,
    store: Path | None,
    identities: str | None,
    engine: str,
    register: str | None,
    signing_key: Path,
    signing_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make the package of the approved application PROJECT, and sign it as who prepared it.

    Nothing leaves by this: another person reviews the folder, somebody who is not you approves it,
    and then it is sealed. Any change of a file makes all signatures void.

    \b
    Example:
      hsr release prepare application.yaml --source deliveries --keyring ~/keys/register.keyring \\
          --signing-key ~/keys/kari.key --out package
    """
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.handover import prepare as make
    from hsr_privacy.keys import SigningKey

    refuse_taken(out)
    refuse_password(identities)
    refuse_password(register, option="--register", file=True)
    ring = open_ring(keyring, passphrase_file)
    key = SigningKey.open(signing_key, ask(signing_passphrase_file, what="Your passphrase"))
    if key.public_key not in {one.public_key for one in ring.contents.people}:
        say.talk(
            f"{keyring} does not trust your signing key yet, and nothing is sealed before it does: "
        )
        say.talk("  hsr keys trust")
    made = make(
        project,
        source=source,
        ring=ring,
        key=key,
        out=out,
        store=store,
        identities=identities,
        register=register,
        engine=_engine(engine),
        tell=tell,
    )
    _remind_of_backup(ring, keyring)
    if as_json:
        say.machine(made.manifest)
        return
    _tell_made(made, "prepared")
    for one in made.manifest["differencing"]["must_be_accepted"]:
        say.talk(f"who approves it must accept in writing: {one}; see report.html")
    say.result(f"next: another person runs  hsr release review {out} --signing-key ...")


for step in handover.COMMANDS:
    command.add_command(step)


def tell(step: Any) -> None:
    """Say what a step did, in counts; an interrupt that came in between ends the work here."""
    interrupts.heed()
    say.talk(step.name)
    for name, count in step.counts.items():
        say.talk(f"  {count:>9,}  {name}")


def _tell_made(made: Any, what: str) -> None:
    table, risk = made.cleared.prepared.table, made.cleared.risk
    say.result(
        f"{what} {table.height} events of {risk.persons} persons, k = {risk.k}, "
        f"all {len(made.cleared.gates)} gates passed"
    )
    say.result(f"report: {made.folder / 'report.html'}")
    say.result(f"data:   {made.folder / 'data'}")


def _remind_of_backup(ring: Any, keyring: Path) -> None:
    if not ring.contents.has_fresh_backup:
        say.talk(
            f"no copy of {keyring} with all its keys has been verified: without one, a lost file ends "
            "every project; see hsr keys verify-backup"
        )


def _engine(name: str) -> Any:
    return name
