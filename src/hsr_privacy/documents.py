"""Files that people write and sign: YAML read as text, checked by pydantic, faults named by line.

Every scalar is read as text, because YAML 1.1 reads ``NO`` as false and ``0301`` as 193; the model
gives the types. A duplicate key is a fault, and so is a key that the model does not know. An alias
is not read: what somebody signs stands where it is meant, and a small file stays small.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from yaml.composer import ComposerError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hsr_privacy.errors import ConfigError, Fault

Model = TypeVar("Model", bound=BaseModel)
KeyPath = tuple[str | int, ...]


class Written(BaseModel):
    """The base of everything that people write: unknown keys are faults, values do not change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )


class Label(Written):
    """A text in both languages."""

    nb: str
    en: str


@dataclass(frozen=True)
class Document:
    """A YAML file as plain lists, dicts, text and None, with the line of every key path."""

    path: Path
    data: Any
    lines: dict[KeyPath, int]

    def line(self, where: KeyPath) -> int:
        """Line of the key path, or of the nearest enclosing one that the file has (from 1)."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return 1

    def fault(self, where: KeyPath, problem: str) -> Fault:
        """A fault at this key path."""
        return Fault(str(self.path), self.line(where), key_path(where), problem)


def key_path(where: KeyPath) -> str:
    """``variables[3].detail``: a key path as people read it."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def read(path: Path) -> Document:
    """Read one YAML file as text.

    The same text is parsed once: a run asks for the codebook again and again, and nobody changes what
    was read.

    Raises:
        ConfigError: missing file, not UTF-8, not YAML, an alias, or a duplicate key; each with its
            line.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file", ()) from None
    except (IsADirectoryError, PermissionError) as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", ()) from None
    except UnicodeDecodeError as error:
        fault = Fault(str(path), raw.count(b"\n", 0, error.start) + 1, "", "save it as UTF-8")
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8", [fault]) from None
    return _parsed(path, text)


@lru_cache(maxsize=256)
def _parsed(path: Path, text: str) -> Document:
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise ConfigError(f"{path} is not YAML", [Fault(str(path), line, "", problem)]) from None
    if node is None:
        raise ConfigError(f"{path}: the file is empty", ())
    lines: dict[KeyPath, int] = {}
    faults: list[Fault] = []
    data = _plain(node, (), lines, faults, str(path))
    if faults:
        raise ConfigError(f"{path} has {_count(faults)}", faults)
    return Document(path, data, lines)


def load(path: Path, model: type[Model]) -> Model:
    """Read one file and check it against its model.

    Raises:
        ConfigError: every fault with file, line and key path, and the nearest right name.
    """
    return check(read(path), model)


def check(document: Document, model: type[Model]) -> Model:
    """Check a document that has been read against its model; see `load`."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        faults = [_fault(document, model, problem) for problem in error.errors(include_url=False)]
    raise ConfigError(f"{document.path} has {_count(faults)}", faults)


def nearest(name: str, names: Iterator[str] | list[str]) -> str:
    """``; did you mean 'alder'?`` where a known name is close, else nothing."""
    match = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f"; did you mean '{match[0]}'?" if match else ""


def untold_sources(document: Document, sources: Collection[str]) -> list[Fault]:
    """A fault for every ``source`` in a document that is none of those which the document tells.

    Args:
        document: as it was read.
        sources: names of its sources.
    """
    return [
        document.fault(where, f"'{name}' is none of the sources{nearest(name, list(sources))}")
        for where, name in _named_sources(document.data, ())
        if name not in sources
    ]


def _named_sources(part: Any, where: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every source that a part names, and where."""
    if isinstance(part, list):
        for place, below in enumerate(part):
            yield from _named_sources(below, (*where, place))
    elif isinstance(part, dict):
        for key, below in part.items():
            if key == "source":
                yield (*where, key), below
            else:
                yield from _named_sources(below, (*where, key))


class _Loader(yaml.SafeLoader):
    """Reads no alias."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(AliasEvent):
            peek: Any = self.peek_event  # the stubs of PyYAML give it no types
            mark = peek().start_mark
            raise ComposerError(None, None, "an alias is not read; write its text out here", mark)
        return super().compose_node(parent, index)


def _count(faults: list[Fault]) -> str:
    return f"{len(faults)} fault{'s' if len(faults) != 1 else ''}"


def _plain(
    node: Node, where: KeyPath, lines: dict[KeyPath, int], faults: list[Fault], file: str
) -> Any:
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, ScalarNode):
        is_null = node.style is None and node.value in {"", "~", "null"}
        return None if is_null else node.value
    if isinstance(node, SequenceNode):
        return [_plain(n, (*where, i), lines, faults, file) for i, n in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            faults.append(Fault(file, line, key_path(where), "a key must be plain text"))
            continue
        key = key_node.value
        here = (*where, key)
        if key in result:
            first = lines[here]
            faults.append(
                Fault(file, line, key_path(here), f"duplicate key; it stands on line {first} too")
            )
            continue
        lines[here] = line
        result[key] = _plain(value_node, here, lines, faults, file)
    return result


def _fault(document: Document, model: type[BaseModel], problem: Any) -> Fault:
    where: KeyPath = tuple(problem["loc"])
    known: KeyPath = ()
    for part in where:  # pydantic also names the option of a union, which no file has
        known = (*known, part) if (*known, part) in document.lines else known
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        names = _field_names(model, where[:-1])
        message = f"unknown key{nearest(str(where[-1]), names)}"
    elif problem["type"] == "missing":
        message = f"'{where[-1]}' is missing"
    return document.fault(known, message)


def _field_names(model: type[BaseModel], where: KeyPath) -> list[str]:
    """Names that the model knows at a key path, through lists, mappings and options."""
    annotations: list[Any] = [model]
    for part in where:
        annotations = [below for above in annotations for below in _step(above, part)]
    return [name for each in annotations if _is_model(each) for name in each.model_fields]


def _step(annotation: Any, part: str | int) -> list[Any]:
    if not _is_model(annotation):
        return [option for inner in get_args(annotation) for option in _options(inner)]
    fields = annotation.model_fields
    if part in fields:
        return _options(fields[part].annotation)
    is_option = any(part in get_args(field.annotation) for field in fields.values())
    return [annotation] if is_option else []


def _options(annotation: Any) -> list[Any]:
    if get_origin(annotation) in {Annotated, Union, UnionType}:
        return [option for inner in get_args(annotation) for option in _options(inner)]
    return [annotation]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
