"""Read a release again: whose extract it is, and by which pseudonyms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.keys.key import Algorithm
from hsr_privacy.project import EVENT, PERSON
from hsr_privacy.release.publish import DATA


@dataclass(frozen=True)
class ReadRelease:
    """What a release says of itself.

    Attributes:
        algorithm: by which its pseudonyms were made.
        pseudonyms: of all persons in it.
        events: pseudonyms of all events in it.
        numbered: whether its persons have running numbers.
    """

    algorithm: Algorithm
    pseudonyms: frozenset[str] = field(repr=False)
    events: frozenset[str] = field(repr=False)
    numbered: bool = False


def read_release(folder: Path, *, project: str) -> ReadRelease:
    """Read the manifest and the pseudonyms of a release.

    Args:
        folder: of the release.
        project: case number that it must be for.

    Raises:
        DataError: it is no release, or one for another project.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        case_number = manifest["project"]["case_number"]
        steps = [step["notes"] for step in manifest["steps"] if "algorithm" in step["notes"]]
        algorithm: Algorithm = steps[0]["algorithm"]
        numbered = any(step["name"] == f"number {PERSON}" for step in manifest["steps"])
        table = pl.read_parquet(folder / DATA / "extract.parquet", columns=[PERSON, EVENT])
    except (OSError, ValueError, KeyError, IndexError, TypeError, pl.exceptions.PolarsError):
        raise DataError(f"{folder} is no folder of a release; name the one that hsr made") from None
    if case_number != project:
        raise DataError(f"{folder} is a release for another project, not for {project!r}")
    return ReadRelease(algorithm, frozenset(table[PERSON]), frozenset(table[EVENT]), numbered)
