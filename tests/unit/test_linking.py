"""Two registries and a linking body: the same persons meet, and nobody learns who they are."""

from __future__ import annotations

import csv
import io
import json
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from hsr_privacy.errors import DataError, GateRefused, KeyRingError
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.linking import (
    agree,
    agreed_key,
    begin,
    compare,
    destroy,
    make_pairs,
    profile_of,
    public_document,
    read_pairs,
    reconcile,
)
from hsr_privacy.pseudonymization.text_form import text_column

PROJECT = "HDS-2026-0042"


def made(path: Path, registry: str) -> KeyRing:
    return KeyRing.create(
        path,
        "correct horse battery staple",
        registry_id=registry,
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )


@pytest.fixture
def rings(tmp_path: Path) -> tuple[KeyRing, KeyRing]:
    tmp_path.chmod(0o700)
    return made(tmp_path / "a", "hjerte"), made(tmp_path / "b", "hjerneslag")


@pytest.fixture
def agreed(rings: tuple[KeyRing, KeyRing]) -> tuple[KeyRing, KeyRing]:
    documents = [json.dumps(begin(ring, PROJECT).as_json()) for ring in rings]
    for ring, document in zip(rings, reversed(documents), strict=True):
        agree(ring, PROJECT, document)
    profiles = [json.dumps(profile_of(ring, PROJECT)) for ring in rings]
    for ring, profile in zip(rings, reversed(profiles), strict=True):
        compare(ring, PROJECT, profile)
    return rings


def pseudonyms(count: int) -> list[str]:
    drawn: list[str] = text_column(pa.array([os.urandom(16) for _ in range(count)])).to_pylist()
    return drawn


def numbers(count: int, *, d_number: bool = False, seed: int = 1) -> list[str]:
    rng = np.random.default_rng(seed)
    born = np.datetime64("1930-01-01") + rng.integers(0, 30_000, count)
    found: list[str] = make_national_ids(
        born.astype("datetime64[D]"),
        rng.integers(1, 3, count),
        rng=rng,
        d_number=np.full(count, d_number),
    ).tolist()
    return found


def test_both_registries_have_one_key_and_a_third_has_another(
    rings: tuple[KeyRing, KeyRing], tmp_path: Path
) -> None:
    one, other = (begin(ring, PROJECT) for ring in rings)
    keys = [
        agree(rings[0], PROJECT, json.dumps(other.as_json())),
        agree(rings[1], PROJECT, json.dumps(one.as_json())),
    ]
    assert keys[0].unsafe_bytes() == keys[1].unsafe_bytes()
    assert keys[0].check_value == keys[1].check_value
    assert one.fingerprint != other.fingerprint
    third = made(tmp_path / "c", "third")
    begin(third, PROJECT)
    assert agree(third, PROJECT, json.dumps(one.as_json())).secret != keys[0].secret
    opened = KeyRing.open(rings[0].path, "correct horse battery staple")
    assert agreed_key(opened, PROJECT) == keys[0]


def test_two_projects_have_two_keys(rings: tuple[KeyRing, KeyRing]) -> None:
    keys = []
    for project in ("P-1", "P-2"):
        documents = [json.dumps(begin(ring, project).as_json()) for ring in rings]
        keys.append(agree(rings[0], project, documents[1]))
    assert keys[0].secret != keys[1].secret


def test_a_document_that_does_not_fit_is_refused(rings: tuple[KeyRing, KeyRing]) -> None:
    own, other = (begin(ring, PROJECT) for ring in rings)
    refusals: list[tuple[Any, str]] = [
        ("nonsense", "no public linkage document"),
        ("[]", "no public linkage document"),
        ({**other.as_json(), "public_key": "AAAA"}, "no public linkage document"),
        ({**other.as_json(), "project": "P-9"}, "for another project"),
        (own.as_json(), "this registry's own document"),
        ({**other.as_json(), "registry": "hjerte"}, "this registry's own document"),
        ({**other.as_json(), "public_key": "A" * 43 + "="}, "gives no secret"),
    ]
    for document, said in refusals:
        text = document if isinstance(document, str) else json.dumps(document)
        with pytest.raises(DataError, match=said):
            agree(rings[0], PROJECT, text)
    agree(rings[0], PROJECT, json.dumps(other.as_json()))
    another = {**other.as_json(), "public_key": public_document(rings[0], PROJECT).key[::-1]}
    with pytest.raises((KeyRingError, DataError)):
        agree(rings[0], PROJECT, json.dumps(another))


def test_no_pairs_before_the_profiles_were_compared_and_found_equal(
    rings: tuple[KeyRing, KeyRing],
) -> None:
    with pytest.raises(KeyRingError, match="no linkage of project"):
        agreed_key(rings[0], PROJECT)
    documents = [json.dumps(begin(ring, PROJECT).as_json()) for ring in rings]
    with pytest.raises(KeyRingError, match="was begun already"):
        begin(rings[0], PROJECT)
    with pytest.raises(KeyRingError, match="is not agreed yet"):
        profile_of(rings[0], PROJECT)
    for ring, document in zip(rings, reversed(documents), strict=True):
        agree(ring, PROJECT, document)
    with pytest.raises(GateRefused, match="were not compared"):
        make_pairs(rings[0], PROJECT, identifiers=numbers(1), pseudonyms=pseudonyms(1))
    theirs = profile_of(rings[1], PROJECT)
    for name in ("normalization", "check_value", "test_tokens"):
        with pytest.raises(GateRefused, match=f"(?s)differ in 1 points.*{name}"):
            compare(rings[0], PROJECT, json.dumps({**theirs, name: "other"}))
    with pytest.raises(DataError, match="this registry's own profile"):
        compare(rings[0], PROJECT, json.dumps(profile_of(rings[0], PROJECT)))
    with pytest.raises(DataError, match="no linkage profile"):
        compare(rings[0], PROJECT, "{}")
    compare(rings[0], PROJECT, json.dumps(theirs))
    make_pairs(rings[0], PROJECT, identifiers=numbers(1), pseudonyms=pseudonyms(1))


def test_the_story_of_two_registries(agreed: tuple[KeyRing, KeyRing]) -> None:
    """500 persons in common, 300 and 200 alone; 40 of those in common changed their identifier."""
    common, first, second = numbers(500), numbers(300, seed=2), numbers(200, seed=3)
    earlier = numbers(40, d_number=True, seed=4)
    mine = dict(zip([*common, *first], pseudonyms(800), strict=True))
    theirs = dict(zip([*common, *second], pseudonyms(700), strict=True))
    # The first registry knows 40 of them by both identifiers, the second by the earlier one.
    changed = dict(zip(earlier, common[:40], strict=True))
    rows_a = [*mine.items(), *((old, mine[new]) for old, new in changed.items())]
    rows_b = [(old, theirs[new]) for old, new in changed.items()]
    rows_b += [(text, p) for text, p in theirs.items() if text not in set(changed.values())]
    rows_a += [("17454026641", pseudonyms(1)[0]), ("", pseudonyms(1)[0])]
    random.Random(1).shuffle(rows_a)
    files = [
        make_pairs(
            ring,
            PROJECT,
            identifiers=[text for text, _ in rows],
            pseudonyms=[pseudonym for _, pseudonym in rows],
        )
        for ring, rows in zip(agreed, (rows_a, rows_b), strict=True)
    ]
    assert (files[0].rows, files[0].persons, files[0].unusable, files[0].without) == (
        840,
        800,
        2,
        2,
    )
    given = [read_pairs(file.content) for file in files]
    found = reconcile(["hjerte", "hjerneslag"], given, expected=(450, 550))
    assert found.counts["matched in all"] == 500
    assert found.counts["matched with more than one identifier"] == 40
    assert found.counts["hjerte: unmatched"] == 300
    assert found.counts["hjerneslag: unmatched"] == 200
    assert found.counts["contradictory, left out"] == 0
    rows = list(csv.DictReader(io.StringIO(found.crosswalk.decode())))
    truth = {(mine[text], theirs[text]) for text in common}
    assert {(row["hjerte"], row["hjerneslag"]) for row in rows if all(row.values())} == truth
    assert len({row["s"] for row in rows}) == len(rows) == 1000
    # Nothing that links to a person, or to the other file, is in what anybody gets.
    tokens = {token for pairs in given for token, _ in pairs}
    assert not any(token.encode() in found.crosswalk for token in tokens)
    everything = files[0].content + files[1].content + found.crosswalk
    assert not any(text.encode() in everything for text in (*mine, *theirs, *earlier))
    assert [row[0] for row in given[0]] == sorted(row[0] for row in given[0])


def test_another_key_matches_nobody(agreed: tuple[KeyRing, KeyRing], tmp_path: Path) -> None:
    people = numbers(50)
    mine = make_pairs(agreed[0], PROJECT, identifiers=people, pseudonyms=pseudonyms(50))
    stranger = made(tmp_path / "c", "third")
    begin(stranger, PROJECT)
    agree(stranger, PROJECT, json.dumps(public_document(agreed[1], PROJECT).as_json()))
    begun = {**profile_of(stranger, PROJECT), "registry": "other"}
    compare(stranger, PROJECT, json.dumps(begun))
    theirs = make_pairs(stranger, PROJECT, identifiers=people, pseudonyms=pseudonyms(50))
    pairs = [read_pairs(file.content) for file in (mine, theirs)]
    assert reconcile(["a", "b"], pairs).counts["matched in all"] == 0
    with pytest.raises(GateRefused, match="0 persons are in all registries, and 40 to 60"):
        reconcile(["a", "b"], pairs, expected=(40, 60))


def test_one_person_of_two_pseudonyms_is_left_out_and_counted(
    agreed: tuple[KeyRing, KeyRing],
) -> None:
    people, p, q = numbers(3), pseudonyms(4), pseudonyms(3)
    mine = make_pairs(agreed[0], PROJECT, identifiers=[*people, people[0]], pseudonyms=p)
    theirs = make_pairs(agreed[1], PROJECT, identifiers=people, pseudonyms=q)
    found = reconcile(["a", "b"], [read_pairs(mine.content), read_pairs(theirs.content)])
    assert found.counts["contradictory, left out"] == 1
    assert found.counts["matched in all"] == 2
    assert p[0].encode() not in found.crosswalk
    assert p[3].encode() not in found.crosswalk


def test_a_destroyed_linkage_makes_nothing_any_more(agreed: tuple[KeyRing, KeyRing]) -> None:
    destroy(agreed[0], PROJECT)
    opened = KeyRing.open(agreed[0].path, "correct horse battery staple")
    for act in (agreed_key, profile_of, public_document, destroy):
        with pytest.raises(KeyRingError, match="was destroyed on"):
            act(opened, PROJECT)
    with pytest.raises(KeyRingError, match="was begun already"):
        begin(opened, PROJECT)


@pytest.mark.parametrize(
    "content", [b"", b"l,p\nx,y\n", b"p,l\n", "l,p\nø,y\n".encode(), b"l,p\n1,2,3\n"]
)
def test_a_file_that_holds_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="that file"):
        read_pairs(content)


def test_wrong_names_and_pseudonyms_are_refused(agreed: tuple[KeyRing, KeyRing]) -> None:
    with pytest.raises(DataError, match="at least two registries"):
        reconcile(["a", "a"], [[], []])
    with pytest.raises(DataError, match="no pseudonym whose check symbols hold"):
        make_pairs(agreed[0], PROJECT, identifiers=numbers(1), pseudonyms=["abc"])
