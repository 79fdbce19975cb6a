"""Synthesizing: from a table of events to a set that belongs to nobody, with its passport."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.errors import DataError
from hsr_privacy.extras import require
from hsr_privacy.folders import refuse_taken
from hsr_privacy.learned.analyses import compare_analyses
from hsr_privacy.learned.auditing import audit, comparable
from hsr_privacy.learned.drawing import Drawn, check_conditions, draw_rows
from hsr_privacy.learned.fidelity import compare
from hsr_privacy.learned.learning import EPOCHS, MODELS, Model, Progress, draw, learn
from hsr_privacy.learned.passport import Making, Passport
from hsr_privacy.learned.plain import merge_rare, to_plain
from hsr_privacy.learned.reading import Original, read_original
from hsr_privacy.learned.stored import stored
from hsr_privacy.learned.timing import derived_names, without_derived
from hsr_privacy.learned.two_tables import TWO_TABLES, draw_pair, learn_pair
from hsr_privacy.learned.verdict import judge
from hsr_privacy.learned.writing import write_set
from hsr_privacy.probing import held_out
from hsr_privacy.rules import Rules, judge_rules, load_rules

ALL_MODELS: Final = (*MODELS, TWO_TABLES)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wishes:
    """What somebody asks for.

    Attributes:
        model: one of `ALL_MODELS`.
        rows: of the set; of two tables, about so many events.
        seed: same seed, same set, as far as the libraries permit.
        epochs: of the neural models.
        where: per column the value that it shall have.
        control_share: share of the persons that is held out, 0-1.
        risk_limit: that the upper end of every risk must stay under, 0-1.
        attacks: that are tried at most per attack.
        fewest_persons: that a category needs to be learned.
    """

    model: str
    rows: int
    seed: int
    epochs: int = EPOCHS
    where: Mapping[str, str] = field(default_factory=dict)
    control_share: float = 0.3
    risk_limit: float = 0.1
    attacks: int = 2000
    fewest_persons: int = 5


@dataclass(frozen=True)
class Source:
    """What to learn from.

    Attributes:
        path: a file of events, or a folder of persons and events.
        person: column that tells persons apart; found by its name if left out.
        rows_are_persons: that no column does, because nobody has two rows.
        leave_out: columns that shall not be learned.
        delimiter: of a CSV; read from its heading if left out.
    """

    path: Path
    person: str | None = None
    rows_are_persons: bool = False
    leave_out: Collection[str] = ()
    delimiter: str | None = None


def synthesize_learned(
    source: Source,
    wishes: Wishes,
    *,
    out: Path,
    model_file: Path | None = None,
    recipients: Sequence[str] = (),
    codebook: Codebook | None = None,
    tell: Tell = lambda _line: None,
    progress: Progress = lambda _done, _of: None,
) -> Passport:
    """Learn from a table, draw a set, attack it, and write both with a verdict.

    A part of the persons is never learned from. The set is then attacked on both parts, and is
    called releasable only if the upper end of every interval is under the limit.

    Args:
        source: what to learn from.
        wishes: what to draw, and how hard to attack it.
        out: folder to make; it must not exist.
        model_file: where to write the model, sealed to the recipients; nowhere if left out.
        recipients: age public keys.
        codebook: the shipped one if left out.
        tell: is told each step.
        progress: is told each round of a neural model.

    Raises:
        MissingExtra: SDV or anonymeter is not installed.
        DataError: the table cannot be learned from, or no row can be drawn.
        KeyRingError: no recipient for the model, or one that is none.
        OutputError: the folder or the file is taken, or cannot be written.
    """
    _within_bounds(wishes)
    refuse_taken(out)
    for package in ("anonymeter", "sdv"):
        _installed(package)
    codebook = codebook or load_codebook()
    rules = load_rules(codebook=codebook)
    original = read_original(
        source.path,
        codebook=codebook,
        person=source.person,
        rows_are_persons=source.rows_are_persons,
        leave_out=source.leave_out,
        delimiter=source.delimiter,
    )
    _fits(source, original, wishes)
    check_conditions(wishes.where, original.columns, labels=original.table, codebook=codebook)
    tell(f"read {original.table.height} rows of {original.persons.n_unique()} persons")
    control = held_out(original.persons, wishes.control_share, seed=wishes.seed)
    made = _make(
        original,
        wishes,
        control=control,
        codebook=codebook,
        rules=rules,
        tell=tell,
        progress=progress,
    )
    tell("attacking the set")
    passport = _judged(original, made, wishes, control=control, codebook=codebook, rules=rules)
    tell("writing the set and its passport")
    return write_set(
        passport,
        made.drawn.table,
        original=original,
        keys=made.keys,
        out=out,
        model=made.model,
        model_file=model_file,
        recipients=recipients,
    )


@dataclass(frozen=True)
class _Made:
    model: Model
    drawn: Drawn
    keys: pl.Series
    merged: dict[str, int]


def _make(
    original: Original,
    wishes: Wishes,
    *,
    control: pl.Series,
    codebook: Codebook,
    rules: Rules,
    tell: Tell,
    progress: Progress,
) -> _Made:
    """Learn, and draw."""
    learned = original.table.filter(~control)
    persons = original.persons.filter(~control)
    learned, merged = merge_rare(
        learned, original.columns, persons, fewest=wishes.fewest_persons, codebook=codebook
    )
    _still_varies(learned, original)
    tell(f"learning {wishes.model} from {learned.height} rows")
    random = np.random.default_rng(wishes.seed)
    if wishes.model == TWO_TABLES:
        pair = learn_pair(learned, original.columns, persons, seed=wishes.seed, random=random)
        tell("drawing persons and their events")
        drawn, keys = draw_pair(
            pair,
            wishes.rows,
            columns=original.columns,
            rules=rules,
            codebook=codebook,
            seed=wishes.seed,
        )
        return _Made(pair.model, drawn, keys, merged)
    plain = to_plain(learned, without_derived(original.columns), random=random)
    model = learn(
        plain, model=wishes.model, seed=wishes.seed, epochs=wishes.epochs, progress=progress
    )
    tell(f"drawing {wishes.rows} rows")
    drawn = draw_rows(
        lambda rows, where: draw(model, rows, where=where),
        wishes.rows,
        columns=original.columns,
        fields=plain.fields,
        where=wishes.where,
        rules=rules,
        codebook=codebook,
    )
    keys = pl.Series("person", range(1, drawn.table.height + 1), dtype=pl.Int64)
    return _Made(model, drawn, keys, merged)


def _judged(
    original: Original,
    made: _Made,
    wishes: Wishes,
    *,
    control: pl.Series,
    codebook: Codebook,
    rules: Rules,
) -> Passport:
    """Compare and attack."""
    table = made.drawn.table
    learned = original.table.filter(~control)
    attacks = audit(
        original.table,
        table,
        columns=original.columns,
        persons=original.persons,
        control=control,
        limit=wishes.risk_limit,
        attacks=wishes.attacks,
        seed=wishes.seed,
    )
    alike = comparable([learned, table], original.columns)
    counts = [
        judge_rules(stored(t, original.columns, p), rules=rules, codebook=codebook)
        for t, p in ((original.table, original.persons), (table, made.keys))
    ]
    return Passport(
        making=_making(original, made, wishes, control),
        synthetic_rows=table.height,
        columns=original.order,
        fidelity=compare(alike[0], alike[1], names=alike[0].columns),
        analyses=compare_analyses(original.table, table),
        rules=tuple(zip(*counts, strict=True)),
        attacks=attacks,
        verdict=judge(attacks),
        files={},
    )


def _making(original: Original, made: _Made, wishes: Wishes, control: pl.Series) -> Making:
    neural = wishes.model in MODELS[1:]
    return Making(
        model=wishes.model,
        seed=wishes.seed,
        epochs=wishes.epochs if neural else None,
        versions={n: _version(n) for n in ("hsr-privacy", "sdv", "anonymeter", "torch")},
        rows=original.table.height,
        persons=original.persons.n_unique(),
        rows_learned=int((~control).sum()),
        rows_held_out=int(control.sum()),
        control_share=wishes.control_share,
        rows_left_out=original.rows_left_out,
        columns_left_out=original.columns_left_out,
        fewest_persons=wishes.fewest_persons,
        cells_merged=made.merged,
        derived=tuple(sorted(derived_names(original.columns))),
        where=wishes.where,
        drawn=made.drawn.tried,
        rows_breaking=made.drawn.broken,
        rows_unreached=made.drawn.unreached,
        risk_limit=wishes.risk_limit,
        attacks=wishes.attacks,
    )


def _within_bounds(wishes: Wishes) -> None:
    """Refuse shares that nothing could be judged by; not a number is within no bounds."""
    if not 0 < wishes.risk_limit < 1:
        raise DataError("the risk limit must lie between 0 and 1")
    if not 0.1 <= wishes.control_share <= 0.5:
        raise DataError("the control share must lie between 0.1 and 0.5")


def _fits(source: Source, original: Original, wishes: Wishes) -> None:
    """Refuse a model that is not for the tables, and the other way round."""
    if wishes.model not in ALL_MODELS:
        raise DataError(f"there is no model '{wishes.model}'; choose of {', '.join(ALL_MODELS)}")
    if wishes.rows < 1:
        raise DataError("a set has one row at least")
    if original.two_tables and wishes.model != TWO_TABLES:
        raise DataError(
            f"{source.path} has two tables, and {wishes.model} learns one; use --model {TWO_TABLES}"
        )
    if wishes.model == TWO_TABLES and original.person is None:
        raise DataError(
            f"{TWO_TABLES} learns persons and their events; name the column by --person"
        )
    if wishes.model == TWO_TABLES and wishes.where:
        raise DataError(f"{TWO_TABLES} takes no conditions; draw more and choose among them")


def _still_varies(learned: pl.DataFrame, original: Original) -> None:
    """Refuse a column of which one value is left, once the rare ones are merged."""
    for column in original.columns:
        if column.is_category and learned[column.name].n_unique() < 2:
            raise DataError(
                f"column '{column.name}' has only one value that enough persons have; "
                f"leave it out: --leave-out {column.name}"
            )


def _installed(package: str) -> None:
    try:
        version(package)
    except PackageNotFoundError:
        require(package)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
