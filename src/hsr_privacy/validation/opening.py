"""Opening: what is to be judged, from a file or a folder, and by which suite."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.configs import shipped
from hsr_privacy.documents import nearest
from hsr_privacy.errors import ConfigError, DataError, Fault
from hsr_privacy.frames import spark_session
from hsr_privacy.registry import load_delivery_settings
from hsr_privacy.tables import read_table
from hsr_privacy.validation.deliveries import Delivered, read_forms
from hsr_privacy.validation.gx import Question, faults_of
from hsr_privacy.validation.judging import validate
from hsr_privacy.validation.report import Finding, ValidationReport
from hsr_privacy.validation.retyping import typed_by
from hsr_privacy.validation.statistical import STATISTICAL, read_statistical
from hsr_privacy.validation.suite import Subject, Suite, suite_of_json
from hsr_privacy.validation.suites import DELIVERED

ValidationEngine: TypeAlias = Literal["pandas", "spark"]

DELIVERIES: Final = "deliveries"
SUITES: Final = (*map(str, DELIVERED), "event-store", "extract", "synthetic")
"""Names of the shipped suites."""

_EXTRACTS: Final = (Path("data") / "extract.parquet", Path("extract.parquet"))
_TABLES: Final = (".csv", ".txt", ".tsv", ".parquet")
_OWN_SUITE: Final = "expectations.json"


@dataclass(frozen=True)
class Opened:
    """A table that is to be judged, and by what.

    Attributes:
        name: of the table: the form, or the file.
        suite: what must hold of it.
        table: its rows.
        register: the register form beside a delivered one.
        unread: marks where cells could not be read.
        faults: what could not be read at all.
        files: how many it came from.
    """

    name: str
    suite: Suite
    table: pl.DataFrame = field(repr=False)
    register: pl.DataFrame | None = field(default=None, repr=False)
    unread: pl.DataFrame | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()
    files: int = 1

    def judged(self, engine: ValidationEngine = "pandas") -> ValidationReport:
        """Ask everything; what could not be read at all is a finding of its own."""
        report = validate(
            _on(engine, self.table),
            self.suite,
            register=None if self.register is None else _on(engine, self.register),
            unread=self.unread,
        )
        if self.unread is None:
            return report
        return ValidationReport(report.suite, (self._whole(), *report.findings))

    def _whole(self) -> Finding:
        return Finding(
            "table.readable",
            None,
            "error",
            passed=not self.faults,
            checked=self.files,
            missing=0,
            unexpected=len(self.faults),
            reason="",
            text_nb="filer, overskrifter og rader lar seg lese",
            text_en="files, headings and rows can be read",
        )


def open_tables(path: Path, suite: str | None) -> tuple[Opened, ...]:
    """Find out what a path holds, and by which suite it is judged.

    Args:
        path: a table (CSV, Parquet, .dta, .sav), a folder of deliveries, or the folder of a release
            or a package.
        suite: a shipped one, ``deliveries`` for each form's own, or the path of a suite's file; the
            package's own if left out.

    Raises:
        DataError, DeliveryError: there is nothing to read, or it cannot be read.
        ConfigError: there is no such suite, or it has faults.
    """
    if not path.exists():
        raise DataError(f"{path}: no such file or folder")
    extract = next((path / one for one in _EXTRACTS if (path / one).is_file()), None)
    if suite is None:
        own = path / _OWN_SUITE
        if extract is None or not own.is_file():
            raise DataError(
                f"{path} has no suite of its own; name one with --suite: {', '.join(SUITES)}, "
                f"{DELIVERIES}, or a file"
            )
        return (_plain(extract, read_suite(own)),)
    if extract is not None:
        return (_plain(extract, open_suite(suite)),)
    if path.is_dir() or (_is_delivered(path) and suite in (DELIVERIES, *map(str, DELIVERED))):
        return _delivered(path, suite)
    return (_plain(path, open_suite(suite)),)


def open_suite(name: str) -> Suite:
    """A shipped suite by its name, or one from a file.

    Raises:
        ConfigError: there is none of this name, or the file has faults.
    """
    if name in SUITES:
        return read_suite(shipped("expectations", f"{name}.json"))
    path = Path(name)
    if path.suffix.lower() == ".json" or path.is_file():
        return read_suite(path)
    if name == DELIVERIES:
        raise ConfigError(
            f"'{DELIVERIES}' is for a folder of deliveries; name the form's own suite"
        )
    close = nearest(name, [*SUITES, DELIVERIES])
    raise ConfigError(
        f"there is no suite '{name}'{close}; give one of: {', '.join(SUITES)}, {DELIVERIES}, or a file"
    )


def read_suite(path: Path) -> Suite:
    """A suite from its file, checked before any table is read.

    Raises:
        ConfigError: it cannot be read, is no suite, or asks what cannot be asked.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line = getattr(error, "lineno", 0)
        fault = Fault(str(path), line, "", "not readable as JSON")
        raise ConfigError(f"{path} is no suite", [fault]) from None
    try:
        suite = suite_of_json(written)
    except (ConfigError, ValueError, KeyError, TypeError) as error:
        told = str(error) if isinstance(error, ConfigError) else "an expectation is not complete"
        raise ConfigError(f"{path} is no suite", [Fault(str(path), 0, "", told)]) from None
    questions = [
        Question(e.id, e.kind, {**e.kwargs, **({"column": e.column} if e.column else {})})
        for e in suite.expectations
    ]
    faults = [Fault(str(path), 0, name, problem) for name, problem in faults_of(questions).items()]
    if faults:
        raise ConfigError(f"{path} has {len(faults)} fault(s)", faults)
    return suite


def _is_delivered(path: Path) -> bool:
    return load_delivery_settings().layout_of(path.name) is not None


def _delivered(path: Path, suite: str) -> tuple[Opened, ...]:
    """The forms of a folder, each with its own suite, or one form with the suite that is named."""
    known = tuple(map(str, DELIVERED))
    wanted = DELIVERED if suite == DELIVERIES else tuple(Source(s) for s in known if s == suite)
    if not wanted:
        open_suite(suite)  # says where there is none of this name
        raise DataError(
            f"{path} is a folder without an extract; a folder of deliveries is judged by "
            f"--suite {DELIVERIES}, or by one form's: {', '.join(known)}"
        )
    forms = read_forms(path)
    register = next((one.table for one in forms if one.form is Source.REGISTER), None)
    found = tuple(_form(one, register) for one in forms if one.form in wanted)
    if not found:
        raise DataError(f"{path} holds no delivery of form '{suite}'")
    return found


def _form(delivered: Delivered, register: pl.DataFrame | None) -> Opened:
    return Opened(
        str(delivered.form),
        open_suite(str(delivered.form)),
        delivered.table,
        register=None if delivered.form is Source.REGISTER else register,
        unread=delivered.unread,
        faults=delivered.faults,
        files=len(delivered.files),
    )


def _plain(path: Path, suite: Suite) -> Opened:
    """One table from one file, its columns typed as the suite expects them."""
    if path.suffix.lower() not in (*_TABLES, *STATISTICAL):
        raise DataError(
            f"{path} is no table that can be judged; give a CSV, Parquet, .dta or .sav file"
        )
    if path.suffix.lower() in STATISTICAL:
        table = read_statistical(path)
    else:
        table, form = read_table(path)
        if form.kind == "csv":
            table = typed_by(table, expected_words(suite))
    return Opened(path.name, suite, table)


def expected_words(suite: Suite) -> Mapping[str, str]:
    """Per column, the word for what it should hold, where the suite says so."""
    return {
        e.column: str(e.kwargs["value_set"][0])
        for e in suite.expectations
        if e.subject is Subject.SCHEMA and e.column is not None and e.kwargs.get("value_set")
    }


def _on(engine: ValidationEngine, table: pl.DataFrame) -> Any:
    if engine == "pandas":
        return table
    return spark_session().createDataFrame(table.to_arrow())
