"""Consistency: the bag, the signatures and the audit line of a package agree with its statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hsr_privacy.errors import Fault
from hsr_privacy.packaging.bag import bag_faults, payload_oxum
from hsr_privacy.packaging.files import Files, Unreadable
from hsr_privacy.packaging.package import Package
from hsr_privacy.packaging.statement import INFO, PAYLOAD, STATEMENT, fault

EXTRACT_MANIFEST: Final = "manifest.json"


def inconsistencies(package: Package, changed: Sequence[Fault]) -> list[Fault]:
    """What the parts of a package say of each other and is not so.

    Args:
        package: as it was read.
        changed: what is known to be wrong already; it is not told twice.
    """
    broken = {one.file for one in changed}
    files = package.files
    of_bag = bag_faults(files, package.digests, package.digest, package.internal)
    faults = [one for one in of_bag if one.file not in broken]
    faults += _oxum_faults(files, broken)
    faults += _stale(package) + _approval_faults(package)
    if EXTRACT_MANIFEST not in broken | package.withheld:
        faults += _audit_faults(files, package.predicate)
    return faults


def _oxum_faults(files: Files, broken: set[str]) -> list[Fault]:
    if INFO not in files.names or any(name == INFO or name.startswith(PAYLOAD) for name in broken):
        return []
    payload = [files.measure(name).bytes for name in files.names if name.startswith(PAYLOAD)]
    if payload_oxum(files) != f"{sum(payload)}.{len(payload)}":
        return [fault(INFO, "it counts other files than there are; ask for the package again")]
    return []


def _stale(package: Package) -> list[Fault]:
    every = [*package.reviews, *([package.approval] if package.approval else [])]
    return [
        fault(one.file, f"it is about another {STATEMENT}; let this one be reviewed")
        for one in every
        if not one.is_about_this
    ]


def _approval_faults(package: Package) -> list[Fault]:
    """An approval names the reviews that it rests on: none of them goes, changes or is added."""
    approval = package.approval
    if approval is None or not approval.is_about_this:
        return []
    found = {one.keyid: one for one in package.reviews if one.is_about_this}
    faults = [
        fault(approval.file, "a review that it rests on is missing; ask for the package again")
        for keyid in approval.rests_on
        if keyid not in found
    ]
    for keyid, review in found.items():
        if keyid not in approval.rests_on:
            problem = "it came after the approval, which does not know it; approve anew"
            faults.append(fault(review.file, problem))
        elif approval.rests_on[keyid] != review.sha512:
            faults.append(fault(review.file, "it changed after the approval; approve anew"))
    return faults


def _audit_faults(files: Files, predicate: Mapping[str, Any]) -> list[Fault]:
    if EXTRACT_MANIFEST not in files.names:
        said = None
    else:
        try:
            manifest = json.loads(files.read(EXTRACT_MANIFEST))
            said = manifest.get("audit") if isinstance(manifest, dict) else None
        except (Unreadable, ValueError, RecursionError):
            return [fault(EXTRACT_MANIFEST, "it is not readable as JSON")]
    if said != predicate.get("audit"):
        problem = f"it names another line of the audit log than {STATEMENT}; ask the registry"
        return [fault(EXTRACT_MANIFEST, problem)]
    return []
