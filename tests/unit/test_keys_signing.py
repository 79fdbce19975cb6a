"""Signing keys of people: nobody else writes a signature, and one purpose is not another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hsr_privacy.errors import KeyRingError, KeyRingLocked, OutputExists
from hsr_privacy.keys import SigningKey
from hsr_privacy.keys.contents import Contents, TrustedPerson, stamp
from hsr_privacy.keys.signing import PREFIX, check_public_key, is_signed
from hsr_privacy.keys.stretching import Stretching

QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)
PASSPHRASE = "seven quiet herons wade north"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.create(tmp_path / "kari", PASSPHRASE, stretching=QUICK)


def test_a_signature_holds_for_its_bytes_its_purpose_and_its_key(
    key: SigningKey, tmp_path: Path
) -> None:
    signature = key.sign("approve", b"this")
    other = SigningKey.create(tmp_path / "ola", PASSPHRASE, stretching=QUICK)
    assert is_signed(key.public_key, "approve", b"this", signature)
    assert not is_signed(key.public_key, "request", b"this", signature)
    assert not is_signed(key.public_key, "approve", b"that", signature)
    assert not is_signed(other.public_key, "approve", b"this", signature)
    for nonsense in ("", "????", signature[:-4]):
        assert not is_signed(key.public_key, "approve", b"this", nonsense)


def test_a_key_opens_again_by_its_passphrase_only(key: SigningKey, tmp_path: Path) -> None:
    where = tmp_path / "kari"
    assert SigningKey.open(where, PASSPHRASE) == key
    file = where.read_bytes()
    for place in range(0, len(file), 23):
        altered = bytearray(file)
        altered[place] ^= 1
        where.write_bytes(altered)
        with pytest.raises(KeyRingLocked):
            SigningKey.open(where, PASSPHRASE)
    where.write_bytes(file)
    with pytest.raises(KeyRingLocked):
        SigningKey.open(where, "another passphrase")


def test_a_key_is_private_shows_its_public_half_only_and_is_never_overwritten(
    key: SigningKey, tmp_path: Path
) -> None:
    where = tmp_path / "kari"
    assert where.stat().st_mode & 0o777 == 0o600
    assert repr(key) == f"SigningKey(public_key='{key.public_key}', _private=<secret, 32 bytes>)"
    with pytest.raises(OutputExists):
        SigningKey.create(where, PASSPHRASE, stretching=QUICK)
    with pytest.raises(KeyRingError, match="shorter than 12"):
        SigningKey.create(tmp_path / "short", "hunter2", stretching=QUICK)


def test_what_is_no_public_key_is_refused(key: SigningKey) -> None:
    assert check_public_key(f" {key.public_key}\n") == key.public_key
    assert check_public_key(key.public_key.removeprefix("hsr-sign-1:")) == key.public_key
    for wrong in ("", "hsr-sign-1:", key.public_key[:-2], "age1xyz"):
        with pytest.raises(KeyRingError, match="no public signing key"):
            check_public_key(wrong)


def test_nobody_is_trusted_twice_under_another_name_or_spelling(key: SigningKey) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    other = f"{PREFIX}{'A' * 43}="
    bare = key.public_key.removeprefix(PREFIX)
    for name, first, again_name, again in (
        ("Kari", key.public_key, "Ola", key.public_key),
        ("Kari", bare, "Ola", key.public_key),  # as older key rings may hold it
        ("Kari Nordmann", key.public_key, " kari nordmann ", other),
        ("Åse", key.public_key, "åse", other),
    ):
        held = Contents.new(now).with_person(TrustedPerson(name, first, stamp(now)))
        with pytest.raises(KeyRingError, match="is trusted already"):
            held.with_person(TrustedPerson(again_name, again, stamp(now)))
        assert len(held.with_person(TrustedPerson("Per", other, stamp(now))).people) == 2
