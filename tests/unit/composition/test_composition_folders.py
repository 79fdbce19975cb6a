"""A release of which only the folder is left compares within its project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.composition import Sketch, compare, keep, sketch_of_folder
from hsr_privacy.errors import DataError
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import sketched, table

OLD = """
    person_lnr | kjonn | alder | rosc_20
    A1         | 1     | 0-49  | 1
    A2         | 1     | 0-49  | 0
    A3         | 2     | 0-49  | 0
"""
NEW = OLD.replace("A3", "A4")


def folder_of(
    path: Path,
    text: str,
    *,
    project: str = "P-1",
    key: str = "0123456789",
    steps: Sequence[str] = (),
) -> Path:
    manifest = {
        "created": "2026-02-03",
        "project": {"case_number": project, "recipient": "U"},
        "steps": [
            {"name": "pseudonymize person_lnr", "notes": {"key check value": key}},
            *({"name": name, "notes": {}} for name in steps),
        ],
        "columns": [
            {"name": "person_lnr", "form": "pseudonym"},
            {"name": "kjonn", "form": "protected"},
            {"name": "alder", "form": "protected", "level": "50 years"},
            {"name": "rosc_20", "form": "kept"},
        ],
        "gates": [{"evidence": {"k": 5}}],
    }
    (path / "data").mkdir(parents=True)
    (path / "manifest.json").write_text(json.dumps(manifest))
    table(text).write_parquet(path / "data" / "extract.parquet")
    return path


def test_the_manifest_tells_what_the_sketch_needs(tmp_path: Path) -> None:
    sketch = sketch_of_folder(folder_of(tmp_path / "a", OLD), sensitive=["rosc_20", "absent"])
    assert (sketch.about.case_number, sketch.about.recipient, sketch.about.k) == ("P-1", "U", 5)
    assert [(one.name, one.role, one.level) for one in sketch.columns] == [
        ("kjonn", "quasi-identifier", ""),
        ("alder", "quasi-identifier", "50 years"),
        ("rosc_20", "sensitive", ""),
    ]
    assert (sketch.persons, sketch.class_count) == (3, 2)


@pytest.mark.parametrize("keyed", [True, False])
def test_releases_of_one_project_compare(tmp_path: Path, ring: KeyRing, *, keyed: bool) -> None:
    held: list[Sketch] = [
        sketch_of_folder(folder_of(tmp_path / name, text), ring if keyed else None)
        for name, text in (("a", OLD), ("b", NEW + " \n"))
    ]
    found = compare(held[1].under("b" * 64), [held[0].under("a" * 64)], k=2)
    assert found.findings[0].numbers == {"only_new": 1, "only_earlier": 1, "both": 2}
    assert found.findings[0].broken


@pytest.mark.parametrize(
    "other", [{"project": "P-2"}, {"key": "9876543210"}, {"steps": ["number person_lnr"]}]
)
def test_releases_with_other_pseudonyms_do_not(tmp_path: Path, other: dict[str, Any]) -> None:
    old = sketch_of_folder(folder_of(tmp_path / "a", OLD))
    new = sketch_of_folder(folder_of(tmp_path / "b", NEW, **other))
    assert (compare(new, [old], k=2).compared, compare(new, [old], k=2).not_compared) == (0, 1)


def test_a_folder_does_not_compare_with_person_keys(tmp_path: Path, ring: KeyRing) -> None:
    old = sketch_of_folder(folder_of(tmp_path / "a", OLD), ring)
    assert compare(sketched("person | q\n a | x", ring), [old], k=2).not_compared == 1


def test_what_a_folder_gives_is_not_kept_among_the_registers(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(DataError, match="not made of person keys"):
        keep(sketch_of_folder(folder_of(tmp_path / "a", OLD), ring), tmp_path / "kept", ring)


def test_what_is_no_release_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder of a release"):
        sketch_of_folder(tmp_path)
    folder = folder_of(tmp_path / "a", OLD)
    pl.DataFrame({"x": [1]}).write_parquet(folder / "data" / "extract.parquet")
    with pytest.raises(DataError, match="no folder of a release"):
        sketch_of_folder(folder)


def test_a_row_without_a_person_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'person_lnr': 1 row\(s\) without a person"):
        sketch_of_folder(folder_of(tmp_path / "a", OLD.replace("A3", "- ")))


def test_named_columns_stand_in_the_place_of_the_manifests(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", OLD)
    sketch = sketch_of_folder(folder, quasi_identifiers=["kjonn", "absent"], sensitive=["kjonn"])
    assert [(one.name, one.role) for one in sketch.columns] == [("kjonn", "quasi-identifier")]


def test_a_manifest_without_pseudonyms_is_no_release(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", OLD)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"steps": []}))
    with pytest.raises(DataError, match="no folder of a release"):
        sketch_of_folder(folder)
