"""A key ring kept by a PKCS#11 token: the master key works inside it and never leaves it."""

from __future__ import annotations

import copy
import os
import pickle
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.cmac import CMAC

from hsr_privacy.errors import (
    KeyRingError,
    KeyRingExposed,
    KeyRingLocked,
    KeyRingMissing,
    OutputExists,
)
from hsr_privacy.keys import KeyRing, Secret
from hsr_privacy.keys.sharing import Quorum, split
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.keys.token import Token, TokenPlace
from tests.tokens import PIN

pytestmark = pytest.mark.xdist_group("token")

QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)
PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def place(softhsm: tuple[str, str]) -> TokenPlace:
    return TokenPlace(*softhsm)


@pytest.fixture
def token(place: TokenPlace) -> Token:
    return Token.open(place, Secret.of_text(PIN))


@pytest.fixture
def in_token(place: TokenPlace, tmp_path: Path) -> KeyRing:
    return KeyRing.create(
        tmp_path / "ring",
        PIN,
        registry_id="HJST",
        environment="test",
        custody="token",
        token=place,
    )


def library_aes(key: bytes, blocks: bytes) -> bytes:
    return Cipher(AES(key), ECB()).encryptor().update(blocks)


def library_cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def test_a_cipher_in_the_token_is_aes_under_the_key_that_the_mechanism_describes(
    token: Token,
) -> None:
    """With a master key that we know, imported for this test alone."""
    import hashlib

    import pkcs11

    known = os.urandom(32)
    token._session.create_object(
        {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY,
            pkcs11.Attribute.KEY_TYPE: pkcs11.KeyType.AES,
            pkcs11.Attribute.VALUE: known,
            pkcs11.Attribute.LABEL: "known",
            pkcs11.Attribute.DERIVE: True,
            pkcs11.Attribute.TOKEN: False,
        }
    )
    for kind in (b"secret", b"cipher"):
        point = hashlib.sha256(b"hsr-token/v1 " + kind + b"\0" + b"P-1").digest()
        key = library_aes(known, point)
        if kind == b"secret":
            assert token.derive_secret("known", b"P-1") == Secret(key)
            continue
        cipher = token.derive_cipher("known", b"P-1")
        blocks = os.urandom(16 * 70_000)  # more than one call takes
        assert cipher.encrypt_blocks(blocks) == library_aes(key, blocks)
        for length in (0, 1, 15, 16, 17, 32):
            message = os.urandom(length)
            assert cipher.cmac(message) == library_cmac(key, message)


def test_each_label_and_each_purpose_has_a_key_of_its_own_and_the_same_each_time(
    token: Token,
) -> None:
    labels = [os.urandom(4).hex() for _ in range(2)]
    for label in labels:
        token.new_master_key(label)
    keys = [token.derive_secret(label, data) for label in labels for data in (b"a", b"b", b"")]
    assert len({key.unsafe_bytes() for key in keys}) == 6
    assert keys[0] == token.derive_secret(labels[0], b"a")
    block = bytes(16)
    in_token = token.derive_cipher(labels[0], b"a").encrypt_blocks(block)
    assert in_token != library_aes(keys[0].unsafe_bytes(), block)


def test_a_master_key_can_derive_and_nothing_else(token: Token) -> None:
    import pkcs11

    label = os.urandom(4).hex()
    token.new_master_key(label)
    key = token._find(label)
    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
        key[pkcs11.Attribute.VALUE]
    assert key[pkcs11.Attribute.DERIVE]
    for name in ("ENCRYPT", "DECRYPT", "SIGN", "VERIFY", "WRAP", "UNWRAP", "EXTRACTABLE"):
        assert not key[getattr(pkcs11.Attribute, name)]
    with pytest.raises(OutputExists):
        token.new_master_key(label)
    token.destroy_master_key(label)
    assert not token.has_master_key(label)
    with pytest.raises(KeyRingMissing):
        token.derive_secret(label, b"a")


def test_a_wrong_pin_a_wrong_token_and_a_wrong_library_are_told_apart(
    place: TokenPlace, tmp_path: Path
) -> None:
    for pin in ("11111111", "1"):
        with pytest.raises(KeyRingLocked, match="wrong PIN"):
            Token.open(place, Secret.of_text(pin))
    with pytest.raises(KeyRingMissing, match="has no token"):
        Token.open(TokenPlace(place.module, "other"), Secret.of_text(PIN))
    with pytest.raises(KeyRingMissing, match="no PKCS#11 library"):
        Token.open(TokenPlace(str(tmp_path / "x.so"), "register"), Secret.of_text(PIN))


def test_nothing_of_a_token_travels_or_shows_its_pin(place: TokenPlace, token: Token) -> None:
    label = os.urandom(4).hex()
    token.new_master_key(label)
    for one in (token, token.derive_cipher(label, b"a")):
        for travel in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="not pickled"):
                travel(one)
        assert PIN not in repr(one) + repr(vars(one))
    try:
        Token.open(TokenPlace(place.module, "other"), Secret.of_text(PIN))
    except KeyRingMissing as error:
        lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
        assert PIN not in "".join(lines)


def test_a_ring_in_a_token_opens_again_with_the_same_keys(in_token: KeyRing) -> None:
    made = in_token.project_key("P-1", create=True)
    again = KeyRing.open(in_token.path, PIN)
    assert again.project_key("P-1") == made
    assert again.register_key("identity-lookup") == in_token.register_key("identity-lookup")
    assert again.info() == in_token.info()
    assert in_token.info().custody == "token"
    assert [key.place for key in in_token.info().master_keys] == ["token"]
    with pytest.raises(KeyRingLocked):
        KeyRing.open(in_token.path, "11111111")


def test_a_cmac_key_stays_in_the_token_and_an_hmac_key_serves_for_the_run(
    in_token: KeyRing,
) -> None:
    inside = in_token.project_key("P-1", algorithm="aes256-cmac", create=True)
    assert inside.secret is None
    assert inside.cipher is not None
    with pytest.raises(KeyRingError, match="cannot leave it"):
        inside.unsafe_bytes()
    assert len(in_token.project_key("P-1").unsafe_bytes()) == 32


def test_the_file_of_a_ring_in_a_token_holds_no_master_key(in_token: KeyRing) -> None:
    in_token.add_master_key()
    assert [key.key for key in in_token.contents.master_keys] == [None, None]
    assert in_token.project_key("P-2", create=True).version == 2


def test_a_ring_cannot_leave_the_token_that_its_master_key_lies_in(
    in_token: KeyRing, tmp_path: Path
) -> None:
    before = in_token.path.read_bytes()
    with pytest.raises(KeyRingError, match="cannot leave it; this ring stays with the token"):
        in_token.rewrap(PASSPHRASE, stretching=QUICK)
    with pytest.raises(KeyRingError, match="use the token's own backup"):
        split(in_token, Quorum(2, 3), tmp_path / "sheets")
    assert in_token.path.read_bytes() == before


def test_a_ring_moves_into_a_token_and_its_next_master_key_is_made_there(
    ring: KeyRing, place: TokenPlace
) -> None:
    made = ring.project_key("P-1", create=True)
    ring.rewrap(PIN, custody="token", token=place)
    moved = KeyRing.open(ring.path, PIN)
    assert moved.project_key("P-1") == made
    with pytest.raises(KeyRingLocked):
        KeyRing.open(ring.path, PASSPHRASE)
    moved.add_master_key()
    assert [key.place for key in moved.info().master_keys] == ["file", "token"]


def test_a_ring_that_cannot_be_written_leaves_no_key_in_the_token(
    place: TokenPlace, token: Token, tmp_path: Path
) -> None:
    (tmp_path / "ring").write_text("taken")
    before = len(list(token._session.get_objects()))
    with pytest.raises(OutputExists):
        KeyRing.create(
            tmp_path / "ring",
            PIN,
            registry_id="HJST",
            environment="test",
            custody="token",
            token=place,
        )
    assert len(list(token._session.get_objects())) == before


def test_a_library_that_others_could_replace_is_not_loaded(
    place: TokenPlace, tmp_path: Path
) -> None:
    import shutil

    library = tmp_path / "library.so"
    shutil.copy(place.module, library)
    library.chmod(0o666)
    with pytest.raises(KeyRingExposed, match="others may replace"):
        KeyRing.create(
            tmp_path / "ring",
            PIN,
            registry_id="HJST",
            environment="test",
            custody="token",
            token=TokenPlace(str(library), place.token),
        )
    assert not (tmp_path / "ring").exists()
