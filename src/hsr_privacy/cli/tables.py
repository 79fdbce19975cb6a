"""What commands share that read one table and write another: how columns and delimiters are given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hsr_privacy.tables import TableFormat


def names(_ctx: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def character(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """A delimiter: one character, which may be written as ``\\t``."""
    text = "\t" if text == r"\t" else text
    if text is not None and (len(text.encode()) != 1 or text in '"\r\n'):
        raise click.BadParameter("give one character, such as ';' or '\\t'")
    return text


def check_out(data: Path, out: Path) -> None:
    """Refuse a place for the result where it cannot stand.

    Raises:
        DataError: it is the input, or its folder is not there.
    """
    from hsr_privacy.errors import DataError

    if out.exists() and out.resolve() == data.resolve():
        raise DataError(f"{out} is the input; name another file, the original is never touched")
    if not out.parent.is_dir():
        raise DataError(f"{out.parent}: no such folder to write in; make it first")


def check_report(data: Path, out: Path, report: Path) -> None:
    """Refuse a place for a page where it cannot stand.

    Raises:
        DataError: it is the input or the result, ends otherwise, or its folder is not there.
    """
    from hsr_privacy.errors import DataError

    if report.suffix.lower() != ".html":
        raise DataError(f"{report} does not end in .html; the report is a page for a browser")
    if report.resolve() in (data.resolve(), out.resolve()):
        raise DataError(f"{report} is the input or the result; name another file")
    if not report.parent.is_dir():
        raise DataError(f"{report.parent}: no such folder to write in; make it first")


def form_of(out: Path, read: TableFormat) -> TableFormat:
    """How the result is written: as its ending says, and a CSV with the delimiter that was read."""
    from hsr_privacy.tables import TableFormat

    if out.suffix.lower() == ".parquet":
        return TableFormat("parquet")
    return TableFormat("csv") if read.kind == "parquet" else read
