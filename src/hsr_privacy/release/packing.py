"""Pack: the files of an extract described for machines, bagged, stated and signed."""

from __future__ import annotations

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
from hsr_privacy.release.dossier import Dossier, People
from hsr_privacy.release.gates import Cleared

NAME: Final = "hsr-privacy"


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


def pack(folder: Path, manifest: Mapping[str, Any], dossier: Dossier, *, key: SigningKey) -> None:
    """Make a bag of a finished folder, state what is in it, and sign that.

    The statement holds the whole application, so that whoever seals the package needs nothing else
    to know for whom it is and until when.

    Args:
        folder: with every file but those of the bag.
        manifest: of the release.
        dossier: what is known beside its rows.
        key: of who prepares it.
    """
    project = dossier.project
    write_bag(
        folder,
        {
            "Source-Organization": CONTROLLER.name,
            "External-Identifier": manifest["release"],
            "External-Description": project.title,
            "Bagging-Date": dossier.today.isoformat(),
            "Bag-Software-Agent": f"{NAME} {version(NAME)}",
        },
    )
    predicate = {
        "id": manifest["release"],
        "day": manifest["created"],
        "prepared": stamp(dossier.now),
        "one_person": dossier.people is People.ALONE,
        "application": project.model_dump(mode="json", exclude_none=True),
        "policy_sha256": manifest["policy_sha256"],
        "codebook_sha256": manifest["codebook_sha256"],
        "software": manifest["software"],
        "counts": {
            name: manifest["counts"][name] for name in ("rows", "persons", "smallest class")
        },
        "gates": manifest["gates"],
        "variables": manifest["variables"],
        "differencing": manifest["differencing"],
        "earlier": sorted(dossier.earlier),
        "audit": manifest["audit"],
        "audit_key": manifest["audit_key"],
    }
    write_statement(folder, predicate=predicate)
    sign_release(folder, key)
    write_tag_manifest(folder)
