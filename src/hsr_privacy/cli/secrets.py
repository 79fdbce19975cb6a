"""How a passphrase is asked for: from a private file, or from the person at the terminal."""

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
        help="File of one line that only you can read; asked for at the terminal if left out.",
    )(command)


def ask(passphrase_file: Path | None, *, new: bool = False) -> Any:
    """The passphrase as a secret.

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
    text = click.prompt("Passphrase", hide_input=True, err=True, confirmation_prompt=new)
    return Secret.of_text(text)
