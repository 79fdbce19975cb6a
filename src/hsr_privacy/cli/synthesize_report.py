"""`hsr synthesize report`: what a register looks like, beside what has been published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hsr_privacy.cli import say

if TYPE_CHECKING:
    from hsr_privacy.portrait import Portrait


@click.command()
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Page to write, FILE.html; must not exist."
)
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON document.")
@click.option(
    "--least-persons",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Fewer persons behind a figure, and it is hidden.",
)
def command(source: Path, out: Path | None, as_json: bool, least_persons: int) -> None:
    """Portray the deliveries in DIR beside what has been published.

    They are read and linked as the register does it; nothing of them is kept. The page has the
    Utstein flow charts, age and sex, response times, survival and regions, in bokmål and English.
    Without --out, the published figures and this register's are listed. It may be used on a real
    register: figures of few persons are hidden.

    \b
    Example:
      hsr synthesize report deliveries --out portrait.html
    """
    from hsr_privacy.portrait import as_plain, portrait_text, portray_deliveries

    if out is not None:
        _check(source, out)
    portrait = portray_deliveries(source, least_persons=least_persons)
    if as_json:
        say.machine(as_plain(portrait))
    else:
        for line in portrait_text(portrait):
            say.result(line)
    if out is not None:
        _write(portrait, out, title=source.resolve().name)
        say.talk(f"the page is in {out}")


def _check(source: Path, out: Path) -> None:
    """Refuse a place for the page where it cannot stand, before any work is done.

    Raises:
        DataError: it ends otherwise, its folder is not there, or it lies among the deliveries.
        OutputExists: something lies there.
    """
    from hsr_privacy.errors import DataError, OutputExists

    if out.suffix.lower() != ".html":
        raise DataError(f"{out} does not end in .html; the report is a page for a browser")
    if not out.parent.is_dir():
        raise DataError(f"{out.parent}: no such folder to write in; make it first")
    if out.resolve().is_relative_to(source.resolve()):
        raise DataError(
            f"{out} lies among the deliveries; they are never touched, name another place"
        )
    if out.exists() or out.is_symlink():
        raise OutputExists(f"{out} exists; name a file that does not, nothing is overwritten")


def _write(portrait: Portrait, out: Path, *, title: str) -> None:
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.portrait import portrait_page
    from hsr_privacy.tables import write_whole

    page = portrait_page(portrait, title=title, codebook=load_codebook())
    write_whole(out, lambda part: part.write_text(page, encoding="utf-8", newline="\n"))
