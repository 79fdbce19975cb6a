"""One key ring for all tests of the room."""

from __future__ import annotations

import pytest

from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import new_ring


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Of the register."""
    return new_ring(tmp_path_factory.mktemp("keys") / "ring")
