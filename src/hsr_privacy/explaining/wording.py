"""Wording: what things are called in an explanation, in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.explaining.explanation import Explanation, Group, Grouping, Share
from hsr_privacy.explaining.figures import Language, risk
from hsr_privacy.pages import count_text

METHODS: Final = {
    "full-domain": {
        "nb": "hver variabel på ett nivå, og rader fjernet",
        "en": "every column on one level, and rows removed",
    },
    "local": {
        "nb": "hver gruppe på egne nivåer",
        "en": "every class on levels of its own",
    },
    "cells": {
        "nb": "enkeltceller undertrykket",
        "en": "single cells suppressed",
    },
    "joint": {
        "nb": "hver variabel på ett nivå, og enkeltceller undertrykket",
        "en": "every column on one level, and single cells suppressed",
    },
}

COLUMN_CAUSES: Final[tuple[dict[Language, str], ...]] = (
    {"nb": "grovere nivåer", "en": "coarser levels"},
    {"nb": "undertrykte celler", "en": "suppressed cells"},
    {"nb": "fjernede rader", "en": "removed rows"},
)

REASONS: Final = {
    "lattice": {
        "nb": "Det er for mange kombinasjoner av nivåer til å søke eksakt etter andre utleveringer.",
        "en": "There are too many combinations of levels to search exactly for other releases.",
    },
    "work": {
        "nb": "Ikke alle par av k og grense er søkt gjennom.",
        "en": "Not every pair of k and limit was searched.",
    },
}


def heading(explanation: Explanation, language: Language) -> str:
    """The release in one sentence."""
    released = count_text(explanation.rows - explanation.suppressed_rows)
    method = METHODS[explanation.method][language]
    safest = risk(1 / explanation.k if explanation.k else 0.0)
    return in_words(
        language,
        f"{released} av {count_text(explanation.rows)} rader i {count_text(explanation.classes)} grupper: {method}. "
        f"Største risiko for å bli gjenkjent: {safest}.",
        f"{released} of {count_text(explanation.rows)} rows in {count_text(explanation.classes)} classes: {method}. "
        f"Largest risk of being recognized: {safest}.",
    )


def measure_of(explanation: Explanation) -> str:
    """By what groups are compared: suppressed ``rows`` or ``cells``, whatever is more, or ``loss``."""
    released = explanation.rows - explanation.suppressed_rows
    cells = explanation.suppressed_cells / max(released * len(explanation.columns), 1)
    if explanation.suppressed_rows > cells * explanation.rows:
        return "rows"
    return "cells" if cells else "loss"


def share_by(group: Group, measure: str) -> Share | None:
    """What of a group is suppressed, by the measure that groups are compared by."""
    return group.rows_share if measure == "rows" else group.cells_share


def group_name(grouping: Grouping, group: Group, language: Language) -> str:
    """What a group is called."""
    if group.kind == "node":
        return group.label or ""
    if group.kind == "missing":
        return in_words(language, "(mangler)", "(missing)")
    if group.kind == "others":
        return in_words(language, "(andre)", "(others)")
    if grouping.by == "quarter":
        numbers = f"{group.least}" if group.least == group.most else f"{group.least}–{group.most}"
        rare = (
            in_words(language, " (sjeldneste verdier)", " (rarest values)")
            if group.least == 1
            else ""
        )
        return in_words(
            language, f"firedel {numbers} av radene{rare}", f"quarter {numbers} of the rows{rare}"
        )
    ends = (
        f"{count_text(group.least or 0)}+"
        if group.most is None
        else f"{count_text(group.least or 0)}–{count_text(group.most)}"
    )
    return in_words(language, f"verdier i {ends} rader", f"values in {ends} rows")


def in_words(language: Language, nb: str, en: str) -> str:
    """The text of one language."""
    return nb if language == "nb" else en
