"""The disclosure register: what went to whom, on what legal basis, until when, and who is in it."""

from hsr_privacy.disclosures.cases import Application, Work, application_of
from hsr_privacy.disclosures.deadlines import access_deadline, answer_deadline
from hsr_privacy.disclosures.disclosure import Disclosure, Signer, State, describe
from hsr_privacy.disclosures.due import Due, Duty
from hsr_privacy.disclosures.journal import Change
from hsr_privacy.disclosures.logged import released_in_log
from hsr_privacy.disclosures.opening import FILE, place_of, upgrade
from hsr_privacy.disclosures.register import DisclosureRegister
from hsr_privacy.disclosures.verifying import Verified

__all__ = [
    "FILE",
    "Application",
    "Change",
    "Disclosure",
    "DisclosureRegister",
    "Due",
    "Duty",
    "Signer",
    "State",
    "Verified",
    "Work",
    "access_deadline",
    "answer_deadline",
    "application_of",
    "describe",
    "place_of",
    "released_in_log",
    "upgrade",
]
