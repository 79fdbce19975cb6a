"""`hsr keys`: the key rings on which every pseudonym rests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import people, say, shares
from hsr_privacy.cli.secrets import ask, open_ring, passphrase_option
from hsr_privacy.cli.selftest import selftest
from hsr_privacy.cli.transition import transition

_PATH = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Make and inspect key rings."""


for _part in (*shares.COMMANDS, *people.COMMANDS, selftest, transition):
    command.add_command(_part)


def _custody_options(function: Any) -> Any:
    function = click.option(
        "--custody",
        type=click.Choice(["passphrase", "keyring", "token"]),
        default="passphrase",
        show_default=True,
        help="What opens it: a passphrase, the keyring of this desktop, or a PKCS#11 token.",
    )(function)
    function = click.option(
        "--token-module", type=_PATH, help="PKCS#11 library of the token, for --custody token."
    )(function)
    return click.option("--token-label", help="Label of the token, for --custody token.")(function)


@command.command()
@click.argument("keyring", type=_PATH)
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
@_custody_options
@passphrase_option
def new(
    keyring: Path,
    registry: str,
    environment: str,
    generate_passphrase: bool,
    custody: Any,
    token_module: Path | None,
    token_label: str | None,
    passphrase_file: Path | None,
) -> None:
    """Make the key ring KEYRING: a file that only its owner can read, closed by its custody.

    It may not lie in a git work tree or where others can read it. Whoever loses the passphrase or
    the file loses every pseudonym made with it: keep a copy of each, apart.

    \b
    Example:
      hsr keys new ~/keys/register.keyring --environment production
    """
    from hsr_privacy.errors import OutputExists
    from hsr_privacy.keys import AuditLog, KeyRing

    if keyring.exists():
        raise OutputExists(f"{keyring} exists; a key ring is never overwritten")
    place = _place(custody, token_module, token_label)
    ring = KeyRing.create(
        keyring,
        _new_secret(custody, passphrase_file, generate=generate_passphrase),
        registry_id=registry,
        environment="test" if environment == "test" else "production",
        custody=custody,
        token=place,
    )
    value = ring.master_check_value(1)
    AuditLog(ring).record("keys.new", {"custody": custody, "check_value": value})
    say.result(f"{keyring}: key ring of {ring.registry_id} ({ring.environment})")
    say.result(f"check value of its master key: {value}")
    say.talk("Copy the file to another disk now, and run: hsr keys verify-backup")


@command.command()
@click.argument("keyring", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@passphrase_option
def info(keyring: Path, as_json: bool, passphrase_file: Path | None) -> None:
    """Show what may be shown of KEYRING: versions, states, projects and check values.

    \b
    Example:
      hsr keys info ~/keys/register.keyring
    """
    from dataclasses import asdict

    shown = open_ring(keyring, passphrase_file).info()
    if as_json:
        say.machine(asdict(shown))
        return
    say.result(f"{shown.path}: {shown.registry_id} ({shown.environment}), made {shown.created}")
    say.result(f"  opened by: {shown.custody}")
    for key in shown.master_keys:
        say.result(
            f"  master key {key.version}: {key.state}, made {key.created}, in the {key.place}, "
            f"check value {key.check_value}"
        )
    for project in shown.projects:
        say.result(
            f"  project {project.project_id}: key since {project.created}, "
            f"from master key {project.key_version}"
        )
    for name, destroyed in shown.destroyed:
        say.result(f"  project {name}: key destroyed {destroyed}")
    if shown.shares:
        say.result(f"  shares: {shown.shares[0]} of {shown.shares[1]} open it together")
    for name in shown.people:
        say.result(f"  trusts the signature of {name}")
    if shown.backup is None:
        say.result("  backup: never verified; copy the file and run hsr keys verify-backup")
    else:
        stale = "" if shown.backup_is_fresh else "; keys or projects have been added since"
        say.result(f"  backup: verified {shown.backup}{stale}")


@command.command("verify-backup")
@click.argument("keyring", type=_PATH)
@click.argument("backup", type=_PATH)
@passphrase_option
@click.option("--backup-passphrase-file", type=_PATH, help="Where the copy has an older one.")
def verify_backup(
    keyring: Path, backup: Path, passphrase_file: Path | None, backup_passphrase_file: Path | None
) -> None:
    """Compare BACKUP, a copy of KEYRING, with it: every key by its check value, none shown.

    \b
    Example:
      hsr keys verify-backup ~/keys/register.keyring /mnt/vault/register.keyring
    """
    from hsr_privacy.keys import AuditLog
    from hsr_privacy.keys.backup import verify_backup as compare

    ring = open_ring(keyring, passphrase_file)
    copy = open_ring(backup, backup_passphrase_file or passphrase_file)
    found = compare(ring, copy)
    counts = {"master keys": found.master_keys, "projects": found.projects}
    AuditLog(ring).record("keys.verify-backup", counts)
    say.result(
        f"{backup} is whole: {found.master_keys} master keys and {found.projects} projects, "
        "all check values equal"
    )
    for name in found.destroyed:
        say.result(f"  it still holds the key of the destroyed project {name}: replace it")


@command.command()
@click.argument("keyring", type=_PATH)
@_custody_options
@click.option("--new-passphrase-file", type=_PATH, help="The new passphrase or PIN.")
@click.option(
    "--generate-passphrase",
    is_flag=True,
    help="Draw the new passphrase and write it to the new file --new-passphrase-file.",
)
@passphrase_option
def rewrap(
    keyring: Path,
    custody: Any,
    token_module: Path | None,
    token_label: str | None,
    new_passphrase_file: Path | None,
    generate_passphrase: bool,
    passphrase_file: Path | None,
) -> None:
    """Give KEYRING a new passphrase, or another custody; every pseudonym stays what it is.

    Copies of the file from before open with the old passphrase still: replace them.

    \b
    Example:
      hsr keys rewrap ~/keys/register.keyring --custody keyring
    """
    from hsr_privacy.keys import AuditLog

    place = _place(custody, token_module, token_label)
    ring = open_ring(keyring, passphrase_file)
    secret = _new_secret(custody, new_passphrase_file, generate=generate_passphrase)
    with AuditLog(ring).around("keys.rewrap", {"custody": custody}):
        ring.rewrap(secret, custody=custody, token=place)
    say.result(f"{keyring} is opened by its new {custody} from now on; replace its copies")


@command.command()
@click.argument("keyring", type=_PATH)
@passphrase_option
def rekey(keyring: Path, passphrase_file: Path | None) -> None:
    """Draw a new master key for projects to come.

    Projects that have a key keep it, and so their pseudonyms; the old master key verifies and
    serves them. To move a project to another key, see `hsr keys transition`.

    \b
    Example:
      hsr keys rekey ~/keys/register.keyring
    """
    from hsr_privacy.keys import AuditLog

    ring = open_ring(keyring, passphrase_file)
    with AuditLog(ring).around("keys.rekey", {}) as done:
        version = ring.add_master_key()
        value = ring.master_check_value(version)
        done |= {"key_version": version, "check_value": value}
    say.result(f"{keyring}: master key {version} serves new projects, check value {value}")
    say.talk("Copy the file to its backups now, and run: hsr keys verify-backup")


@command.command()
@click.argument("keyring", type=_PATH)
@click.option("--project", required=True, help="Id of the project whose key is destroyed.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@passphrase_option
def shred(keyring: Path, project: str, yes: bool, passphrase_file: Path | None) -> None:
    """Destroy the key of a project: its pseudonyms can never be made again.

    The random salt of the project goes, and without it nothing in KEYRING leads to the project's
    keys. Copies of the file hold it still: replace them, then verify.

    \b
    Example:
      hsr keys shred ~/keys/register.keyring --project HDS-2026-0042
    """
    from hsr_privacy.keys import AuditLog

    ring = open_ring(keyring, passphrase_file)
    if not yes and sys.stdin.isatty():
        click.confirm(f"Destroy the key of project {project} for good?", abort=True, err=True)
    with AuditLog(ring).around("keys.shred", {"project": project}):
        ring.destroy_project(project)
    say.result(f"project {project}: key destroyed; replace every copy of {keyring} by this one")


@command.command()
@click.argument("keyring", type=_PATH)
@click.option("--against", type=_PATH, help="manifest.json of a release, to compare with.")
@click.option("--json", "as_json", is_flag=True, help="Print the records for machines.")
@passphrase_option
def audit(keyring: Path, against: Path | None, as_json: bool, passphrase_file: Path | None) -> None:
    """Verify the audit log of KEYRING, line by line, and show what was done when by whom.

    \b
    Example:
      hsr keys audit ~/keys/register.keyring --against extract/manifest.json
    """
    from hsr_privacy.cli.audit import tell_entries
    from hsr_privacy.keys import AuditLog
    from hsr_privacy.keys.audit_witnesses import confirm, read_witnesses

    reading = AuditLog(open_ring(keyring, passphrase_file)).read()
    if against is not None:
        confirm(reading, read_witnesses(against))
    tell_entries(reading.entries, as_json=as_json)
    if not as_json:
        say.result(f"{len(reading.entries)} lines, the chain holds")


def _place(custody: str, module: Path | None, label: str | None) -> Any:
    from hsr_privacy.keys.token import TokenPlace

    if custody != "token":
        if module or label:
            raise click.UsageError("--token-module and --token-label belong to --custody token")
        return None
    if module is None or label is None:
        raise click.UsageError("--custody token needs --token-module and --token-label")
    return TokenPlace(str(module.resolve()), label)


def _new_secret(custody: str, passphrase_file: Path | None, *, generate: bool) -> Any:
    """What will open a key ring: a new passphrase, the PIN of a token, or nothing to ask for."""
    from hsr_privacy.keys import write_new_passphrase

    if generate:
        if custody != "passphrase" or passphrase_file is None:
            raise click.UsageError(
                "--generate-passphrase needs a new passphrase file to write to, and custody by "
                "passphrase"
            )
        return write_new_passphrase(passphrase_file)
    if custody == "keyring":
        return None
    if custody == "token":
        return ask(passphrase_file, what="PIN of the token")
    return ask(passphrase_file, what="New passphrase", new=True)
