"""The command `hsr`: its groups, found by name and imported when called."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import Any, Final

import click

from hsr_privacy.cli import interrupts, say
from hsr_privacy.errors import HsrError

COMMANDS: Final = {
    "anonymize": ("anonymize", "Generalize and suppress any table until it is k-anonymous."),
    "assess": ("assess", "Say what an extract gives away, and whether it may leave."),
    "audit": ("audit", "Verify the audit log, whole or against what left the house."),
    "codebook": ("codebook", "Check the codebook, and show what it says of a variable."),
    "demo": ("demo", "From a simulated register to a checked release, step by step."),
    "hierarchy": ("hierarchy", "Suggest, check and draw how values become coarser."),
    "ids": ("ids", "Check columns of identifiers."),
    "keys": ("keys", "Make and inspect key rings."),
    "linkage": ("linkage", "Link extracts of two registries without showing an identifier."),
    "mask": ("mask", "Blur columns one by one, without a claim of k-anonymity."),
    "persons": ("persons", "Keep who is whom, and who chose to be left out."),
    "project": ("project", "Check an approved application, and read what it would do."),
    "quality": ("quality", "Say what is wrong with deliveries, per hospital trust, to send back."),
    "register": (
        "register",
        "Link deliveries into the register's stores, and account for what left.",
    ),
    "reidentify": ("reidentify", "Find out who a pseudonym is, with a second person's consent."),
    "release": ("release", "From deliveries and an approved application to a released extract."),
    "scan": ("scan", "Search files and folders for what names a person, before they leave."),
    "synthesize": ("synthesize", "Make realistic registers that belong to nobody."),
    "validate": ("validate", "Ask a table or a folder every expectation of a suite."),
    "verify": ("verify", "Verify a package, or count the privacy models of a file anew."),
}
"""Name of each command: its module in this package, and its line in ``hsr --help``."""

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells count it: 128 + SIGINT."""

OUTPUT_CLOSED: Final = 141
"""Exit code where whoever read the output closed it, as shells count it: 128 + SIGPIPE."""

_OBJECTS: Final = 100_000
"""New objects after which the collector of cycles looks again."""

INTERNAL: Final = 70
"""Exit code of an error that nobody foresaw, as in sysexits.h."""


class Commands(click.Group):
    """A group that lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of a command and take the command from it."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"hsr_privacy.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line per command, written here so that none is imported."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hsr-privacy", prog_name="hsr")
def root() -> None:
    """From identified health-registry data to a research extract that may leave the house.

    Results go to stdout (--json for machines), everything else to stderr. Each kind of refusal has
    an exit code of its own; docs/reference/exit-codes.md lists them.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run `hsr`; never returns."""
    # One command, one process: to look for cycles every 700 objects costs a release half a second.
    gc.set_threshold(_OBJECTS, 20, 100)
    code = run(arguments)
    gc.freeze()  # the system takes all memory back at once; nothing need be looked through for it
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run `hsr` and give its exit code: 0, 2 for wrong usage, 130 interrupted, or the error's own.

    An error that nobody foresaw is a fault of ours, 70. Its text may quote a cell, so it is told
    by its type and its place in the code.
    """
    try:
        with interrupts.remembered():
            result: Any = root.main(arguments, prog_name="hsr", standalone_mode=False)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - told, all but its text; a library may panic
        return _told(error)
    return result if isinstance(result, int) else 0


def _told(error: BaseException) -> int:
    """Say what went wrong, and give its exit code."""
    if interrupts.came() or isinstance(error, (KeyboardInterrupt, click.Abort)):
        say.talk("interrupted; everything is as it was")
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, HsrError):
        say.refuse(error)
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()
        return OUTPUT_CLOSED
    say.broken(error)
    return INTERNAL
