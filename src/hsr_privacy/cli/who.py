"""`hsr register who`: which releases hold a person, for the person's own right to know."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.disclosures import DAY, opened, today, where_options
from hsr_privacy.cli.secrets import refuse_password

_PATH = click.Path(path_type=Path)


@click.command()
@click.option(
    "--person-file",
    type=_PATH,
    help="Private file with one national identifier; asked for at the terminal if left out.",
)
@click.option("--identities", help="URL of a PostgreSQL database, without a password.")
@click.option("--out", type=_PATH, help="New private folder for the answer to the person.")
@click.option(
    "--withdraw",
    is_flag=True,
    help="Write a notice per recipient who must delete the person, sealed where a key is known.",
)
@click.option("--received", type=DAY, help="The day on which the person asked, YYYY-MM-DD.")
@click.option("--json", "as_json", is_flag=True, help="Print the releases for machines.")
@where_options
def who(
    person_file: Path | None,
    identities: str | None,
    out: Path | None,
    withdraw: bool,
    received: dt.datetime | None,
    as_json: bool,
    **where: Any,
) -> None:
    """Say which releases hold a person, and write the answer to them.

    The identifier is asked for without being shown, and never stands on a command line. The person
    is looked up in keyed sketches of the releases; there is no list of identifiers. Nothing that is
    printed or logged says who was asked for.

    With --withdraw, each notice tells one recipient the person's pseudonym in their own project. It
    changes nothing in the register; see hsr persons withdraw for what leaves from now on.

    \b
    Example:
      hsr register who --keyring ~/keys/register.keyring --out answer
    """
    from hsr_privacy.composition import kept
    from hsr_privacy.disclosures.person import chance_of_error, holdings
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.identities import IdentityStore
    from hsr_privacy.keys import AuditLog
    from hsr_privacy.registry.stores import IDENTITIES, default_folder, sketches_folder

    if withdraw and out is None:
        raise click.UsageError("--withdraw writes notices; name a folder for them with --out")
    if out is not None:
        refuse_taken(out)
    refuse_password(identities)
    store = where["store"] or default_folder(where["keyring"])
    with opened(**where) as (register, ring):
        disclosures = register.all()
    identifier = _asked(person_file, ring)
    sketches = kept(sketches_folder(ring, store), ring)
    with IdentityStore(identities or store / IDENTITIES, ring) as persons:
        keys = persons.keys_ever(identifier)
        found = (
            holdings(keys, disclosures=disclosures, sketches=sketches, ring=ring) if keys else ()
        )
        notices = _notices(found, ring, persons) if withdraw else []
    held = [one for one in found if one.holds]
    untold = [one for one in found if one.holds is None]
    counts = {"releases": len(found), "untold": len(untold), "notices": len(notices)}
    AuditLog(ring).record("register.who", {**counts, "holding": len(held)})
    chance = chance_of_error(sketches, len(keys))
    if out is not None:
        _write(found, notices, out, ring, chance)
    if as_json:
        say.machine({"known": bool(keys), "releases": [_plain(one) for one in found]})
    elif not keys:
        say.result("the register has never seen this identifier, so no release holds the person")
    else:
        _tell(held, untold, len(found), chance)
    if received is not None:
        _tell_deadline(received.date())


def _asked(person_file: Path | None, ring: Any) -> str:
    """One identifier, from a private file or from the terminal, as the store knows it."""
    from hsr_privacy.cli.persons import identifiers_of_file, one_identifier
    from hsr_privacy.errors import DataError
    from hsr_privacy.identifiers import InvalidIdentifier

    if person_file is not None:
        rows = identifiers_of_file(person_file, 1, ring)
        if len(rows) != 1:
            raise DataError(
                f"{person_file} has {len(rows)} identifiers; ask for one person at a time"
            )
        return rows[0][0]
    if not sys.stdin.isatty():
        raise DataError(
            "there is no terminal to ask for the identifier; name a private file with --person-file"
        )
    text = click.prompt("National identifier", hide_input=True, err=True)
    try:
        return one_identifier(text, ring.environment)
    except InvalidIdentifier as invalid:
        raise DataError(f"that is no identifier: {invalid}") from None


def _notices(found: Sequence[Any], ring: Any, persons: Any) -> list[tuple[Any, tuple[str, ...]]]:
    """The entry and the pseudonyms of each release whose recipient must delete the person."""
    from hsr_privacy.disclosures.disclosure import State
    from hsr_privacy.disclosures.person import pseudonyms_in

    wanted = []
    for one in found:
        if one.holds and (one.disclosure is None or one.disclosure.state is not State.DELETED):
            pseudonyms = pseudonyms_in(one, ring=ring, store=persons)
            if pseudonyms:
                wanted.append((one.disclosure, pseudonyms))
            else:
                say.talk(
                    f"no notice for the release of {one.day} to {one.recipient}: nobody can tell the "
                    "pseudonym any more; ask the recipient to delete the whole extract"
                )
    return wanted


def _write(
    found: Sequence[Any],
    notices: Sequence[tuple[Any, tuple[str, ...]]],
    out: Path,
    ring: Any,
    chance: float,
) -> None:
    from hsr_privacy.disclosures.letters import answer_letter, notice_letter
    from hsr_privacy.folders import whole_folder
    from hsr_privacy.keys.custody import write_private
    from hsr_privacy.keys.recipients import seal_to

    name, day = ring.registry_id, today()
    with whole_folder(out) as staging:
        letter = answer_letter(
            found, register=name, today=day, environment=ring.environment, chance=chance
        )
        write_private(staging / "answer.html", letter.encode(), replace=False)
        for one, pseudonyms in notices:
            text = notice_letter(one, pseudonyms, register=name, today=day).encode()
            place = staging / f"notice-{one.id}.html"
            if one.recipient_key:
                text, place = seal_to([one.recipient_key], text), place.with_suffix(".html.age")
            write_private(place, text, replace=False)
            if not one.recipient_key:
                say.talk(
                    f"the notice to {one.recipient} is not sealed, for no key of theirs is known: hand "
                    f"it over as the extract itself, by {one.channel}"
                )
    say.talk(f"{1 + len(notices)} letters: {out}")


def _tell(held: Sequence[Any], untold: Sequence[Any], looked: int, chance: float) -> None:
    for one in held:
        say.result(f"{one.day}  {one.recipient}")
        say.result(f"    {_about(one)}")
    say.result(f"{len(held)} of {looked} releases hold the person")
    for one in untold:
        say.result(f"cannot be told: {one.day}  {one.recipient}, {one.case_number}")
    say.talk(f"that a stranger would be found has a chance of at most {chance:.0e}")


def _about(one: Any) -> str:
    made = one.disclosure
    if made is None:
        return f"{one.case_number}; the disclosure register has no entry of it"
    return f"{made.id}, {made.state.value}; {made.purpose}: {made.title}; {made.legal_basis}"


def _plain(one: Any) -> dict[str, Any]:
    made = one.disclosure
    return {
        "id": made.id if made else None,
        "case_number": one.case_number,
        "recipient": one.recipient,
        "day": one.day.isoformat(),
        "state": made.state.value if made else None,
        "purpose": made.purpose if made else None,
        "legal_basis": made.legal_basis if made else None,
        "holds": one.holds,
    }


def _tell_deadline(received: dt.date) -> None:
    from hsr_privacy.disclosures import access_deadline

    say.talk(
        f"to be answered by {access_deadline(received)}, or by "
        f"{access_deadline(received, extended=True)} if the person is told of the delay before that"
    )
