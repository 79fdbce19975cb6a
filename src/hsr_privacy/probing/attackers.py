"""Attackers: what anonymeter's find in a table; the only file that knows anonymeter.

Its attacks are used, and its accounting is not, where 1.1.0 would mislead: the guesses of its
inference baseline are matched to targets by row labels, so that nearly all of them are lost; its
linkability baseline draws without a seed; singling out divides by the queries that were asked for
and not by those that were made, and mends unequal sizes by a fitted curve; it takes rows that read
alike for one, so that a class of many looks like a person who is alone. Here baselines are exact or
seeded, members and held-out persons are equally many or more members do not help the data, and a
missing value is a value.

Source: Giomi et al. 2023, doi:10.56553/popets-2023-0055.
"""

from __future__ import annotations

import contextlib
import logging
import operator
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.extras import require
from hsr_privacy.probing.attack import Attack, AttackKind
from hsr_privacy.probing.scene import MISSING, STATE, Scene
from hsr_privacy.probing.ties import TIES, with_nobody, with_ties

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


def attack_all(scene: Scene) -> tuple[Attack, ...]:
    """Try to single out, to link, and to infer each secret.

    Args:
        scene: what there is to attack.

    Raises:
        MissingExtra: anonymeter is not installed.
    """
    require("anonymeter.evaluators")  # before its neighbours, which import it in a circle
    with _quiet():
        return (
            _singling_out(scene, AttackKind.UNIVARIATE),
            _singling_out(scene, AttackKind.MULTIVARIATE),
            *_linking(scene),
            *(_inferring(scene, secret) for secret in scene.secrets if _can_differ(scene, secret)),
        )


def _singling_out(scene: Scene, kind: AttackKind) -> Attack:
    """Queries that fit one published row, asked of the members and of the held-out persons."""
    random = np.random.default_rng(scene.seed)
    at_once = 1 if kind is AttackKind.UNIVARIATE else min(AT_ONCE, len(scene.columns))
    published = scene.published.select(scene.columns)
    if scene.rows_are_members:
        members, control = (t.select(scene.columns) for t in (scene.members, scene.control))
        if _nobody_alone(published):
            return _singled(scene, kind, members=members, control=control, nobody_alone=True)
        whole = ~pl.any_horizontal(pl.col(scene.columns).cast(pl.String) == scene.suppressed)
        queries = _queries(published.filter(whole), kind, at_once, scene.attacks, random)
        queries = [q for q, n in zip(queries, _counts(published, queries), strict=True) if n == 1]
    else:
        published = published.unique(maintain_order=True)
        queries = _queries(published, kind, at_once, scene.attacks, random)
        size = min(scene.members.height, scene.control.height)
        members, control = (
            table.sample(size, seed=scene.seed).select(scene.columns).unique(maintain_order=True)
            for table in (scene.members, scene.control)
        )
    guesses = _guesses(published, max(len(queries), 1), at_once, random)
    return _singled(scene, kind, queries=queries, guesses=guesses, members=members, control=control)


def _nobody_alone(published: pl.DataFrame) -> bool:
    """Whether every row is like another one; then so is every row that fits a query."""
    least = published.group_by(published.columns).len()["len"].min()
    return isinstance(least, int) and least > 1


def _queries(
    table: pl.DataFrame, kind: AttackKind, at_once: int, count: int, random: np.random.Generator
) -> list[Any]:
    """Queries that fit one row of a table."""
    if not table.height:
        return []
    evaluator = require("anonymeter.evaluators.singling_out_evaluator")
    if kind is AttackKind.UNIVARIATE:
        every = evaluator.univariate_singling_out_queries(table, _EVERY, random)
        every = sorted(every, key=str)  # they come in any order
        chosen = random.permutation(len(every))[:count]
        return [every[place] for place in chosen]
    made: list[Any] = evaluator.multivariate_singling_out_queries(
        table, count, at_once, _TRIES * count, random
    )
    return made


def _singled(
    scene: Scene,
    kind: AttackKind,
    *,
    queries: Sequence[Any] = (),
    guesses: Sequence[Any] = (),
    members: pl.DataFrame,
    control: pl.DataFrame,
    nobody_alone: bool = False,
) -> Attack:
    return Attack(
        kind=kind,
        secret="",
        columns=scene.columns,
        tried=len(queries),
        hits=_ones(members, queries),
        control_tried=len(queries),
        control_hits=_ones(control, queries),
        baseline=_ones(members, guesses) / len(queries) if queries else None,
        limit=scene.limits.singling_out,
        nobody_alone=nobody_alone,
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
    return sum(count == 1 for count in _counts(table, queries))


def _counts(table: pl.DataFrame, queries: Sequence[Any]) -> tuple[int, ...]:
    """Rows that each query fits."""
    if not queries:
        return ()
    return table.select(q.cast(pl.Int64).sum().alias(str(n)) for n, q in enumerate(queries)).row(0)


def _linking(scene: Scene) -> list[Attack]:
    """Two parties who know a half each, and look for the records that are near to both."""
    first, second = scene.halves
    if not first or not second:
        return []
    linkability = require("anonymeter.evaluators").LinkabilityEvaluator
    members, control = _targets(scene, scene.members, scene.control)
    neighbours = min(NEIGHBOURS, scene.published.height)
    found = linkability(
        ori=members.to_pandas(),
        syn=scene.published.to_pandas(),
        control=control.to_pandas(),
        aux_cols=(list(first), list(second)),
        n_attacks=members.height,
        n_neighbors=neighbours,
    ).evaluate(n_jobs=-1)
    results = found.results()
    return [
        Attack(
            kind=AttackKind.LINKABILITY,
            secret="",
            columns=(*first, *second),
            tried=members.height,
            hits=int(results.n_success),
            control_tried=control.height,
            control_hits=int(results.n_control),
            baseline=linked_by_chance(scene.published.height, neighbours),
            limit=scene.limits.linkability,
        )
    ]


def linked_by_chance(records: int, neighbours: int) -> float:
    """Chance that two random sets of neighbours share a record."""
    missed = 1.0
    for taken in range(neighbours):
        missed *= max(0, records - neighbours - taken) / (records - taken)
    return 1 - missed


def _inferring(scene: Scene, secret: str) -> Attack:
    """Guess a secret from the nearest record: by what others can know, else by what more they may.

    Where more than half of the persons have one value, those who have another are the targets: that
    nearly everybody lacks a disease is no discovery, and that somebody has it is.
    """
    usual = commonest(scene.members[secret])
    members, control = (_with_secret(t, secret, usual) for t in (scene.members, scene.control))
    members, control = _targets(scene, members, control)
    known, otherwise = (
        tuple(n for n in names if n not in (secret, secret + STATE))
        for names in (scene.known, scene.otherwise)
    )
    made = _inferred(scene, secret, known, members, control)
    weak = made.baseline is not None and made.tried and made.hits / made.tried <= made.baseline
    if otherwise and weak:
        again = _inferred(scene, secret, otherwise, members, control)
        return again if again.hits > made.hits else made
    return made


def _inferred(
    scene: Scene, secret: str, known: tuple[str, ...], members: pl.DataFrame, control: pl.DataFrame
) -> Attack:
    hits = control_hits = 0
    told = scene.published.filter(~pl.col(secret).is_in([MISSING, scene.suppressed]))
    if members.height and control.height and told.height and known:
        neighbours = require("anonymeter.neighbors.mixed_types_kneighbors")
        tables, near = (told, members, control), list(known)
        if scene.rows_are_members:
            random = np.random.default_rng(scene.seed)
            told, members, control = (with_ties(t.select(*known, secret), random) for t in tables)
            tables, near = (with_nobody(told), members, control), [*known, TIES]
        predictor = neighbours.KNNInferencePredictor(
            data=tables[0].to_pandas(), columns=near, target_col=secret, n_jobs=-1
        )
        hits, control_hits = (
            int((predictor.predict(t.to_pandas()).to_numpy() == t[secret].to_numpy()).sum())
            for t in tables[1:]
        )
    return Attack(
        kind=AttackKind.INFERENCE,
        secret=secret,
        columns=known,
        tried=members.height,
        hits=hits,
        control_tried=control.height,
        control_hits=control_hits,
        baseline=guessed_by_chance(told[secret], members[secret]),
        limit=scene.limits.inference,
    )


def guessed_by_chance(published: pl.Series, secrets: pl.Series) -> float | None:
    """Share of secrets that a published value drawn by chance gets right, exactly."""
    if not secrets.len():
        return None
    shares = dict(published.value_counts(normalize=True).iter_rows())
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
    scene: Scene, members: pl.DataFrame, control: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Equally many of both, drawn by the seed."""
    size = min(scene.attacks, members.height, control.height)
    return members.sample(size, seed=scene.seed), control.sample(size, seed=scene.seed)


def _can_differ(scene: Scene, secret: str) -> bool:
    said = scene.members[secret]
    return said.filter(said != MISSING).n_unique() > 1


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
