"""`hsr keys selftest`: whether the installed libraries compute what the standards say."""

from __future__ import annotations

from pathlib import Path

import click

from hsr_privacy.cli import say


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="File to make for the report.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def selftest(out: Path | None, as_json: bool) -> None:
    """Run official test vectors on the installed libraries, and write a report for a DPIA.

    \b
    Example:
      hsr keys selftest --out selftest.md
    """
    from hsr_privacy.errors import OutputExists, OutputFailed
    from hsr_privacy.pseudonymization.selftest import refuse_failed
    from hsr_privacy.pseudonymization.selftest import selftest as run
    from hsr_privacy.pseudonymization.selftest_text import report

    if out is not None and out.exists():
        raise OutputExists(f"{out} exists already and is not overwritten")
    result = run()
    if out is not None:
        try:
            out.write_text(report(result), encoding="utf-8", newline="\n")
        except OSError as error:
            raise OutputFailed(f"{out} could not be written: {error.strerror}") from None
    if as_json:
        say.machine(result.as_json())
    else:
        for group in result.groups:
            say.result(f"{group.passed:>7,} of {group.vectors:>6,}  {group.name}: {group.serves}")
    refuse_failed(result)
    if not as_json:
        say.result("all passed" + (f"; report: {out}" if out else ""))
