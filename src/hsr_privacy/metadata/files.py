"""Files of a package: what each name means, and its media type."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.metadata.model import DataFile, Use

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".dta": "application/x-stata-dta",
    ".sav": "application/x-spss-sav",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".html": "text/html",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
"""Media type by the end of a name."""

_UNKNOWN: Final = "application/octet-stream"


def _label(nb: str, en: str) -> Label:
    return Label(nb=nb, en=en)


_KNOWN: Final[dict[str, tuple[Use, Label]]] = {
    "data/extract.parquet": ("table", _label("Uttrekket som Parquet", "The extract as Parquet")),
    "data/extract.csv": ("table", _label("Uttrekket som CSV", "The extract as CSV")),
    "data/extract.dta": ("table", _label("Uttrekket for Stata", "The extract for Stata")),
    "data/extract.sav": ("table", _label("Uttrekket for SPSS", "The extract for SPSS")),
    "data/codebook.xlsx": ("codebook", _label("Kodebok som regneark", "Codebook as a workbook")),
    "data/codebook-rapwhale.csv": (
        "codebook",
        _label("Kodebok i kvalitetsregistrenes format", "Codebook in the quality registries' form"),
    ),
    "data/datapackage.json": (
        "metadata",
        _label("Beskrivelse etter Frictionless", "Description by Frictionless"),
    ),
    "data/healthdcat-ap.ttl": (
        "metadata",
        _label("Beskrivelse etter HealthDCAT-AP", "Description by HealthDCAT-AP"),
    ),
    "data/ro-crate-metadata.json": (
        "metadata",
        _label("Beskrivelse etter RO-Crate", "Description by RO-Crate"),
    ),
    "codebook.html": ("codebook", _label("Kodebok", "Codebook")),
    "report.html": ("report", _label("Personvernrapport", "Privacy report")),
    "risk.json": ("report", _label("Risiko i tall", "Risk in figures")),
    "validation.json": ("report", _label("Resultat av validering", "Result of validation")),
    "expectations.json": ("document", _label("Hva som ble validert", "What was validated")),
    "letter.html": ("document", _label("Brev til mottakeren", "Letter to the recipient")),
    "letter.txt": ("document", _label("Brevet som ren tekst", "The letter as plain text")),
    "manifest.json": ("document", _label("Hva som ble gjort", "What was done")),
}


def file_of(path: str, *, size: int, sha512: str) -> DataFile:
    """Describe a file by its name.

    A name that no package has is a document called by its name.

    Args:
        path: relative to the package.
        size: in bytes.
        sha512: 128 hexadecimal digits.

    Raises:
        DataError: the digest is none, or the path leads out of the package.
    """
    name = PurePosixPath(path).name
    use, label = _KNOWN.get(path, ("document", _label(name, name)))
    media_type = MEDIA_TYPES.get(PurePosixPath(path).suffix, _UNKNOWN)
    return DataFile(path, media_type, size, sha512, label, use)


def file_holding(path: str, content: bytes) -> DataFile:
    """Describe a file by its name and what it holds; see `file_of`."""
    return file_of(path, size=len(content), sha512=hashlib.sha512(content).hexdigest())
