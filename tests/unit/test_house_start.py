"""What a fresh process imports, and how long the start takes."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import hsr_privacy

HEAVY = {"great_expectations", "torch", "sdv", "anonymeter", "pyspark", "vl_convert"}
SLOW_OR_LARGE = HEAVY | {"numba", "pandas", "pyarrow", "scipy", "sqlalchemy", "jinja2"}
NEW_IN_ANONYMIZE = f"""
import json, sys
from hsr_privacy.cli.main import run
assert run(sys.argv[1:]) == 0
sys.stderr.write(json.dumps(sorted({SLOW_OR_LARGE!r} & set(sys.modules))))
"""
NEW_IN_HELP = """
import sys
before = set(sys.modules)
from hsr_privacy.cli.main import run
assert run(["--help"]) == 0
import json
sys.stderr.write(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


OF_GREAT_EXPECTATIONS = {"hsr_privacy.validation.kinds", "hsr_privacy.validation.metric"}
"""Classes of its own kind, which `validation.gx` imports when a suite is judged."""


def rooms() -> list[str]:
    """Every module of the package, the rooms and what is in them."""
    found = pkgutil.walk_packages(hsr_privacy.__path__, prefix="hsr_privacy.")
    return [module.name for module in found]


def fresh(code: str, *arguments: str) -> str:
    """Run code in a fresh interpreter; gives what it wrote to stderr."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_help_imports_click_and_nothing_else_from_outside() -> None:
    loaded = set(json.loads(fresh(NEW_IN_HELP)))
    outside = loaded - set(sys.stdlib_module_names)
    assert outside - {"colorama"} == {"click", "hsr_privacy"}


def test_help_names_every_command_in_under_0_3_seconds_of_cpu() -> None:
    command = [sys.executable, "-c", "from hsr_privacy.cli import main; main(['--help'])"]
    seconds = []
    for _ in range(3):
        before = os.times()
        done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        after = os.times()
        seconds.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
    assert "release" in done.stdout
    assert min(seconds) < 0.3


def test_importing_every_room_loads_no_heavy_package() -> None:
    light = [name for name in rooms() if name not in OF_GREAT_EXPECTATIONS]
    code = "import importlib, sys, json\n"
    code += f"for name in {light!r}: importlib.import_module(name)\n"
    code += f"sys.stderr.write(json.dumps(sorted({HEAVY!r} & set(sys.modules))))"
    assert json.loads(fresh(code)) == []


@pytest.mark.parametrize(
    "asked", [(), ("--person", "who"), ("--sensitive", "cause", "--l", "2")], ids=" ".join
)
def test_a_small_table_is_anonymized_without_what_is_slow_to_import(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    table, hierarchies = tmp_path / "table.csv", tmp_path / "hierarchies"
    hierarchies.mkdir()
    (hierarchies / "age.csv").write_text("1;low;*\n2;low;*\n3;high;*\n", encoding="utf-8")
    rows = [f"{n % 3 + 1};p{n % 20};{n % 2}" for n in range(60)]
    table.write_text("\n".join(["age;who;cause", *rows]), encoding="utf-8")
    words = ("anonymize", str(table), "-q", "age", "--hierarchies", str(hierarchies), "--k", "5")
    more = ("--max-suppressed", "0.1", "--out", str(tmp_path / "out.csv"), *asked)
    assert json.loads(fresh(NEW_IN_ANONYMIZE, *words, *more)) == []


def test_no_module_has_grown_past_350_lines() -> None:
    sources = Path(hsr_privacy.__path__[0]).rglob("*.py")
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert {path: length for path, length in lengths.items() if length > 350} == {}
