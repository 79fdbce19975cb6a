"""Write docs/reference from the code, or say where the two have drifted apart.

    python scripts/reference.py            write the pages
    python scripts/reference.py --check    compare, print the difference, exit with 1 if there is one

Pages: `cli.md` from every `hsr ... --help`, `exit-codes.md` from the tree of errors,
`release-states.md` from the states of a package and what leads between them.
"""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

import hsr_privacy.identifiers  # noqa: F401 - an error lives there
from hsr_privacy import errors
from hsr_privacy.cli.main import root
from hsr_privacy.handover import states as handover

FOLDER: Final = Path(__file__).parents[1] / "docs" / "reference"
WIDTH: Final = 90
MADE: Final = "<!-- Written by scripts/reference.py (make docs); do not edit by hand. -->\n"


def main(arguments: list[str]) -> int:
    """Write or compare every page; gives the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(__doc__ or "")
        return 2
    drifted = 0
    for name, page in PAGES.items():
        file = FOLDER / name
        if not arguments:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page(), encoding="utf-8", newline="\n")
            continue
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        difference = difflib.unified_diff(
            old.splitlines(), page().splitlines(), str(name), "the code", lineterm=""
        )
        for line in difference:
            drifted = 1
            print(line)
    if drifted:
        print("docs/reference has drifted from the code; run: make docs", file=sys.stderr)
    return drifted


def cli_page() -> str:
    """What every command says of itself."""
    parts = [MADE, "# The command line\n"]
    for path, text in helps(root, None, "hsr"):
        parts.append(f"{'#' * (path.count(' ') + 2)} `{path}`\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def helps(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[tuple[str, str]]:
    """Each command's whole name and its help, groups before what they hold."""
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            below = command.get_command(context, child)
            if below is not None and not below.hidden:
                yield from helps(below, context, child)


def exit_codes_page() -> str:
    """The code of every refusal, with the sentence that its class says of itself."""
    rows = [(0, "", "It worked."), (2, "", "Wrong usage: an option or argument is not right.")]
    rows += [
        (error.exit_code, error.__name__, (inspect.getdoc(error) or "").partition("\n")[0])
        for error in tree(errors.HsrError)
    ]
    rows += [(70, "", "A fault of ours: told by its type and place, never by its text.")]
    rows += [(130, "", "Interrupted (Ctrl-C); everything is as it was.")]
    rows += [(141, "", "Whoever read the output closed it.")]
    table = "".join(
        f"| {code} | {f'`{name}`' if name else ''} | {says} |\n"
        for code, name, says in sorted(rows)
    )
    return (
        f"{MADE}\n# Exit codes\n\n"
        "Each kind of refusal has its own, so that a script can tell them apart. The names are the\n"
        "exceptions that `hsr_privacy.errors` raises in Python.\n\n"
        f"| code | error | meaning |\n|---:|---|---|\n{table}"
    )


def states_page() -> str:
    """The states of a package, drawn from the code that decides on them."""
    return (
        f"{MADE}\n# States of a package\n\n"
        "A state is read from the files, the signatures and the disclosure register whenever it is\n"
        "asked for (`hsr release status`); it stands nowhere. How to\n"
        "[release with several people](../how-to/release-together.md).\n\n"
        f"{handover.page()}"
    )


def tree(error: type[errors.HsrError]) -> Iterator[type[errors.HsrError]]:
    """An error and all that are kinds of it, in the order of the source; no private ones."""
    if not error.__name__.startswith("_"):
        yield error
    seen = set()
    for kind in error.__subclasses__():
        for below in tree(kind):
            if below not in seen:
                seen.add(below)
                yield below


PAGES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {"cli.md": cli_page, "exit-codes.md": exit_codes_page, "release-states.md": states_page}
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
