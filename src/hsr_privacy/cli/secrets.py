"""How secrets are asked for: from private files, or from the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hsr_privacy.errors import KeyRingError

Command = TypeVar("Command", bound=Callable[..., Any])


def passphrase_option(command: Command) -> Command:
    """Add ``--passphrase-file``; there is no option that takes the passphrase itself."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        help="File of one line that only you can read: the passphrase, or the PIN of the token; "
        "asked for at the terminal if left out.",
    )(command)


def signing_options(command: Command) -> Command:
    """Add ``--signing-key`` of a person and ``--signing-passphrase-file`` for its passphrase."""
    path = click.Path(path_type=Path)
    of_file = "Private file with the passphrase of your signing key; asked for if left out."
    command = click.option("--signing-passphrase-file", type=path, help=of_file)(command)
    return click.option("--signing-key", required=True, type=path, help="Your signing key.")(
        command
    )


def register_option(command: Command) -> Command:
    """Add ``--register``: where the disclosure register is."""
    return click.option(
        "--register",
        help="File or PostgreSQL URL of the disclosure register; in KEYRING.store if left out.",
    )(command)


def ask(passphrase_file: Path | None, *, what: str = "Passphrase", new: bool = False) -> Any:
    """A passphrase or PIN as a secret.

    Raises:
        KeyRingError: no file was named and there is no terminal to ask at.
    """
    from hsr_privacy.keys import Secret, read_passphrase_file

    if passphrase_file is not None:
        return read_passphrase_file(passphrase_file)
    if not sys.stdin.isatty():
        raise KeyRingError(
            "there is no terminal to ask for the passphrase; name a file with --passphrase-file"
        )
    text = click.prompt(what, hide_input=True, err=True, confirmation_prompt=new)
    return Secret.of_text(text)


def open_ring(keyring: Path, passphrase_file: Path | None) -> Any:
    """Open a key ring, asking for what its custody needs: a passphrase, a PIN, or nothing."""
    from hsr_privacy.keys import KeyRing, held_by

    held = held_by(keyring)
    if held.custody == "keyring":
        return KeyRing.open(keyring)
    what = f"PIN of token '{held.place.token}'" if held.place else "Passphrase"
    return KeyRing.open(keyring, ask(passphrase_file, what=what))


def refuse_password(url: str | None, *, option: str = "--identities", file: bool = False) -> None:
    """Refuse a password where every process of the machine can read it.

    Args:
        url: of a database.
        option: by which it was given.
        file: whether the path of a file may stand there too.

    Raises:
        KeyRingExposed: the URL has one.
        IdentityStoreError: it is no URL.
    """
    from hsr_privacy.databases import has_password, is_url
    from hsr_privacy.errors import IdentityStoreError, KeyRingExposed

    if url is None or (file and not is_url(url)):
        return
    if not is_url(url):
        raise IdentityStoreError(f"{option} is no URL of a database; write postgresql://...")
    if has_password(url, IdentityStoreError):
        raise KeyRingExposed(
            f"{option} holds a password, which others on this machine can read in the list of "
            "processes; put it into ~/.pgpass"
        )
