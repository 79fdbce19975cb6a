"""What is kept of a release opens with the register's key ring only, and shows nobody."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.composition import (
    Sketch,
    compare,
    digests_kept,
    keep,
    kept,
    kept_one,
    sketch_of,
)
from hsr_privacy.errors import DataError, HsrError, IdentityStoreError, OutputFailed
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import new_ring, person_key, sketched, table

ROWS = """
    person | q          | r | s
    a      | canary-one | m | canary-two
    a      | canary-one | n | canary-two
    b      | canary-one | m | -
    c      | other      | m | canary-two
"""
PERSONS = ("a", "b", "c")


def as_lists(sketch: Sketch) -> list[object]:
    return [
        (sketch.about, sketch.domain, sketch.columns, sketch.rows),
        (sketch.tags.tolist(), sketch.starts.tolist(), sketch.classes.tolist()),
        {name: cells.tolist() for name, cells in sketch.leaves.items()},
        {name: pairs.tolist() for name, pairs in sketch.values.items()},
        {
            view: (c.digests.tolist(), c.persons.tolist(), c.of_own.tolist())
            for view, c in sketch.cells.items()
        },
        {
            name: (p.first.tolist(), p.second.tolist(), p.persons.tolist())
            for name, p in sketch.pairs.items()
        },
    ]


def test_what_was_kept_is_read_as_it_was(ring: KeyRing, tmp_path: Path) -> None:
    sketch = sketched(ROWS, ring)
    path = keep(sketch, tmp_path / "sketches", ring)
    (read,) = kept(tmp_path / "sketches", ring)
    assert as_lists(sketch) == as_lists(read)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"{sketch.about.manifest_sha256}.sketch" == path.name


def test_the_oldest_comes_first_and_the_same_release_is_kept_once(
    ring: KeyRing, tmp_path: Path
) -> None:
    for day, name in ((3, "P-3"), (2, "P-2"), (3, "P-3")):
        keep(sketched(ROWS, ring, name=name, day=day), tmp_path, ring)
    assert [one.about.case_number for one in kept(tmp_path, ring)] == ["P-2", "P-3"]


def test_where_nothing_was_kept_nothing_is_read(ring: KeyRing, tmp_path: Path) -> None:
    assert kept(tmp_path / "none", ring) == ()


def test_one_is_read_alone_and_none_is_opened_to_know_which_there_are(
    ring: KeyRing, tmp_path: Path
) -> None:
    one = keep(sketched(ROWS, ring, name="P-1", day=1), tmp_path, ring)
    other = keep(sketched(ROWS, ring, name="P-2", day=2), tmp_path, ring)
    other.write_bytes(b"no sketch")
    (tmp_path / "notes.sketch").write_bytes(b"")
    (tmp_path / "prepared").mkdir()
    assert digests_kept(tmp_path) == {one.stem, other.stem}
    read = kept_one(tmp_path, one.stem, ring)
    assert read is not None
    assert read.about.case_number == "P-1"
    with pytest.raises(IdentityStoreError, match="is no sketch"):
        kept_one(tmp_path, other.stem, ring)
    assert kept_one(tmp_path, "ab" * 32, ring) is None
    assert kept_one(tmp_path / "prepared", f"../{one.stem}", ring) is None
    assert digests_kept(tmp_path / "none") == frozenset()


def test_every_folder_that_is_made_for_sketches_is_its_owner_s_alone(
    ring: KeyRing, tmp_path: Path
) -> None:
    """What was prepared lies below what was released, and comes first."""
    keep(sketched(ROWS, ring), tmp_path / "store" / "sketches" / "prepared", ring)
    for folder in ("store", "store/sketches", "store/sketches/prepared"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700, folder


def test_no_person_key_and_no_cell_stands_in_a_sketch_or_its_file(
    ring: KeyRing, tmp_path: Path
) -> None:
    sketch = sketched(ROWS, ring)
    file = keep(sketch, tmp_path, ring).read_bytes()
    arrays = b"".join(
        [
            sketch.tags.astype(">u8").tobytes(),
            sketch.tags.tobytes(),
            *(one.digests.tobytes() for one in sketch.cells.values()),
        ]
    )
    for name in PERSONS:
        assert person_key(name) not in file + arrays
        assert person_key(name).hex().encode() not in file
    for secret in (b"canary-one", b"canary-two", b"P-1", b"(q)"):
        assert secret not in file + arrays
    for tag in sketch.tags.astype(">u8"):
        assert tag.tobytes() not in file
    assert "canary" not in repr(sketch)
    assert str(int(sketch.tags[0, 0])) not in repr(sketch)


def test_a_flipped_byte_anywhere_is_noticed(ring: KeyRing, tmp_path: Path) -> None:
    path = keep(sketched(ROWS, ring), tmp_path, ring)
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(HsrError) as error:
            kept(tmp_path, ring)
        assert isinstance(error.value, IdentityStoreError | DataError)
        assert "canary" not in str(error.value)


def test_a_file_cut_short_is_noticed(ring: KeyRing, tmp_path: Path) -> None:
    path = keep(sketched(ROWS, ring), tmp_path, ring)
    whole = path.read_bytes()
    for length in (0, 5, 20, whole.index(b"\n") + 1, whole.index(b"\n") + 9, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(IdentityStoreError, match=r"cut short|no sketch|sealed"):
            kept(tmp_path, ring)


def test_a_folder_that_cannot_be_made_is_told(ring: KeyRing, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputFailed, match="could not be made"):
        keep(sketched(ROWS, ring), tmp_path / "file" / "kept", ring)


def test_another_key_ring_does_not_open_it(ring: KeyRing, tmp_path: Path) -> None:
    keep(sketched(ROWS, ring), tmp_path / "kept", ring)
    with pytest.raises(IdentityStoreError, match="not sealed with this key ring"):
        kept(tmp_path / "kept", new_ring(tmp_path / "ring"))


def test_another_version_is_told_from_damage(ring: KeyRing, tmp_path: Path) -> None:
    path = keep(sketched(ROWS, ring), tmp_path, ring)
    path.write_bytes(path.read_bytes().replace(b"hsr-sketch/1", b"hsr-sketch/2", 1))
    with pytest.raises(DataError, match="another version"):
        kept(tmp_path, ring)


def test_a_file_under_another_releases_name_is_noticed(ring: KeyRing, tmp_path: Path) -> None:
    path = keep(sketched(ROWS, ring), tmp_path, ring)
    path.rename(path.with_name("0" * 64 + ".sketch"))
    with pytest.raises(IdentityStoreError, match="another release"):
        kept(tmp_path, ring)


def test_a_sketch_without_a_manifest_or_of_another_ring_is_not_kept(
    ring: KeyRing, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="manifest"):
        keep(sketched(ROWS, ring).under(""), tmp_path / "kept", ring)
    with pytest.raises(DataError, match="register's ring"):
        keep(sketched(ROWS, new_ring(tmp_path / "ring")), tmp_path / "kept", ring)
    assert not (tmp_path / "kept").exists()


def test_it_answers_whether_a_person_was_in_a_release(ring: KeyRing, tmp_path: Path) -> None:
    sketch = sketched(ROWS, ring)
    assert all(sketch.holds(person_key(name), ring) for name in PERSONS)
    assert not sketch.holds(person_key("d"), ring)
    assert not sketch.holds(person_key("a"), new_ring(tmp_path / "ring"))
    with pytest.raises(DataError, match="16 bytes"):
        sketch.holds(b"short", ring)


def test_a_new_master_key_does_not_part_old_sketches_from_new(tmp_path: Path) -> None:
    ring = new_ring(tmp_path / "ring")
    before = sketched(ROWS, ring, name="P-0")
    keep(before, tmp_path / "kept", ring)
    ring.add_master_key()
    found = compare(sketched(ROWS, ring), kept(tmp_path / "kept", ring), k=1)
    assert (found.compared, found.colluding.persons) == (1, 3)


def test_neither_order_nor_numbers_tell_how_the_rows_stood(ring: KeyRing) -> None:
    rows = [f"{person} | {q} | m | {q}" for person in "abcd" for q in "xyz"]
    there, back = (
        as_lists(sketched("\n".join(["person | q | r | s", *each]), ring))
        for each in (rows, rows[::-1])
    )
    assert there == back


def test_a_missing_cell_is_not_an_empty_one(ring: KeyRing) -> None:
    rows = table("person | q\n a | -\n b | x").with_columns(
        q=pl.when(pl.col("q") == "x").then(pl.lit("")).otherwise(None)
    )
    sketch = sketched(rows, ring)
    assert (len(sketch.cells["q", ""].digests), sketch.class_count) == (2, 2)
    assert len({one.tobytes() for one in sketch.cells["q", ""].digests}) == 2


def test_persons_are_counted_once_per_cell(ring: KeyRing) -> None:
    sketch = sketched(ROWS, ring)
    assert (sketch.persons, sketch.rows, sketch.class_count) == (3, 4, 3)
    assert sorted(sketch.cells["q", ""].persons.tolist()) == [1, 2]
    assert sorted(sketch.cells["r", ""].persons.tolist()) == [1, 3]
    assert sorted(sketch.cells["s", ""].persons.tolist()) == [1, 2]
    assert sorted(sketch.pairs[("q", ""), ("s", "")].persons.tolist()) == [1, 1, 1]
    assert sorted(sketch.pairs[("r", ""), ("s", "")].persons.tolist()) == [1, 1, 2]
    assert np.all(np.diff(sketch.tags[:, 0].astype(object)) >= 0)


@pytest.mark.parametrize(
    ("persons", "said"),
    [
        (pl.Series([person_key("a")], dtype=pl.Binary), "one binary person key per released row"),
        (pl.Series(["a", "b"]), "one binary person key per released row"),
        (pl.Series([person_key("a"), None], dtype=pl.Binary), "needs a person key of 16 bytes"),
        (pl.Series([person_key("a"), b"x"], dtype=pl.Binary), "needs a person key of 16 bytes"),
        (pl.Series([person_key("a")] * 2, dtype=pl.Binary), "other rows apart"),
    ],
)
def test_person_keys_that_do_not_fit_are_refused(
    persons: pl.Series, said: str, ring: KeyRing
) -> None:
    rows = pl.DataFrame({"lnr": ["1", "2"], "q": ["x", "y"]})
    with pytest.raises(DataError, match=said):
        sketch_of(
            rows,
            persons,
            quasi_identifiers=["q"],
            sensitive=[],
            levels={},
            person_column="lnr",
            about=sketched(ROWS, ring).about,
            ring=ring,
        )


@pytest.mark.parametrize(
    ("quasi_identifiers", "sensitive", "said"),
    [(["w"], [], "not among those that leave"), (["q"], ["q"], "named twice")],
)
def test_columns_that_do_not_fit_are_refused(
    quasi_identifiers: list[str], sensitive: list[str], said: str, ring: KeyRing
) -> None:
    with pytest.raises(DataError, match=said):
        sketch_of(
            pl.DataFrame({"q": ["x"]}),
            pl.Series([person_key("a")], dtype=pl.Binary),
            quasi_identifiers=quasi_identifiers,
            sensitive=sensitive,
            levels={},
            person_column=None,
            about=sketched(ROWS, ring).about,
            ring=ring,
        )


def test_a_column_without_plain_values_is_refused(ring: KeyRing) -> None:
    with pytest.raises(DataError, match="'q' holds no plain values"):
        sketched(pl.DataFrame({"person": ["a"], "q": [["canary"]]}), ring)


def test_what_cannot_be_read_is_told(ring: KeyRing, tmp_path: Path) -> None:
    (tmp_path / f"{'0' * 64}.sketch").mkdir()
    with pytest.raises(IdentityStoreError, match="cannot be read"):
        kept(tmp_path, ring)
