"""People who sign and a package, made once; each test works on a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages import FACTS, People, approved, copy_of


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    return People.drawn(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory, people: People) -> Path:
    """An approved package that no test changes."""
    return approved(tmp_path_factory.mktemp("original") / "package", people)


@pytest.fixture
def package(tmp_path: Path, original: Path) -> Path:
    """An approved package to change."""
    return copy_of(original, tmp_path / "package")


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory, original: Path, people: People) -> Path:
    """A sealed package that no test changes, its receipt beside it."""
    from hsr_privacy.packaging import read_package, seal

    out = tmp_path_factory.mktemp("sealed") / "out"
    return seal(
        read_package(original),
        out,
        recipients=[people.recipient],
        name="test-2026-1",
        receipt=FACTS,
        signer=people.producer,
    ).file
