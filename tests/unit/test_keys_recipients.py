"""What is sealed to somebody opens for that person, and for nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy.errors import KeyRingError, KeyRingExposed, KeyRingLocked, OutputExists
from hsr_privacy.keys.recipients import open_sealed, seal_to, write_new_identity


def test_each_recipient_opens_what_was_sealed_and_a_stranger_does_not(tmp_path: Path) -> None:
    one, two, stranger = (tmp_path / name for name in ("one", "two", "stranger"))
    recipients = [write_new_identity(one), write_new_identity(two)]
    write_new_identity(stranger)
    sealed = seal_to(recipients, b"content")
    assert [open_sealed(sealed, who) for who in (one, two)] == [b"content", b"content"]
    with pytest.raises(KeyRingLocked, match="sealed to somebody else"):
        open_sealed(sealed, stranger)
    assert b"content" not in sealed


def test_an_altered_byte_reads_the_same_as_a_strangers_file(tmp_path: Path) -> None:
    sealed = bytearray(seal_to([write_new_identity(tmp_path / "one")], b"content"))
    sealed[-1] ^= 1
    with pytest.raises(KeyRingLocked, match="sealed to somebody else, or is not as it was"):
        open_sealed(bytes(sealed), tmp_path / "one")


def test_an_identity_is_private_and_never_overwritten(tmp_path: Path) -> None:
    where = tmp_path / "one"
    write_new_identity(where)
    assert where.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OutputExists):
        write_new_identity(where)
    where.chmod(0o644)
    with pytest.raises(KeyRingExposed):
        open_sealed(b"", where)


@pytest.mark.parametrize("recipients", [[], ["age1x"], ["AGE-SECRET-KEY-1X"]])
def test_what_is_no_public_key_is_refused(recipients: list[str]) -> None:
    with pytest.raises(KeyRingError, match="age"):
        seal_to(recipients, b"")
