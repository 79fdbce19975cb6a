"""`hsr persons`: who is whom in the register, and who chose to be left out."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password

_PATH = click.Path(path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Keep who is whom, and who chose to be left out."""


def _store_options(function: Any) -> Any:
    for option in (
        click.option("--keyring", required=True, type=_PATH, help="The key ring."),
        click.option(
            "--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out."
        ),
        click.option("--identities", help="URL of a PostgreSQL database, without a password."),
        passphrase_option,
    ):
        function = option(function)
    return function


def _change_options(function: Any) -> Any:
    for option in (
        click.option("--source", required=True, help="Who says so, such as a case number."),
        click.option("--on", "day", type=_DAY, help="From when it holds, YYYY-MM-DD; today's."),
    ):
        function = option(function)
    return _store_options(function)


_FILE = click.option(
    "--identifiers",
    "file",
    required=True,
    type=_PATH,
    help="Private file; identifiers never stand on a command line.",
)
_CHOICE = click.option(
    "--choice",
    type=click.Choice(["reservasjon", "sperret", "slettet", "samtykke"]),
    default="reservasjon",
    show_default=True,
    help="What the person chose; samtykke is a consent that was withdrawn.",
)


@command.command()
@_store_options
@click.option("--json", "as_json", is_flag=True, help="Print the counts for machines.")
def info(as_json: bool, **where: Any) -> None:
    """Show how much the identity store holds, in counts.

    \b
    Example:
      hsr persons info --keyring ~/keys/register.keyring
    """
    with _opened(**where) as (store, _):
        counts = store.counts()
    if as_json:
        say.machine(counts)
        return
    for name, count in counts.items():
        say.result(f"{count:>9,}  {name}")


@command.command()
@_FILE
@_change_options
def merge(file: Path, source: str, day: dt.datetime | None, **where: Any) -> None:
    """Let identifiers be one person's: a CSV of two columns, the earlier and the later one.

    What contradicts something is kept in quarantine and not acted on.

    \b
    Example:
      hsr persons merge --identifiers changed.csv --source "FREG 2026-11" --keyring r.keyring
    """
    from hsr_privacy.identities import Claim

    with _opened(**where) as (store, ring):
        claims = [Claim(one, other) for one, other in identifiers_of_file(file, 2, ring)]
        found = store.merge(claims, source=source, on=_on(day))
        _keep(store, ring, "persons.merge", {"merged": found.merged, "source": source})
    say.result(
        f"{found.merged} united, {found.known} known already, {found.quarantined} in quarantine"
    )


@command.command()
@_FILE
@_change_options
def split(file: Path, source: str, day: dt.datetime | None, **where: Any) -> None:
    """Take identifiers, one a line, away from the person they were held to be, as another's.

    \b
    Example:
      hsr persons split --identifiers other.txt --source "case 12" --keyring r.keyring
    """
    with _opened(**where) as (store, ring):
        texts = [row[0] for row in identifiers_of_file(file, 1, ring)]
        store.split(texts, source=source, on=_on(day))
        _keep(store, ring, "persons.split", {"identifiers": len(texts), "source": source})
    say.result(f"{len(texts)} identifiers are another person's from {_on(day)} on")


@command.command()
@_CHOICE
@_FILE
@_change_options
def withdraw(file: Path, source: str, day: dt.datetime | None, choice: str, **where: Any) -> None:
    """Leave persons out of every release from a day on: their identifiers, one a line.

    \b
    Example:
      hsr persons withdraw --identifiers withdrawn.txt --source "letter 7" --keyring r.keyring
    """
    _choose("withdraw", file, source=source, day=day, choice=choice, where=where)


@command.command()
@_CHOICE
@_FILE
@_change_options
def reinstate(file: Path, source: str, day: dt.datetime | None, choice: str, **where: Any) -> None:
    """Write down that persons take back their choice: their identifiers, one a line.

    \b
    Example:
      hsr persons reinstate --identifiers back.txt --source "letter 9" --keyring r.keyring
    """
    _choose("reinstate", file, source=source, day=day, choice=choice, where=where)


@command.command()
@_store_options
@click.option("--json", "as_json", is_flag=True, help="Print the claims for machines.")
def quarantine(as_json: bool, **where: Any) -> None:
    """List the contradictory claims that wait for somebody to decide; no identifier is shown.

    \b
    Example:
      hsr persons quarantine --keyring r.keyring
    """
    from dataclasses import asdict

    with _opened(**where) as (store, _):
        waiting = store.quarantine()
    if as_json:
        say.machine(
            [
                {name: str(value) if isinstance(value, dt.date) else value for name, value in row}
                for row in (asdict(claim).items() for claim in waiting)
            ]
        )
        return
    for claim in waiting:
        say.result(f"{claim.number:>6}  {claim.recorded}  {claim.source}: {claim.reason}")
    say.result(f"{len(waiting)} claims wait")


@command.command()
@click.argument("number", type=int)
@click.option(
    "--decision",
    type=click.Choice(["accept", "reject"]),
    required=True,
    help="One person after all, or never.",
)
@_change_options
def resolve(number: int, decision: str, source: str, day: dt.datetime | None, **where: Any) -> None:
    """Decide on the claim NUMBER of the quarantine.

    \b
    Example:
      hsr persons resolve 3 --decision reject --source "case 12" --keyring r.keyring
    """
    with _opened(**where) as (store, ring):
        store.resolve(number, accept=decision == "accept", source=source, on=_on(day))
        details = {"claim": number, "decision": decision, "source": source}
        _keep(store, ring, "persons.resolve", details)
    say.result(f"claim {number} is {decision}ed")


def _choose(
    verb: str,
    file: Path,
    *,
    source: str,
    day: dt.datetime | None,
    choice: str,
    where: dict[str, Any],
) -> None:
    with _opened(**where) as (store, ring):
        rows = identifiers_of_file(file, 1, ring)
        new = sum(store.person(identifier) is None for (identifier,) in rows)
        for (identifier,) in rows:
            getattr(store, verb)(identifier, choice, source=source, on=_on(day))
        details = {"persons": len(rows), "choice": choice, "source": source}
        _keep(store, ring, f"persons.{verb}", details)
    done = {"withdraw": "written down", "reinstate": "taken back"}[verb]
    say.result(f"{len(rows)} persons: {choice} {done}, from {_on(day)} on")
    if new:
        say.talk(f"{new} of them were in no delivery so far; is every number the right one?")


@contextmanager
def _opened(
    keyring: Path, store: Path | None, identities: str | None, passphrase_file: Path | None
) -> Iterator[tuple[Any, Any]]:
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.registry.stores import IDENTITIES, default_folder

    refuse_password(identities)
    ring = open_ring(keyring, passphrase_file)
    place = identities or (store or default_folder(keyring)) / IDENTITIES
    with IdentityStore(place, ring) as opened:
        yield opened, ring


def _keep(store: Any, ring: Any, act: str, details: dict[str, Any]) -> None:
    from hsr_privacy.keys import AuditLog

    AuditLog(ring).record(act, details)
    store.commit()


def _on(day: dt.datetime | None) -> dt.date:
    return day.date() if day else dt.datetime.now().astimezone().date()


def identifiers_of_file(file: Path, width: int, ring: Any) -> list[list[str]]:
    """Rows of identifiers from a private file, in the one way to write them.

    Raises:
        DataError: every line that does not hold them, by its number.
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.identifiers import InvalidIdentifier
    from hsr_privacy.keys.custody import read_private

    text = read_private(file, "file of identifiers").decode("utf-8-sig", errors="replace")
    delimiter = ";" if ";" in text else ","
    rows, wrong = [], []
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
        if row and len(row) != width:
            wrong.append(f"line {number}: {len(row)} values instead of {width}")
        elif row:
            try:
                rows.append([one_identifier(one, ring.environment) for one in row])
            except InvalidIdentifier as invalid:
                wrong.append(f"line {number}: {invalid.reason.text}")
            except DataError as refused:
                wrong.append(f"line {number}: {refused}")
    if wrong or not rows:
        said = "; ".join(wrong[:10]) or "it holds no identifier"
        raise DataError(f"{file}: {said}; nothing was changed")
    return rows


def one_identifier(text: str, environment: str) -> str:
    """An identifier as the store knows it: an H-number stands behind its enterprise and a ``|``.

    Raises:
        DataError: it is none, or an H-number that names nobody for want of an enterprise.
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.identifiers import InvalidIdentifier, Reason, read_column

    assigner, _, number = (part.strip() for part in text.rpartition("|"))
    texts, check = read_column([number], profile=environment)
    if check.reason_codes[0]:
        raise InvalidIdentifier(Reason(check.reason_codes[0]))
    if bool(check.linkable[0]) == bool(assigner):
        raise DataError(
            "this number means the same person everywhere and stands without an enterprise"
            if assigner
            else "this number means somebody inside one enterprise only; write ENTERPRISE|NUMBER"
        )
    written: str = texts[0].as_py()
    return f"{assigner}|{written}" if assigner else written
