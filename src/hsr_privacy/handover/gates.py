"""The gates of handing over; G1 to G7 stand in `hsr_privacy.release.gates`.

    (6) G6   what left until now asks for what was accepted, and for nothing else
    (8) G8   those who must sign have signed; who prepared it neither reviewed nor approved it
    (9) G9   sealed to the recipient and nobody else
    (10) G10 in the disclosure register

G1 and G6 are looked at again on the day of handing over: an approval may have run out in between, and
other releases may have left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hsr_privacy.handover.standing import Standing
from hsr_privacy.handover.states import may
from hsr_privacy.keys.recipients import recipient_fingerprint
from hsr_privacy.project import Project
from hsr_privacy.release.differences import Differencing
from hsr_privacy.release.gates import Gate


def signed_for(standing: Standing) -> Gate:
    """G8: whether those who must sign have signed."""
    faults = [f"{one.file}: {one.problem}" for one in standing.changed]
    if not may("seal", standing.state):
        faults += standing.missing
    roles = [one.role for one in standing.signatories]
    evidence: dict[str, int | str] = {
        "state": str(standing.state),
        "people": 1
        if standing.package.is_one_person
        else len({_who(s) for s in _people(standing)}),
        "reviews": roles.count("reviewer"),
        "approvals": roles.count("approver"),
    }
    return Gate("G8", ("fire øyne", "four eyes"), tuple(faults), evidence)


def differenced(now: Differencing, accepted: Collection[str], *, is_alone: bool) -> Gate:
    """G6: whether what left until now asks for what was accepted, and for nothing else.

    Args:
        now: what earlier releases add on the day of handing over.
        accepted: ids of the findings that the statement of the package names.
        is_alone: whether it is a test project of one person, who is told and not refused.
    """
    faults: list[str] = []
    if not is_alone:
        faults += now.faults
        if set(now.must_be_accepted) != set(accepted):
            faults.append(
                "other releases left since it was prepared, or what is said of them in the package is "
                "not what they show; prepare it anew"
            )
    title = ("avsløringsrisiko innenfor grensene", "disclosure risk within limits")
    return Gate("G6", title, tuple(faults), now.evidence)


def sealed_to(project: Project, recipients: Sequence[str], *, is_zip: bool) -> Gate:
    """G9: whether it will be sealed to the recipient of the application, and to nobody else."""
    faults = []
    approved = project.recipient.key
    if is_zip:
        if approved:
            faults.append("the application names the recipient's age key; seal it to that")
        if recipients:
            faults.append("a zip is sealed under a passphrase and not to a key; leave --to out")
        evidence: dict[str, int | str] = {"sealed with": "AES-256 zip"}
    else:
        if len(recipients) > 1:
            faults.append("a package has one recipient; give one public key")
        if not recipients:
            faults.append("no recipient is known; give the recipient's public key with --to")
        if approved and any(one != approved for one in recipients):
            faults.append(
                "the application names another public key of the recipient than --to does; compare "
                "them by telephone"
            )
        evidence = {"sealed with": "age"}
        for one in recipients[:1]:
            evidence["key"] = recipient_fingerprint(one)
    title = ("forseglet til mottakeren", "sealed to the recipient")
    return Gate("G9", title, tuple(faults), evidence)


def registered(release: str, state: str | None) -> Gate:
    """G10: whether the disclosure register can take it.

    Args:
        release: its id.
        state: of a release with that id that is there already.
    """
    faults = () if state is None else (f"{release} is in the register already, as {state}",)
    title = ("ført i utleveringsregisteret", "in the disclosure register")
    return Gate("G10", title, faults, {"release": release})


def _people(standing: Standing) -> list[tuple[str, str]]:
    return [(one.name, one.keyid) for one in standing.signatories]


def _who(person: tuple[str, str]) -> str:
    return person[0] or person[1]
