"""What the standards say, written out in plain Python: slow, and sharing no code with the product."""

from __future__ import annotations

import hashlib
from functools import reduce
from operator import xor

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _times(value: int) -> int:
    return ((value << 1) ^ (0x1B if value & 0x80 else 0)) & 0xFF


def _product(one: int, other: int) -> int:
    total = 0
    while other:
        if other & 1:
            total ^= one
        one, other = _times(one), other >> 1
    return total


def _box() -> list[int]:
    box = []
    for value in range(256):
        inverse = next((y for y in range(256) if _product(value, y) == 1), 0)
        rotated = [inverse << turn | inverse >> (8 - turn) for turn in range(5)]
        box.append((reduce(xor, rotated) ^ 0x63) & 0xFF)
    return box


BOX = _box()


def _round_keys(key: bytes) -> list[bytes]:
    words = [list(key[at : at + 4]) for at in range(0, len(key), 4)]
    many, constant = len(words), 1
    while len(words) < 4 * (many + 7):
        word = list(words[-1])
        if len(words) % many == 0:
            word = [BOX[byte] for byte in (*word[1:], word[0])]
            word[0] ^= constant
            constant = _times(constant)
        elif many > 6 and len(words) % many == 4:
            word = [BOX[byte] for byte in word]
        words.append([one ^ other for one, other in zip(word, words[-many], strict=True)])
    flat = bytes(byte for word in words for byte in word)
    return [flat[at : at + 16] for at in range(0, len(flat), 16)]


def aes(key: bytes, block: bytes) -> bytes:
    """FIPS 197."""
    keys = _round_keys(key)
    state = [one ^ other for one, other in zip(block, keys[0], strict=True)]
    for number, round_key in enumerate(keys[1:], start=1):
        state = [BOX[byte] for byte in state]
        state = [state[(place + 4 * (place % 4)) % 16] for place in range(16)]
        if number < len(keys) - 1:
            mixed = []
            for at in range(0, 16, 4):
                a, b, c, d = state[at : at + 4]
                for w, x, y, z in ((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c)):
                    mixed.append(_times(w) ^ _times(x) ^ x ^ y ^ z)
            state = mixed
        state = [one ^ other for one, other in zip(state, round_key, strict=True)]
    return bytes(state)


def cmac(key: bytes, message: bytes) -> bytes:
    """NIST SP 800-38B."""
    number = int.from_bytes(aes(key, bytes(16)), "big")
    subkeys = []
    for _ in range(2):
        number <<= 1
        number = number & (1 << 128) - 1 ^ (0x87 if number >> 128 else 0)
        subkeys.append(number.to_bytes(16, "big"))
    blocks = [message[at : at + 16] for at in range(0, len(message), 16)] or [b""]
    whole = len(blocks[-1]) == 16
    last = blocks[-1] if whole else (blocks[-1] + b"\x80").ljust(16, b"\0")
    blocks[-1] = bytes(a ^ b for a, b in zip(last, subkeys[not whole], strict=True))
    state = bytes(16)
    for block in blocks:
        state = aes(key, bytes(a ^ b for a, b in zip(state, block, strict=True)))
    return state


def hmac(key: bytes, message: bytes) -> bytes:
    """FIPS 198-1, over SHA-256."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869."""
    fresh, made, last = hmac(salt or bytes(32), key), b"", b""
    for number in range(1, -(-length // 32) + 1):
        last = hmac(fresh, last + info + bytes([number]))
        made += last
    return made[:length]


def message(subject: str, payload: bytes) -> bytes:
    """The messages of docs/decisions: version, type, length, payload."""
    if subject == "national-id":
        kind = "U" if len(payload) == 12 else "FFFFDDDDSS"[payload[0] - ord("0")]
        return (b"\x01" + kind.encode() + bytes([len(payload)]) + payload).ljust(16, b"\0")
    kind = {"person-key": b"P", "event-key": b"E"}[subject].decode()
    return (b"\x01" + kind.encode() + bytes([len(payload)])).ljust(16, b"\0") + payload


def text(pseudonym: bytes) -> str:
    """Twenty symbols of five bits, and the two that bring both sums over GF(32) to zero."""
    number = int.from_bytes(pseudonym, "big") >> 28
    symbols = [number >> 5 * place & 31 for place in range(19, -1, -1)]

    def by_x(value: int) -> int:
        value <<= 1
        return value ^ 0b100101 if value & 32 else value

    def sums(word: list[int]) -> tuple[int, int]:
        plain = weighted = 0
        for symbol in reversed(word):
            weighted = by_x(weighted) ^ symbol
            plain ^= symbol
        return plain, weighted

    for a in range(32):
        for b in range(32):
            if sums([*symbols, a, b]) == (0, 0):
                return "".join(ALPHABET[symbol] for symbol in (*symbols, a, b))
    raise AssertionError("no check symbols")
