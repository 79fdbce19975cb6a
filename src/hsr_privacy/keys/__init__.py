"""The key ring: master keys, project salts, and every key derived from them."""

from hsr_privacy.keys.key import ProjectKey, RegisterKey, RingInfo
from hsr_privacy.keys.passphrase import (
    generate_passphrase,
    read_passphrase_file,
    write_new_passphrase,
)
from hsr_privacy.keys.ring import KeyRing
from hsr_privacy.keys.secret import Secret

__all__ = [
    "KeyRing",
    "ProjectKey",
    "RegisterKey",
    "RingInfo",
    "Secret",
    "generate_passphrase",
    "read_passphrase_file",
    "write_new_passphrase",
]
