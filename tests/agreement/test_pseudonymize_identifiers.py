"""Identifiers become the same pseudonyms on every engine, and what is unusable never does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hsr_privacy import pseudonymize_identifiers
from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, columns_of, engine_of, to_polars
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.key import Algorithm
from hsr_privacy.pseudonymization.text_form import are_valid, text_column
from tests.unit.test_pseudonymization_mac import BY_MESSAGE, KEY

pytestmark = pytest.mark.xdist_group("spark")

BORN = np.array(["1950-06-15", "1931-01-31", "2001-12-24"], dtype="datetime64[D]")
D_NUMBER = np.array([False, False, True])
NUMBERS = make_national_ids(
    BORN, np.array([1, 2, 1]), rng=np.random.default_rng(5), d_number=D_NUMBER
).tolist()
# Separators are removed; the rest may not be hashed: missing, placeholders, wrong check digits,
# and an H-number (published by the Institute of Public Health), which means nobody elsewhere.
WRITTEN = [NUMBERS[0], f"{NUMBERS[1][:6]} {NUMBERS[1][6:]}", NUMBERS[2], NUMBERS[0]]
UNUSABLE = [None, "", "nan", "None", "0", "00000000000", "99999999999", "17454026641", "12345"]


def key(algorithm: Algorithm = "hmac-sha256-128", subject: Any = "national-id") -> ProjectKey:
    return ProjectKey("P-1", "pseudonym", subject, algorithm, 1, "0011223344", Secret(KEY))


def expected(algorithm: Algorithm) -> list[str]:
    import pyarrow as pa

    kinds = dict(zip(NUMBERS, "FFD", strict=True))
    messages = [
        (b"\x01" + kinds[one].encode() + b"\x0b" + one.encode()).ljust(16, b"\0")
        for one in (*NUMBERS, NUMBERS[0])
    ]
    made = pa.array([BY_MESSAGE[algorithm](KEY, one) for one in messages])
    written: list[str] = text_column(made).to_pylist()
    return written


@pytest.mark.parametrize("algorithm", ["hmac-sha256-128", "aes256-cmac"])
def test_every_engine_gives_the_macs_of_the_canonical_identifiers(
    make_frame: Any, algorithm: Algorithm
) -> None:
    data = make_frame(
        {"fnr": [*WRITTEN, *UNUSABLE], "n": list(range(len(WRITTEN) + len(UNUSABLE)))}
    )
    out = as_frame(
        pseudonymize_identifiers(
            data, "fnr", key=key(algorithm), into="p", profile="test", marked="unusable"
        )
    )
    assert columns_of(out) == ("p", "n", "unusable")
    rows = to_polars(out).sort("n")
    assert rows["p"].to_list() == [*expected(algorithm), *[None] * len(UNUSABLE)]
    assert rows["unusable"].to_list() == [*[False] * 4, *[True] * len(UNUSABLE)]


def test_an_unusable_identifier_gets_a_pseudonym_that_is_drawn_for_its_row_alone(
    make_frame: Any,
) -> None:
    data = make_frame({"fnr": [*WRITTEN, *UNUSABLE], "n": list(range(13))})
    arguments: dict[str, Any] = {"key": key(), "into": "p", "profile": "test"}
    if engine_of(as_frame(data)) == "spark":
        with pytest.raises(DataError, match="Spark may compute a row twice"):
            pseudonymize_identifiers(data, "fnr", unusable="random", **arguments)
        return
    first, second = (
        to_polars(
            as_frame(pseudonymize_identifiers(data, "fnr", unusable="random", **arguments))
        ).sort("n")["p"]
        for _ in range(2)
    )
    assert first[:4].to_list() == second[:4].to_list() == expected("hmac-sha256-128")
    drawn = [*first[4:], *second[4:]]
    assert len({*drawn, *first[:3]}) == 2 * len(UNUSABLE) + 3
    assert are_valid(first.to_arrow()).all()


def test_wrong_use_is_refused(make_frame: Any) -> None:
    data = make_frame({"fnr": NUMBERS, "n": [1, 2, 3]})
    with pytest.raises(DataError, match="no column 'x'"):
        pseudonymize_identifiers(data, "x", key=key(), into="p", profile="test")
    with pytest.raises(DataError, match="a column 'n' already"):
        pseudonymize_identifiers(data, "fnr", key=key(), into="n", profile="test")
    with pytest.raises(DataError, match="is not for identifiers"):
        pseudonymize_identifiers(
            data, "fnr", key=key(subject="person-key"), into="p", profile="test"
        )


def test_production_hashes_no_synthetic_number(make_frame: Any) -> None:
    data = make_frame({"fnr": NUMBERS, "n": [1, 2, 3]})
    out = pseudonymize_identifiers(data, "fnr", key=key(), into="p", profile="production")
    assert to_polars(as_frame(out))["p"].to_list() == [None, None, None]
