"""Scenarios: the attackers that a release must withstand, as a file names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError, DataError, Fault
from hsr_privacy.models.projections import Scenario

if TYPE_CHECKING:
    from hsr_privacy.documents import Document, Label
    from hsr_privacy.models.scenario_file import (
        WrittenAmong,
        WrittenKnowledge,
        WrittenNews,
        WrittenScenario,
        WrittenWay,
    )


@dataclass(frozen=True)
class Precision:
    """How finely a column is known; exactly, where nothing else is said.

    Attributes:
        share: of those who know the column at all (0-1).
        within: largest distance of the truth from what they hold, in the column's unit; days for
            a date.
        every: they know the step of so many units that the truth lies in, such as the decade of
            an age; of 7 days for a date, the week from Monday to Sunday. 0 where they know more.
        level: they know the node of the level of this name; None where they know more.
    """

    share: float = 1.0
    within: float = 0.0
    every: int = 0
    level: str | None = None


@dataclass(frozen=True)
class Knowledge:
    """What attackers of one kind know of one column.

    Attributes:
        column: its name.
        precisions: how finely, with shares that are 1 together.
        wrong: share (0-1) of the attackers who hold a wrong value and believe it.
        unknown: share (0-1) who do not know it at all.
    """

    column: str
    precisions: tuple[Precision, ...] = (Precision(),)
    wrong: float = 0.0
    unknown: float = 0.0


@dataclass(frozen=True)
class Codes:
    """Codes of a column that count, and the odds that they multiply; without codes, nothing."""

    values: tuple[str, ...] = ()
    odds: float = 1.0


@dataclass(frozen=True)
class News:
    """Which events are written about; a column that is None is not looked at.

    Attributes:
        chance: of an event to which nothing else applies (0-1).
        date: column of the day.
        municipality: column of the place on the map.
        place: column of the kind of place.
        age: column of the age.
        outcome: column of what became of the person.
        young_below: the age below which the odds are multiplied.
        young_odds: by this.
        public: the kinds of place that are public.
        survived: the outcomes that are good.
        several_odds: where several persons are concerned on one day in one public place.
    """

    chance: float
    date: str | None = None
    municipality: str | None = None
    place: str | None = None
    age: str | None = None
    outcome: str | None = None
    young_below: float = 0.0
    young_odds: float = 1.0
    public: Codes = Codes()
    survived: Codes = Codes()
    several_odds: float = 1.0


@dataclass(frozen=True)
class Attacker:
    """Somebody who knows something of a person that is looked for.

    Attributes:
        name: of the scenario.
        label: in bokmål and English.
        who: a sentence on who that is, if the file has one.
        known: the quasi-identifiers that are known.
        besides: what is known and is no quasi-identifier.
        k: persons who must fit the quasi-identifiers that are known, each exactly.
        targets: persons whom one such attacker looks for.
        attackers: of this kind for each person in the register.
        news: where the targets are those of whom a newspaper writes.
    """

    name: str
    label: Label
    who: Label | None
    known: tuple[Knowledge, ...]
    besides: tuple[Knowledge, ...]
    k: int
    targets: float = 1.0
    attackers: float = 1.0
    news: News | None = None

    @property
    def knowledge(self) -> tuple[Knowledge, ...]:
        """All that is known."""
        return (*self.known, *self.besides)

    @property
    def model(self) -> Scenario:
        """The privacy model: k persons fit the quasi-identifiers that are known."""
        return Scenario(self.name, tuple(one.column for one in self.known), self.k)

    def useless(self, columns: Iterable[str]) -> tuple[str, ...]:
        """What they know and a table with these columns does not hold."""
        held = set(columns)
        return tuple(one.column for one in self.knowledge if one.column not in held)


def load_attackers(
    path: Path | None = None, *, columns: Mapping[str, Sequence[str]] | None = None
) -> tuple[Attacker, ...]:
    """Read scenarios; the shipped ones if no file is named.

    Args:
        path: of the file.
        columns: those that there are, such as the codebook's, each with the names of the levels of
            its hierarchy; what no one knows is a fault then.

    Raises:
        ConfigError: every fault with file and line, and the nearest right name.
    """
    from hsr_privacy.documents import check, read
    from hsr_privacy.models.scenario_file import ScenarioFile

    path = path or shipped("configs", "scenarios.yaml")
    document = read(path)
    written = check(document, ScenarioFile)
    faults = sorted(_faults(document, written.scenarios, tuple(written.sources), columns))
    if faults:
        if all(fault.problem.endswith("stands twice") for fault in faults):
            raise ConfigError(f"{path} names a scenario twice", faults)
        raise ConfigError(f"{path} has {len(faults)} fault(s)", faults)
    return tuple(_attacker(one) for one in written.scenarios)


def load_scenarios(path: Path | None = None) -> tuple[Scenario, ...]:
    """Read scenarios as privacy models; the shipped ones if no file is named.

    Raises:
        ConfigError: every fault with file and line.
    """
    return tuple(one.model for one in load_attackers(path))


def fitting(
    scenarios: Iterable[Scenario], quasi_identifiers: Sequence[str], columns: Sequence[str]
) -> tuple[Scenario, ...]:
    """The scenarios as far as a table gives them something to know.

    What an attacker knows and the table does not hold is of no use and left out; a scenario of
    which nothing is left is left out whole.

    Args:
        scenarios: as they were read.
        quasi_identifiers: of the table.
        columns: all columns of the table.

    Raises:
        DataError: the table holds something that an attacker knows, and it would be released as it
            is, as it is no quasi-identifier.
    """
    found = []
    for scenario in scenarios:
        bare = [
            name for name in scenario.columns if name in columns and name not in quasi_identifiers
        ]
        if bare:
            raise DataError(
                f"scenario '{scenario.label}' knows '{bare[0]}', which the table holds and which "
                "is no quasi-identifier; add it to them or leave the column out"
            )
        known = tuple(name for name in scenario.columns if name in quasi_identifiers)
        if known:
            found.append(replace(scenario, columns=known))
    return tuple(found)


def _faults(
    document: Document,
    scenarios: Sequence[WrittenScenario],
    sources: Sequence[str],
    columns: Mapping[str, Sequence[str]] | None,
) -> Iterator[Fault]:
    from hsr_privacy.documents import untold_sources
    from hsr_privacy.models.scenario_file import ASSUMPTION

    names: set[str] = set()
    for number, one in enumerate(scenarios):
        where = ("scenarios", number)
        if one.name in names:
            yield document.fault((*where, "name"), f"'{one.name}' stands twice")
        names.add(one.name)
        for part, knows in (("knows", one.knows), ("knows_besides", one.knows_besides)):
            for column, knowledge in knows.items():
                problem = _wrong_column(column, knowledge, columns)
                if part == "knows_besides" and column in one.knows:
                    problem = f"'{column}' stands in 'knows' too; keep one of them"
                if problem:
                    yield document.fault((*where, part, column), problem)
        for role, column in one.news.columns.items() if one.news is not None else ():
            if column not in one.knows and column not in one.knows_besides:
                problem = (
                    f"'{column}' is not among what '{one.name}' knows; add it, or leave it out"
                )
                yield document.fault((*where, "news", role), problem)
    yield from untold_sources(document, [*sources, ASSUMPTION])


def _wrong_column(
    column: str, knowledge: WrittenKnowledge, columns: Mapping[str, Sequence[str]] | None
) -> str:
    from hsr_privacy.documents import nearest

    if columns is None:
        return ""
    if column not in columns:
        return f"nobody has a column '{column}'{nearest(column, list(columns))}"
    levels = list(columns[column])
    for name in (knowledge.level, *(way.level for way in knowledge.ways)):
        if name is not None and name not in levels:
            has = f"; its levels, finest first: {', '.join(levels)}" if levels else ""
            return f"'{column}' has no level '{name}'{nearest(name, levels)}{has}"
    return ""


def _attacker(written: WrittenScenario) -> Attacker:
    return Attacker(
        name=written.name,
        label=written.label,
        who=written.who,
        known=tuple(_knowledge(*one) for one in written.knows.items()),
        besides=tuple(_knowledge(*one) for one in written.knows_besides.items()),
        k=written.k,
        targets=written.targets.value if written.targets is not None else 1.0,
        attackers=written.attackers.value if written.attackers is not None else 1.0,
        news=_news(written.news) if written.news is not None else None,
    )


def _knowledge(column: str, written: WrittenKnowledge) -> Knowledge:
    ways = tuple(_precision(way, way.share) for way in written.ways) or (_precision(written, 1.0),)
    return Knowledge(column, ways, written.wrong, written.unknown)


def _precision(written: WrittenKnowledge | WrittenWay, share: float) -> Precision:
    return Precision(share, written.within or 0.0, written.every or 0, written.level)


def _news(written: WrittenNews) -> News:
    young, several = written.young, written.several
    return News(
        chance=written.chance.value,
        date=written.date,
        municipality=written.municipality,
        place=written.place,
        age=written.age,
        outcome=written.outcome,
        young_below=young.below if young is not None else 0.0,
        young_odds=young.odds if young is not None else 1.0,
        public=_codes(written.public),
        survived=_codes(written.survived),
        several_odds=several.odds if several is not None else 1.0,
    )


def _codes(written: WrittenAmong | None) -> Codes:
    return Codes(written.values, written.odds) if written is not None else Codes()
