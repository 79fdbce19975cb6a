"""How the command line speaks: results on stdout, talk on stderr."""

from __future__ import annotations

import json
import traceback
from typing import Any

import click

from hsr_privacy.errors import HsrError


def result(text: str) -> None:
    """Print a result for people."""
    click.echo(text)


def machine(value: Any) -> None:
    """Print a result for machines: one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def talk(text: str) -> None:
    """Say what goes on."""
    click.echo(text, err=True)


def refuse(error: HsrError) -> None:
    """Say why the answer is no."""
    click.echo(click.style("hsr: ", fg="red", bold=True) + str(error), err=True)


def broken(error: BaseException) -> None:
    """Tell of an error that nobody foresaw by type and place, not by its text, which may quote data."""
    places = traceback.format_list(traceback.extract_tb(error.__traceback__))
    click.echo("".join(places), err=True, nl=False)
    click.echo(
        click.style("hsr: ", fg="red", bold=True)
        + f"a fault of ours ({type(error).__name__}); nothing was released. Please report the lines "
        "above; they hold no data.",
        err=True,
    )
