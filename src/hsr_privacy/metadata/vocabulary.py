"""Vocabulary: namespaces and the terms of European lists that a description of an extract uses.

Source: HealthDCAT-AP release 8, https://code.europa.eu/healthdataeu/healthdcat-ap; lists of the
Publications Office, http://publications.europa.eu/resource/authority; DPV 2, https://w3id.org/dpv
"""

from __future__ import annotations

from typing import Final

from hsr_privacy.documents import Label

NAMESPACES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geodcatap": "http://data.europa.eu/930/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix and address of each vocabulary that is written."""

_EU: Final = "http://publications.europa.eu/resource/authority/"
_HEALTH: Final = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"

NON_PUBLIC: Final = f"{_EU}access-right/NON_PUBLIC"
HEALTH: Final = f"{_EU}data-theme/HEAL"
NORWAY: Final = f"{_EU}country/NOR"
LANGUAGES: Final = (f"{_EU}language/NOB", f"{_EU}language/ENG")
COMPLETED: Final = f"{_EU}distribution-status/COMPLETED"
DATASET_TYPES: Final = {
    "production": f"{_EU}dataset-type/PERSONAL_DATA",
    "test": f"{_EU}dataset-type/TEST_DATA",
}
"""Type of a data set by its environment."""

FILE_TYPES: Final = {
    ".csv": f"{_EU}file-type/CSV",
    ".parquet": f"{_EU}file-type/PARQUET",
    ".dta": f"{_EU}file-type/BIN",
    ".sav": f"{_EU}file-type/BIN",
    ".xlsx": f"{_EU}file-type/XLSX",
    ".json": f"{_EU}file-type/JSON",
    ".html": f"{_EU}file-type/HTML",
}
"""File type by the end of a name; the list knows neither Stata's nor SPSS's."""

OTHER_FILE_TYPE: Final = f"{_EU}file-type/BIN"

HEALTH_CATEGORY: Final = (
    f"{_HEALTH}healthcategories/MRMR",
    f"{_HEALTH}healthcategories",
    Label(
        nb="Data fra medisinske registre og dødsårsaksregistre",
        en="Data from medical registries and mortality registries",
    ),
)
"""Address, list and name of the category of article 51 of the EHDS regulation."""

HEALTH_THEME: Final = (
    f"{_HEALTH}health-theme/NONCOMMUNICABLE_DISEASES",
    f"{_HEALTH}health-theme",
    Label(nb="Ikke-smittsomme sykdommer", en="Noncommunicable diseases"),
)
"""Address, list and name of the theme."""

PUBLISHER_TYPE: Final = f"{_HEALTH}publisher-type/"
"""What an organization is; a word of the list stands behind."""

EHDS: Final = "http://data.europa.eu/eli/reg/2025/327/oj"
HELSEREGISTERLOVEN: Final = "https://lovdata.no/eli/lov/2014/06/20/43/nor"

GDPR: Final = "https://w3id.org/dpv/legal/eu/gdpr#"
"""Articles of the GDPR, such as ``A6-1-e``."""

PERSONAL_DATA: Final = "https://w3id.org/dpv/dpv-pd#MedicalHealth"
SHA512: Final = f"{NAMESPACES['spdx']}checksumAlgorithm_sha512"
MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
ORGANIZATIONS: Final = "https://data.brreg.no/enhetsregisteret/api/enheter/"
"""Brønnøysund's register; an organization number stands behind."""


def term(name: str) -> str:
    """The address of a term: ``dct:title``."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local
