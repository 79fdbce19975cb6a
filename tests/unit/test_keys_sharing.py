"""Shares of a key ring: any quorum opens it, fewer or others do not."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from hsr_privacy.errors import KeyRingError, KeyRingExposed, KeyRingLocked, OutputExists
from hsr_privacy.keys import KeyRing, Secret
from hsr_privacy.keys.sharing import Quorum, join, read_share, split
from hsr_privacy.keys.stretching import Stretching

QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)


@pytest.fixture
def sheets(ring: KeyRing, tmp_path: Path) -> tuple[Path, ...]:
    return split(ring, Quorum(2, 3), tmp_path / "sheets")


def words(*sheets: Path) -> list[Secret]:
    return [read_share(sheet) for sheet in sheets]


def test_any_quorum_opens_the_ring_and_it_has_the_same_keys(
    ring: KeyRing, sheets: tuple[Path, ...]
) -> None:
    made = ring.project_key("P-1", create=True)
    for pair in itertools.permutations(sheets, 2):
        assert join(ring.path, words(*pair)).project_key("P-1") == made


def test_a_joined_ring_gets_a_new_passphrase_and_its_shares_open_it_still(
    ring: KeyRing, sheets: tuple[Path, ...]
) -> None:
    made = ring.project_key("P-1", create=True)
    join(ring.path, words(*sheets[1:])).rewrap("an entirely new passphrase", stretching=QUICK)
    with pytest.raises(KeyRingLocked):
        KeyRing.open(ring.path, "correct horse battery staple")
    assert KeyRing.open(ring.path, "an entirely new passphrase").project_key("P-1") == made
    assert join(ring.path, words(*sheets[:2])).project_key("P-1") == made


def test_one_share_opens_nothing(ring: KeyRing, sheets: tuple[Path, ...]) -> None:
    for given in ([sheets[0]], [sheets[0], sheets[0]], []):
        with pytest.raises(KeyRingError, match="do not open anything together"):
            join(ring.path, words(*given))


def test_a_misspelt_word_is_told_by_the_number_of_its_share_and_not_shown(
    ring: KeyRing, sheets: tuple[Path, ...]
) -> None:
    good, other = words(*sheets[:2])
    spelt = other.unsafe_bytes().decode().split()
    for wrong in ([*spelt[:-1], "zebrafish"], spelt[:-1], [spelt[1], spelt[0], *spelt[2:]]):
        with pytest.raises(KeyRingError, match="share 2 of those given is misspelt") as error:
            join(ring.path, [good, Secret.of_text(" ".join(wrong))])
        assert error.value.__cause__ is None
        assert not any(word in str(error.value).split() for word in spelt if len(word) > 6)


def test_shares_of_an_earlier_split_open_the_ring_no_more(
    ring: KeyRing, sheets: tuple[Path, ...], tmp_path: Path
) -> None:
    later = split(ring, Quorum(3, 4), tmp_path / "later")
    with pytest.raises(KeyRingLocked):
        join(ring.path, words(*sheets[:2]))
    assert join(ring.path, words(*later[1:])).info() == ring.info()
    assert ring.info().shares == (3, 4)


def test_an_old_passphrase_and_an_old_copy_do_not_open_the_file_after_a_split(
    ring: KeyRing, tmp_path: Path
) -> None:
    """The content key is new, so that what was learned from the old file is of no use."""
    before = ring._file.content_key
    split(ring, Quorum(2, 2), tmp_path / "sheets")
    assert ring._file.content_key != before
    assert KeyRing.open(ring.path, "correct horse battery staple").info() == ring.info()


def test_a_ring_without_shares_is_not_opened_by_some(
    ring: KeyRing, sheets: tuple[Path, ...], tmp_path: Path
) -> None:
    plain = KeyRing.create(
        tmp_path / "plain",
        "correct horse battery staple",
        registry_id="test",
        environment="test",
        stretching=QUICK,
    )
    with pytest.raises(KeyRingLocked):
        join(plain.path, words(*sheets[:2]))


def test_sheets_are_private_and_hold_no_more_than_one_share_each(sheets: tuple[Path, ...]) -> None:
    texts = [sheet.read_text(encoding="utf-8") for sheet in sheets]
    assert {sheet.stat().st_mode & 0o777 for sheet in sheets} == {0o600}
    assert sheets[0].parent.stat().st_mode & 0o077 == 0
    for number, text in enumerate(texts, start=1):
        assert f"Share {number} of 3; any 2 of them" in text
        assert text.count("BEGIN SHARE") == 1


@pytest.mark.parametrize("numbers", [(1, 3), (0, 0), (4, 3), (2, 17), (1, 1)])
def test_an_impossible_quorum_is_refused(numbers: tuple[int, int]) -> None:
    with pytest.raises(KeyRingError, match="is not possible"):
        Quorum(*numbers)


def test_a_split_that_cannot_be_written_leaves_the_ring_as_it_was(
    ring: KeyRing, tmp_path: Path
) -> None:
    before = ring.path.read_bytes()
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputExists):
        split(ring, Quorum(2, 3), tmp_path / "taken")
    (tmp_path / ".git").mkdir()
    with pytest.raises(KeyRingExposed):
        split(ring, Quorum(2, 3), tmp_path / "sheets")
    assert ring.path.read_bytes() == before
