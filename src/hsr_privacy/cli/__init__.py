"""The command line: parse, one call, print. Nothing heavy is imported before a command runs."""

from hsr_privacy.cli.main import main

__all__ = ["main"]
