"""The package that these tests describe."""

from __future__ import annotations

import pytest

from tests.unit.metadata.extracts import Package, package


@pytest.fixture(scope="session")
def laid() -> Package:
    return package()
