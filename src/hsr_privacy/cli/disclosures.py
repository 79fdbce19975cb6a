"""`hsr register list`, `due`, `export` and their like: what left the house, and what is to be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.secrets import (
    open_ring,
    passphrase_option,
    refuse_password,
    register_option,
)

_PATH = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def where_options(function: Any) -> Any:
    """Add what says where the register is: key ring, stores, register."""
    for option in (
        click.option("--keyring", required=True, type=_PATH, help="The key ring."),
        click.option(
            "--store", type=_PATH, help="Folder of the stores; KEYRING.store if left out."
        ),
        register_option,
        passphrase_option,
    ):
        function = option(function)
    return function


JSON = click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")


def _has_come(
    _ctx: click.Context, _option: click.Parameter, day: dt.datetime | dt.date
) -> dt.datetime | dt.date:
    """Refuse a day to come: an entry of what was done is never taken back."""
    if str(day)[:10] > today().isoformat():
        raise click.BadParameter("that day has not come yet; give the day on which it was done")
    return day


_ON = click.option(
    "--on", "day", type=DAY, required=True, callback=_has_come, help="The day, YYYY-MM-DD."
)


@click.command("list")
@click.option("--all", "every", is_flag=True, help="What never left the house too.")
@JSON
@where_options
def list_command(every: bool, as_json: bool, **where: Any) -> None:
    """List what was disclosed, to whom and until when.

    \b
    Example:
      hsr register list --keyring ~/keys/register.keyring
    """
    from hsr_privacy.disclosures.disclosure import State
    from hsr_privacy.disclosures.rows import to_row

    with opened(**where) as (register, _):
        found = [one for one in register.all() if every or one.state is not State.ABANDONED]
    if as_json:
        more = ("retain_until", "answer_by")
        say.machine(
            [{**to_row(one), **{name: _text(getattr(one, name)) for name in more}} for one in found]
        )
        return
    for one in found:
        say.result(f"{one.id}  {one.released}  {one.state.value}")
        say.result(f"    to     {one.recipient} ({one.recipient_country}), by {one.channel}")
        say.result(f"    for    {one.title} ({one.purpose})")
        say.result(f"    basis  {one.legal_basis}")
        gone = f"deleted {one.deleted}" if one.deleted else f"to be deleted by {one.delete_by}"
        say.result(
            f"    {one.rows} rows of {one.persons} persons; {gone}; kept to {one.retain_until}"
        )
    say.result(f"{len(found)} releases")


@click.command()
@click.option(
    "--within",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Days to look ahead.",
)
@click.option("--letters", type=_PATH, help="New folder for letters to recipients who must delete.")
@JSON
@where_options
def due(within: int, letters: Path | None, as_json: bool, **where: Any) -> None:
    """Say what must be answered, deleted or need no longer be kept: what is overdue first.

    \b
    Example:
      hsr register due --keyring ~/keys/register.keyring --letters reminders
    """
    from hsr_privacy.disclosures.due import MEANING, Duty

    with opened(**where) as (register, ring):
        found = register.due(today(), within)
    if letters is not None:
        reminded = [one.disclosure for one in found if one.duty is Duty.DELETION]
        _write_reminders(reminded, letters, ring.registry_id)
        say.talk(f"{len(reminded)} letters: {letters}")
    if as_json:
        names = ("duty", "day", "is_overdue", "subject", "case_number", "who")
        say.machine([{name: _text(getattr(one, name)) for name in names} for one in found])
        return
    for one in found:
        late = "OVERDUE" if one.is_overdue and one.duty is not Duty.RETENTION else "       "
        say.result(f"{late}  {one.day}  {one.subject}  {one.who}: {MEANING[one.duty].en}")
    say.result(f"{len(found)} due within {within} days")


def _write_reminders(reminded: Sequence[Any], folder: Path, sender: str) -> None:
    from hsr_privacy.disclosures.letters import reminder_letter
    from hsr_privacy.folders import whole_folder

    with whole_folder(folder) as staging:
        for one in reminded:
            text = reminder_letter(one, register=sender, today=today())
            (staging / f"reminder-{one.id}.html").write_text(text, encoding="utf-8", newline="\n")


@click.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="Semicolons between cells, or JSON.",
)
@where_options
def export_command(form: str, **where: Any) -> None:
    """Print who has received what on which legal basis (helseregisterloven § 19 h).

    \b
    Example:
      hsr register export --keyring ~/keys/register.keyring > disclosures.csv
    """
    from hsr_privacy.disclosures.exporting import COLUMNS, as_csv, exported

    with opened(**where) as (register, _):
        rows = exported(register.all())
    if form == "json":
        say.machine(list(rows))
        return
    click.echo(as_csv(COLUMNS, [list(row.values()) for row in rows]), nl=False)


@click.command("confirm-deletion")
@click.argument("release")
@_ON
@click.option("--by", required=True, help="Who says so.")
@click.option("--reference", required=True, help="Where it is written, such as a letter's number.")
@where_options
def confirm_deletion(release: str, day: dt.datetime, by: str, reference: str, **where: Any) -> None:
    """Enter that the recipient of RELEASE, by its id, has confirmed to have deleted the data.

    \b
    Example:
      hsr register confirm-deletion hds-2026-0417-1 --on 2026-06-01 --by "Kari Eksempel" \\
          --reference "letter 37/114" --keyring ~/keys/register.keyring
    """
    with opened(**where) as (register, _):
        register.confirm_deletion(release, day.date(), by, reference)
    say.result(f"{release}: deleted {day.date()}, confirmed by {by}")


@click.command()
@click.argument("project", type=_PATH)
@where_options
def receive(project: Path, **where: Any) -> None:
    """Enter the application PROJECT as complete, so that its deadline is watched.

    Its file says under `handling` when it was received, what is linked, and the price of an hour.

    \b
    Example:
      hsr register receive application.yaml --keyring ~/keys/register.keyring
    """
    from hsr_privacy.disclosures import application_of
    from hsr_privacy.documents import load
    from hsr_privacy.project import Project

    application = application_of(load(project, Project), str(project))
    with opened(**where) as (register, _):
        register.receive(application)
    say.result(f"{application.case_number}: to be answered by {application.answer_by}")


@click.command()
@click.argument("case_number")
@_ON
@click.option("--outcome", required=True, help="Such as: refused, see letter 12.")
@where_options
def answer(case_number: str, day: dt.datetime, outcome: str, **where: Any) -> None:
    """Enter that the application CASE_NUMBER was answered without a release.

    \b
    Example:
      hsr register answer HDS-2026-0417 --on 2026-03-20 --outcome "withdrawn by the applicant" \\
          --keyring ~/keys/register.keyring
    """
    with opened(**where) as (register, _):
        register.answer(case_number, day.date(), outcome)
    say.result(f"{case_number}: answered {day.date()}")


@click.command()
@click.argument("on_what", metavar="RELEASE_OR_CASE")
@click.option("--hours", type=float, required=True, help="Such as 1.25.")
@click.option("--what", required=True, help="What was done; it stands on the invoice.")
@_ON
@where_options
def hours(on_what: str, hours: float, what: str, day: dt.datetime, **where: Any) -> None:
    """Enter hours that were worked on RELEASE_OR_CASE: id of a release, or a case number.

    \b
    Example:
      hsr register hours HDS-2026-0417 --hours 3.5 --what "Preparation of data" --on 2026-03-04 \\
          --keyring ~/keys/register.keyring
    """
    with opened(**where) as (register, _):
        done = register.add_hours(on_what, hours, what, day.date())
        total = sum(one.hours for one in register.work(done.case_number))
    say.result(f"{done.case_number}: {done.hours:g} hours entered, {total:g} in all")


@click.command()
@click.argument("case_number")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv"]),
    default="text",
    show_default=True,
    help="To read, or semicolons between cells.",
)
@where_options
def invoice(case_number: str, form: str, **where: Any) -> None:
    """Print the invoice basis of CASE_NUMBER: the register's own hours times their price.

    Helsedataservice invoices its own fee apart from it.

    \b
    Example:
      hsr register invoice HDS-2026-0417 --keyring ~/keys/register.keyring
    """
    from hsr_privacy.disclosures.invoicing import invoice_csv, invoice_of, invoice_text

    with opened(**where) as (register, _):
        made = invoice_of(
            case_number,
            disclosures=register.all(),
            applications=register.applications(),
            work=register.work(),
        )
    click.echo(invoice_text(made) if form == "text" else invoice_csv(made), nl=False)


@contextmanager
def opened(**where: Any) -> Iterator[tuple[Any, Any]]:
    """The register, and the key ring that it belongs to."""
    from hsr_privacy.disclosures import DisclosureRegister

    place, ring = where_it_is(**where)
    with DisclosureRegister(place, ring) as register:
        yield register, ring


def today() -> dt.date:
    """The calendar's day here."""
    return dt.datetime.now().astimezone().date()


def where_it_is(
    keyring: Path, store: Path | None, register: str | None, passphrase_file: Path | None
) -> tuple[Path | str, Any]:
    """Place of the register, and the key ring that it belongs to."""
    from hsr_privacy.disclosures import place_of

    refuse_password(register, option="--register", file=True)
    ring = open_ring(keyring, passphrase_file)
    return place_of(ring, register, store), ring


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


COMMANDS = (
    list_command,
    due,
    export_command,
    confirm_deletion,
    receive,
    answer,
    hours,
    invoice,
)
