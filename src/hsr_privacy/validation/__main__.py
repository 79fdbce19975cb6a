"""Print the suite of the event store: ``python -m hsr_privacy.validation > FILE``."""

from __future__ import annotations

import json
import sys

from hsr_privacy.codebook import load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.validation.generating import codebook_suite


def text() -> str:
    """The suite of the shipped codebook, as it stands in ``expectations/event-store.json``."""
    hierarchies = load_hierarchies(shipped("configs", "hierarchies"))
    codebook = load_codebook(shipped("configs", "codebook"), hierarchies=hierarchies)
    suite = codebook_suite(codebook).to_json()
    return json.dumps(suite, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
