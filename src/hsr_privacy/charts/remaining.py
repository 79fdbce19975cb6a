"""Remaining: how few persons are left to choose from as releases are put together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hsr_privacy.charts.axes import ratio_axis
from hsr_privacy.charts.figures import count, decimal
from hsr_privacy.charts.keys import Key
from hsr_privacy.charts.layers import dots, rules
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.rows import Row, lay_rows
from hsr_privacy.charts.values import Remaining
from hsr_privacy.charts.whiskers import AFTER, BEFORE
from hsr_privacy.errors import DataError


def remaining_candidates(releases: Sequence[Remaining], place: Place, *, k: int) -> str | None:
    """The fewest and the typical candidates for each set of releases; None without releases.

    Args:
        releases: in order, such as this one alone, with the one before, with all.
        place: of the picture.
        k: candidates that there should be at least, drawn as a line.
    Raises:
        DataError: fewer than one candidate, or no number.
    """
    if not releases:
        return None
    numbers = [one.fewest for one in releases]
    numbers += [one.typical for one in releases if one.typical is not None]
    if not all(math.isfinite(number) and number >= 1 for number in numbers):
        raise DataError("a picture shows candidates by number; each must be at least 1")
    laid = lay_rows([_row(one, place, k) for one in releases], place)
    axis = ratio_axis([*numbers, k], place.language, room=laid.room)
    pairs = list(zip(releases, laid.middles, strict=False))
    line = {"x": k, "x2": k, "y": 0, "y2": laid.height}
    layers = [rules([line], color="var(--bad)", dash=True, width=1.5)]
    typical = [{"x": one.typical, "y": y} for one, y in pairs if one.typical is not None]
    spans = [
        {"x": one.fewest, "x2": one.typical, "y": y, "y2": y}
        for one, y in pairs
        if one.typical is not None
    ]
    if typical:
        layers.append(rules(spans, color="var(--quiet)"))
        layers.append(dots(typical, fill=BEFORE.fill, stroke=BEFORE.stroke, size=58))
    fewest = [{"x": one.fewest, "y": y} for one, y in pairs]
    layers.append(dots(fewest, fill=AFTER.fill, stroke=AFTER.stroke, size=58, shape=AFTER.shape))
    keys = [
        AFTER.key(place.words("færrest for noen", "fewest for anyone")),
        *([BEFORE.key(place.words("i midten (median)", "typical (median)"))] if typical else []),
        Key(f"k = {count(k)}", "line", stroke="var(--bad)", dash=True),
    ]
    least = min(releases, key=lambda one: one.fewest)
    figure = decimal(least.fewest, place.language)
    return place.drawn(
        laid.spec(
            axis,
            layers,
            title=place.words(
                "personer som det kan være (logaritmisk skala)",
                "persons whom it could be (logarithmic scale)",
            ),
            keys=keys,
        ),
        title=place.words("Sammen med tidligere utleveringer", "Together with earlier releases"),
        told=place.words(
            f"Hver rad er utleveringer som noen legger sammen. Færrest: {least.named.text}, {figure}.",
            f"Each row is releases that somebody puts together. Fewest: {least.named.text}, {figure}.",
        ),
    )


def _row(one: Remaining, place: Place, k: int) -> Row:
    fewest = decimal(one.fewest, place.language)
    text = place.words(f"færrest {fewest}", f"fewest {fewest}")
    if one.typical is not None:
        typical = decimal(one.typical, place.language)
        text += place.words(f", median {typical}", f", median {typical}")
    return Row(
        one.named.text,
        fewest,
        f"{one.named.text}: {text}",
        one.named.row,
        one.named.group,
        alarm=one.fewest < k,
    )
