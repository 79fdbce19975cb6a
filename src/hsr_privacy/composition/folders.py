"""Folders: the sketch of an earlier release of which nothing is left but its folder.

Its pseudonyms are those of its project, so it compares with releases of the same project only; the
person keys behind them are not in the folder.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from hsr_privacy.composition.sketch import About, Sketch
from hsr_privacy.composition.sketching import sketch_of_pseudonyms
from hsr_privacy.errors import DataError
from hsr_privacy.folders import sha256_of
from hsr_privacy.keys import KeyRing
from hsr_privacy.project import PERSON

_PROTECTED: Final = "protected"


def sketch_of_folder(
    folder: Path,
    ring: KeyRing | None = None,
    *,
    quasi_identifiers: Sequence[str] | None = None,
    sensitive: Sequence[str] = (),
) -> Sketch:
    """Sketch the release in a folder, by ``manifest.json`` and ``data/extract.parquet``.

    Args:
        folder: of the release.
        ring: of the register; without it, digests are made without a secret, for use in memory.
        quasi_identifiers: columns; those that the manifest calls protected if left out. What the
            release does not have is passed over.
        sensitive: columns; the manifest does not tell them. The same is passed over.

    Raises:
        DataError: it is no folder of a release.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        about = About(
            case_number=str(manifest["project"]["case_number"]),
            recipient=str(manifest["project"]["recipient"]),
            day=dt.date.fromisoformat(manifest["created"]),
            k=_k_of(manifest),
            manifest_sha256=sha256_of(path),
        )
        key = pseudonym_key_of(manifest)
        columns = {one["name"]: one for one in manifest["columns"]}
        if quasi_identifiers is None:
            wanted = [name for name, one in columns.items() if one["form"] == _PROTECTED]
        else:
            wanted = [name for name in quasi_identifiers if name in columns]
        secrets = [name for name in sensitive if name in columns and name not in wanted]
        levels = {name: str(one.get("level", "")) for name, one in columns.items()}
        table = pl.read_parquet(
            folder / "data" / "extract.parquet", columns=[PERSON, *wanted, *secrets]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError):
        raise DataError(f"{folder} is no folder of a release; name one that hsr made") from None
    return sketch_of_pseudonyms(
        table,
        quasi_identifiers=wanted,
        sensitive=secrets,
        levels=levels,
        person_column=PERSON,
        about=about,
        pseudonym_key=key,
        ring=ring,
    )


def pseudonym_key_of(manifest: Any) -> str:
    """By which key a release's persons got their pseudonyms: its check value, and their form.

    Raises:
        KeyError: the manifest tells no such step.
    """
    for step in manifest["steps"]:
        if step["name"] == f"pseudonymize {PERSON}":
            numbered = any(one["name"] == f"number {PERSON}" for one in manifest["steps"])
            return f"{step['notes']['key check value']}{' numbers' if numbered else ''}"
    raise KeyError(PERSON)


def _k_of(manifest: Any) -> int | None:
    found = [gate["evidence"]["k"] for gate in manifest["gates"] if "k" in gate["evidence"]]
    return int(found[0]) if found else None
