"""Content: what a letter tells, as plain names, counts, dates and words; never a cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hsr_privacy.documents import Label


@dataclass(frozen=True)
class LetterDecision:
    """A decision on which the delivery rests.

    Attributes:
        label: whose it is.
        reference: its number.
        day: of it.
    """

    label: Label
    reference: str
    day: dt.date


@dataclass(frozen=True)
class LetterRows:
    """How many were delivered, and how many were not.

    Attributes:
        rows: delivered.
        persons: in them.
        rows_removed: that were approved and are not there.
        persons_removed: who lost at least one row.
        k: persons at least who share each released combination.
        allowed: share of the rows (0-1) that could be removed at most.
        mask: column that names the removed single values of each row; None where there is none.
    """

    rows: int
    persons: int
    rows_removed: int
    persons_removed: int
    k: int
    allowed: float
    mask: str | None = None

    @property
    def share_removed(self) -> float:
        """Removed rows, as a share (0-1) of those that were approved."""
        approved = self.rows + self.rows_removed
        return self.rows_removed / approved if approved else 0.0


@dataclass(frozen=True)
class LetterVariable:
    """One variable that was applied for.

    Attributes:
        name: of its column; of the variable, where it was refused.
        label: what people call it.
        applied: the detail that was applied for.
        approved: the detail that was approved; None where it was refused.
        delivered: the detail in the extract; None where it is not there.
        verdict: what became of it, in two words.
        is_less: whether less was delivered than was applied for.
        reason: in the words of the decision, where there are any.
        because: why less was delivered than was approved.
        cells_removed: single values that were removed.
        consequence: what its detail does to analyses.
    """

    name: str
    label: Label
    applied: Label
    approved: Label | None
    delivered: Label | None
    verdict: Label
    is_less: bool = False
    reason: str | None = None
    because: Label | None = None
    cells_removed: int = 0
    consequence: Label | None = None


@dataclass(frozen=True)
class LetterAnalysis:
    """What became of an analysis that was registered.

    Attributes:
        label: what it is.
        sentence: what became of it.
        figures: those of its figures that changed, each in a sentence.
    """

    label: Label
    sentence: Label
    figures: tuple[tuple[Label, Label], ...] = ()


@dataclass(frozen=True)
class LetterMissing:
    """One way in which a value may be missing.

    Attributes:
        code: as it stands in a file of text; empty for an empty cell.
        stata: as it stands in Stata.
        meaning: in words.
    """

    code: str
    stata: str
    meaning: Label


@dataclass(frozen=True)
class LetterFile:
    """A file of the package.

    Attributes:
        path: in it.
        about: what it is.
    """

    path: str
    about: Label


@dataclass(frozen=True)
class LetterCommand:
    """A line that the recipient types.

    Attributes:
        about: what it does.
        line: as it is typed.
    """

    about: Label
    line: str


@dataclass(frozen=True)
class LetterContent:
    """What a letter tells.

    Attributes:
        release: id of the release.
        case_number: of the decision.
        title: of the project.
        leader: of the project.
        institution: that answers for it.
        recipient: who gets the package.
        channel: by which it comes.
        day: of the letter.
        is_trial: whether the persons do not exist.
        purpose: for which the data may be used.
        purpose_text: the same in the project's own words.
        decisions: on which it rests.
        cohort: who is in it and who is not, in sentences.
        rows: how many.
        variables: all that were applied for.
        analyses: that were registered; empty where none were, or nobody ran them.
        missing: how missing values read.
        files: of the package.
        commands: by which the package is opened and verified.
        valid_to: until when the approval holds.
        deletion_date: by when everything is deleted.
        contact: whom the recipient asks; None where the application names nobody.
    """

    release: str
    case_number: str
    title: str
    leader: str
    institution: str
    recipient: str
    channel: str
    day: dt.date
    is_trial: bool
    purpose: Label
    purpose_text: str
    decisions: tuple[LetterDecision, ...]
    cohort: tuple[Label, ...]
    rows: LetterRows
    variables: tuple[LetterVariable, ...]
    analyses: tuple[LetterAnalysis, ...]
    missing: tuple[LetterMissing, ...]
    files: tuple[LetterFile, ...]
    commands: tuple[LetterCommand, ...]
    valid_to: dt.date
    deletion_date: dt.date
    contact: str | None = None
