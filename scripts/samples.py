"""Write the ready-made registers of synthetic/samples anew.

    python scripts/samples.py

1,000 arrests of 2013-2025 in each layout, clean and dirty, with the truth beside them, and the digests
of all files. The same versions of the installed packages give the same bytes; CSV files do with any.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Final

from hsr_privacy.synthesis import LAYOUTS, synthesize_register

FOLDER: Final = Path(__file__).parents[1] / "synthetic" / "samples"
EVENTS: Final = 1000
YEARS: Final = (2013, 2025)
SEED: Final = 1
DIRTY: Final = "heavy"
SUMS: Final = "SHA256SUMS"


def main() -> int:
    """Write all of it; gives the exit code."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    write(FOLDER)
    return 0


def write(folder: Path) -> None:
    """Write every register and the digests into a folder.

    Args:
        folder: exists.
    """
    for layout in LAYOUTS:
        for name, dirty in ((layout, "none"), (f"{layout}-dirty", DIRTY)):
            synthesize_register(
                folder / name,
                events=EVENTS,
                first_year=YEARS[0],
                last_year=YEARS[1],
                seed=SEED,
                layout=layout,
                dirty=dirty,
            )
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    (folder / SUMS).write_text("".join(lines), encoding="ascii", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
