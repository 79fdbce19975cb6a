"""Write the report of an audit: the page, and beside it the same for machines."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from hsr_privacy.errors import DataError, OutputExists
from hsr_privacy.folders import refuse_taken, whole_folder
from hsr_privacy.tables import write_whole

PAGE: Final = "report.html"
JSON: Final = "risk.json"


@dataclass(frozen=True)
class Places:
    """Where a report goes.

    Attributes:
        page: the page.
        machines: the same for machines.
        folder: to make for both; None where they go into one that exists.
    """

    page: Path
    machines: Path
    folder: Path | None

    @contextlib.contextmanager
    def open(self) -> Iterator[Places]:
        """Places to write to; a folder that is made appears with all that is in it, or not at all."""
        if self.folder is None:
            yield self
            return
        with whole_folder(self.folder) as staging:
            yield Places(staging / PAGE, staging / JSON, None)


def places_of(out: Path) -> Places:
    """Where a report goes, before any work is done.

    Args:
        out: a page, ending in ``.html``, with ``risk.json`` beside it; or a folder to make.

    Raises:
        OutputExists: a file or folder is there already.
        DataError: the folder of the page is not there.
    """
    if out.suffix.lower() not in (".html", ".htm"):
        refuse_taken(out)
        return Places(out / PAGE, out / JSON, out)
    if not out.parent.is_dir():
        raise DataError(f"{out.parent}: no such folder to write in; make it first")
    for path in (out, out.parent / JSON):
        if path.exists() or path.is_symlink():
            raise OutputExists(f"{path} exists; name another place, nothing is overwritten")
    return Places(out, out.parent / JSON, None)


def write_report(places: Places, *, page: str, machines: Mapping[str, Any]) -> None:
    """Write both.

    Raises:
        OutputFailed: the disk is full, or the system refuses the write.
    """
    with places.open() as here:
        for path, text in ((here.machines, as_text(machines)), (here.page, page)):
            write_whole(path, partial(_write, text=text))


def as_text(machines: Mapping[str, Any]) -> str:
    """JSON that people can read, the same bytes for the same content."""
    return json.dumps(machines, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _write(path: Path, *, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
