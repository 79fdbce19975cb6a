"""`hsr assess`: what an extract gives away, and whether it may leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.models import pairs
from hsr_privacy.cli.secrets import open_ring, passphrase_option, refuse_password
from hsr_privacy.cli.tables import character, names

if TYPE_CHECKING:
    from hsr_privacy.auditing import Asked, Audit, Evidence
    from hsr_privacy.models import Attacker
    from hsr_privacy.risk import PopulationTable

_PATH = click.Path(path_type=Path)
_OF_TABLES = (
    *("quasi_identifiers", "sensitive", "person", "event", "hierarchies", "k", "ells"),
    *("max_suppressed", "mask_column"),
)
"""Options that a project answers."""


@click.command()
@click.argument("extract", type=_PATH)
@click.option("--project", type=_PATH, metavar="FILE", help="The approved application.")
@click.option(
    "--quasi-identifiers",
    "-q",
    callback=names,
    metavar="A,B,C",
    help="Without a project: columns by which a person could be recognized.",
)
@click.option(
    "--sensitive", callback=names, metavar="A,B", help="Without a project: sensitive columns."
)
@click.option("--person", metavar="COLUMN", help="Without a project: tells persons apart.")
@click.option("--event", metavar="COLUMN", help="Without a project: tells rows apart.")
@click.option("--hierarchies", type=_PATH, metavar="DIR", help="Without a project: of any columns.")
@click.option("--k", type=click.IntRange(1), help="Without a project: the smallest class allowed.")
@click.option(
    "--l",
    "ells",
    multiple=True,
    callback=pairs,
    metavar="COLUMN=L",
    help="Without a project: distinct values in every class; repeatable.",
)
@click.option(
    "--max-suppressed",
    type=click.FloatRange(0, 1),
    help="Without a project: largest share of the rows that may be removed.",
)
@click.option(
    "--mask-column",
    metavar="NAME",
    help="Without a project: names the suppressed cells of each row, as hsr anonymize writes it.",
)
@click.option("--suppressed", default="*", show_default=True, help="Likewise: a removed cell.")
@click.option(
    "--original", type=_PATH, metavar="FILE", help="The same rows before they were protected."
)
@click.option(
    "--keyring",
    type=_PATH,
    metavar="FILE",
    help="Take the originals from the register's own events, and compare with earlier releases.",
)
@passphrase_option
@click.option(
    "--store", type=_PATH, metavar="DIR", help="Of the register; KEYRING.store if left out."
)
@click.option("--identities", help="URL of a PostgreSQL database for the identity store.")
@click.option(
    "--earlier",
    "earlier",
    multiple=True,
    type=_PATH,
    metavar="DIR",
    help="Folder of an earlier release of the same project; repeatable.",
)
@click.option(
    "--population",
    type=_PATH,
    metavar="FILE",
    help="CSV of residents with a count column; Norway's 2022 is built in.",
)
@click.option("--population-count", metavar="COLUMN", help="Its persons per row.")
@click.option(
    "--sampling-fraction",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    help="Share of the population that the table holds; 1 for a register that holds all.",
)
@click.option("--scenarios", type=_PATH, metavar="FILE", help="Attackers; the shipped if left out.")
@click.option(
    "--attacks", is_flag=True, help="Attack it with anonymeter too; takes minutes. [extra: attacks]"
)
@click.option("--delimiter", metavar="C", callback=character, help="Of CSV files.")
@click.option(
    "--out",
    type=_PATH,
    metavar="PAGE.html",
    help="Write the report as a page, and risk.json beside it; or a folder to make for both.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def command(
    extract: Path,
    project: Path | None,
    out: Path | None,
    attacks: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Say what EXTRACT gives away, against whom it protects, and whether it may leave.

    EXTRACT is the folder of a release, or a CSV or Parquet file. With --project the columns, the
    limits and the registered analyses and attacks are those of the application; without it they are
    named here. What the originals would tell, such as how often an attacker is right, is told only
    where they are at hand, by --original or --keyring.

    The answer is yes (exit 0), no (24), or that it cannot be told (25).

    \b
    Examples:
      hsr assess extract --project application.yaml --keyring ~/keys/register.keyring \\
          --out report.html
      hsr assess adult-5.csv -q sex,age,race --sensitive salary-class --k 5 --out adult.html
    """
    from hsr_privacy.auditing import audit, audit_page
    from hsr_privacy.auditing.machines import as_machines
    from hsr_privacy.auditing.writing import places_of, write_report

    places = places_of(out) if out is not None else None
    if project is None:
        evidence, asked = _of_table(extract, attacks=attacks, **given)
    else:
        evidence, asked = _of_project(extract, project, attacks=attacks, **given)
    found = audit(evidence, asked)
    if places is not None:
        write_report(places, page=audit_page(found), machines=as_machines(found))
    if as_json:
        say.machine(as_machines(found))
    else:
        _tell(found)
        if places is not None:
            say.result(f"report: {places.page}")
    _answer(found)


def _of_table(extract: Path, *, attacks: bool, **given: Any) -> tuple[Evidence, Asked]:
    """A table with nothing but what is said of it here."""
    from hsr_privacy.auditing import Asked, Limits
    from hsr_privacy.auditing.explained import explanation_by, plan_of
    from hsr_privacy.auditing.reading import evidence_of_table

    if given["keyring"] is not None or given["earlier"]:
        raise click.UsageError("--keyring and --earlier belong to --project; name it")
    if attacks:
        raise click.UsageError("attacks are registered in a project; name it by --project")
    if not given["quasi_identifiers"]:
        raise click.UsageError("name the --project, or the --quasi-identifiers")
    if given["original"] is not None and given["event"] is None:
        raise click.UsageError(
            "name the column that tells rows apart by --event: without it a row could be set beside "
            "the original of another"
        )
    if extract.is_dir():
        raise click.UsageError(f"{extract} is a folder; name the --project that it is for")
    evidence = evidence_of_table(
        extract,
        quasi_identifiers=given["quasi_identifiers"],
        sensitive=given["sensitive"],
        person=given["person"],
        event=given["event"],
        hierarchies=given["hierarchies"],
        original=given["original"],
        suppressed=given["suppressed"],
        mask=given["mask_column"],
        delimiter=given["delimiter"],
        limits=Limits(
            k=given["k"],
            l={n: _whole(n, text) for n, text in given["ells"].items()},
            max_suppressed=given["max_suppressed"],
        ),
    )
    plan = plan_of(evidence)
    return evidence, Asked(
        population=_population(given),
        sampling_fraction=given["sampling_fraction"],
        attackers=_attackers(given["scenarios"]) if given["scenarios"] is not None else (),
        explanation=None if plan is None else explanation_by(plan, evidence),
    )


def _of_project(
    extract: Path, project: Path, *, attacks: bool, **given: Any
) -> tuple[Evidence, Asked]:
    """An extract with everything that its project and the register know."""
    from hsr_privacy.release import assess_extract

    for name in _OF_TABLES:
        if given[name] not in (None, (), {}):
            option = "--" + name.replace("_", "-").replace("ells", "l")
            raise click.UsageError(f"{option} is said by the project; leave it out")
    refuse_password(given["identities"])
    ring = None
    if given["keyring"] is not None:
        ring = open_ring(given["keyring"], given["passphrase_file"])
    more: dict[str, Any] = {"sampling_fraction": given["sampling_fraction"]}
    if given["population"] is not None:
        more["population"] = _population(given)
    return assess_extract(
        extract,
        project,
        original=given["original"],
        ring=ring,
        store=given["store"],
        identities=given["identities"],
        earlier=given["earlier"],
        attacks=attacks,
        scenarios=given["scenarios"],
        delimiter=given["delimiter"],
        more=more,
    )


def _population(given: dict[str, Any]) -> PopulationTable | None:
    from hsr_privacy.risk import load_population

    if given["population"] is None:
        return None
    count = {} if given["population_count"] is None else {"count": given["population_count"]}
    return load_population(given["population"], **count)


def _attackers(scenarios: Path) -> tuple[Attacker, ...]:
    from hsr_privacy.models import load_attackers

    return load_attackers(None if str(scenarios) == "shipped" else scenarios)


def _whole(column: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise click.BadParameter(f"--l {column}: write a whole number, as in {column}=2")
    return int(text)


def _tell(found: Audit) -> None:
    """The answer, the figures in short, and every reason."""
    from hsr_privacy.auditing.wording import HEADLINES, SIGNS

    own = found.measures.own_category
    say.result(HEADLINES[found.verdict.answer].en)
    say.result(
        f"{found.rows} rows of {found.persons} persons in {found.measures.classes} classes, "
        f"k = {own.k}, {own.unique_persons} alone; average risk {own.prosecutor.average:.4f}"
    )
    for question, verdict in found.answers.items():
        say.result(f"{question}: {verdict.answer}")
        for one in (*verdict.reasons, *verdict.notes):
            say.result(f"  {SIGNS[one.answer].sign if one.answer else '!'} {one.text.en}")


def _answer(found: Audit) -> None:
    """Leave with the exit code of the answer.

    Raises:
        RiskTooHigh, RiskNotKnown: the answer is not yes.
    """
    from hsr_privacy.auditing import Answer
    from hsr_privacy.errors import RiskNotKnown, RiskTooHigh

    against = [one.text.en for one in found.verdict.reasons if one.answer is found.verdict.answer]
    because = " ".join(dict.fromkeys(against))
    if found.verdict.answer is Answer.NO:
        raise RiskTooHigh(f"not within the limits: {because}")
    if found.verdict.answer is Answer.CANNOT_TELL:
        raise RiskNotKnown(f"this cannot be told: {because}")
