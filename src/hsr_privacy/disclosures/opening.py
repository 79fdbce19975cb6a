"""Opening a register: whose it is, of which version, and how an earlier one becomes one of this."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from hsr_privacy.databases import Database, is_url
from hsr_privacy.disclosures.journal import Journal
from hsr_privacy.disclosures.logged import registers_in_log
from hsr_privacy.disclosures.rows import REGISTER, Row
from hsr_privacy.disclosures.tables import ABOUT, FORMAT, KIND, STEPS
from hsr_privacy.errors import RegisterError
from hsr_privacy.keys import KeyRing
from hsr_privacy.registry.stores import default_folder

_KEPT: Final = frozenset({"format", "register", "ring"})


FILE: Final = "disclosures.sqlite"


def place_of(ring: KeyRing, register: str | None, store: Path | None = None) -> Path | str:
    """Where the register of a key ring is.

    Args:
        ring: the register's.
        register: path or URL, as somebody gave it; a file among the stores if left out.
        store: folder of the stores; beside the key ring if left out.
    """
    if register is None:
        return (store or default_folder(ring.path)) / FILE
    return register if is_url(register) else Path(register)


def open_journal(database: Database, ring: KeyRing, *, new: bool = False) -> Journal:
    """The journal of a register; what was interrupted in it is settled.

    Args:
        database: of the register.
        ring: whose register it is.
        new: whether a register is to be begun, though the audit log knows of another one.

    Raises:
        RegisterError: it is another key ring's, or of another version; or it has nothing, and the
            audit log knows of another one; or it has something, and a new one was to be begun.
        AuditBroken: something was interrupted, or it has nothing, and the audit log cannot say
            what there was.
    """
    journal, version = _opened(database, ring)
    if version < FORMAT:
        raise RegisterError(
            f"{database.name} is of version {version}, and this program keeps version {FORMAT}: take a "
            "backup of it, and run hsr register upgrade"
        )
    journal.settle()
    if not journal.is_empty():
        if new:
            raise RegisterError(
                f"{database.name} is a disclosure register already; name another place for a new one"
            )
    elif new:
        journal.write("new", REGISTER, _format())
    elif registers_in_log(ring) - {journal.register}:
        raise RegisterError(
            f"{database.name} has no disclosure register with entries, and the audit log of the key ring "
            "knows of another one: name that one (--register, --store), or put its backup back. Only "
            "if it is lost for good begin another, by hsr register new"
        )
    return journal


def upgrade(place: Path | str, ring: KeyRing) -> tuple[int, int]:
    """Make a register of an earlier version one of this, whole or not at all.

    Returns:
        The version that it had, and the one that it has.

    Raises:
        RegisterError: it is another key ring's, or of a later version.
        OutputFailed: the disk is full, or the system refuses; it is as it was.
    """
    with Database(place, KIND) as database:
        if database.is_new:
            raise RegisterError(f"there is no disclosure register at {database.name}")
        journal, before = _opened(database, ring)
        journal.settle()  # an upgrade that was interrupted is carried out here
        if before < FORMAT and _about(database)["format"] != str(FORMAT):
            journal.write("upgrade", REGISTER, _format())
    return before, FORMAT


def _opened(database: Database, ring: KeyRing) -> tuple[Journal, int]:
    if database.is_new:
        database.make_tables()
        about = {
            "format": str(FORMAT),
            "register": secrets.token_hex(32),
            "ring": ring.file_id,
        }
        rows = [{"name": name, "value": value} for name, value in about.items()]
        database.run(sa.insert(ABOUT), rows)
    about = _about(database)
    if not about.keys() >= _KEPT or not about["format"].isdecimal():
        raise RegisterError(f"{database.name} is no disclosure register, or is damaged")
    version = int(about["format"])
    if version > FORMAT:
        raise RegisterError(
            f"{database.name} is of version {version}, newer than version {FORMAT}, which this program "
            "keeps; use the newer program"
        )
    if version != FORMAT and version not in STEPS:
        raise RegisterError(f"{database.name} has a version that no program of ours ever wrote")
    if about["ring"] != ring.file_id:
        raise RegisterError(
            f"{database.name} belongs to another key ring; use the one it was made with, or name another "
            "place for a register of its own (--register)"
        )
    return Journal(database, ring, about["register"]), version


def _format() -> Row:
    return {"name": "format", "value": str(FORMAT)}


def _about(database: Database) -> dict[str, str]:
    return {row.name: row.value for row in database.run(sa.select(ABOUT)).all()}
