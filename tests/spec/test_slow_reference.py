"""The product beside a slow reference that shares no code with it."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.derivation import derive, encode
from hsr_privacy.keys.key import Algorithm, Subject
from hsr_privacy.pseudonymization.mac import pseudonym_column, text_function
from tests import slow_reference as slow

SECRETS = st.binary(min_size=32, max_size=32)
DIGITS = st.text("0123456789", min_size=11, max_size=11) | st.text(
    "0123456789", min_size=12, max_size=12
)
SLOW: dict[str, Callable[[bytes, bytes], bytes]] = {
    "hmac-sha256-128": lambda key, data: slow.hmac(key, data)[:16],
    "aes256-cmac": slow.cmac,
}


def test_the_reference_holds_the_examples_of_fips_197() -> None:
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    for size, expected in (
        (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
        (32, "8ea2b7ca516745bfeafc49904b496089"),
    ):
        assert slow.aes(bytes(range(size)), block).hex() == expected


def compared(secret: bytes, subject: Subject, algorithm: Algorithm, payloads: list[bytes]) -> None:
    key = ProjectKey("P", "pseudonym", subject, algorithm, 1, "", Secret(secret))
    is_text = subject == "national-id"
    column = pa.array([one.decode() for one in payloads] if is_text else payloads)
    mac = SLOW[algorithm]
    expected = [mac(secret, slow.message(subject, one)) for one in payloads]
    assert pseudonym_column(column, key).to_pylist() == expected
    assert text_function(key)(column).to_pylist() == [slow.text(one) for one in expected]


MODEST = settings(max_examples=8, deadline=None, derandomize=True)


@pytest.mark.parametrize("algorithm", ["hmac-sha256-128", "aes256-cmac"])
@pytest.mark.parametrize("subject", ["person-key", "event-key"])
@MODEST
@given(secret=SECRETS, payloads=st.lists(st.binary(min_size=16, max_size=16), max_size=3))
def test_keys(secret: bytes, subject: Subject, algorithm: Algorithm, payloads: list[bytes]) -> None:
    compared(secret, subject, algorithm, [bytes(16), b"\xff" * 16, *payloads])


@pytest.mark.parametrize("algorithm", ["hmac-sha256-128", "aes256-cmac"])
@MODEST
@given(secret=SECRETS, numbers=st.lists(DIGITS, min_size=1, max_size=3))
def test_identifiers(secret: bytes, algorithm: Algorithm, numbers: list[str]) -> None:
    compared(secret, "national-id", algorithm, [one.encode() for one in numbers])


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ["hmac-sha256-128", "aes256-cmac"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(secret=SECRETS, numbers=st.lists(DIGITS, min_size=1, max_size=20))
def test_many_identifiers(secret: bytes, algorithm: Algorithm, numbers: list[str]) -> None:
    compared(secret, "national-id", algorithm, [one.encode() for one in numbers])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    master=SECRETS,
    salt=SECRETS,
    labels=st.lists(st.text(max_size=20), min_size=1, max_size=6),
    length=st.integers(1, 80),
)
def test_derived_keys(master: bytes, salt: bytes, labels: list[str], length: int) -> None:
    made = derive(Secret(master), *labels, salt=Secret(salt), length=length)
    info = encode("hsr-privacy/v1", *labels)
    assert made.unsafe_bytes() == slow.hkdf(master, salt, info, length)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_two_sequences_of_labels_never_run_into_each_other(
    one: list[str], other: list[str]
) -> None:
    import unicodedata

    composed = [[unicodedata.normalize("NFC", part) for part in parts] for parts in (one, other)]
    assert (encode(*one) == encode(*other)) == (composed[0] == composed[1])


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32, b"\x80" + bytes(31), bytes(range(32))])
def test_edge_keys_and_messages_of_cmac(secret: bytes) -> None:
    """As Project Wycheproof does: subkeys with and without a carry, all zeros, all ones, one bit."""
    payloads = [bytes(16), b"\xff" * 16, b"\x80" + bytes(15), bytes(15) + b"\x01", bytes(range(16))]
    for number in range(12):
        compared(bytes([number]) + secret[1:], "person-key", "aes256-cmac", payloads)
