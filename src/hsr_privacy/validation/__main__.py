"""Write the committed suites, or compare them: ``python -m hsr_privacy.validation [--check]``."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Final

from hsr_privacy.tables import write_whole
from hsr_privacy.validation.suite import Suite
from hsr_privacy.validation.suites import generated_suites

FOLDER: Final = Path(__file__).parents[3] / "expectations"


def text_of(suite: Suite) -> str:
    """A suite as it stands in its file."""
    return json.dumps(suite.to_json(), ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Write every suite into ``expectations/``; with ``--check``, name those that differ.

    Returns:
        0, or 1 where a file differs from what today's codebook, rules and sample project give.
    """
    wanted = {FOLDER / f"{name}.json": text_of(suite) for name, suite in generated_suites().items()}
    if arguments == ["--check"]:
        stale = [
            path
            for path, text in wanted.items()
            if not path.is_file() or path.read_text(encoding="utf-8") != text
        ]
        for path in stale:
            sys.stderr.write(f"{path.name} has drifted; run python -m hsr_privacy.validation\n")
        return 1 if stale else 0
    if arguments:
        sys.stderr.write("usage: python -m hsr_privacy.validation [--check]\n")
        return 2
    for path, text in wanted.items():
        write_whole(path, partial(Path.write_bytes, data=text.encode()))
        path.chmod(0o644)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
