"""Attacking: what anonymeter's attackers find in a set; the only file that knows anonymeter.

Its attacks are used, and its accounting is not, where 1.1.0 would mislead: the guesses of its
inference baseline are matched to targets by row labels, so that nearly all of them are lost; its
linkability baseline draws without a seed; singling out divides by the queries that were asked for
and not by those that were made, and mends unequal sizes by a fitted curve. Here baselines are exact
or seeded, targets and held-out persons are equally many, and a missing value is a value.

Source: Giomi et al. 2023, doi:10.56553/popets-2023-0055.
"""

from __future__ import annotations

import contextlib
import logging
import operator
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.extras import require
from hsr_privacy.learned.attack import Attack, AttackKind
from hsr_privacy.learned.columns import MISSING, Column

NEIGHBOURS: Final = 5
"""Records that a linking attacker looks at for each half."""

AT_ONCE: Final = 4
"""Columns of a query that singles out by several values."""

_TRIES: Final = 50
"""So many queries are tried at most for each that is wanted."""

_EVERY: Final = 10**9
_SIGNS: Final[tuple[Callable[[Any, Any], Any], ...]] = (
    operator.eq,
    operator.ne,
    operator.gt,
    operator.lt,
    operator.ge,
    operator.le,
)
_HALF: Final = 0.5


@dataclass(frozen=True)
class Scene:
    """What an attacker meets; all tables have the same columns, and no cell is missing.

    Attributes:
        learned: persons that the model learned from, one row each.
        control: persons that were held out, one row each.
        synthetic: the set.
        columns: of the original, by name.
        limit: of the risk.
        attacks: that are tried at most.
        seed: of everything that is drawn.
    """

    learned: pl.DataFrame
    control: pl.DataFrame
    synthetic: pl.DataFrame
    columns: tuple[Column, ...]
    limit: float
    attacks: int
    seed: int


def attack_all(scene: Scene) -> tuple[Attack, ...]:
    """Try to single out, to link, and to infer each sensitive variable.

    Args:
        scene: what there is to attack.

    Raises:
        MissingExtra: anonymeter is not installed.
    """
    require("anonymeter")
    with _quiet():
        return (
            _singling_out(scene, AttackKind.UNIVARIATE),
            _singling_out(scene, AttackKind.MULTIVARIATE),
            *_linking(scene),
            *(_inferring(scene, c.name) for c in scene.columns if _is_secret(c, scene)),
        )


def _singling_out(scene: Scene, kind: AttackKind) -> Attack:
    """Queries that fit one row of the set, asked of as many learned as held-out persons."""
    evaluator = require("anonymeter.evaluators.singling_out_evaluator")
    random = np.random.default_rng(scene.seed)
    synthetic = scene.synthetic.unique(maintain_order=True)
    at_once = min(AT_ONCE, synthetic.width)
    if kind is AttackKind.UNIVARIATE:
        at_once = 1
        every = evaluator.univariate_singling_out_queries(synthetic, _EVERY, random)
        every = sorted(every, key=str)  # they come in any order
        chosen = random.permutation(len(every))[: scene.attacks]
        queries = [every[place] for place in chosen]
    else:
        queries = evaluator.multivariate_singling_out_queries(
            synthetic, scene.attacks, at_once, _TRIES * scene.attacks, random
        )
    size = min(scene.learned.height, scene.control.height)
    learned = scene.learned.sample(size, seed=scene.seed).unique(maintain_order=True)
    control = scene.control.sample(size, seed=scene.seed).unique(maintain_order=True)
    guesses = _guesses(synthetic, max(len(queries), 1), at_once, random)
    return Attack(
        kind=kind,
        secret="",
        columns=tuple(synthetic.columns),
        tried=len(queries),
        hits=_ones(learned, queries),
        control_tried=len(queries),
        control_hits=_ones(control, queries),
        baseline=_ones(learned, guesses) / max(len(queries), 1) if queries else None,
        limit=scene.limit,
    )


def _guesses(
    table: pl.DataFrame, count: int, at_once: int, random: np.random.Generator
) -> list[pl.Expr]:
    """Random queries as anonymeter's baseline asks them, in an order that a seed repeats."""
    values = {name: table[name].unique().sort() for name in table.columns}
    made = []
    for _ in range(count):
        parts = []
        for name in random.choice(table.columns, size=at_once, replace=False):
            value = values[name][int(random.integers(values[name].len()))]
            signs = _SIGNS if table.schema[name].is_numeric() else _SIGNS[:2]
            sign = signs[int(random.integers(len(signs)))]
            parts.append(sign(pl.col(name), value))
        made.append(pl.all_horizontal(parts))
    return made


def _ones(table: pl.DataFrame, queries: Sequence[Any]) -> int:
    """Queries that fit exactly one row."""
    if not queries:
        return 0
    counts = table.select(q.cast(pl.Int64).sum().alias(str(n)) for n, q in enumerate(queries))
    return sum(count == 1 for count in counts.row(0))


def _linking(scene: Scene) -> list[Attack]:
    """Two parties who know a half each, and look for the records that are near to both."""
    first, second = halves(scene.columns, scene.synthetic.columns)
    if not first or not second:
        return []
    linkability = require("anonymeter.evaluators").LinkabilityEvaluator
    learned, control = _targets(scene, scene.learned, scene.control)
    neighbours = min(NEIGHBOURS, scene.synthetic.height)
    found = linkability(
        ori=learned.to_pandas(),
        syn=scene.synthetic.to_pandas(),
        control=control.to_pandas(),
        aux_cols=(list(first), list(second)),
        n_attacks=learned.height,
        n_neighbors=neighbours,
    ).evaluate(n_jobs=-1)
    results = found.results()
    return [
        Attack(
            kind=AttackKind.LINKABILITY,
            secret="",
            columns=(*first, *second),
            tried=learned.height,
            hits=int(results.n_success),
            control_tried=control.height,
            control_hits=int(results.n_control),
            baseline=linked_by_chance(scene.synthetic.height, neighbours),
            limit=scene.limit,
        )
    ]


def halves(
    columns: Sequence[Column], there: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every other column that is not sensitive to each party, so that both know of all sides.

    Args:
        columns: of the original.
        there: names of the columns that can be attacked.
    """
    names = [c.name for c in columns if c.name in there and not c.is_sensitive]
    return tuple(names[::2]), tuple(names[1::2])


def linked_by_chance(records: int, neighbours: int) -> float:
    """Chance that two random sets of neighbours share a record."""
    missed = 1.0
    for taken in range(neighbours):
        missed *= max(0, records - neighbours - taken) / (records - taken)
    return 1 - missed


def _inferring(scene: Scene, secret: str) -> Attack:
    """Guess a secret from the nearest record: by what others can know, else by all the rest.

    Where more than half of the persons have one value, those who have another are the targets: that
    nearly everybody lacks a disease is no discovery, and that somebody has it is.
    """
    usual = commonest(scene.learned[secret])
    learned, control = (_with_secret(t, secret, usual) for t in (scene.learned, scene.control))
    learned, control = _targets(scene, learned, control)
    others = tuple(n for n in scene.synthetic.columns if n not in (secret, secret + "?"))
    by_name = {c.name: c for c in scene.columns}
    quasi = tuple(n for n in others if n in by_name and by_name[n].is_quasi_identifier)
    first = quasi if len(quasi) > 1 else others
    made = _inferred(scene, secret, first, learned, control)
    if made.baseline is not None and made.tried and made.hits / made.tried <= made.baseline:
        again = _inferred(scene, secret, others, learned, control)
        return again if again.hits > made.hits else made
    return made


def _inferred(
    scene: Scene, secret: str, known: tuple[str, ...], learned: pl.DataFrame, control: pl.DataFrame
) -> Attack:
    hits = control_hits = 0
    told = scene.synthetic.filter(pl.col(secret) != MISSING)
    if learned.height and control.height and told.height:
        predictor = require("anonymeter.neighbors.mixed_types_kneighbors").KNNInferencePredictor(
            data=told.to_pandas(), columns=list(known), target_col=secret, n_jobs=-1
        )
        hits, control_hits = (
            int((predictor.predict(t.to_pandas()).to_numpy() == t[secret].to_numpy()).sum())
            for t in (learned, control)
        )
    return Attack(
        kind=AttackKind.INFERENCE,
        secret=secret,
        columns=known,
        tried=learned.height,
        hits=hits,
        control_tried=control.height,
        control_hits=control_hits,
        baseline=guessed_by_chance(told[secret], learned[secret]),
        limit=scene.limit,
    )


def guessed_by_chance(synthetic: pl.Series, secrets: pl.Series) -> float | None:
    """Share of secrets that a value drawn from the set gets right, exactly and without drawing."""
    if not secrets.len():
        return None
    shares = dict(synthetic.value_counts(normalize=True).iter_rows())
    return float(sum(shares.get(secret, 0.0) for secret in secrets)) / secrets.len()


def commonest(cells: pl.Series) -> str | None:
    """The value that more than half of those who have one have, or None."""
    said = cells.filter(cells != MISSING)
    if not said.len():
        return None
    top = said.value_counts(sort=True).row(0)
    return str(top[0]) if top[1] > _HALF * said.len() else None


def _with_secret(table: pl.DataFrame, secret: str, usual: str | None) -> pl.DataFrame:
    kept = table.filter(pl.col(secret) != MISSING)
    return kept if usual is None else kept.filter(pl.col(secret) != usual)


def _targets(
    scene: Scene, learned: pl.DataFrame, control: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Equally many of both, drawn by the seed."""
    size = min(scene.attacks, learned.height, control.height)
    return learned.sample(size, seed=scene.seed), control.sample(size, seed=scene.seed)


def _is_secret(column: Column, scene: Scene) -> bool:
    return (
        column.is_sensitive
        and column.is_category
        and column.name in scene.synthetic.columns
        and scene.learned[column.name].filter(scene.learned[column.name] != MISSING).n_unique() > 1
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        sys.stdout.flush()
