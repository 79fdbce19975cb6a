"""`hsr audit`: what was done with a key ring, verified line by line by whoever may ask."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import open_ring, passphrase_option

if TYPE_CHECKING:
    from hsr_privacy.keys.audit import Entry
    from hsr_privacy.keys.audit_reading import Reading
    from hsr_privacy.keys.audit_witnesses import Witness

_PATH: Final = click.Path(path_type=Path)
_LOG_ENDING: Final = ".audit.jsonl"


@click.group()
def command() -> None:
    """Verify the audit log, whole or against what left the house."""


@command.command()
@click.argument("keyring_or_log", type=_PATH)
@click.option(
    "--public-key",
    "key",
    metavar="PUBLIC_KEY",
    help="Public key of the log (hsr-sign-1:...), by which it is verified without the key ring.",
)
@click.option(
    "--against",
    multiple=True,
    type=_PATH,
    help="Manifest, receipt or folder of a release that names a line; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@passphrase_option
def verify(
    keyring_or_log: Path,
    key: str | None,
    against: tuple[Path, ...],
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Verify every line of the log of KEYRING, or of LOG itself: its seal, and the chain.

    With the key ring everything is verified. With --public-key alone, whoever has the log and its public
    key verifies the chain and the signatures. --against proves that the log still has the lines
    that left the house: one that was cut off or written anew since exits with 17.

    \b
    Examples:
      hsr audit verify ~/keys/register.keyring --against extract --against HDS-2026-0042.receipt.json
      hsr audit verify register.keyring.audit.jsonl --public-key hsr-sign-1:...
    """
    from hsr_privacy.keys.audit_witnesses import confirm, read_witnesses

    witnesses = tuple(one for path in against for one in read_witnesses(path))
    if key is None:
        reading, coming = _with_ring(keyring_or_log, passphrase_file)
    else:
        reading, coming = _with_key(keyring_or_log, key), None
    confirm(reading, witnesses)
    if as_json:
        say.machine(_as_machines(reading, coming, witnesses))
    else:
        _tell(reading, coming, witnesses)


@command.command()
@click.argument("keyring", type=_PATH)
@click.option("--last", type=click.IntRange(1), metavar="N", help="The last N lines only.")
@click.option("--json", "as_json", is_flag=True, help="Print the lines for machines.")
@passphrase_option
def show(keyring: Path, last: int | None, as_json: bool, passphrase_file: Path | None) -> None:
    """Show what was done with KEYRING, when and by whom, after the whole log was verified.

    \b
    Example:
      hsr audit show ~/keys/register.keyring --last 20
    """
    from hsr_privacy.keys import AuditLog

    entries = AuditLog(open_ring(keyring, passphrase_file)).entries()
    tell_entries(entries[-last:] if last else entries, as_json=as_json)


@command.command()
@click.argument("keyring", type=_PATH)
@passphrase_option
def repair(keyring: Path, passphrase_file: Path | None) -> None:
    """Mend the end of the log of KEYRING where it breaks off, as after a power cut.

    A last line that lacks its line end only is kept. One of which a part is missing was never
    acknowledged: it is put into a file beside the log. A line of the log says which it was. A log
    that is broken in any other way is left as it is (exit 17).

    \b
    Example:
      hsr audit repair ~/keys/register.keyring
    """
    from hsr_privacy.keys import AuditLog

    log = AuditLog(open_ring(keyring, passphrase_file))
    done = log.repair()
    if done is None:
        say.result(f"{log.path} is whole; nothing was changed")
        return
    tell_entries([done], as_json=False)
    say.result(f"{log.path} is whole again; line {done.number} says what was done")


@command.command()
@click.argument("keyring", type=_PATH)
@click.option("--yes", is_flag=True, help="Do not ask again.")
@passphrase_option
def clock(keyring: Path, yes: bool, passphrase_file: Path | None) -> None:
    """Say that lines in the log of KEYRING got a later time than it was, and go on from now.

    The way out of exit 18 where the clock of this machine was wrong and is right now. The lines
    stay as they are, and a new one says that their time was wrong.

    \b
    Example:
      hsr audit clock ~/keys/register.keyring
    """
    from hsr_privacy.keys import AuditLog

    log = AuditLog(open_ring(keyring, passphrase_file))
    if not yes and sys.stdin.isatty():
        click.confirm("Is the clock of this machine right now?", abort=True, err=True)
    done = log.set_clock()
    if done is None:
        say.result(f"no line of {log.path} is later than now; nothing was changed")
        return
    tell_entries([done], as_json=False)


@command.command()
@click.argument("keyring", type=_PATH)
@click.argument("line", type=click.IntRange(1))
@click.option("--reason", required=True, help="What became of it; no data of a person.")
@passphrase_option
def abandon(keyring: Path, line: int, reason: str, passphrase_file: Path | None) -> None:
    """Say what became of an unfinished intent, LINE in the log of KEYRING, which nobody will end.

    \b
    Example:
      hsr audit abandon ~/keys/register.keyring 12 --reason "power cut; the folder was not made"
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.keys import AuditLog

    log = AuditLog(open_ring(keyring, passphrase_file))
    found = [one for one in log.unfinished() if one.number == line]
    if not found:
        raise DataError(f"line {line} of {log.path} is no unfinished intent; see hsr audit verify")
    tell_entries([log.abandon(found[0], reason)], as_json=False)


def tell_entries(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Print lines of the log, for people or for machines."""
    from dataclasses import asdict

    if as_json:
        say.machine([asdict(entry) for entry in entries])
        return
    for entry in entries:
        say.result(_line(entry))


def _line(entry: Entry) -> str:
    details = ", ".join(f"{name} {value}" for name, value in entry.details.items())
    how = {"done": "", "begun": " (begun)"}.get(entry.step, f" ({entry.step}: line {entry.closes})")
    return f"{entry.number:>5}  {entry.time}  {entry.actor}  {entry.act}{how}  {details}"


def _with_ring(path: Path, passphrase_file: Path | None) -> tuple[Reading, str]:
    """The log read with its key ring, and the public key of lines to come."""
    from hsr_privacy.keys import AuditLog

    ring = path
    if _is_log(path):
        ring = path.with_name(path.name.removesuffix(_LOG_ENDING))
        if ring == path or not ring.exists():
            raise click.UsageError(
                "a log that does not lie beside its key ring is verified with --public-key"
            )
    log = AuditLog(open_ring(ring, passphrase_file))
    return log.read(), log.public_key


def _with_key(path: Path, key: str) -> Reading:
    """The log read by whoever has its public key."""
    from hsr_privacy.errors import KeyRingError, KeyRingMissing
    from hsr_privacy.keys.audit import audit_path
    from hsr_privacy.keys.audit_reading import read_log
    from hsr_privacy.keys.signing import check_public_key

    log = path if _is_log(path) else audit_path(path)
    try:
        content = log.read_bytes()
    except FileNotFoundError:
        raise KeyRingMissing(f"there is no audit log at {log}; give its path") from None
    except OSError as error:
        raise KeyRingError(f"audit log {log} cannot be read: {error.strerror}") from None
    return read_log(log, content, public_key=check_public_key(key))


def _is_log(path: Path) -> bool:
    """Whether a path is a log and no key ring, whatever it is called."""
    if path.name.endswith(_LOG_ENDING):
        return True
    try:
        with path.open("rb") as file:
            return file.read(1) == b"{"
    except OSError:
        return False


def _as_machines(
    reading: Reading, coming: str | None, witnesses: Sequence[Witness]
) -> dict[str, Any]:
    from dataclasses import asdict

    number, digest = reading.head
    entries = reading.entries
    return {
        "log": str(reading.path),
        "lines": len(entries),
        "first": entries[0].time if entries else None,
        "last": entries[-1].time if entries else None,
        "head": {"number": number, "digest": digest},
        "keys": list(reading.keys),
        "public_key": coming,
        "tagged": reading.tagged,
        "tags_verified": coming is not None,
        "backwards": list(reading.backwards),
        "unfinished": [asdict(entry) for entry in reading.unfinished],
        "acts": dict(reading.acts),
        "against": [
            {"file": str(one.file), "number": one.number, "holds": True} for one in witnesses
        ],
    }


def _tell(reading: Reading, coming: str | None, witnesses: Sequence[Witness]) -> None:
    entries, (number, digest) = reading.entries, reading.head
    span = f", from {entries[0].time} to {entries[-1].time}" if entries else ""
    say.result(f"{reading.path}: {len(entries)} lines{span}, the chain holds")
    say.result(f"  head: line {number}, {digest}")
    for key in reading.keys:
        say.result(f"  signed by {key}")
    if coming is not None:
        say.result(f"  public key: {coming}")
    if reading.tagged:
        verified = "verified" if coming is not None else "which the key ring alone can verify"
        say.result(f"  {reading.tagged} lines from before signatures have a tag, {verified}")
    for earlier in reading.backwards:
        say.result(f"  line {earlier} is earlier than the line before it")
    for act, count in reading.acts:
        say.result(f"  {count:>5}  {act}")
    for one in witnesses:
        say.result(f"  {one.file}: line {one.number} is in the log as it was")
    for entry in reading.unfinished:
        say.result(f"UNFINISHED: {_line(entry).strip()}")
