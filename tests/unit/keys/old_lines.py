"""Lines of an audit log as they were written before there were signatures."""

from __future__ import annotations

import getpass
import hmac

from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.audit_lines import digest
from hsr_privacy.keys.audit_reading import LogKeys
from hsr_privacy.keys.sealing import canonical


def old_lines(ring: KeyRing, *times: str) -> bytes:
    """A log with a line for each of these times."""
    key = ring.register_key("audit-tag")
    previous, written = LogKeys(ring).beginning, b""
    for number, time in enumerate(times, start=1):
        fields = {
            "number": number,
            "previous": previous,
            "time": time,
            "actor": getpass.getuser(),
            "act": "keys.new",
            "details": {"rows": number},
            "key_version": key.version,
        }
        tag = hmac.digest(key.secret.unsafe_bytes(), canonical(fields).encode(), "sha256").hex()
        line = canonical({**fields, "tag": tag}).encode()
        written, previous = written + line + b"\n", digest(line)
    return written
