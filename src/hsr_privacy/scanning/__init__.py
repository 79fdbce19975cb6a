"""Scanning: what files hold that must not leave."""

from hsr_privacy.scanning.knowing import identifiers_in
from hsr_privacy.scanning.known import Known
from hsr_privacy.scanning.limits import Limits
from hsr_privacy.scanning.needles import Needle, Needles
from hsr_privacy.scanning.report import Finding, ScanReport
from hsr_privacy.scanning.scan import scan, search_for

__all__ = [
    "Finding",
    "Known",
    "Limits",
    "Needle",
    "Needles",
    "ScanReport",
    "identifiers_in",
    "scan",
    "search_for",
]
