"""Analyses: what the applicant's own analyses come to, before and in the release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from hsr_privacy.charts.axes import Axis, number_axis, ratio_axis, share_axis, within_reach
from hsr_privacy.charts.figures import ARROW, Writer, decimal, percent, told
from hsr_privacy.charts.keys import Key
from hsr_privacy.charts.layers import rules
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.rows import TWO, Laid, Row, lay_rows
from hsr_privacy.charts.values import Change, Interval, demand_shares
from hsr_privacy.charts.whiskers import AFTER, BEFORE, whiskers
from hsr_privacy.errors import DataError

Scale = Literal["ratio", "share", "difference"]
_BESIDE: Final = 5
_NO_EFFECT: Final[dict[Scale, float]] = {"ratio": 1.0, "difference": 0.0}


def forest(analyses: Sequence[Change], place: Place, *, scale: Scale = "ratio") -> str | None:
    """Estimates with their intervals before and in the release, as an element; None without any.

    Ratios stand on a logarithmic scale with a line at 1, differences on a linear one with a line at
    0, and shares from 0. An interval without an end, or with one a thousand times away, is cut off
    with an arrow; the figures that are read out are whole.

    Args:
        analyses: all of one kind; ``named.group`` is the analysis where one has several estimates.
        place: of the picture.
        scale: what they are.
    Raises:
        DataError: a ratio is not above 0, or a share is none.
    """
    if not analyses:
        return None
    known = [one for change in analyses for one in (change.before, change.after) if one is not None]
    if scale == "ratio" and any(one.value <= 0 for one in known):
        raise DataError("a picture shows ratios on a logarithmic scale; each must be above 0")
    if scale == "share":
        demand_shares(tuple(one.value for one in known), "estimates")
    write = percent if scale == "share" else decimal
    laid = lay_rows([_row(one, place, write) for one in analyses], place, mark=TWO)
    axis = _axis(known, scale, place, laid)
    layers = [
        *whiskers(
            [one.before for one in analyses], [y - _BESIDE for y in laid.middles], axis, BEFORE
        ),
        *whiskers(
            [one.after for one in analyses], [y + _BESIDE for y in laid.middles], axis, AFTER
        ),
    ]
    keys = [
        BEFORE.key(
            place.words("på alle rader, før noe ble gjort", "on all rows, before anything was done")
        ),
        AFTER.key(place.words("på utleveringen", "on the release")),
    ]
    if scale in _NO_EFFECT:
        at = _NO_EFFECT[scale]
        line = {"x": at, "x2": at, "y": 0, "y2": laid.height}
        layers.insert(0, rules([line], color="var(--ink)", dash=True))
        words = place.words(f"{at:g}: ingen forskjell", f"{at:g}: no difference")
        keys.append(Key(words, "line", stroke="var(--ink)", dash=True))
    return place.drawn(
        laid.spec(axis, layers, title=_along(scale, place), keys=keys),
        title=place.words("Søkerens analyser", "The applicant's analyses"),
        told=place.words(
            "Hver rad er et estimat med 95\u00a0%-intervall, på alle rader og på utleveringen.",
            "Each row is an estimate with its 95% interval, on all rows and on the release.",
        ),
    )


def _axis(known: Sequence[Interval], scale: Scale, place: Place, laid: Laid) -> Axis:
    numbers = [number for one in known for number in one.finite]
    if scale == "share":
        return share_axis(numbers, place.language, room=laid.room)
    if scale == "difference":
        return number_axis(numbers, place.language, room=laid.room)
    values = [one.value for one in known] or [1.0]
    ends = [number for one in known for number in one.finite[1:]]
    return ratio_axis([*values, *within_reach(values, ends)], place.language, room=laid.room)


def _row(one: Change, place: Place, write: Writer) -> Row:
    parts, shown = [], []
    for words, interval in (
        (place.words("på alle rader", "on all rows"), one.before),
        (place.words("på utleveringen", "on the release"), one.after),
    ):
        shown.append("–" if interval is None else write(interval.value, place.language))
        parts.append(f"{words} {told(interval, place.language, write)}")
    group = f"{one.named.group}: " if one.named.group else ""
    return Row(
        one.named.text,
        f" {ARROW} ".join(shown),
        f"{group}{one.named.text}: {', '.join(parts)}",
        one.named.row,
        one.named.group,
    )


def _along(scale: Scale, place: Place) -> str:
    return {
        "ratio": place.words(
            "forholdstall (logaritmisk skala), med 95\u00a0%-intervall",
            "ratio (logarithmic scale), with 95% intervals",
        ),
        "share": place.words("andel, med 95\u00a0%-intervall", "share, with 95% intervals"),
        "difference": place.words(
            "forskjell, med 95\u00a0%-intervall", "difference, with 95% intervals"
        ),
    }[scale]
