"""`hsr reidentify`: who a pseudonym is, for a reason, with a second person's signature."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import ask as ask_secret
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password

_PATH = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Find out who a pseudonym is: asked by one person, approved by another, on record."""


@command.command()
@click.option("--pseudonyms", required=True, type=_PATH, help="Private file, one a line.")
@click.option("--project", required=True, help="Case number of the project they are from.")
@click.option("--reason", required=True, help="Why; no data of a person.")
@click.option("--legal-basis", required=True, help="What allows it.")
@click.option("--requester", required=True, help="Your name, as the key ring trusts it.")
@click.option("--recipient", required=True, help="Your age public key; the answer is sealed to it.")
@click.option("--signing-key", required=True, type=_PATH, help="Your signing key.")
@passphrase_option
@click.option("--out", required=True, type=_PATH, help="Private file to make.")
def ask(
    pseudonyms: Path,
    project: str,
    reason: str,
    legal_basis: str,
    requester: str,
    recipient: str,
    signing_key: Path,
    passphrase_file: Path | None,
    out: Path,
) -> None:
    """Write and sign a request; it holds for 30 days.

    \b
    Example:
      hsr reidentify ask --pseudonyms p.txt --project HDS-2026-0042 --reason "..." \\
          --legal-basis "..." --requester "Kari Nordmann" --recipient age1... \\
          --signing-key kari.key --out request.json
    """
    from hsr_privacy.keys import SigningKey
    from hsr_privacy.keys.custody import read_private, write_private
    from hsr_privacy.reidentification import ask as write_request

    text = read_private(pseudonyms, "file of pseudonyms").decode(errors="replace")
    document = write_request(
        [line.strip() for line in text.splitlines() if line.strip()],
        project_id=project,
        requester=requester,
        reason=reason,
        legal_basis=legal_basis,
        recipient=recipient,
        key=SigningKey.open(signing_key, ask_secret(passphrase_file)),
        today=_today(),
    )
    write_private(out, document.encode(), replace=False)
    say.result(f"{out}: a second person approves it, by hsr reidentify approve")


@command.command()
@click.argument("request", type=_PATH)
@click.option("--approver", required=True, help="Your name, as the key ring trusts it.")
@click.option("--signing-key", required=True, type=_PATH, help="Your signing key.")
@passphrase_option
@click.option("--out", required=True, type=_PATH, help="File to make.")
def approve(
    request: Path, approver: str, signing_key: Path, passphrase_file: Path | None, out: Path
) -> None:
    """Show what REQUEST asks for, and sign that it may be answered.

    \b
    Example:
      hsr reidentify approve request.json --approver "Ola Hansen" --signing-key ola.key \\
          --out approval.json
    """
    from hsr_privacy.keys import SigningKey
    from hsr_privacy.keys.custody import read_private, write_private
    from hsr_privacy.reidentification import approve as sign
    from hsr_privacy.reidentification import read_request

    document = read_private(request, "request").decode(errors="replace")
    asked, _ = read_request(document)
    for name, text in (
        ("project", asked.project_id),
        ("asked by", asked.requester),
        ("reason", asked.reason),
        ("legal basis", asked.legal_basis),
        ("pseudonyms", str(len(asked.pseudonyms))),
        ("holds until", asked.expires.isoformat()),
    ):
        say.result(f"{name:>12}: {text}")
    key = SigningKey.open(signing_key, ask_secret(passphrase_file))
    signed = sign(document, approver=approver, key=key)
    write_private(out, signed.encode(), replace=False)
    say.result(f"{out}: approved by {approver}")


@command.command()
@click.argument("request", type=_PATH)
@click.option("--approval", required=True, type=_PATH, help="Of the second person.")
@click.option("--keyring", required=True, type=_PATH, help="The key ring.")
@click.option("--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out.")
@click.option("--identities", help="URL of a PostgreSQL database, without a password.")
@passphrase_option
@click.option("--out", required=True, type=_PATH, help="Sealed file to make.")
def answer(
    request: Path,
    approval: Path,
    keyring: Path,
    store: Path | None,
    identities: str | None,
    passphrase_file: Path | None,
    out: Path,
) -> None:
    """Verify REQUEST and its approval, write them into the audit log, and seal the answer.

    \b
    Example:
      hsr reidentify answer request.json --approval approval.json --keyring register.keyring \\
          --out answer.csv.age
    """
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.keys.custody import read_private, write_private
    from hsr_privacy.registry.stores import IDENTITIES, default_folder
    from hsr_privacy.reidentification import answer as give

    refuse_taken(out)
    refuse_password(identities)
    documents = [
        read_private(path, what).decode(errors="replace")
        for path, what in ((request, "request"), (approval, "approval"))
    ]
    ring = open_ring(keyring, passphrase_file)
    place = identities or (store or default_folder(keyring)) / IDENTITIES
    with IdentityStore(place, ring) as opened:
        given = give(documents[0], documents[1], ring=ring, store=opened, today=_today())
    write_private(out, given.sealed, replace=False)
    say.result(f"{given.found} found, {given.unidentified} unidentified, {given.unknown} unknown")
    say.result(f"{out}: sealed to who asked; line {given.line} of the audit log")


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
