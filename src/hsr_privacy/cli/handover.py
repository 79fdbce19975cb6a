"""`hsr release review`, `approve`, `seal`, `withdraw`, `status`: what happens to a prepared package."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import (
    ask,
    open_ring,
    passphrase_option,
    refuse_password,
    register_option,
    signing_options,
)

_PATH = click.Path(path_type=Path)
_FOLDER = click.argument("package", type=_PATH)
_COMMENT = click.option(
    "--comment", default="", help="Why, in one sentence; no data of a person. It is signed."
)


def _accepted(
    _ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, _, reason = text.partition("=")
        if not reason.strip():
            raise click.BadParameter(f"write {name.strip() or 'ID'}=REASON, with the reason")
        pairs[name.strip()] = reason.strip()
    return pairs


@click.command()
@_FOLDER
@signing_options
@click.option(
    "--decision",
    type=click.Choice(["approve", "request-changes"]),
    required=True,
    help="Vouch for it, or ask for changes; your latest review counts.",
)
@_COMMENT
def review(
    package: Path,
    signing_key: Path,
    signing_passphrase_file: Path | None,
    decision: Literal["approve", "request-changes"],
    comment: str,
) -> None:
    """Sign that you have read the PACKAGE, and what you decided. Who prepared it cannot.

    Read report.html first: the gates, the audit, and what was applied for and delivered.

    \b
    Example:
      hsr release review package --signing-key ~/keys/ola.key --decision approve
    """
    from hsr_privacy.handover import review as sign
    from hsr_privacy.keys import SigningKey

    _tell_what(package)
    key = SigningKey.open(signing_key, ask(signing_passphrase_file, what="Your passphrase"))
    state = sign(package, key=key, decision=decision, comment=comment)
    say.result(f"{package}: {state}")


@click.command()
@_FOLDER
@signing_options
@click.option(
    "--accept",
    "accepts",
    multiple=True,
    callback=_accepted,
    metavar="ID=REASON",
    help="Accept a finding that somebody must answer for; may be given several times.",
)
@_COMMENT
def approve(
    package: Path,
    signing_key: Path,
    signing_passphrase_file: Path | None,
    accepts: dict[str, str],
    comment: str,
) -> None:
    """Sign that the reviewed PACKAGE may leave. Who prepared it cannot.

    \b
    Example:
      hsr release approve package --signing-key ~/keys/ida.key
    """
    from hsr_privacy.handover import approve as sign
    from hsr_privacy.keys import SigningKey

    _tell_what(package)
    key = SigningKey.open(signing_key, ask(signing_passphrase_file, what="Your passphrase"))
    state = sign(package, key=key, accepts=accepts, comment=comment)
    say.result(f"{package}: {state}")


@click.command()
@_FOLDER
@click.option("--keyring", required=True, type=_PATH, help="The key ring.")
@click.option(
    "--to",
    "recipients",
    multiple=True,
    metavar="AGE1...",
    help="Public key of the recipient; the application's own if it names one.",
)
@click.option("--out", required=True, type=_PATH, help="Folder to make; must not exist.")
@passphrase_option
@click.option("--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out.")
@register_option
@click.option(
    "--zip-passphrase",
    type=_PATH,
    help="For a recipient without age: seal as an AES zip, under a passphrase drawn into this new "
    "private file, which goes another way.",
)
def seal(
    package: Path,
    keyring: Path,
    recipients: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    store: Path | None,
    register: str | None,
    zip_passphrase: Path | None,
) -> None:
    """Seal the approved PACKAGE to its recipient, and enter it in the disclosure register.

    Only signatures count that the key ring trusts (see hsr keys trust). Writes the sealed file and
    a receipt without personal data, both or neither.

    \b
    Example:
      hsr release seal package --keyring ~/keys/register.keyring --to age1... --out delivery
    """
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.handover import keys_to_tell
    from hsr_privacy.handover import seal as close

    refuse_taken(out)
    refuse_password(register, option="--register", file=True)
    ring = open_ring(keyring, passphrase_file)
    sealed = close(
        package,
        ring=ring,
        recipients=recipients,
        out=out,
        store=store,
        register=register,
        zip_passphrase=zip_passphrase,
    )
    if zip_passphrase is not None:
        say.talk(
            f"the passphrase of the zip is in {zip_passphrase}: give it to the recipient by telephone "
            "or on paper, never with the zip"
        )
    say.talk(
        "the recipient verifies with these public keys; send them another way than the package:"
    )
    for role, key in keys_to_tell(package, ring):
        say.talk(f"  {role:>9} {key}")
    say.result(f"sealed:  {sealed.file}")
    say.result(f"receipt: {sealed.receipt}")


@click.command()
@click.argument("release")
@click.option("--keyring", required=True, type=_PATH, help="The key ring.")
@click.option("--reason", required=True, help="Why, in one sentence; no data of a person.")
@passphrase_option
@click.option("--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out.")
@register_option
def withdraw(
    release: str,
    keyring: Path,
    reason: str,
    passphrase_file: Path | None,
    store: Path | None,
    register: str | None,
) -> None:
    """Enter in the disclosure register that RELEASE, by its id, was withdrawn, and why.

    The recipient must be asked to delete it; hsr register due reminds until that is confirmed.

    \b
    Example:
      hsr release withdraw hds-2026-0417-1a2b3c4d --keyring ~/keys/register.keyring --reason "..."
    """
    from hsr_privacy.handover import withdraw as take_back

    refuse_password(register, option="--register", file=True)
    ring = open_ring(keyring, passphrase_file)
    take_back(release, ring=ring, reason=reason, store=store, register=register)
    say.result(f"{release}: withdrawn; ask the recipient to delete it, and then run")
    say.result(f"  hsr register confirm-deletion {release} --keyring {keyring} ...")


@click.command()
@_FOLDER
@click.option("--keyring", type=_PATH, help="Say whose signatures count, and what was released.")
@passphrase_option
@click.option("--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out.")
@register_option
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def status(
    package: Path,
    keyring: Path | None,
    passphrase_file: Path | None,
    store: Path | None,
    register: str | None,
    as_json: bool,
) -> None:
    """Say how far the PACKAGE has come, who signed it, and what is still missing.

    \b
    Example:
      hsr release status package
    """
    from hsr_privacy.handover import status as look

    refuse_password(register, option="--register", file=True)
    ring = open_ring(keyring, passphrase_file) if keyring is not None else None
    found = look(package, ring=ring, store=store, register=register)
    if as_json:
        say.machine(found.to_json())
        return
    say.result(f"{package}: {found.state}")
    say.result(f"  {found.meaning.en}")
    for line in found.lines():
        say.result(f"  {line}")


def _tell_what(package: Path) -> None:
    """Say what a signature will be about, as the statement has it, before anything is signed."""
    from hsr_privacy.handover import status as look

    for line in look(package).lines():
        say.talk(f"  {line}")


COMMANDS = (review, approve, seal, withdraw, status)
