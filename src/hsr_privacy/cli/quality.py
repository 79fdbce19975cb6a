"""`hsr quality`: what is wrong with deliveries, per hospital trust, to send back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hsr_privacy.cli import say

if TYPE_CHECKING:
    from hsr_privacy.quality import Quality, Report


@click.command()
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder to make; must not exist."
)
@click.option("--trust", "number", metavar="ORGNR", help="Only this health trust.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON document.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day of the check, YYYY-MM-DD; today if left out.",
)
def command(
    source: Path, out: Path, number: str | None, as_json: bool, today: dt.datetime | None
) -> None:
    """Check the deliveries in the folder SOURCE, and write a report for each health trust.

    Files are read as they lie: what a release would refuse is a finding here, and everything else is
    looked at all the same. Each trust gets a folder named by its organization number, with a page in
    bokmål and English, counts, and the rows to mend by file and row number, never by their cells. It
    holds nothing of other trusts' rows. The register's own page, index.html, has all of them.

    Findings are no error: the exit code is 0 once the reports are written.

    \b
    Example:
      hsr quality deliveries --out quality-2026-04
    """
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.folders import refuse_taken
    from hsr_privacy.quality import check_deliveries, trust_of, write_reports
    from hsr_privacy.registry import load_delivery_settings
    from hsr_privacy.rules import load_rules

    _refuse_inside(source, out)
    refuse_taken(out)
    codebook = load_codebook()
    rules = load_rules(codebook=codebook)
    quality = check_deliveries(
        source,
        codebook=codebook,
        settings=load_delivery_settings(),
        rules=rules,
        today=today.date() if today else dt.datetime.now().astimezone().date(),
    )
    trust = None if number is None else trust_of(quality, number)
    reports = write_reports(quality, out, codebook=codebook, rules=rules, trust=trust)
    _tell(quality, reports, as_json=as_json)
    say.talk(f"the reports are in {out}")


def _refuse_inside(source: Path, out: Path) -> None:
    """Keep the reports out of the folder that they are about.

    Raises:
        DataError: they would lie in it.
    """
    from hsr_privacy.errors import DataError

    if out.resolve().is_relative_to(source.resolve()):
        raise DataError(
            f"{out} lies among the deliveries; they are never touched, name another place"
        )


def _tell(quality: Quality, reports: tuple[Report, ...], *, as_json: bool) -> None:
    if as_json:
        say.machine({
            "today": quality.today.isoformat(),
            "files": len(quality.files),
            "rows": quality.records.height,
            "trusts": [report.as_json() for report in reports],
        })  # fmt: skip
        return
    for report in reports:
        number = report.trust.number if report.trust else ""
        say.result(f"{number}  {report.rows:>7} rows  {report.wrong:>6} with errors  {report.name}")
