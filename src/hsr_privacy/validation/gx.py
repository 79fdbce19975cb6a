"""Great Expectations: the one file that knows it, and lets only counts out of it."""

from __future__ import annotations

import builtins
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from hsr_privacy.documents import nearest
from hsr_privacy.errors import DataError
from hsr_privacy.validation.asking import QUESTIONS

COUNTS_ONLY: Final = {
    "result_format": "BASIC",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}
"""Without ``exclude_unexpected_values`` a whole national identifier stands in the result."""

ROW_COUNT: Final = "expect_table_row_count_to_be_between"
_SMALL: Final = 10_000
_LOGGER: Final = "great_expectations"
_SILENT: Final = logging.CRITICAL + 1


@dataclass(frozen=True)
class Question:
    """One expectation as Great Expectations takes it.

    Attributes:
        id: to find its answer again.
        kind: the name that Great Expectations has for it.
        kwargs: its column and what else it needs.
    """

    id: str
    kind: str
    kwargs: Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """A table, pandas or Spark, and what is asked of it."""

    table: Any
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Verdict:
    """An answer: counts, and the type of what went wrong where something did."""

    passed: bool
    checked: int | None
    missing: int | None
    unexpected: int | None
    reason: str


def judge(batches: Iterable[Batch]) -> dict[str, Verdict]:
    """Ask all questions; the answers by the questions' ids.

    Nothing is written, sent or printed: an ephemeral context without data docs, analytics or
    progress bars, and no log, as Great Expectations logs the texts of exceptions, which may quote
    a cell.

    Raises:
        DataError: Great Expectations or the engine itself gives up; its text is not repeated.
    """
    verdicts: dict[str, Verdict] = {}
    with _quiet():
        try:
            definitions: dict[str, Any] = {}
            context = _context()
            for batch in batches:
                if batch.questions:
                    verdicts.update(_answers(context, batch, definitions))
        except DataError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a cell
            name = type(error).__name__
            raise DataError(
                f"the table could not be judged: Great Expectations or the engine raised {name}; "
                "look at the columns' types, or report it with that name"
            ) from None
    return verdicts


def load() -> Any:
    """Great Expectations, with its analytics off and our own expectations registered."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _main_has_a_file(), _quiet():
        import great_expectations as gx

        import hsr_privacy.validation.kinds  # noqa: F401 - importing them registers them
    return gx


def faults_of(questions: Iterable[Question]) -> dict[str, str]:
    """What is wrong with questions before any table is seen, by their ids.

    A kind that nobody has, or arguments that it does not take; the text names both and no cell, as
    there is none yet.
    """
    load()
    from great_expectations.exceptions import ExpectationNotFoundError
    from great_expectations.expectations.registry import (
        get_expectation_impl,
        list_registered_expectation_implementations,
    )

    found: dict[str, str] = {}
    for question in questions:
        try:
            made = get_expectation_impl(question.kind)
        except ExpectationNotFoundError:
            known = list_registered_expectation_implementations()
            found[question.id] = f"there is no '{question.kind}'{nearest(question.kind, known)}"
            continue
        try:
            made(**question.kwargs)
        except (TypeError, ValueError) as error:
            found[question.id] = _told(error)
    return found


def _told(error: Exception) -> str:
    """What pydantic has against arguments, on one line."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return "its arguments do not fit"
    parts = []
    for one in errors():
        where = ".".join(str(place) for place in one["loc"] if place != "__root__")
        parts.append(f"'{where}': {one['msg']}" if where else str(one["msg"]))
    return "; ".join(dict.fromkeys(parts))


def _context() -> Any:
    gx = load()
    with _main_has_a_file():
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


@contextmanager
def _main_has_a_file() -> Iterator[None]:
    """Let the program look like a file while Great Expectations is imported.

    It tries to import PySpark Connect, which takes a program without a file (``python -c``, a
    worker of a test run) for its own doctests and ends the process.
    """
    main = sys.modules["__main__"]
    if main.__spec__ is not None or hasattr(main, "__file__"):
        yield
        return
    main.__file__ = "<hsr>"
    try:
        yield
    finally:
        del main.__file__


def _answers(
    context: Any, batch: Batch, definitions: dict[str, Any]
) -> Iterator[tuple[str, Verdict]]:
    """The answers of one batch; what tells Great Expectations of an engine is made once for each."""
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    engine = "pandas" if isinstance(batch.table, pd.DataFrame) else "spark"
    if engine not in definitions:
        sources = context.data_sources
        source = (
            sources.add_or_update_pandas(engine)
            if engine == "pandas"
            else sources.add_or_update_spark(engine, persist=False)
        )
        asset = source.add_dataframe_asset("table")
        definitions[engine] = asset.add_batch_definition_whole_dataframe("table")
    definition = definitions[engine]
    expectations = [
        get_expectation_impl(question.kind)(**question.kwargs, meta={"id": question.id})
        for question in batch.questions
    ]
    suite = gx.ExpectationSuite("suite", expectations=expectations)
    loaded = definition.get_batch({"dataframe": batch.table})
    for result in loaded.validate(suite, result_format=COUNTS_ONLY).results:
        yield result.expectation_config.meta["id"], _verdict(result)
    if engine == "pandas" and len(batch.table) > _SMALL:
        del definitions[engine]  # it keeps every table that it has judged


def _verdict(result: Any) -> Verdict:
    """Copy what is a count; everything else stays behind."""
    raised = _raised(result.exception_info)
    if raised:
        return Verdict(passed=False, checked=None, missing=None, unexpected=None, reason=raised)
    counts = result.result or {}
    of_rows = result.expectation_config.type == ROW_COUNT
    checked = _count(counts, "observed_value" if of_rows else "element_count")
    unexpected = _count(counts, "unexpected_count")
    if checked == 0 and not of_rows:
        unexpected = 0  # Spark has no sum of nothing
    details = counts.get("details")
    reason = details.get("reason", "") if isinstance(details, Mapping) else ""
    return Verdict(
        passed=result.success is True,
        checked=checked,
        missing=_count(counts, "missing_count"),
        unexpected=unexpected,
        reason=reason if result.expectation_config.type in QUESTIONS else "",
    )


def _count(counts: Mapping[str, Any], key: str) -> int | None:
    value = counts.get(key)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _raised(info: Mapping[str, Any] | None) -> str:
    """The type of the exception that was raised, never its text; empty if none was."""
    for one in (info or {}, *(info or {}).values()):
        if isinstance(one, Mapping) and one.get("raised_exception"):
            found = re.findall(r"(?m)^(?:\w+\.)*([A-Za-z]+)\b", str(one.get("exception_traceback")))
            known = [n for n in found if isinstance(getattr(builtins, n, None), type)]
            errors = [n for n in known if issubclass(getattr(builtins, n), Exception)]
            return errors[-1] if errors else "Exception"
    return ""


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger(_LOGGER)
    before = logger.level
    logger.setLevel(_SILENT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
