"""News: what a reader of newspapers would recognize, and which coarser level would stop it most."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from hsr_privacy.attacking.coding import CodedColumn
from hsr_privacy.attacking.expecting import ATTACKERS
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.newsworthy import Outstanding, absent, newsworthy
from hsr_privacy.attacking.simulating import Attack, Estimate, Simulation, simulate
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import TOP
from hsr_privacy.models.scenarios import Attacker, News


@dataclass(frozen=True)
class OtherLevel:
    """What a reader would recognize if one column alone stood on another level.

    Attributes:
        column: its name.
        level: on which it leaves, by name.
        other: the next level, coarser or finer; ``*`` for a column that leaves as it is and could
            only be left out.
        right: expected share of stories whose person is pointed at, on the other level.
        certain: share of stories that only the right person fits.
    """

    column: str
    level: str
    other: str
    right: Estimate
    certain: Estimate


@dataclass(frozen=True)
class NewsLinks:
    """What can be linked to the news.

    Attributes:
        scenario: its name.
        seed: of the chances.
        stories: how many were simulated.
        expected: stories that the table's own events would make.
        absent: what a newspaper tells and the release does not hold, with the column that would.
        useless: columns that the reader knows and the release does not hold.
        before: hits in the truth, as if it were released.
        released: hits in the release.
        coarser: per column, on its next coarser level; what lowers the hits most comes first.
        finer: per column, on its next finer level; what raises them most comes first.
        outstanding: events that stand out, in the truth.
    """

    scenario: str
    seed: int
    stories: int
    expected: float
    absent: dict[str, str]
    useless: tuple[str, ...]
    before: Attack
    released: Attack
    coarser: tuple[OtherLevel, ...]
    finer: tuple[OtherLevel, ...]
    outstanding: Outstanding

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and names of columns and levels."""
        return asdict(self)


def news_links(
    exposed: Exposed, attacker: Attacker, *, seed: int, stories: int = ATTACKERS
) -> NewsLinks:
    """Simulate stories about events of the truth, and link them to the release.

    Which events are written about is drawn by their chances: more often the young, survivors,
    public places, and several persons on one day. What is written of them is as fine and as right
    as the scenario says. The hits are those of `expected_matches` with the same seed. Then one
    column alone is brought to its next level, and the same stories are linked once more; where
    another column tells the same, as the year does of the day, little changes then.

    Args:
        exposed: the release and its truth.
        attacker: a reader, with what makes news.
        seed: of all chances.
        stories: how many are simulated.

    Raises:
        DataError: the scenario does not say what makes news, or see `expected_matches`.

    Source: Sweeney 2013, arXiv:1307.1370 (43 % of 81 news stories matched one hospital record);
    Field et al. 2011, doi:10.1258/jrsm.2011.110228 (which cardiac arrests newspapers write about).
    """
    _makes_news(attacker)
    return news_of(simulate(exposed, attacker, seed=seed, attackers=stories), attacker, seed=seed)


def news_of(simulation: Simulation, attacker: Attacker, *, seed: int) -> NewsLinks:
    """Link stories that are simulated already; see `news_links`."""
    exposed, news = simulation.exposed, _makes_news(attacker)
    found = newsworthy(exposed, news)
    names = list(simulation.released)
    coarser = [one for name in names if (one := _other_level(simulation, name, 1)) is not None]
    finer = [one for name in names if (one := _other_level(simulation, name, -1)) is not None]
    return NewsLinks(
        scenario=attacker.name,
        seed=seed,
        stories=len(simulation.rows),
        expected=float(found.chances.sum()),
        absent=dict(absent(exposed, news)),
        useless=attacker.useless(exposed.released.columns),
        before=simulation.against_truth,
        released=simulation.against_release,
        coarser=tuple(sorted(coarser, key=lambda one: (one.right.value, one.column))),
        finer=tuple(sorted(finer, key=lambda one: (-one.right.value, one.column))),
        outstanding=found.outstanding,
    )


def _makes_news(attacker: Attacker) -> News:
    if attacker.news is None:
        raise DataError(f"scenario '{attacker.name}' does not say what makes news; give it 'news'")
    return attacker.news


def _other_level(simulation: Simulation, name: str, step: int) -> OtherLevel | None:
    """One column alone a level coarser or finer; None where there is no such level."""
    exposed, views = simulation.exposed, simulation.released
    column = exposed.column(name)
    if len(column.level_names) == 1:
        if step < 0:
            return None
        del views[name]
        other = TOP
    else:
        view = column.recoded(step, exposed.truth_of_row)
        if view is None:
            return None
        views[name] = view
        other = column.level_names[min(_level(column) + step, len(column.level_names) - 1)]
    attack = simulation.against(views)
    return OtherLevel(name, column.level_names[_level(column)], other, attack.right, attack.certain)


def _level(column: CodedColumn) -> int:
    """The level on which a column's cells stand; the coarsest, where they stand on several."""
    return int(column.levels.max(initial=0))
