"""Keys of a whole run are looked for in everything that a run leaves behind or shows."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy import pseudonymize
from hsr_privacy.keys import KeyRing
from tests.desk import HSR, PASSPHRASE, Desk


def spellings(secret: bytes) -> list[bytes]:
    return [secret, secret.hex().encode(), base64.b64encode(secret), repr(secret)[2:-1].encode()]


def secrets_of(ring: KeyRing) -> list[bytes]:
    """Everything secret that a release of the sample project may have touched."""
    held = ring.contents
    master = held.active.key
    assert master is not None
    found = [master.unsafe_bytes(), held.register_salt.unsafe_bytes(), PASSPHRASE.encode()]
    for salt in held.projects:
        found.append(salt.salt.unsafe_bytes())
        name = salt.project_id
        keys = (
            ring.project_key(name),
            ring.project_key(name, subject="event-key"),
            ring.project_key(name, purpose="running-number"),
        )
        found += [key.unsafe_bytes() for key in keys]
    for key in (
        ring.register_key("identity-lookup"),
        ring.register_key("identity-body"),
        ring.register_key("event-key"),
        ring.register_key("audit-tag"),
        ring.register_key("membership"),
    ):
        whole = key.secret.unsafe_bytes()
        found += [whole, whole[:32]]
    return found


def every_byte(folder: Path) -> bytes:
    return b"\0".join(
        path.name.encode() + b"\0" + path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "word"
    )


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc to look into")
def test_no_key_in_arguments_environment_output_or_files_of_a_release(
    desk: Desk, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "POLARS_TEMP_DIR": str(temporary)}
    running = subprocess.Popen(
        [str(HSR), *desk.arguments()],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    seen = b""
    process = Path(f"/proc/{running.pid}")
    while running.poll() is None:
        for name in ("cmdline", "environ"):
            try:
                seen += (process / name).read_bytes()
            except OSError:
                break
        seen = seen[-1_000_000:]
        seen += every_byte(temporary)[:1_000_000]
        time.sleep(0.05)
    out, err = running.communicate()
    assert running.returncode == 0, err.decode()
    assert b"release" in seen
    everything = b"\0".join([seen, out, err, every_byte(desk.folder), every_byte(temporary)])
    for secret in secrets_of(KeyRing.open(desk.ring, PASSPHRASE)):
        for spelling in spellings(secret):
            assert spelling not in everything


@pytest.mark.parametrize("wrong", ["project", "delivery"])
def test_no_key_in_what_a_failure_shows(desk: Desk, wrong: str) -> None:
    """With a debugger's eyes: Python's own dump of every frame."""
    if wrong == "project":
        desk.change("k: 5", "k: 999999")
    else:
        next(desk.deliveries.glob("*.csv")).write_text("nonsense\n")
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-X", "dev", str(HSR), *desk.arguments()],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert done.returncode not in {0, 70}
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    for secret in secrets_of(ring):
        for spelling in spellings(secret):
            assert spelling not in done.stdout + done.stderr


def plans(frame: Any) -> bytes:
    native = frame.explain() if isinstance(frame, pl.LazyFrame) else ""
    return (native + repr(frame)).encode()


def test_no_key_in_a_polars_plan(ring: KeyRing) -> None:
    key = ring.project_key("P-1", create=True)
    frame = pseudonymize(pl.DataFrame({"k": [bytes(16)]}).lazy(), "k", key=key, into="p")
    shown = plans(frame)
    assert b"WITH_COLUMNS" in shown.upper()
    for spelling in spellings(key.unsafe_bytes()):
        assert spelling not in shown


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_no_key_in_a_spark_plan(
    ring: KeyRing, spark: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    key = ring.project_key("P-1", create=True)
    data = spark.createDataFrame(pl.DataFrame({"k": [bytes(16), b"1" * 16]}).to_arrow())
    frame = pseudonymize(data, "k", key=key, into="p")
    frame.explain(mode="extended")
    shown = capfd.readouterr().out.encode() + repr(frame).encode()
    assert b"Physical Plan" in shown
    assert frame.count() == 2
    for spelling in spellings(key.unsafe_bytes()):
        assert spelling not in shown
