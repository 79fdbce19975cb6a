"""`hsr keys split` and `join`: several people open a key ring together."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import ask, open_ring, passphrase_option


@click.command()
@click.argument("keyring", type=click.Path(path_type=Path))
@click.option("--threshold", type=int, required=True, help="How many shares open it together.")
@click.option("--shares", type=int, required=True, help="How many shares to make.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to make for the sheets."
)
@passphrase_option
def split(
    keyring: Path, threshold: int, shares: int, out: Path, passphrase_file: Path | None
) -> None:
    """Let several people open KEYRING together, with words on paper (SLIP-39).

    Print each sheet, give it to its keeper, and remove the files. Shares of an earlier split
    open the ring no more.

    \b
    Example:
      hsr keys split ~/keys/register.keyring --threshold 2 --shares 3 --out ~/keys/sheets
    """
    from hsr_privacy.keys import AuditLog
    from hsr_privacy.keys.sharing import Quorum
    from hsr_privacy.keys.sharing import split as split_ring

    quorum = Quorum(threshold, shares)
    ring = open_ring(keyring, passphrase_file)
    with AuditLog(ring).around("keys.split", {"threshold": threshold, "shares": shares}):
        sheets = split_ring(ring, quorum, out)
    for sheet in sheets:
        say.result(str(sheet))
    say.talk("Print them, hand them out one each, and remove the files.")


@click.command()
@click.argument("keyring", type=click.Path(path_type=Path))
@click.option(
    "--share",
    "sheets",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A sheet; once for each share. Asked for at the terminal if left out.",
)
@click.option(
    "--generate-passphrase",
    is_flag=True,
    help="Draw the new passphrase and write it to the new file --passphrase-file.",
)
@passphrase_option
def join(
    keyring: Path,
    sheets: tuple[Path, ...],
    generate_passphrase: bool,
    passphrase_file: Path | None,
) -> None:
    """Open KEYRING with shares and give it the new passphrase in --passphrase-file.

    Every key stays what it was, and the shares open it still.

    \b
    Example:
      hsr keys join register.keyring --share share-1-of-3.txt --share share-3-of-3.txt
    """
    from hsr_privacy.keys import AuditLog, Secret, write_new_passphrase
    from hsr_privacy.keys.sharing import join as join_shares
    from hsr_privacy.keys.sharing import read_share

    words = [read_share(sheet) for sheet in sheets]
    while not sheets:
        line = click.prompt(
            f"Words of share {len(words) + 1} (empty when done)",
            hide_input=True,
            err=True,
            default="",
            show_default=False,
        )
        if not line.strip():
            break
        words.append(Secret.of_text(" ".join(line.casefold().split())))
    ring = join_shares(keyring, words)
    if generate_passphrase:
        if passphrase_file is None:
            raise click.UsageError("--generate-passphrase needs --passphrase-file to write to")
        secret = write_new_passphrase(passphrase_file)
    else:
        secret = ask(passphrase_file, what="New passphrase", new=True)
    with AuditLog(ring).around("keys.join", {"shares": len(words)}):
        ring.rewrap(secret)
    say.result(f"{keyring} is opened by its new passphrase from now on")


COMMANDS = (split, join)
