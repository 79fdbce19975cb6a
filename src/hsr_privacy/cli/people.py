"""`hsr keys signing-key`, `trust`, `recipient`: the keys of people, beside those of the register."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import ask, open_ring, passphrase_option

_PATH = click.Path(path_type=Path)


@click.command("signing-key")
@click.argument("file", type=_PATH)
@click.option(
    "--generate-passphrase",
    is_flag=True,
    help="Draw a passphrase and write it to the new file --passphrase-file.",
)
@passphrase_option
def signing_key(file: Path, generate_passphrase: bool, passphrase_file: Path | None) -> None:
    """Make your own signing key in the new private FILE, and print its public half.

    Who keeps the key ring adds the public half with `hsr keys trust`, after having heard it from
    you.

    \b
    Example:
      hsr keys signing-key ~/keys/kari.key
    """
    from hsr_privacy.keys import SigningKey, write_new_passphrase

    if generate_passphrase:
        if passphrase_file is None:
            raise click.UsageError("--generate-passphrase needs --passphrase-file to write to")
        secret = write_new_passphrase(passphrase_file)
    else:
        secret = ask(passphrase_file, what="New passphrase", new=True)
    say.result(SigningKey.create(file, secret).public_key)


@click.command()
@click.argument("file", type=_PATH)
def recipient(file: Path) -> None:
    """Make an age identity in the new private FILE, and print its public key, the recipient.

    What is sealed to the recipient opens with FILE, here or with the program age.

    \b
    Example:
      hsr keys recipient ~/keys/kari.age
    """
    from hsr_privacy.keys.recipients import write_new_identity

    say.result(write_new_identity(file))


@click.command("open")
@click.argument("sealed", type=_PATH)
@click.option("--identity", type=_PATH, required=True, help="Private file of the recipient.")
@click.option("--out", type=_PATH, required=True, help="Private file to make.")
def open_command(sealed: Path, identity: Path, out: Path) -> None:
    """Open what was SEALED to you into a new private file.

    \b
    Example:
      hsr keys open answer.csv.age --identity ~/keys/kari.age --out answer.csv
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.keys.custody import write_private
    from hsr_privacy.keys.recipients import open_sealed

    try:
        content = sealed.read_bytes()
    except OSError as error:
        raise DataError(f"{sealed} cannot be read: {error.strerror}") from None
    write_private(out, open_sealed(content, identity), replace=False)
    say.result(str(out))


@click.command()
@click.argument("keyring", type=_PATH)
@click.argument("public_key")
@click.option("--name", required=True, help="Of the person, as it will stand on requests.")
@passphrase_option
def trust(keyring: Path, public_key: str, name: str, passphrase_file: Path | None) -> None:
    """Let a person's signature count: PUBLIC_KEY as `hsr keys signing-key` printed it.

    \b
    Example:
      hsr keys trust register.keyring hsr-sign-1:... --name "Kari Nordmann"
    """
    from datetime import UTC, datetime

    from hsr_privacy.keys import AuditLog
    from hsr_privacy.keys.contents import TrustedPerson, stamp
    from hsr_privacy.keys.signing import check_public_key

    ring = open_ring(keyring, passphrase_file)
    person = TrustedPerson(name, check_public_key(public_key), stamp(datetime.now(UTC)))
    with AuditLog(ring).around("keys.trust", {"name": name, "public_key": person.public_key}):
        ring.change(lambda held: held.with_person(person))
    say.result(f"{keyring} trusts the signature of {name}")


@click.command()
@click.argument("keyring", type=_PATH)
@click.option("--name", required=True, help="Of the person.")
@passphrase_option
def distrust(keyring: Path, name: str, passphrase_file: Path | None) -> None:
    """Let a person's signature count no more.

    \b
    Example:
      hsr keys distrust register.keyring --name "Kari Nordmann"
    """
    from hsr_privacy.keys import AuditLog

    ring = open_ring(keyring, passphrase_file)
    with AuditLog(ring).around("keys.distrust", {"name": name}):
        ring.change(lambda held: held.without_person(name))
    say.result(f"{keyring} no longer trusts the signature of {name}")


COMMANDS = (signing_key, recipient, open_command, trust, distrust)
