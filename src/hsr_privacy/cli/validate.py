"""`hsr validate`: whether a table, or a folder of them, holds what a suite expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from hsr_privacy.cli import say

if TYPE_CHECKING:
    from hsr_privacy.validation import Finding, Opened, ValidationReport

_PATH = click.Path(path_type=Path)
_SEVERITIES: Final = ("error", "warning", "information")
_SHOWN_FAULTS: Final = 10


@click.command()
@click.argument("path", type=_PATH)
@click.option(
    "--suite",
    metavar="NAME",
    help="amk, ambulance, hospital, register, event-store, extract or synthetic; deliveries for each "
    "form's own; or the file of a suite. The folder's own if it has one and this is left out.",
)
@click.option(
    "--engine",
    type=click.Choice(["pandas", "spark"]),
    default="pandas",
    show_default=True,
    help="Where the rows are judged; the answers are the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def command(
    path: Path, suite: str | None, engine: Literal["pandas", "spark"], *, as_json: bool
) -> None:
    """Ask a table or a folder every expectation of a suite.

    PATH is a CSV, Parquet, Stata or SPSS file, a folder of deliveries, or the folder of a release or
    a package. What does not hold is told by severity, in counts; values are never shown. If an
    expectation of severity error does not hold, the command exits with 29.

    \b
    Example:
      hsr validate deliveries --suite deliveries
      hsr validate store/events.parquet --suite event-store --json
      hsr validate package
    """
    from hsr_privacy.errors import ExpectationsFailed
    from hsr_privacy.validation import open_tables

    opened = open_tables(path, suite)
    reports = [(one, one.judged(engine)) for one in opened]
    failed = sum(finding.refuses for _, report in reports for finding in report.findings)
    if as_json:
        say.machine(
            {
                "path": str(path),
                "engine": engine,
                "passed": not failed,
                "tables": [_for_machines(one, report) for one, report in reports],
            }
        )
    else:
        for one, report in reports:
            _tell(one, report)
    if failed:
        raise ExpectationsFailed(
            f"{path}: {failed} expectation(s) of severity error do not hold; correct the data at their "
            "source, or look whether the suite is the right one"
        )


def _for_machines(one: Opened, report: ValidationReport) -> dict[str, object]:
    faults = [
        {"file": fault.file, "line": fault.line, "where": fault.where, "problem": fault.problem}
        for fault in one.faults
    ]
    return {"table": one.name, "rows": one.table.height, "faults": faults, **report.to_json()}


def _tell(one: Opened, report: ValidationReport) -> None:
    """Print what does not hold, the worst first."""
    failed = [finding for finding in report.findings if not finding.passed]
    counts = ", ".join(
        f"{sum(finding.severity == severity for finding in failed)} {severity}(s)"
        for severity in _SEVERITIES
    )
    say.result(
        f"{one.name}: {one.table.height:,} row(s), {len(report.findings)} expectation(s) of suite "
        f"'{report.suite}': {counts}"
    )
    for severity in _SEVERITIES:
        for finding in failed:
            if finding.severity == severity:
                say.result(f"  {severity:<11}  {finding.id}: {finding.text_en}{_extent(finding)}")
    for fault in one.faults[:_SHOWN_FAULTS]:
        say.result(f"  not read     {fault}")
    if len(one.faults) > _SHOWN_FAULTS:
        say.result(f"  not read     and {len(one.faults) - _SHOWN_FAULTS} more")


def _extent(finding: Finding) -> str:
    if finding.reason:
        return f" ({finding.reason})"
    if finding.unexpected is None or finding.checked is None:
        return ""
    return f" ({finding.unexpected:,} of {finding.checked:,} do not)"
