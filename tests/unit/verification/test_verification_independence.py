"""The second implementation is one: nothing of the first is imported by it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import hsr_privacy.verification

ROOM = Path(hsr_privacy.verification.__path__[0])
ALLOWED = {"hsr_privacy.errors", "hsr_privacy.verification"}


def imports(source: str) -> set[str]:
    """Modules that a source names in an import, at the top or within a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert node.module is not None
            found.add(node.module)
    return found


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: str(path.name))
def test_verification_imports_nothing_of_ours_but_errors(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    ours = {room(name) for name in imports(source) if name.startswith("hsr_privacy")}
    assert ours <= ALLOWED
    assert "numba" not in imports(source)
    assert "importlib" not in source


def test_an_import_of_the_engine_would_be_found() -> None:
    assert imports("def f():\n    from hsr_privacy.anonymity import protect") == {
        "hsr_privacy.anonymity"
    }


def test_a_fresh_process_that_verifies_has_loaded_no_other_room(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1;x\n1;y\n")
    code = (
        "import json, pathlib, sys\n"
        "from hsr_privacy.verification import verify\n"
        f"path = pathlib.Path({str(tmp_path / 't.csv')!r})\n"
        "assert verify(path, quasi_identifiers=['a'], sensitive=['b']).k == 2\n"
        "print(json.dumps(sorted(name for name in sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    loaded = set(json.loads(done.stdout))
    ours = {room(name) for name in loaded if name.startswith("hsr_privacy")}
    assert ours == ALLOWED | {"hsr_privacy"}
    assert "numba" not in loaded
