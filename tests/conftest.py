"""Fixtures that every test may ask for: the three engines, and a house without network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import polars as pl
import pytest

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
