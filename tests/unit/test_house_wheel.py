"""What is installed with the package: all that it asks for, and no choice that is somebody's own."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import hsr_privacy

ROOT = Path(__file__).parents[2]
INCLUDED: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "tool"
]["hatch"]["build"]["targets"]["wheel"]["force-include"]


def asked_for() -> set[str]:
    """Every path that the code asks ``shipped`` for, as far as it is written out."""
    found = set()
    for source in Path(hsr_privacy.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "shipped":
                parts = [part.value for part in node.args if isinstance(part, ast.Constant)]
                found.add("/".join(map(str, parts)))
    return found


@pytest.mark.parametrize("path", sorted(asked_for()))
def test_what_the_code_asks_for_is_in_the_wheel(path: str) -> None:
    inside = [path == entry or path.startswith(f"{entry}/") for entry in INCLUDED]
    assert any(inside)
    assert (ROOT / path).exists()


@pytest.mark.parametrize("entry", INCLUDED)
def test_what_is_in_the_wheel_lies_where_the_code_looks(entry: str) -> None:
    assert (ROOT / entry).exists()
    assert INCLUDED[entry] == f"hsr_privacy/_configs/{entry.removeprefix('configs/')}"


def test_the_wheel_ships_no_project_but_the_sample_and_no_key() -> None:
    shipped = [
        path
        for entry in INCLUDED
        for path in [ROOT / entry, *(ROOT / entry).rglob("*")]
        if "projects" in path.parts or path.suffix == ".keyring"
    ]
    assert [path.name for path in shipped] == ["bystander-cpr-survival.yaml"]
