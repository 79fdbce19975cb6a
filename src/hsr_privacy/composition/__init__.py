"""Composition: what an extract gives away beside those that left before."""

from hsr_privacy.composition.coarsening import CoarserLevel, levels_above
from hsr_privacy.composition.comparing import compare
from hsr_privacy.composition.composed import Composed, Finding
from hsr_privacy.composition.folders import pseudonym_key_of, sketch_of_folder
from hsr_privacy.composition.intersections import Intersection
from hsr_privacy.composition.keeping import digests_kept, keep, kept, kept_one
from hsr_privacy.composition.sketch import About, Sketch, SketchedColumn
from hsr_privacy.composition.sketching import sketch_of, sketch_of_pseudonyms

__all__ = [
    "About",
    "CoarserLevel",
    "Composed",
    "Finding",
    "Intersection",
    "Sketch",
    "SketchedColumn",
    "compare",
    "digests_kept",
    "keep",
    "kept",
    "kept_one",
    "levels_above",
    "pseudonym_key_of",
    "sketch_of",
    "sketch_of_folder",
    "sketch_of_pseudonyms",
]
