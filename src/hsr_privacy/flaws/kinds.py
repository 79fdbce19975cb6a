"""All kinds of flaw, by name, and the layouts in which one makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from hsr_privacy.flaws import (
    codes,
    comments,
    contradictions,
    identifiers,
    letters,
    numbers,
    records,
    times,
)
from hsr_privacy.flaws.draft import Draft, Variant
from hsr_privacy.registry.layouts import Layout


@dataclass(frozen=True)
class Kind:
    """One kind of flaw.

    Attributes:
        variants: the ways in which it comes, in one form.
        missing_from: why a layout has none of it; empty where it may have.
        by_record: whether it is planted in records, not in a whole file.
    """

    variants: Callable[[Draft], Iterable[Variant]]
    missing_from: Callable[[Layout], str]
    by_record: bool = True

    @property
    def name(self) -> str:
        """As the plan and the ledger call it."""
        return self.variants.__name__


def _everywhere(_layout: Layout) -> str:
    return ""


def _text(layout: Layout) -> str:
    return "" if layout.kind == "csv" else "its cells have types"


def _spreadsheet(layout: Layout) -> str:
    return "" if layout.kind == "csv" else "no spreadsheet writes it"


def _encoded(layout: Layout) -> str:
    return "" if layout.kind == "csv" else "its text is always UTF-8"


def _only_utf_8(layout: Layout) -> str:
    allowed = "windows-1252" in layout.encodings
    return "a file may be in Windows-1252" if allowed else _encoded(layout)


def _decimal_point(layout: Layout) -> str:
    comma = "its decimal sign is a comma, and a point is read as one too"
    return _text(layout) or (comma if layout.decimal == "," else "")


KINDS: Final = (
    Kind(records.exact_copy, _everywhere),
    Kind(records.near_copy, _everywhere),
    Kind(records.late_delivery, _everywhere),
    Kind(times.swapped_times, _everywhere),
    Kind(times.skipped_hour, _everywhere),
    Kind(times.repeated_hour, _everywhere),
    Kind(times.future_date, _everywhere),
    Kind(times.death_before_arrest, _everywhere),
    Kind(times.other_date_format, _text),
    Kind(identifiers.lost_zero, _everywhere),
    Kind(identifiers.scientific_number, _spreadsheet),
    Kind(identifiers.mistyped_digit, _everywhere),
    Kind(identifiers.transposed_digits, _everywhere),
    Kind(identifiers.other_persons_number, _everywhere),
    Kind(identifiers.missing_identifier, _everywhere),
    Kind(comments.identifier_in_comment, _everywhere),
    Kind(comments.name_in_comment, _everywhere),
    Kind(comments.phone_in_comment, _everywhere),
    Kind(comments.email_in_comment, _everywhere),
    Kind(comments.coordinates_in_comment, _everywhere),
    Kind(codes.code_label, _text),
    Kind(codes.code_outside_list, _everywhere),
    Kind(codes.old_code, _everywhere),
    Kind(codes.blanks_around, _text),
    Kind(codes.letter_case, _everywhere),
    Kind(codes.outdated_municipality, _everywhere),
    Kind(numbers.decimal_comma, _decimal_point),
    Kind(numbers.impossible_age, _everywhere),
    Kind(numbers.negative_number, _everywhere),
    Kind(numbers.unit_slip, _everywhere),
    Kind(contradictions.contradicts_r05, _everywhere),
    Kind(contradictions.contradicts_r06, _everywhere),
    Kind(contradictions.contradicts_r09, _everywhere),
    Kind(contradictions.contradicts_r10, _everywhere),
    Kind(contradictions.contradicts_r14, _everywhere),
    Kind(contradictions.contradicts_r19, _everywhere),
    Kind(contradictions.contradicts_r23, _everywhere),
    Kind(letters.windows_1252_bytes, _encoded),
    Kind(letters.windows_1252_file, _only_utf_8, by_record=False),
)
