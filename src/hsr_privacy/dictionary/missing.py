"""Missing: what the codes of the kinds of missing mean, wherever one stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hsr_privacy.documents import Label

MISSING: Final[Mapping[str, Label]] = {
    "888": Label(nb="Ikke relevant", en="Not applicable"),
    "998": Label(nb="Fjernet av hensyn til personvernet", en="Removed for disclosure control"),
    "999": Label(nb="Ukjent", en="Unknown"),
}
"""The kinds of missing; an empty cell was not recorded, and 777 (other) is a category of its own."""
