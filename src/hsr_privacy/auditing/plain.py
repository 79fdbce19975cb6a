"""Plain: a result as JSON has it, and the JSON Schema of that."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel


def plain(value: Any) -> Any:
    """Numbers, texts, lists and objects, with the attributes as keys; no number that JSON lacks.

    Args:
        value: a dataclass or what such hold: mappings, sequences, enumerations, days, numbers.
    """
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [plain(one) for one in value]
    return _single(value)


def _single(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _key(key: Any) -> str:
    if isinstance(key, tuple):
        return ", ".join(map(str, key))
    return str(key.value if isinstance(key, Enum) else key)
