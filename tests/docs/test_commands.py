"""Every `hsr` line in a document or a help text is one that the command line understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hsr_privacy.cli.groups import WithDefault
from hsr_privacy.cli.main import root
from scripts.reference import helps

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/*/README.md")]
    if path.name != "cli.md" and ".venv" not in path.parts[len(ROOT.parts)]
)
LINE = re.compile(r"^\s*(?:\$ )?((?:\S*/)?hsr +[a-z](?:.*[\\`^]\n)*.*)$", re.MULTILINE)


def lines_of(text: str) -> list[str]:
    """Commands in the fenced blocks of a page, continued lines joined."""
    blocks = re.findall(
        r"^```(?:sh|shell|text|powershell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL
    )
    found = [line for block in blocks for line in LINE.findall(block)]
    return [re.sub(r"\s*[\\`^]\n\s*", " ", line) for line in found]


def understand(line: str) -> None:
    """Parse one line down to its command.

    Raises:
        click.UsageError: no such command or option, or one that must be given is missing.
    """
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = root
    context = click.Context(root, info_name="hsr")
    while isinstance(command, click.Group):
        name, *rest = words
        below = command.get_command(context, name)
        if below is None and isinstance(command, WithDefault):
            name, rest = command.default, words
            below = command.get_command(context, name)
        words = rest
        if below is None:
            raise click.UsageError(f"no command {name!r}")
        command, context = below, click.Context(below, info_name=name, parent=context)
    if "--help" in words:
        return
    given, _, _ = command.make_parser(context).parse_args(args=words)
    for parameter in command.params:
        value = given.get(parameter.name or "")
        if parameter.required and not (isinstance(value, (str, list, tuple)) and value):
            raise click.UsageError(f"{parameter.human_readable_name} must be given")


def documented() -> Iterator[tuple[str, str]]:
    for path in DOCUMENTS:
        for line in lines_of(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), line


@pytest.mark.parametrize(("document", "line"), list(documented()))
def test_a_documented_command_is_understood(document: str, line: str) -> None:
    understand(line)


def every_command() -> list[tuple[str, str, bool]]:
    context = click.Context(root, info_name="hsr")
    found = []
    for path, text in helps(root, None, "hsr"):
        command: click.Command | None = root
        for name in path.split()[1:]:
            assert isinstance(command, click.Group)
            command = command.get_command(context, name)
        found.append((path, text, isinstance(command, click.Group)))
    return found


@pytest.mark.parametrize(
    ("path", "text", "is_group"), every_command(), ids=lambda value: str(value)[:30]
)
def test_every_help_has_an_example_that_is_understood(path: str, text: str, is_group: bool) -> None:
    examples = [re.sub(r"\s*\\\n\s*", " ", line) for line in LINE.findall(text)]
    if not is_group:
        short = path.removesuffix(" whole")  # the name of a default may be left out
        assert [line for line in examples if line.startswith((path, short))]
    for line in examples:
        understand(line)


def test_a_line_with_an_option_that_does_not_exist_is_found() -> None:
    with pytest.raises(click.UsageError, match="no-such"):
        understand("hsr anonymize table.csv --no-such-option")


def test_a_line_that_lacks_what_must_be_given_is_found() -> None:
    with pytest.raises(click.UsageError, match="must be given"):
        understand("hsr anonymize table.csv --k 5")
