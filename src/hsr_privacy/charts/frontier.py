"""Frontier: what less risk would cost, with this release and the releases one change away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hsr_privacy.charts.axes import Axis, risk_axis, share_axis
from hsr_privacy.charts.figures import ARROW, count, percent
from hsr_privacy.charts.keys import Key, lay_keys
from hsr_privacy.charts.layers import Layer, dots, hits, rules, stairs, words
from hsr_privacy.charts.measures import LINE, width, wrap
from hsr_privacy.charts.places import Place
from hsr_privacy.charts.spots import Spot, beside
from hsr_privacy.charts.values import Option, demand_shares

NAMED: Final = 12
"""Neighbours that are named at most; the table beside the picture has them all."""
_RIGHT: Final = 24
_NUMBER: Final = 26
_SAME: Final = 5e-7


def frontier(options: Sequence[Option], place: Place, *, here: Option) -> str | None:
    """Releases by what they cost and what they risk, as an element; None without any other.

    A ring is the release that is asked about; filled dots are releases that no other beats in both,
    joined by a line. The neighbours are numbered, and named below: ``month -> quarter: 31% -> 2%,
    costs 4% utility``. Risks stand on a scale that shows small ones and 0.

    Args:
        options: other releases, in any order.
        place: of the picture.
        here: the release that is asked about.
    Raises:
        DataError: a cost or a risk is no share.
    """
    if not options:
        return None
    every = [here, *options]
    demand_shares(tuple(one.cost for one in every), "costs")
    demand_shares(tuple(one.risk for one in every), "risks")
    down = risk_axis([one.risk for one in every], place.language)
    left = max(width(text) for _, text in down.ticks) + 16
    room = place.width - left - _RIGHT
    high = 300.0 if place.beside else 260.0
    along = share_axis([one.cost for one in every], place.language, room=room)
    neighbours = [one for one in options if one.neighbour]
    named = neighbours[:NAMED]
    listed, below = _listed(named, here, place, left=left, top=high + 64)
    if len(neighbours) > len(named):
        more = place.words(
            f"{count(len(neighbours) - len(named))} til står i tabellen",
            f"{count(len(neighbours) - len(named))} more are in the table",
        )
        listed += words([{"x": -left, "y": below + LINE, "text": more, "kind": "faint"}])
        below += LINE + 4
    legend, top = lay_keys(_keys(place), place.width, left=-left)
    title = place.words("andel av personene i risiko", "share of the persons at risk")
    titled = words([{"x": -left, "y": -16, "text": title, "kind": "faint"}])
    plane = _Plane(along, down, room, high)
    axes = {
        "x": {
            "scale": along.scale(),
            "axis": along.axis(
                title=[place.words("tapt nytte", "utility lost")],
                titleX=0,
                titleY=44,
                titleAlign="left",
                titleAnchor="start",
                titleBaseline="alphabetic",
                tickSize=4,
                labelPadding=8,
                grid=False,
            ),
        },
        "y": {
            "scale": down.scale(),
            "axis": down.axis(ticks=False, labelPadding=14, domain=False),
        },
    }
    layers = [*_marks(options, here, named, place), *_numbers(options, here, named, plane)]
    legend = [Layer(_lifted(layer.made, 28)) for layer in legend]
    spec = {
        "width": room,
        "height": high,
        "autosize": "none",
        "padding": {
            "left": left,
            "right": _RIGHT,
            "top": top + 28,
            "bottom": max(below, high + 50) + 6 - high,
        },
        "layer": [
            one.made for one in (*legend, *titled, *(one.on(**axes) for one in layers), *listed)
        ],
    }
    return place.drawn(
        spec,
        title=place.words("Risiko mot nytte", "Risk against utility"),
        told=_told(options, here, place),
    )


class _Plane:
    """Where costs and risks stand, in pixels."""

    def __init__(self, along: Axis, down: Axis, room: float, high: float) -> None:
        self.along, self.down, self.room, self.high = along, down, room, high

    def spot(self, one: Option) -> Spot:
        """Pixels from the left and from above."""
        return (self.along.part(one.cost) * self.room, (1 - self.down.part(one.risk)) * self.high)


def _marks(
    options: Sequence[Option], here: Option, named: Sequence[Option], place: Place
) -> list[Layer]:
    """The line of the best, and a dot per release."""
    best = sorted(
        (one for one in (*options, here) if one.best), key=lambda one: (one.cost, -one.risk)
    )
    layers = []
    if len(best) > 1:
        corners = [{"x": one.cost, "y": one.risk} for one in best]
        layers.append(stairs(corners, color="var(--quiet)"))
    for kind in (False, True):
        of_kind = [one for one in options if one.best is kind]
        spots = [_mark(one, here, place, linked=one not in named) for one in of_kind]
        fill = "var(--quiet)" if kind else "var(--paper)"
        if spots:
            layers.append(
                dots(spots, fill=fill, stroke="var(--quiet)", size=44, where="plot", told=True)
            )
    spot = _mark(here, here, place, linked=True)
    ring = dots([spot], fill="none", stroke="var(--bad)", size=300, where="plot")
    dot = dots(
        [spot],
        fill="var(--bad)",
        stroke="var(--bad)",
        size=70,
        shape="diamond",
        where="plot",
        told=True,
    )
    return [*layers, ring, dot]


def _mark(one: Option, here: Option, place: Place, *, linked: bool) -> Mapping[str, object]:
    cost, risk = percent(one.cost, place.language), percent(one.risk, place.language)
    name = one.named.text
    if one is here:
        name = place.words(f"denne utleveringen, {name}", f"this release, {name}")
    text = place.words(
        f"{name}: risiko {risk}, tapt nytte {cost}", f"{name}: risk {risk}, utility lost {cost}"
    )
    spot = {"x": one.cost, "y": one.risk, "told": text}
    return spot | ({"row": f"#{one.named.row}"} if one.named.row and linked else {})


def _numbers(
    options: Sequence[Option], here: Option, named: Sequence[Option], plane: _Plane
) -> list[Layer]:
    """The numbers of the neighbours, each with a line to its dot."""
    if not named:
        return []
    points = [plane.spot(one) for one in named]
    others = [plane.spot(one) for one in (here, *options) if one not in named]
    labels = beside(points, others, width=plane.room, height=plane.high)
    pairs = list(zip(points, labels, strict=True))
    lines = [{"x": x, "y": y, "x2": to[0], "y2": to[1]} for (x, y), to in pairs]
    discs = [{"x": x, "y": y} for x, y in labels]
    texts = [
        {"x": x, "y": y + 4, "text": str(n), "kind": "middle"} for n, (x, y) in enumerate(labels, 1)
    ]
    return [
        rules(lines, color="var(--accent)", where="page"),
        dots(discs, fill="var(--paper)", stroke="var(--accent)", size=314, where="page"),
        *words(texts),
    ]


def _listed(
    named: Sequence[Option], here: Option, place: Place, *, left: float, top: float
) -> tuple[list[Layer], float]:
    """The neighbours in words below the picture, and where they end."""
    if not named:
        return [], top
    texts: list[dict[str, object]] = []
    boxes: list[dict[str, object]] = []
    discs: list[dict[str, object]] = []
    head = place.words("Én endring herfra:", "One change from here:")
    texts.append({"x": -left, "y": top + 8, "text": head, "kind": "strong"})
    y = top + 16
    for n, one in enumerate(named, 1):
        sentence = _sentence(one, here, place)
        lines = wrap(sentence, place.width - _NUMBER - 4)
        discs.append({"x": 11 - left, "y": y + 12})
        texts.append({"x": 11 - left, "y": y + 16, "text": str(n), "kind": "middle"})
        texts += [
            {"x": _NUMBER - left, "y": y + 16 + LINE * row, "text": line, "kind": ""}
            for row, line in enumerate(lines)
        ]
        end = y + LINE * len(lines) + 8
        box = {"x": -left, "x2": place.width - left, "y": y, "y2": end, "told": f"{n}. {sentence}"}
        boxes.append(box | ({"row": f"#{one.named.row}"} if one.named.row else {}))
        y = end
    marks = dots(discs, fill="var(--paper)", stroke="var(--accent)", size=314, where="page")
    return [hits(boxes), marks, *words(texts)], y


def _sentence(one: Option, here: Option, place: Place) -> str:
    """``month -> quarter: 31% -> 2%, costs 4% utility``."""
    before, after = percent(here.risk, place.language), percent(one.risk, place.language)
    more = one.cost - here.cost
    size = percent(abs(more), place.language)
    if abs(more) < _SAME:
        cost = place.words("koster ingen nytte", "costs no utility")
    elif more > 0:
        cost = place.words(f"koster {size} nytte", f"costs {size} utility")
    else:
        cost = place.words(f"gir {size} nytte tilbake", f"gives back {size} utility")
    return f"{one.named.text}: {before} {ARROW} {after}, {cost}"


def _keys(place: Place) -> list[Key]:
    quiet, bad = "var(--quiet)", "var(--bad)"
    best = place.words("ingen andre er bedre i begge", "no other is better in both")
    return [
        Key(place.words("denne utleveringen", "this release"), "diamond", bad, bad, size=70),
        Key(best, fill=quiet, stroke=quiet, size=44),
        Key(place.words("andre", "others"), fill="var(--paper)", stroke=quiet, size=44),
    ]


def _told(options: Sequence[Option], here: Option, place: Place) -> str:
    risk, cost = percent(here.risk, place.language), percent(here.cost, place.language)
    both = sum(one.cost <= here.cost and one.risk < here.risk for one in options)
    return place.words(
        f"Hvert punkt er en utlevering: tapt nytte fra venstre mot høyre, risiko nedenfra. Denne har "
        f"risiko {risk} og tapt nytte {cost}; {count(both)} av {count(len(options))} andre har mindre "
        f"risiko uten å koste mer.",
        f"Each dot is a release: utility lost from left to right, risk from below. This one has risk "
        f"{risk} and utility lost {cost}; {count(both)} of {count(len(options))} others have less risk "
        f"and cost no more.",
    )


def _lifted(made: dict[str, object], pixels: float) -> dict[str, object]:
    """A layer of the key, further up."""
    data = made["data"]
    assert isinstance(data, dict)
    moved = [
        {key: value - pixels if key in ("y", "y2") else value for key, value in one.items()}
        for one in data["values"]
    ]
    return {**made, "data": {"values": moved}}
