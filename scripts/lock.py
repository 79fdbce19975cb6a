"""Lock the environments: what pyproject.toml asks for, resolved once, with every file's digest.

Run by `make lock`, after a change of the dependencies or to take newer versions. Needs the program
uv on the PATH. Four files come out:

    requirements/core.txt   what a user installs: newest versions, any platform, Python 3.11 and up
    requirements/test.txt   what the tests need on top of the core
    requirements/full.txt   everything, for development: Linux, Python 3.11
    requirements/torch.txt  torch alone: its build for the CPU comes from other places than PyPI

torch and the graphics-card libraries that its PyPI build drags along are left out of full.txt.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LOCKS: Final = ROOT / "requirements"
TORCH: Final = "torch==2.13.0"
LEFT_OUT: Final = re.compile(r"(torch|triton|nvidia-.*|cuda-.*)$")
HEADER: Final = "# Locked by scripts/lock.py from pyproject.toml; do not edit by hand.\n"


def main() -> int:
    """Write the four files; gives 0, or the resolver's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        constraint = Path(folder) / "constraint.txt"
        constraint.write_text(TORCH + "\n", encoding="utf-8")
        any_platform = ["--universal", "--fork-strategy", "fewest"]
        core = _resolve(["--group", "build", *any_platform])
        (LOCKS / "core.txt").write_text(HEADER + core, encoding="utf-8")
        test = _resolve(
            ["--group", "build", "--group", "test", *any_platform, "-c", str(LOCKS / "core.txt")]
        )
        in_core = {_name(block) for block in _blocks(core)}
        extra = [block for block in _blocks(test) if _name(block) not in in_core]
        (LOCKS / "test.txt").write_text(HEADER + "".join(extra), encoding="utf-8")
        full = _resolve(
            [
                "--group",
                "dev",
                "--extra",
                "all",
                "--python-platform",
                "linux",
                "-c",
                str(constraint),
            ]
        )
        kept = [block for block in _blocks(full) if not LEFT_OUT.match(_name(block))]
        (LOCKS / "full.txt").write_text(HEADER + "".join(kept), encoding="utf-8")
        (LOCKS / "torch.txt").write_text(HEADER + TORCH + "\n", encoding="utf-8")
    return 0


def _resolve(options: list[str]) -> str:
    command = ["uv", "pip", "compile", "pyproject.toml", "--python-version", "3.11"]
    quiet = ["--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    done = subprocess.run(
        [*command, *quiet, *options], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def _blocks(lock: str) -> list[str]:
    """One text per package: its pin and the digests that follow it."""
    return re.findall(r"^[A-Za-z0-9].*\n(?:[ \t]+.*\n)*", lock, flags=re.MULTILINE)


def _name(block: str) -> str:
    return re.split(r"[=\[ ;]", block, maxsplit=1)[0].lower()


if __name__ == "__main__":
    sys.exit(main())
