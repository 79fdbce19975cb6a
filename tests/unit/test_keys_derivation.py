"""Derived keys: HKDF as its RFC says, and labels that cannot run into each other."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.keys.derivation import SCHEME, check_value, derive, encode
from hsr_privacy.keys.secret import Secret

MASTER = Secret(bytes(range(32)))
SALT = Secret(bytes(range(32, 64)))


def slow_hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 § 2, written out with the standard library only."""
    pseudorandom = hmac.digest(salt, secret, "sha256")
    block, output = b"", b""
    for counter in range(1, 2 + length // hashlib.sha256().digest_size):
        block = hmac.digest(pseudorandom, block + info + bytes([counter]), "sha256")
        output += block
    return output[:length]


def test_the_slow_reference_gives_the_vector_of_rfc_5869() -> None:
    made = slow_hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert made.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


@pytest.mark.parametrize("length", [5, 32, 64])
def test_a_derived_key_is_hkdf_over_the_encoded_labels(length: int) -> None:
    expected = slow_hkdf(
        MASTER.unsafe_bytes(), SALT.unsafe_bytes(), encode(SCHEME, "pseudonym", "HJST"), length
    )
    made = derive(MASTER, "pseudonym", "HJST", salt=SALT, length=length)
    assert made.unsafe_bytes() == expected


def test_another_salt_gives_another_key() -> None:
    assert derive(MASTER, "a", salt=SALT) != derive(MASTER, "a", salt=Secret(bytes(32)))


def test_the_check_value_is_derived_beside_the_key() -> None:
    expected = derive(MASTER, "check-value", "a", salt=SALT, length=5).unsafe_bytes().hex()
    assert check_value(MASTER, "a", salt=SALT) == expected
    assert not derive(MASTER, "a", salt=SALT).unsafe_bytes().hex().startswith(expected)


def decoded(data: bytes) -> list[str]:
    parts = []
    while data:
        length = int.from_bytes(data[:2], "big")
        parts.append(data[2 : 2 + length].decode())
        data = data[2 + length :]
    return parts


@given(st.lists(st.text(alphabet=st.characters(codec="ascii"), max_size=300), max_size=5))
def test_encoded_parts_can_be_read_back_so_no_two_lists_share_their_bytes(
    parts: list[str],
) -> None:
    assert decoded(encode(*parts)) == parts


def test_composed_and_decomposed_letters_are_one_label() -> None:
    assert encode("Tromsø", "Å") == encode("Tromsø", "A\u030a")


def test_a_label_too_long_for_its_length_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 65535"):
        encode("x" * 65_536)
