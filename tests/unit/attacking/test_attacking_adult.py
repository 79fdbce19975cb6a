"""What the methods tell of the Adult table, k = 5: one level per column withstands, mixed do not."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.anonymity.cells import recode_jointly
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.attacking import Homogeneity, downcoding, homogeneity, implied_cells
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, recoded
from hsr_privacy.hierarchies import load_for_columns
from hsr_privacy.models import DistinctLDiversity, KAnonymity

ADULT = Path(__file__).parents[2] / "data" / "adult"
FEW = ("sex", "age", "race", "marital-status", "education")
SECRET = "salary-class"
K = KAnonymity(5)


def counted(columns: tuple[str, ...]) -> FrequencyTable:
    with gzip.open(ADULT / "adult.csv.gz", "rt", encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file, delimiter=";")
    by_name = dict(zip(heading, zip(*rows, strict=True), strict=True))
    hierarchies = load_for_columns(ADULT / "hierarchies", columns)
    tables = [hierarchies[name].table(set(by_name[name])) for name in columns]
    codes = [
        [table.leaf_index[value] for value in by_name[name]]
        for table, name in zip(tables, columns, strict=True)
    ]
    secrets = np.unique(by_name[SECRET], return_inverse=True)[1]
    return FrequencyTable.from_rows(
        tuple(tables), np.array(codes).T, sensitive={SECRET: secrets.tolist()}
    )


@pytest.fixture(scope="module")
def few() -> FrequencyTable:
    return counted(FEW)


@pytest.fixture(scope="module")
def joint(few: FrequencyTable) -> Solution:
    return recode_jointly(few, models=[K])


def by_class(solution: Solution) -> Homogeneity:
    levels = list(solution.levels.values()) if solution.cells is None else solution.cells
    release, _ = recoded(solution.table, levels, ~solution.suppressed)
    return homogeneity(EquivalenceClasses.base(release), SECRET)


def rows_of(solution: Solution, *, suppressed: bool) -> pl.DataFrame:
    """The released rows, with their cells suppressed or as they would be otherwise."""
    released = np.flatnonzero(~solution.suppressed)
    base = np.repeat(released, solution.table.rows[released])
    columns = {}
    for place, name in enumerate(solution.table.names):
        level, hierarchy = solution.levels[name], solution.table.hierarchies[place]
        texts = solution.labels_of(name)
        if not suppressed:
            nodes = hierarchy.nodes[level][solution.table.leaves_of(place)]
            texts = [hierarchy.labels[level][node] for node in nodes.tolist()]
        columns[name] = [texts[one] for one in base.tolist()]
    return pl.DataFrame(columns)


@pytest.mark.parametrize("share", [0.0, 0.02, 1.0])
def test_full_domain_with_removed_rows_tells_nothing_beyond_what_is_public(
    few: FrequencyTable, share: float
) -> None:
    found = downcoding(search(few, models=[K], max_suppressed=share))
    assert found.cells > 25_000
    assert found.excluded == 0
    assert all(one.narrowed == one.accuracy == one.base for one in found.columns)


def test_local_recoding_tells_a_quarter_of_its_coarse_cells_what_they_are_not(
    few: FrequencyTable,
) -> None:
    found = downcoding(recode_locally(few, models=[K]))
    assert 0.2 < found.excluded / found.cells < 0.3
    assert sum(one.wrong for one in found.columns) == 0
    age = next(one for one in found.columns if one.column == "age")
    assert age.narrowed > age.base + 0.02


def test_suppressed_cells_tell_what_they_are_not_as_local_recoding_does(joint: Solution) -> None:
    found = downcoding(joint)
    assert 0.4 < found.excluded / joint.suppressed_cells < 0.7
    assert sum(one.wrong for one in found.columns) < 0.01 * found.excluded


def test_what_other_columns_seem_to_tell_of_suppressed_cells_is_mostly_wrong(
    joint: Solution,
) -> None:
    released, originals = (rows_of(joint, suppressed=one) for one in (True, False))
    found = implied_cells(released, columns=FEW, suppressed="*", originals=originals)
    assert found.suppressed == joint.suppressed_cells
    right = sum(one.right or 0 for one in found.columns)
    assert 0.1 < found.implied / found.suppressed < 0.3
    assert right < 0.2 * found.implied


def test_the_finer_the_classes_the_more_persons_are_in_homogeneous_ones(
    few: FrequencyTable,
) -> None:
    coarse = by_class(search(few, models=[K]))
    fine = by_class(recode_locally(few, models=[K]))
    assert coarse.positive.persons < 0.01 * coarse.persons
    assert fine.positive.persons > 0.3 * fine.persons


def test_l_diversity_leaves_no_homogeneous_class(few: FrequencyTable) -> None:
    diverse = by_class(recode_locally(few, models=[K, DistinctLDiversity(SECRET, 2)]))
    assert diverse.positive.classes == diverse.negative.classes == 0
    assert diverse.largest_ratio > 3  # and yet some classes tell much
