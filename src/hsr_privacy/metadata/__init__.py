"""Metadata: an extract described once, and written for those who read Frictionless, RO-Crate or DCAT."""

from hsr_privacy.metadata.agents import ACCESS_BODY, CONTROLLER
from hsr_privacy.metadata.crate import ro_crate
from hsr_privacy.metadata.datapackage import datapackage
from hsr_privacy.metadata.describing import described
from hsr_privacy.metadata.files import file_holding, file_of
from hsr_privacy.metadata.health import healthdcat
from hsr_privacy.metadata.model import (
    Agent,
    Check,
    DataFile,
    Dataset,
    Decision,
    LegalBasis,
    Signer,
    Software,
)
from hsr_privacy.metadata.of_project import check_of, dataset_of
from hsr_privacy.metadata.table_schema import table_schema

__all__ = [
    "ACCESS_BODY",
    "CONTROLLER",
    "Agent",
    "Check",
    "DataFile",
    "Dataset",
    "Decision",
    "LegalBasis",
    "Signer",
    "Software",
    "check_of",
    "datapackage",
    "dataset_of",
    "described",
    "file_holding",
    "file_of",
    "healthdcat",
    "ro_crate",
    "table_schema",
]
