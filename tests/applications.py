"""The sample application, to be changed and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import Project, load_project

TODAY = dt.date(2026, 11, 23)
SAMPLE = shipped("configs", "projects", "bystander-cpr-survival.yaml").read_text(encoding="utf-8")

Load = Callable[..., Project]


@pytest.fixture(scope="session")
def hierarchies() -> dict[str, Hierarchy]:
    """The shipped hierarchies."""
    return load_hierarchies()


@pytest.fixture
def load(tmp_path: Path, codebook: Codebook, hierarchies: dict[str, Hierarchy]) -> Load:
    """Load the sample after changes of its text, each of which must find its place."""

    def changed(*changes: tuple[str, str], today: dt.date = TODAY) -> Project:
        text = SAMPLE
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        path = tmp_path / "project.yaml"
        path.write_text(text, encoding="utf-8")
        return load_project(path, codebook=codebook, hierarchies=hierarchies, today=today)

    return changed
