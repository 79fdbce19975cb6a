"""`hsr linkage`: two registries let a third join their extracts, and nobody sees an identifier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password

_PATH = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Link the extracts of two registries without showing an identifier."""


def _linkage_options(function: Any) -> Any:
    for option in (
        click.argument("keyring", type=_PATH),
        click.option("--project", required=True, help="Case number that both registries use."),
        passphrase_option,
    ):
        function = option(function)
    return function


@command.command()
@_linkage_options
@click.option("--out", required=True, type=_PATH, help="File to make for the other registry.")
def new(keyring: Path, project: str, out: Path, passphrase_file: Path | None) -> None:
    """Begin a linkage: draw this registry's half of the key, and write the public half.

    \b
    Example:
      hsr linkage new register.keyring --project HDS-2026-0042 --out hjerte.public.json
    """
    from hsr_privacy.linking import begin

    _refuse_taken(out)
    ring = open_ring(keyring, passphrase_file)
    document = begin(ring, project)
    _record(ring, "linkage.new", {"project": project, "fingerprint": document.fingerprint})
    _write(out, json.dumps(document.as_json(), indent=2) + "\n")
    say.result(f"{out}: send it to the other registry")
    say.result(f"fingerprint, to be compared by telephone: {document.fingerprint}")


@command.command()
@_linkage_options
@click.argument("document", type=_PATH)
def agree(keyring: Path, document: Path, project: str, passphrase_file: Path | None) -> None:
    """Take in the other registry's public DOCUMENT: both now have the same key.

    \b
    Example:
      hsr linkage agree register.keyring hjerneslag.public.json --project HDS-2026-0042
    """
    from hsr_privacy.linking import agree as agree_on

    ring = open_ring(keyring, passphrase_file)
    key = agree_on(ring, project, _text(document))
    _record(ring, "linkage.agree", {"project": project, "check_value": key.check_value})
    say.result(f"check value, equal at the other registry: {key.check_value}")


@command.command()
@_linkage_options
@click.option("--out", required=True, type=_PATH, help="File to make for the other registry.")
def profile(keyring: Path, project: str, out: Path, passphrase_file: Path | None) -> None:
    """Write down how this registry will make tokens, with those of three test numbers.

    \b
    Example:
      hsr linkage profile register.keyring --project HDS-2026-0042 --out hjerte.profile.json
    """
    from hsr_privacy.linking import profile_of

    _refuse_taken(out)
    own = profile_of(open_ring(keyring, passphrase_file), project)
    _write(out, json.dumps(own, indent=2) + "\n")
    say.result(f"{out}: send it to the other registry")


@command.command()
@_linkage_options
@click.argument("other", type=_PATH)
def compare(keyring: Path, other: Path, project: str, passphrase_file: Path | None) -> None:
    """Compare the profile OTHER with this registry's; pairs are made only after that.

    \b
    Example:
      hsr linkage compare register.keyring hjerneslag.profile.json --project HDS-2026-0042
    """
    from hsr_privacy.linking import compare as compare_profiles

    ring = open_ring(keyring, passphrase_file)
    compare_profiles(ring, project, _text(other))
    _record(ring, "linkage.compare", {"project": project})
    say.result("the profiles are equal, test numbers and key included")


@command.command()
@_linkage_options
@click.option("--extract", type=_PATH, help="Folder of this registry's release for the project.")
@click.option("--table", type=_PATH, help="Instead: private CSV of identifiers and pseudonyms.")
@click.option("--identifier", default="fnr", show_default=True, help="Column of --table.")
@click.option("--pseudonym", default="person_lnr", show_default=True, help="Column of --table.")
@click.option("--recipient", required=True, help="age public key of the linking body.")
@click.option("--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out.")
@click.option("--identities", help="URL of a PostgreSQL database, without a password.")
@click.option("--out", required=True, type=_PATH, help="Sealed file to make.")
def pairs(
    keyring: Path,
    project: str,
    extract: Path | None,
    table: Path | None,
    identifier: str,
    pseudonym: str,
    recipient: str,
    store: Path | None,
    identities: str | None,
    out: Path,
    passphrase_file: Path | None,
) -> None:
    """Make this registry's pairs of token and pseudonym, sealed to the linking body.

    \b
    Example:
      hsr linkage pairs register.keyring --project HDS-2026-0042 --extract extract \\
          --recipient age1... --out hjerte.pairs.age
    """
    from hsr_privacy.keys.recipients import seal_to
    from hsr_privacy.linking import make_pairs

    if (extract is None) == (table is None):
        raise click.UsageError("name either --extract or --table")
    _refuse_taken(out)
    refuse_password(identities)
    ring = open_ring(keyring, passphrase_file)
    if extract is not None:
        texts, pseudonyms = _of_extract(ring, project, extract, store, identities)
    else:
        texts, pseudonyms = _of_table(Path(str(table)), identifier, pseudonym)
    made = make_pairs(ring, project, identifiers=texts, pseudonyms=pseudonyms)
    sealed = seal_to([recipient], made.content)
    _record(ring, "linkage.pairs", {"project": project, **made.receipt()})
    _write(out, sealed)
    _tell(made.receipt())


@command.command()
@click.argument("sealed", type=_PATH, nargs=-1, required=True)
@click.option("--names", required=True, help="Of the registries, in the order of the files: a,b.")
@click.option("--identity", required=True, type=_PATH, help="Private age file of this body.")
@click.option("--recipient", required=True, help="age public key of the researcher.")
@click.option("--expect", metavar="MIN-MAX", help="How many persons should be in all registries.")
@click.option("--out", required=True, type=_PATH, help="Sealed crosswalk to make.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts for machines.")
def join(
    sealed: tuple[Path, ...],
    names: str,
    identity: Path,
    recipient: str,
    expect: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """Join the SEALED pairs of registries into a crosswalk for the researcher, without tokens.

    \b
    Example:
      hsr linkage join a.age b.age --names hjerte,hjerneslag --identity me.age \\
          --recipient age1... --expect 900-1100 --out crosswalk.age
    """
    from hsr_privacy.keys.recipients import open_sealed, seal_to
    from hsr_privacy.linking import read_pairs, reconcile

    _refuse_taken(out)
    given = [read_pairs(open_sealed(_bytes(path), identity)) for path in sealed]
    found = reconcile(names.split(","), given, expected=_range(expect))
    _write(out, seal_to([recipient], found.crosswalk))
    if as_json:
        say.machine(found.counts)
    else:
        _tell(found.counts)
    say.talk("Remove the files of pairs and this body's age identity now.")


@command.command()
@_linkage_options
@click.option("--out", required=True, type=_PATH, help="Receipt to make.")
def destroy(keyring: Path, project: str, out: Path, passphrase_file: Path | None) -> None:
    """Destroy this registry's half of the key: nothing can be linked by it any more.

    Copies of KEYRING hold it still: replace them, then verify.

    \b
    Example:
      hsr linkage destroy register.keyring --project HDS-2026-0042 --out receipt.json
    """
    from hsr_privacy.linking import destroy as destroy_key

    _refuse_taken(out)
    ring = open_ring(keyring, passphrase_file)
    when = destroy_key(ring, project)
    line = _record(ring, "linkage.destroy", {"project": project})
    receipt = {
        "project": project,
        "registry": ring.registry_id,
        "destroyed": when,
        "audit": {"number": line.number, "digest": line.digest},
    }
    _write(out, json.dumps(receipt, indent=2) + "\n")
    say.result(f"{out}: the linkage key of {project} is destroyed; replace every copy of {keyring}")


def _of_extract(
    ring: Any, project: str, extract: Path, store: Path | None, identities: str | None
) -> tuple[list[str], list[str]]:
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.linking.pairs import rows_of_persons
    from hsr_privacy.pseudonymization.persons import persons_behind
    from hsr_privacy.registry.stores import IDENTITIES, default_folder
    from hsr_privacy.release.reading import read_release

    released = read_release(extract, project=project)
    key = ring.project_key(project, algorithm=released.algorithm)
    place = identities or (store or default_folder(ring.path)) / IDENTITIES
    with IdentityStore(place, ring) as opened:
        if released.numbered:
            numbers = opened.numbers(ring.project_key(project, purpose="running-number"))
            found = {
                number: person
                for number, person in numbers.everybody().items()
                if number in released.pseudonyms
            }
        else:
            found = persons_behind(released.pseudonyms, keys=opened.person_keys(), key=key)
        known = opened.current_identifiers(set(found.values()))
    return rows_of_persons(found, known)


def _of_table(table: Path, identifier: str, pseudonym: str) -> tuple[list[str], list[str]]:
    from hsr_privacy.errors import DataError
    from hsr_privacy.keys.custody import read_private
    from hsr_privacy.tables import read_table

    read_private(table, "table of identifiers")
    rows, _ = read_table(table)
    for name in (identifier, pseudonym):
        if name not in rows.columns:
            raise DataError(f"{table} has no column '{name}'")
    filled = rows.select(identifier, pseudonym).fill_null("")
    return filled[identifier].cast(str).to_list(), filled[pseudonym].cast(str).to_list()


def _range(expect: str | None) -> tuple[int, int] | None:
    if expect is None:
        return None
    least, dash, most = expect.partition("-")
    if not (dash and least.isdecimal() and most.isdecimal() and int(least) <= int(most)):
        raise click.UsageError("--expect is two numbers with a hyphen between: 900-1100")
    return int(least), int(most)


def _record(ring: Any, act: str, details: dict[str, Any]) -> Any:
    from hsr_privacy.keys import AuditLog

    return AuditLog(ring).record(act, details)


def _tell(counts: dict[str, Any]) -> None:
    for name, count in counts.items():
        say.result(f"{count:>10}  {name}")


def _refuse_taken(out: Path) -> None:
    from hsr_privacy.folders import refuse_taken

    refuse_taken(out)


def _write(out: Path, content: str | bytes) -> None:
    from hsr_privacy.keys.custody import write_private

    data = content.encode() if isinstance(content, str) else content
    write_private(out, data, replace=False)


def _bytes(path: Path) -> bytes:
    from hsr_privacy.errors import DataError

    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", errors="replace")
