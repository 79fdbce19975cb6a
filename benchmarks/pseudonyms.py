"""Time the pseudonyms of a column beside the loop that most people write.

    python benchmarks/pseudonyms.py speed OUT.json     ratios, one million identifiers
    python benchmarks/pseudonyms.py memory ALGORITHM   ten million, for whoever measures its peak

Times are of the CPU. In each of the repetitions every candidate takes its turn, so that a busy
minute is shared by all; a ratio is between medians.
"""

from __future__ import annotations

import hmac
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from hsr_privacy.identifiers import check_column, make_national_ids
from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.key import Algorithm
from hsr_privacy.pseudonymization.mac import text_function

REPETITIONS = 7
SECRET = bytes(range(32))


def identifiers(count: int) -> Any:
    """Distinct synthetic identifiers as an Arrow column of text."""
    rng = np.random.default_rng(1)
    born = np.datetime64("1930-01-01") + rng.integers(0, 36_500, count)
    numbers = make_national_ids(born.astype("datetime64[D]"), rng.integers(1, 3, count), rng=rng)
    return pa.array(numbers.tolist(), pa.large_string())


def key(algorithm: Algorithm) -> ProjectKey:
    """A key for identifiers that everybody knows."""
    return ProjectKey("P", "pseudonym", "national-id", algorithm, 1, "", Secret(SECRET))


def speed(out: Path) -> None:
    """Nanoseconds per identifier of each candidate, median of the repetitions."""
    from stdnum.no import fodselsnummer

    count, few = 1_000_000, 100_000
    column = identifiers(count)
    # It knows no synthetic series, and says so at its very last step: the date.
    some = column[:few].to_pylist()
    encoded = [text.encode() for text in column.to_pylist()]
    hmac_column, cmac_column = (
        text_function(key(one)) for one in ("hmac-sha256-128", "aes256-cmac")
    )

    def loop() -> None:
        digest = hmac.digest
        for identifier in encoded:
            digest(SECRET, identifier, "sha256")

    def loop_of_text() -> None:
        digest = hmac.digest
        pa.array([digest(SECRET, x.encode(), "sha256")[:16].hex() for x in column.to_pylist()])

    def dirty() -> Any:
        return check_column(dirty_column, profile="test")

    dirty_column = pa.array(
        [
            f"{text[:6]} {text[6:]}" if row % 10 == 0 else ("" if row % 10 == 1 else text)
            for row, text in enumerate(column.to_pylist())
        ]
    )
    candidates: dict[str, tuple[int, Callable[[], Any]]] = {
        "loop": (count, loop),
        "loop of text": (count, loop_of_text),
        "hmac": (count, lambda: hmac_column(column)),
        "cmac": (count, lambda: cmac_column(column)),
        "check": (count, lambda: check_column(column, profile="test")),
        "check dirty": (count, dirty),
        "stdnum": (few, lambda: [fodselsnummer.is_valid(text) for text in some]),
    }
    took: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(REPETITIONS):
        for name, (rows, candidate) in candidates.items():
            begin = time.process_time()
            candidate()
            took[name].append((time.process_time() - begin) / rows * 1e9)
    medians = {name: statistics.median(times) for name, times in took.items()}
    out.write_text(json.dumps(medians), encoding="utf-8")


def memory(algorithm: Algorithm) -> None:
    """Ten million identifiers from text to text."""
    # Running digits, made without a list of Python texts: what is measured is the column's work.
    count = 10_000_000
    numbers = np.arange(10**10, 10**10 + count)
    digits = np.empty((count, 11), dtype=np.uint8)
    for place in range(11):
        digits[:, 10 - place] = numbers % 10 + ord("0")
        numbers //= 10
    places = np.arange(0, 11 * count + 1, 11, dtype=np.int32)
    del numbers
    buffers = [None, pa.py_buffer(places), pa.py_buffer(digits)]
    column = pa.Array.from_buffers(pa.string(), count, buffers)
    made = text_function(key(algorithm))(column)
    assert len(made) == count


if __name__ == "__main__":
    if sys.argv[1] == "speed":
        speed(Path(sys.argv[2]))
    else:
        memory(sys.argv[2])  # type: ignore[arg-type]
