"""Own: what a project itself expects of its extract, and what is wrong with how it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from hsr_privacy.documents import KeyPath, nearest
from hsr_privacy.project.model import OwnExpectation
from hsr_privacy.validation.asking import QUESTIONS, columns_of_question
from hsr_privacy.validation.suite import Expectation, Subject

PREFIX: Final = "project."
_OF_CELLS: Final = frozenset({"value_set", "min_value", "max_value", "value", "when", "then"})
_TEXTS: Final = frozenset({"regex", "like_pattern"})


def own_expectations(
    expectations: Sequence[OwnExpectation], held: Mapping[str, str]
) -> tuple[Expectation, ...]:
    """A project's own expectations as those of a suite; ids are ``project.<id>``.

    Args:
        expectations: as the application has them.
        held: per column of the extract, the word for what it holds: its values stay texts where that
            is text, and are numbers else.
    """
    return tuple(
        Expectation(
            PREFIX + one.id,
            Subject.ROWS,
            one.kind,
            one.column,
            one.severity,
            one.text,
            _kwargs(one, held),
        )
        for one in expectations
    )


def own_faults(
    expectations: Sequence[OwnExpectation], columns: Collection[str]
) -> tuple[tuple[KeyPath, str], ...]:
    """What is wrong with a project's own expectations, by the place in the application.

    Args:
        expectations: as the application has them.
        columns: of the extract that the project asks for.

    Returns:
        The key path of each fault, from ``expectations`` on, and what to do.
    """
    if not expectations:
        return ()
    from hsr_privacy.validation.gx import Question, faults_of

    found: list[tuple[KeyPath, str]] = []
    ids = [one.id for one in expectations]
    questions = []
    for number, one in enumerate(expectations):
        where = ("expectations", number)
        if ids.index(one.id) < number:
            found.append(((*where, "id"), f"'{one.id}' stands twice; rename one"))
        kwargs = _kwargs(one, {})
        if one.column is not None:
            kwargs["column"] = one.column
        found += [
            ((*where, key), f"the extract has no column '{name}'{nearest(name, list(columns))}")
            for key, name in _columns_of(one, kwargs)
            if name not in columns
        ]
        questions.append(Question(str(number), one.kind, kwargs))
    for name, problem in faults_of(questions).items():
        part = "kind" if problem.startswith("there is no ") else "kwargs"
        found.append((("expectations", int(name), part), problem))
    return tuple(found)


def _columns_of(one: OwnExpectation, kwargs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every column that an expectation names, and under which key."""
    if one.column is not None:
        yield "column", one.column
    named: list[str] = []
    if one.kind in QUESTIONS:
        named += columns_of_question(one.kind, kwargs) or ()
    else:
        for key in ("column_A", "column_B", "column_list", "column_set"):
            value = kwargs.get(key) or ()
            named += [value] if isinstance(value, str) else list(value)
    for name in dict.fromkeys(named):
        if name != one.column:
            yield "kwargs", name


def _kwargs(one: OwnExpectation, held: Mapping[str, str]) -> dict[str, Any]:
    """Arguments with their numbers: an application is read as text, as ``0301`` is no number.

    Values of cells stay text where the column holds text; all else becomes the number that it is, if
    it is written as numbers are.
    """
    is_text = held.get(one.column or "") == "text"
    return {
        key: value
        if key in _TEXTS or (key in _OF_CELLS and is_text)
        else _by_column(value, held)
        if key in ("when", "then")
        else _number(value)
        for key, value in one.kwargs.items()
    }


def _by_column(tests: Any, held: Mapping[str, str]) -> Any:
    if not isinstance(tests, Mapping):
        return tests
    return {
        name: test if held.get(name) == "text" else _number(test) for name, test in tests.items()
    }


def _number(value: Any) -> Any:
    """What a text says, where it is written exactly as a number or as true or false."""
    if isinstance(value, list):
        return [_number(one) for one in value]
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    for kind in (int, float):
        try:
            number = kind(value)
        except ValueError:
            continue
        if str(number) == value:
            return number
    return value
