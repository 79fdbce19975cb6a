"""Writing: a report is there whole or not at all, and never in the place of something else."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from hsr_privacy.auditing.plain import plain
from hsr_privacy.auditing.writing import places_of, write_report
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError, OutputExists


def test_a_page_has_its_figures_beside_it(tmp_path: Path) -> None:
    write_report(places_of(tmp_path / "a.html"), page="<p>", machines={"k": 5})
    assert (tmp_path / "a.html").read_text() == "<p>"
    assert json.loads((tmp_path / "risk.json").read_text()) == {"k": 5}


def test_a_folder_is_made_for_both(tmp_path: Path) -> None:
    write_report(places_of(tmp_path / "new"), page="<p>", machines={})
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["report.html", "risk.json"]


@pytest.mark.parametrize("taken", ["a.html", "risk.json"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine")
    with pytest.raises(OutputExists, match=taken):
        places_of(tmp_path / "a.html")
    assert (tmp_path / taken).read_text() == "mine"


def test_a_folder_that_exists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    with pytest.raises(OutputExists, match="report exists"):
        places_of(tmp_path / "report")


def test_a_page_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        places_of(tmp_path / "nowhere" / "a.html")


class Kind(StrEnum):
    ONE = "one kind"


@dataclass(frozen=True)
class Held:
    kind: Kind
    label: Label
    shares: tuple[float, ...]
    by: dict[tuple[str, str], int]
    day: dt.date


def test_what_json_lacks_is_null_and_all_else_is_plain() -> None:
    held = Held(
        Kind.ONE,
        Label(nb="ja", en="yes"),
        (0.5, math.inf, math.nan),
        {("a", "b"): 1},
        dt.date(2026, 1, 2),
    )
    assert plain(held) == {
        "kind": "one kind",
        "label": {"nb": "ja", "en": "yes"},
        "shares": [0.5, None, None],
        "by": {"a, b": 1},
        "day": "2026-01-02",
    }
