"""Write a definition as the file that a person reads, mends and keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import yaml

from hsr_privacy.hierarchies.definition import Definition

_LINE: Final = 100
_MOST_BYTES: Final = 200


def definition_text(definition: Definition, comments: Iterable[str] = ()) -> str:
    """A file of one definition, as `DefinitionFile` reads it, under these lines of comment."""
    fields = definition.model_dump(mode="json", exclude_defaults=True)
    fields = {"name": fields.pop("name"), "kind": definition.kind} | fields
    text = yaml.dump(
        {"hierarchies": [_short(fields)]},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=_LINE,
    )
    return "".join(f"# {' '.join(line.split())}\n" for line in comments) + text


def file_name(column: str) -> str:
    """``<column>.yaml``, with a low line for what a file name may not hold everywhere."""
    plain = re.sub(r"[^\w\- ]", "_", column).encode()[:_MOST_BYTES]
    return plain.decode(errors="ignore") + ".yaml"


def _short(value: Any) -> Any:
    """Whole numbers without their ``.0``."""
    if isinstance(value, dict):
        return {key: _short(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_short(held) for held in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Dumper(yaml.SafeDumper):
    """Writes every text that YAML could take for something else in quotes, and no alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """A text; within double quotes where a line break or a sign without a shape stands in it."""
        style = None if text.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)
