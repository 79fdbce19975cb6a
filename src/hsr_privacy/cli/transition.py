"""`hsr keys transition`: a project moves to another key, with a table for its recipient."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("keyring", type=_PATH)
@click.option("--project", required=True, help="Case number of the project.")
@click.option("--extract", required=True, type=_PATH, help="Folder of its newest release.")
@click.option("--recipient", required=True, help="age public key of who holds the extract.")
@click.option("--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out.")
@click.option("--identities", help="URL of a PostgreSQL database, without a password.")
@passphrase_option
@click.option("--out", required=True, type=_PATH, help="Sealed table to make.")
def transition(
    keyring: Path,
    project: str,
    extract: Path,
    recipient: str,
    store: Path | None,
    identities: str | None,
    passphrase_file: Path | None,
    out: Path,
) -> None:
    """Give a project a new key from the newest master key, and its recipient a table.

    The table leads from the pseudonyms in EXTRACT to the new ones, sealed to who holds it. The old
    key of the project is destroyed in the same moment; backups hold it until they are replaced.

    \b
    Example:
      hsr keys transition register.keyring --project HDS-2026-0042 --extract extract \\
          --recipient age1... --out transition.csv.age
    """
    from datetime import UTC, datetime

    import polars as pl

    from hsr_privacy.errors import DataError
    from hsr_privacy.extract import EVENT_KEY
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.keys import AuditLog
    from hsr_privacy.keys.custody import write_private
    from hsr_privacy.keys.recipients import seal_to
    from hsr_privacy.pseudonymization.transition import transition as make
    from hsr_privacy.registry.stores import EVENTS, IDENTITIES, default_folder
    from hsr_privacy.release.reading import read_release

    refuse_taken(out)
    refuse_password(identities)
    ring = open_ring(keyring, passphrase_file)
    released = read_release(extract, project=project)
    if released.numbered:
        raise DataError(
            f"{extract} has running numbers, which are drawn and not made from a key; there is "
            "nothing to move to another key"
        )
    folder = store or default_folder(keyring)
    try:
        events = pl.read_parquet(folder / EVENTS, columns=[EVENT_KEY])[EVENT_KEY].to_list()
    except (OSError, pl.exceptions.PolarsError):
        raise DataError(f"{folder} holds no event store; name the folder with --store") from None
    with IdentityStore(identities or folder / IDENTITIES, ring) as opened:
        made = make(
            ring,
            project,
            algorithm=released.algorithm,
            keys={"person-key": list(opened.person_keys()), "event-key": events},
            released={"person-key": released.pseudonyms, "event-key": released.events},
            now=datetime.now(UTC),
        )
    write_private(out, seal_to([recipient], made.content), replace=False)
    try:
        details: dict[str, str | int] = {"project": project, "key_version": made.after.key_version}
        details |= {str(subject): count for subject, count in made.rows.items()}
        with AuditLog(ring).around("keys.transition", details):
            made.settle(ring)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    say.result(
        f"{out}: {made.rows['person-key']} persons and {made.rows['event-key']} events, sealed; "
        f"project {project} has a new key from master key {made.after.key_version}"
    )
    say.talk("Replace every copy of the key ring, and run: hsr keys verify-backup")
