"""One writer at a time: who waits for whom, what a killed writer leaves, what a busy store says."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.databases import database
from hsr_privacy.errors import IdentityStoreError
from hsr_privacy.identities import IdentityStore, Sighting
from hsr_privacy.keys import KeyRing

PASSPHRASE = "correct horse battery staple"
TODAY = dt.date(2026, 11, 23)
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.xdist_group("server"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "file":
        return tmp_path / "store" / "identity.sqlite"
    url: str = request.getfixturevalue("new_database")
    return url


def learn(store: IdentityStore, *identifiers: str) -> dict[str, bytes]:
    return store.persons(dict.fromkeys(identifiers, Sighting("ambulance")), on=TODAY)


def _hold(place: Path | str, ring: Path, opened: Any, done: Any) -> None:
    with IdentityStore(place, KeyRing.open(ring, PASSPHRASE)) as store:
        learn(store, "held")
        opened.set()
        done.wait(60)


@contextmanager
def another_writer(place: Path | str, ring: KeyRing) -> Iterator[tuple[Any, Any, Any]]:
    """Another process that opens the store as soon as it can, and holds it until it is told."""
    opened, done = SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=_hold, args=(place, ring.path, opened, done))
    process.start()
    try:
        yield process, opened, done
    finally:
        if process.is_alive():  # to tell a dead one would wait for its answer
            done.set()
        process.join(60)
    assert process.exitcode in {0, -9}


def test_the_second_writer_waits_for_the_first_and_not_the_first_for_the_second(
    place: Path | str, ring: KeyRing
) -> None:
    with IdentityStore(place, ring) as store:
        learn(store, "first")
        with another_writer(place, ring) as (_, opened, done):
            assert not opened.wait(4)
            store.commit()
            if isinstance(place, str):  # the server's lock ends with the transaction
                assert opened.wait(60)
            else:  # the file's with the store
                assert not opened.is_set()
                store.close()
                assert opened.wait(60)
            done.set()
    with IdentityStore(place, ring) as store:
        assert store.count() == 1  # the second did not commit


def test_a_busy_store_says_so(
    place: Path | str, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with another_writer(place, ring) as (_, opened, _done):
        assert opened.wait(60)
        monkeypatch.setattr(database, "WAIT_SECONDS", 1)
        with pytest.raises(IdentityStoreError, match="somebody else has been writing for 1 s"):
            IdentityStore(place, ring)


def test_a_file_that_another_program_holds_says_so(
    tmp_path: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 1)
    path = tmp_path / "store" / "identity.sqlite"
    with IdentityStore(path, ring) as store:
        store.commit()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(IdentityStoreError, match="somebody else has been writing"):
        IdentityStore(path, ring)
    other.close()


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
@pytest.mark.parametrize("is_new", [True, False])
def test_a_writer_that_is_killed_leaves_the_store_as_it_was_and_free(
    place: Path | str, ring: KeyRing, is_new: bool
) -> None:
    if not is_new:
        with IdentityStore(place, ring) as store:
            learn(store, "first")
            store.commit()
    with another_writer(place, ring) as (process, opened, _):
        assert opened.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        process.join(60)
    with IdentityStore(place, ring) as store:
        assert store.count() == (0 if is_new else 1)
        learn(store, "next")
        store.commit()
    if isinstance(place, Path):
        assert [path.name for path in place.parent.iterdir()] == [place.name]


def _meet(place: Path | str, ring: Path, start: Any, told: Any) -> None:
    opened = KeyRing.open(ring, PASSPHRASE)
    start.wait(60)
    with IdentityStore(place, opened) as store:
        keys = learn(store, "both", f"only {os.getpid()}")
        time.sleep(0.3)
        store.commit()
    told.put(keys["both"])


def test_writers_that_begin_a_store_at_the_same_moment_agree_on_every_key(
    place: Path | str, ring: KeyRing
) -> None:
    start, told = SPAWN.Barrier(4), SPAWN.Queue()
    writers = [SPAWN.Process(target=_meet, args=(place, ring.path, start, told)) for _ in range(4)]
    for writer in writers:
        writer.start()
    keys = {told.get(timeout=120) for _ in writers}
    for writer in writers:
        writer.join(60)
    with IdentityStore(place, ring) as store:
        assert {store.person("both")} == keys
        assert store.count() == 5


@pytest.mark.xdist_group("server")
def test_the_server_does_not_end_a_long_release_for_idleness(
    new_database: str, ring: KeyRing
) -> None:
    import psycopg

    with psycopg.connect(new_database, autocommit=True) as connection:
        name = new_database.rpartition("/")[2]
        connection.execute(f'ALTER DATABASE "{name}" SET idle_in_transaction_session_timeout = 200')
    with IdentityStore(new_database, ring) as store:
        learn(store, "first")
        time.sleep(0.6)
        store.commit()
        assert store.count() == 1
