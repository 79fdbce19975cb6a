"""A PKCS#11 token in software, for a whole test process: SoftHSM reads its settings only once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
PIN = "73509182"


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Path of the library and label of a fresh token; its PIN is ``PIN``."""
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    if library is None or shutil.which("softhsm2-util") is None:
        pytest.skip("no SoftHSM here; on Debian: apt install softhsm2")
    pytest.importorskip("pkcs11", reason="pip install 'hsr-privacy[token]' brings python-pkcs11")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    make = (
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "register",
        "--so-pin",
        "99887766",
    )
    subprocess.run([*make, "--pin", PIN], check=True, capture_output=True)
    yield library, "register"
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before
