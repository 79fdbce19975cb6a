"""Judge: what each rule says of a frame, in counts; and which rows break one, for scoring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
import polars as pl
import polars.selectors as cs

from hsr_privacy.codebook import Codebook, Type, load_codebook
from hsr_privacy.errors import DataError
from hsr_privacy.extract import EVENT_KEY
from hsr_privacy.frames import Frame, as_frame, columns_of, engine_of, to_polars
from hsr_privacy.rules.clause import OUTSIDE, Clause, any_of
from hsr_privacy.rules.clocks import read_clocks
from hsr_privacy.rules.cohort import COHORT, judge_survival
from hsr_privacy.rules.counts import RuleCount, Unjudged
from hsr_privacy.rules.fitting import fit, take
from hsr_privacy.rules.joining import with_register
from hsr_privacy.rules.logic import clauses_of
from hsr_privacy.rules.model import DAY, EVENT_TYPE, OUTSIDE_ONLY, PERSON, Form, Rule, Rules
from hsr_privacy.rules.persons import add_persons
from hsr_privacy.rules.places import add_places
from hsr_privacy.rules.reading import load_rules

_CONCERNED, _VIOLATING = "concerned {}", "violating {}"
_PERSONS: Final = (PERSON, "fnr", "person_lnr")


def judge_rules(
    frame: Any,
    *,
    rules: Rules | None = None,
    codebook: Codebook | None = None,
    form: Form | str | None = None,
    register: Any = None,
) -> tuple[RuleCount, ...]:
    """Count for every rule the rows that it concerns, and those in which it does not hold.

    A rule whose columns are missing, or hold something else than the codebook says (a band, a
    label), is not judged and says so; where only a part of it can be asked, that part is.

    Args:
        frame: rows of a delivered form, of the event store, or of a table made like one: pandas,
            Polars, PyArrow or Spark.
        rules: the shipped ones if left out.
        codebook: the shipped one if left out.
        form: what the frame is. Left out, a frame with event keys or event days is the event store,
            and any other is asked every rule; times without a zone are then local.
        register: the register form, whose dates of death and municipalities stand beside a
            delivered form's arrests; on the same engine.

    Returns:
        One count per rule, in the order of the rules.

    Raises:
        DataError: not a table, or no such form.
    """
    rules = rules or load_rules(codebook=codebook)
    prepared = _prepare(frame, rules, codebook or load_codebook(), form=form, register=register)
    asked = {rule.id: _asked(rule, prepared) for rule in rules}
    questions = []
    for name, clauses in asked.items():
        if clauses:
            concerned = any_of(*(clause.concerned for clause in clauses))
            violated = any_of(*(clause.violated for clause in clauses))
            questions += [
                _count(concerned).alias(_CONCERNED.format(name)),
                _count(violated).alias(_VIOLATING.format(name)),
            ]
    row: dict[str, Any] = {}
    if questions:
        row = to_polars(prepared.frame.select(*questions)).row(0, named=True)
    counts = {
        name: (int(row[_CONCERNED.format(name)] or 0), int(row[_VIOLATING.format(name)] or 0))
        for name, clauses in asked.items()
        if clauses
    }
    if any(rule.id == COHORT and _is_of(rule, prepared.form) for rule in rules):
        survival = judge_survival(prepared.frame, prepared.held)
        counts |= {COHORT: survival} if survival is not None else {}
    return tuple(_counted(rule, counts.get(rule.id), prepared) for rule in rules)


def violating_rows(
    frame: Any,
    rule: str,
    *,
    rules: Rules | None = None,
    codebook: Codebook | None = None,
    form: Form | str | None = None,
    register: Any = None,
) -> tuple[int, ...]:
    """Numbers of the rows that break a rule; the first row of data is 0.

    For scoring against a ledger of what was planted. Rows of Spark are brought here, in the order
    in which they come. A rule that is not judged names no row, nor does R31, which judges counts; of
    two arrests that R29 takes for one, the later is named.

    Args:
        frame: as for `judge_rules`, and so are the other arguments.
        rule: id of a rule.

    Raises:
        DataError: no such rule or form, or not a table.
    """
    rules = rules or load_rules(codebook=codebook)
    chosen = Rules(tuple(one for one in rules if one.id == rule))
    if not len(chosen):
        raise DataError(f"there is no rule {rule}; see docs/reference/rules.md")
    taken = take(frame)
    form = _named(form, columns_of(taken))
    if engine_of(taken) == "spark":
        taken = as_frame(_here(taken, form))
        register = None if register is None else to_polars(as_frame(register))
    prepared = _prepare(taken, chosen, codebook or load_codebook(), form=form, register=register)
    clauses = _asked(chosen[rule], prepared)
    if not clauses:
        return ()
    violated = any_of(*(clause.violated for clause in clauses)).alias("violated")
    flags = to_polars(prepared.frame.select(violated))["violated"]
    return tuple(flags.fill_null(value=False).arg_true().to_list())


@dataclass(frozen=True)
class _Prepared:
    """A frame with all that clauses read.

    Attributes:
        frame: the rows.
        held: columns that can be asked of, `DAY` and `PERSON` among them.
        other: columns that are there and hold something else.
        form: what the frame is, if known.
    """

    frame: Frame
    held: frozenset[str]
    other: frozenset[str]
    form: Form | None


def _prepare(
    data: Any, rules: Rules, codebook: Codebook, *, form: Form | str | None, register: Any
) -> _Prepared:
    """Take in a frame, join what is asked for, and add what clauses read."""
    frame = take(data)
    known = _named(form, columns_of(frame))
    if register is not None:
        frame = with_register(frame, register)
    names = {name for rule in rules for name in rule.columns if name in codebook}
    if DAY in {name for rule in rules for name in rule.columns}:
        names |= {DAY, *(name for name in ("t_stans", "t_anrop") if name in codebook)}
    there = columns_of(frame)
    persons = [name for name in _PERSONS if name in there]
    needed = [n for n in there if n in names or n in persons[:1]]
    frame = frame.select(*needed) if needed else frame
    fitted = fit(frame, sorted(names), codebook=codebook)
    frame, held = fitted.frame, set(fitted.held)
    if known in OUTSIDE_ONLY and EVENT_TYPE not in there and EVENT_TYPE in names:
        frame = frame.with_columns(nw.lit(OUTSIDE, dtype=nw.Int64()).alias(EVENT_TYPE))
        held.add(EVENT_TYPE)
    types = {n: Type.DATE if n == DAY else codebook[n].type for n in held}
    clocks = read_clocks(
        frame,
        sorted(n for n, kind in types.items() if kind is Type.DATETIME),
        sorted(n for n, kind in types.items() if kind is Type.DATE),
        form=known,
    )
    held |= {DAY} if clocks.has_day else set()
    frame = add_places(clocks.frame, held)
    frame = add_persons(frame, held, person=persons[0] if persons else None)
    held |= {PERSON} if persons else set()
    return _Prepared(frame, frozenset(held), fitted.other, known)


def _here(frame: Frame, form: Form | None) -> pl.DataFrame:
    """The rows of Spark in this process; local times lose the zone that Spark gives them."""
    table = to_polars(frame)
    if form in (None, Form.EVENT):
        return table
    return table.with_columns(cs.datetime().dt.replace_time_zone(None))


def _named(form: Form | str | None, columns: Collection[str]) -> Form | None:
    """The form that is stated, or the event store where a column of it is seen."""
    if form is None:
        return Form.EVENT if EVENT_KEY in columns or DAY in columns else None
    try:
        return Form(form)
    except ValueError:
        raise DataError(f"there is no form '{form}'; give one of: {', '.join(Form)}") from None


def _is_of(rule: Rule, form: Form | None) -> bool:
    return rule.judged_by == "rules" and (form is None or form in rule.forms)


def _asked(rule: Rule, prepared: _Prepared) -> tuple[Clause, ...]:
    """The clauses of a rule that a frame has the columns for."""
    if rule.id == COHORT or not _is_of(rule, prepared.form):
        return ()
    return tuple(c for c in clauses_of(rule) if set(c.columns) <= prepared.held)


def _counted(rule: Rule, count: tuple[int, int] | None, prepared: _Prepared) -> RuleCount:
    """The rule's count, or why it has none."""
    severity = rule.severity_for(prepared.form)
    lacking = tuple(name for name in rule.columns if name not in prepared.held)
    if count is not None:
        return RuleCount(rule.id, severity, *count, None, lacking)
    if rule.judged_by == "gate":
        return RuleCount(rule.id, severity, None, None, Unjudged.GATE)
    if not _is_of(rule, prepared.form):
        return RuleCount(rule.id, severity, None, None, Unjudged.FORM)
    reason = Unjudged.OTHER if prepared.other & set(lacking) else Unjudged.ABSENT
    return RuleCount(rule.id, severity, None, None, reason, lacking)


def _count(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64).sum()
