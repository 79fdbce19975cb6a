"""A PostgreSQL server of the tests' own: a fresh cluster on a loopback port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def _program(name: str) -> str | None:
    for place in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (place / name).exists():
            return str(place / name)
    return shutil.which(name)


def _user() -> str | None:
    """Who runs the server: it refuses root."""
    if os.name == "nt" or os.getuid():
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgresql_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps everything, its log included."""
    return tmp_path_factory.mktemp("postgresql")


@pytest.fixture(scope="session")
def postgresql(postgresql_folder: Path) -> Iterator[str]:
    """URL of a server with an empty cluster, without the name of a database at its end."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("no PostgreSQL server here; on Debian: apt install postgresql")
    pytest.importorskip("psycopg", reason="pip install 'hsr-privacy[postgresql]' brings psycopg")
    folder, user = postgresql_folder, _user()
    if user is not None:
        shutil.chown(folder, user)
        for parent in folder.parents[:3]:  # pytest's own, closed to others
            parent.chmod(parent.stat().st_mode | 0o011)
    # A name of its own: whoever starts a second server in this process gets a second cluster.
    data = folder / f"data-{os.urandom(4).hex()}"
    log, port = folder / "log", _free_port()
    make = [initdb, "-D", str(data), "-U", "register", "--auth=trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(make, check=True, capture_output=True, user=user, cwd=folder)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    start = [pg_ctl, "-D", str(data), "-l", str(log), "-w", "-o", options, "start"]
    subprocess.run(start, check=True, capture_output=True, user=user, cwd=folder, timeout=120)
    try:
        yield f"postgresql://register@127.0.0.1:{port}"
    finally:
        stop = [pg_ctl, "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, user=user, cwd=folder)


@pytest.fixture
def new_database(postgresql: str) -> Iterator[str]:
    """URL of an empty database."""
    import psycopg

    name = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{postgresql}/{name}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
