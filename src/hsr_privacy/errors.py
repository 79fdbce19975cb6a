"""What can go wrong, as one tree; every leaf has an exit code of its own.

    HsrError                        1   anything the toolkit itself says no to
    ├── ConfigError                10   a file that people write has faults (file and line in each)
    ├── DeliveryError              11   what was delivered cannot be read as what it claims to be
    ├── DataError                  12   a table does not fit what is asked of it
    │   ├── InvalidIdentifier      12   a single identifier is not valid; says why, not which
    │   └── UnfitDetail            12   a detail has no place in the audit log
    ├── KeyRingError               13   the key ring is missing, exposed or does not open
    │   ├── KeyRingMissing         13
    │   ├── KeyRingExposed         14   others can read it, or it lies inside a git work tree
    │   └── KeyRingLocked          15   wrong passphrase or altered file: the two read the same
    ├── IdentityStoreError         16   the identity store does not open with this key ring
    ├── AuditBroken                17   the audit log is not as it was written
    ├── ClockWentBack              18   the clock shows a time before what is written already
    ├── RegisterError              19   the disclosure register does not open, or is of another version
    ├── Refusal                    20   everything works, and the answer is no
    │   ├── ProjectRefused         20   the approval does not allow it
    │   ├── GateRefused            21   a gate of the release does not pass
    │   ├── BudgetExceeded         22   no allowed generalization keeps suppression within the budget
    │   ├── NotAsClaimed           23   a written file does not satisfy what is demanded of it
    │   ├── RiskTooHigh            24   an extract is not within the limits of disclosure risk
    │   ├── RiskNotKnown           25   whether it is cannot be told from what is at hand
    │   ├── LeaksFound             26   files hold what names a person, or could not be looked into
    │   ├── PackageBroken          27   a package is not what was signed
    │   ├── NotSignedFor           28   who must sign has not, or not for this, or is the same person
    │   └── ExpectationsFailed     29   a table does not hold what a suite expects of it
    ├── OutputError                30   the result could not be written; nothing was left behind
    │   ├── OutputExists           31
    │   └── OutputFailed           32   disk full, permission, device
    └── MissingExtra               40   an optional package is needed and not installed

Text is *what, where, what to do*. It never holds a cell value, a key or an identifier:
a message may name files, columns, line and row numbers, counts and codes of the codebook.
Wrong usage of the command line exits with 2, an interrupt with 130 and an error that nobody foresaw
with 70, as elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a file, said so that its owner can mend it.

    Attributes:
        file: path as the user gave it.
        line: first line is 1; 0 where no line can be named.
        where: column, key path or variable; empty where the whole file is meant.
        problem: what is wrong and what to do; never a value from a patient's row.
    """

    file: str
    line: int
    where: str
    problem: str

    def __str__(self) -> str:
        """``file:line: where: problem``, leaving out what is not known."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.where, self.problem) if part)


class HsrError(Exception):
    """The root: catch this to catch everything that the toolkit says no to."""

    exit_code = 1


class _Faults(HsrError):
    """An error that lists every fault that was found, not only the first."""

    def __init__(self, summary: str, faults: Iterable[Fault] = ()) -> None:
        self.summary = summary
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join([summary, *(f"  {fault}" for fault in self.faults)]))


class ConfigError(_Faults):
    """A codebook, hierarchy, project or settings file has faults."""

    exit_code = 10


class DeliveryError(_Faults):
    """A delivery cannot be read as what it claims to be."""

    exit_code = 11


class DataError(HsrError):
    """A table does not fit what is asked of it."""

    exit_code = 12


class KeyRingError(HsrError):
    """The key ring cannot be used."""

    exit_code = 13


class KeyRingMissing(KeyRingError):
    """There is no key ring at that path."""

    exit_code = 13


class KeyRingExposed(KeyRingError):
    """The key ring can be read by others, or lies where it may be shared by accident."""

    exit_code = 14


class KeyRingLocked(KeyRingError):
    """Wrong passphrase or altered file; which of the two is not said."""

    exit_code = 15


class IdentityStoreError(HsrError):
    """The identity store does not open with this key ring, or is damaged."""

    exit_code = 16


class AuditBroken(HsrError):
    """The audit log of a key ring is not as it was written."""

    exit_code = 17


class ClockWentBack(HsrError):
    """The clock shows a time before what is written already."""

    exit_code = 18


class RegisterError(HsrError):
    """The disclosure register does not open, is damaged, or is of another version."""

    exit_code = 19


class Refusal(HsrError):
    """Everything works, and the answer is no."""

    exit_code = 20


class ProjectRefused(Refusal, _Faults):
    """The approved application does not allow what is asked."""

    exit_code = 20


class GateRefused(Refusal, _Faults):
    """At least one gate of the release does not pass."""

    exit_code = 21


class BudgetExceeded(Refusal):
    """No allowed generalization satisfies the models within the suppression budget."""

    exit_code = 22


class NotAsClaimed(Refusal):
    """A written file does not satisfy the privacy models that are demanded of it."""

    exit_code = 23


class RiskTooHigh(Refusal):
    """An extract is not within the limits that were set for its disclosure risk."""

    exit_code = 24


class RiskNotKnown(Refusal):
    """Whether an extract is within its limits cannot be told: a person must judge."""

    exit_code = 25


class LeaksFound(Refusal):
    """Files hold something that names a person, or could not be looked into."""

    exit_code = 26


class PackageBroken(Refusal, _Faults):
    """A package is not what was signed, or not for whom it should be."""

    exit_code = 27


class NotSignedFor(Refusal):
    """Who must sign has not signed, or signed something else, or is one person twice."""

    exit_code = 28


class ExpectationsFailed(Refusal):
    """A table does not hold what a suite expects of it."""

    exit_code = 29


class OutputError(HsrError):
    """The result could not be written; nothing half-written was left behind."""

    exit_code = 30


class OutputExists(OutputError):
    """The output path is taken."""

    exit_code = 31


class OutputFailed(OutputError):
    """The disk or the system refused the write."""

    exit_code = 32


class MissingExtra(HsrError):
    """An optional package is needed and not installed."""

    exit_code = 40
