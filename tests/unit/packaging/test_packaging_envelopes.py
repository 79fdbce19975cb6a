"""Envelopes: other people's DSSE tools verify what we sign, and no bit of one can be changed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hsr_privacy.keys.signing import (
    NotAnEnvelope,
    fingerprint,
    is_signed,
    pre_authentication_encoding,
    read_envelope,
)
from tests.packages import People

KIND = "application/vnd.in-toto+json"
PAYLOAD = '{"navn":"Bjørnøya"}'.encode()


def test_the_message_is_that_of_the_specification() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pre_authentication_encoding("http://example.com/HelloWorld", b"hello world") == expected
    assert pre_authentication_encoding("ø", b"") == b"DSSEv1 2 \xc3\xb8 0 "


def test_an_envelope_verifies_by_the_specification_alone(people: People) -> None:
    envelope = json.loads(people.producer.sign_envelope(KIND, PAYLOAD))
    raw = base64.b64decode(people.producer.public_key.removeprefix("hsr-sign-1:"))
    (signature,) = envelope["signatures"]
    assert (envelope["payloadType"], base64.b64decode(envelope["payload"])) == (KIND, PAYLOAD)
    assert signature["keyid"] == hashlib.sha256(raw).hexdigest()
    message = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(PAYLOAD), PAYLOAD)
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature["sig"]), message)


def test_an_envelope_is_canonical_json_and_reads_back(people: People) -> None:
    text = people.producer.sign_envelope(KIND, PAYLOAD)
    assert rfc8785.dumps(json.loads(text)) == text.encode()
    read = read_envelope(text.encode())
    assert (read.payload_type, read.payload) == (KIND, PAYLOAD)
    assert read.public_key == people.producer.public_key
    assert read.keyid == fingerprint(people.producer.public_key)


def test_every_changed_bit_of_an_envelope_is_found(people: People) -> None:
    file = people.producer.sign_envelope(KIND, PAYLOAD).encode()
    for place in range(len(file) * 8):
        altered = bytearray(file)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(NotAnEnvelope):
            read_envelope(bytes(altered))


def set_to(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda fields: fields.__setitem__(name, value)


def signature_to(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda fields: fields["signatures"][0].__setitem__(name, value)


@pytest.mark.parametrize(
    "change",
    [
        set_to("extra", 1),
        set_to("payload", None),
        set_to("payload", "e30"),
        set_to("payloadType", 7),
        set_to("payloadType", "application/json"),
        set_to("signatures", []),
        set_to("signatures", {}),
        lambda fields: fields["signatures"].append(fields["signatures"][0]),
        signature_to("public_key", "hsr-sign-1:"),
        signature_to("sig", 3),
        signature_to("sig", "AAAA"),
        signature_to("keyid", "0" * 64),
        lambda fields: fields["signatures"][0].pop("keyid"),
    ],
)
def test_an_envelope_of_another_form_is_not_read(
    people: People, change: Callable[[dict[str, Any]], None]
) -> None:
    fields = json.loads(people.producer.sign_envelope(KIND, PAYLOAD))
    change(fields)
    with pytest.raises(NotAnEnvelope):
        read_envelope(rfc8785.dumps(fields))


def test_the_key_is_written_one_way_only(people: People) -> None:
    text = people.producer.sign_envelope(KIND, PAYLOAD)
    with pytest.raises(NotAnEnvelope):
        read_envelope(text.replace("hsr-sign-1:", "").encode())
    with pytest.raises(NotAnEnvelope):
        read_envelope(text.encode() + b"\n")
    with pytest.raises(NotAnEnvelope):
        read_envelope(b"[" * 100_000)


def test_a_signature_of_a_purpose_is_none_of_an_envelope(people: People) -> None:
    (signature,) = json.loads(people.producer.sign_envelope(KIND, PAYLOAD))["signatures"]
    assert not is_signed(people.producer.public_key, KIND, PAYLOAD, signature["sig"])
