"""Every link between documents leads somewhere, and the glossary's names are the code's."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("examples/**/*.md"),
    *ROOT.glob("benchmarks/*.md"),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAME = re.compile(r"`(hsr_privacy(?:\.\w+)+)`")
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"


def links() -> Iterator[tuple[Path, str]]:
    for document in DOCUMENTS:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target):
                yield document, target


def anchors(document: Path) -> set[str]:
    """The anchors that a page's headings give."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


@pytest.mark.parametrize(
    ("document", "target"), list(links()), ids=lambda value: getattr(value, "name", value)
)
def test_a_link_leads_to_a_file_or_heading_that_is_there(document: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    file = (document.parent / path).resolve() if path else document
    assert file.exists()
    if anchor:
        assert anchor in anchors(file)


@pytest.mark.parametrize("name", sorted(set(NAME.findall(GLOSSARY.read_text(encoding="utf-8")))))
def test_a_name_in_the_glossary_is_a_name_in_the_code(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute)


def test_the_glossary_is_in_alphabetical_order() -> None:
    terms = re.findall(r"^\*\*(.+?)\*\*", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    assert terms == sorted(terms, key=str.lower)
    assert len(terms) > 20


def test_every_decision_has_its_own_number_and_says_what_was_decided() -> None:
    decisions = sorted(path for path in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert numbers == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        assert re.match(r"# \d{4}\. \S", path.read_text(encoding="utf-8"))
