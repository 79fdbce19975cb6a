"""Describe: write every description of a data set, each holding the digests of those before it."""

from __future__ import annotations

import json
from typing import Any, Final

from hsr_privacy.metadata.crate import CRATE, ro_crate
from hsr_privacy.metadata.datapackage import datapackage
from hsr_privacy.metadata.files import file_holding
from hsr_privacy.metadata.health import healthdcat
from hsr_privacy.metadata.model import Dataset

DATA_PACKAGE: Final = "data/datapackage.json"
HEALTHDCAT: Final = "data/healthdcat-ap.ttl"


def described(dataset: Dataset) -> dict[str, bytes]:
    """Every description as the bytes of its file, by path in the package.

    Frictionless and HealthDCAT-AP describe the files of the data set; RO-Crate describes these
    and the other two. A package holds all three or none.

    Args:
        dataset: with the other files of the payload folder.

    Raises:
        DataError: the page of an agent is no web address.
    """
    written = {
        DATA_PACKAGE: as_json(datapackage(dataset)),
        HEALTHDCAT: healthdcat(dataset).encode(),
    }
    whole = dataset.holding(*(file_holding(path, text) for path, text in written.items()))
    return written | {CRATE: as_json(ro_crate(whole))}


def as_json(value: dict[str, Any]) -> bytes:
    """JSON that people can read, the same bytes for the same content."""
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
