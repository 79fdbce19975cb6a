"""Score what a check finds: against the ledger of what was planted, and where nothing was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from hsr_privacy.codebook import load_codebook
from hsr_privacy.quality import Quality, is_plausible
from hsr_privacy.quality.sheets import read_sheet
from hsr_privacy.registry import load_delivery_settings

# What may count as a catch: kinds of finding, and rules by their ids.
FITTING: Final[dict[str, tuple[str, ...]]] = {
    "exact_copy": ("copy",),
    "near_copy": ("near-copy", "R29"),
    "late_delivery": ("late",),
    "swapped_times": ("R01", "R02", "R04"),
    "skipped_hour": ("R32",),
    "repeated_hour": ("R32.ambiguous",),
    "future_date": ("future-date",),
    "death_before_arrest": ("R12",),
    "other_date_format": ("date-form", "ancient-date"),
    "lost_zero": ("lost-zero",),
    "scientific_number": ("scientific-number",),
    "mistyped_digit": ("invalid-identifier",),
    "transposed_digits": ("invalid-identifier",),
    "other_persons_number": ("R22",),
    "missing_identifier": ("missing-identifier", "missing-number"),
    "identifier_in_comment": ("identifier-in-comment",),
    "name_in_comment": ("name-in-comment", "like-a-name-in-comment"),
    "phone_in_comment": ("phone-in-comment",),
    "email_in_comment": ("email-in-comment",),
    "coordinates_in_comment": ("coordinates-in-comment",),
    "code_label": ("code-label",),
    "code_outside_list": ("code-outside-list", "old-code"),
    "old_code": ("old-code", "code-outside-list"),
    "blanks_around": ("blanks",),
    "letter_case": ("letter-case",),
    "outdated_municipality": ("R27",),
    "decimal_comma": ("decimal-sign",),
    "impossible_age": ("out-of-range",),
    "negative_number": ("negative",),
    "unit_slip": ("other-unit", "out-of-range", "unlikely-dose"),
    "contradicts_r05": ("R05",),
    "contradicts_r06": ("R06",),
    "contradicts_r09": ("R09",),
    "contradicts_r10": ("R10",),
    "contradicts_r14": ("R14",),
    "contradicts_r19": ("R19",),
    "contradicts_r23": ("R23",),
    "windows_1252_bytes": ("other-encoding",),
    "windows_1252_file": ("other-encoding",),
}
_ALARMS: Final = ("error", "warning")
_ELEVEN: Final = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])")


@dataclass(frozen=True)
class Score:
    """What became of a ledger.

    Attributes:
        entries: per kind, how many were planted.
        missed: per kind, how many no finding names that fits; kinds with none are left out.
        only_unusual: entries that were named only by what may well be right.
    """

    entries: dict[str, int]
    missed: dict[str, int]
    only_unusual: int

    @property
    def planted(self) -> int:
        return sum(self.entries.values())

    @property
    def recall(self) -> float:
        """Share of the whole ledger that was caught."""
        return 1 - sum(self.missed.values()) / self.planted

    @property
    def sure_recall(self) -> float:
        """The same without what only says that something is unusual."""
        return self.recall - self.only_unusual / self.planted


@dataclass(frozen=True)
class Alarms:
    """What was found in a clean register.

    Attributes:
        rows: delivered.
        false: rows with an error or a warning that nothing in them deserves.
        unusual: rows with something that may well be right.
        true: rows in whose free text the simulator wrote a name and a number.
    """

    rows: int
    false: int
    unusual: int
    true: int


def score(quality: Quality, truth: Path) -> Score:
    """Compare findings with the ledger of a dirty register."""
    ledger = json.loads((truth / "flaws.json").read_text(encoding="utf-8"))["flaws"]
    numbers = {file.path: number for number, file in enumerate(quality.files)}
    told: dict[tuple[int, int | None], list[dict[str, Any]]] = {}
    for one in quality.findings.iter_rows(named=True):
        told.setdefault((one["file"], one["row"]), []).append(one)
    entries: dict[str, int] = {}
    missed: dict[str, int] = {}
    only_unusual = 0
    for flaw in ledger:
        kind = flaw["kind"]
        entries[kind] = entries.get(kind, 0) + 1
        place = (numbers[flaw["file"]], flaw["row"])
        fits = [one for one in told.get(place, []) if _fits(one, flaw)]
        if not fits:
            missed[kind] = missed.get(kind, 0) + 1
        elif all(is_plausible(one["kind"], one["rule"]) for one in fits):
            only_unusual += 1
    return Score(entries, missed, only_unusual)


def _fits(found: dict[str, Any], flaw: dict[str, Any]) -> bool:
    """Whether a finding on the row is of a fitting kind, and of a column that was touched."""
    if (found["rule"] or found["kind"]) not in FITTING[flaw["kind"]]:
        return False
    columns = set(found["columns"])
    return not columns or not flaw["columns"] or bool(columns & set(flaw["columns"]))


def alarms(quality: Quality, deliveries: Path, truth: Path) -> Alarms:
    """Count what was found in a clean register, and what of it is true all the same."""
    said = dict(_comments(quality, deliveries))
    planted = json.loads((truth / "planted.json").read_text(encoding="utf-8"))
    identifiers, names = set(planted["identifiers"]), set(planted["names"])
    false, unusual, true = set(), set(), set()
    for one in quality.findings.iter_rows(named=True):
        place = (one["file"], one["row"])
        comment = said.get(place, "")
        if is_plausible(one["kind"], one["rule"]):
            unusual.add(place)
        elif (
            one["kind"] == "identifier-in-comment" and set(_ELEVEN.findall(comment)) & identifiers
        ) or (one["kind"] == "name-in-comment" and comment.partition(",")[0] in names):
            true.add(place)
        elif one["severity"] in _ALARMS:
            false.add(place)
    return Alarms(quality.records.height, len(false), len(unusual), len(true))


def _comments(quality: Quality, deliveries: Path) -> Iterator[tuple[tuple[int, int], str]]:
    """The free text of each row."""
    codebook, settings = load_codebook(), load_delivery_settings()
    for number, file in enumerate(quality.files):
        known = settings.layout_of(Path(file.path).name)
        assert known is not None
        sheet = read_sheet(deliveries / file.path, *known, file=number, codebook=codebook)
        cells = sheet.columns.get("fritekst_kommentar", pl.Series([], dtype=pl.String))
        for row, text in zip(sheet.rows.tolist(), cells.to_list(), strict=False):
            if text:
                yield (number, row), text
