"""The text of a pseudonym: what it holds, and every mistake that its check symbols find."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pyarrow as pa
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.pseudonymization.text_form import (
    ALPHABET,
    LENGTH,
    POWERS,
    append_check_symbols,
    are_valid,
    compact,
    is_valid,
    multiply,
    text_column,
    validate,
)


def slow_text(pseudonym: bytes) -> str:
    """The first 20 symbols, from the number that the leftmost 100 bits are."""
    number = int.from_bytes(pseudonym, "big") >> 28
    return "".join(ALPHABET[number >> shift & 31] for shift in range(95, -1, -5))


def carryless(a: int, b: int) -> int:
    """Multiply in GF(32) as polynomials, reduced by x^5 + x^2 + 1."""
    product = 0
    for place in range(5):
        product ^= (a << place) * (b >> place & 1)
    for place in range(8, 4, -1):
        product ^= (0b100101 << (place - 5)) * (product >> place & 1)
    return product


def some_texts(count: int) -> list[str]:
    made: list[str] = text_column(pa.array([os.urandom(16) for _ in range(count)])).to_pylist()
    return made


def test_the_field_has_32_elements_and_x_generates_it() -> None:
    assert sorted(POWERS) == list(range(1, 32))
    for a, b in itertools.product(range(32), repeat=2):
        assert multiply(a, b) == carryless(a, b)


def test_the_text_is_the_leftmost_100_bits_and_two_check_symbols() -> None:
    pseudonyms = [os.urandom(16) for _ in range(300)] + [bytes(16), b"\xff" * 16]
    texts = text_column(pa.array(pseudonyms)).to_pylist()
    assert [text[:20] for text in texts] == [slow_text(one) for one in pseudonyms]
    assert {len(text) for text in texts} == {22}


def test_both_sums_of_every_text_are_zero() -> None:
    for text in some_texts(200):
        symbols = [ALPHABET.index(letter) for letter in text]
        plain = weighted = 0
        for place, symbol in enumerate(symbols):
            plain ^= symbol
            weighted ^= carryless(POWERS[place], symbol)
        assert (plain, weighted) == (0, 0)


def test_the_text_of_a_known_pseudonym_never_changes() -> None:
    pseudonym = bytes.fromhex("a3b6167473100ee06e0c796c2955552b")
    assert text_column(pa.array([pseudonym])).to_pylist() == ["MEV1CX3K207E0VGCF5P2H2"]


def test_any_two_columns_of_the_check_matrix_are_independent_so_two_errors_are_always_found() -> (
    None
):
    """The proof: errors e, f at places i, j pass unseen only if e+f = 0 and x^i e + x^j f = 0.

    Then f = e and (x^i + x^j) e = 0, so e = 0 wherever x^i differs from x^j. The code is linear,
    so this settles it for every word at once, and a swap of two symbols is such a pair.
    """
    for i, j in itertools.combinations(range(LENGTH), 2):
        assert POWERS[i] ^ POWERS[j] != 0
        unseen = [
            (e, f)
            for e, f in itertools.product(range(32), repeat=2)
            if e ^ f == 0 and carryless(POWERS[i], e) ^ carryless(POWERS[j], f) == 0
        ]
        assert unseen == [(0, 0)]


def test_every_single_wrong_symbol_is_found() -> None:
    text = some_texts(1)[0]
    wrong = [
        text[:place] + letter + text[place + 1 :]
        for place in range(LENGTH)
        for letter in ALPHABET
        if letter != text[place]
    ]
    assert len(wrong) == 22 * 31
    assert not are_valid(pa.array(wrong)).any()


def test_every_pair_of_wrong_symbols_is_found() -> None:
    text = some_texts(1)[0]
    for i, j in itertools.combinations(range(LENGTH), 2):
        wrong = [
            text[:i] + a + text[i + 1 : j] + b + text[j + 1 :]
            for a, b in itertools.product(ALPHABET, repeat=2)
            if a != text[i] and b != text[j]
        ]
        assert not are_valid(pa.array(wrong)).any()


def test_every_swap_of_two_neighbours_is_found() -> None:
    for text in some_texts(200):
        swapped = [
            text[:place] + text[place + 1] + text[place] + text[place + 2 :]
            for place in range(LENGTH - 1)
            if text[place] != text[place + 1]
        ]
        assert not are_valid(pa.array(swapped)).any()


def test_one_random_text_in_1024_passes_and_no_more() -> None:
    rng = np.random.default_rng(5)
    letters = np.array(list(ALPHABET))
    random = ["".join(row) for row in letters[rng.integers(0, 32, (40_000, LENGTH))]]
    assert 15 < are_valid(pa.array(random)).sum() < 70


def test_a_valid_text_stays_valid_and_a_column_says_which_rows_are_not() -> None:
    good = some_texts(3)
    column = [good[0], None, good[1].lower(), good[2][:-1], good[2], "", "Æ" * 11, good[0] + "0"]
    expected = [True, False, False, False, True, False, False, False]
    assert are_valid(pa.array(column)).tolist() == expected
    assert (
        are_valid(pa.chunked_array([pa.array(column[:2]), pa.array(column[2:])])).tolist()
        == expected
    )
    assert are_valid(pa.array([], type=pa.string())).tolist() == []


def test_what_a_person_types_is_read_as_meant() -> None:
    text = next(one for one in some_texts(500) if "0" in one and "1" in one)
    typed = "-".join(text[at : at + 5] for at in range(0, 22, 5)).lower()
    typed = typed.replace("0", "o").replace("1", "l", 1).replace("1", "i")
    assert compact(typed) == text
    assert validate(typed) == text
    assert is_valid(typed)


@pytest.mark.parametrize("typed", ["", "0" * 21, "U" * 22, "0" * 21 + "1"])
def test_what_is_no_pseudonym_is_refused_without_being_repeated(typed: str) -> None:
    assert not is_valid(typed)
    with pytest.raises(DataError, match="this is no pseudonym") as refused:
        validate(typed)
    assert not typed or typed not in str(refused.value)


def test_check_symbols_of_nothing_are_nothing() -> None:
    assert append_check_symbols(np.empty((0, 20), dtype=np.uint8)).shape == (0, 22)


def test_a_missing_pseudonym_has_no_text() -> None:
    with pytest.raises(DataError, match="1 rows have no key"):
        text_column(pa.array([bytes(16), None]))
