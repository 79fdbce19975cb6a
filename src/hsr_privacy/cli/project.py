"""`hsr project`: approved applications, before any data are touched."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say


@click.group()
def command() -> None:
    """Check an approved application, and read what it would do."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check the application FILE against the codebook, the law and the calendar.

    Lists everything that is wrong with it, each fault with its line (exit code 10), or, where it is
    well formed, every reason why it is not allowed (exit code 20). No data are touched.

    \b
    Example:
      hsr project check application.yaml
    """
    project, _, _ = _load(file)
    limits = project.privacy
    say.result(f"{file}: OK")
    say.result(f"  {project.case_number}: {project.title}")
    say.result(
        f"  {len(project.variables)} variables, k = {limits.k}, "
        f"at most {limits.max_suppressed * 100:.4g}% of the events removed"
    )
    say.result(
        f"  valid from {project.valid_from} to {project.valid_to}, "
        f"deleted by {project.deletion_date}"
    )


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--language",
    type=click.Choice(["nb", "en"]),
    default="en",
    show_default=True,
    help="Bokmål or English.",
)
def plan(file: Path, language: str) -> None:
    """Say what a release of the application FILE would do, in plain words.

    Tells of every variable of the register whether it is kept, made coarser, turned into minutes, or
    left out; what k and the budget mean; who is in it and who is not. No data are touched.

    \b
    Example:
      hsr project plan application.yaml --language nb
    """
    from hsr_privacy.project.plan import plan as plan_of
    from hsr_privacy.project.plan_text import plan_text

    project, codebook, hierarchies = _load(file)
    told = plan_of(project, codebook=codebook, hierarchies=hierarchies)
    say.result(plan_text(told, "nb" if language == "nb" else "en").rstrip())


def _load(file: Path) -> tuple[Any, Any, Any]:
    """The checked application, with the codebook and the hierarchies that it was checked against."""
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.hierarchies import load_hierarchies
    from hsr_privacy.project import load_project
    from hsr_privacy.validation import require_own

    hierarchies = load_hierarchies()
    codebook = load_codebook(hierarchies=hierarchies)
    today = dt.datetime.now().astimezone().date()
    project = load_project(file, codebook=codebook, hierarchies=hierarchies, today=today)
    require_own(file, project, codebook=codebook, hierarchies=hierarchies)
    return project, codebook, hierarchies
