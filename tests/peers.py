"""Programs that the full environment is compared with, and that lie beside it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest


def pycanon() -> Any:
    """`pycanon.anonymity`; it pins other versions of what it needs, so it is no part of the environment.

    The module that asks for it is skipped where there is no such folder: in the light environment.
    """
    peers = Path(sys.prefix) / "peers"
    if not peers.is_dir():
        pytest.skip("pyCANON lies beside the full environment", allow_module_level=True)
    if str(peers) not in sys.path:
        sys.path.append(str(peers))
    return importlib.import_module("pycanon.anonymity")
