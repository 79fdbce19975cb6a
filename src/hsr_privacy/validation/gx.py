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

from hsr_privacy.errors import DataError

COUNTS_ONLY: Final = {
    "result_format": "BASIC",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}
"""Without ``exclude_unexpected_values`` a whole national identifier stands in the result."""

_ROW_COUNT: Final = "expect_table_row_count_to_be_between"
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
            context = _context()
            for batch in batches:
                if batch.questions:
                    verdicts.update(_answers(context, batch))
        except DataError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a cell
            name = type(error).__name__
            raise DataError(
                f"the table could not be judged: Great Expectations or the engine raised {name}; "
                "look at the columns' types, or report it with that name"
            ) from None
    return verdicts


def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _main_has_a_file():
        import great_expectations as gx
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


def _answers(context: Any, batch: Batch) -> Iterator[tuple[str, Verdict]]:
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    sources = context.data_sources
    if isinstance(batch.table, pd.DataFrame):
        source = sources.add_or_update_pandas("pandas")
    else:
        source = sources.add_or_update_spark("spark", persist=False)
    definition = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("table")
    expectations = [
        get_expectation_impl(question.kind)(**question.kwargs, meta={"id": question.id})
        for question in batch.questions
    ]
    suite = gx.ExpectationSuite("suite", expectations=expectations)
    loaded = definition.get_batch({"dataframe": batch.table})
    for result in loaded.validate(suite, result_format=COUNTS_ONLY).results:
        yield result.expectation_config.meta["id"], _verdict(result)


def _verdict(result: Any) -> Verdict:
    """Copy what is a count; everything else stays behind."""
    raised = _raised(result.exception_info)
    if raised:
        return Verdict(passed=False, checked=None, missing=None, unexpected=None, reason=raised)
    counts = result.result or {}
    of_rows = result.expectation_config.type == _ROW_COUNT
    checked = _count(counts, "observed_value" if of_rows else "element_count")
    unexpected = _count(counts, "unexpected_count")
    if checked == 0 and not of_rows:
        unexpected = 0  # Spark has no sum of nothing
    return Verdict(
        passed=result.success is True,
        checked=checked,
        missing=_count(counts, "missing_count"),
        unexpected=unexpected,
        reason="",
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
