"""Subgroups: whom suppression falls on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hsr_privacy.charts.axes import share_axis
from hsr_privacy.charts.figures import percent, told
from hsr_privacy.charts.keys import Key
from hsr_privacy.charts.layers import rules
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.rows import Row, lay_rows
from hsr_privacy.charts.values import Group, demand_shares
from hsr_privacy.charts.whiskers import AFTER, whiskers

LEVEL: Final = 0.99
"""Of the intervals: so many groups are looked at that one in twenty would always stand out."""


def suppression_by_subgroup(groups: Sequence[Group], place: Place, *, whole: float) -> str | None:
    """The share suppressed of each group, beside that of all, as an element; None without groups.

    Args:
        groups: with their intervals, those of one variable next to each other.
        place: of the picture.
        whole: share suppressed of all rows.
    Raises:
        DataError: an estimate, or ``whole``, is no share.
    """
    if not groups:
        return None
    shares = [one.share for one in groups]
    known = [share for share in shares if share is not None]
    numbers = [number for share in known for number in share.finite]
    demand_shares((*(share.value for share in known), whole), "suppressed rows")
    laid = lay_rows([_row(one, place) for one in groups], place)
    axis = share_axis([*numbers, whole], place.language, room=laid.room)
    line = {"x": whole, "x2": whole, "y": 0, "y2": laid.height}
    layers = [
        rules([line], color="var(--ink)", dash=True, width=1.5),
        *whiskers(shares, laid.middles, axis, AFTER),
    ]
    text = percent(whole, place.language)
    keys = [
        AFTER.key(
            place.words("gruppen, med 99\u00a0%-intervall", "the group, with its 99% interval")
        ),
        Key(place.words(f"alle, {text}", f"all, {text}"), "line", stroke="var(--ink)", dash=True),
    ]
    title = place.words("andel av radene som er fjernet", "share of the rows that is suppressed")
    return place.drawn(
        laid.spec(axis, layers, title=title, keys=keys),
        title=place.words("Hvem fjerningen rammer", "Whom suppression falls on"),
        told=_told(groups, place, whole),
    )


def _row(one: Group, place: Place) -> Row:
    few = place.words("for få", "too few")
    group = f"{one.named.group}: " if one.named.group else ""
    if one.share is None:
        return Row(
            one.named.text,
            few,
            f"{group}{one.named.text}: {place.words('for få til å si noe', 'too few to tell')}",
            one.named.row,
            one.named.group,
        )
    return Row(
        one.named.text,
        percent(one.share.value, place.language),
        f"{group}{one.named.text}: {told(one.share, place.language, percent, confidence=LEVEL)}",
        one.named.row,
        one.named.group,
    )


def _told(groups: Sequence[Group], place: Place, whole: float) -> str:
    apart = sum(
        one.share is not None
        and one.share.low is not None
        and one.share.high is not None
        and not one.share.low <= whole <= one.share.high
        for one in groups
    )
    share = percent(whole, place.language)
    return place.words(
        f"Hver rad er en gruppe og andelen av den som er fjernet; av alle er det {share}. "
        f"For {apart} av {len(groups)} grupper ligger det utenfor intervallet.",
        f"Each row is a group and the share of it that is suppressed; of all it is {share}. "
        f"For {apart} of {len(groups)} groups that lies outside the interval.",
    )
