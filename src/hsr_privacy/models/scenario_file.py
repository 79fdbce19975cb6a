"""A file of scenarios, as people write it."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from hsr_privacy.documents import Label, Written

ASSUMPTION: Final = "assumption"
"""The source of a number that nobody has published."""

Share = Annotated[float, Field(ge=0, le=1)]
_Entry = TypeVar("_Entry")


def _some(entries: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    """Refuse a list without entries; pydantic's own check also complains of entries at fault."""
    if not entries:
        raise ValueError("name at least one")
    return entries


class WrittenWay(Written):
    """One precision in which a column is known.

    Attributes:
        share: of those who know the column at all.
        within: largest distance of the truth from what they hold, in the column's unit.
        every: they know the step of so many units that the truth lies in, such as the decade.
        level: they know the node of this level of the column's hierarchy.
    """

    share: Share
    within: Annotated[float, Field(gt=0)] | None = None
    every: Annotated[int, Field(ge=2)] | None = None
    level: str | None = None

    @model_validator(mode="after")
    def _is_one_precision(self) -> WrittenWay:
        _one_of(self.within, self.every, self.level)
        return self


class WrittenKnowledge(Written):
    """What is known of one column; exactly, where nothing is written.

    Attributes:
        within: see `WrittenWay`; for all who know the column.
        every: likewise.
        level: likewise.
        ways: several precisions, whose shares are 1 together.
        wrong: share (0-1) of these attackers who hold a wrong value and believe it.
        unknown: share (0-1) who do not know it at all.
        source: name of the source of these numbers.
    """

    within: Annotated[float, Field(gt=0)] | None = None
    every: Annotated[int, Field(ge=2)] | None = None
    level: str | None = None
    ways: tuple[WrittenWay, ...] = ()
    wrong: Share = 0.0
    unknown: Share = 0.0
    source: str | None = None

    @model_validator(mode="after")
    def _means_something(self) -> WrittenKnowledge:
        _one_of(self.within, self.every, self.level)
        alone = (self.within, self.every, self.level)
        if self.ways and any(value is not None for value in alone):
            raise ValueError("give 'ways', or one precision for all; not both")
        if self.ways and not math.isclose(sum(way.share for way in self.ways), 1):
            raise ValueError("the shares of its 'ways' must be 1 together")
        if self.wrong + self.unknown > 1:
            raise ValueError("'wrong' and 'unknown' are shares of the same attackers: at most 1")
        told = self.ways or self.wrong or self.unknown or any(value is not None for value in alone)
        if told and self.source is None:
            raise ValueError(
                f"say where its numbers come from: a 'source', '{ASSUMPTION}' if there is none"
            )
        return self


class WrittenNumber(Written):
    """A number with its source."""

    value: Annotated[float, Field(ge=0)]
    source: str


class WrittenChance(Written):
    """A probability with its source."""

    value: Share
    source: str


class WrittenOdds(Written):
    """What makes an event likelier to be written about.

    Attributes:
        odds: by which the odds are multiplied.
        source: name of the source.
    """

    odds: Annotated[float, Field(gt=0)]
    source: str


class WrittenYoung(WrittenOdds):
    """Persons below an age."""

    below: Annotated[float, Field(gt=0)]


class WrittenAmong(WrittenOdds):
    """Events of which a column holds one of some codes."""

    values: Annotated[tuple[str, ...], AfterValidator(_some)]


class WrittenNews(Written):
    """Which events are written about.

    Attributes:
        date: column of the day.
        municipality: column of the place on the map.
        place: column of the kind of place.
        age: column of the age.
        outcome: column of what became of the person.
        chance: of an event to which nothing below applies.
        young: below an age.
        public: in some kinds of place.
        survived: with some outcomes.
        several: where several persons are concerned on one day in one public place.
    """

    date: str | None = None
    municipality: str | None = None
    place: str | None = None
    age: str | None = None
    outcome: str | None = None
    chance: WrittenChance
    young: WrittenYoung | None = None
    public: WrittenAmong | None = None
    survived: WrittenAmong | None = None
    several: WrittenOdds | None = None

    @model_validator(mode="after")
    def _can_be_judged(self) -> WrittenNews:
        needs = (
            ("young", self.young, "age", self.age),
            ("public", self.public, "place", self.place),
            ("survived", self.survived, "outcome", self.outcome),
            ("several", self.several, "date", self.date),
            ("several", self.several, "municipality", self.municipality),
            ("several", self.several, "public", self.public),
        )
        for name, odds, need, given in needs:
            if odds is not None and given is None:
                raise ValueError(f"'{name}' cannot be judged without '{need}'")
        return self

    @property
    def columns(self) -> dict[str, str]:
        """What each column that is named stands for."""
        named = {
            "date": self.date,
            "municipality": self.municipality,
            "place": self.place,
            "age": self.age,
            "outcome": self.outcome,
        }
        return {role: column for role, column in named.items() if column is not None}


def _spelt_out(knows: Any) -> Any:
    """A list of columns as a mapping: each is known exactly."""
    if isinstance(knows, list):
        names = [name for name in knows if isinstance(name, str)]
        if len(names) != len(knows):
            raise ValueError("write a list of columns, or each column with what is known of it")
        if len(set(names)) != len(names):
            raise ValueError("a column stands twice")
        return {name: {} for name in names}
    if isinstance(knows, dict):
        return {name: {} if value is None else value for name, value in knows.items()}
    return knows


Knows = Annotated[dict[str, WrittenKnowledge], BeforeValidator(_spelt_out)]


class WrittenScenario(Written):
    """One attacker.

    Attributes:
        name: what to call the scenario by.
        label: in bokmål and English, for reports.
        who: a sentence on who that is.
        k: how many persons must fit the quasi-identifiers that are known, each exactly.
        targets: persons whom one such attacker looks for.
        attackers: of this kind for each person in the register.
        knows: the quasi-identifiers that are known, a list of columns or each with its precision.
        knows_besides: what is known and is no quasi-identifier, such as the outcome.
        news: where the targets are those of whom a newspaper writes.
    """

    name: str
    label: Label
    who: Label | None = None
    k: Annotated[int, Field(ge=1)]
    targets: WrittenNumber | None = None
    attackers: WrittenNumber | None = None
    knows: Annotated[Knows, Field(min_length=1)]
    knows_besides: Knows = Field(default_factory=dict)
    news: WrittenNews | None = None


class ScenarioFile(Written):
    """A file of scenarios; the sources of its numbers by name."""

    sources: dict[str, str] = Field(default_factory=dict)
    scenarios: Annotated[tuple[WrittenScenario, ...], AfterValidator(_some)]


def _one_of(within: float | None, every: int | None, level: str | None) -> None:
    if sum(value is not None for value in (within, every, level)) > 1:
        raise ValueError("give one of 'within', 'every' and 'level'")
