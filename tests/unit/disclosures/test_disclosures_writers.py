"""Two at once, killed at any moment, a full disk: nothing is lost and nothing is doubled."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.databases import database
from hsr_privacy.disclosures import DisclosureRegister, State
from hsr_privacy.errors import HsrError, OutputFailed, RegisterError
from hsr_privacy.keys import AuditLog, KeyRing
from tests.disclosing import (
    Writers,
    die_at_statement,
    die_at_write,
    enter,
    entry,
    hold,
    work,
)

pytestmark = pytest.mark.once

ACTS = ["begin", "finish", "hours", "withdraw", "confirm-deletion"]
STATES = [State.SEALING, State.RELEASED, State.RELEASED, State.WITHDRAWN, State.DELETED]


@pytest.fixture
def writers() -> Iterator[Writers]:
    made = Writers()
    yield made
    made.close()


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.xdist_group("server"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "file":
        return tmp_path / "store" / "disclosures.sqlite"
    url: str = request.getfixturevalue("new_database")
    return url


def is_consistent(place: Path | str, ring: KeyRing, name: str) -> int:
    """How many of the acts have happened, after all has been compared with all."""
    with DisclosureRegister(place, ring) as register:
        register.verify()
        found = [one for one in register.all() if one.id == name]
        acts = [one.act for one in register.history(name)]
        hours = [one for one in register.work() if one.release == name]
    done = len(acts) + len(hours)
    wanted = ACTS[:done]
    assert acts == [act for act in wanted if act != "hours"]
    assert len(hours) == ("hours" in wanted)
    assert [one.state for one in found] == STATES[done - 1 : done] * bool(done)
    logged = [line.act for line in AuditLog(ring).entries() if line.act.startswith("register.")]
    assert logged[len(logged) - done :] == [f"register.{act}" for act in wanted]
    if isinstance(place, Path) and place.exists():
        beside = {one.name for one in place.parent.iterdir()} - {place.name}
        assert beside <= {f"{place.name}-journal"}  # SQLite removes it with its next write
    return done


def sweep(
    writers: Writers, function: Any, place: Path | str, ring: KeyRing, moments: Iterable[int]
) -> list[int]:
    done = []
    for at in moments:
        name = f"x-{at}"
        was_killed = writers.run(function, place, ring.path, name, at)
        AuditLog(ring).path.with_name(f"{AuditLog(ring).path.name}.lock").unlink(missing_ok=True)
        done.append(is_consistent(place, ring, name))
        assert was_killed or done[-1] == len(ACTS)
    return done


def test_whoever_is_killed_between_two_statements_has_done_an_act_or_not(
    tmp_path: Path, ring: KeyRing, writers: Writers
) -> None:
    path = tmp_path / "store" / "disclosures.sqlite"
    done = sweep(writers, die_at_statement, path, ring, [9, 22, 24, 37, 1000])
    assert done[0] < 2
    assert done[-1] == len(ACTS)


def test_whoever_is_killed_at_a_write_of_the_audit_log_has_done_an_act_or_not(
    tmp_path: Path, ring: KeyRing, writers: Writers
) -> None:
    path = tmp_path / "store" / "disclosures.sqlite"
    done = sweep(writers, die_at_write, path, ring, [1, 2, 3, 4, 9])
    assert done[0] == 0
    assert done[-1] > 0


@pytest.mark.slow
@pytest.mark.parametrize("function", [die_at_statement, die_at_write])
def test_the_same_at_every_statement_and_every_write(
    place: Path | str, ring: KeyRing, writers: Writers, function: Any
) -> None:
    done, at = [0], 1
    while not all(one == len(ACTS) for one in done[-3:]):
        done += sweep(writers, function, place, ring, [at])
        at += 1
    assert at > 20
    assert set(done) == set(range(len(ACTS) + 1))


@pytest.mark.slow
def test_killed_at_fifty_random_moments(place: Path | str, ring: KeyRing, writers: Writers) -> None:
    drawn, done = random.Random(7), []
    began = time.monotonic()
    writers.run(work, place, ring.path, "whole")
    longest = time.monotonic() - began
    for turn in range(50):
        name = f"x-{turn}"
        writers.run(work, place, ring.path, name, after=drawn.uniform(0, longest))
        done.append(is_consistent(place, ring, name))
    assert len(set(done)) > 2


def test_who_enters_at_the_same_moment_waits_and_no_id_is_given_twice(
    place: Path | str, ring: KeyRing, writers: Writers
) -> None:
    writers.start(enter, place, ring.path, 3, together=3)
    assert writers.wait() == [0, 0, 0]
    with DisclosureRegister(place, ring) as register:
        assert {one.id for one in register.all()} == {f"hds-2026-0417-{n}" for n in range(1, 10)}
        assert {one.state for one in register.all()} == {State.RELEASED}
        assert register.verify().changes == 18


def test_between_two_commits_of_one_writer_nobody_else_writes(
    place: Path | str,
    ring: KeyRing,
    writers: Writers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened, done = tmp_path / "opened", tmp_path / "done"
    writers.start(hold, place, ring.path, opened, done)
    while not opened.exists():
        time.sleep(0.01)
    monkeypatch.setattr(database, "WAIT_SECONDS", 1)
    with pytest.raises(RegisterError, match="somebody else has been writing for 1 s"):
        DisclosureRegister(place, ring)
    done.touch()
    assert writers.wait() == [0]
    with DisclosureRegister(place, ring) as register:
        assert [one.id for one in register.unfinished()] == [entry().id]


@pytest.mark.xdist_group("server")
def test_whoever_has_lost_the_right_to_write_writes_nothing_more(
    new_database: str, ring: KeyRing
) -> None:
    import psycopg

    register = DisclosureRegister(new_database, ring)
    register.begin(entry("x-1"))
    assert register.get("x-1").state is State.SEALING  # reading keeps a transaction open
    with psycopg.connect(new_database, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        ).fetchall()
    assert ended == [(True,)]
    with DisclosureRegister(new_database, ring) as second:
        second.begin(entry("x-2"))
    for _ in range(2):
        with pytest.raises(RegisterError, match="the right to write is lost"):
            register.finish("x-1")
    register.close()
    register.close()
    with DisclosureRegister(new_database, ring) as register:
        assert register.get("x-1").state is State.SEALING
        assert register.verify().changes == 2


@pytest.mark.xdist_group("server")
def test_to_close_is_no_fault_when_the_server_has_gone(new_database: str, ring: KeyRing) -> None:
    import psycopg

    register = DisclosureRegister(new_database, ring)
    register.begin(entry("x-1"))
    register.all()
    with psycopg.connect(new_database, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchall()
    assert len(ended) == 2
    register.close()
    with DisclosureRegister(new_database, ring) as register:
        assert [one.id for one in register.unfinished()] == ["x-1"]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file becomes longer than this, as on a disk that is full."""
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_full_disk_is_said_and_what_stands_there_stays(tmp_path: Path, ring: KeyRing) -> None:
    path = tmp_path / "store" / "disclosures.sqlite"
    log = AuditLog(ring).path
    with DisclosureRegister(path, ring) as register:
        register.begin(entry("x-0"))
    shutil.copy2(path, tmp_path / "register")
    shutil.copy2(log, tmp_path / "log")
    refused = 0
    for room in (0, 300, 1500, 4096, 8192, 12288, 16384, 20480, 24576, 28672, 32768, 1 << 20):
        shutil.copy2(tmp_path / "register", path)
        shutil.copy2(tmp_path / "log", log)
        said = False
        with DisclosureRegister(path, ring) as register:
            with room_for(room):
                try:
                    register.begin(entry("x-1"))
                except OutputFailed:
                    said = True
            refused += said
        with DisclosureRegister(path, ring) as register:
            register.verify()
            assert {one.id for one in register.all()} - {"x-0"} in ({"x-1"}, set())
            assert said or register.get("x-1").state is State.SEALING
    assert 0 < refused < 12


def test_an_act_that_the_audit_log_refuses_has_not_happened(
    place: Path | str, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry("x-1"))
        log = AuditLog(ring).path
        whole = log.read_bytes()
        log.write_bytes(whole.replace(b'"register.begin"', b'"register.other"'))
        with pytest.raises(HsrError) as broken:
            register.finish("x-1")
        assert broken.value.exit_code == 17
        log.write_bytes(whole)
        assert register.get("x-1").state is State.SEALING
        assert register.verify().changes == 1
        register.finish("x-1")
        assert register.verify().changes == 2
