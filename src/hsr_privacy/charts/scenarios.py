"""Scenarios: what attackers who know different things would find, before and in the release."""

from __future__ import annotations

from collections.abc import Sequence

from hsr_privacy.charts.axes import share_axis
from hsr_privacy.charts.figures import ARROW, percent, told
from hsr_privacy.charts.keys import Key
from hsr_privacy.charts.layers import rules
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.rows import TWO, Row, lay_rows
from hsr_privacy.charts.values import Change, Interval, demand_shares
from hsr_privacy.charts.whiskers import AFTER, BEFORE, whiskers

_BESIDE: float = 5
"""Pixels from the middle of a row to the estimate before, and to that after."""


def risk_by_scenario(
    scenarios: Sequence[Change], place: Place, *, limit: float | None = None
) -> str | None:
    """Risk by scenario, before and in the release, as an element; None without scenarios.

    Args:
        scenarios: shares of persons recognized, with their intervals.
        place: of the picture.
        limit: the largest share that is allowed, drawn as a line.
    Raises:
        DataError: an estimate, or the limit, is no share.
    """
    if not scenarios:
        return None
    known = [
        interval
        for one in scenarios
        for interval in (one.before, one.after)
        if interval is not None
    ]
    numbers = [number for interval in known for number in interval.finite]
    demand_shares((*(one.value for one in known), limit), "risks")
    laid = lay_rows([_row(one, place, limit) for one in scenarios], place, mark=TWO)
    reach = numbers if limit is None else [*numbers, limit]
    axis = share_axis(reach, place.language, room=laid.room)
    befores = [y - _BESIDE for y in laid.middles]
    afters = [y + _BESIDE for y in laid.middles]
    layers = [
        *whiskers([one.before for one in scenarios], befores, axis, BEFORE),
        *whiskers([one.after for one in scenarios], afters, axis, AFTER),
    ]
    keys = [
        BEFORE.key(place.words("før noe ble gjort", "before anything was done")),
        AFTER.key(place.words("i utleveringen", "in the release")),
    ]
    if limit is not None:
        line = {"x": limit, "x2": limit, "y": 0, "y2": laid.height}
        layers.insert(0, rules([line], color="var(--bad)", dash=True, width=1.5))
        text = percent(limit, place.language)
        words = place.words(f"grensen, {text}", f"the limit, {text}")
        keys.append(Key(words, "line", stroke="var(--bad)", dash=True))
    title = place.words(
        "andel som blir gjenkjent, med 95\u00a0%-intervall",
        "share of persons recognized, with 95% intervals",
    )
    return place.drawn(
        laid.spec(axis, layers, title=title, keys=keys),
        title=place.words("Risiko etter scenario", "Risk by scenario"),
        told=_told(scenarios, place),
    )


def _row(one: Change, place: Place, limit: float | None) -> Row:
    before, after = _shown(one.before, place), _shown(one.after, place)
    parts = [
        f"{words} {told(interval, place.language, percent)}"
        for words, interval in (
            (place.words("før", "before"), one.before),
            (place.words("i utleveringen", "in the release"), one.after),
        )
    ]
    over = limit is not None and one.after is not None and max(one.after.finite) > limit
    return Row(
        one.named.text,
        f"{before} {ARROW} {after}",
        f"{one.named.text}: {', '.join(parts)}",
        one.named.row,
        one.named.group,
        alarm=over,
    )


def _shown(interval: Interval | None, place: Place) -> str:
    return "–" if interval is None else percent(interval.value, place.language)


def _told(scenarios: Sequence[Change], place: Place) -> str:
    text = place.words(
        "Hver rad er noen som vet noe, og andelen de ville kjent igjen.",
        "Each row is somebody who knows something, and the share of persons they would recognize.",
    )
    afters = [(one.after.value, one.named.text) for one in scenarios if one.after is not None]
    if not afters:
        return text
    most, who = max(afters, key=lambda pair: pair[0])
    share = percent(most, place.language)
    more = place.words(
        f"Størst i utleveringen: {who}, {share}.", f"Largest in the release: {who}, {share}."
    )
    return f"{text} {more}"
