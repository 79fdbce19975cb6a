"""What a picture holds, read as XML, and one picture of every kind to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from hsr_privacy.charts import (
    Bin,
    Change,
    Contribution,
    Group,
    Interval,
    Named,
    Option,
    Place,
    Remaining,
    class_sizes,
    contributions,
    forest,
    frontier,
    remaining_candidates,
    risk_by_scenario,
    suppression_by_subgroup,
)
from hsr_privacy.charts.measures import LETTER, width

SVG: Final = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Words:
    """Words with the box that they take at most."""

    text: str
    left: float
    right: float
    base: float

    def covers(self, other: Words) -> bool:
        across = self.left < other.right - 0.5 and other.left < self.right - 0.5
        return across and abs(self.base - other.base) < LETTER


def parsed(picture: str | None) -> ET.Element:
    assert picture is not None
    return ET.fromstring(picture)


def kind(element: ET.Element) -> str:
    return element.tag.removeprefix(SVG)


def told(picture: str | None) -> list[str]:
    """What is read out of the marks, in order."""
    titles = [element.find(f"{SVG}title") for element in parsed(picture).iter()]
    return [title.text or "" for title in titles if title is not None and title.get("id") is None]


def links(picture: str | None) -> list[str]:
    return [one.attrib["href"] for one in parsed(picture).iter(f"{SVG}a")]


def bars_of(picture: str | None) -> list[tuple[str, float]]:
    """Colour and length of each box that is filled, but for those of the key."""
    found = []
    for one in parsed(picture).iter(f"{SVG}path"):
        box = re.fullmatch(r"M[-\d.]+,[-\d.]+h([-\d.]+)v[-\d.]+h[-\d.]+Z", one.get("d", ""))
        if box and one.get("fill") and not one.get("transform"):
            found.append((one.attrib["fill"], float(box.group(1))))
    return found


def words_of(picture: str | None) -> list[Words]:
    """All words with their places in the whole picture."""
    return list(_words(parsed(picture), 0, 0))


def _words(element: ET.Element, x: float, y: float) -> Iterator[Words]:
    moved = re.fullmatch(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
    if moved:
        x, y = x + float(moved.group(1)), y + float(moved.group(2))
    if kind(element) == "text":
        text = element.text or ""
        long = width(text, strong="strong" in element.get("class", "").split())
        part = {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        yield Words(text, x - part * long, x + (1 - part) * long, y)
    for child in element:
        yield from _words(child, x, y)


def sizes(place: Place) -> str | None:
    bins = [Bin(1, 1, 0.01, 0.3, row="sizes-1"), Bin(2, 4, 0, 0.2), Bin(5, None, 0.99)]
    return class_sizes(bins, place, k=5)


def scenarios(place: Place, name: str = "nabo") -> str | None:
    changes = [
        Change(
            Named(name, row="scenario-1"), Interval(0.31, 0.28, 0.34), Interval(0.02, 0, 0.0301)
        ),
        Change(Named("kollega"), None, Interval(0.5)),
    ]
    return risk_by_scenario(changes, place, limit=0.09)


def options(place: Place, name: str = "måned til kvartal") -> str | None:
    others = [
        Option(Named(name, row="option-1"), 0.16, 0.02, best=True, neighbour=True),
        Option(Named("uke"), 0.01, 0.8, best=True),
        Option(Named("dag"), 0.2, 0.9),
    ]
    return frontier(others, place, here=Option(Named("denne"), 0.12, 0.31))


def subgroups(place: Place, name: str = "kvinne") -> str | None:
    groups = [
        Group(Named(name, row="group-1", group="kjønn"), Interval(0.034, 0.03, 0.04)),
        Group(Named("mann", group="kjønn"), None),
    ]
    return suppression_by_subgroup(groups, place, whole=0.021)


def variables(place: Place, name: str = "kommune") -> str | None:
    shares = [
        Contribution(Named("kjønn"), 0.01),
        Contribution(Named(name, row="variable-1"), 0.31),
    ]
    return contributions(shares, place)


def analyses(place: Place, name: str = "sjokkbar rytme") -> str | None:
    changes = [
        Change(
            Named(name, row="analysis-1", group=name),
            Interval(7, 5.1, 9.6),
            Interval(6.6, 4.7, 9.2),
        ),
        Change(Named("alder"), Interval(0.7, 0.6, float("inf")), None),
    ]
    return forest(changes, place)


def earlier(place: Place, name: str = "med mars 2025") -> str | None:
    releases = [Remaining(Named(name, row="release-1"), 3, 41), Remaining(Named("alene"), 7)]
    return remaining_candidates(releases, place, k=5)


NAMED: Final[dict[str, Callable[[Place, str], str | None]]] = {
    "scenarios": scenarios,
    "frontier": options,
    "subgroups": subgroups,
    "contributions": variables,
    "forest": analyses,
    "remaining": earlier,
}
"""Pictures in which things have names from outside."""

EVERY: Final[dict[str, Callable[[Place], str | None]]] = {
    "sizes": sizes,
    "scenarios": scenarios,
    "frontier": options,
    "subgroups": subgroups,
    "contributions": variables,
    "forest": analyses,
    "remaining": earlier,
}
