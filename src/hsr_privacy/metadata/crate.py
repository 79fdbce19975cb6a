"""The crate: the payload folder of a package as a research object, for RO-Crate.

Version 1.1, which the Five Safes profile builds on. From that profile come the phases of the assessments;
it is not claimed as a whole, because an extract is no workflow that ran inside a secure room.

Source: https://w3id.org/ro/crate/1.1 (appendix on BagIt), https://w3id.org/5s-crate/0.4
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from hsr_privacy.documents import Label
from hsr_privacy.metadata import vocabulary as of
from hsr_privacy.metadata.agents import address_of, page_of
from hsr_privacy.metadata.datapackage import PROFILE as DATA_PACKAGE
from hsr_privacy.metadata.model import Agent, Check, DataFile, Dataset, Phase, Signer

VERSION: Final = "https://w3id.org/ro/crate/1.1"
CRATE: Final = "data/ro-crate-metadata.json"

# The context of 1.1 has no digests; the terms for workflow runs do.
_CONTEXT: Final = [
    f"{VERSION}/context",
    {"sha512": "https://w3id.org/ro/terms/workflow-run#sha512"},
]
_PHASES: Final[dict[Phase, str]] = {
    "validation": "https://w3id.org/shp#ValidationCheck",
    "disclosure": "https://w3id.org/shp#DisclosureCheck",
    "sign-off": "https://w3id.org/shp#SignOff",
    "checksum": "https://w3id.org/shp#CheckValue",
}
_STANDARDS: Final = {
    "data/datapackage.json": DATA_PACKAGE,
    "data/healthdcat-ap.ttl": "https://code.europa.eu/healthdataeu/healthdcat-ap",
}
_ROLES: Final = {
    "producer": Label(nb="Den som laget uttrekket", en="Who made the extract"),
    "reviewer": Label(nb="Den som så over", en="Who reviewed it"),
    "approver": Label(nb="Den som godkjente", en="Who approved it"),
}
_TERMS: Final = Label(nb="Vilkår for bruk", en="Terms of use")
_EXTRACTION: Final = Label(nb="Uttrekk fra registeret", en="Extraction from the register")
_SOFTWARE, _PROJECT, _CONDITIONS = "#software", "#project", "#terms"


def ro_crate(dataset: Dataset) -> dict[str, Any]:
    """Describe the payload folder as ``ro-crate-metadata.json``, which lies in it.

    Returns:
        JSON-LD, flattened and compacted; it does not list itself.
    """
    files = [one for one in dataset.payload if one.path != CRATE]
    checks = [_check(one, dataset) for one in dataset.checks]
    agents = {
        address_of(one): _organization(one)
        for one in (dataset.controller, dataset.access_body, dataset.recipient)
    }
    return {
        "@context": _CONTEXT,
        "@graph": [
            _descriptor(),
            _root(dataset, files=files, checks=[one["@id"] for one in checks]),
            *(_file(one) for one in files),
            _terms(dataset),
            *agents.values(),
            *(_signer(one, dataset) for one in dataset.people),
            _project(dataset),
            *(_approval(place, dataset) for place in range(len(dataset.approvals))),
            _country(),
            {
                "@id": _SOFTWARE,
                "@type": "SoftwareApplication",
                "name": dataset.software.name,
                "softwareVersion": dataset.software.version,
            },
            _extraction(dataset, files),
            *checks,
        ],
    }


def _descriptor() -> dict[str, Any]:
    return {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": VERSION},
        "about": {"@id": "./"},
    }


def _root(dataset: Dataset, *, files: list[DataFile], checks: list[str]) -> dict[str, Any]:
    holder = {"@id": address_of(dataset.controller)}
    first, last = dataset.period
    return {
        "@id": "./",
        "@type": "Dataset",
        "identifier": dataset.identifier,
        **_named(dataset.title),
        "description": _two(dataset.description),
        "datePublished": dataset.issued.isoformat(),
        "expires": dataset.deletion.isoformat(),
        "license": {"@id": _CONDITIONS},
        "conditionsOfAccess": _two(dataset.terms),
        "isAccessibleForFree": False,
        "publisher": holder,
        "author": holder,
        "sourceOrganization": {"@id": _PROJECT},
        "inLanguage": ["nb", "en"],
        "keywords": [text for one in dataset.keywords for text in (one.nb, one.en)],
        "temporalCoverage": f"{first.isoformat()}/{last.isoformat()}",
        "spatialCoverage": {"@id": of.NORWAY},
        "variableMeasured": [one.name for one in dataset.dictionary],
        "hasPart": [{"@id": quote(one.name)} for one in files],
        "mentions": [{"@id": one} for one in ("#extraction", *checks)],
    }


def _file(file: DataFile) -> dict[str, Any]:
    standard = _STANDARDS.get(file.path)
    return {
        "@id": quote(file.name),
        "@type": "File",
        **_named(file.label),
        "encodingFormat": file.media_type,
        "contentSize": str(file.bytes),
        "sha512": file.sha512,
    } | ({} if standard is None else {"conformsTo": {"@id": standard}})


def _terms(dataset: Dataset) -> dict[str, Any]:
    return {
        "@id": _CONDITIONS,
        "@type": "CreativeWork",
        **_named(_TERMS),
        "description": _two(dataset.terms),
    }


def _organization(agent: Agent) -> dict[str, Any]:
    return {
        "@id": address_of(agent),
        "@type": "Organization",
        "name": agent.name,
        "url": page_of(agent),
    } | ({} if agent.org_no is None else {"identifier": agent.org_no})


def _signer(signer: Signer, dataset: Dataset) -> dict[str, Any]:
    return {
        "@id": _key(signer),
        "@type": "Person",
        **_named(_ROLES[signer.role]),
        "identifier": signer.fingerprint,
        "affiliation": {"@id": address_of(dataset.controller)},
    }


def _project(dataset: Dataset) -> dict[str, Any]:
    basis = dataset.legal_basis
    return {
        "@id": _PROJECT,
        "@type": "Project",
        "name": dataset.project_title,
        "identifier": dataset.case_number,
        "description": _two(dataset.purpose),
        "member": {"@id": address_of(dataset.recipient)},
        "ethicsPolicy": (
            f"GDPR 6 (1) {basis.gdpr6}, 9 (2) {basis.gdpr9}; {basis.national}; "
            f"{_two(basis.confidentiality)}"
        ),
        "subjectOf": [{"@id": f"#approval-{n}"} for n in range(1, len(dataset.approvals) + 1)],
    }


def _approval(place: int, dataset: Dataset) -> dict[str, Any]:
    decision = dataset.approvals[place]
    return {
        "@id": f"#approval-{place + 1}",
        "@type": "CreativeWork",
        **_named(decision.title),
        "identifier": decision.reference,
        "datePublished": decision.day.isoformat(),
    }


def _country() -> dict[str, Any]:
    return {"@id": of.NORWAY, "@type": "Country", "name": "Norge", "alternateName": "Norway"}


def _extraction(dataset: Dataset, files: list[DataFile]) -> dict[str, Any]:
    made = [{"@id": quote(one.name)} for one in files if one.use == "table"]
    return {
        "@id": "#extraction",
        "@type": "CreateAction",
        **_named(_EXTRACTION),
        "description": _two(dataset.provenance),
        "agent": _producer(dataset),
        "instrument": {"@id": _SOFTWARE},
        "result": made,
        "endTime": dataset.issued.isoformat(),
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


def _check(check: Check, dataset: Dataset) -> dict[str, Any]:
    outcome = "Completed" if check.passed else "Failed"
    phase = {} if check.phase is None else {"additionalType": {"@id": _PHASES[check.phase]}}
    return {
        "@id": f"#{check.id}",
        "@type": "AssessAction",
        **phase,
        **_named(
            Label(nb=f"{check.id} {check.title.nb}", en=f"{check.id} {check.title.en}"),
        ),
        "object": {"@id": "./"},
        "agent": _producer(dataset),
        "instrument": {"@id": _SOFTWARE},
        "endTime": check.day.isoformat(),
        "actionStatus": f"http://schema.org/{outcome}ActionStatus",
    }


def _producer(dataset: Dataset) -> dict[str, str]:
    """Who made it, by key; the register as a whole where no key is known."""
    made = [one for one in dataset.people if one.role == "producer"]
    return {"@id": _key(made[0]) if made else address_of(dataset.controller)}


def _key(signer: Signer) -> str:
    return f"#{signer.role}-{quote(signer.fingerprint, safe='')}"


def _named(label: Label) -> dict[str, str]:
    return {"name": label.nb, "alternateName": label.en}


def _two(label: Label) -> str:
    return f"{label.nb}\n\n{label.en}"
