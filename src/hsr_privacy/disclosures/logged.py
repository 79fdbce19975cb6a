"""Logged: what the audit log of a key ring says of its registers, the ones that are gone included."""

from __future__ import annotations

from typing import Final

from hsr_privacy.disclosures.disclosure import State
from hsr_privacy.keys import AuditLog, KeyRing

GROUP: Final = "register."
"""What the acts of the register begin with in the audit log."""

FINISH: Final = "finish"
SETTLE: Final = {State.RELEASED: "settle-released", State.ABANDONED: "settle-abandoned"}
"""What a person's decision about a release that was only begun is called."""

_RELEASING: Final = frozenset({GROUP + FINISH, GROUP + SETTLE[State.RELEASED]})


def registers_in_log(ring: KeyRing) -> frozenset[str]:
    """The random names of the registers in which something was entered ever.

    Raises:
        AuditBroken: the log is not as it was written.
    """
    return frozenset(
        str(line.details["register"])
        for line in AuditLog(ring).entries()
        if line.act.startswith(GROUP) and "register" in line.details
    )


def released_in_log(ring: KeyRing) -> frozenset[str]:
    """Ids of the releases that left the house, whatever register they were entered in.

    One that was withdrawn or deleted since then has left too.

    Raises:
        AuditBroken: the log is not as it was written.
    """
    return frozenset(
        str(line.details["subject"])
        for line in AuditLog(ring).entries()
        if line.act in _RELEASING and "register" in line.details
    )
