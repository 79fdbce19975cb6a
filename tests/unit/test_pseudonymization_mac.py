"""Pseudonyms: the HMAC that the standard describes, typed messages, one to one."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from hsr_privacy.errors import DataError, HsrError
from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.key import Algorithm, Purpose, Subject, aes_blocks
from hsr_privacy.pseudonymization import mac
from hsr_privacy.pseudonymization.encoding import ROWS_PER_PART, message
from hsr_privacy.pseudonymization.key_column import as_binary
from hsr_privacy.pseudonymization.mac import (
    check_one_to_one,
    column_function,
    pseudonym_column,
    text_function,
)
from hsr_privacy.pseudonymization.text_form import text_column

KEY = bytes(range(100, 132))
ALGORITHMS: tuple[Algorithm, ...] = ("hmac-sha256-128", "aes256-cmac")


def project_key(
    *,
    secret: bytes = KEY,
    purpose: Purpose = "pseudonym",
    subject: Subject = "person-key",
    algorithm: Algorithm = "hmac-sha256-128",
) -> ProjectKey:
    return ProjectKey("P-1", purpose, subject, algorithm, 1, "0011223344", Secret(secret))


def slow_hmac(key: bytes, data: bytes) -> bytes:
    """RFC 2104, written out."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in block) + data).digest()
    return hashlib.sha256(bytes(one ^ 0x5C for one in block) + inner).digest()


def library_cmac(key: bytes, data: bytes) -> bytes:
    cmac = CMAC(AES(key))
    cmac.update(data)
    return cmac.finalize()


BY_MESSAGE = {
    "hmac-sha256-128": lambda key, data: slow_hmac(key, data)[:16],
    "aes256-cmac": library_cmac,
}


def drawn(count: int) -> list[bytes]:
    return [os.urandom(16) for _ in range(count)]


def test_the_slow_reference_gives_the_vectors_of_rfc_4231() -> None:
    assert slow_hmac(b"\x0b" * 20, b"Hi There").hex() == (
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    )
    assert slow_hmac(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    truncated = slow_hmac(b"\x0c" * 20, b"Test With Truncation")[:16]
    assert truncated.hex() == "a3b6167473100ee06e0c796c2955552b"


def test_the_message_is_typed_and_length_prefixed_and_the_value_stands_in_a_block_of_its_own() -> (
    None
):
    payload = bytes(range(16))
    assert message("person-key", payload) == b"\x01P\x10" + bytes(13) + payload
    assert message("event-key", payload) == b"\x01E\x10" + bytes(13) + payload


def test_a_pseudonym_is_the_leftmost_128_bits_of_the_hmac_of_the_message() -> None:
    keys = drawn(300)
    expected = [slow_hmac(KEY, message("person-key", one))[:16] for one in keys]
    assert pseudonym_column(pa.array(keys), project_key()).to_pylist() == expected


# NIST SP 800-38B, AES-128 and AES-256, the examples whose messages are whole blocks.
WHOLE_BLOCKS = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
AES_128 = "2b7e151628aed2a6abf7158809cf4f3c"
AES_256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"


@pytest.mark.parametrize(
    ("key", "length", "expected"),
    [
        (AES_128, 16, "070a16b46b4d4144f79bdd9dd04a287c"),
        (AES_128, 64, "51f0bebf7e3b9d92fc49741779363cfe"),
        (AES_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"),
        (AES_256, 64, "e1992190549f6ed5696a2c056c315410"),
    ],
)
def test_the_column_cmac_gives_the_vectors_of_sp_800_38b(
    key: str, length: int, expected: str
) -> None:
    first, last = WHOLE_BLOCKS[: length - 16], WHOLE_BLOCKS[length - 16 : length]
    rows = np.frombuffer(last * 3, dtype=np.uint8).reshape(3, 16)
    made = mac.cmac_rows(first, rows, aes_blocks(bytes.fromhex(key)))
    assert [row.tobytes().hex() for row in made] == [expected] * 3


def test_a_cmac_pseudonym_is_the_whole_cmac_of_the_message() -> None:
    keys = drawn(300)
    expected = [library_cmac(KEY, message("person-key", one)) for one in keys]
    made = pseudonym_column(pa.array(keys), project_key(algorithm="aes256-cmac"))
    assert made.to_pylist() == expected


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_column_of_many_parts_is_put_together_in_order(algorithm: Algorithm) -> None:
    rows = 2 * ROWS_PER_PART + 7
    keys = np.arange(2 * rows, dtype=np.uint64).view(np.uint8).reshape(-1, 16)
    made = pseudonym_column(as_binary(keys), project_key(algorithm=algorithm))
    for row in (0, ROWS_PER_PART - 1, ROWS_PER_PART, rows - 1):
        expected = BY_MESSAGE[algorithm](KEY, message("person-key", keys[row].tobytes()))
        assert made[row].as_py() == expected


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_identifier_has_the_mac_of_its_typed_and_length_prefixed_digits(
    algorithm: Algorithm,
) -> None:
    numbers = ["30908299902", "41819077906", "80000000060", "200001010101"]
    types = [b"F\x0b", b"D\x0b", b"S\x0b", b"U\x0c"]
    expected = [
        BY_MESSAGE[algorithm](KEY, (b"\x01" + kind + one.encode()).ljust(16, b"\0"))
        for one, kind in zip(numbers, types, strict=True)
    ]
    key = project_key(subject="national-id", algorithm=algorithm)
    assert pseudonym_column(pa.array(numbers), key).to_pylist() == expected


@pytest.mark.parametrize("written", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_identifiers_in_slices_and_chunks_have_the_same_pseudonyms(written: Any) -> None:
    numbers = [f"{10**10 + 7919 * row}" for row in range(50)]
    values = pa.array(numbers).cast(written)
    of_column = column_function(project_key(subject="national-id"))
    whole = of_column(values).to_pylist()
    assert whole == of_column(pa.array(numbers)).to_pylist()
    assert of_column(values.slice(7, 20)).to_pylist() == whole[7:27]
    chunks = pa.chunked_array([values.slice(0, 11), values.slice(11)])
    assert of_column(chunks).to_pylist() == whole


@pytest.mark.parametrize(
    "wrong",
    ["", "1234567890", "1234567890123", "3090829990x", " 0908299902", "30908299９02", "/" * 11],
)
def test_what_is_no_canonical_identifier_is_refused_and_not_quoted(wrong: str) -> None:
    for column in (pa.array(["30908299902", wrong]), pa.array([wrong])):
        with pytest.raises(
            DataError, match="rows are no identifiers of 11 or 12 digits"
        ) as refused:
            pseudonym_column(column, project_key(subject="national-id"))
        assert not wrong or wrong not in str(refused.value)
    with pytest.raises(DataError, match="1 rows are missing"):
        pseudonym_column(pa.array(["30908299902", None]), project_key(subject="national-id"))


def test_text_is_what_the_pseudonyms_are_written_as() -> None:
    keys = pa.array(drawn(1000))
    for algorithm in ALGORITHMS:
        key = project_key(algorithm=algorithm)
        assert text_function(key)(keys) == text_column(column_function(key)(keys))


def test_a_pseudonym_never_changes_between_versions_of_the_program() -> None:
    made = pseudonym_column(pa.array([bytes(16), bytes(range(16))]), project_key())
    assert [one.hex() for one in made.to_pylist()] == [
        "3d309625cc8377aff7c5218667cc18a0",
        "f99a52fb41888b1f3162a1de129a55ff",
    ]


@pytest.mark.parametrize(
    "written",
    [
        pa.binary(),
        pa.large_binary(),
        pa.binary(16),
        pa.binary_view(),
        pa.string(),
        pa.large_string(),
        pa.string_view(),
    ],
    ids=str,
)
def test_the_way_a_key_is_stored_does_not_change_its_pseudonym(written: Any) -> None:
    keys = drawn(50)
    is_text = "string" in str(written)
    values = pa.array([one.hex() for one in keys] if is_text else keys).cast(written)
    expected = [slow_hmac(KEY, message("person-key", one))[:16] for one in keys]
    assert pseudonym_column(values, project_key()).to_pylist() == expected
    part = pseudonym_column(values.slice(7, 20), project_key())
    assert part.to_pylist() == expected[7:27]
    chunks = pa.chunked_array([values.slice(0, 11), values.slice(11)])
    assert pseudonym_column(chunks, project_key()).to_pylist() == expected


def test_rows_of_one_person_share_a_pseudonym_and_parts_of_a_column_agree() -> None:
    keys = [*drawn(5) * 3]
    whole = pseudonym_column(pa.array(keys), project_key()).to_pylist()
    assert whole[:5] == whole[5:10] == whole[10:]
    assert len(set(whole)) == 5
    function = column_function(project_key())
    in_parts = [
        one for at in range(0, 15, 4) for one in function(pa.array(keys[at : at + 4])).to_pylist()
    ]
    assert in_parts == whole


def test_another_project_and_another_subject_share_no_pseudonym() -> None:
    keys = pa.array(drawn(500))
    sets = [
        set(pseudonym_column(keys, one).to_pylist())
        for one in (
            project_key(),
            project_key(secret=KEY[::-1]),
            project_key(subject="event-key"),
            project_key(algorithm="aes256-cmac"),
        )
    ]
    assert len(set.union(*sets)) == 2000


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_empty_column_gives_an_empty_column(algorithm: Algorithm) -> None:
    for kind in (pa.binary(), pa.binary(16), pa.string()):
        made = pseudonym_column(pa.array([], type=kind), project_key(algorithm=algorithm))
        assert (len(made), made.type) == (0, pa.binary())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([os.urandom(16), None], "1 rows have no key"),
        ([os.urandom(16), os.urandom(15)], "1 keys are not 16 bytes"),
        ([b""], "1 keys are not 16 bytes"),
        (["00" * 15, "00" * 17], "32 hex digits"),
        (["zz" * 16], "32 hex digits"),
        (["æ" * 16], "32 hex digits"),
        ([" " + "00" * 15 + " "], "32 hex digits"),
    ],
)
def test_what_is_no_key_is_refused_and_never_hashed(values: list[Any], said: str) -> None:
    with pytest.raises(DataError, match=said) as refused:
        pseudonym_column(pa.array(values), project_key())
    assert not any(str(one) in str(refused.value) for one in values if one)


def test_keys_of_another_width_are_refused() -> None:
    with pytest.raises(DataError, match="2 keys are not 16 bytes"):
        pseudonym_column(pa.array([bytes(8), bytes(8)], type=pa.binary(8)), project_key())


@pytest.mark.parametrize(
    "key",
    [
        project_key(purpose="order"),
        project_key(purpose="audit-tag"),
    ],
)
def test_a_key_for_something_else_makes_no_pseudonyms(key: ProjectKey) -> None:
    with pytest.raises(DataError):
        column_function(key)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_difference_between_implementations_stops_the_run(
    monkeypatch: pytest.MonkeyPatch, algorithm: Algorithm
) -> None:
    plain = mac._COLUMN_MACS[algorithm]

    def one_bit_off(first: bytes, last: mac.Rows, secret: bytes) -> mac.Rows:
        made = plain(first, last, secret).copy()
        made[:, 15] ^= 1
        return made

    monkeypatch.setitem(mac._COLUMN_MACS, algorithm, one_bit_off)
    with pytest.raises(HsrError, match=f"two implementations of {algorithm} disagree"):
        pseudonym_column(pa.array(drawn(3)), project_key(algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_sixty_four_rows_of_a_long_column_are_compared(
    monkeypatch: pytest.MonkeyPatch, algorithm: Algorithm
) -> None:
    compared = []
    library = mac._LIBRARY_MACS[algorithm]

    def counted(message: bytes, secret: bytes) -> bytes:
        compared.append(message)
        return library(message, secret)

    monkeypatch.setitem(mac._LIBRARY_MACS, algorithm, counted)
    pseudonym_column(pa.array(drawn(1000)), project_key(algorithm=algorithm))
    assert len(set(compared)) == 64


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_difference_in_the_last_part_of_a_long_column_stops_the_run(
    monkeypatch: pytest.MonkeyPatch, algorithm: Algorithm
) -> None:
    plain = mac._COLUMN_MACS[algorithm]

    def off_at_the_end(first: bytes, last: mac.Rows, secret: bytes) -> mac.Rows:
        made = plain(first, last, secret).copy()
        made[:, 0] ^= len(last) < ROWS_PER_PART
        return made

    monkeypatch.setitem(mac._COLUMN_MACS, algorithm, off_at_the_end)
    keys = np.arange(2 * (2 * ROWS_PER_PART + 9), dtype=np.uint64).view(np.uint8).reshape(-1, 16)
    with pytest.raises(HsrError, match="disagree"):
        column_function(project_key(algorithm=algorithm))(as_binary(keys))


def test_a_mac_that_collides_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = np.zeros((3, 16), dtype=np.uint8)
    monkeypatch.setitem(mac._COLUMN_MACS, "hmac-sha256-128", lambda *_: zeros)
    monkeypatch.setitem(mac._LIBRARY_MACS, "hmac-sha256-128", lambda *_: bytes(16))
    with pytest.raises(HsrError, match="3 different keys gave 1 different pseudonyms"):
        pseudonym_column(pa.array(drawn(3)), project_key())


def test_a_collision_stops_the_run() -> None:
    with pytest.raises(HsrError, match="3 different keys gave 2 different pseudonyms"):
        check_one_to_one(pa.array(drawn(3)), pa.array([b"a" * 16, b"b" * 16, b"b" * 16]))


def test_the_travelling_function_shows_no_key() -> None:
    function = column_function(project_key())
    assert KEY.hex() not in repr(function)
    assert repr(KEY) not in repr(function) + repr(vars(function)) + str(function.__defaults__)
