"""Uniqueness: how many persons of the population are unique, estimated from a sample of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.risk.individual import checked_fraction
from hsr_privacy.risk.pitman import fit_pitman
from hsr_privacy.risk.slide import fit_slide

Int64s = NDArray[np.int64]
Model: TypeAlias = Literal["pitman", "zayatz", "snb"]
"""Pitman's, Zayatz's equivalence class model, or the slide negative binomial."""

SMALL_SAMPLE: Final = 0.1
"""Sampling fraction up to which the decision rule takes Pitman's model."""


@dataclass(frozen=True)
class Estimate:
    """What a model says, or why it says nothing.

    Attributes:
        uniques: persons of the population who are alone in a class; None where the model has no
            answer.
        reason: why it has none.
    """

    uniques: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Uniqueness:
    """How many persons of the population are unique by these quasi-identifiers.

    Attributes:
        sampling_fraction: share of the population in the table, 0-1.
        population: persons of the population that follow from it.
        sample_uniques: persons who are alone in a class of the table.
        models: what each model says; empty where the table is the population, so that nothing is
            estimated.
        chosen: the model that the decision rule takes; None where nothing is estimated, or no model
            has an answer.
        uniques: persons of the population who are unique, by the chosen model; None where none has
            an answer.
    """

    sampling_fraction: float
    population: int
    sample_uniques: int
    models: Mapping[Model, Estimate]
    chosen: Model | None
    uniques: float | None

    @property
    def is_whole(self) -> bool:
        """Whether the table is the population."""
        return self.sampling_fraction == 1

    @property
    def share(self) -> float | None:
        """Share of the population that is unique, 0-1."""
        known = self.uniques is not None and self.population
        return self.uniques / self.population if known and self.uniques is not None else None

    @property
    def share_of_sample_uniques(self) -> float | None:
        """Expected share of those unique in the table who are so in the population, up to 1."""
        if self.uniques is None or not self.sample_uniques:
            return None
        return min(self.uniques * self.sampling_fraction / self.sample_uniques, 1.0)

    def to_json(self) -> dict[str, Any]:
        """As plain numbers, and names of models."""
        return {
            "sampling_fraction": self.sampling_fraction,
            "population": self.population,
            "sample_uniques": self.sample_uniques,
            "is_whole": self.is_whole,
            "models": {name: asdict(one) for name, one in self.models.items()},
            "chosen": self.chosen,
            "uniques": self.uniques,
            "share": self.share,
            "share_of_sample_uniques": self.share_of_sample_uniques,
        }


def uniqueness(sizes: Int64s, *, sampling_fraction: float = 1.0) -> Uniqueness:
    """Estimate how many persons of the population are unique.

    A table that is the whole population has nothing to estimate. Otherwise three models are fitted,
    and one is chosen by the decision rule that did best on clinical data: Pitman's for a sample of
    up to a tenth, Zayatz's where that has no answer; for a larger sample the smaller one of the
    slide negative binomial's and Zayatz's answers.

    Args:
        sizes: persons of each class of the table.
        sampling_fraction: share of the population in the table, above 0 and up to 1.

    Raises:
        DataError: the fraction is no such share.

    Source: Dankar, El Emam, Neisa & Roffey 2012, doi:10.1186/1472-6947-12-66 (the rule).
    """
    fraction = checked_fraction(sampling_fraction)
    persons, single = int(sizes.sum()), int((sizes == 1).sum())
    population = max(round(persons / fraction), persons)
    if fraction == 1:
        return Uniqueness(fraction, population, single, {}, None, float(single))
    models: dict[Model, Estimate] = {
        "pitman": _pitman(sizes, population),
        "zayatz": Estimate(zayatz(sizes, population)),
        "snb": _snb(sizes, fraction, population),
    }
    chosen = _choose(fraction, models)
    return Uniqueness(fraction, population, single, models, chosen, models[chosen].uniques)


def zayatz(sizes: Int64s, population: int) -> float:
    """Estimate the population's uniques by the equivalence class model.

    Classes of the population are taken to be as large, one by one, as those of the sample. By Bayes'
    rule it follows how likely a class of one person in the sample is one of one person in the
    population; a class of F persons has one in the sample with a hypergeometric chance.

    Args:
        sizes: persons of each class of the sample.
        population: persons of the population.

    Source: Zayatz 1991, "Estimation of the percent of unique population elements on a microdata
    file using the sample", U.S. Bureau of the Census.
    """
    sample, single = int(sizes.sum()), int((sizes == 1).sum())
    if not single:
        return 0.0
    size, classes = np.unique(sizes, return_counts=True)
    chance = _one_of(int(size.max()), sample, population)[size - 1]
    unique = single * float(chance[0]) / float((classes * chance).sum())
    return single * unique * population / sample


def _one_of(largest: int, sample: int, population: int) -> NDArray[np.float64]:
    """Chances that 1, 2, ... persons of a class have exactly one of them in a sample."""
    place = np.arange(largest, dtype=np.float64)
    outside = population - sample
    with np.errstate(divide="ignore"):  # more persons than are outside the sample
        out = np.log(np.maximum(outside - place[:-1], 0.0))
    none = np.concatenate([[0.0], np.cumsum(out)])
    chances: NDArray[np.float64] = (
        (place + 1) * sample * np.exp(none - np.cumsum(np.log(population - place)))
    )
    return chances


def _pitman(sizes: Int64s, population: int) -> Estimate:
    if not (sizes == 1).any():
        return Estimate(None, "nobody is alone in a class of the sample")
    if (sizes == 1).all():
        return Estimate(None, "everybody is alone in a class of the sample")
    model = fit_pitman(sizes)
    if model is None:
        return Estimate(None, "the likelihood of the sample has no maximum within the model")
    return _checked(model.uniques(population), population)


def _snb(sizes: Int64s, fraction: float, population: int) -> Estimate:
    for size, what in ((1, "nobody is alone in a class"), (2, "no class has two persons")):
        if not (sizes == size).any():
            return Estimate(None, f"{what} of the sample")
    model = fit_slide(sizes, fraction)
    if model is None:
        return Estimate(None, "no parameters give as many classes of one and of two persons")
    return _checked(model.uniques, population)


def _checked(uniques: float, population: int) -> Estimate:
    if not (math.isfinite(uniques) and 0 <= uniques <= population):
        return Estimate(None, "the model has more unique persons than the population has persons")
    return Estimate(uniques)


def _choose(fraction: float, models: Mapping[Model, Estimate]) -> Model:
    """The decision rule; Zayatz's model always has an answer."""
    pitman, snb, least = (models[name].uniques for name in ("pitman", "snb", "zayatz"))
    assert least is not None
    if fraction <= SMALL_SAMPLE:
        return "zayatz" if pitman is None else "pitman"
    return "zayatz" if snb is None or least < snb else "snb"
