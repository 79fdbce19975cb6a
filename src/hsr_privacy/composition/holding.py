"""Holding: a release among those that one attacker lays together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hsr_privacy.composition.candidates import ClassSets, candidate_counts
from hsr_privacy.composition.sketch import Int64s, Sketch


@dataclass(frozen=True)
class Held:
    """A release among those that are held together.

    Attributes:
        sketch: of it.
        place: int64, per person of the new release, the place among its persons; -1 for nobody.
        sets: of its persons' classes.
        alone: int64, per person of its own, the candidates that it leaves by itself.
    """

    sketch: Sketch
    place: Int64s
    sets: ClassSets
    alone: Int64s

    @classmethod
    def of(cls, sketch: Sketch, place: Int64s) -> Held:
        """A release, and what it shows by itself."""
        sets = ClassSets.of(sketch)
        return cls(sketch, place, sets, candidate_counts([sets]))

    @classmethod
    def new(cls, sketch: Sketch) -> Held:
        """The release that is to leave."""
        return cls.of(sketch, np.arange(sketch.persons))
