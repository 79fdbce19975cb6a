"""A planted key is looked for wherever keys have been found in other people's tools."""

from __future__ import annotations

import base64
import copy
import dataclasses
import io
import logging
import os
import pickle
import traceback
from pathlib import Path

import pytest

from hsr_privacy.keys import KeyRing, ProjectKey, Secret
from hsr_privacy.keys.stretching import Stretching

PASSPHRASE = "seven quiet herons wade north"
CANARY = b"canary-key-0123456789-canary-key"


def spellings(secret: bytes) -> list[bytes]:
    return [secret, secret.hex().encode(), base64.b64encode(secret), repr(secret)[2:-1].encode()]


def assert_absent(secret: bytes, where: str | bytes) -> None:
    found = where.encode() if isinstance(where, str) else where
    assert not any(spelling in found for spelling in spellings(secret))


@pytest.fixture
def key() -> ProjectKey:
    return ProjectKey(
        project_id="P-1",
        purpose="pseudonym",
        subject="person-key",
        algorithm="hmac-sha256-128",
        version=1,
        check_value="0011223344",
        secret=Secret(CANARY),
    )


def test_no_key_in_repr_str_or_format(key: ProjectKey) -> None:
    for shown in (repr(key), str(key), f"{key}", f"{key.secret!s}", f"{[key.secret]}"):
        assert_absent(CANARY, shown)
    assert repr(key.secret) == "<secret, 32 bytes>"


def test_no_key_in_a_log_line(key: ProjectKey) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("canary")
    logger.addHandler(handler)
    logger.warning("%s %r %s", key, key.secret, vars(key))
    logger.removeHandler(handler)
    assert "secret, 32 bytes" in stream.getvalue()
    assert_absent(CANARY, stream.getvalue())


def test_no_key_in_a_traceback_that_shows_locals(key: ProjectKey) -> None:
    def fails(held: ProjectKey) -> None:
        raise RuntimeError(f"something about {held.project_id}")

    with pytest.raises(RuntimeError) as raised:
        fails(key)
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert_absent(CANARY, "".join(shown.format()))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_key_is_pickled(key: ProjectKey, protocol: int) -> None:
    for thing in (key, key.secret):
        with pytest.raises(TypeError, match="a secret is not pickled"):
            pickle.dumps(thing, protocol=protocol)


def test_no_key_is_deep_copied_into_a_dictionary(key: ProjectKey) -> None:
    with pytest.raises(TypeError, match="a secret is not pickled or deep-copied"):
        copy.deepcopy(key)
    with pytest.raises(TypeError, match="a secret is not pickled or deep-copied"):
        dataclasses.asdict(key)


def test_secrets_are_equal_by_their_bytes_and_are_no_dictionary_keys() -> None:
    assert Secret(CANARY) == Secret(bytes(CANARY))
    assert Secret(CANARY) != Secret(CANARY[::-1])
    assert Secret(CANARY) != CANARY
    with pytest.raises(TypeError, match="unhashable"):
        hash(Secret(CANARY))


def test_no_key_salt_or_passphrase_stands_in_any_file_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    plain_write = Path.replace

    def watched(self: Path, target: Path) -> Path:
        written.append(self.read_bytes())
        return plain_write(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    drawn: list[bytes] = []

    def planted(count: int) -> bytes:
        if count != 32:  # names of files, not keys
            return os.urandom(count)
        drawn.append(CANARY[len(drawn) + 1 :] + CANARY[: len(drawn) + 1])
        return drawn[-1]

    monkeypatch.setattr("hsr_privacy.keys.contents.secrets.token_bytes", planted)
    ring = KeyRing.create(
        tmp_path / "ring",
        PASSPHRASE,
        registry_id="HJST",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    derived = ring.project_key("P-1", create=True).unsafe_bytes()
    everything = b"".join([*written, *(file.read_bytes() for file in tmp_path.iterdir())])
    assert len(drawn) == 4  # master key, register salt, content key, project salt
    assert len(written) == 1
    for secret in (*drawn, derived, PASSPHRASE.encode()):
        assert_absent(secret, everything)
    assert_absent(PASSPHRASE.encode(), repr(vars(ring)))
    for secret in (*drawn, derived):
        assert_absent(secret, repr(vars(ring)) + repr(ring) + repr(ring.info()))
