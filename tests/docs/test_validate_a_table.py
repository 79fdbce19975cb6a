"""The page on validation is true: its example runs, and what it writes in an application can be asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hsr_privacy import load_hierarchies
from hsr_privacy.configs import shipped
from hsr_privacy.documents import load
from hsr_privacy.project import Project
from hsr_privacy.validation import require_own
from hsr_privacy.validation.asking import QUESTIONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "validate-a-table.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_example_in_python_runs() -> None:
    (block,) = blocks("python")
    exec(compile(block, "validate-a-table.md", "exec"), {})


def test_the_expectations_of_the_page_can_be_asked_of_the_sample_project(
    tmp_path: Path, codebook: Any
) -> None:
    sample = shipped("configs", "projects", "bystander-cpr-survival.yaml")
    (block,) = blocks("yaml")
    path = tmp_path / "project.yaml"
    path.write_text(f"{sample.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    project = load(path, Project)
    assert len(project.expectations) == 2
    require_own(path, project, codebook=codebook, hierarchies=load_hierarchies())


def test_every_kind_of_ours_is_told() -> None:
    told = set(re.findall(r"^\| `(expect_[a-z_]+)` \|", PAGE, re.MULTILINE))
    assert told == set(QUESTIONS)
