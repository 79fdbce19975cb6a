"""The key ring: master keys, project salts, and every key derived from them."""

from hsr_privacy.keys.audit import AuditLog, log_public_key
from hsr_privacy.keys.info import RingInfo
from hsr_privacy.keys.key import ProjectKey, RegisterKey
from hsr_privacy.keys.opening import held_by
from hsr_privacy.keys.passphrase import (
    generate_passphrase,
    read_passphrase_file,
    write_new_passphrase,
)
from hsr_privacy.keys.ring import KeyRing
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.signing import SigningKey

__all__ = [
    "AuditLog",
    "KeyRing",
    "ProjectKey",
    "RegisterKey",
    "RingInfo",
    "Secret",
    "SigningKey",
    "generate_passphrase",
    "held_by",
    "log_public_key",
    "read_passphrase_file",
    "write_new_passphrase",
]
