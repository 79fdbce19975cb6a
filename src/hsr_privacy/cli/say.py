"""How the command line speaks: results on stdout, talk on stderr."""

from __future__ import annotations

import json
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
