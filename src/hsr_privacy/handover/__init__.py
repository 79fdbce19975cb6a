"""The handover: people sign for a package, it is sealed to its recipient, and accounted for."""

from hsr_privacy.handover.looking import keys_to_tell, status, withdraw
from hsr_privacy.handover.preparing import ReleasedAlone, prepare, release_alone
from hsr_privacy.handover.reviewing import approve, review
from hsr_privacy.handover.sealing import seal
from hsr_privacy.handover.standing import Signatory, Standing, Trust, standing_of
from hsr_privacy.handover.states import State

__all__ = [
    "ReleasedAlone",
    "Signatory",
    "Standing",
    "State",
    "Trust",
    "approve",
    "keys_to_tell",
    "prepare",
    "release_alone",
    "review",
    "seal",
    "standing_of",
    "status",
    "withdraw",
]
