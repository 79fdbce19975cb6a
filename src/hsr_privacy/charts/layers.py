"""Layers: the kinds of marks that pictures are made of, as Vega-Lite specifies them.

A mark stands in pixels (``Where`` is ``page``), across on the scale of the picture and down in pixels
(``rows``), or on scales both ways (``plot``). No name from outside is ever the name of a field: Vega
would read dots and brackets in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Data = Sequence[Mapping[str, object]]
Where = Literal["page", "rows", "plot"]


@dataclass(frozen=True)
class Layer:
    """One layer of a picture.

    Attributes:
        made: its specification.
    """

    made: dict[str, Any]

    def on(self, **channels: Mapping[str, object]) -> Layer:
        """The layer with more said about its channels, unless they are in pixels."""
        encoding = dict(self.made["encoding"])
        for channel, more in channels.items():
            if "scale" not in encoding.get(channel, {"scale": None}):
                encoding[channel] = {**encoding[channel], **more}
        return Layer({**self.made, "encoding": encoding})


def words(texts: Data) -> list[Layer]:
    """Words at ``x`` and ``y`` (the base line), in pixels, by ``kind``.

    Args:
        texts: each with ``text``, and as ``kind`` any of ``faint``, ``alarm``, ``strong``, ``over``
            (something drawn), ``middle``, ``end``, with blanks between.
    """
    layers = []
    for kind in sorted({str(text["kind"]) for text in texts}):
        looks = kind.split()
        mark: dict[str, object] = {
            "type": "text",
            "aria": False,
            "align": "right" if "end" in looks else "center" if "middle" in looks else "left",
            "baseline": "alphabetic",
            "limit": 0,
        }
        if "faint" in looks or "alarm" in looks:
            mark["color"] = "var(--quiet)" if "faint" in looks else "var(--bad)"
        if "strong" in looks:
            mark["fontWeight"] = "bold"
        if "over" in looks:
            mark |= {"stroke": "var(--paper)", "strokeWidth": 4}
        encoding = {**_at("page"), "text": {"field": "text"}}
        layers.append(_layer([text for text in texts if text["kind"] == kind], mark, encoding))
    return layers


def hits(boxes: Data) -> Layer:
    """Where a row is pointed at, read out and followed: from ``x``, ``y`` to ``x2``, ``y2``.

    Args:
        boxes: each with what is ``told``, and ``row``, the fragment to which it links, if it does.
    """
    mark = {"type": "rect", "fill": None}
    encoding = {
        **_at("page"),
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
        **_named(boxes),
    }
    return _layer(_linked(boxes), mark, encoding)


def rules(
    lines: Data, *, color: str, where: Where = "rows", dash: bool = False, width: float = 1
) -> Layer:
    """Straight lines from ``x``, ``y`` to ``x2``, ``y2``."""
    mark: dict[str, object] = {"type": "rule", "aria": False, "color": color, "strokeWidth": width}
    if dash:
        mark["strokeDash"] = [4, 3]
    encoding = {**_at(where), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return _layer(lines, mark, encoding)


def bars(boxes: Data, *, color: str) -> Layer:
    """Boxes from ``x`` to ``x2`` on the scale, from ``y`` to ``y2`` down the page."""
    encoding = {**_at("rows"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return _layer(boxes, {"type": "rect", "aria": False, "color": color}, encoding)


def dots(
    spots: Data,
    *,
    fill: str,
    stroke: str,
    size: float = 64,
    shape: str = "circle",
    where: Where = "rows",
    told: bool = False,
) -> Layer:
    """Marks at ``x`` and ``y``.

    Args:
        spots: their places.
        fill: colour inside.
        stroke: colour of the outline.
        size: in square pixels.
        shape: one of Vega's.
        where: they stand.
        told: whether each has ``told`` and perhaps ``row``, as in `hits`.
    """
    mark = {
        "type": "point",
        "aria": told,
        "shape": shape,
        "size": size,
        "fill": fill,
        "stroke": stroke,
        "strokeWidth": 1.5,
        "opacity": 1,
    }
    if not told:
        return _layer(spots, mark, _at(where))
    return _layer(_linked(spots), mark, _at(where) | _named(spots))


def stairs(corners: Data, *, color: str) -> Layer:
    """One line through ``x`` and ``y`` of a plot, in order, that goes along before it goes down."""
    ordered = [{**corner, "order": n} for n, corner in enumerate(corners)]
    mark = {
        "type": "line",
        "aria": False,
        "color": color,
        "strokeWidth": 1.5,
        "interpolate": "step-after",
    }
    encoding = {**_at("plot"), "order": {"field": "order", "type": "quantitative"}}
    return _layer(ordered, mark, encoding)


def _layer(data: Data, mark: Mapping[str, object], encoding: Mapping[str, object]) -> Layer:
    return Layer({"data": {"values": list(data)}, "mark": mark, "encoding": encoding})


def _at(where: Where) -> dict[str, object]:
    """The places of marks: in pixels, or on a scale that `Layer.on` gives."""
    pixels = {"type": "quantitative", "scale": None, "axis": None}
    scaled = {"type": "quantitative"}
    return {
        "x": {"field": "x", **(pixels if where == "page" else scaled)},
        "y": {"field": "y", **(scaled if where == "plot" else pixels)},
    }


def _named(marks: Data) -> dict[str, object]:
    """What is read out of marks, and where they lead."""
    made: dict[str, object] = {"description": {"field": "told", "type": "nominal"}}
    if any("row" in mark for mark in marks):
        made["href"] = {"field": "row", "type": "nominal"}
    return made


def _linked(marks: Data) -> Data:
    """The marks, those that lead nowhere with a link that `draw` takes off again."""
    return [{"row": "#", **mark} for mark in marks]
