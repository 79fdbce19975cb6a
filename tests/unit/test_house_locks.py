"""The locked environments hold what pyproject.toml asks for, each file with its digest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = {"torch", "pyspark", "sdv", "anonymeter"}


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ \\\n]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def group(name: str) -> list[str]:
    entries = PYPROJECT["dependency-groups"][name]
    return [
        text
        for entry in entries
        for text in (group(entry["include-group"]) if isinstance(entry, dict) else [entry])
    ]


def extras() -> list[str]:
    every: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
    return [text for name, texts in every.items() if name != "all" for text in texts]


@pytest.mark.parametrize(
    ("locks", "asked"),
    [
        (["core.txt"], PYPROJECT["project"]["dependencies"] + group("build")),
        (["core.txt", "test.txt"], group("test")),
        (["full.txt"], PYPROJECT["project"]["dependencies"] + group("dev") + extras()),
    ],
    ids=["core", "test", "full"],
)
def test_what_is_asked_for_is_pinned_at_a_version_that_satisfies_it(
    locks: list[str], asked: list[str]
) -> None:
    pinned = {name: version for lock in locks for name, version in pins(lock).items()}
    for text in asked:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), text


@pytest.mark.parametrize("lock", ["core.txt", "test.txt", "full.txt"])
def test_every_pin_has_a_digest(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    blocks = re.findall(r"^[A-Za-z0-9].*\n(?:[ \t]+.*\n)*", text, re.MULTILINE)
    assert len(blocks) == len(pins(lock)) > 0
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_core_holds_no_heavy_package() -> None:
    assert HEAVY & (set(pins("core.txt")) | set(pins("test.txt"))) == set()


def test_all_extras_together_are_the_extra_named_all() -> None:
    (every,) = PYPROJECT["project"]["optional-dependencies"]["all"]
    named = set(PYPROJECT["project"]["optional-dependencies"]) - {"all"}
    assert Requirement(every).extras == named
