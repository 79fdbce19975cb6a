"""Pack: the files of an extract described for machines, bagged, stated and signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from hsr_privacy.dictionary import Dictionary
from hsr_privacy.documents import Label
from hsr_privacy.folders import sha512_of
from hsr_privacy.keys import SigningKey
from hsr_privacy.keys.contents import stamp
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.metadata import (
    CONTROLLER,
    DataFile,
    Signer,
    Software,
    check_of,
    dataset_of,
    described,
    file_of,
)
from hsr_privacy.packaging import sign_release, write_bag, write_statement, write_tag_manifest
from hsr_privacy.packaging.statement import canonical_json
from hsr_privacy.release.dossier import Dossier, People
from hsr_privacy.release.gates import Cleared

NAME: Final = "hsr-privacy"

INTERNAL: Final = ("report.html", "risk.json")
"""Files that reviewers read and that do not travel: they tell what others received, and whom to look for."""

OF_THE_LOG: Final = ("audit", "audit_key")
SHARED: Final = (
    "policy_sha256",
    "codebook_sha256",
    "software",
    "counts",
    "gates",
    "variables",
    "differencing",
    *OF_THE_LOG,
)
"""What manifest and statement say in the same words."""


def describe(
    cleared: Cleared,
    dossier: Dossier,
    dictionary: Dictionary,
    folder: Path,
    *,
    release: str,
    key: SigningKey,
) -> list[Path]:
    """Write what catalogues and archives read of an extract, and give these files.

    Args:
        cleared: the extract.
        dossier: what is known beside its rows.
        dictionary: its columns.
        folder: with all files of the payload.
        release: its id.
        key: of who prepares it.
    """
    dataset = dataset_of(
        dossier.project,
        dictionary=dictionary,
        release_id=release,
        issued=dossier.today,
        rows=cleared.prepared.table.height,
        persons=cleared.risk.persons,
        software=Software(NAME, version(NAME)),
        files=files_in(folder),
        checks=[
            check_of(
                gate.id,
                title=Label(nb=gate.title[0], en=gate.title[1]),
                passed=gate.passed,
                day=dossier.today,
            )
            for gate in cleared.gates
        ],
        people=[Signer("producer", fingerprint(key.public_key))],
        decimal_comma=dossier.project.formats.decimal == "comma",
    )
    written = []
    for name, content in described(dataset).items():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return written


def files_in(folder: Path) -> list[DataFile]:
    """The files of a package as far as they are written, with their digests."""
    return [
        file_of(
            path.relative_to(folder).as_posix(), size=path.stat().st_size, sha512=sha512_of(path)
        )
        for path in sorted(one for one in folder.rglob("*") if one.is_file())
    ]


def pack(folder: Path, predicate: Mapping[str, Any], dossier: Dossier, *, key: SigningKey) -> None:
    """Make a bag of a finished folder, state what is in it, and sign that.

    Args:
        folder: with every file but those of the bag.
        predicate: what is stated of the release.
        dossier: what is known beside its rows.
        key: of who prepares it.
    """
    write_bag(
        folder,
        {
            "Source-Organization": CONTROLLER.name,
            "External-Identifier": predicate["id"],
            "External-Description": dossier.project.title,
            "Bagging-Date": predicate["day"],
            "Bag-Software-Agent": f"{NAME} {version(NAME)}",
        },
    )
    write_statement(folder, predicate=predicate)
    sign_release(folder, key)
    write_tag_manifest(folder)


def predicate_of(manifest: Mapping[str, Any], dossier: Dossier) -> dict[str, Any]:
    """What is stated of a release.

    It holds the whole application, so that whoever seals the package needs nothing else to know for
    whom it is and until when.

    Args:
        manifest: of the release, as far as it is known.
        dossier: what is known beside its rows.
    """
    application = dossier.project.model_dump(mode="json", exclude_none=True)
    return {
        "id": manifest["release"],
        "day": manifest["created"],
        "prepared": stamp(dossier.now),
        "one_person": dossier.people is People.ALONE,
        "application": application,
        "internal": list(INTERNAL),
        **{name: manifest[name] for name in SHARED if name in manifest},
    }


def statement_digest(predicate: Mapping[str, Any]) -> str:
    """SHA-256 of what is stated, but for the line of the audit log that has this digest itself."""
    said = {name: one for name, one in predicate.items() if name not in OF_THE_LOG}
    return hashlib.sha256(canonical_json(said)).hexdigest()
