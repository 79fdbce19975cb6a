"""Optional packages, asked for by name and refused with the command that installs them."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Final

from hsr_privacy.errors import MissingExtra

EXTRA_OF: Final = {
    "pyspark": "spark",
    "sdv": "synthetic",
    "anonymeter": "attacks",
    "keyring": "keyring",
    "pkcs11": "token",
    "psycopg": "postgresql",
}


def require(module: str) -> ModuleType:
    """Import an optional module, or say which extra brings it.

    Args:
        module: dotted name; its first part must be listed in ``EXTRA_OF``.
    Raises:
        MissingExtra: the package is not installed.
    """
    package = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise MissingExtra(
            f"{package} is not installed; run: pip install 'hsr-privacy[{EXTRA_OF[package]}]'"
        ) from None
