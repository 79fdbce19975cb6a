"""Sizes: how many persons are in equivalence classes of which size."""

from __future__ import annotations

from collections.abc import Sequence

from hsr_privacy.charts.axes import share_axis
from hsr_privacy.charts.figures import count, percent
from hsr_privacy.charts.keys import Key
from hsr_privacy.charts.layers import bars, rules
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.rows import Row, lay_rows
from hsr_privacy.charts.values import Bin, demand_shares
from hsr_privacy.errors import DataError

_HALF: float = 6


def class_sizes(bins: Sequence[Bin], place: Place, *, k: int) -> str | None:
    """The distribution of class sizes, as an element; None without bins.

    A bar is the share of the persons released who are in classes of that size. Those below k stand
    under a heading of their own, in the colour of what is wrong. A line on the bar is the share
    before anything was done.

    Args:
        bins: from small to large; none may hold sizes on both sides of k.
        place: of the picture.
        k: persons that a class must have.
    Raises:
        DataError: a share is none, or a bin lies on both sides of k.
    """
    if not bins:
        return None
    demand_shares(tuple(share for one in bins for share in (one.share, one.before)), "persons")
    if any(one.low < k and (one.high is None or one.high >= k) for one in bins):
        raise DataError(f"a bin of class sizes lies on both sides of k = {k}; let one begin at {k}")
    laid = lay_rows([_row(one, place, k) for one in bins], place)
    shares = [share for one in bins for share in (one.share, one.before) if share is not None]
    axis = share_axis(shares, place.language, room=laid.room)
    layers, earlier = [], []
    for failing, color in ((True, "var(--bad)"), (False, "var(--accent)")):
        boxes = [
            {"x": 0, "x2": one.share, "y": y - _HALF, "y2": y + _HALF}
            for one, y in zip(bins, laid.middles, strict=False)
            if (one.low < k) is failing
        ]
        layers += [bars(boxes, color=color)] if boxes else []
    for one, y in zip(bins, laid.middles, strict=False):
        if one.before is not None:
            earlier.append({"x": one.before, "x2": one.before, "y": y - 9, "y2": y + 9})
    keys = [Key(place.words("i utleveringen", "in the release"), "square")]
    if any(one.low < k for one in bins):
        words = place.words(f"der, i grupper under k = {k}", f"there, in classes below k = {k}")
        keys.append(Key(words, "square", fill="var(--bad)", stroke="var(--bad)"))
    if earlier:
        layers.append(rules(earlier, color="var(--ink)", width=2))
        keys.append(
            Key(
                place.words("før noe ble gjort", "before anything was done"),
                "line",
                stroke="var(--ink)",
            )
        )
    title = place.words("andel av personene", "share of the persons")
    return place.drawn(
        laid.spec(axis, layers, title=title, keys=keys),
        title=place.words("Hvor mange som deler verdiene", "How many share their values"),
        told=_told(bins, place, k),
    )


def _row(one: Bin, place: Place, k: int) -> Row:
    share = percent(one.share, place.language)
    sizes = _sizes(one, place)
    text = place.words(
        f"{share} av personene er i grupper på {sizes}",
        f"{share} of the persons are in classes of {sizes}",
    )
    if one.before is not None:
        before = percent(one.before, place.language)
        text += place.words(f"; før noe ble gjort {before}", f"; before anything was done {before}")
    failing = one.low < k
    group = place.words(
        f"færre enn k = {k} personer" if failing else f"k = {k} personer eller flere",
        f"fewer than k = {k} persons" if failing else f"k = {k} persons or more",
    )
    return Row(sizes, share, text, one.row, group, alarm=failing and one.share > 0)


def _sizes(one: Bin, place: Place) -> str:
    if one.high is None:
        return place.words(f"{count(one.low)} eller flere", f"{count(one.low)} or more")
    if one.low == one.high:
        unit = (
            place.words("person", "person") if one.low == 1 else place.words("personer", "persons")
        )
        return f"{count(one.low)} {unit}"
    return place.words(
        f"{count(one.low)} til {count(one.high)}", f"{count(one.low)} to {count(one.high)}"
    )


def _told(bins: Sequence[Bin], place: Place, k: int) -> str:
    failing = percent(sum(one.share for one in bins if one.low < k), place.language)
    return place.words(
        f"Hver søyle er andelen av de utleverte personene i grupper av én størrelse. "
        f"{failing} er i grupper på færre enn k = {k}.",
        f"Each bar is the share of the released persons in classes of one size. "
        f"{failing} are in classes of fewer than k = {k}.",
    )
