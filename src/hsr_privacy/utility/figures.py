"""Figures: one number of an analysis before and after, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate, Scale, Shift, overlap, shift
from hsr_privacy.project import Analysis
from hsr_privacy.utility.naming import figure_label
from hsr_privacy.utility.planning import Setting
from hsr_privacy.utility.ran import Key, Ran
from hsr_privacy.utility.telling import figure_sentence, why_words
from hsr_privacy.utility.verdicts import (
    Verdict,
    few_differ,
    few_would_show,
    judge,
    rounded,
    rounded_shift,
)


@dataclass(frozen=True)
class Figure:
    """One figure of an analysis, before and after.

    Attributes:
        name: for machines, unlike all others of the analysis.
        label: for people.
        scale: what it is.
        before: on all rows, on the released level, or in full detail where that does not allow it;
            None where it cannot be reckoned or told.
        after: on the rows that leave; likewise.
        finest: on all rows in full detail; None where nothing the analysis needs leaves coarser.
        shift: from before to after; None without both.
        overlap: of their intervals, 1 all; likewise.
        price: from finest to before: what coarser levels alone did, in standard errors.
        verdict: what became of it.
        sentence: the same in words.
    """

    name: str
    label: Label
    scale: Scale
    before: Estimate | None
    after: Estimate | None
    finest: Estimate | None
    shift: Shift | None
    overlap: float | None
    price: float | None
    verdict: Verdict
    sentence: Label


@dataclass(frozen=True)
class Sides:
    """One figure of every table that has it.

    Attributes:
        before: on all rows, on the released level.
        after: on the rows that leave.
        finest: on all rows in full detail.
    """

    before: Ran | None
    after: Ran | None
    finest: Ran | None


def figure_of(
    analysis: Analysis,
    key: Key,
    sides: Sides,
    setting: Setting,
    *,
    references: Mapping[str, str],
    has_original: bool,
) -> Figure:
    """Compare one figure.

    Where the tables differ by a few rows only, the figure before is told as roughly as it takes for
    them not to show, or not at all.

    Args:
        analysis: that it belongs to.
        key: which of its figures.
        sides: of every table.
        setting: of the extract.
        references: per column, the value that others are set against.
        has_original: whether there are originals at all.
    """
    label = figure_label(analysis, key, setting.words, references.get(key.column or ""))
    verdict = judge(sides.before, sides.after, has_original=has_original)
    before, after, finest = (
        one.estimate if one is not None else None
        for one in (sides.before, sides.after, sides.finest)
    )
    scale: Scale = next((one.scale for one in (before, after, finest) if one is not None), "share")
    moved, shared, price = None, None, None
    shown = before
    if before is not None and after is not None and sides.before is not None:
        exact = (before, after)
        assert sides.after is not None
        if few_differ(sides.before, sides.after, setting.least_persons):
            exact = (rounded(before), rounded(after))
            shown = None if few_would_show(sides.before, setting.least_persons) else before
        if shown is not None:
            moved, shared = rounded_shift(shift(*exact)), overlap(*exact)
    if shown is not None and finest is not None:
        price = rounded_shift(shift(finest, shown)).errors
    if verdict is Verdict.WITHHELD:
        shown = after = finest = None
    earlier, later = (rounded(one) if one is not None else None for one in (shown, after))
    why = sides.after.why if verdict is Verdict.NOT_RUN and sides.after is not None else None
    return Figure(
        name=name_of(key),
        label=label,
        scale=scale,
        before=earlier,
        after=later,
        finest=rounded(finest) if finest is not None and earlier is not None else None,
        shift=moved,
        overlap=None if shared is None else round(shared, 3) + 0.0,
        price=price,
        verdict=verdict,
        sentence=figure_sentence(verdict, earlier, later, why_words(why, setting.words)),
    )


def coarser_figure(analysis: Analysis, key: Key, finest: Estimate, setting: Setting) -> Figure:
    """A figure of a number that leaves in bands only."""
    estimate = rounded(finest)
    return Figure(
        name=name_of(key),
        label=figure_label(analysis, key, setting.words, None),
        scale=estimate.scale,
        before=estimate,
        after=None,
        finest=estimate,
        shift=None,
        overlap=None,
        price=None,
        verdict=Verdict.COARSER,
        sentence=figure_sentence(Verdict.COARSER, estimate, None),
    )


def name_of(key: Key) -> str:
    """What a figure is called by machines."""
    if key.kind == "term":
        parts = [f"term-{key.place + 1}", key.column, key.text]
    else:
        parts = [key.kind, key.column, key.text]
    return ":".join(part for part in parts if part is not None)
