"""Simulating: attackers who look for persons of the truth in a release."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking.coding import View
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.knowledge import Held, held, knowable
from hsr_privacy.attacking.matching import Matched, People, Table
from hsr_privacy.attacking.newsworthy import newsworthy
from hsr_privacy.errors import DataError
from hsr_privacy.estimates import Z_95, rate
from hsr_privacy.models.scenarios import Attacker, Knowledge

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Attack:
    """How simulated attackers fare against one table; shares are of them (0-1).

    Attributes:
        columns: those that they know and the table holds.
        persons: in the table.
        right: share who point at their target, if each picks one of their candidates by chance;
            times 100, the expected matches of a hundred targets.
        certain: share for whom one person alone is compatible, and it is the target.
        mistaken: share for whom one person alone is compatible, and it is somebody else.
        nobody: share for whom nobody is compatible; they take those who fit all but one column.
        candidates: persons of whom an attacker picks one, the median.
        false_match: control: share for whom somebody is compatible though their target is not in
            the table, their row having been taken out.
        false_certain: control: share for whom one person alone is compatible then.
    """

    columns: tuple[str, ...]
    persons: int
    right: Estimate
    certain: Estimate
    mistaken: Estimate
    nobody: Estimate
    candidates: Estimate
    false_match: Estimate
    false_certain: Estimate


@dataclass(frozen=True, eq=False)
class Simulation:
    """Attackers with their targets and what they hold; the same against every table.

    Attributes:
        exposed: the release and its truth.
        rows: int64, per attacker, the target's row of the truth.
        held: per column that is known and that the truth has.
    """

    exposed: Exposed = field(repr=False)
    rows: Int64s
    held: Mapping[str, Held]
    _allowed: dict[int, tuple[View, Bools]] = field(default_factory=dict, repr=False)

    @property
    def released(self) -> dict[str, View]:
        """What the release shows of the columns that are known."""
        views = {name: self.exposed.column(name).released for name in self.held}
        return {name: view for name, view in views.items() if view is not None}

    @property
    def raw(self) -> dict[str, View]:
        """The truth of the columns that are known."""
        return {name: self.exposed.column(name).raw for name in self.held}

    @cached_property
    def against_release(self) -> Attack:
        """Attack the released rows."""
        return self.against(self.released)

    @cached_property
    def against_truth(self) -> Attack:
        """Attack the truth as if it were released: everybody in it, in full detail."""
        return self._attack(self.raw, self.exposed.people[0])

    def against(self, views: Mapping[str, View]) -> Attack:
        """Attack the released rows, if their columns showed something else.

        Args:
            views: what they show.
        """
        return self._attack(views, self.exposed.people[1])

    def _attack(self, views: Mapping[str, View], people: People) -> Attack:
        table = Table(tuple(views.values()), people)
        allowed = [self._allowed_in(name, view) for name, view in views.items()]
        matched = table.matched(allowed, self.exposed.people[0].owners[self.rows])
        return _figures(tuple(views), people.persons, matched)

    def _allowed_in(self, name: str, view: View) -> Bools:
        """What is compatible with what is held of a column; kept, as views are met again."""
        if id(view) not in self._allowed:
            self._allowed[id(view)] = (view, self.held[name].allowed(view))
        return self._allowed[id(view)][1]


def simulate(exposed: Exposed, attacker: Attacker, *, seed: int, attackers: int) -> Simulation:
    """Draw the targets of so many attackers, and what each holds.

    Targets are persons of the truth, each once as long as there are enough, with one of their
    events; of an attacker who reads the news, events by their chance to be written about.

    Args:
        exposed: the release and its truth.
        attacker: what they know.
        seed: of all chances.
        attackers: how many are simulated; one for each person at most.

    Raises:
        DataError: no attackers, or a released column that they know and the truth does not have.
    """
    if attackers < 1:
        raise DataError(f"{attackers} attackers; at least one must be simulated")
    for one in attacker.knowledge:
        if one.column in exposed.released.columns and not exposed.holds(one.column):
            raise DataError(
                f"column '{one.column}', which scenario '{attacker.name}' knows, is released and the "
                "original has none of that name; without it the attack cannot be simulated"
            )
    random = _random(seed, attacker.name)
    if attacker.news is None:
        rows = _persons(exposed, attackers, random)
    else:
        chances = newsworthy(exposed, attacker.news).chances[exposed.order]
        if not chances.sum():
            raise DataError(f"scenario '{attacker.name}': no event could be written about")
        drawn = random.choice(len(chances), attackers, p=chances / chances.sum())
        rows = exposed.order[drawn]
    return Simulation(
        exposed,
        rows,
        {
            one.column: held(
                exposed.column(one.column), one, rows, _random(seed, attacker.name, one.column)
            )
            for one in attacker.knowledge
            if exposed.holds(one.column) and _counts(exposed, one)
        },
    )


def _counts(exposed: Exposed, knowledge: Knowledge) -> bool:
    """Whether a column takes part: one that is dropped only if it can be known as the scenario says."""
    name = knowledge.column
    return name in exposed.released.columns or knowable(exposed.column(name), knowledge)


def _persons(exposed: Exposed, attackers: int, random: np.random.Generator) -> Int64s:
    """Rows of the truth: of different persons, and of each one of their events."""
    order = exposed.order
    owners = exposed.people[0].owners[order]
    grouped = order[np.argsort(owners, kind="stable")]
    events = np.bincount(owners)
    events = events[events > 0]
    starts = np.append(0, np.cumsum(events)[:-1])
    if attackers < len(events):
        chosen = random.choice(len(events), attackers, replace=False)
    else:
        chosen = np.arange(len(events))
    which = np.floor(random.random(len(chosen)) * events[chosen]).astype(np.int64)
    rows: Int64s = grouped[starts[chosen] + which]
    return rows


def _random(seed: int, *names: str) -> np.random.Generator:
    """A source of chances for one purpose, so that one purpose more changes no other."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def _figures(columns: tuple[str, ...], persons: int, matched: Matched) -> Attack:
    found, others = matched.persons, matched.others
    return Attack(
        columns=columns,
        persons=persons,
        right=_mean(matched.chances),
        certain=_share((found == 1) & matched.right),
        mistaken=_share((found == 1) & ~matched.right),
        nobody=_share(found == 0),
        candidates=_median(matched.candidates),
        false_match=_share(others > 0),
        false_certain=_share(others == 1),
    )


def _share(cases: Bools) -> Estimate:
    """With Wilson's interval."""
    found = rate(int(cases.sum()), len(cases))
    return Estimate(float(cases.mean()), found.low, found.high)


def _mean(chances: Floats) -> Estimate:
    """The mean of chances, with Wilson's interval for as many cases as their spread is worth.

    A hit or miss varies by p (1 - p), a chance of one in so many by less; its mean is as sure as
    that of more hits and misses. One hit and one miss more are supposed, as those that were not
    met may be there all the same.
    """
    size, mean = len(chances), float(chances.mean())
    spread = float(np.append(chances, [0.0, 1.0]).var())
    worth = size * max(mean * (1 - mean) / spread, 1.0)
    below = 1 + Z_95**2 / worth
    middle = (mean + Z_95**2 / (2 * worth)) / below
    half = Z_95 / below * math.sqrt(mean * (1 - mean) / worth + (Z_95 / (2 * worth)) ** 2)
    return Estimate(mean, max(0.0, middle - half), min(1.0, middle + half))


def _median(sizes: Int64s) -> Estimate:
    """With the interval between two of the ordered sizes, by the binomial of how many lie below."""
    ordered = np.sort(sizes)
    reach = Z_95 * math.sqrt(len(ordered)) / 2
    low = max(0, math.floor(len(ordered) / 2 - reach))
    high = min(len(ordered) - 1, math.ceil(len(ordered) / 2 + reach))
    return Estimate(float(np.median(ordered)), float(ordered[low]), float(ordered[high]))
