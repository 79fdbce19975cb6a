"""A group that carries out one of its commands where none is named."""

from __future__ import annotations

from typing import Any

import click


class WithDefault(click.Group):
    """A group with a command whose name may be left out.

    Attributes:
        default: name of that command.
        also_alone: whether it is meant where nothing at all is given; the help is shown otherwise.
    """

    def __init__(
        self, *args: Any, default: str = "", also_alone: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.default = default
        self.also_alone = also_alone

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the default before arguments that name no command."""
        if args:
            is_named = args[0] in (*self.commands, *ctx.help_option_names)
        else:
            is_named = not self.also_alone
        return super().parse_args(ctx, args if is_named else [self.default, *args])
