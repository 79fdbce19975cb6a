"""Audit: every measure of an extract, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from hsr_privacy.attacking import (
    EverythingKnown,
    Exposed,
    Forgotten,
    Matches,
    NewsLinks,
    everything_known,
    matches_of,
    news_of,
    simulate,
)
from hsr_privacy.attacking import forgotten as look_at_forgotten
from hsr_privacy.attacking.expecting import ATTACKERS
from hsr_privacy.auditing.evidence import Evidence, Limits
from hsr_privacy.auditing.judging import Found, ScenarioSize, reasons_of
from hsr_privacy.auditing.verdict import Question, Verdict, judge
from hsr_privacy.composition import Composed
from hsr_privacy.explaining import Explanation
from hsr_privacy.models import Attacker, Scenario
from hsr_privacy.probing import Probed, probe
from hsr_privacy.project import AttackPlan
from hsr_privacy.project.analyses import Analysis
from hsr_privacy.risk import Measures, PopulationTable, assess, measure
from hsr_privacy.scanning import ScanReport
from hsr_privacy.utility import Words, Worth, worth

SEED: Final = 1
"""Of simulated attackers, so that the same extract has the same report."""


@dataclass(frozen=True)
class Asked:
    """What an audit takes besides the evidence; each part can be left out.

    Attributes:
        population: whose residents share what the extract says.
        sampling_fraction: share of the population in the extract, above 0 and up to 1.
        attackers: who are simulated against the truth.
        analyses: that the applicant registered, with the extract's columns.
        plan: attacks by anonymeter to try; None tries none.
        registered: the attacks that the project registered.
        past_plans: digests of the plans by which the extract was attacked before.
        explanation: of how the extract was protected.
        composed: what it gives away beside earlier releases, which may be known in two ways; None
            if none were looked at.
        files: what was found in the files themselves.
        words: what columns and values are called; their own names if left out.
        seed: of simulated attackers.
    """

    population: PopulationTable | None = None
    sampling_fraction: float = 1.0
    attackers: tuple[Attacker, ...] = ()
    analyses: tuple[Analysis, ...] = ()
    plan: AttackPlan | None = None
    registered: AttackPlan | None = None
    past_plans: tuple[str, ...] = ()
    explanation: Explanation | None = None
    composed: tuple[Composed, ...] | None = None
    files: ScanReport | None = None
    words: Words | None = None
    seed: int = SEED


@dataclass(frozen=True)
class Audit:
    """All that was found, and what follows.

    Attributes:
        title: of the extract.
        rows: that leave.
        persons: in them.
        columns: that say something of a person.
        limits: what must hold.
        measures: of the equivalence classes.
        scenario_sizes: of the scenarios that the project must withstand.
        matches: whom simulated attackers recognize; empty without originals.
        news: what can be linked to the news; None without originals or such a scenario.
        absent: attackers who know nothing that the extract holds.
        everything: who is alone for an attacker who knows every column.
        forgotten: what suppression leaves behind.
        probed: attacks by anonymeter; None if none were tried.
        registered: whether the project registered attacks.
        worth: what the extract is worth to those who analyse it.
        explanation: of how it was protected; None if nobody knows.
        composed: beside earlier releases; None if none were looked at.
        files: what is in the files themselves; None if they were not looked into.
        verdict: of all together.
        answers: per question.
    """

    title: str
    rows: int
    persons: int
    columns: int
    limits: Limits
    measures: Measures
    scenario_sizes: tuple[ScenarioSize, ...]
    matches: tuple[tuple[Attacker, Matches], ...]
    news: NewsLinks | None
    absent: tuple[Attacker, ...]
    everything: EverythingKnown
    forgotten: Forgotten
    probed: Probed | None
    registered: bool
    worth: Worth
    explanation: Explanation | None
    composed: tuple[Composed, ...] | None
    files: ScanReport | None
    verdict: Verdict
    answers: dict[Question, Verdict] = field(default_factory=dict)


def audit(evidence: Evidence, asked: Asked) -> Audit:
    """Measure an extract in every way that the evidence allows, and judge.

    Args:
        evidence: the rows, their originals as far as they are at hand, and what must hold.
        asked: what else there is to look at.

    Raises:
        DataError: parts that do not fit each other, by name.
        MissingExtra: attacks are asked for and anonymeter is not installed.
    """
    measures = measure(
        evidence.released,
        quasi_identifiers=evidence.quasi_identifiers,
        person=evidence.person,
        sensitive=evidence.sensitive,
        hierarchies=evidence.hierarchies,
        levels=evidence.levels,
        suppressed=evidence.suppressed,
        sampling_fraction=asked.sampling_fraction,
        population=asked.population,
        threshold=evidence.limits.threshold,
    )
    matches, news, absent = _simulated(evidence, asked)
    forgot = look_at_forgotten(
        evidence.released,
        quasi_identifiers=evidence.quasi_identifiers,
        aligned=evidence.aligned,
        hierarchies=evidence.hierarchies,
        levels=evidence.levels,
        suppressed=evidence.suppressed,
        person=evidence.person,
        ignored=[name for name in evidence.identifying if name != evidence.person],
        missing=evidence.unknown,
    )
    found = Found(
        evidence=evidence,
        measures=measures,
        scenario_sizes=tuple(_size(evidence, one) for one in evidence.limits.scenarios),
        matches=matches,
        news=news,
        forgotten=forgot,
        probed=_probed(evidence, asked),
        registered=asked.registered is not None,
        worth=_worth(evidence, asked),
        composed=asked.composed,
        files=asked.files,
    )
    reasons = reasons_of(found)
    return Audit(
        title=evidence.title,
        rows=evidence.released.height,
        persons=measures.persons,
        columns=len(evidence.content),
        limits=evidence.limits,
        measures=measures,
        scenario_sizes=found.scenario_sizes,
        matches=matches,
        news=news,
        absent=absent,
        everything=everything_known(
            evidence.released,
            columns=evidence.content,
            quasi_identifiers=evidence.quasi_identifiers,
            person=evidence.person,
        ),
        forgotten=forgot,
        probed=found.probed,
        registered=found.registered,
        worth=found.worth,
        explanation=asked.explanation,
        composed=asked.composed,
        files=asked.files,
        verdict=judge(reasons),
        answers={
            question: judge(one for one in reasons if one.question is question)
            for question in Question
        },
    )


def _size(evidence: Evidence, scenario: Scenario) -> ScenarioSize:
    reached = assess(
        evidence.released, quasi_identifiers=scenario.columns, person=evidence.person
    ).k
    return ScenarioSize(scenario.label, scenario.k, reached)


def _simulated(
    evidence: Evidence, asked: Asked
) -> tuple[tuple[tuple[Attacker, Matches], ...], NewsLinks | None, tuple[Attacker, ...]]:
    """Whom attackers recognize, what can be linked to the news, and whose knowledge is of no use."""
    held = set(evidence.content)
    knowing = [one for one in asked.attackers if any(k.column in held for k in one.knowledge)]
    absent = tuple(one for one in asked.attackers if one not in knowing)
    if evidence.original is None:
        return (), None, absent
    exposed = Exposed(
        released=evidence.released,
        before=evidence.original,
        event=evidence.event,
        person=evidence.person,
        hierarchies=evidence.hierarchies,
        levels=evidence.levels,
        suppressed=evidence.suppressed,
        unknown=evidence.unknown,
    )
    matches, news = [], None
    for one in knowing:
        simulation = simulate(exposed, one, seed=asked.seed, attackers=ATTACKERS)
        matches.append((one, matches_of(simulation, one, seed=asked.seed)))
        if news is None and one.news is not None:
            news = news_of(simulation, one, seed=asked.seed)
    return tuple(matches), news, absent


def _probed(evidence: Evidence, asked: Asked) -> Probed | None:
    if asked.plan is None:
        return None
    return probe(
        evidence.released,
        evidence.original,
        plan=asked.plan,
        quasi_identifiers=evidence.quasi_identifiers,
        sensitive=evidence.sensitive,
        hierarchies=evidence.hierarchies,
        levels=evidence.levels,
        suppressed=evidence.suppressed,
        person=evidence.person,
        event=evidence.event,
        k=evidence.limits.k,
        registered=asked.registered,
        earlier=asked.past_plans,
    )


def _worth(evidence: Evidence, asked: Asked) -> Worth:
    return worth(
        evidence.released,
        evidence.original,
        quasi_identifiers=evidence.quasi_identifiers,
        hierarchies=evidence.hierarchies,
        levels=evidence.levels,
        suppressed=evidence.suppressed,
        event=evidence.event,
        person=evidence.person,
        mask=evidence.mask,
        analyses=asked.analyses,
        words=asked.words,
    )
