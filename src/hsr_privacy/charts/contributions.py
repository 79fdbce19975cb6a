"""Contributions: what each variable has of the risk."""

from __future__ import annotations

from collections.abc import Sequence

from hsr_privacy.charts.axes import share_axis
from hsr_privacy.charts.figures import percent
from hsr_privacy.charts.layers import bars
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.rows import Row, lay_rows
from hsr_privacy.charts.values import Contribution, demand_shares

_HALF: float = 6


def contributions(
    variables: Sequence[Contribution], place: Place, *, title: str = "", axis_title: str = ""
) -> str | None:
    """The contribution of each variable, the largest first, as an element; None without variables.

    Args:
        variables: in any order.
        place: of the picture.
        title: of the picture, in its language; else that variables make persons stand out.
        axis_title: what the shares are of, in its language.
    Raises:
        DataError: a contribution is no share.
    """
    if not variables:
        return None
    demand_shares(tuple(one.share for one in variables), "contributions")
    ordered = sorted(variables, key=lambda one: -one.share)
    rows = [_row(one, place) for one in ordered]
    laid = lay_rows(rows, place)
    axis = share_axis([one.share for one in ordered], place.language, room=laid.room)
    boxes = [
        {"x": 0, "x2": one.share, "y": y - _HALF, "y2": y + _HALF}
        for one, y in zip(ordered, laid.middles, strict=False)
    ]
    default = place.words("Hva som gjør at noen skiller seg ut", "What makes persons stand out")
    along = axis_title or place.words("andel av risikoen", "share of the risk")
    first = ordered[0]
    return place.drawn(
        laid.spec(axis, [bars(boxes, color="var(--accent)")], title=along),
        title=title or default,
        told=place.words(
            f"Hver søyle er en variabel, den største først: {first.named.text} med "
            f"{percent(first.share, place.language)}.",
            f"Each bar is a variable, the largest first: {first.named.text} with "
            f"{percent(first.share, place.language)}.",
        ),
    )


def _row(one: Contribution, place: Place) -> Row:
    share = percent(one.share, place.language)
    return Row(one.named.text, share, f"{one.named.text}: {share}", one.named.row)
