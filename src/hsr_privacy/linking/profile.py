"""The profile: what both registries must do alike, compared before a single person is linked.

It may be sent openly: names of the rules, the check value of the key, and the tokens of three
numbers that belong to nobody.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import pyarrow as pa

from hsr_privacy.errors import DataError, Fault, GateRefused
from hsr_privacy.identifiers.normalization import NORMALIZATION
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.sealing import canonical
from hsr_privacy.linking.agreement import agreed_key, note_compared, registries
from hsr_privacy.pseudonymization.encoding import ENCODING
from hsr_privacy.pseudonymization.mac import text_function
from hsr_privacy.pseudonymization.text_form import TEXT_FORM

FORMAT: Final = "hsr-linkage-profile/v1"
TEST_NUMBERS: Final = ("30908299902", "03851598730", "41819077906")
"""Published by Skatteetaten, synthetic series: fødselsnummer of 2032 and of 1964, and a D-number."""


def profile_of(ring: KeyRing, project_id: str) -> dict[str, Any]:
    """This registry's profile of an agreed linkage.

    Raises:
        KeyRingError: the linkage is not agreed, or was destroyed.
    """
    key = agreed_key(ring, project_id)
    tokens = text_function(key)(pa.array(TEST_NUMBERS)).to_pylist()
    return {
        "format": FORMAT,
        "project": project_id,
        "registry": ring.registry_id,
        "registries": list(registries(ring, project_id)),
        "normalization": NORMALIZATION,
        "encoding": ENCODING,
        "algorithm": key.algorithm,
        "text_form": TEXT_FORM,
        "check_value": key.check_value,
        "test_tokens": tokens,
    }


def compare(ring: KeyRing, project_id: str, document: str) -> None:
    """Compare the other registry's profile with this one's, and note that they are equal.

    Args:
        document: the other registry's profile, as it was sent.

    Raises:
        DataError: it is no profile, or this registry's own.
        GateRefused: they differ; says in what.
    """
    own = profile_of(ring, project_id)
    try:
        other: dict[str, Any] = json.loads(document)
        is_profile = other["format"] == FORMAT and other.keys() == own.keys()
    except (ValueError, KeyError, TypeError, AttributeError):
        is_profile = False
    if not is_profile:
        raise DataError("that is no linkage profile; ask for the file of hsr linkage profile")
    if other["registry"] == own["registry"]:
        raise DataError("that is this registry's own profile; compare the other registry's")
    different = [name for name in own if name != "registry" and own[name] != other[name]]
    if different:
        faults = [
            Fault("profile", 0, name, "differs; do not link before both agree")
            for name in different
        ]
        raise GateRefused(f"the profiles differ in {len(different)} points", faults)
    note_compared(ring, project_id, hashlib.sha256(canonical(other).encode()).hexdigest())
