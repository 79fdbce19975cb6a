"""Fixtures that every test may ask for: the three engines, and a house without network."""

from __future__ import annotations

import csv
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import settings

from tests.applications import hierarchies, load
from tests.browser import browser
from tests.desk import deliveries, desk, released
from tests.people import office, office_and_before
from tests.registered import registered
from tests.servers import new_database, postgresql, postgresql_folder
from tests.tokens import softhsm

# The same examples each time, and no clock: a busy machine is no fault.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

__all__ = [
    "browser",
    "deliveries",
    "desk",
    "hierarchies",
    "load",
    "new_database",
    "office",
    "office_and_before",
    "postgresql",
    "postgresql_folder",
    "registered",
    "released",
    "softhsm",
]  # fixtures from elsewhere

Make = Callable[[dict[str, list[Any]]], Any]


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark session for the whole run; tests that ask for it skip where PySpark is missing."""
    pytest.importorskip("pyspark", reason="pip install 'hsr-privacy[spark]' brings PySpark")
    from hsr_privacy.frames import spark_session

    session = spark_session()
    yield session
    session.stop()


@pytest.fixture(
    params=[
        "pandas",
        "polars",
        "polars-lazy",
        pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")]),
    ]
)
def make_frame(request: pytest.FixtureRequest) -> Make:
    """Make a frame of each kind from columns; Spark gets its schema through Polars."""
    kind = request.param

    def make(columns: dict[str, list[Any]], schema: dict[str, Any] | None = None) -> Any:
        table = pl.DataFrame(columns, schema=schema, strict=False)
        if kind == "pandas":
            return table.to_pandas() if schema else pd.DataFrame(columns)
        if kind == "polars":
            return table
        if kind == "polars-lazy":
            return table.lazy()
        session = request.getfixturevalue("spark")
        return session.createDataFrame(table.to_arrow())

    return make


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid every socket: the main job must not need one."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="session")
def codebook() -> Any:
    """The shipped codebook."""
    from hsr_privacy import load_codebook, load_hierarchies

    return load_codebook(hierarchies=load_hierarchies())


@pytest.fixture
def ring(tmp_path: Path) -> Any:
    """A key ring of a test register, with the least work that its format allows."""
    from hsr_privacy.keys import KeyRing
    from hsr_privacy.keys.stretching import Stretching

    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    return KeyRing.create(
        folder / "register.keyring",
        "correct horse battery staple",
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )


Deliver = Callable[..., Path]


@pytest.fixture
def deliver(tmp_path: Path, codebook: Any) -> Deliver:
    """Write plain CSV deliveries: per form a list of rows, each with the columns that matter."""

    def write(**forms: list[dict[str, str]]) -> Path:
        folder = tmp_path / "deliveries"
        folder.mkdir(exist_ok=True)
        for form, rows in forms.items():
            names = [variable.name for variable in codebook.delivered_by(form)]
            strange = {name for row in rows for name in row} - set(names)
            assert not strange, f"form {form} has no {strange}"
            with (folder / f"{form}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return folder

    return write
