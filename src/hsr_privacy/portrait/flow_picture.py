"""The picture of the Utstein flow: boxes from arrests attended to lives regained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hsr_privacy import svg
from hsr_privacy.documents import Label
from hsr_privacy.explaining.canvas import WIDTH, Canvas, line
from hsr_privacy.explaining.figures import Language, percent
from hsr_privacy.explaining.wording import in_words
from hsr_privacy.portrait.drawing import frame
from hsr_privacy.portrait.flow import Column, Flow
from hsr_privacy.portrait.hiding import Count, Hidden
from hsr_privacy.portrait.wording import OUTCOME_NAMES, RHYTHMS, WITNESSES, counted, say

_LABELS: Final = 146
_GAP: Final = 10
_TOP: Final = 8
_HIGH: Final = 42
_STEP: Final = 62
_RHYTHM_HIGH: Final = 60
_OUTCOME_HIGH: Final = 28
_OUTCOME_STEP: Final = 42


def flow_picture(
    flow: Flow, language: Language, *, outside: bool, least_persons: int, name: str
) -> str | None:
    """The boxes as SVG text; None without arrests.

    Args:
        flow: of arrests outside or inside.
        language: of the words.
        outside: which of the two.
        least_persons: so many persons stand behind what is shown.
        name: begins the ids.
    """
    if flow.arrests == 0:
        return None
    drawn = [one for one in flow.columns if one.name != "witness_unknown"]
    parts, top = _head(flow, language, outside=outside, least=least_persons)
    width = (WIDTH - _LABELS - 2 - _GAP * (len(drawn) - 1)) / len(drawn)
    width = min(width, 190)
    foot = top
    lefts = [_LABELS + place * (width + _GAP) for place in range(len(drawn))]
    parts += _branches([left + width / 2 for left in lefts], top)
    for column, left in zip(drawn, lefts, strict=True):
        words = _Words(column, flow.tried, language, least_persons)
        parts += words.boxes(left, top, width)
        foot = words.foot(top)
    parts += _labels(drawn[0], top, language)
    unknown = next(one for one in flow.columns if one.name == "witness_unknown")
    if unknown.arrests != 0:
        also = in_words(language, "Dessuten vitne ukjent: ", "Also, witness unknown: ")
        parts.append(
            svg.text(
                _LABELS,
                foot + 18,
                also + counted(unknown.arrests, least_persons, language),
                "faint",
            )
        )
        foot += 22
    title = in_words(
        language,
        f"Utsteins flytskjema, {'utenfor' if outside else 'inne på'} sykehus",
        f"Utstein flow chart, {'outside' if outside else 'inside'} hospital",
    )
    told = flow_in_words(flow, language, least_persons=least_persons)
    return Canvas(language, name).drawn(parts, title=title, told=told, height=foot + 8)


def flow_in_words(flow: Flow, language: Language, *, least_persons: int) -> str:
    """The flow of all resuscitated patients in one sentence."""
    whole = flow.columns[0]
    steps = [
        f"{_name(OUTCOME_NAMES[one], language)} {_share(number, whole.arrests, language, least_persons)}"
        for one, number in whole.outcomes.items()
    ]
    return (
        in_words(
            language,
            f"{counted(flow.arrests, least_persons, language)} hjertestans, HLR forsøkt hos {counted(flow.tried, least_persons, language)}; av disse ",
            f"{counted(flow.arrests, least_persons, language)} arrests, resuscitation attempted in {counted(flow.tried, least_persons, language)}; of these ",
        )
        + ", ".join(steps)
        + "."
    )


def _name(labels: tuple[Label, Label | None], language: Language) -> str:
    first = say(labels[0], language)
    return first[0].lower() + first[1:]


def _share(number: Count, whole: Count, language: Language, least: int) -> str:
    text = counted(number, least, language)
    if isinstance(number, Hidden) or isinstance(whole, Hidden) or not whole:
        return text
    return f"{text} ({percent(number / whole, language)})"


def _head(flow: Flow, language: Language, *, outside: bool, least: int) -> tuple[list[str], float]:
    """The first boxes, and where the columns begin."""
    what = (
        in_words(language, "Hjertestans utenfor sykehus", "Arrests outside hospital")
        if outside
        else in_words(language, "Hjertestans inne på sykehus", "Arrests inside hospital")
    )
    centre, wide = _LABELS + (WIDTH - _LABELS) / 2, 240.0
    parts = [
        frame(
            centre - wide / 2,
            _TOP,
            wide,
            _HIGH,
            [counted(flow.arrests, least, language), what],
            key=True,
        )
    ]
    top = float(_TOP + _STEP)
    if flow.not_tried == 0 and flow.unknown == 0:
        parts.append(line("path", centre, _TOP + _HIGH, centre, top - (_STEP - _HIGH) / 2))
        return parts, top
    tried = in_words(language, "HLR forsøkt", "Resuscitation attempted")
    not_tried = in_words(language, "HLR ikke forsøkt", "Not attempted")
    if flow.unknown != 0:
        unknown = in_words(language, "ukjent", "unknown")
        not_tried += f"; {unknown} {counted(flow.unknown, least, language)}"
    first, second = centre - 125, centre + 125
    middle = (_TOP + _HIGH + top) / 2
    parts += [
        line("path", centre, _TOP + _HIGH, centre, middle),
        line("path", first, middle, second, middle),
        line("path", first, middle, first, top),
        line("path", second, middle, second, top),
        frame(first - 110, top, 220, _HIGH, [_share(flow.tried, flow.arrests, language, least), tried], key=True),
        frame(second - 110, top, 220, _HIGH, [_share(flow.not_tried, flow.arrests, language, least), not_tried]),
        line("path", first, top + _HIGH, first, top + _HIGH + (_STEP - _HIGH) / 2),
    ]  # fmt: skip
    return parts, top + _STEP


def _branches(middles: Sequence[float], top: float) -> list[str]:
    """From the last box down to the columns."""
    across = top - (_STEP - _HIGH) / 2
    return [
        line("path", middles[0], across, middles[-1], across),
        *(line("path", middle, across, middle, top) for middle in middles),
    ]


@dataclass(frozen=True)
class _Words:
    """A column and how its figures are written."""

    column: Column
    tried: Count
    language: Language
    least: int

    def boxes(self, left: float, top: float, width: float) -> list[str]:
        """The boxes of the column, from its top."""
        column, middle = self.column, left + width / 2
        first = counted(column.arrests, self.least, self.language)
        if column.name != "all":
            first = _share(column.arrests, self.tried, self.language, self.least)
        parts = [
            frame(left, top, width, _HIGH, [first, say(WITNESSES[column.name], self.language)]),
            line("path", middle, top + _HIGH, middle, top + _STEP),
        ]
        top += _STEP
        rhythms = [
            f"{say(RHYTHMS[one], self.language)} {self.share(number)}"
            for one, number in column.rhythms.items()
        ]
        parts.append(frame(left, top, width, _RHYTHM_HIGH, rhythms, plain=True))
        before, top = top + _RHYTHM_HIGH, top + _RHYTHM_HIGH + _STEP - _HIGH
        for one, number in column.outcomes.items():
            parts.append(line("path", middle, before, middle, top))
            key = one == "alive_month"
            parts.append(frame(left, top, width, _OUTCOME_HIGH, [self.share(number)], key=key))
            before, top = top + _OUTCOME_HIGH, top + _OUTCOME_STEP
        return parts

    def foot(self, top: float) -> float:
        """Where the column ends."""
        outcomes = len(self.column.outcomes)
        first = top + _STEP + _RHYTHM_HIGH + _STEP - _HIGH
        return first + (outcomes - 1) * _OUTCOME_STEP + _OUTCOME_HIGH

    def share(self, number: Count) -> str:
        """A count, and its share of the column."""
        return _share(number, self.column.arrests, self.language, self.least)


def _labels(column: Column, top: float, language: Language) -> list[str]:
    """What stands in each line of boxes."""
    rhythm = in_words(language, "Første rytme", "First rhythm")
    witness = in_words(language, "HLR forsøkt, etter", "Attempted, by who")
    witness_2 = in_words(language, "hvem som så stansen", "saw the arrest")
    parts = [
        svg.text(4, top + 18, witness),
        svg.text(4, top + 33, witness_2),
        svg.text(4, top + _STEP + 34, rhythm),
    ]
    base = top + _STEP + _RHYTHM_HIGH + _STEP - _HIGH + 18.5
    for one in column.outcomes:
        first, second = OUTCOME_NAMES[one]
        if second is None:
            parts.append(svg.text(4, base, say(first, language)))
        else:
            parts.append(svg.text(4, base - 7, say(first, language)))
            parts.append(svg.text(4, base + 8, say(second, language), "faint"))
        base += _OUTCOME_STEP
    return parts
