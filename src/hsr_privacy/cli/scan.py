"""`hsr scan`: what files and folders hold that names a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password

if TYPE_CHECKING:
    from hsr_privacy.scanning import Finding, Known, ScanReport

_PATH = click.Path(path_type=Path)
_TIERS = {
    "A": "valid today, or known",
    "B": "valid in another series or by the rule of 2032",
    "C": "eleven digits only",
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=_PATH, metavar="PATH...")
@click.option(
    "--known",
    multiple=True,
    metavar="FILE",
    help="Table with identifiers to look up, or the register's identity store (with --keyring); "
    "may be given several times.",
)
@click.option(
    "--known-column",
    "columns",
    multiple=True,
    metavar="COLUMN",
    help="Column of those tables whose cells are identifiers; every valid one if left out.",
)
@click.option("--keyring", type=_PATH, help="The key ring, if an identity store is looked up.")
@passphrase_option
@click.option(
    "--places",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How many rows or lines of each kind to tell.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def command(
    paths: tuple[Path, ...],
    known: tuple[str, ...],
    columns: tuple[str, ...],
    keyring: Path | None,
    passphrase_file: Path | None,
    places: int,
    as_json: bool,
) -> None:
    """Search files and folders for what names a person: exit code 0 only where nothing is found.

    National identifiers by tier, telephone numbers, e-mail addresses, coordinates, and identifiers
    that are known. CSV, Parquet, Excel, Stata, SPSS, SAS, SQLite, JSON, HTML, XML, zip, gzip, tar and
    text are looked into, with names, labels, metadata and hidden parts; of all else the bytes are
    searched. Counts and places are shown, values never. If anything is found, or cannot be looked
    into, the command exits with 26.

    \b
    Example:
      hsr scan extract
      hsr scan extract letter.xlsx --known deliveries/register.csv --json
      hsr scan extract --known r.keyring.store --keyring r.keyring
    """
    from hsr_privacy.scanning import scan

    looked_up = _known(known, columns, keyring, passphrase_file) if known else None
    report = scan(paths, known=looked_up, shown=places)
    if as_json:
        say.machine(report.to_json())
    else:
        _tell(report)
    report.require_nothing()


def _known(
    given: tuple[str, ...],
    columns: tuple[str, ...],
    keyring: Path | None,
    passphrase_file: Path | None,
) -> Known:
    """Everything to look up, as digests.

    Raises:
        DataError: a file that cannot be read, or holds no identifier.
        UsageError: an identity store is named and no key ring.
    """
    from hsr_privacy.scanning import Known, identifiers_in

    stores = [one for one in given if _is_store(one)]
    files = [Path(one) for one in given if one not in stores]
    if stores and keyring is None:
        raise click.UsageError("an identity store is opened with a key ring; name it by --keyring")

    def every() -> Iterator[str]:
        if files:
            yield from identifiers_in(files, columns=columns)
        for store in stores:
            assert keyring is not None
            yield from _identifiers_of(store, keyring, passphrase_file)

    return Known(every())


def _is_store(given: str) -> bool:
    from hsr_privacy.registry.stores import IDENTITIES

    path = Path(given)
    return "://" in given or path.name == IDENTITIES or (path / IDENTITIES).is_file()


def _identifiers_of(store: str, keyring: Path, passphrase_file: Path | None) -> Iterator[str]:
    """Every identifier of an identity store; that it was opened is written down.

    Raises:
        DataError: there is no store, or it knows nobody.
    """
    from hsr_privacy.errors import DataError
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.keys import AuditLog
    from hsr_privacy.registry.stores import IDENTITIES

    place: Any = store
    if "://" in store:
        refuse_password(store)
    else:
        path = Path(store)
        place = path / IDENTITIES if path.is_dir() else path
        if not place.is_file():
            raise DataError(f"{place}: no such file; name the register's identity store")
    ring = open_ring(keyring, passphrase_file)
    with IdentityStore(place, ring) as opened:
        persons = opened.current_identifiers(set(opened.person_keys()))
        texts = [one.identifier for found in persons.values() for one in found]
    AuditLog(ring).record("scan.known", {"identifiers": len(texts)})
    if not texts:
        raise DataError("the identity store knows no identifier; were deliveries linked with it?")
    yield from texts


def _tell(report: ScanReport) -> None:
    """Print the counts, then where each thing is."""
    say.result(f"{report.files:,} file(s), {report.size:,} bytes looked into")
    if report.as_bytes:
        say.result(f"{report.as_bytes:,} of unknown format: their bytes were searched")
    if report.known is not None:
        say.result(f"{report.known:,} known identifier(s) looked up")
    counts = {f"identifiers in tier {tier}: {_TIERS[tier]}": n for tier, n in report.tiers.items()}
    without_tier = {one.kind for one in report.findings if one.tier is None}
    counts |= {kind: n for kind, n in report.kinds.items() if kind in without_tier}
    for what, count in counts.items():
        if count:
            say.result(f"  {count:>9,}  {what}")
    if report.clean:
        say.result("nothing found")
    before = ""
    for one in report.findings:
        place = " > ".join(name for name in (one.file, one.member) if name)
        if place != before:
            say.result(f"{place}:")
            before = place
        say.result(_line(one))
    for left in report.unread:
        place = " > ".join(name for name in (left.place.file, left.place.member) if name)
        say.result(f"not looked into: {place}: {left.reason}")


def _line(one: Finding) -> str:
    """One finding: how many, what, where."""
    tier = f"{one.tier} " if one.tier else ""
    line = f"  {one.count:>9,}  {tier}{one.kind} in {one.part}"
    if one.first and one.unit != "item":
        more = ", ..." if one.count > len(one.first) else ""
        line += f", {one.unit} {', '.join(f'{at:,}' for at in one.first)}{more}"
    return line
