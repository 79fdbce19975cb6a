"""Randomness: numbers between 0 and 1 that nobody foresees who does not know the seed.

They are the key stream of a cipher. A fast generator would not do: whoever knows the true values
of a few rows could work out its state, and with it the noise of all others.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NONCE: Final = bytes(16)
_BITS: Final = 52


def uniforms(seed: int | None, count: int, *, purpose: str) -> Floats:
    """Draw numbers between 0 and 1, both excluded.

    Args:
        seed: the same seed and purpose give the same numbers; None draws a new one. It is a
            secret: whoever knows or guesses it can draw the same numbers.
        count: how many.
        purpose: verb and column; two purposes share no number, also with one seed.
    """
    if seed is None:
        key = secrets.token_bytes(32)
    else:
        named = json.dumps(["hsr-privacy masking 1", int(seed), purpose])
        key = hashlib.sha256(named.encode()).digest()
    stream = Cipher(ChaCha20(key, _NONCE), mode=None).encryptor().update(bytes(8 * count))
    words = np.frombuffer(stream, "<u8") >> np.uint64(64 - _BITS)
    return (words.astype(np.float64) + 0.5) / 2.0**_BITS


def told(seed: int | None) -> str:
    """What a step may say of the seed: whether there was one, never which."""
    return "drawn anew" if seed is None else "from a seed that was given"
