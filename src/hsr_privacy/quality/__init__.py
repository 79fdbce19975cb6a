"""Quality: what is wrong with deliveries, told to those who report.

Completeness, timeliness and faults of every delivered row, found without stopping at the first; one
report for each health trust, which has nothing of anybody else's rows.
"""

from hsr_privacy.quality.check import CheckedFile, Quality, check_deliveries
from hsr_privacy.quality.kinds import KINDS, Group, Kind, is_plausible
from hsr_privacy.quality.report import Report
from hsr_privacy.quality.reporters import Trust
from hsr_privacy.quality.reporting import report_of, reporting_trusts, trust_of
from hsr_privacy.quality.writing import write_reports

__all__ = [
    "KINDS",
    "CheckedFile",
    "Group",
    "Kind",
    "Quality",
    "Report",
    "Trust",
    "check_deliveries",
    "is_plausible",
    "report_of",
    "reporting_trusts",
    "trust_of",
    "write_reports",
]
