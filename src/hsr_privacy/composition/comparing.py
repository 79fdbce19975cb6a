"""Comparing: a release that is to leave, beside all that left before.

**Cohorts.** Whoever holds two releases that differ in a few persons can subtract one from the other.
The persons who are in one only are few if there are some and fewer than k.

**Candidates.** See `candidates`: the persons who share all the classes of somebody known to be in
several releases; once for the releases of one recipient, once for all of them laid together. What a
release shows by itself is the business of its own risk report: only what falls below k when each
release by itself does not is broken here.

**Tables.** See `subtracting`: done where one cohort nearly holds the other, that is, where fewer than
k persons (or nobody) are missing from it. See `combining` for sums of three releases and more.

Source: Dinur & Nissim 2003, doi:10.1145/773153.773173 (that answers add up to data); Hundepool et
al. 2012, Statistical Disclosure Control, doi:10.1002/9781118348239, § 4 (differencing of tables).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from hsr_privacy.composition import wording
from hsr_privacy.composition.candidates import Bools
from hsr_privacy.composition.combining import combine
from hsr_privacy.composition.composed import Composed, Finding
from hsr_privacy.composition.holding import Held
from hsr_privacy.composition.intersections import Intersection, intersection
from hsr_privacy.composition.numbering import numbered
from hsr_privacy.composition.sketch import About, Int64s, Sketch
from hsr_privacy.composition.subtracting import Subtracted, subtract
from hsr_privacy.composition.tabulating import Tabulated
from hsr_privacy.errors import DataError


def compare(new: Sketch, earlier: Sequence[Sketch], *, k: int) -> Composed:
    """Compare a release with earlier ones.

    Args:
        new: the release that is to leave.
        earlier: those that left, to whomever; the new one itself is passed over if it is among them.
        k: of the new release's project.

    Raises:
        DataError: k is not positive.
    """
    if k < 1:
        raise DataError(f"k is {k}; fewer than one person cannot be asked for")
    others = [one for one in earlier if not _is_same(one, new)]
    fit = [one for one in others if one.domain == new.domain]
    people, count = _numbered_people([new, *fit])
    inside = [_inside(one, count) for one in people]
    held = [
        Held.of(one, _places(people[0], mine, count))
        for one, mine in zip(fit, people[1:], strict=True)
    ]
    own = [r for r, one in enumerate(fit) if new.about.same_recipient(one.about)]
    here = Held.new(new)
    mine = intersection(here, [held[r] for r in own], k=k)
    everybody = mine if len(own) == len(fit) else intersection(here, held, k=k)
    tabulated = Tabulated([new, *fit])
    findings = [
        found for r in range(1, len(inside)) for found in _pairwise(tabulated, inside, r, k)
    ]
    if len(own) > 1:
        union = np.any([inside[1 + r] for r in own], axis=0)
        about = tuple(fit[r].about for r in own)
        findings.append(_cohorts(about, inside[0], union, k, colluding=False))
    if own:
        findings += _together(mine, tuple(fit[r].about for r in own), k, colluding=False)
        findings += _combined(tabulated, inside, own, k, colluding=False)
    if len(own) < len(fit):
        findings += _together(everybody, tuple(one.about for one in fit), k, colluding=True)
        findings += _combined(tabulated, inside, range(len(fit)), k, colluding=True)
    apart = [one for one in others if one.domain != new.domain]
    return Composed(
        k=k,
        persons=new.persons,
        compared=len(fit),
        not_compared=len(apart),
        same_recipient=mine,
        colluding=everybody,
        findings=(*findings, *(_not_compared(new, one) for one in apart)),
    )


def _is_same(one: Sketch, new: Sketch) -> bool:
    digest = new.about.manifest_sha256
    return one is new or (digest != "" and one.about.manifest_sha256 == digest)


def _numbered_people(sketches: Sequence[Sketch]) -> tuple[list[Int64s], int]:
    """Per release the numbers of its persons, equal for equal tags, and how many there are."""
    tags = np.concatenate([one.tags for one in sketches])
    numbers = numbered(pl.DataFrame({"first": tags[:, 0], "second": tags[:, 1]}))
    ends = np.cumsum([one.persons for one in sketches])[:-1]
    return np.split(numbers, ends), int(numbers.max()) + 1 if numbers.size else 0


def _inside(numbers: Int64s, count: int) -> Bools:
    inside = np.zeros(count, np.bool_)
    inside[numbers] = True
    return inside


def _places(new: Int64s, numbers: Int64s, count: int) -> Int64s:
    """Per person of the new release, the place among those of another; -1 for nobody."""
    place = np.full(count, -1, np.int64)
    place[numbers] = np.arange(numbers.size)
    return place[new]


def _pairwise(tabulated: Tabulated, inside: Sequence[Bools], place: int, k: int) -> list[Finding]:
    new, earlier = (tabulated.sketches[r].about for r in (0, place))
    colluding = not new.same_recipient(earlier)
    cohorts = _cohorts((earlier,), inside[0], inside[place], k, colluding=colluding)
    added, gone = cohorts.numbers["only_new"], cohorts.numbers["only_earlier"]
    if added + gone == 0 or min(added, gone) >= k or cohorts.numbers["both"] == 0:
        return [cohorts]
    found = subtract(tabulated, (0, place), k=k)
    text = wording.subtraction(found, k)
    numbers = _numbers(found)
    broken = found.recognizing_cells > 0
    return [cohorts, Finding("subtraction", (earlier,), colluding, numbers, broken, text)]


def _combined(
    tabulated: Tabulated, inside: Sequence[Bools], fit: Sequence[int], k: int, *, colluding: bool
) -> list[Finding]:
    """Sums of three or more releases; nothing where the attacker holds fewer."""
    if len(fit) < 2:
        return []
    found = combine(tabulated, inside, [1 + r for r in reversed(fit)], k=k)
    numbers = {
        "sets": found.sets,
        "sets_left": found.sets_left,
        "combinations": found.combinations,
        "combinations_left": found.combinations_left,
        **_numbers(found.cells),
    }
    about = tuple(tabulated.sketches[r].about for r in found.releases or [1 + r for r in fit] if r)
    broken = found.cells.recognizing_cells > 0
    text = wording.combinations(found, k)
    return [Finding("combination", about, colluding, numbers, broken, text)]


def _numbers(found: Subtracted) -> dict[str, int]:
    return {
        "tables": found.tables,
        "recognizing_cells": found.recognizing_cells,
        "telling_cells": found.telling_cells,
        **{f"cells of {name}": cells for name, cells in found.recognizing.items()},
        **{f"cells of {name}": cells for name, cells in found.telling.items()},
    }


def _cohorts(
    about: tuple[About, ...],
    inside: Bools,
    other: Bools,
    k: int,
    *,
    colluding: bool,
) -> Finding:
    added, gone = int((inside & ~other).sum()), int((other & ~inside).sum())
    both = int((inside & other).sum())
    return Finding(
        kind="cohorts" if len(about) == 1 else "union",
        earlier=about,
        colluding=colluding,
        numbers={"only_new": added, "only_earlier": gone, "both": both},
        # Cohorts that share nobody have nothing to subtract.
        broken=both > 0 and (0 < added < k or 0 < gone < k),
        text=wording.cohorts(added, gone, both, len(about)),
    )


def _together(
    found: Intersection, about: tuple[About, ...], k: int, *, colluding: bool
) -> list[Finding]:
    if found.minimum is None:
        return []
    numbers = {
        "persons": found.persons,
        "minimum": found.minimum,
        "below_k": found.below_k,
        "below_k_by_composition": found.below_k_by_composition,
    }
    text = wording.candidates(found.persons, found.minimum, found.below_k_by_composition, k)
    findings = [
        Finding("candidates", about, colluding, numbers, found.below_k_by_composition > 0, text)
    ]
    for name, persons in found.one_value.items():
        anew = found.one_value_by_composition[name]
        numbers = {"one_value": persons, "one_value_by_composition": anew}
        text = wording.values(name, persons, anew)
        findings.append(Finding("values", about, colluding, numbers, anew > 0, text))
    return findings


def _not_compared(new: Sketch, earlier: Sketch) -> Finding:
    colluding = not new.about.same_recipient(earlier.about)
    text = wording.not_compared(earlier.about.case_number)
    return Finding("not compared", (earlier.about,), colluding, {}, broken=False, text=text)
