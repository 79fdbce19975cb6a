"""`hsr register settle`, `verify`, `upgrade` and `new`: the register itself is kept in order."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.disclosures import JSON, opened, where_it_is, where_options


@click.command()
@click.argument("release")
@click.option(
    "--as",
    "state",
    type=click.Choice(["released", "abandoned"]),
    required=True,
    help="Whether it left the house.",
)
@click.option("--reason", required=True, help="How you know; it is kept for good.")
@where_options
def settle(release: str, state: str, reason: str, **where: Any) -> None:
    """Say what became of RELEASE, by its id, whose sealing was not completed.

    For a folder that cannot be looked at from here: on another machine, on a share that is not
    there, or moved. Where it is at hand, hsr release status finds out by itself.

    \b
    Example:
      hsr register settle hds-2026-0417-1 --as released --reason "the recipient has it, letter 4" \\
          --keyring ~/keys/register.keyring
    """
    from hsr_privacy.composition import digests_kept
    from hsr_privacy.disclosures import State
    from hsr_privacy.disclosures.words import check_words
    from hsr_privacy.errors import DataError
    from hsr_privacy.registry import sketches_folder
    from hsr_privacy.release import sketch_is_released

    check_words(reason=reason)
    with opened(**where) as (register, ring):
        found = register.get(release)
        if found.state is State.SEALING and state == "abandoned":
            _refuse_to_deny(found)
        if found.state is State.SEALING and state == "released":
            # Before the register says so: what left is compared with later releases. Where the
            # sketch is lost it has left all the same.
            with contextlib.suppress(DataError):
                sketch_is_released(found.manifest_sha256, ring, where["store"])
        register.settle(release, State(state), reason)
        sketches = digests_kept(sketches_folder(ring, where["store"]))
    say.result(f"{release}: {state}")
    if state == "released" and found.manifest_sha256 not in sketches:
        say.talk(
            "its membership sketch is not here: later releases are not compared with it, and hsr "
            "register who cannot tell who is in it"
        )


def _refuse_to_deny(found: Any) -> None:
    """Say no where the folder of what is said not to have left lies at hand.

    Raises:
        RegisterError: it does.
    """
    import platform

    from hsr_privacy.errors import RegisterError

    is_here = found.host in {"", platform.node()}
    if is_here and found.place and Path(found.place).exists():
        raise RegisterError(
            f"{found.place} is there, so {found.id} may have left: hsr release status finds out; move "
            "away what is something else"
        )


@click.command()
@JSON
@where_options
def verify(as_json: bool, **where: Any) -> None:
    """Compare every row of the register with its changes, and these with the audit log.

    \b
    Example:
      hsr register verify --keyring ~/keys/register.keyring
    """
    with opened(**where) as (register, _):
        found = register.verify()
    if as_json:
        say.machine({"rows": found.rows, "changes": found.changes})
        return
    say.result(
        f"{found.rows} rows are what {found.changes} changes made them, all in the audit log"
    )


@click.command()
@where_options
def upgrade(**where: Any) -> None:
    """Make a register of an earlier version one of this, whole or not at all. Back it up before.

    \b
    Example:
      hsr register upgrade --keyring ~/keys/register.keyring
    """
    from hsr_privacy.disclosures import upgrade as convert

    place, ring = where_it_is(**where)
    before, after = convert(place, ring)
    if before == after:
        say.result(f"it has version {after} already")
    else:
        say.result(f"version {before} has become version {after}")


@click.command()
@where_options
def new(**where: Any) -> None:
    """Begin an empty register, though the audit log knows of another one that is lost for good.

    What the other one held is not in it: put a backup of that one back if there is any.

    \b
    Example:
      hsr register new --keyring ~/keys/register.keyring
    """
    from hsr_privacy.disclosures import DisclosureRegister, released_in_log

    place, ring = where_it_is(**where)
    with DisclosureRegister(place, ring, new=True) as register:
        say.result(f"a new disclosure register: {register.name}")
    released = released_in_log(ring)
    if released:
        say.talk(f"the audit log has {len(released)} releases that are not in it")


COMMANDS = (settle, verify, upgrade, new)
